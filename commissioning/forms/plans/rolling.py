"""By how many per cent last year's money moves: by stream, provider or intervention."""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from django import forms

from commissioning.forms.base import SayingForm
from commissioning.kernel.words import pounds
from commissioning.rules.uplift import Rates, Uplifts
from commissioning.selectors.plans.uplifting import Liftable, Lifting

LEAST, MOST = Decimal(-100), Decimal(999)
_PER_CENT = re.compile(r"[+-]?\d{1,3}(\.\d{1,2})?", re.ASCII)


class PerCentField(forms.CharField):
    """2.5, +2.5%, or -3 for less."""

    def clean(self, value: Any) -> Decimal | None:
        typed = super().clean(value)
        if not typed:
            return None
        bare = typed.replace("−", "-").replace(" ", "").removesuffix("%")
        if _PER_CENT.fullmatch(bare) is None or not LEAST <= Decimal(bare) <= MOST:
            raise forms.ValidationError(
                f"“{typed}” is not a per cent from −100 to 999. Enter one such as 2.5."
            )
        return Decimal(bare)


class UpliftForm(SayingForm):
    """A field for each thing that can be uplifted; what is left empty stays as it is."""

    def __init__(self, *args: Any, lifting: Lifting, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._groups: list[tuple[str, str, Sequence[Liftable]]] = [
            ("streams", "By funding stream", lifting.streams),
            ("providers", "By provider", lifting.providers),
            ("interventions", "By intervention", lifting.interventions),
        ]
        for kind, _, rows in self._groups:
            for place, one in enumerate(rows):
                self.fields[f"{kind}-{place}"] = PerCentField(
                    label=one.name,
                    required=False,
                    max_length=12,
                    help_text=_help(kind, one),
                )

    def groups(self) -> Iterator[tuple[str, list[Any]]]:
        """The fields under their headings, for the page."""
        for kind, words, rows in self._groups:
            if rows:
                yield words, [self[f"{kind}-{place}"] for place in range(len(rows))]

    def uplifts(self) -> Uplifts:
        """What was entered, by code."""
        return Uplifts(**{kind: self._rates(kind, rows) for kind, _, rows in self._groups})

    def _rates(self, kind: str, rows: Sequence[Liftable]) -> Rates:
        given = {one.code: self.cleaned_data[f"{kind}-{at}"] for at, one in enumerate(rows)}
        return {code: rate for code, rate in given.items() if rate is not None}


def _help(kind: str, one: Liftable) -> str:
    """This year's money: what lines take of a stream beside what there is, or what they cost."""
    if kind != "streams":
        return f"Lines cost {pounds(one.amount)}"
    if one.held is None:
        return f"Lines take {pounds(one.amount)}"
    return f"Lines take {pounds(one.amount)} of {pounds(one.held)}"
