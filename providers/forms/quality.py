"""Staff, competence, records of quality, and evidence against requirements."""

import datetime as dt
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import QuerySet

from commissioning.forms.plans.revised import RevisedForm
from commissioning.forms.saying import DayField
from providers.choices import QualityKind, StaffRole
from providers.forms.activity import GridRow, NumberField
from providers.models import (
    CompetenceCount,
    QualityRecord,
    RequirementEvidence,
    Service,
    StaffCount,
)
from providers.selectors.quality import Competence, danos_units
from providers.services.quality import Posts, RecordWords

_RECORD = ("kind", "body", "reference", "service", "outcome", "held_on", "holds_until")
MOST_POSTS = Decimal("9999.99")
DOCUMENT = "Document (optional)"
WHO_OPENS_IT = "Everybody who is signed in reads this page and can open the document."


class PostsField(forms.DecimalField):
    """Whole-time equivalents, to two places, or nothing."""

    def __init__(self, *, label: str, initial: Decimal | None) -> None:
        super().__init__(
            label=label,
            required=False,
            min_value=Decimal(0),
            max_value=MOST_POSTS,
            decimal_places=2,
            initial=initial,
            widget=forms.TextInput(
                attrs={"inputmode": "decimal", "class": "govuk-input--width-4"}
            ),
            error_messages={
                "invalid": f"{label}: write a number, such as 4 or 3.5",
                "min_value": f"{label}: no number is below 0",
            },
        )


class StaffForm(RevisedForm):
    """Posts and people by role. A role without a number has no posts."""

    columns = ("Posts", "In post", "Gap in words")

    def __init__(self, *args: Any, staff: Mapping[str, StaffCount], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for role in StaffRole:
            held = staff.get(role)
            for name, words in (("posts", "posts"), ("in_post", "in post")):
                self.fields[f"{role}-{name}"] = PostsField(
                    label=f"{role.label}: {words}", initial=getattr(held, name, None)
                )
            self.fields[f"{role}-gap"] = forms.CharField(
                label=f"{role.label}: gap in words",
                required=False,
                max_length=300,
                initial=held.gap if held else "",
                widget=forms.TextInput(attrs={"class": "govuk-input--width-20"}),
            )

    def grid(self) -> Iterator[GridRow]:
        for role in StaffRole:
            names = ("posts", "in_post", "gap")
            yield GridRow(role.label, "", [self[f"{role}-{name}"] for name in names])

    def posts(self) -> dict[StaffRole, Posts]:
        given = self.cleaned_data
        rows = {
            role: (given[f"{role}-posts"], given[f"{role}-in_post"], given[f"{role}-gap"])
            for role in StaffRole
        }
        return {
            role: Posts(posts or Decimal(0), in_post or Decimal(0), gap)
            for role, (posts, in_post, gap) in rows.items()
            if posts or in_post or gap
        }


class CompetenceForm(RevisedForm):
    """How many people of each role need a unit, and how many hold it."""

    def __init__(
        self, *args: Any, competence: Mapping[Competence, CompetenceCount], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        for role in StaffRole:
            for unit in danos_units():
                held = competence.get((role, unit.code))
                for name in ("needed", "held"):
                    self.fields[f"{role}-{unit.code}-{name}"] = NumberField(
                        label=f"{role.label}: {unit.code} {name}",
                        initial=getattr(held, name, None),
                    )

    @property
    def columns(self) -> list[str]:
        return [f"{unit.code} {words}" for unit in danos_units() for words in ("needed", "held")]

    def grid(self) -> Iterator[GridRow]:
        for role in StaffRole:
            yield GridRow(
                role.label,
                "",
                [
                    self[f"{role}-{unit.code}-{name}"]
                    for unit in danos_units()
                    for name in ("needed", "held")
                ],
            )

    def counts(self) -> dict[Competence, tuple[int, int]]:
        given = self.cleaned_data
        return {
            (role.value, unit.code): (needed or 0, held or 0)
            for role in StaffRole
            for unit in danos_units()
            for needed, held in [
                (given[f"{role}-{unit.code}-needed"], given[f"{role}-{unit.code}-held"])
            ]
            if needed or held
        }


class QualityRecordForm(RevisedForm):
    """A registration, inspection, audit, or piece of work on quality."""

    kind = forms.ChoiceField(choices=[("", "Choose a kind"), *QualityKind.choices])
    body = forms.CharField(
        label="By whom (optional)",
        max_length=160,
        required=False,
        help_text="The inspectorate, auditor, or group of users.",
    )
    reference = forms.CharField(label="Reference (optional)", max_length=60, required=False)
    service: Any = forms.ModelChoiceField(
        label="Service (optional)",
        queryset=None,
        required=False,
        to_field_name="slug",
        empty_label="The provider as a whole",
    )
    outcome = forms.CharField(
        label="What came of it", widget=forms.Textarea(attrs={"rows": 4}), max_length=4000
    )
    held_on = DayField(label="Day it was given or held")
    holds_until = DayField(
        label="Holds until (optional)",
        required=False,
        help_text="The day a registration ends, or by which the next visit or audit is due.",
    )
    file = forms.FileField(label=DOCUMENT, required=False, help_text=WHO_OPENS_IT)

    def __init__(
        self,
        *args: Any,
        on: dt.date,
        services: QuerySet[Service],
        held: QualityRecord | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, revision=held.revision if held else 0, **kwargs)
        self.fields["service"].queryset = services  # type: ignore[attr-defined]
        self.fields["held_on"].initial = on
        for name in _RECORD if held else ():
            self.fields[name].initial = getattr(held, name)
        if held and held.service:
            self.fields["service"].initial = held.service.slug
        self.fields["outcome"].error_messages["required"] = "Enter what came of it"

    def words(self) -> RecordWords:
        given = {name: self.cleaned_data[name] for name in _RECORD}
        return RecordWords(
            **given | {"kind": QualityKind(given["kind"])}, file=self.cleaned_data["file"]
        )


class RequirementForm(RevisedForm):
    """Whether a requirement is met, and on what evidence."""

    is_met = forms.TypedChoiceField(
        label="Answer",
        choices=[("yes", "It is met"), ("no", "It is not met yet")],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    evidence = forms.CharField(widget=forms.Textarea(attrs={"rows": 5}), max_length=4000)
    file = forms.FileField(label=DOCUMENT, required=False, help_text=WHO_OPENS_IT)

    def __init__(self, *args: Any, held: RequirementEvidence | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if held:
            self.fields["is_met"].initial = "yes" if held.is_met else "no"
            self.fields["evidence"].initial = held.evidence
