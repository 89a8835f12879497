"""Who shares in a joint plan: a row for each partnership of the region, a few for others."""

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, cast

from django import forms
from django.http import QueryDict

from commissioning.forms.base import SayingForm
from commissioning.kernel.errors import DomainError
from commissioning.kernel.words import joined
from commissioning.models import Partnership
from commissioning.models.plans import year_period
from commissioning.services.plans.joint import by_need

TYPED, NEED = "typed", "need"
ELSEWHERE = 4  # rows for partnerships of other regions
_SHARE = re.compile(r"\d{1,3}(\.\d{1,3})?", re.ASCII)


class ShareField(forms.CharField):
    """A share in per cent: 12.5 or 12.5%."""

    widget = forms.TextInput(attrs={"class": "govuk-input govuk-input--width-5"})

    def clean(self, value: Any) -> Decimal | None:
        typed = super().clean(value)
        if not typed:
            return None
        bare = typed.replace(" ", "").removesuffix("%")
        if _SHARE.fullmatch(bare) is None:
            raise forms.ValidationError(
                f"“{typed}” is not a share. Enter per cents such as 12.5, at most three decimals."
            )
        return Decimal(bare)


class SharesForm(SayingForm):
    """Members and their shares. A partnership with a tick or a share is a member."""

    how = forms.ChoiceField(
        label="How the shares are set",
        choices=[
            (TYPED, "By the per cents entered below"),
            (NEED, "By estimated need: problem drug users in each needs assessment of the year"),
        ],
        initial=TYPED,
        widget=forms.RadioSelect,
    )

    def __init__(
        self,
        *args: Any,
        region: Sequence[Partnership],
        everywhere: Sequence[Partnership],
        year: int | None = None,
        shares: Mapping[Partnership, Decimal] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self._of_year = year
        held = shares or {}
        self.here = [*region, *(one for one in held if one not in region)]
        self._by_name = {str(one).casefold(): one for one in everywhere}
        for one in self.here:
            share = held.get(one)
            self.fields[f"member-{one.code}"] = forms.BooleanField(
                label=str(one), required=False, initial=share is not None
            )
            self.fields[f"share-{one.code}"] = ShareField(
                label=f"Share of {one}",
                required=False,
                max_length=12,
                initial=None if share is None else f"{share.normalize():f}",
            )
        for place in range(1, ELSEWHERE + 1):
            self.fields[f"elsewhere-{place}"] = forms.CharField(
                label=f"Partnership elsewhere, row {place}",
                required=False,
                widget=forms.TextInput(attrs={"class": "govuk-input", "list": "l-elsewhere"}),
            )
            self.fields[f"elsewhere-share-{place}"] = ShareField(
                label=f"Share, row {place}", required=False, max_length=12
            )

    def rows(self) -> Iterator[tuple[Any, Any]]:
        """The tick and the share of each partnership of the region."""
        for one in self.here:
            yield self[f"member-{one.code}"], self[f"share-{one.code}"]

    def rows_elsewhere(self) -> Iterator[tuple[Any, Any]]:
        for place in range(1, ELSEWHERE + 1):
            yield self[f"elsewhere-{place}"], self[f"elsewhere-share-{place}"]

    def names_elsewhere(self) -> list[str]:
        """What may be typed in those rows."""
        here = set(self.here)
        return [str(one) for one in self._by_name.values() if one not in here]

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        if self.errors:
            return given
        members = self._members(given)
        if self.errors:
            return given
        try:
            given["shares"] = self._shares(given, members)
        except DomainError as refused:
            self.add_error(refused.field if refused.field in self.fields else None, str(refused))
        return given

    def _members(self, given: Mapping[str, Any]) -> dict[Partnership, Decimal | None]:
        found: dict[Partnership, Decimal | None] = {}
        for one in self.here:
            share = given.get(f"share-{one.code}")
            if given.get(f"member-{one.code}") or share is not None:
                found[one] = share
        for place in range(1, ELSEWHERE + 1):
            name = f"elsewhere-{place}"
            typed = " ".join((given.get(name) or "").split())
            share = given.get(f"elsewhere-share-{place}")
            partnership = self._by_name.get(typed.casefold())
            if not typed:
                if share is not None:
                    self.add_error(name, "Enter whose share it is")
            elif partnership is None:
                self.add_error(name, f"“{typed}” is no partnership. Choose one from the list.")
            elif partnership in found:
                self.add_error(name, f"{partnership} is a member already. Enter it once.")
            else:
                found[partnership] = share
        return found

    def _shares(
        self, given: Mapping[str, Any], members: Mapping[Partnership, Decimal | None]
    ) -> dict[Partnership, Decimal]:
        if given.get("how") == NEED:
            return by_need(list(members), self._of_year or cast(int, given["year"]))
        without = [str(one) for one, share in members.items() if share is None]
        if without:
            raise DomainError(f"Enter the share of {joined(without)}.")
        return {one: share for one, share in members.items() if share is not None}


class StartJointForm(SharesForm):
    """The year and the name too."""

    year = forms.TypedChoiceField(label="Financial year", coerce=int)
    name = forms.CharField(
        label="Name of the joint plan", max_length=120, help_text="Such as Tier 4 North East."
    )

    def __init__(self, *args: Any, years: Sequence[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        year = cast(forms.TypedChoiceField, self.fields["year"])
        year.choices = [(one, year_period(one).label) for one in years]


class ChangeSharesForm(SharesForm):
    """It knows which state of the plan it was opened on."""

    revision = forms.IntegerField(
        widget=forms.HiddenInput,
        error_messages={"required": "Open the page again: it does not say what it was opened on."},
    )

    def rest_on(self, revision: int) -> None:
        """Keep what was typed, to be saved over what the plan says now."""
        data = cast(QueryDict, self.data).copy()
        data["revision"] = str(revision)
        self.data = data
