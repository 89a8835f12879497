"""A longer stay: on a block at once; on a spot purchase the difference is approved again.

It is asked for beforehand, while somebody stays on, or for a stay that ended after the nights
that were approved.
"""

import datetime as dt
from decimal import Decimal

from django.db import transaction

from commissioning.kernel.clock import technical_now
from commissioning.kernel.money import ZERO
from commissioning.kernel.transitions import require_transition
from commissioning.kernel.words import day, pounds
from commissioning.models import User
from commissioning.roles import Permission
from commissioning.services.access import require
from providers.choices import EXTENSION_TRANSITIONS, CallOffState, ExtensionState
from providers.models import CallOff, CallOffExtension, Place
from providers.rules.call_off_costs import cost_by_year, stay_cost
from providers.selectors.call_offs.blocks import blocks_for
from providers.services.calling_off.guard import (
    CALLING_OFF,
    CallOffRefused,
    lock_call_off,
    require_approver,
    require_buyer,
    require_provider,
    require_reason,
    require_state,
    tell_deed,
)
from providers.services.calling_off.money import (
    Parts,
    agreed_cost,
    checked_parts,
    commit_parts,
    settle_stay,
    write_parts,
)
from providers.services.calling_off.requesting import refuse_beyond_contract
from providers.services.calling_off.telling import (
    tell_approvers,
    tell_buyers,
    tell_provider,
    tell_requester,
)
from providers.services.places import plan_departure

CAN_GROW = frozenset({CallOffState.APPROVED, CallOffState.ACCEPTED, CallOffState.ADMITTED})


@transaction.atomic
def extend_stay(
    *,
    call_off: CallOff,
    until: dt.date,
    reason: str,
    by: User,
    on: dt.date,
    parts: Parts | None = None,
) -> CallOffExtension:
    """Ask for a longer stay. On a block it is planned at once; a spot purchase waits for another
    person's approval of the difference, which `parts` puts on plan lines. Of a stay that ended,
    nights up to the day they left, if it ended after those that were approved. Of somebody who
    came early, nights from that day `until` the first of those approved.
    """
    held = lock_call_off(call_off)
    require_buyer(by, held)
    why = require_reason(reason, "Say why the stay is longer.")
    early = held.nights_early > 0 and until == held.starts_on
    if not early:
        _require_growing(held, until)
        if until <= held.ends_on:
            raise CallOffRefused(
                f"It is planned until {day(held.ends_on)}: give a later day.", field="until"
            )
    if held.extensions.filter(state=ExtensionState.ASKED).exists():
        raise CallOffRefused("A longer stay waits for approval already.")
    asked = CallOffExtension(
        call_off=held,
        number=held.extensions.count() + 1,
        since=_span(held, until)[0] if early else held.ends_on,
        until=until,
        reason=why,
        asked_by=by,
    )
    if not held.is_spot:
        return _on_block(held, asked, by=by, on=on)
    _refuse_beyond(held, until)
    asked.cost = _more(held, until)
    checked = checked_parts(
        held.partnership,
        costs_of_more(held, until),
        parts or {},
        intervention=held.intervention_id,
        provider=held.provider_id,
    )
    asked.save()
    write_parts(held, checked, asked)
    tell_deed("extension_asked", held, by, until=until.isoformat(), cost=pounds(asked.cost))
    sentence = f"{by} asks you to approve a longer stay of {held}: {pounds(asked.cost)}"
    tell_approvers(
        held, sentence, f"extension-{asked.number}", amount=asked.cost, but=by.pk, on=on
    )
    return asked


@transaction.atomic
def ask_for_longer(
    *, call_off: CallOff, until: dt.date, reason: str, by: User, on: dt.date
) -> CallOff:
    """The provider says that the person should stay longer: the partnership asks for it or not."""
    held = lock_call_off(call_off)
    require_provider(by, held)
    require_state(held, {CallOffState.ADMITTED}, "Nobody is there who could stay longer.")
    why = require_reason(reason, "Say why the stay is longer.")
    if until <= held.ends_on:
        raise CallOffRefused(
            f"It is planned until {day(held.ends_on)}: give a later day.", field="until"
        )
    tell_deed("longer_stay_wanted", held, by, until=until.isoformat(), reason=why)
    said = f"{held.provider} wants {held.case} to stay until {day(until)} ({held}): {why}"
    tell_buyers(held, said, f"longer-wanted:{until}", on=on)
    return held


def _on_block(
    held: CallOff, asked: CallOffExtension, *, by: User, on: dt.date
) -> CallOffExtension:
    """The block has to have bought the place for the nights after, or before, too."""
    place = Place.objects.select_related("service").get(pk=held.place_id)
    nights = (asked.since, asked.until)
    blocks = blocks_for(place, held.partnership, nights=nights, intervention=held.intervention_id)
    if held.contract not in blocks:
        raise CallOffRefused(f"{held.contract} has no place for these nights.")
    asked.state, asked.decided_at = ExtensionState.APPROVED, technical_now()
    asked.save()
    _plan(held, asked, on=on)
    tell_deed("extended", held, by, until=asked.until.isoformat(), reason=asked.reason)
    return asked


@transaction.atomic
def decide_extension(
    *, extension: CallOffExtension, approve: bool, by: User, on: dt.date, decision: str = ""
) -> CallOffExtension:
    """Approve the difference, which is committed and the place kept for longer; or refuse it.

    Raises `PlaceTaken` where somebody else has the place by then, `LimitTooLow`, `BeyondTheLine`.
    """
    held = lock_call_off(extension.call_off)
    asked = held.extensions.select_for_update(no_key=True).get(pk=extension.pk)
    wanted = ExtensionState.APPROVED if approve else ExtensionState.REFUSED
    if asked.state == wanted and asked.decided_by_id == by.pk:
        return asked
    if approve:
        require_approver(by, held.partnership, asked.cost, asked_by=asked.asked_by_id, on=on)
    else:
        require(by, Permission.CALL_OFF_APPROVE, organisation_id=held.partnership_id)
        require_reason(decision, "Say why it is refused.")
    require_transition(
        EXTENSION_TRANSITIONS,
        current=ExtensionState(asked.state),
        to=wanted,
        sentence=f"The longer stay is decided already: {asked.get_state_display().lower()}.",
    )
    if approve:
        _require_still(held, asked)
        _refuse_beyond(held, asked.until)
    asked.state, asked.decided_by, asked.decided_at = wanted, by, technical_now()
    asked.decision = decision.strip()[:300]
    asked.save(update_fields=["state", "decided_by", "decided_at", "decision"])
    if approve:
        _plan(held, asked, on=on)
        commit_parts(held, by=by, on=on, extension=asked)
        _settle_again(held, by=by, on=on)
    tell_deed(
        f"extension_{wanted.lower()}", held, by, until=asked.until.isoformat(), reason=decision
    )
    said = f"The longer stay of {held} is {wanted.label.lower()}"
    tell_requester(held, said, f"extension-{asked.number}-{wanted.lower()}", by=by)
    if approve or held.state == CallOffState.ENDED:
        verdict = "are approved" if approve else "stay unpaid"
        since = f" from {day(asked.since)}" if asked.is_early else ""
        tell_provider(
            held,
            f"The nights of {held.case} in {held.place}{since} until {day(asked.until)} {verdict}",
            f"extension-{asked.number}-{wanted.lower()}",
            by=by,
            on=on,
        )
    return asked


def may_grow(call_off: CallOff) -> bool:
    """Whether a longer stay can be asked for: to come, going on, or ended beyond its nights."""
    return call_off.state in CAN_GROW or _ended_beyond(call_off) or call_off.nights_early > 0


def early_to_ask(call_off: CallOff) -> bool:
    """Whether nights before those approved are still to be asked for: not asked, not refused."""
    if not call_off.nights_early:
        return False
    answered = call_off.extensions.filter(since__lte=call_off.admitted_on)
    return not answered.filter(state__in=[ExtensionState.ASKED, ExtensionState.REFUSED]).exists()


def _ended_beyond(call_off: CallOff) -> bool:
    left = call_off.left_on
    return call_off.state == CallOffState.ENDED and left is not None and left > call_off.ends_on


def _require_growing(held: CallOff, until: dt.date) -> None:
    if _ended_beyond(held):
        if held.left_on is not None and until > held.left_on:
            raise CallOffRefused(
                f"They left on {day(held.left_on)}: give that day or an earlier.", field="until"
            )
        return
    require_state(held, CAN_GROW, "Every night of it was approved already: it cannot be longer.")


def _require_still(held: CallOff, asked: CallOffExtension) -> None:
    """What is asked for can be approved: the nights are as they were when it was asked."""
    if not asked.is_early:
        _require_growing(held, asked.until)
    elif held.admitted_on is None or held.admitted_on > asked.since:
        raise CallOffRefused(
            f"They did not come on {day(asked.since)} after all: refuse it, and let it be asked"
            " for anew."
        )


def _plan(held: CallOff, asked: CallOffExtension, *, on: dt.date) -> None:
    """The nights and the cost of the longer stay; of one that ended, its nights stand already."""
    held.cost += asked.cost
    if asked.is_early:
        held.starts_on = asked.since
        held.save(update_fields=["starts_on", "cost"])
        return
    if held.state != CallOffState.ENDED:
        if held.occupancy is None:
            raise CallOffRefused(f"{held.place} is not kept for {held.case} any more.")
        plan_departure(
            occupancy=held.occupancy,
            until=asked.until,
            today=on,
            by=CALLING_OFF,
            reason=asked.reason,
            cause=f"call-off:{held.pk}:x{asked.number}",
        )
    held.ends_on = asked.until
    held.save(update_fields=["ends_on", "cost"])


def _settle_again(held: CallOff, *, by: User, on: dt.date) -> None:
    """What a stay that ended comes to, now that more of its nights are approved."""
    if held.state == CallOffState.ENDED:
        settle_stay(held, by=by, on=on)
        held.save(update_fields=["cost", "overspent"])


def _refuse_beyond(held: CallOff, until: dt.date) -> None:
    if held.contract is not None:
        refuse_beyond_contract(
            held.contract,
            held.partnership,
            held.place,
            nights=_span(held, until),
            intervention=held.intervention_id,
            price=held.weekly_price,
            cost=held.cost + _more(held, until),
            bought=held.cost,
        )


def _more(held: CallOff, until: dt.date) -> Decimal:
    """What the stay costs more, so that the whole is still its nights at the price."""
    start, end = _span(held, until)
    return max(stay_cost((end - start).days, held.weekly_price) - agreed_cost(held), ZERO)


def _span(held: CallOff, until: dt.date) -> tuple[dt.date, dt.date]:
    """All nights, once it is as long: to a later end, or from the day they came early."""
    if held.admitted_on is not None and until <= held.starts_on:
        return held.admitted_on, held.ends_on
    return held.starts_on, until


def costs_of_more(held: CallOff, until: dt.date) -> dict[int, Decimal]:
    """What a longer stay costs more than what was agreed, by year. Nights before those approved
    are in the years they were in, to the penny that the whole comes to."""
    start, end = _span(held, until)
    if start < held.starts_on:
        early = cost_by_year(start, held.starts_on, held.weekly_price)
        early[max(early)] += _more(held, until) - sum(early.values(), ZERO)
        return {year: cost for year, cost in early.items() if cost}
    whole = cost_by_year(start, end, held.weekly_price)
    before = cost_by_year(held.starts_on, held.ends_on, held.weekly_price)
    more = {year: cost - before.get(year, ZERO) for year, cost in whole.items()}
    return {year: cost for year, cost in more.items() if cost}
