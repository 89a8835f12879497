"""What a spot purchase costs: nights at a weekly price, exact to the penny. Pure.

A night is a seventh of a week. Cost is added up as a fraction and rounded once, halves up, so that
however a stay is cut over financial years its parts come to the same.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import TypeVar

from commissioning.kernel.money import PENNY, ZERO, shared
from providers.rules.contract_costs import fill, years_of

Key = TypeVar("Key")
NIGHTS_IN_WEEK = 7
HUNDRED = 100
YEAR_BEGINS = (4, 1)


def stay_cost(nights: int, weekly_price: Decimal) -> Decimal:
    """So many nights at a price a week, pounds."""
    return _pennies(Fraction(weekly_price) * nights / NIGHTS_IN_WEEK)


def cost_by_year(start: dt.date, until: dt.date, weekly_price: Decimal) -> dict[int, Decimal]:
    """The nights from `start` to before `until` by financial year (2006 is 2006/07), pounds.

    The years come to `stay_cost` of all nights.
    """
    found: dict[int, Decimal] = {}
    before = ZERO
    for year in years_of(start, until):
        ends = min(until, dt.date(year + 1, *YEAR_BEGINS))
        so_far = stay_cost((ends - start).days, weekly_price)
        found[year], before = so_far - before, so_far
    return found


def final_cost(
    used: Decimal,
    planned: Decimal,
    *,
    take_up: Decimal | None = None,
    void_rate: Decimal | None = None,
) -> Decimal:
    """What a stay comes to of which so much was used, pounds.

    At least the take-up is paid, and what is beyond both at the void rate. Never more than was
    planned: longer stays are approved before they are paid.
    """
    least = Fraction(planned) * Fraction(take_up or 0) / HUNDRED
    paid = min(max(Fraction(used), least), Fraction(planned))
    return _pennies(paid + (Fraction(planned) - paid) * Fraction(void_rate or 0) / HUNDRED)


def kept_by_year(
    final: Decimal, used: Mapping[int, Decimal], committed: Mapping[int, Decimal]
) -> dict[int, Decimal]:
    """Of what is committed in each year, what the stay comes to: the nights that were used where
    they were, and what is to pay beyond them from the first year on.

    They come to `final`, or to all that is committed where that is less.
    """
    kept = {year: min(used.get(year, ZERO), amount) for year, amount in committed.items()}
    left = final - sum(kept.values(), ZERO)
    room = {year: committed[year] - kept[year] for year in sorted(committed)}
    for year, more in fill(left, room).items():
        kept[year] += more
    return kept


def kept_of_parts(kept: Decimal, parts: Mapping[Key, Decimal]) -> dict[Key, Decimal]:
    """What is kept of each part of a year's money: as they stand to one another."""
    if not any(parts.values()):
        return dict.fromkeys(parts, ZERO)
    return dict(zip(parts, shared(kept, list(parts.values())), strict=True))


def most_at_once(spells: Iterable[tuple[dt.date, dt.date]]) -> int:
    """How many of the spells (first night, day of leaving) meet on one night at most."""
    steps: list[tuple[dt.date, int]] = []
    for start, until in spells:
        steps += [(start, 1), (until, -1)]
    here = most = 0
    for _, step in sorted(steps):
        here += step
        most = max(most, here)
    return most


def _pennies(amount: Fraction) -> Decimal:
    """To the penny, halves up, without passing through a float."""
    pennies = amount * HUNDRED
    whole = (2 * pennies.numerator + pennies.denominator) // (2 * pennies.denominator)
    return (Decimal(whole) * PENNY).quantize(PENNY)
