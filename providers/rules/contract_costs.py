"""What a contract costs: by financial year and by partnership, exact to the penny.

A week is seven days and a year its own days: a term that begins or ends within a year pays for the
days it has there. Cost follows the terms day by day, is added up as fractions and rounded once a
year, halves up, so that whatever way a term is cut its parts come to the same.
"""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from math import lcm

from commissioning.kernel.money import MOST, PENNY, ZERO, shared, whole_pennies
from commissioning.kernel.periods import Grain, Period, periods_between

DAYS_IN_WEEK = 7
HUNDRED = Decimal(100)


class Unit(StrEnum):
    """What the price is for; the values are those of `choices.PriceUnit`."""

    BED_WEEK = "BED_WEEK"
    PLACE_WEEK = "PLACE_WEEK"
    START = "START"
    YEAR = "YEAR"


PER_WEEK = frozenset({Unit.BED_WEEK, Unit.PLACE_WEEK})


@dataclass(frozen=True)
class Terms:
    """What is paid for from `starts_on` up to `ends_on`, the first day it no longer holds.

    `places` at a time, `starts` a year; `uplift` in per cent from `uplift_on`. `take_up` and
    `void_rate` in per cent. `pays_by_use` means that nothing is promised beforehand: spot
    contracts and frameworks.
    """

    starts_on: dt.date
    ends_on: dt.date
    price: Decimal | None = None
    unit: Unit | None = None
    places: int | None = None
    starts: int | None = None
    uplift: Decimal | None = None
    uplift_on: dt.date | None = None
    take_up: Decimal | None = None
    void_rate: Decimal | None = None
    pays_by_use: bool = False

    def price_on(self, day: dt.date) -> Decimal:
        """The price of one unit on a day, uplifted from its day, to the penny."""
        if self.price is None:
            return ZERO
        if self.uplift is None or self.uplift_on is None or day < self.uplift_on:
            return self.price
        return uplifted(self.price, self.uplift)

    def within(self, first: dt.date, end: dt.date) -> "Terms | None":
        """The same for the days from `first` up to `end` alone; None without any."""
        begins, ends = max(self.starts_on, first), min(self.ends_on, end)
        return replace(self, starts_on=begins, ends_on=ends) if begins < ends else None


def uplifted(price: Decimal, uplift: Decimal) -> Decimal:
    """A price so many per cent higher, to the penny, halves up."""
    return whole_pennies(price * (HUNDRED + uplift) / HUNDRED)


def year_costs(pieces: Sequence[Terms]) -> dict[int, Decimal]:
    """What the pieces cost together in each financial year (2006 is 2006/07), all used; pounds.

    The pieces follow one another: a contract and its later versions. Years that cost nothing are
    there too.
    """
    found: dict[int, Fraction] = {}
    for piece in pieces:
        for year in years_of(piece.starts_on, piece.ends_on):
            period = Period.parse(f"FY{year}")
            part = piece.within(period.start, period.end)
            if part:
                found[year] = found.get(year, Fraction(0)) + _cost(part, period)
    return {year: _pennies(cost) for year, cost in sorted(found.items())}


def years_of(starts_on: dt.date, ends_on: dt.date) -> list[int]:
    """The financial years in which a term has days."""
    last = ends_on - dt.timedelta(days=1)
    return [one.start.year for one in periods_between(starts_on, last, Grain.YEAR)]


def partnership_costs(
    pieces: Sequence[tuple[Terms, Mapping[int, Decimal]]], members: Collection[int]
) -> dict[tuple[int, int], Decimal]:
    """What of each year is whose, to the penny: (partnership, year) → pounds.

    Each piece has its own per cents by partnership. A year within which they change is shared by
    what falls to each in all its days, exactly, and rounded once. Pennies left over go to the same
    partnerships, whoever asks, as in joint plans. Every one of the `members` has an entry a year,
    be it nothing.
    """
    found: dict[tuple[int, int], Decimal] = {}
    for year, cost in year_costs([terms for terms, _ in pieces]).items():
        period = Period.parse(f"FY{year}")
        cut = [(terms.within(period.start, period.end), shares) for terms, shares in pieces]
        held = [(_cost(part, period), shares) for part, shares in cut if part]
        falls = _falls_to(held, sorted(members))
        parts = shared(cost, falls) if any(falls) else [ZERO] * len(falls)
        found |= {(one, year): part for one, part in zip(sorted(members), parts, strict=True)}
    return found


def _falls_to(
    held: Sequence[tuple[Fraction, Mapping[int, Decimal]]], members: Sequence[int]
) -> list[Decimal]:
    """What falls to each member as whole weights: its per cents where they stay the same."""
    first = held[0][1]
    if all(shares == first for _, shares in held):
        return [first.get(one, Decimal(0)) for one in members]
    exact = [
        sum((cost * Fraction(shares.get(one, 0)) for cost, shares in held), Fraction(0))
        for one in members
    ]
    scale = lcm(*(one.denominator for one in exact))
    return [Decimal(int(one * scale)) for one in exact]


def least_costs(pieces: Sequence[Terms]) -> dict[int, Decimal]:
    """What has to be paid each financial year even where nothing is used; pounds."""
    found: dict[int, Fraction] = {}
    for piece in pieces:
        take_up = guaranteed_share(piece)
        least = take_up + (1 - take_up) * _void_share(piece)
        for year in years_of(piece.starts_on, piece.ends_on):
            period = Period.parse(f"FY{year}")
            part = piece.within(period.start, period.end)
            if part:
                found[year] = found.get(year, Fraction(0)) + least * _cost(part, period)
    return {year: _pennies(cost) for year, cost in sorted(found.items())}


def guaranteed_share(terms: Terms) -> Fraction:
    """The share of what is contracted that is paid for whatever is used: take-up, or all of it
    where neither take-up nor void rate is agreed."""
    if terms.pays_by_use:
        return Fraction(0)
    if terms.take_up is None:
        return Fraction(1) if terms.void_rate is None else Fraction(0)
    return Fraction(terms.take_up) / 100


def ceiling_left(ceiling: Decimal | None, called_off: Decimal) -> Decimal | None:
    """What of a ceiling is not called off; None where there is none. Never below nothing."""
    return None if ceiling is None else max(ceiling - called_off, ZERO)


def differences(
    before: Mapping[tuple[int, int], Decimal], after: Mapping[tuple[int, int], Decimal]
) -> dict[tuple[int, int], Decimal]:
    """By how much each partnership's year rises (or falls); those that stay are left out."""
    keys = sorted({*before, *after})
    changed = {key: after.get(key, ZERO) - before.get(key, ZERO) for key in keys}
    return {key: amount for key, amount in changed.items() if amount}


def spread(total: Decimal, over: Mapping[int, Decimal]) -> dict[int, Decimal]:
    """A total over parts as they stand to one another, to the penny; evenly where all are none.

    Raises `ValueError` without a part.
    """
    weights = [max(one, ZERO) for one in over.values()]
    if not any(weights):
        weights = [Decimal(1)] * len(weights)
    return dict(zip(over, shared(total, weights), strict=True))


def fill(total: Decimal, room: Mapping[int, Decimal]) -> dict[int, Decimal]:
    """A total put into rooms in their order, each as full as it goes; what has no room is left.

    Parts of nothing are not there.
    """
    found: dict[int, Decimal] = {}
    left = total
    for key, free in room.items():
        part = min(left, max(free, ZERO))
        if part > 0:
            found[key] = part
            left -= part
    return found


def is_too_much(costs: Mapping[int, Decimal]) -> bool:
    """Whether a year costs more than can be held."""
    return any(cost > MOST for cost in costs.values())


def _cost(part: Terms, year: Period) -> Fraction:
    """Of days within one year, exactly."""
    if part.price is None or part.unit is None or part.pays_by_use:
        return Fraction(0)
    uplift_on = part.uplift_on if part.uplift is not None else None
    cut = min(max(uplift_on, part.starts_on), part.ends_on) if uplift_on else part.ends_on
    before = (cut - part.starts_on).days
    after = (part.ends_on - cut).days
    paid = Fraction(part.price) * before
    if after:
        paid += Fraction(part.price_on(cut)) * after
    return paid * _units_a_day(part, year)


def _units_a_day(part: Terms, year: Period) -> Fraction:
    if part.unit in PER_WEEK:
        return Fraction(part.places or 0, DAYS_IN_WEEK)
    if part.unit is Unit.START:
        return Fraction(part.starts or 0, year.days)
    return Fraction(1, year.days)


def _void_share(terms: Terms) -> Fraction:
    return Fraction(terms.void_rate or 0) / 100


def _pennies(amount: Fraction) -> Decimal:
    """To the penny, halves up, without passing through a float."""
    pennies = amount * 100
    whole = (2 * pennies.numerator + pennies.denominator) // (2 * pennies.denominator)
    return (Decimal(whole) * PENNY).quantize(PENNY)
