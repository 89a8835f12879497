"""Changing a contract in force: proposed by either side, agreed by the provider, put into force by
an approver of the lead who did not propose it.

An extension by an option needs no yes of the provider, nor does notice that is given in time. What
the change costs or frees is committed or released in the same transaction.
"""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from commissioning.kernel.clock import technical_now
from commissioning.kernel.periods import add_months
from commissioning.kernel.transitions import require_transition
from commissioning.kernel.words import day, pounds
from commissioning.models import User
from commissioning.roles import Permission
from commissioning.services.access import require
from commissioning.services.refusals import refused_by
from providers.choices import (
    IN_FORCE_IN,
    VARIATION_TRANSITIONS,
    ContractKind,
    Side,
    VariationKind,
    VariationState,
)
from providers.models import Contract, Variation
from providers.selectors.contracts.content import BOUGHT_BY_USE, VARIABLE, plain, read
from providers.selectors.contracts.costs import (
    called_off,
    cost_of,
    cost_with,
)
from providers.selectors.contracts.more_money import chosen_parts
from providers.services.contracts.guard import (
    ContractRefused,
    lock_contract,
    other_side,
    require_side,
    require_state,
    save,
    side_of,
    tell_deed,
)
from providers.services.contracts.money import (
    next_version,
    recommit,
    refuse_beyond_limit,
    refuse_not_agreed,
    refuse_who_chose,
)
from providers.services.contracts.sold_places import (
    end_sold_places,
    lengthen_sold_places,
    sell_places,
)
from providers.services.contracts.telling import tell_awarders, tell_side
from providers.services.contracts.versions import freeze


@transaction.atomic
def propose_variation(
    *,
    contract: Contract,
    changes: Mapping[str, Any],
    holds_from: dt.date,
    reason: str,
    by: User,
    on: dt.date,
    revision: int | None = None,
) -> Variation:
    """Propose other terms from a day on: name of the part → its new value.

    Raises `ContractRefused` for what no variation changes, and when one is in hand already.
    """
    held = lock_contract(contract, revision=revision)
    side = side_of(by, held)
    unknown = set(changes) - set(VARIABLE)
    if unknown:
        raise ContractRefused(f"A variation does not change “{min(unknown)}”.")
    wanted = {
        name: plain(value)
        for name, value in changes.items()
        if plain(value) != plain(getattr(held, name))
    }
    if not wanted:
        raise ContractRefused("Nothing is changed.")
    _refuse_nonsense(held, wanted, holds_from)
    return _propose(held, VariationKind.CHANGE, side, wanted, holds_from, reason, by, on)


@transaction.atomic
def extend_contract(*, contract: Contract, reason: str, by: User, on: dt.date) -> Variation:
    """Take up one of the contract's options to extend it. Another person puts it into force."""
    held = lock_contract(contract)
    require(by, Permission.CONTRACT_EDIT, organisation_id=held.lead_id)
    if not held.extensions_left:
        raise ContractRefused("The contract has no extension left.")
    if held.extend_by is not None and on > held.extend_by:
        raise ContractRefused(f"The option to extend lapsed on {day(held.extend_by)}.")
    if held.ended_on is not None:
        raise ContractRefused(f"The contract ends early, on {day(held.ended_on)}.")
    changes = {
        "ends_on": later_by(held.ends_on, held.extension_months).isoformat(),
        "extensions_left": held.extensions_left - 1,
        "extend_by": later_by(held.extend_by, held.extension_months).isoformat()
        if held.extend_by
        else None,
    }
    return _propose(
        held,
        VariationKind.EXTENSION,
        Side.COMMISSIONER,
        changes,
        held.ends_on,
        reason or "Option to extend.",
        by,
        on,
    )


@transaction.atomic
def end_early(
    *, contract: Contract, ends_on: dt.date, reason: str, by: User, on: dt.date
) -> Variation:
    """Give notice: the contract ends on a day before its term is over.

    Notice in time needs no yes of the other side; with less, the other side has to agree.
    """
    held = lock_contract(contract)
    side = side_of(by, held)
    if ends_on < held.starts_on:
        raise ContractRefused(
            f"The contract would end on {day(ends_on)}, before it starts on {day(held.starts_on)}."
        )
    if ends_on < on:
        raise ContractRefused(f"{day(ends_on)} is over. A contract ends today or later.")
    if ends_on >= (held.ended_on or held.ends_on):
        raise ContractRefused(
            f"The contract ends on {day(held.ended_on or held.ends_on)} without notice."
        )
    changes = {"ended_on": ends_on.isoformat()}
    return _propose(held, VariationKind.END, side, changes, ends_on, reason, by, on)


@transaction.atomic
def agree_variation(*, variation: Variation, by: User, on: dt.date) -> Variation:
    """The provider's yes to what the commissioner proposes."""
    held = lock_contract(variation.contract)
    require(by, Permission.CONTRACT_ANSWER, organisation_id=held.provider_id)
    one = _locked(variation)
    _require_proposed(one)
    if one.agreed_at is not None:
        return one
    one.agreed_at, one.agreed_by = technical_now(), by
    one.save(update_fields=["agreed_at", "agreed_by"])
    tell_deed("variation_agreed", held, by, variation=one.number)
    tell_awarders(
        held,
        f"{held.provider} agrees to variation {one.number} of {held}: it can be put into force",
        f"variation:{one.number}:agreed",
        by=by,
        on=on,
    )
    return one


@transaction.atomic
def refuse_variation(*, variation: Variation, reason: str, by: User, on: dt.date) -> Variation:
    """No, with why: by the other side than proposed it. Notice in time cannot be refused."""
    held = lock_contract(variation.contract)
    one = _locked(variation)
    require_side(by, held, other_side(Side(one.side)))
    _require_proposed(one)
    if one.kind == VariationKind.EXTENSION:
        raise ContractRefused("The option to extend is the commissioner's: it is not refused.")
    if is_in_time(held, one):
        raise ContractRefused("The notice is in time: it cannot be refused.")
    if not reason.strip():
        raise ContractRefused("Say why it is refused.")
    _close(held, one, VariationState.REFUSED, by, reason)
    said = f"Variation {one.number} of {held} is refused: {reason.strip()}"
    tell_side(held, Side(one.side), said, f"variation:{one.number}:refused", by=by, on=on)
    return one


@transaction.atomic
def withdraw_variation(*, variation: Variation, reason: str, by: User) -> Variation:
    """Taken back by the side that proposed it."""
    held = lock_contract(variation.contract)
    one = _locked(variation)
    require_side(by, held, Side(one.side))
    _require_proposed(one)
    _close(held, one, VariationState.WITHDRAWN, by, reason or "Withdrawn.")
    return one


@transaction.atomic
def put_into_force(*, variation: Variation, by: User, on: dt.date) -> Contract:
    """The variation binds: a new version is frozen, and the difference committed or released.

    By somebody who holds CONTRACT_AWARD for the lead, neither proposed it nor chose its lines, and
    whose limit covers what changes for all partnerships together. All or nothing.
    """
    held = lock_contract(variation.contract)
    require(by, Permission.CONTRACT_AWARD, organisation_id=held.lead_id)
    one = _locked(variation)
    _require_proposed(one)
    require_state(held, IN_FORCE_IN, "Only a contract in force is varied.")
    if one.proposed_by_id == by.pk:
        raise ContractRefused("You proposed this variation: another person puts it into force.")
    if needs_provider(held, one):
        raise ContractRefused(f"{held.provider} has not agreed to the variation yet.")
    before = cost_of(held)
    after = cost_with(held, one.changes, one.holds_from)
    change = after.total - before.total
    refuse_beyond_limit(by, held.lead_id, change, of_all=held.shares.count() > 1)
    refuse_who_chose(held, by)
    refuse_not_agreed(held)
    number = next_version(held)
    was_until = held.ended_on or held.ends_on
    _apply(held, one.changes)
    if one.kind == VariationKind.END:
        held.ended_for = one.reason
    save(held, *one.changes, "ended_for")
    freeze(held, after, holds_from=one.holds_from, reason=one.reason, by=by)
    _move_places(held, was_until, one)
    moved = recommit(held, after, version=number, by=by, on=on, chosen=chosen_parts(one))
    one.state, one.decided_by, one.decided_at = VariationState.ACCEPTED, by, technical_now()
    one.save(update_fields=["state", "decided_by", "decided_at"])
    tell_deed(
        "varied",
        held,
        by,
        variation=one.number,
        version=number,
        reason=one.reason,
        committed=pounds(moved) if moved > 0 else None,
        released=pounds(-moved) if moved < 0 else None,
    )
    for side in (Side.COMMISSIONER, Side.PROVIDER):
        said = f"Contract {held} is varied from {day(one.holds_from)}: {one.reason}"
        tell_side(held, side, said, f"variation:{one.number}:accepted", by=by, on=on)
    return held


def needs_provider(contract: Contract, variation: Variation) -> bool:
    """Whether the variation waits for the provider's yes."""
    if variation.agreed_at is not None or variation.kind == VariationKind.EXTENSION:
        return False
    return not is_in_time(contract, variation)


def is_in_time(contract: Contract, variation: Variation) -> bool:
    """Whether it is notice, given as early as the contract asks."""
    if variation.kind != VariationKind.END:
        return False
    return variation.holds_from >= variation.proposed_on + dt.timedelta(
        weeks=contract.notice_weeks
    )


def later_by(on: dt.date, months: int) -> dt.date:
    """The same day so many months later, or the last of a shorter month."""
    first = add_months(on.replace(day=1), months)
    following = add_months(first, 1)
    return min(first + dt.timedelta(days=on.day - 1), following - dt.timedelta(days=1))


def _propose(  # noqa: PLR0917 - the three deeds above are keyword-only
    held: Contract,
    kind: VariationKind,
    side: Side,
    changes: Mapping[str, Any],
    holds_from: dt.date,
    reason: str,
    by: User,
    on: dt.date,
) -> Variation:
    require_state(held, IN_FORCE_IN, "Only a contract in force is varied.")
    if not reason.strip():
        raise ContractRefused("Say why the contract is varied.")
    by_provider = side == Side.PROVIDER
    with refused_by(
        "contract_has_one_variation_in_hand",
        "A variation is in hand already. Decide or withdraw it first.",
        error=ContractRefused,
    ):
        one = Variation.objects.create(
            contract=held,
            number=held.variations.count() + 1,
            kind=kind,
            side=side,
            changes=dict(changes),
            holds_from=holds_from,
            proposed_on=on,
            reason=reason.strip()[:300],
            proposed_by=by,
            agreed_by=by if by_provider else None,
            agreed_at=technical_now() if by_provider else None,
        )
    tell_deed("variation_proposed", held, by, variation=one.number, reason=one.reason)
    said = f"{kind.label} of {held} from {day(holds_from)} is proposed: {one.reason}"
    tell_side(held, other_side(side), said, f"variation:{one.number}", by=by, on=on)
    if not needs_provider(held, one):
        tell_awarders(held, said, f"variation:{one.number}", by=by, on=on)
    return one


def _locked(variation: Variation) -> Variation:
    rows = Variation.objects.select_for_update(no_key=True, of=("self",))
    return rows.select_related("contract").get(pk=variation.pk)


def _require_proposed(variation: Variation) -> None:
    require_transition(
        VARIATION_TRANSITIONS,
        current=VariationState(variation.state),
        to=VariationState.ACCEPTED,
        sentence=f"Variation {variation.number} is {variation.get_state_display().lower()}"
        " already.",
    )


def _close(
    contract: Contract, variation: Variation, state: VariationState, by: User, reason: str
) -> None:
    variation.state, variation.decided_by = state, by
    variation.decision, variation.decided_at = reason.strip()[:300], technical_now()
    variation.save(update_fields=["state", "decided_by", "decision", "decided_at"])
    contract.agreements.filter(version=next_version(contract)).delete()
    tell_deed(
        f"variation_{state.lower()}",
        contract,
        by,
        variation=variation.number,
        reason=variation.decision,
    )


def _apply(contract: Contract, changes: Mapping[str, Any]) -> None:
    for name, value in changes.items():
        setattr(contract, name, read(name, value))


def _move_places(contract: Contract, was_until: dt.date, variation: Variation) -> None:
    """The places sold follow the term and the number of places."""
    if contract.kind != ContractKind.BLOCK:
        return
    until = contract.ended_on or contract.ends_on
    if until < was_until:
        end_sold_places(contract, on=until)
    elif until > was_until:
        lengthen_sold_places(contract, was=was_until, until=until)
    if "places" in variation.changes:
        from_ = max(variation.holds_from, contract.starts_on)
        end_sold_places(contract, on=from_, keep=contract.places or 0)
        sell_places(contract, number=contract.places or 0, from_=from_, until=until)


def _refuse_nonsense(contract: Contract, changes: Mapping[str, Any], holds_from: dt.date) -> None:
    try:
        wanted = {name: read(name, value) for name, value in changes.items()}
    except (ValidationError, InvalidOperation) as wrong:
        raise ContractRefused("A value of the variation cannot be read.") from wrong
    ends_on = wanted.get("ends_on", contract.ends_on)
    if ends_on <= contract.starts_on:
        raise ContractRefused(
            f"The contract would end on {day(ends_on)}, which is not after it starts on"
            f" {day(contract.starts_on)}."
        )
    if not contract.starts_on <= holds_from < (contract.ended_on or contract.ends_on):
        raise ContractRefused(
            f"{day(holds_from)} lies outside the contract, which runs from"
            f" {day(contract.starts_on)} to before {day(contract.ended_on or contract.ends_on)}."
        )
    if contract.kind == ContractKind.BLOCK and not wanted.get("places", contract.places):
        raise ContractRefused("A block contract has places at a price.")
    price = wanted.get("price", contract.price)
    if price is not None and not Decimal(0) < price:
        raise ContractRefused("Enter a price above £0.")
    _refuse_ceiling(contract, wanted)


def _refuse_ceiling(contract: Contract, wanted: Mapping[str, Any]) -> None:
    ceiling = wanted.get("ceiling", contract.ceiling)
    if ceiling is None or contract.kind not in BOUGHT_BY_USE:
        return
    spent = called_off(contract)
    if ceiling < spent:
        raise ContractRefused(
            f"{pounds(spent)} is called off already: the ceiling cannot be {pounds(ceiling)}."
        )
