"""Checks of money: every pound is given once, from a stream that may pay for it."""

from commissioning.checks.declarations import Answer, Check, Finding, breaks, keeps
from commissioning.checks.reading import PlanAsRead
from commissioning.choices import PlanSection
from commissioning.kernel.money import ZERO
from commissioning.kernel.words import joined, pounds
from commissioning.models.funding import CARRIED_FORWARD
from commissioning.rules.ring_fences import Beyond, beyond_fences

MONEY_PAGE = "commissioning:plan-money"
LINES_PAGE = "commissioning:plan-lines"


class StreamsAreSpent(Check):
    """The lines of each funding stream add up to what there is of it, no more and no less."""

    code, title = "stream-sums", "Streams add up"
    section = PlanSection.MONEY
    source = "NTA treatment plans, funding and expenditure: an assumption"
    mark = "B"
    mend = MONEY_PAGE
    answer = Answer.MEND

    def look(self, plan: PlanAsRead) -> Finding:
        spent = plan.spent_by_stream()
        amiss = []
        for code, stream in sorted(plan.streams.items(), key=lambda one: one[1].position):
            left = plan.funding.get(code, ZERO) - spent.get(code, ZERO)
            if left:
                way = "more than there is" if left < 0 else "not planned"
                amiss.append(f"{stream}: {pounds(abs(left))} {way}")
        if amiss:
            return breaks("The lines do not add up to these streams.", amiss)
        if not plan.funding:
            return breaks("No funding is entered for the year.")
        return keeps("Each stream's lines add up to it.")


class LinesArePaid(Check):
    """What a line takes from the streams adds up to its cost."""

    code, title = "line-sums", "Lines are paid for"
    section = PlanSection.MONEY
    source = "NTA treatment plans, funding and expenditure: an assumption"
    mark = "B"
    mend = LINES_PAGE
    answer = Answer.MEND
    of_joint = True

    def look(self, plan: PlanAsRead) -> Finding:
        amiss = []
        for line in plan.lines:
            left = line.cost - sum((part.amount for part in line.taken), ZERO)
            if left:
                way = "too much" if left < 0 else "not paid for"
                amiss.append(f"{line}: {pounds(abs(left))} {way}")
        if amiss:
            return breaks("The streams do not add up to the cost of these lines.", amiss)
        if not plan.lines:
            return breaks("The plan has no lines.")
        return keeps("Each line's streams add up to its cost.")


class RingFences(Check):
    """A stream pays only for what it may be spent on, as does what is carried forward of it."""

    code, title = "ring-fences", "Ring-fences"
    section = PlanSection.MONEY
    source = (
        "Grant conditions of each stream (Models of Care 2006, 2.8.3 and 3.6); that they hold for"
        " what is left of a year is assumed"
    )
    mend = LINES_PAGE
    answer = Answer.MEND
    of_joint = True

    def look(self, plan: PlanAsRead) -> Finding:
        amiss = [
            f"{line}: {pounds(part.amount)} from {stream}"
            for line in plan.lines
            for part in line.taken
            if part.amount
            and (stream := plan.streams[part.stream_id]).pays_only
            and line.intervention_id not in stream.pays_only
        ]
        amiss += [self._beyond(one, plan) for one in _carried_beyond(plan)]
        if amiss:
            return breaks("These streams may not pay for these lines.", amiss)
        return keeps("No stream pays for what it may not.")

    def _beyond(self, found: Beyond, plan: PlanAsRead) -> str:
        """What of the money carried forward is planned on what it may not pay for."""
        pot = plan.streams[CARRIED_FORWARD]
        from_where = joined(plan.streams[one.stream] for one in found.origins)
        kept = sum((one.amount for one in found.origins), ZERO)
        return (
            f"{pot}: {pounds(kept)} of it came from {from_where}; {pounds(found.amount)} of that"
            " is on lines it may not pay for"
        )


def _carried_beyond(plan: PlanAsRead) -> list[Beyond]:
    return beyond_fences(plan.carried, plan.spent_on(CARRIED_FORWARD)) if plan.carried else []


CHECKS: tuple[Check, ...] = (StreamsAreSpent(), LinesArePaid(), RingFences())
