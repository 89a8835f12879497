"""What a contract costs as it stands, or as a variation would make it, and whose that is."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.db.models import Sum

from commissioning.kernel.money import ZERO
from providers.choices import CALLED_OFF_IN, CallOffState
from providers.models import CallOff, Contract
from providers.rules.contract_costs import (
    Terms,
    ceiling_left,
    least_costs,
    partnership_costs,
    year_costs,
)
from providers.selectors.contracts.content import fields_of, terms_of

SPENT_IN = CALLED_OFF_IN | {CallOffState.ENDED}


@dataclass(frozen=True)
class ContractCost:
    """By financial year (2006 is 2006/07), and by partnership and year; pounds."""

    by_year: Mapping[int, Decimal]
    least: Mapping[int, Decimal]
    by_partnership: Mapping[tuple[int, int], Decimal]

    @property
    def total(self) -> Decimal:
        return sum(self.by_year.values(), ZERO)

    def of_partnership(self, partnership: int) -> Decimal:
        """Its part of all the years."""
        parts = (part for (whose, _), part in self.by_partnership.items() if whose == partnership)
        return sum(parts, ZERO)


def cost_of(contract: Contract) -> ContractCost:
    """Of the versions there are, each from its day; of the draft where there is none. Two
    queries."""
    return _cost(pieces_of(contract), shares_of(contract))


def cost_with(contract: Contract, changes: Mapping[str, Any], holds_from: dt.date) -> ContractCost:
    """As it would be with the changes from their day."""
    return _cost(pieces_of(contract, (changes, holds_from)), shares_of(contract))


def shares_of(contract: Contract) -> dict[int, Decimal]:
    """Per cents by partnership; no query where the contract was read with them."""
    return {one.partnership_id: one.share for one in contract.shares.all()}


def pieces_of(
    contract: Contract, change: tuple[Mapping[str, Any], dt.date] | None = None
) -> list[Terms]:
    """The terms by which each day of the contract is paid, in order.

    On a day the newest version that holds by then counts; the end is the newest version's.
    """
    versions = [(one.holds_from, one.content) for one in contract.versions.order_by("number")] or [
        (contract.starts_on, fields_of(contract))
    ]
    if change:
        changes, holds_from = change
        versions.append((holds_from, {**versions[-1][1], **changes}))
    return terms_in_order(versions)


def terms_in_order(versions: Sequence[tuple[dt.date, Mapping[str, Any]]]) -> list[Terms]:
    """The terms of versions (from which day, content; the oldest first) for their days alone."""
    return list(_pieces(versions))


def _pieces(versions: Sequence[tuple[dt.date, Mapping[str, Any]]]) -> Iterable[Terms]:
    newest = terms_of(versions[-1][1])
    end = newest.ends_on
    pieces: list[Terms] = []
    # From the newest back: each holds from its day to where a later one begins.
    for holds_from, content in reversed(versions):
        terms = terms_of(content)
        begins = max(holds_from, newest.starts_on)
        if content is versions[0][1]:
            begins = newest.starts_on
        if begins < end:
            held = _until(terms, newest.ends_on).within(begins, end)
            if held:
                pieces.append(held)
            end = begins
    return reversed(pieces)


def _until(terms: Terms, ends_on: dt.date) -> Terms:
    """The same terms for as long as the newest version lasts."""
    return replace(terms, ends_on=max(ends_on, terms.starts_on + dt.timedelta(days=1)))


def _cost(pieces: Sequence[Terms], shares: Mapping[int, Decimal]) -> ContractCost:
    by_year = year_costs(pieces)
    return ContractCost(
        by_year=by_year,
        least=least_costs(pieces),
        by_partnership=partnership_costs(by_year, shares) if shares else {},
    )


def called_off(contract: Contract) -> Decimal:
    """What call-offs on a contract cost, those that ended included; pounds. One query."""
    return called_off_on([contract.pk]).get(contract.pk, ZERO)


def called_off_on(contracts: Iterable[int]) -> dict[int, Decimal]:
    """The same of many contracts, by id. One query."""
    rows = CallOff.objects.filter(contract__in=contracts, state__in=SPENT_IN).order_by()
    return dict(rows.values_list("contract").annotate(total=Sum("cost")))


def left_of_ceiling(contract: Contract) -> Decimal | None:
    """What a framework can still call off; None without a ceiling. One query."""
    return ceiling_left(contract.ceiling, called_off(contract)) if contract.ceiling else None


def value_of(contract: Contract, cost: ContractCost) -> Decimal:
    """What whoever awards it promises: what it costs, or as much as can be called off."""
    return cost.total or contract.ceiling or ZERO
