"""Which places a block contract has bought, night by night: one contract has a place a night."""

import datetime as dt
from collections.abc import Sequence

from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Q

from commissioning.kernel.words import day
from commissioning.services.refusals import refused_by
from providers.choices import ContractKind
from providers.models import Contract, ContractPlace, Place
from providers.services.contracts.guard import ContractRefused

SOLD_TWICE = "place_is_in_one_block_contract_a_night"


def sell_places(contract: Contract, *, number: int, from_: dt.date, until: dt.date) -> int:
    """Give the contract so many places for the nights; says how many rows there are.

    Those that were chosen, then others of its services. A service without places on the register
    sells none. Raises `ContractRefused`, naming who has a bed already.
    """
    if contract.kind != ContractKind.BLOCK or from_ >= until:
        return 0
    places = _candidates(contract)
    if not places:
        return 0
    own = set(
        contract.sold_places.filter(nights__overlap=DateRange(from_, until)).values_list(
            "place", flat=True
        )
    )
    sold = _sold(places, from_, until)
    chosen = [one for one in contract.wanted_places.all() if one.pk in sold and one.pk not in own]
    if chosen:
        raise ContractRefused(_sold_words(chosen[0], sold[chosen[0].pk]))
    free = [one for one in places if one.pk not in sold]
    missing = number - len(own)
    if len(free) < missing:
        taken = [sold[one.pk] for one in places if one.pk in sold]
        raise ContractRefused(_too_few(contract, missing, len(free), from_, taken))
    with refused_by(
        SOLD_TWICE, "Another contract bought one of these places just now.", error=ContractRefused
    ):
        ContractPlace.objects.bulk_create(
            ContractPlace(contract=contract, place=one, nights=DateRange(from_, until))
            for one in free[: max(missing, 0)]
        )
    return max(missing, 0)


def end_sold_places(contract: Contract, *, on: dt.date, keep: int = 0) -> None:
    """From the night `on` only so many places are sold; the first of them stay."""
    rows = list(
        contract.sold_places.filter(Q(nights__endswith__gt=on) | Q(nights__upper_inf=True))
        .select_related("place")
        .order_by("place__label", "place")
    )
    for one in rows[keep:]:
        if one.nights.lower >= on:
            one.delete()
        else:
            one.nights = DateRange(one.nights.lower, on)
            one.save(update_fields=["nights"])


def lengthen_sold_places(contract: Contract, *, was: dt.date, until: dt.date) -> None:
    """The places sold to the end of the term stay sold to its new end."""
    rows = list(
        contract.sold_places.select_related("place").filter(nights__endswith=was).order_by("place")
    )
    _lock([one.place_id for one in rows])
    taken = _sold([one.place for one in rows], was, until)
    for one in rows:
        if one.place_id in taken:
            raise ContractRefused(_sold_words(one.place, taken[one.place_id]))
        one.nights = DateRange(one.nights.lower, until)
    with refused_by(
        SOLD_TWICE, "Another contract bought one of these places just now.", error=ContractRefused
    ):
        ContractPlace.objects.bulk_update(rows, ["nights"])


def _candidates(contract: Contract) -> list[Place]:
    """Places of the services covered, those that were chosen first; locked in their order."""
    services = contract.services.values("pk")
    keys = Place.objects.filter(service__in=services, overbooked_for="").values_list(
        "pk", flat=True
    )
    places = _lock(sorted(keys))
    wanted = set(contract.wanted_places.values_list("pk", flat=True))
    still_open = [
        one for one in places if one.closed_on is None or one.closed_on >= contract.ends_on
    ]
    return sorted(still_open, key=lambda one: (one.pk not in wanted, one.service_id, one.label))


def _lock(keys: Sequence[int]) -> list[Place]:
    rows = Place.objects.filter(pk__in=keys).order_by("pk")
    return list(rows.select_for_update(no_key=True, of=("self",)))


def _sold(places: Sequence[Place], from_: dt.date, until: dt.date) -> dict[int, ContractPlace]:
    """Places that a contract has on one of the nights, by place; the first such."""
    rows = (
        ContractPlace.objects.filter(place__in=places, nights__overlap=DateRange(from_, until))
        .select_related("contract__lead__organisation", "place")
        .order_by("-nights")
    )
    return {one.place_id: one for one in rows}


def _sold_words(place: Place, sold: ContractPlace) -> str:
    nights = sold.nights
    last = f" to {day(nights.upper - dt.timedelta(days=1))}" if nights.upper else ""
    return (
        f"{place} is sold to {sold.contract.lead} in contract {sold.contract.reference} from"
        f" {day(nights.lower)}{last}."
    )


def _too_few(
    contract: Contract, missing: int, free: int, from_: dt.date, taken: Sequence[ContractPlace]
) -> str:
    said = (
        f"{missing} {'place is' if missing == 1 else 'places are'} to be sold from {day(from_)},"
        f" and {free} of {contract.provider} {'is' if free == 1 else 'are'} in no block contract."
    )
    return f"{said} {_sold_words(taken[0].place, taken[0])}" if taken else said
