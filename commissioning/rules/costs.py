"""The arithmetic of a plan's money: what a line costs, how it is split, what is over or under.

Pounds are exact decimals; every part is in whole pennies and parts add up to their whole.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from commissioning.kernel.errors import DomainError
from commissioning.kernel.money import MOST, ZERO, shared, whole_pennies
from commissioning.kernel.words import pounds

HUNDRED = Decimal(100)
Standing = Literal["even", "under", "over"]


class NotAPrice(DomainError):
    """What was entered does not come to a cost."""


class NotAWhole(DomainError):
    """The percentages of a line do not make a hundred."""


def line_cost(
    *,
    unit_cost: Decimal | None = None,
    volume: Decimal | None = None,
    weeks: Decimal | None = None,
    plain_sum: Decimal | None = None,
) -> Decimal:
    """Unit cost × volume × weeks to the penny, halves up; or the plain sum; or nothing yet.

    Without weeks it is unit cost × volume. Raises `NotAPrice` when a line is priced both ways,
    has a unit cost and no volume, or comes to more than can be held.
    """
    if plain_sum is not None:
        if unit_cost is not None:
            raise NotAPrice("Enter a unit cost or a plain sum, not both.")
        return plain_sum
    if unit_cost is None:
        return ZERO
    if volume is None:
        raise NotAPrice("Enter how many units are bought, or a plain sum.")
    cost = whole_pennies(unit_cost * volume * (Decimal(1) if weeks is None else weeks))
    if cost > MOST:
        raise NotAPrice(f"It comes to {pounds(cost)}, more than this service can hold.")
    return cost


def split_by_percent(cost: Decimal, percents: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """The cost in parts of so many per cent, by name, that add up to it exactly.

    Raises `NotAWhole` unless the percentages sum to 100.
    """
    total = sum(percents.values(), Decimal(0))
    if total != HUNDRED:
        raise NotAWhole(f"The percentages come to {total.normalize():f}%. They must make 100%.")
    return dict(zip(percents, shared(cost, list(percents.values())), strict=True))


def portions(cost: Decimal, percents: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """What each per cent of the cost comes to, whatever they make together.

    Those that make a hundred add up to the cost exactly; of others each is to the penny by itself,
    so that what is over or under can be shown before it is put right.
    """
    if sum(percents.values(), Decimal(0)) == HUNDRED:
        return split_by_percent(cost, percents)
    return {name: whole_pennies(cost * one / HUNDRED) for name, one in percents.items()}


@dataclass(frozen=True)
class Balance:
    """What is allocated against what there is; positive `left` is money not allocated."""

    have: Decimal
    taken: Decimal

    @property
    def left(self) -> Decimal:
        return self.have - self.taken

    @property
    def standing(self) -> Standing:
        if not self.left:
            return "even"
        return "under" if self.left > 0 else "over"

    @property
    def words(self) -> str:
        """In words, since a sign and a colour are not enough: £500 over, £500 under, In full."""
        if self.standing == "even":
            return "In full"
        return f"{pounds(abs(self.left))} {self.standing}"
