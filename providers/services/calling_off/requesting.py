"""Calling a held place off: on a block at once, or as a spot purchase that is approved."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from django.db import transaction

from commissioning.kernel.clock import technical_now
from commissioning.kernel.money import MOST, PENNY
from commissioning.kernel.words import pounds
from commissioning.models import InterventionType, Partnership, User
from commissioning.roles import Permission
from commissioning.services.access import require
from providers.choices import CallOffKind, CallOffState, OccupancyKind
from providers.models import CallOff, Contract, DeliveredIntervention, Occupancy, Place
from providers.models.register import opened_by
from providers.rules.call_off_costs import cost_by_year, stay_cost
from providers.selectors.call_offs.blocks import blocks_for, covers, free_on_our_blocks
from providers.selectors.call_offs.money import cause_of
from providers.selectors.contracts.buying import buying_contracts
from providers.selectors.contracts.costs import left_of_ceiling
from providers.services.calling_off.guard import CallOffRefused, tell_deed
from providers.services.calling_off.money import checked_parts, write_parts
from providers.services.calling_off.telling import tell_approvers, tell_provider
from providers.services.contracts.guard import lock_contract
from providers.services.places import PlaceRefused, book_place
from providers.services.places.locked import lock_place


@dataclass(frozen=True, kw_only=True)
class Purchase:
    """How a place is bought: at which price a week, from which parts of plans (allocation →
    pounds), by which spot contract or framework if by one, and why not on a free block place."""

    weekly_price: Decimal
    parts: Mapping[int, Decimal] = field(default_factory=dict)
    contract: Contract | None = None
    block_unused_because: str = ""


@transaction.atomic
def call_off_block(
    *,
    occupancy: Occupancy,
    intervention: InterventionType,
    contract: Contract,
    by: User,
    on: dt.date,
) -> CallOff:
    """Book a held place on the partnership's block: nothing new is to pay, nobody else approves.

    Raises `CallOffRefused` when the contract did not buy the place for these nights.
    """
    lock_contract(contract)
    held, place, partnership = _held(occupancy, intervention, by, on=on)
    nights = _nights(held)
    if contract not in blocks_for(place, partnership, nights=nights, intervention=intervention.pk):
        raise CallOffRefused(
            f"Contract {contract} has no place left for these nights at {place.service}, or does"
            f" not buy {str(intervention).lower()}."
        )
    made = CallOff.objects.create(
        **_words(held, place, intervention, by),
        kind=CallOffKind.BLOCK,
        contract=contract,
        state=CallOffState.APPROVED,
    )
    book_place(occupancy=held, cause=cause_of(made), by=by, on=on)
    tell_deed("booked", made, by, contract=str(contract), place=str(place))
    tell_provider(
        made, f"{partnership} booked {place} for {held.case}: accept it", "booked", by=by, on=on
    )
    return made


@transaction.atomic
def request_call_off(
    *,
    occupancy: Occupancy,
    intervention: InterventionType,
    purchase: Purchase,
    by: User,
    on: dt.date,
) -> CallOff:
    """Ask for a spot purchase of a held place. The money is committed once it is approved.

    Raises `CallOffRefused` with what is missing: a reason where a block of ours has a free place
    for these nights, money that does not come to the cost, a ceiling that is too low, a price
    that is not the contract's.
    """
    if purchase.contract is not None:
        lock_contract(purchase.contract)
    held, place, partnership = _held(occupancy, intervention, by, on=on)
    start, until = _nights(held)
    price = _price(purchase.weekly_price)
    cost = stay_cost((until - start).days, price)
    if cost > MOST:
        raise CallOffRefused("The amount is more than this service can hold.")
    if purchase.contract is not None:
        refuse_beyond_contract(
            purchase.contract,
            partnership,
            place,
            nights=(start, until),
            intervention=intervention.pk,
            price=price,
            cost=cost,
            is_new=True,
        )
    _refuse_block_unused(partnership, (start, until), intervention, purchase)
    parts = checked_parts(
        partnership,
        cost_by_year(start, until, price),
        purchase.parts,
        intervention=intervention.pk,
        provider=place.service.provider_id,
    )
    made = CallOff.objects.create(
        **_words(held, place, intervention, by),
        kind=CallOffKind.SPOT,
        contract=purchase.contract,
        state=CallOffState.REQUESTED,
        weekly_price=price,
        cost=cost,
        block_unused_because=purchase.block_unused_because.strip()[:300],
    )
    write_parts(made, parts)
    tell_deed(
        "requested",
        made,
        by,
        place=str(place),
        cost=pounds(cost),
        reason=made.block_unused_because,
    )
    tell_approvers(
        made,
        f"{by} asks you to approve {made}: {place} at {place.service}, {pounds(cost)}",
        "requested",
        amount=cost,
        but=by.pk,
        on=on,
    )
    return made


def refuse_beyond_contract(
    contract: Contract,
    partnership: Partnership,
    place: Place,
    *,
    nights: tuple[dt.date, dt.date],
    intervention: str,
    price: Decimal,
    cost: Decimal,
    bought: Decimal | None = None,
    is_new: bool = False,
) -> None:
    """Raise unless the locked contract lets so much be bought: its provider, nights, price and
    ceiling. `bought`: what of the cost is called off on it already. `is_new`: asked for now, so
    at the contract's price and no other; what was asked for before keeps its price while the
    contract does not say less.
    """
    start, until = nights
    usable = buying_contracts(partnership, on=start, providers=[place.service.provider_id])
    found = next((one for one in usable if one.contract.pk == contract.pk), None)
    if found is None:
        raise CallOffRefused(
            f"{contract} does not let you buy single places of {place.service} on that day."
        )
    last = found.contract.holds_until
    if until > last:
        raise CallOffRefused(f"{contract} ends before these nights do.")
    if not covers(contract, intervention):
        raise CallOffRefused(f"{contract} does not buy this intervention.")
    agreed = found.weekly_price
    if agreed is not None and (price > agreed or (is_new and price != agreed)):
        raise CallOffRefused(
            f"{contract} says {pounds(agreed)} a week, and {pounds(price)} is"
            f" {'more' if price > agreed else 'less'}: its price is the price."
        )
    left = left_of_ceiling(found.contract)
    if left is not None and cost - (bought or 0) > left:
        raise CallOffRefused(
            f"{pounds(left)} is left below the ceiling of {contract}, and this comes to"
            f" {pounds(cost - (bought or 0))}."
        )


def _held(
    occupancy: Occupancy, intervention: InterventionType, by: User, *, on: dt.date
) -> tuple[Occupancy, Place, Partnership]:
    """The hold under its place's lock, of whom, and that it can be called off."""
    place = lock_place(occupancy.place)
    held = (
        Occupancy.objects.select_related("partnership__organisation")
        .filter(began=occupancy.began_id)
        .first()
    )
    if held is None or (held.held_until and held.held_until <= technical_now()):
        raise PlaceRefused(f"The hold on {place} ran out. Hold it again.")
    if held.partnership is None:
        raise CallOffRefused("Nobody holds this place for a partnership.")
    require(by, Permission.PLACE_HOLD, organisation_id=held.partnership_id)
    if earlier := CallOff.objects.filter(occupancy=held).first():
        raise CallOffRefused(f"{earlier} asked for this place already.")
    if held.kind != OccupancyKind.HELD:
        raise CallOffRefused(f"{place} is not held any more.")
    if not held.case.strip():
        raise CallOffRefused("The hold names no case: hold the place for one.")
    delivered = DeliveredIntervention.objects.filter(
        opened_by(on), service=place.service_id, intervention=intervention
    )
    if not delivered.exists():
        raise CallOffRefused(f"{place.service} does not deliver {str(intervention).lower()}.")
    return held, place, held.partnership


def _nights(held: Occupancy) -> tuple[dt.date, dt.date]:
    assert held.planned_until is not None  # noqa: S101 - a hold has an end
    return held.nights.lower, held.planned_until


def _words(
    held: Occupancy, place: Place, intervention: InterventionType, by: User
) -> dict[str, object]:
    start, until = _nights(held)
    return {
        "partnership": held.partnership,
        "provider_id": place.service.provider_id,
        "place": place,
        "occupancy": held,
        "intervention": intervention,
        "case": held.case,
        "starts_on": start,
        "ends_on": until,
        "requested_by": by,
    }


def _price(price: Decimal) -> Decimal:
    if not price.is_finite() or not PENNY <= price <= MOST or price != price.quantize(PENNY):
        raise CallOffRefused("Enter the price a week in pounds and pence, above £0.")
    return price.quantize(PENNY)


def _refuse_block_unused(
    partnership: Partnership,
    nights: tuple[dt.date, dt.date],
    intervention: InterventionType,
    purchase: Purchase,
) -> None:
    if purchase.block_unused_because.strip():
        return
    free = free_on_our_blocks(
        partnership, nights=nights, intervention=intervention.pk, now=technical_now()
    )
    if free:
        raise CallOffRefused(
            f"A place that is paid for already is free on these nights: {free[0]} at"
            f" {free[0].service}. Say why it is not used."
        )
