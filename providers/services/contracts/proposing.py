"""What either side proposes of a contract in force: other terms, a longer term, an early end."""

import datetime as dt
from collections.abc import Collection, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from commissioning.kernel.clock import technical_now
from commissioning.kernel.periods import add_months
from commissioning.kernel.words import day, pounds
from commissioning.models import InterventionType, User
from commissioning.roles import Permission
from commissioning.services.access import require
from commissioning.services.refusals import refused_by
from providers.choices import (
    IN_FORCE_IN,
    ContractKind,
    Side,
    VariationKind,
)
from providers.models import Contract, Variation
from providers.selectors.contracts.content import (
    BOUGHT_BY_USE,
    VARIABLE,
    VARIABLE_LISTS,
    plain,
    read,
    variable_lists,
)
from providers.selectors.contracts.costs import (
    called_off,
)
from providers.services.contracts.drafting import ShareGiven, refuse_shares
from providers.services.contracts.guard import (
    ContractRefused,
    lock_contract,
    other_side,
    require_state,
    side_of,
    tell_deed,
)
from providers.services.contracts.money import parties_to_come
from providers.services.contracts.performance import refuse_targets
from providers.services.contracts.telling import tell_awarders, tell_partners, tell_side
from providers.services.contracts.varying import needs_provider


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

    `interventions` are codes, `schedule` targets by measure and `shares` pairs of partnership and
    per cent, each the whole of it. Shares are proposed by the commissioner, and every partnership
    that has or gets one is asked. Raises `ContractRefused` for what no variation changes, and when
    one is in hand already.
    """
    held = lock_contract(contract, revision=revision)
    side = side_of(by, held)
    unknown = set(changes) - {*VARIABLE, *VARIABLE_LISTS}
    if unknown:
        raise ContractRefused(f"A variation does not change “{min(unknown)}”.")
    lists = _changed_lists(held, side, changes)
    wanted = {
        name: plain(value)
        for name, value in changes.items()
        if name in VARIABLE and plain(value) != plain(getattr(held, name))
    }
    if not wanted and not lists:
        raise ContractRefused("Nothing is changed.")
    _refuse_nonsense(held, wanted, holds_from)
    return _propose(
        held, VariationKind.CHANGE, side, {**wanted, **lists}, holds_from, reason, by, on
    )


def _changed_lists(contract: Contract, side: Side, changes: Mapping[str, Any]) -> dict[str, Any]:
    """The lists that differ from what is agreed, as a version keeps them."""
    now = variable_lists(contract)
    found: dict[str, Any] = {}
    if "interventions" in changes:
        found["interventions"] = _interventions(changes["interventions"])
    if "schedule" in changes:
        refuse_targets(changes["schedule"])
        targets = {code: _places_kept(one) for code, one in changes["schedule"].items()}
        if targets != {code: Decimal(one) for code, one in now["schedule"].items()}:
            found["schedule"] = {code: str(targets[code]) for code in sorted(targets)}
    if "shares" in changes:
        given = [ShareGiven(key, share) for key, share in changes["shares"]]
        if {one.partnership: one.share for one in given} != {
            int(key): Decimal(one) for key, one in now["shares"].items()
        }:
            if side != Side.COMMISSIONER:
                raise ContractRefused("Shares are the commissioners' own: they propose them.")
            refuse_shares(contract, given)
            given.sort(key=lambda one: one.partnership)
            found["shares"] = {str(one.partnership): f"{one.share:.3f}" for one in given}
    return {name: value for name, value in found.items() if value != now[name]}


def _interventions(codes: Collection[str]) -> list[str]:
    known = set(InterventionType.objects.filter(code__in=codes).values_list("code", flat=True))
    if set(codes) - known:
        raise ContractRefused(f"There is no intervention “{min(set(codes) - known)}”.")
    if not known:
        raise ContractRefused("Say which interventions the contract covers.")
    return sorted(known)


def _places_kept(target: Decimal) -> Decimal:
    """A target to the two places in which it is kept."""
    return target.quantize(Decimal("0.01"))


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
            f"The contract would end on {day(ends_on)}, before it starts on"
            f" {day(held.starts_on)}.",
            field="ends_on",
        )
    if ends_on < on:
        raise ContractRefused(
            f"{day(ends_on)} is over. A contract ends today or later.", field="ends_on"
        )
    if ends_on >= held.holds_until:
        raise ContractRefused(f"The contract ends on {day(held.holds_until)} without notice.")
    changes = {"ended_on": ends_on.isoformat()}
    return _propose(held, VariationKind.END, side, changes, ends_on, reason, by, on)


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
    tell_partners(
        held,
        parties_to_come(held),
        f"{said} Your partnership's yes to its part is asked for.",
        f"variation:{one.number}:part",
        by=by,
        on=on,
    )
    if not needs_provider(held, one):
        tell_awarders(held, said, f"variation:{one.number}", by=by, on=on)
    return one


def _refuse_nonsense(contract: Contract, changes: Mapping[str, Any], holds_from: dt.date) -> None:
    try:
        wanted = {name: read(name, value) for name, value in changes.items()}
    except (ValidationError, InvalidOperation) as wrong:
        raise ContractRefused("A value of the variation cannot be read.") from wrong
    ends_on = wanted.get("ends_on", contract.ends_on)
    if ends_on <= contract.starts_on:
        raise ContractRefused(
            f"The contract would end on {day(ends_on)}, which is not after it starts on"
            f" {day(contract.starts_on)}.",
            field="ends_on",
        )
    if not contract.starts_on <= holds_from < contract.holds_until:
        raise ContractRefused(
            f"{day(holds_from)} lies outside the contract, which runs from"
            f" {day(contract.starts_on)} to before {day(contract.holds_until)}."
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
