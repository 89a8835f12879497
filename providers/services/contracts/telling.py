"""Telling the people of a side what happened to a contract."""

import datetime as dt
from collections.abc import Collection, Iterable

from commissioning.models import User
from commissioning.roles import Permission
from commissioning.scoping import Actor
from commissioning.selectors.plans.sides import people_holding
from commissioning.services.notices import tell
from providers.choices import Side
from providers.models import Contract
from providers.services.contracts.guard import WRITES, place_of


def address_of(contract: Contract, *more: str) -> str:
    """Where the contract is read, or a page of it."""
    return "/".join(["/contracts", contract.reference, *more, ""])


def tell_side(
    contract: Contract,
    side: Side,
    sentence: str,
    cause: str,
    *,
    by: Actor,
    on: dt.date,
) -> int:
    """Tell those who write for a side, once for each cause; who did it is not told."""
    place = place_of(contract, side)
    people = people_holding(WRITES[side], [place], on=on).get(place, [])
    return _tell(contract, [one for one in people if one != by], sentence, cause)


def tell_awarders(contract: Contract, sentence: str, cause: str, *, by: Actor, on: dt.date) -> int:
    """Tell those of the lead who award contracts and did not write this one."""
    place = contract.lead_id
    writers = set(contract.writers.values_list("pk", flat=True))
    held = people_holding(Permission.CONTRACT_AWARD, [place], on=on).get(place, [])
    people = [one for one in held if one.pk not in writers and one != by]
    return _tell(contract, people, sentence, cause)


def tell_partners(
    contract: Contract,
    partnerships: Collection[int],
    sentence: str,
    cause: str,
    *,
    by: Actor,
    on: dt.date,
) -> int:
    """Tell those who agree to the part of each of the partnerships but the lead."""
    others = set(partnerships) - {contract.lead_id}
    held = people_holding(Permission.CONTRACT_AWARD, others, on=on)
    people = {one.pk: one for found in held.values() for one in found if one != by}
    return _tell(contract, people.values(), sentence, cause)


def _tell(contract: Contract, people: Iterable[User], sentence: str, cause: str) -> int:
    return tell(
        people=people,
        sentence=sentence[:300],
        link=address_of(contract),
        cause=f"contract:{contract.pk}:{cause}"[:120],
    )
