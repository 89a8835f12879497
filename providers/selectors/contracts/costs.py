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

Dated = tuple[dt.date, Mapping[str, Any]]  # from which day, and every part as it holds
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
    return _cost(versions_of(contract), shares_of(contract))


def cost_with(contract: Contract, changes: Mapping[str, Any], holds_from: dt.date) -> ContractCost:
    """As it would be with the changes from their day."""
    return costs_now_and_with(contract, changes, holds_from)[1]


def costs_now_and_with(
    contract: Contract, changes: Mapping[str, Any], holds_from: dt.date
) -> tuple[ContractCost, ContractCost]:
    """Both, of versions that are read once."""
    versions, shares = versions_of(contract), shares_of(contract)
    changed = [*versions, (holds_from, {**versions[-1][1], **changes})]
    return _cost(versions, shares), _cost(changed, shares)


def shares_of(contract: Contract) -> dict[int, Decimal]:
    """Per cents by partnership, as they are agreed now; of who left, nothing. No query where the
    contract was read with them."""
    return {
        one.partnership_id: one.share if one.left_on is None else Decimal(0)
        for one in contract.shares.all()
    }


def versions_of(contract: Contract) -> list[Dated]:
    """From which day what holds, the oldest first; the contract as it stands where there is no
    version. On a day the newest that holds by then counts; the end is the newest version's.
    """
    rows = contract.versions.order_by("number")
    found: list[Dated] = [(one.holds_from, one.content) for one in rows]
    return found or [(contract.starts_on, fields_of(contract))]


def terms_in_order(versions: Sequence[Dated]) -> list[Terms]:
    """The terms of versions (from which day, content; the oldest first) for their days alone."""
    return [terms for terms, _ in _pieces(versions)]


def _pieces(versions: Sequence[Dated]) -> list[tuple[Terms, Mapping[str, Any]]]:
    newest = terms_of(versions[-1][1])
    end = newest.ends_on
    pieces: list[tuple[Terms, Mapping[str, Any]]] = []
    # From the newest back: each holds from its day to where a later one begins.
    for holds_from, content in reversed(versions):
        terms = terms_of(content)
        begins = max(holds_from, newest.starts_on)
        if content is versions[0][1]:
            begins = newest.starts_on
        if begins < end:
            held = _until(terms, newest.ends_on).within(begins, end)
            if held:
                pieces.append((held, content))
            end = begins
    return pieces[::-1]


def _until(terms: Terms, ends_on: dt.date) -> Terms:
    """The same terms for as long as the newest version lasts."""
    return replace(terms, ends_on=max(ends_on, terms.starts_on + dt.timedelta(days=1)))


def _cost(versions: Sequence[Dated], shares: Mapping[int, Decimal]) -> ContractCost:
    pieces = _pieces(versions)
    terms = [one for one, _ in pieces]
    members = {*shares, *(one for _, held in versions for one in _shares_in(held) or ())}
    dated = [(one, _shares_in(held) or shares) for one, held in pieces]
    return ContractCost(
        by_year=year_costs(terms),
        least=least_costs(terms),
        by_partnership=partnership_costs(dated, members),
    )


def _shares_in(content: Mapping[str, Any]) -> dict[int, Decimal]:
    """Per cents by partnership that a version holds."""
    return {int(key): Decimal(share) for key, share in content.get("shares", {}).items()}


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
