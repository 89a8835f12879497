"""A call-off in words: its facts, its steps, its money."""

from collections.abc import Sequence
from dataclasses import dataclass

from commissioning.components import DataTable, Fact, Summary, Tone
from commissioning.kernel.clock import business_day
from commissioning.kernel.words import count, day, joined, pounds
from providers.choices import CallOffKind, CallOffState, ExtensionState
from providers.models import CallOff, CallOffExtension, CallOffMoney
from providers.selectors.call_offs.money import Promise
from providers.views.calling_off.reaching import ReachedCallOff

State = CallOffState
TONES: dict[str, Tone] = {
    State.REQUESTED: "watch",
    State.APPROVED: "watch",
    State.ACCEPTED: "info",
    State.ADMITTED: "good",
    State.ENDED: "plain",
    State.REFUSED: "bad",
    State.DECLINED: "bad",
    State.CANCELLED: "plain",
}
STEPS = (
    (State.REQUESTED, "Requested"),
    (State.APPROVED, "Booked"),
    (State.ACCEPTED, "Accepted"),
    (State.ADMITTED, "Admitted"),
    (State.ENDED, "Ended"),
)


@dataclass(frozen=True)
class Step:
    """A step of the way, and whether it is done or the one that stands."""

    words: str
    is_done: bool
    is_here: bool


def steps_of(call_off: CallOff) -> Sequence[Step]:
    """The way from the request to the end; none where it came to nothing."""
    order = [state for state, _ in STEPS]
    if call_off.state not in order:
        return []
    here = order.index(State(call_off.state))
    skipped = {State.REQUESTED} if call_off.kind == CallOffKind.BLOCK else set()
    return [
        Step(words, at < here, at == here)
        for at, (state, words) in enumerate(STEPS)
        if state not in skipped
    ]


def summary_of(reached: ReachedCallOff) -> Summary:
    one = reached.call_off
    facts = [
        Fact("Case", one.case),
        Fact("Partnership", str(one.partnership)),
        Fact("Service", f"{one.place.service}, {one.provider}"),
        Fact("Place", str(one.place)),
        Fact("For", str(one.intervention)),
        Fact("From", day(one.admitted_on or one.starts_on)),
        Fact("Until", day(one.left_on or one.ends_on)),
        Fact("Nights", count(one.nights)),
        Fact("Bought", one.get_kind_display()),
    ]
    if one.contract is not None:
        opens = f"/contracts/{one.contract.reference}/" if reached.opens_contract else ""
        facts.append(Fact("Contract", str(one.contract), opens))
    if one.is_spot:
        facts += [
            Fact("A week", pounds(one.weekly_price)),
            Fact("Cost", pounds(one.cost)),
        ]
    if one.state == State.ENDED:
        facts.append(Fact("Went to", one.get_move_on_display()))
        facts.append(Fact("End", "As planned" if one.as_planned else "Not as planned"))
    if unpaid := _not_approved(one):
        facts.append(Fact("Not approved", f"{unpaid}, not paid"))
    if one.overspent and reached.is_buyers:
        facts.append(Fact("Paid too much", f"{pounds(one.overspent)}: ask for it back"))
    return Summary(str(one), one.get_state_display(), TONES[one.state], facts)


def _not_approved(one: CallOff) -> str:
    today, said = business_day(), []
    if (early := one.nights_early) and one.admitted_on:
        said.append(f"{_nights(early)} from {day(one.admitted_on)}")
    if late := one.nights_late(today):
        said.append(f"{_nights(late)} from {day(one.ends_on)}")
    return joined(said)


def beyond_words(reached: ReachedCallOff) -> str:
    """What is to be done about nights that nobody approved, for whoever looks; or nothing."""
    return " ".join(said for said in (_early_words(reached), _late_words(reached)) if said)


def _early_words(reached: ReachedCallOff) -> str:
    one = reached.call_off
    if not one.nights_early:
        return ""
    came = f"{one.case} came {_nights(one.nights_early)} before those approved. They are not paid"
    asked = one.extensions.filter(since__lte=one.admitted_on).select_related("decided_by")
    last = asked.order_by("-number").first()
    if last and last.state == ExtensionState.ASKED:
        return f"{came} unless what is asked for is approved."
    if last and last.state == ExtensionState.REFUSED:
        return f"{came}: {last.decided_by} refused them. {last.decision}"
    ours = "you ask for them and another person approves them"
    return f"{came} unless {ours if reached.buys else f'{one.partnership} approves them'}."


def _late_words(reached: ReachedCallOff) -> str:
    one = reached.call_off
    beyond = one.nights_late(business_day())
    if not beyond:
        return ""
    if asked_for(one):
        whose = "was" if one.left_on else "is"
        return (
            f"{one.case} {whose} here {_nights(beyond)} past those approved. They are not paid"
            " unless the longer stay that is asked for is approved."
        )
    if one.state == State.ADMITTED:
        here = f"{one.case} is here {_nights(beyond)} past those approved. They are not paid."
        if reached.answers:
            return f"{here} End the stay, or ask {one.partnership} for a longer one."
        return f"{here} Ask for a longer stay, or ask {one.provider} to end it."
    left = f"{one.case} left {_nights(beyond)} after those approved. They are not paid"
    if refused := last_refused(one):
        return f"{left}: {refused.decided_by} refused them. {refused.decision}"
    ours = "you ask for a longer stay and another person approves it"
    return f"{left}, unless {ours if reached.buys else f'{one.partnership} approves them'}."


def decision_words(call_off: CallOff) -> str:
    """Why it is as it is, said by those who bought it; or nothing."""
    if not call_off.decision:
        return ""
    if call_off.state == State.REFUSED:
        return f"{call_off.decided_by} refused it: {call_off.decision}"
    if call_off.state == State.CANCELLED:
        return f"Why it was cancelled: {call_off.decision}"
    return f"{call_off.decided_by} approved it: {call_off.decision}"


def answer_words(call_off: CallOff) -> str:
    """What the provider said to it; or nothing."""
    if not call_off.answer:
        return ""
    verb = "declined" if call_off.state == State.DECLINED else "accepted"
    return f"{call_off.provider} {verb} it: {call_off.answer}"


def asked_for(call_off: CallOff) -> bool:
    """Whether a longer stay waits for approval."""
    return call_off.extensions.filter(state=ExtensionState.ASKED).exists()


def last_refused(call_off: CallOff) -> CallOffExtension | None:
    """Who refused nights that were stayed, the last time it was asked for them."""
    asked = call_off.extensions.filter(until__gt=call_off.ends_on).select_related("decided_by")
    last = asked.order_by("-number").first()
    return last if last and last.state == ExtensionState.REFUSED else None


def _nights(number: int) -> str:
    return f"{count(number)} {'night' if number == 1 else 'nights'}"


def money_table(parts: Sequence[CallOffMoney]) -> DataTable:
    """Which lines and streams pay how much."""
    return DataTable(
        ["Line and stream", "Year", "Amount"],
        [
            [
                f"{one.line}, {one.stream}{', longer stay' if one.extension_id else ''}",
                one.line.plan.period.label,
                pounds(one.amount),
            ]
            for one in parts
        ],
    )


def committed_table(promises: Sequence[Promise]) -> DataTable:
    """Which lines and streams were to pay how much, and what of it is committed still, or paid."""
    return DataTable(
        ["Line and stream", "Year", "Approved", "Committed or paid"],
        [
            [
                _paid_from(one),
                one.entry.allocation.line.plan.period.label,
                pounds(one.amount),
                pounds(one.kept),
            ]
            for one in promises
        ],
    )


def _paid_from(one: Promise) -> str:
    longer = ", longer stay" if ":x" in one.entry.cause else ""
    return f"{one.entry.allocation.line}, {one.entry.allocation.stream}{longer}"


def extension_words(one: CallOffExtension) -> str:
    cost = f", {pounds(one.cost)} more" if one.cost else ""
    first = f"From {day(one.since)} until" if one.is_early else "Until"
    return f"{first} {day(one.until)}{cost}: {one.get_state_display().lower()}"
