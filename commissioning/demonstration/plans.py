"""Plans of every partnership of two regions: last year's closed, this year's being carried out,
and the next in every state there is.

Each is written, sent, commented on and agreed through the services that pages call.
"""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import cycle

from django.db import transaction

from commissioning.choices import (
    MilestoneStatus,
    OrganisationKind,
    PlanSection,
    PlanState,
    PlanStep,
    Purchase,
)
from commissioning.demonstration import book
from commissioning.demonstration.joint import draft_joint_plan
from commissioning.demonstration.writing import PlanWriter, give_grounds
from commissioning.kernel.money import ZERO
from commissioning.kernel.periods import Grain, Period, periods_between
from commissioning.models import (
    Allocation,
    GridRow,
    Line,
    Organisation,
    Partnership,
    Plan,
    User,
)
from commissioning.models.plans import year_period
from commissioning.roles import Role
from commissioning.scoping import System
from commissioning.selectors.plans.money_totals import carried_forward_parts
from commissioning.services.ledger.bank_file import Payment
from commissioning.services.ledger.payments import difference_of, post_payments
from commissioning.services.ledger.posting import commit_line
from commissioning.services.people import give_role
from commissioning.services.plans.agreement import (
    agree_plan,
    begin_monitoring,
    close_plan,
    resubmit_plan,
    return_plan,
    submit_plan,
)
from commissioning.services.plans.amending import open_amendment, submit_amendment
from commissioning.services.plans.commenting import add_comment, answer_comment, settle_comment
from commissioning.services.plans.due_dates import set_due_dates
from commissioning.services.plans.line_rows import LineRow
from commissioning.services.plans.lines import save_lines
from commissioning.services.plans.monitoring import LineRow as ReportedLine
from commissioning.services.plans.monitoring import MilestoneRow, save_report, sign_report

BY = System("load_demonstration")
SIZES = tuple(map(Decimal, ("1.0", "0.7", "1.4", "0.9", "1.2", "0.8", "1.1")))
BEGINNING_OF_ROLES = dt.date(2004, 4, 1)
# What becomes of next year's plans, in turn; a partnership that has none starts its own.
NEXT = (
    PlanState.SUBMITTED,
    PlanState.DRAFT,
    PlanState.COMMENTED,
    PlanState.RESUBMITTED,
    PlanState.AGREED,
)
Tell = Callable[[str], None]
Award = Callable[[Plan], None]


def nothing(plan: Plan) -> None:
    """No contracts."""


def load_plans(
    *, regions: Sequence[str], home: str, lead: User, reviewers: dict[str, User], today: dt.date,
    tell: Tell, providers: Mapping[str, Sequence[str]], award: Award = nothing,
) -> None:  # fmt: skip
    """Plans of every partnership of the regions. `providers` are the codes of those that work in a
    partnership, by its code; `award` awards the contracts that a plan of the year that runs
    carries, before it is spent. The home partnership's next year is its own to
    start; its people write, and the region's reviewer answers. Run again, it goes on.
    """
    year = Period.containing(today, Grain.YEAR).start.year
    for region in regions:
        reviewer = reviewers[region]
        places = _partnerships(region, today)
        tell(f"Plans of {len(places)} partnerships")
        _dates(region, year + 1, reviewer)
        written = set(Plan.objects.values_list("partnership", flat=True))
        together = next((one for one in places if one.code == home and not written), None)
        joint = together and draft_joint_plan(
            lead=together,
            sizes=dict(zip(places, cycle(SIZES))),
            year=year,
            by=lead,
            on=year_period(year).start - dt.timedelta(days=60),
        )
        for at, (partnership, size, end) in enumerate(zip(places, cycle(SIZES), cycle(NEXT))):
            if partnership.pk in written:
                continue
            at_home = partnership.code == home
            with transaction.atomic():
                by = lead if at_home else _writer(partnership)
                writer = PlanWriter(
                    partnership=partnership,
                    size=size,
                    by=by,
                    today=today,
                    providers=providers.get(partnership.code, ()),
                )
                plans = _Plans(writer, by=by, reviewer=reviewer, award=award)
                over, running = plans.agreed(year - 1), plans.agreed(year)
                plans.close(over)
                plans.carry_out(running, until=today, amendment=0 if at_home else at % 4)
                if not at_home:
                    plans.bring_to(end, year + 1)
                elif joint:
                    plans.carry_out_joint(joint, until=today)


class _Plans:
    """The course of one partnership's plans: sent, agreed, paid, reported on, closed."""

    def __init__(self, writer: PlanWriter, *, by: User, reviewer: User, award: Award) -> None:
        self.writer, self.by, self.reviewer, self.award = writer, by, reviewer, award

    def close(self, plan: Plan) -> None:
        """A year that is over: paid, reported, closed; what is left goes into the next."""
        begin_monitoring(plan=plan, by=self.reviewer, on=plan.period.start)
        self.pay(plan, until=plan.period.last_day)
        self.report(plan, until=plan.period.end + dt.timedelta(days=60))
        close_plan(plan=plan, by=self.reviewer, on=plan.period.end + dt.timedelta(days=60))

    def carry_out(self, plan: Plan, *, until: dt.date, amendment: int) -> None:
        """The year that runs: promised, paid month by month, reported, some with an amendment."""
        begin_monitoring(plan=plan, by=self.reviewer, on=plan.period.start)
        self.award(plan)
        self.promise(plan)
        self.pay(plan, until=until)
        self.report(plan, until=until - dt.timedelta(days=30 * (amendment % 2)))
        if amendment:
            opened = open_amendment(plan=plan, reason=book.AMENDMENT, by=self.by)
            self.use_what_was_left(plan)
            if amendment > 1:
                submit_amendment(amendment=opened, by=self.by, on=until)

    def carry_out_joint(self, plan: Plan, *, until: dt.date) -> None:
        """The joint plan of the year that runs, agreed on the day before it began."""
        on = plan.period.start - dt.timedelta(days=1)
        give_grounds(plan, by=self.by)
        submit_plan(plan=plan, by=self.by, on=on)
        self.carry_out(agree_plan(plan=plan, by=self.reviewer, on=on), until=until, amendment=0)

    def use_what_was_left(self, plan: Plan) -> None:
        """Last year's money goes to the plan's last line; what is left of a ring-fenced stream, to
        what that pays for."""
        carried = carried_forward_parts(plan.partnership_id, plan.year - 1)
        left = {one.stream_id: one.amount for one in carried}
        if not left:
            return
        rehabilitation, tenancies = left.pop(book.CARE, None), left.pop(book.HOUSING, None)
        rows = []
        if rehabilitation is not None:
            words = book.MORE_REHABILITATION
            values = {
                "name": words.name,
                "tier": words.tier,
                "intervention": words.intervention,
                "plain_sum": rehabilitation,
                **words.more,
            }
            rows.append(LineRow(key="new", values=values, amounts={book.CARRIED: rehabilitation}))
        if tenancies is not None:
            rows.append(_with_more(plan.lines.get(name=book.MORE_TENANCIES), tenancies))
        last = plan.lines.order_by("-number")[0]
        rows.append(_with_more(last, sum(left.values(), ZERO), note=book.AMENDMENT))
        save_lines(plan=plan, rows=rows, by=self.by)

    def agreed(self, year: int) -> Plan:
        """A plan of the year, agreed on the day before it began."""
        plan, on = self.writer.written(year), year_period(year).start - dt.timedelta(days=1)
        submit_plan(plan=plan, by=self.by, on=on)
        return agree_plan(plan=plan, by=self.reviewer, on=on)

    def bring_to(self, state: PlanState, year: int) -> None:
        """Next year's plan, as far as the state."""
        on = year_period(year).start - dt.timedelta(days=60)
        plan = self.writer.written(year, complete=state != PlanState.DRAFT)
        if state == PlanState.DRAFT:
            return
        submit_plan(plan=plan, by=self.by, on=on)
        if state in {PlanState.COMMENTED, PlanState.RESUBMITTED}:
            self.argue(plan, on=on, answered=state == PlanState.RESUBMITTED)
        if state == PlanState.AGREED:
            agree_plan(plan=plan, by=self.reviewer, on=on)

    def argue(self, plan: Plan, *, on: dt.date, answered: bool) -> None:
        """The region comments and gives the plan back; the partnership may answer."""
        comments = [
            add_comment(
                plan=plan,
                section=PlanSection(section),
                text=text,
                is_condition=is_condition,
                by=self.reviewer,
            )
            for section, text, is_condition in book.COMMENTS
        ]
        return_plan(plan=plan, by=self.reviewer, on=on)
        if not answered:
            return
        for comment in comments:
            if comment.is_condition:
                answer_comment(comment=comment, answer=book.ANSWER, by=self.by, on=on)
        resubmit_plan(plan=plan, by=self.by, on=on)
        settle_comment(comment=comments[0], by=self.reviewer, on=on)

    def promise(self, plan: Plan) -> None:
        """What no contract promised of block places is promised for the year."""
        for line in plan.lines.filter(purchase=Purchase.BLOCK).prefetch_related("allocations"):
            left = {one.stream_id: one.headroom for one in line.allocations.all()}
            if not any(left.values()):
                continue
            commit_line(
                line=line,
                parts=left,
                cause=f"demonstration:contract:{line.pk}",
                by=self.by,
                on=plan.period.start,
                reason="Block contract for the year",
            )

    def pay(self, plan: Plan, *, until: dt.date) -> None:
        """The bank's actuals of every complete month, posted as one file."""
        payments = list(self._payments(plan, until))
        found = difference_of(plan=plan, payments=payments, by=self.by, on=until)
        post_payments(plan=plan, payments=payments, digest=found.digest, by=self.by, on=until)

    def report(self, plan: Plan, *, until: dt.date) -> None:
        """Each quarter that was due is written and signed on its day."""
        lines = list(plan.lines.filter(planned_starts__isnull=False))
        for report in plan.reports.filter(due_on__lte=until).order_by("quarter"):
            rows = [
                ReportedLine(number=line.number, starts=line.planned_starts * report.quarter // 4)
                for line in lines
                if line.planned_starts is not None
            ]
            save_report(
                report=report,
                rows=rows,
                milestones=_milestones(plan, report.due_on),
                commentary=book.REPORT,
                by=self.by,
                on=report.due_on,
            )
            sign_report(report=report, by=self.by, on=report.due_on)

    def _payments(self, plan: Plan, until: dt.date) -> Iterator[Payment]:
        months = periods_between(plan.period.start, plan.period.last_day, Grain.MONTH)
        over = [one for one in months if one.last_day <= until]
        parts = Allocation.objects.filter(plan=plan).select_related("line", "stream")
        uneven = cycle(book.UNEVEN)
        row = 1
        for part in parts.order_by("line__number", "stream"):
            monthly, left = part.amount / 12, part.amount
            if part.line.purchase == Purchase.SPOT:
                monthly *= book.SPOT_USED
            for month in over:
                amount = min(left, (monthly * next(uneven)).quantize(Decimal("0.01")))
                left -= amount
                row += 1
                if amount:
                    yield Payment(
                        row=row,
                        reference=f"{month.code}-{part.line.number}",
                        on=month.last_day,
                        allocation=part,
                        amount=amount,
                        description=part.line.name,
                    )


def _with_more(line: Line, amount: Decimal, **values: str) -> LineRow:
    """A line that costs so much more, paid with what was carried forward."""
    return LineRow(
        key=str(line.number),
        number=line.number,
        values={"plain_sum": (line.plain_sum or ZERO) + amount, **values},
        amounts={book.CARRIED: amount},
    )


def _milestones(plan: Plan, on: dt.date) -> list[MilestoneRow]:
    """How the actions stand on the day of a report: what is due is done, or just late; what comes
    in the next quarter is on track."""
    soon = on + dt.timedelta(days=90)
    told = []
    for row in GridRow.objects.filter(plan=plan, by_when__lte=soon):
        status = MilestoneStatus.DONE
        if row.by_when > on:
            status = MilestoneStatus.ON_TRACK
        elif (on - row.by_when).days < book.JUST_LATE:
            status = MilestoneStatus.LATE
        note = book.LATE_NOTE if status is MilestoneStatus.LATE else ""
        told.append(MilestoneRow(key=row.pk, status=status, note=note))
    return told


def _writer(partnership: Partnership) -> User:
    """Who leads a partnership where nobody signs in: a name, and no password."""
    email = f"lead-{partnership.code}@demo.example".lower()
    if known := User.objects.filter(email=email).first():
        return known
    person = User.objects.create_user(email, None, name=f"Lead of {partnership}")
    give_role(
        person=person,
        organisation=partnership.organisation,
        role=Role.LEAD,
        from_on=BEGINNING_OF_ROLES,
        approval_limit=None,
        by=BY,
    )
    return person


def _partnerships(region: str, today: dt.date) -> list[Partnership]:
    place = Organisation.objects.get(kind=OrganisationKind.REGION, code=region)
    inside = Organisation.objects.in_region(place, on=today)
    return list(Partnership.objects.by_name().filter(organisation__in=inside))


def _dates(region: str, year: int, reviewer: User) -> None:
    """When the region's plans of the year are due."""
    begins = year_period(year).start
    set_due_dates(
        organisation=Organisation.objects.get(kind=OrganisationKind.REGION, code=region),
        year=year,
        days={
            PlanStep.SUBMITTED: begins - dt.timedelta(days=59),
            PlanStep.COMMENTED: begins - dt.timedelta(days=38),
            PlanStep.RESUBMITTED: begins - dt.timedelta(days=24),
            PlanStep.AGREED: begins - dt.timedelta(days=1),
        },
        by=reviewer,
    )
