"""Which places the partnership has bought already: nothing new is to pay for them."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable

from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Exists, OuterRef, Q, QuerySet

from commissioning.models import Partnership
from providers.choices import CALLED_OFF_IN, CallOffKind, CallOffState, ContractKind, ContractState
from providers.models import CallOff, Contract, ContractPlace, Place
from providers.rules.call_off_costs import most_at_once
from providers.selectors.contracts.buying import block_places

Nights = tuple[dt.date, dt.date]
# A request has its place of a block too, until it comes to nothing.
KEEPS_A_PLACE = CALLED_OFF_IN | {CallOffState.REQUESTED}


def blocks_for(
    place: Place, partnership: Partnership | int, *, nights: Nights, intervention: str | None
) -> list[Contract]:
    """Live block contracts by which the partnership has this place on all of the nights.

    Those that name the place; then those that name no beds, cover its service, and have fewer
    people than places on each of the nights.
    """
    named = [one.contract for one in block_places(partnership, nights=nights).filter(place=place)]
    open_ended = (
        unnamed_blocks(partnership, nights=nights)
        .filter(provider=place.service.provider_id)
        .filter(_covers(place.service_id))
    )
    found = list(dict.fromkeys([*named, *with_room(open_ended, nights)]))
    return [one for one in found if intervention is None or covers(one, intervention)]


def unnamed_blocks(partnership: Partnership | int, *, nights: Nights) -> QuerySet[Contract]:
    """Live block contracts of the partnership for the nights that name no beds."""
    start, until = nights
    beds = ContractPlace.objects.filter(contract=OuterRef("pk"))
    return (
        Contract.objects.bought_by(partnership, nights=nights)
        .filter(~Exists(beds), state=ContractState.LIVE, kind=ContractKind.BLOCK)
        .filter(Q(ended_on__isnull=True) | Q(ended_on__gte=until))
        .filter(starts_on__lte=start, ends_on__gte=until)
        .with_names()
        .order_by("ends_on", "reference")
    )


def with_room(contracts: Iterable[Contract], nights: Nights) -> list[Contract]:
    """Of contracts that name no beds, those that have one left on each of the nights, in the same
    order. One query."""
    start, until = nights
    asked = list(contracts)
    spells: dict[int, list[Nights]] = defaultdict(list)
    rows = (
        CallOff.objects.filter(kind=CallOffKind.BLOCK, state__in=KEEPS_A_PLACE)
        .filter(contract__in=[one.pk for one in asked], starts_on__lt=until, ends_on__gt=start)
        .values_list("contract", "starts_on", "ends_on")
    )
    for contract, first, last in rows:
        spells[contract].append((max(first, start), min(last, until)))
    return [one for one in asked if most_at_once(spells[one.pk]) < (one.places or 0)]


def covers(contract: Contract, intervention: str) -> bool:
    """Whether the contract buys the intervention; one that names none buys all."""
    bought = set(contract.interventions.values_list("pk", flat=True))
    return not bought or intervention in bought


def free_on_our_blocks(
    partnership: Partnership | int, *, nights: Nights, intervention: str, now: dt.datetime
) -> list[Place]:
    """Places that the partnership has paid for already and that nobody has on these nights."""
    rows = Place.objects.free_between(*nights, now=now).select_related("service")
    named = (
        block_places(partnership, nights=nights)
        .filter(Q(contract__interventions=intervention) | Q(contract__interventions__isnull=True))
        .order_by()
        .values("place")
    )
    found = list(rows.filter(pk__in=named))
    for contract in with_room(unnamed_blocks(partnership, nights=nights), nights):
        if covers(contract, intervention):
            found += rows.filter(_of_contract(contract))
    return found


def sold_to_strangers(partnership: Partnership | int | None, *, nights: Nights) -> Exists:
    """Places that a block of others has on one of the nights: not offered to whoever has no
    share in it."""
    rows = ContractPlace.objects.filter(place=OuterRef("pk"), nights__overlap=DateRange(*nights))
    if partnership is not None:
        ours = Contract.objects.bought_by(partnership, nights=nights)
        rows = rows.exclude(contract__in=ours)
    return Exists(rows)


def _covers(service: int) -> Q:
    return Q(services=service) | Q(services__isnull=True)


def _of_contract(contract: Contract) -> Q:
    services: Collection[int] = list(contract.services.values_list("pk", flat=True))
    if services:
        return Q(service__in=services)
    return Q(service__provider=contract.provider_id)
