"""What last year's money comes to with so many per cent more, or fewer: to the penny.

A part of a line (what it takes from one stream) moves by the per cent of the line's provider where
one is given, else by that of its intervention, else by that of the stream. The line's price moves
by what its parts together moved by.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from commissioning.kernel.money import ZERO, shared, whole_pennies
from commissioning.rules.costs import HUNDRED, line_cost

Rates = Mapping[str, Decimal]  # per cent by code; -3 is three per cent less


@dataclass(frozen=True)
class Uplifts:
    """Per cents by the code of the stream, provider or intervention. What is left out stays."""

    streams: Rates = field(default_factory=dict)
    providers: Rates = field(default_factory=dict)
    interventions: Rates = field(default_factory=dict)

    def of_line(self, *, provider: str, intervention: str) -> Decimal | None:
        """The per cent of a whole line; None where each stream's own holds."""
        if provider in self.providers:
            return self.providers[provider]
        return self.interventions.get(intervention)

    def of_stream(self, stream: str) -> Decimal:
        return self.streams.get(stream, Decimal(0))


@dataclass(frozen=True)
class Price:
    """How a line is priced, and what it takes from each stream."""

    unit_cost: Decimal | None
    volume: Decimal | None
    weeks: Decimal | None
    plain_sum: Decimal | None
    amounts: Mapping[str, Decimal]

    @property
    def cost(self) -> Decimal:
        return line_cost(
            unit_cost=self.unit_cost,
            volume=self.volume,
            weeks=self.weeks,
            plain_sum=self.plain_sum,
        )


def raised(amount: Decimal, per_cent: Decimal) -> Decimal:
    """The amount with the per cent on it, to the nearest penny, halves up."""
    return whole_pennies(amount * (HUNDRED + per_cent) / HUNDRED)


def uplifted(price: Price, uplifts: Uplifts, *, provider: str, intervention: str) -> Price:
    """The price of next year. What was paid for in full is paid for in full again."""
    whole = uplifts.of_line(provider=provider, intervention=intervention)
    exact = {
        stream: amount * (HUNDRED + _rate(whole, uplifts, stream)) / HUNDRED
        for stream, amount in price.amounts.items()
    }
    cost = price.cost
    unpaid = cost - sum(price.amounts.values(), ZERO)
    factor = _factor(cost, sum(exact.values(), ZERO), unpaid, whole)
    new = Price(
        None if price.unit_cost is None else whole_pennies(price.unit_cost * factor),
        price.volume,
        price.weeks,
        None if price.plain_sum is None else whole_pennies(price.plain_sum * factor),
        {},
    )
    if unpaid or not any(exact.values()):
        amounts = {stream: whole_pennies(amount) for stream, amount in exact.items()}
    else:
        amounts = dict(zip(exact, shared(new.cost, list(exact.values())), strict=True))
    return Price(new.unit_cost, new.volume, new.weeks, new.plain_sum, amounts)


def _rate(whole: Decimal | None, uplifts: Uplifts, stream: str) -> Decimal:
    return uplifts.of_stream(stream) if whole is None else whole


def _factor(cost: Decimal, exact: Decimal, unpaid: Decimal, whole: Decimal | None) -> Decimal:
    """By how much the line's price moves; what no stream pays moves with the whole line only."""
    if not cost:
        return Decimal(1)
    if whole is not None:
        return (HUNDRED + whole) / HUNDRED
    return max(exact + unpaid, ZERO) / cost
