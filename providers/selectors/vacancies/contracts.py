"""By which of its contracts a partnership would buy from each service, and why not by others."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import (
    Exists,
    OuterRef,
    Q,
    Value,
)
from django.db.models.functions import Coalesce, NullIf

from commissioning.kernel.money import ZERO
from commissioning.kernel.words import day
from providers.choices import ContractKind, ContractState
from providers.models import (
    Contract,
    ContractPlace,
    Place,
    Service,
)
from providers.rules.buying_order import Buying
from providers.selectors.call_offs.blocks import with_room
from providers.selectors.contracts.content import fields_of, terms_of
from providers.selectors.vacancies.asked import Asking, Wanted

BUYS = (ContractKind.BLOCK, ContractKind.SPOT, ContractKind.FRAMEWORK)


@dataclass(frozen=True)
class Held:
    """The best contract a service can be bought by."""

    buying: Buying
    contract: Any  # a `Contract` with what it `covers`
    price: Decimal | None


def contracts_at(
    wanted: Wanted, asking: Asking
) -> tuple[dict[int, Held], dict[int, tuple[Buying, str]]]:
    """By service, the best of the partnership's live contracts; and of blocks by which no place
    can be had for all the nights, whose they are and why. At most three statements."""
    if asking.partnership is None:
        return {}, {}
    beds = ContractPlace.objects.filter(contract=OuterRef("pk"))
    rows = (
        Contract.objects.bought_by(asking.partnership, nights=(wanted.start, wanted.until))
        .holding_on(wanted.start)
        .filter(state=ContractState.LIVE, kind__in=BUYS)
        .filter(Q(interventions=wanted.intervention) | Q(interventions=None))
        .annotate(names_beds=Exists(beds), covers=_services_of_a_contract())
        .order_by("price", "reference")
    )
    held: list[Any] = list(rows)
    blocks = {one.pk: one for one in held if one.kind == ContractKind.BLOCK}
    found: dict[int, Held] = {}
    for service, contract in _free_of_blocks(wanted, asking, blocks):
        _better(found, service, Held(_whose(contract, asking), contract, ZERO))
    open_ended = [one for one in blocks.values() if not one.names_beds and _lasts(one, wanted)]
    if open_ended:
        open_ended = with_room(open_ended, (wanted.start, wanted.until))
    others = [one for one in held if one.pk not in blocks]
    ways = [
        *(Held(_whose(one, asking), one, ZERO) for one in open_ended),
        *(Held(Buying.FRAMEWORK, one, _price(one, wanted)) for one in others),
    ]
    for way in ways:
        for service in way.contract.covers:
            _better(found, service, way)
    used_up: dict[int, tuple[Buying, str]] = {}
    for one in sorted(blocks.values(), key=lambda block: not _lasts(block, wanted)):
        whose = _whose(one, asking)
        why = "full" if _lasts(one, wanted) else f"only to {day(one.holds_until)}"
        for service in one.covers:
            used_up.setdefault(service, (whose, f"{whose.words}, {why}: {one.reference}"))
    return found, used_up


def _services_of_a_contract() -> Coalesce:
    """The services that a contract names; one that names none covers all of its provider's."""
    named = Contract.services.through.objects.filter(contract=OuterRef("pk"))
    others = Service.objects.filter(provider=OuterRef("provider"))
    return Coalesce(
        NullIf(ArraySubquery(named.values("service")), Value([])),
        ArraySubquery(others.order_by().values("pk")),
    )


def _price(contract: Contract, wanted: Wanted) -> Decimal | None:
    return terms_of(fields_of(contract)).price_on(wanted.start) if contract.price else None


def _free_of_blocks(
    wanted: Wanted, asking: Asking, blocks: Mapping[int, Contract]
) -> list[tuple[int, Contract]]:
    """Services at which a place that a block named is free. One statement."""
    rows = ContractPlace.objects.filter(
        contract__in=list(blocks),
        nights__contains=DateRange(wanted.start, wanted.until),
        place__in=Place.objects.free_between(wanted.start, wanted.until, now=asking.now),
    )
    pairs = rows.values_list("place__service", "contract").distinct() if blocks else []
    return [(service, blocks[contract]) for service, contract in pairs]


def _lasts(contract: Contract, wanted: Wanted) -> bool:
    return wanted.until <= contract.holds_until


def _whose(contract: Contract, asking: Asking) -> Buying:
    ours = asking.partnership is not None and contract.lead_id == asking.partnership.pk
    return Buying.OUR_BLOCK if ours else Buying.CONSORTIUM


def _better(found: dict[int, Held], service: int, held: Held) -> None:
    before = found.get(service)
    if before is None or held.buying < before.buying:
        found[service] = held
