"""The guard before every deed on a contract: who, for which side, in which state, on what."""

from collections.abc import Collection
from typing import Any

from commissioning.kernel.errors import DomainError, NotPermitted
from commissioning.kernel.transitions import require_transition
from commissioning.models import User
from commissioning.roles import Permission
from commissioning.scoping import Actor
from commissioning.services.access import require
from commissioning.services.audit import record
from commissioning.services.ledger.book import patiently
from commissioning.services.plans.editing import ChangedMeanwhile
from providers.choices import CONTRACT_TRANSITIONS, ContractState, Side
from providers.models import Contract

WRITES = {
    Side.COMMISSIONER: Permission.CONTRACT_EDIT,
    Side.PROVIDER: Permission.CONTRACT_ANSWER,
}
# In these the commissioner's own part can be written: shares, money, tender.
BEFORE_AWARD = frozenset({ContractState.DRAFT, ContractState.OFFERED})


class ContractRefused(DomainError):
    """The deed cannot be done on this contract; nothing was written."""


class ContractChanged(ChangedMeanwhile, ContractRefused):
    """Somebody else saved the contract after this person opened it. Nothing was written."""


def lock_contract(contract: Contract, *, revision: int | None = None) -> Contract:
    """The contract, locked until the transaction ends. The first lock of every deed.

    `revision` is what the person was shown. Raises `ContractChanged`.
    """
    rows = Contract.objects.with_names().select_for_update(no_key=True, of=("self",))
    with patiently():
        held = rows.get(pk=contract.pk)
    if revision is not None and revision != held.revision:
        raise ContractChanged(
            "Somebody saved this contract after you opened it. What you typed is still here:"
            " compare it with what the contract says now, and save again."
        )
    return held


def place_of(contract: Contract, side: Side) -> int:
    """The organisation whose people write for a side."""
    return int(contract.lead_id if side == Side.COMMISSIONER else contract.provider_id)


def require_side(by: Actor, contract: Contract, side: Side) -> None:
    """Raise `NotPermitted` unless the person writes for that side of the contract."""
    require(by, WRITES[side], organisation_id=place_of(contract, side))


def side_of(by: Actor, contract: Contract) -> Side:
    """For which side the person writes. Raises `NotPermitted` for nobody of either."""
    for side in (Side.COMMISSIONER, Side.PROVIDER):
        if by.reach(WRITES[side]).covers(place_of(contract, side)):
            return side
    raise NotPermitted("Your role does not let you do this here.")


def other_side(side: Side) -> Side:
    return Side.PROVIDER if side == Side.COMMISSIONER else Side.COMMISSIONER


def require_state(contract: Contract, states: Collection[ContractState], sentence: str) -> None:
    """Raise `ContractRefused` with the sentence and the state unless it is one of those."""
    if contract.state not in states:
        raise ContractRefused(f"{sentence} It is {contract.get_state_display().lower()}.")


def move(contract: Contract, to: ContractState, *more: str) -> None:
    """The contract into another state, with the other fields that changed."""
    require_transition(
        CONTRACT_TRANSITIONS,
        current=ContractState(contract.state),
        to=to,
        sentence=f"{contract.reference} is {contract.get_state_display().lower()} and cannot"
        f" become {to.label.lower()}.",
    )
    contract.state = to
    save(contract, "state", *more)


def save(contract: Contract, *fields: str) -> None:
    """The fields, and the revision by one more."""
    contract.revision += 1
    contract.save(update_fields=[*fields, "revision"])


def wrote(contract: Contract, by: Actor) -> None:
    """Remember that the person wrote of the contract: somebody else awards it."""
    if isinstance(by, User):
        contract.writers.add(by)


def refuse_writer(contract: Contract, by: Actor, deed: str) -> None:
    """Four eyes: nobody awards or approves what they wrote."""
    if isinstance(by, User) and contract.writers.filter(pk=by.pk).exists():
        raise ContractRefused(f"You wrote of this contract: another person {deed} it.")


def tell_deed(action: str, contract: Contract, by: Actor, **details: Any) -> None:
    """The deed in the contract's history, which both sides read."""
    record(
        f"contract.{action}",
        contract,
        by=by,
        organisation=contract.lead.organisation,
        **{name: value for name, value in details.items() if value not in (None, "")},
    )
