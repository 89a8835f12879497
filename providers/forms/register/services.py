"""A service: what it is, whom it takes, when it opens, how long one waits."""

import datetime as dt
from typing import Any

from django import forms

from commissioning.forms.base import SayingForm
from commissioning.forms.people import OrganisationChoice
from commissioning.forms.plans.revised import RevisedForm
from commissioning.forms.saying import DayField
from commissioning.kernel.errors import DomainError
from commissioning.list_filters import Listbox
from commissioning.models import Partnership
from commissioning.reference import framework
from commissioning.rules.tiers import OpeningHours
from providers.choices import Approach, JusticeWork, SexTaken
from providers.models import Provider, Service
from providers.rules.hours import read_hours, written_hours
from providers.selectors.register.records import (
    agencies_to_report_through,
    commissioners_to_choose,
    every_partnership,
    open_sites,
)
from providers.services.register.services import ServiceFacts

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
OLDEST = 120
LONGEST_WAIT = 1000
WHOLE = forms.TextInput(attrs={"inputmode": "numeric", "class": "govuk-input--width-3"})

GROUPS = (
    (
        "What it is",
        [
            *("name", "site", "agency", "description", "is_generic", "is_primary_care_led"),
            *("has_detox_attached", "approach", "opened_on"),
        ],
    ),
    (
        "Whom it takes",
        [
            *("sex", "age_from", "age_to", "client_groups", "takes_children", "takes_couples"),
            *("takes_justice_clients", "is_accessible", "access_note", "languages"),
        ],
    ),
    ("From where", ["is_national", "catchment"]),
    ("Work with offenders", ["justice_work", "responsible_commissioner"]),
    ("How to refer", ["how_to_refer", "telephone"]),
)


class ServiceForm(RevisedForm):
    """All that is said of a service, but for its hours, its wait and what it delivers."""

    name = forms.CharField(max_length=160)
    site: Any = forms.ModelChoiceField(queryset=None, empty_label="Choose a site")
    agency: Any = forms.ModelChoiceField(
        label="NDTMS agency (optional)",
        queryset=None,
        required=False,
        empty_label="None",
        help_text="Through which its clients are returned.",
    )
    description = forms.CharField(
        label="What it is (optional)", required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    is_generic = forms.BooleanField(
        label="A generic service: its main work is not drug treatment", required=False
    )
    is_primary_care_led = forms.BooleanField(label="Led by primary care", required=False)
    approach = forms.ChoiceField(
        label="Approach (optional)", required=False, choices=[("", "None"), *Approach.choices]
    )
    sex = forms.ChoiceField(label="Who may come", choices=SexTaken.choices, initial=SexTaken.ANY)
    age_from = forms.IntegerField(
        widget=WHOLE, label="Youngest age", min_value=0, max_value=OLDEST, initial=18
    )
    age_to = forms.IntegerField(
        widget=WHOLE, label="Oldest age (optional)", required=False, min_value=0, max_value=OLDEST
    )
    client_groups = forms.MultipleChoiceField(
        label="Groups it is meant for (optional)",
        required=False,
        choices=[(one.code, one.name) for one in framework().client_groups],
        widget=forms.CheckboxSelectMultiple,
    )
    takes_children = forms.BooleanField(label="Takes parents with children", required=False)
    takes_couples = forms.BooleanField(label="Takes couples", required=False)
    takes_justice_clients = forms.BooleanField(
        label="Takes people from criminal justice", required=False, initial=True
    )
    is_accessible = forms.BooleanField(label="Accessible in a wheelchair", required=False)
    access_note = forms.CharField(
        label="More on access (optional)", required=False, max_length=300
    )
    languages = forms.CharField(
        label="Languages besides English (optional)",
        required=False,
        max_length=300,
        help_text="With commas between them: Bengali, Polish.",
    )
    has_detox_attached = forms.BooleanField(label="Detoxification attached", required=False)
    is_national = forms.BooleanField(
        label="Takes people from all England: then name no partnerships", required=False
    )
    catchment: Any = forms.ModelMultipleChoiceField(
        label="Partnerships whose residents it takes (optional)",
        queryset=None,
        required=False,
        widget=Listbox(attrs={"size": 10}),
        help_text="None chosen: those of the partnership it stands in. Hold Ctrl for several.",
    )
    justice_work = forms.ChoiceField(
        label="Work with offenders (optional)",
        required=False,
        choices=[("", "None"), *JusticeWork.choices],
    )
    responsible_commissioner = OrganisationChoice(
        label="Responsible commissioner (optional)",
        queryset=None,
        required=False,
        empty_label="None",
        help_text="Needed for work with offenders: who answers for buying it.",
    )
    how_to_refer = forms.CharField(
        label="How to refer (optional)", required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    telephone = forms.CharField(label="Telephone (optional)", required=False, max_length=30)
    opened_on = DayField(label="First day")

    def __init__(
        self,
        *args: Any,
        provider: Provider,
        service: Service | None = None,
        on: dt.date,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, revision=service.revision if service else 1, **kwargs)
        self._offer("site", open_sites(provider, on=on))
        self._offer("agency", agencies_to_report_through(provider))
        self._offer("catchment", every_partnership())
        self._offer("responsible_commissioner", commissioners_to_choose(on=on))
        if service is None:
            self.fields["opened_on"].initial = on
            return
        del self.fields["opened_on"]
        for name in ServiceFacts.__dataclass_fields__:
            self.fields[name].initial = getattr(service, name)
        self.fields["languages"].initial = ", ".join(service.languages)
        self.fields["catchment"].initial = [one.pk for one in service.catchment.all()]

    def _offer(self, name: str, rows: Any) -> None:
        self.fields[name].queryset = rows  # type: ignore[attr-defined]

    def grouped(self) -> list[tuple[str, list[Any]]]:
        """The fields under their headings."""
        return [
            (heading, [self[name] for name in names if name in self.fields])
            for heading, names in GROUPS
        ]

    def clean_languages(self) -> list[str]:
        typed = str(self.cleaned_data["languages"]).split(",")
        return list(dict.fromkeys(one.strip()[:40] for one in typed if one.strip()))

    def facts(self) -> ServiceFacts:
        given = self.cleaned_data
        return ServiceFacts(**{name: given[name] for name in ServiceFacts.__dataclass_fields__})

    def catchment_chosen(self) -> list[Partnership]:
        return list(self.cleaned_data["catchment"])


class HoursForm(RevisedForm):
    """A week, a field a day."""

    open_all_hours = forms.BooleanField(label="Open day and night, every day", required=False)

    def __init__(self, *args: Any, service: Service, **kwargs: Any) -> None:
        super().__init__(*args, revision=service.revision, **kwargs)
        held = opening_hours(service)
        self.fields["open_all_hours"].initial = service.open_all_hours
        for weekday, word in enumerate(WEEKDAYS):
            self.fields[f"day_{weekday}"] = forms.CharField(
                label=word,
                required=False,
                max_length=100,
                initial=written_hours([one for one in held if one.weekday == weekday]),
                help_text="Such as 9:00–17:00, or 9:00–12:30, 14:00–20:00. Empty: closed."
                if weekday == 0
                else "",
            )
        self.openings: list[OpeningHours] = []

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        for weekday in range(len(WEEKDAYS)):
            name = f"day_{weekday}"
            try:
                self.openings += read_hours(str(given.get(name, "")), weekday=weekday)
            except DomainError as refused:
                self.add_error(name, str(refused))
        return given


class WaitForm(SayingForm):
    """The provider's own estimate of the wait."""

    days = forms.IntegerField(
        label="Days somebody referred today would wait (optional)",
        widget=WHOLE,
        required=False,
        min_value=0,
        max_value=LONGEST_WAIT,
        help_text="It is shown with today's date. Empty: no estimate.",
    )


def opening_hours(service: Service) -> list[OpeningHours]:
    """A service's hours as the rules read them."""
    return [OpeningHours(one.weekday, one.opens, one.closes) for one in service.hours.all()]
