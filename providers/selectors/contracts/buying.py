"""What a partnership can buy with: block places on a night, spot prices, what ceilings leave."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import QuerySet

from commissioning.kernel.money import ZERO
from commissioning.models import InterventionType, Partnership
from providers.choices import ContractKind, ContractState
from providers.models import Contract, ContractPlace
from providers.rules.contract_costs import ceiling_left
from providers.rules.spells import night_of
from providers.selectors.contracts.content import fields_of, terms_of
from providers.selectors.contracts.costs import called_off_on


def block_places(
    partnership: Partnership | int, *, nights: tuple[dt.date, dt.date]
) -> QuerySet[ContractPlace]:
    """Places that live block contracts of the partnership have bought for all of the nights
    (`from`, `until`: the first night not asked for), with their contracts.

    Our own first, then those that others lead.
    """
    from_, until = nights
    rows = ContractPlace.objects.filter(
        contract__in=Contract.objects.bought_by(partnership, nights=nights),
        contract__state=ContractState.LIVE,
        contract__kind=ContractKind.BLOCK,
        nights__contains=DateRange(from_, until),
    )
    return rows.select_related(
        "contract__lead__organisation", "contract__provider__organisation", "place"
    ).order_by("contract__ends_on", "contract", "place__label", "place")


def blocks_of_places(
    places: Collection[int], partnership: Partnership | int, *, nights: tuple[dt.date, dt.date]
) -> dict[int, Contract]:
    """Of these places, those on a block contract of the partnership: place → contract. One
    query."""
    rows = block_places(partnership, nights=nights).filter(place__in=places)
    return {one.place_id: one.contract for one in rows}


@dataclass(frozen=True)
class Buying:
    """A live contract by which single places can be bought: the weekly price on the day, and what
    its ceiling leaves (None without one)."""

    contract: Contract
    weekly_price: Decimal | None
    left: Decimal | None


def buying_contracts(
    partnership: Partnership | int,
    *,
    on: dt.date,
    providers: Collection[int] | None = None,
    intervention: InterventionType | None = None,
) -> list[Buying]:
    """The partnership's live spot contracts and frameworks that hold on the day, the cheapest
    first. Two queries."""
    rows = (
        Contract.objects.bought_by(partnership, nights=night_of(on))
        .holding_on(on)
        .filter(state=ContractState.LIVE, kind__in=(ContractKind.SPOT, ContractKind.FRAMEWORK))
        .with_names()
    )
    if providers is not None:
        rows = rows.filter(provider__in=providers)
    if intervention is not None:
        rows = rows.filter(interventions=intervention)
    held = list(rows.order_by("price", "reference"))
    spent = called_off_on([one.pk for one in held])
    return [
        Buying(
            one,
            terms_of(fields_of(one)).price_on(on) if one.price is not None else None,
            ceiling_left(one.ceiling, spent.get(one.pk, ZERO)),
        )
        for one in held
    ]
