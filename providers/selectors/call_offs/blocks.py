"""Which places the partnership has bought already: nothing new is to pay for them."""

import datetime as dt
from collections.abc import Collection

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
    open_ended = [
        one
        for one in unnamed_blocks(partnership, nights=nights)
        .filter(provider=place.service.provider_id)
        .filter(_covers(place.service_id))
        if has_room(one, nights)
    ]
    found = list(dict.fromkeys([*named, *open_ended]))
    return [one for one in found if intervention is None or covers(one, intervention)]


def unnamed_blocks(partnership: Partnership | int, *, nights: Nights) -> QuerySet[Contract]:
    """Live block contracts of the partnership for the nights that name no beds."""
    start, until = nights
    beds = ContractPlace.objects.filter(contract=OuterRef("pk"))
    return (
        Contract.objects.of_partnership(partnership)
        .filter(~Exists(beds), state=ContractState.LIVE, kind=ContractKind.BLOCK)
        .filter(Q(ended_on__isnull=True) | Q(ended_on__gte=until))
        .filter(starts_on__lte=start, ends_on__gte=until)
        .with_names()
        .order_by("ends_on", "reference")
    )


def has_room(contract: Contract, nights: Nights) -> bool:
    """Whether a contract that names no beds has one left on each of the nights."""
    start, until = nights
    spells = (
        CallOff.objects.filter(contract=contract, kind=CallOffKind.BLOCK, state__in=KEEPS_A_PLACE)
        .filter(starts_on__lt=until, ends_on__gt=start)
        .values_list("starts_on", "ends_on")
    )
    within = [(max(first, start), min(last, until)) for first, last in spells]
    return most_at_once(within) < (contract.places or 0)


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
    for contract in unnamed_blocks(partnership, nights=nights):
        if covers(contract, intervention) and has_room(contract, nights):
            found += rows.filter(_of_contract(contract))
    return found


def sold_to_strangers(partnership: Partnership | int | None, *, nights: Nights) -> Exists:
    """Places that a block of others has on one of the nights: not offered to whoever has no
    share in it."""
    rows = ContractPlace.objects.filter(place=OuterRef("pk"), nights__overlap=DateRange(*nights))
    if partnership is not None:
        rows = rows.exclude(contract__in=Contract.objects.of_partnership(partnership))
    return Exists(rows)


def _covers(service: int) -> Q:
    return Q(services=service) | Q(services__isnull=True)


def _of_contract(contract: Contract) -> Q:
    services: Collection[int] = list(contract.services.values_list("pk", flat=True))
    if services:
        return Q(service__in=services)
    return Q(service__provider=contract.provider_id)
