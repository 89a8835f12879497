"""Moving money between two lines of a plan: one person asks, another approves within a limit."""

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal

from django.db import transaction
from django.db.models import F

from commissioning.choices import VIREMENT_TRANSITIONS, EntryKind, VirementState
from commissioning.kernel.clock import technical_now
from commissioning.kernel.errors import NotPermitted
from commissioning.kernel.money import ZERO
from commissioning.kernel.transitions import require_transition
from commissioning.kernel.words import day, joined, pounds
from commissioning.models import Allocation, FundingStream, Line, Plan, User, Virement
from commissioning.models.funding import CARRIED_FORWARD
from commissioning.roles import Permission
from commissioning.selectors.plans.carried import beyond_if_moved
from commissioning.selectors.plans.ledger import approvers_of, approves_up_to
from commissioning.services.access import require
from commissioning.services.audit import record
from commissioning.services.ledger.book import (
    BeyondTheLine,
    Book,
    LedgerRefused,
    OtherAmount,
    require_amount,
)
from commissioning.services.notices import tell
from commissioning.services.plans.telling import address_of


@transaction.atomic
def ask_for_virement(
    *,
    source: Allocation,
    target: Line,
    amount: Decimal,
    reason: str,
    cause: str,
    by: User,
    on: dt.date,
) -> Virement:
    """Ask to move so much of a stream from one line of a plan to another.

    The stream stays the same, since its holder gave it for something; the other line may be one
    that took nothing from it yet. Nothing moves until another person approves; those who may are
    told.
    """
    amount = require_amount(amount)
    book = Book([source], by=by, on=on)
    held = book.held[source.pk]
    plan = held.line.plan
    earlier = Virement.objects.filter(partnership=plan.partnership_id, cause=cause).first()
    if earlier:
        return _same(earlier, source, target, amount)
    book.require_open()
    if not reason.strip():
        raise LedgerRefused("Say why the money moves.", field="reason")
    if target.plan_id != plan.pk:
        raise LedgerRefused("Money moves between lines of one plan.")
    if target.pk == held.line_id:
        raise LedgerRefused("Choose another line to move the money to.", field="target")
    _refuse_beyond_ring_fence(held, target, amount)
    _refuse_taken(book, source.pk, amount)
    # Its sums come from entries; whoever made it a moment ago made the same row.
    to, _ = Allocation.objects.get_or_create(
        line=target, stream=held.stream, defaults={"amount": ZERO}
    )
    virement = Virement.objects.create(
        partnership_id=plan.partnership_id,
        source=held,
        target=to,
        amount=amount,
        cause=cause,
        reason=reason.strip()[:300],
        asked_by=by,
    )
    _record("virement.asked", virement, plan, by, reason=virement.reason)
    _tell(
        approvers_of(virement, on=on),
        virement,
        plan,
        sentence=f"{by} asks you to approve a virement of {_words(virement)}, {plan}",
    )
    return virement


@transaction.atomic
def decide_virement(
    *, virement: Virement, approve: bool, by: User, on: dt.date, decision: str = ""
) -> Virement:
    """Approve a virement, and the money moves; or refuse it, with a reason.

    The approver is another person than who asked, holds MONEY_APPROVE, and has a limit that
    covers it. What is committed or paid of the line cannot be taken. The total of the plan stays.
    Who asked is told.
    """
    require(by, Permission.MONEY_APPROVE, organisation_id=virement.partnership_id)
    # The plan first, as every change of a plan begins; then what is moved, in its order.
    plan = (
        Plan.objects.select_for_update(no_key=True, of=("self",))
        .with_names()
        .get(allocations=virement.source_id)
    )
    held = Virement.objects.select_for_update(no_key=True).get(pk=virement.pk)
    wanted = VirementState.APPROVED if approve else VirementState.REFUSED
    if held.state == wanted and held.decided_by_id == by.pk:
        return held
    require_transition(
        VIREMENT_TRANSITIONS,
        current=VirementState(held.state),
        to=wanted,
        sentence=_decided_words(held),
    )
    _refuse_approver(held, by)
    if not approve and not decision.strip():
        raise LedgerRefused("Say why it is refused.", field="decision")
    if approve:
        _move(held, plan, by, on)
    held.state, held.decided_by, held.decision = wanted, by, decision.strip()[:300]
    held.decided_at = technical_now()
    held.save(update_fields=["state", "decided_by", "decision", "decided_at"])
    _record(f"virement.{wanted.lower()}", held, plan, by, reason=held.decision)
    because = f": {held.decision}" if held.decision else ""
    _tell(
        [held.asked_by],
        held,
        plan,
        sentence=f"{by} {wanted.label.lower()} your virement of {_words(held)}{because}",
    )
    return held


def _move(virement: Virement, plan: Plan, by: User, on: dt.date) -> None:
    """Both entries, and what is being planned along with them."""
    source, target = virement.source_id, virement.target_id
    pair = Allocation.objects.filter(pk__in=[source, target])
    book = Book(pair, by=by, on=on, permission=Permission.MONEY_APPROVE)
    book.require_open()
    _refuse_taken(book, source, virement.amount)
    if book.held[source].amount < virement.amount:
        raise LedgerRefused(
            f"The amendment in hand leaves {pounds(book.held[source].amount)} on"
            f" {book.name(source)}. Agree or withdraw it first."
        )
    _refuse_beyond_ring_fence(book.held[source], book.held[target].line, virement.amount)
    cause = f"virement:{virement.pk}"
    for pk, amount in ((source, -virement.amount), (target, virement.amount)):
        book.add(pk, EntryKind.VIREMENT, amount, cause=cause, reason=virement.reason)
        Allocation.objects.filter(pk=pk).update(amount=F("amount") + amount)
    book.save()
    # A grid that is open elsewhere shows amounts of before: its next save is told so.
    Plan.objects.filter(pk=plan.pk).update(revision=F("revision") + 1)


def _refuse_taken(book: Book, allocation: int, amount: Decimal) -> None:
    free = max(book.sums[allocation].headroom, ZERO)
    if amount > free:
        raise BeyondTheLine(
            f"{pounds(amount)} was to be moved, and {pounds(free)} is free on"
            f" {book.name(allocation)}: what is committed or paid stays.",
            field="amount",
        )


def _refuse_beyond_ring_fence(source: Allocation, target: Line, amount: Decimal) -> None:
    """What the stream may not pay for; of money carried forward, what the streams may not from
    which it came."""
    only = source.stream.pays_only
    if only and target.intervention_id not in only:
        raise LedgerRefused(
            f"{source.stream} cannot pay for line {target}. {source.stream.rule}".strip(),
            field="target",
        )
    if source.stream_id != CARRIED_FORWARD:
        return
    for beyond in beyond_if_moved(target.plan, source.line, target, amount):
        kept = sum((one.amount for one in beyond.origins), ZERO)
        came = joined(FundingStream.objects.filter(pk__in=[one.stream for one in beyond.origins]))
        raise LedgerRefused(
            f"{pounds(kept)} of what is carried forward came from {came}, which cannot pay for"
            f" line {target}: {pounds(beyond.amount)} too much would be moved.",
            field="target",
        )


def _refuse_approver(virement: Virement, by: User) -> None:
    if virement.asked_by_id == by.pk:
        raise LedgerRefused("You asked for this virement: another person approves it.")
    limit = approves_up_to(by, virement.partnership_id)
    if limit is None:
        raise NotPermitted("Your role does not let you do this here.")
    if virement.amount > limit:
        raise LedgerRefused(
            f"You approve up to {pounds(limit)}, and this moves {pounds(virement.amount)}."
        )


def _same(earlier: Virement, source: Allocation, target: Line, amount: Decimal) -> Virement:
    if (earlier.source_id, earlier.target.line_id, earlier.amount) != (
        source.pk,
        target.pk,
        amount,
    ):
        raise OtherAmount("This virement was asked for already, with another line or amount.")
    return earlier


def _decided_words(virement: Virement) -> str:
    """Who decided it already, and how."""
    when = day(virement.decided_at.date()) if virement.decided_at else ""
    return (
        f"{virement.decided_by} decided this virement on {when}:"
        f" {virement.get_state_display().lower()}."
    )


def _words(virement: Virement) -> str:
    source, target = virement.source.line, virement.target.line
    return f"{pounds(virement.amount)} from line {source.number} to line {target.number}"


def _tell(people: Iterable[User], virement: Virement, plan: Plan, *, sentence: str) -> None:
    tell(
        people=people,
        sentence=sentence[:300],
        link=address_of(plan, "virements", str(virement.pk)),
        cause=f"virement:{virement.pk}:{virement.state}",
    )


def _record(action: str, virement: Virement, plan: Plan, by: User, *, reason: str) -> None:
    record(
        action,
        virement,
        by=by,
        organisation=plan.partnership.organisation,
        plan=plan.slug,
        amount=str(virement.amount),
        source=str(virement.source.line),
        target=str(virement.target.line),
        **({"reason": reason} if reason else {}),
    )
