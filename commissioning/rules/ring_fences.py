"""Money of several streams in one: what of it each may still pay for, and what is left of each.

What was left of a year is carried forward as one stream; what a stream may pay for stays with
the part that came from it.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations
from typing import Literal

from commissioning.kernel.money import ZERO


@dataclass(frozen=True)
class Origin:
    """What of the money came from a stream, and the interventions it may pay for; none: any."""

    stream: str
    amount: Decimal
    pays_only: frozenset[str] = frozenset()

    def may_pay(self, intervention: str | None) -> bool:
        return not self.pays_only or intervention in self.pays_only


@dataclass(frozen=True)
class Beyond:
    """Money kept by ring-fences that is planned on, or was paid for, what they do not allow."""

    origins: Sequence[Origin]
    amount: Decimal  # pounds


Taken = Mapping[str | None, Decimal]  # intervention (None: a line without one) → pounds


def beyond_fences(origins: Collection[Origin], taken: Taken) -> list[Beyond]:
    """The ring-fences that cannot all be kept by what is taken of the money, the fewest together.

    What a ring-fence does not allow can only be paid with the rest of the money: it may not take
    more than that. The same holds for any of them together.
    """
    fenced = [one for one in origins if one.pays_only]
    whole = sum((one.amount for one in origins), ZERO)
    found: list[Beyond] = []
    for together in range(1, len(fenced) + 1):
        for some in combinations(fenced, together):
            outside = sum(
                (
                    amount
                    for intervention, amount in taken.items()
                    if not any(one.may_pay(intervention) for one in some)
                ),
                ZERO,
            )
            rest = whole - sum((one.amount for one in some), ZERO)
            known = any(set(one.origins) <= set(some) for one in found)
            if outside > rest and not known:
                found.append(Beyond(some, outside - rest))
    return found


def left_by_origin(origins: Sequence[Origin], paid: Taken) -> dict[str, Decimal]:
    """What is left of each origin, by stream: pounds above nothing.

    Assumed [B]: each payment is made with the money of the narrowest ring-fence that allows it;
    what they do not cover with money of no ring-fence, and what that does not cover with the rest.
    """
    left = {one.stream: one.amount for one in origins}
    fenced = sorted((one for one in origins if one.pays_only), key=lambda one: len(one.pays_only))
    free = [one for one in origins if not one.pays_only]
    owed = dict(paid)
    steps: Sequence[tuple[Sequence[Origin], Literal["allowed", "any"]]] = (
        (fenced, "allowed"),
        (free, "any"),
        (fenced, "any"),
    )
    for some, which in steps:
        for one in some:
            for intervention, amount in owed.items():
                if which == "any" or one.may_pay(intervention):
                    now = min(left[one.stream], amount)
                    left[one.stream] -= now
                    owed[intervention] = amount - now
    return {stream: amount for stream, amount in left.items() if amount > 0}
