"""What the pages of return history rest on: how far the returns go, and how many are in."""

import datetime as dt
from collections.abc import Sequence

from django.urls import reverse

from commissioning.components import AsAt
from commissioning.kernel.periods import Grain, Period
from commissioning.kernel.words import MISSING, count
from commissioning.models import RuleSet
from pathways.choices import ReturnStanding
from pathways.selectors.return_history import AgencyMonth, AreaMonth

TOLD = frozenset({ReturnStanding.LOADED, ReturnStanding.COVERED})


def as_at_of_history(
    lines: Sequence[AgencyMonth],
    *,
    today: dt.date,
    cut_off: dt.date | None,
    rule_set: RuleSet | None,
) -> AsAt:
    """Of lines by agency and month: the newest month that is over says how complete they are.

    `cut_off`: the last day known of the returns that tell of them. Provisional while any return
    is missing, or the newest month's year may still be told anew.
    """
    over = [one for one in lines if one.month.end <= today]
    newest = max((one.month for one in over), key=lambda month: month.start, default=None)
    of_newest = [one.standing in TOLD for one in over if one.month == newest]
    return _as_at(
        newest,
        told=sum(of_newest),
        owing=len(of_newest),
        cut_off=cut_off,
        missing=any(one.standing not in TOLD for one in over),
        rule_set=rule_set,
    )


def as_at_of_areas(
    areas: Sequence[AreaMonth],
    month: Period,
    *,
    cut_off: dt.date | None,
    rule_set: RuleSet | None,
) -> AsAt:
    """The same of one month by partnership. `cut_off`: the last day that its returns know."""
    told, owing = sum(one.sent for one in areas), sum(one.owing for one in areas)
    return _as_at(
        month, told=told, owing=owing, cut_off=cut_off, missing=told < owing, rule_set=rule_set
    )


def _as_at(
    month: Period | None,
    *,
    told: int,
    owing: int,
    cut_off: dt.date | None,
    missing: bool,
    rule_set: RuleSet | None,
) -> AsAt:
    words = "No agency owes a return"
    if month and owing:
        words = f"{count(told)} of {count(owing)} agencies for {month.label}"
    return AsAt(
        cut_off,
        words,
        rule_set.code if rule_set else MISSING,
        provisional=missing or month is None or cut_off is None or _year_is_open(month, cut_off),
        rule_set_href=reverse("commissioning:rule-set-detail", args=[rule_set.code])
        if rule_set
        else "",
    )


def _year_is_open(month: Period, cut_off: dt.date) -> bool:
    """Whether returns of the month's financial year are still to come: each brings it again."""
    return Period.containing(month.start, Grain.YEAR).last_day > cut_off
