"""A site of a provider."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django import forms

from commissioning.forms.organisations import OnADayForm
from commissioning.forms.plans.needs_fields import PartField
from commissioning.forms.plans.revised import RevisedForm
from commissioning.forms.saying import DayField
from providers.models import Site
from providers.selectors.register.records import authorities_to_choose, every_partnership
from providers.services.register.sites import SiteFacts


class SiteForm(RevisedForm):
    """An address and where it lies."""

    name = forms.CharField(max_length=160)
    address = forms.CharField(max_length=300, widget=forms.Textarea(attrs={"rows": 3}))
    outcode = forms.CharField(
        label="First half of the postcode", max_length=4, help_text="Such as NE8."
    )
    local_authority: Any = forms.ModelChoiceField(
        label="Local authority (optional)", queryset=None, required=False, empty_label="None"
    )
    partnership: Any = forms.ModelChoiceField(
        label="Partnership in whose area it stands (optional)",
        queryset=None,
        required=False,
        empty_label="None",
        help_text="Whom its services take is said of each service.",
    )
    latitude = PartField(
        label="Latitude (optional)",
        least=Decimal(-90),
        most=Decimal(90),
        places=5,
        help_text="In degrees, such as 54.96. Distances are measured from it.",
    )
    longitude = PartField(
        label="Longitude (optional)",
        least=Decimal(-180),
        most=Decimal(180),
        places=5,
        help_text="In degrees, such as -1.60: west of Greenwich is below 0.",
    )
    opened_on = DayField(label="First day")

    def __init__(self, *args: Any, site: Site | None = None, on: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, revision=site.revision if site else 1, **kwargs)
        self.fields["local_authority"].queryset = authorities_to_choose(on=on)  # type: ignore[attr-defined]
        self.fields["partnership"].queryset = every_partnership()  # type: ignore[attr-defined]
        if site is None:
            self.fields["opened_on"].initial = on
        else:
            del self.fields["opened_on"]
            for name in self.fields.keys() - {"revision"}:
                self.fields[name].initial = getattr(site, name)

    def clean_outcode(self) -> str:
        return str(self.cleaned_data["outcode"]).upper()

    def facts(self) -> SiteFacts:
        given = self.cleaned_data
        return SiteFacts(
            **{name: given[name] for name in SiteFacts.__dataclass_fields__ if name in given}
        )


class ClosingForm(OnADayForm):
    """From which day something is no longer there."""

    def __init__(self, *args: Any, on: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, on=on, **kwargs)
        self.fields["on"].label = "First day on which it is closed"
