"""A partnership's judgement of its commissioning."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import BoundField

from commissioning.forms.base import SayingForm
from commissioning.forms.plans.revised import RevisedForm
from commissioning.forms.saying import DayField
from commissioning.models import CompetenceAnswer
from commissioning.reference.competence import COMPETENCE_HEADS, RATINGS, CompetenceHead
from commissioning.services.competence import Judgement

_FIELDS = ("rating", "evidence", "action")


@dataclass(frozen=True)
class HeadFields:
    """A head with its fields, what was said of it now and the year before."""

    head: CompetenceHead
    fields: list[BoundField]
    answer: CompetenceAnswer | None
    before: CompetenceAnswer | None


class CompetenceForm(RevisedForm):
    """Rating, evidence and action under every head."""

    def __init__(self, *args: Any, answers: Mapping[str, CompetenceAnswer], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for head in COMPETENCE_HEADS:
            held = answers.get(head.code)
            self.fields[f"{head.code}-rating"] = forms.TypedChoiceField(
                label=f"{head.name}: rating",
                required=False,
                coerce=int,
                empty_value=None,
                choices=[
                    ("", "Not judged yet"),
                    *((rating, f"{rating}: {meant}") for rating, meant in RATINGS.items()),
                ],
                initial=held.rating if held else None,
            )
            for name in ("evidence", "action"):
                self.fields[f"{head.code}-{name}"] = forms.CharField(
                    label=f"{head.name}: {name} (optional)",
                    required=False,
                    max_length=4000,
                    initial=getattr(held, name) if held else "",
                    widget=forms.Textarea(attrs={"rows": 2}),
                )

    def heads(
        self,
        answers: Mapping[str, CompetenceAnswer],
        before: Mapping[str, CompetenceAnswer],
    ) -> Iterator[HeadFields]:
        """Each head with its fields and what was said."""
        for head in COMPETENCE_HEADS:
            fields = [self[f"{head.code}-{name}"] for name in _FIELDS]
            yield HeadFields(head, fields, answers.get(head.code), before.get(head.code))

    def judgements(self) -> list[Judgement]:
        """What was written, for the service."""
        given = self.cleaned_data
        return [
            Judgement(head.code, *(given[f"{head.code}-{name}"] for name in _FIELDS))
            for head in COMPETENCE_HEADS
        ]


class IntoGridForm(SayingForm):
    """By when and by whom the action is to be done."""

    by_when = DayField(label="By when")
    by_whom = forms.CharField(label="By whom", max_length=160)
