"""A plan through its year: its four reports, and each line against its profile and trajectory.

A report that is not signed is read from the ledger and the plan as they are; a signed one says
what it said when it was signed.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from decimal import Decimal
from functools import cached_property
from typing import Any, NamedTuple, Self

from django.db.models import Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from commissioning.choices import MilestoneStatus, ReportState
from commissioning.kernel.money import ZERO
from commissioning.kernel.periods import Period
from commissioning.models import (
    Entry,
    GridRow,
    LineReport,
    LineTrajectory,
    Plan,
    QuarterReport,
)
from commissioning.rules.posting import SUMS, kinds_of
from commissioning.rules.profiles import (
    QUARTERS,
    against_profile,
    money_meant_by,
    people_meant_by,
)

OVER = (MilestoneStatus.DONE, MilestoneStatus.DROPPED)


@dataclass(frozen=True, kw_only=True)
class LineStanding:
    """A line by the end of a quarter, since April; pounds and people.

    `spend` is what was typed, None where the ledger's sum stands.
    """

    number: int
    name: str
    planned: Decimal
    profile: Decimal
    paid: Decimal
    spend: Decimal | None
    starts_meant: int | None
    starts: int | None
    commentary: str

    @property
    def reported(self) -> Decimal:
        return self.paid if self.spend is None else self.spend

    @property
    def difference(self) -> Decimal:
        """What was reported less the profile."""
        return self.reported - self.profile

    @property
    def in_words(self) -> str:
        return against_profile(self.reported, self.profile)

    @property
    def beside_ledger(self) -> Decimal:
        """What was typed less what the ledger has as paid."""
        return self.reported - self.paid


@dataclass(frozen=True, kw_only=True)
class Milestone:
    """An action of the planning grids and how it stands."""

    key: int
    grid: str
    number: int
    action: str
    by_when: dt.date
    by_whom: str
    status: str
    note: str

    @property
    def status_label(self) -> str:
        return MilestoneStatus(self.status).label

    @property
    def is_over(self) -> bool:
        return self.status in OVER

    def is_late(self, *, on: dt.date) -> bool:
        """Said to be late, or its day has come and it is neither done nor dropped."""
        return self.status == MilestoneStatus.LATE or (self.by_when <= on and not self.is_over)


@dataclass(frozen=True)
class Standing:
    """All that a report says."""

    lines: Sequence[LineStanding]
    milestones: Sequence[Milestone]

    def total(self, name: str) -> Decimal:
        return sum((getattr(one, name) for one in self.lines), ZERO)

    @property
    def in_words(self) -> str:
        return against_profile(self.total("reported"), self.total("profile"))

    def frozen(self) -> dict[str, Any]:
        """As JSON holds it."""
        return {
            "lines": [_plain(one) for one in self.lines],
            "milestones": [_plain(one) for one in self.milestones],
        }

    @classmethod
    def thawed(cls, held: Mapping[str, Any]) -> Self:
        amounts = ("planned", "profile", "paid", "spend")
        return cls(
            [
                LineStanding(
                    **one | {name: _amount(one[name]) for name in amounts}
                )
                for one in held["lines"]
            ],
            [
                Milestone(**one | {"by_when": dt.date.fromisoformat(one["by_when"])})
                for one in held["milestones"]
            ],
        )  # fmt: skip


@dataclass(frozen=True)
class QuarterStanding:
    """A report among the four of its plan; pounds since April. Of a signed one, as it was signed.

    `paid` is the ledger's; `reported` has in its place what was typed of a line. None before the
    quarter begins.
    """

    report: QuarterReport
    period: Period
    profile: Decimal
    paid: Decimal
    today: dt.date
    reported: Decimal | None = None

    @property
    def is_signed(self) -> bool:
        return self.report.state == ReportState.SIGNED

    @property
    def days_late(self) -> int:
        """Days since it was due; nothing once it is signed."""
        return 0 if self.is_signed else max(0, (self.today - self.report.due_on).days)

    @property
    def is_over(self) -> bool:
        """Whether the quarter has ended, so that the report can be signed."""
        return self.today > self.period.last_day

    @property
    def has_begun(self) -> bool:
        return self.today >= self.period.start

    @property
    def paid_by_then(self) -> Decimal | None:
        """None for a quarter that is to come."""
        return self.paid if self.has_begun else None

    @property
    def in_words(self) -> str:
        """What was reported beside the profile of the quarter's end, once it is over."""
        if not self.is_over or self.reported is None:
            return ""
        return against_profile(self.reported, self.profile)


def reports_of(plan: Plan) -> list[QuarterReport]:
    """The plan's reports, by quarter."""
    return list(plan.reports.select_related("signed_by").order_by("quarter"))


def report_of(plan: Plan, quarter: int) -> QuarterReport | None:
    """The report of one quarter, if monitoring has it."""
    return plan.reports.select_related("signed_by").filter(quarter=quarter).first()


def quarters_of(plan: Plan, *, today: dt.date) -> list[QuarterStanding]:
    """The four reports with the plan's money by the end of each quarter; those that are signed
    say what they said then. Five statements; a sixth where something was typed in place of what
    the ledger says.
    """
    course = PlanCourse(plan)
    typed = _typed(course)

    def standing(report: QuarterReport) -> QuarterStanding:
        period = plan.quarters()[report.quarter - 1]
        if report.state == ReportState.SIGNED and report.as_signed is not None:
            signed = Standing.thawed(report.as_signed)
            profile, paid, said = map(signed.total, ("profile", "paid", "reported"))
            return QuarterStanding(report, period, profile, paid, today, said)
        profile = course.profile_together(report.quarter)
        paid = course.paid_together(period.last_day)
        found = QuarterStanding(report, period, profile, paid, today)
        reported = paid + course.beyond_ledger(typed.get(report.pk, {}), period.last_day)
        return replace(found, reported=reported) if found.has_begun else found

    return [standing(report) for report in reports_of(plan)]


def _typed(course: "PlanCourse") -> dict[int, dict[int, Decimal]]:
    """What was typed as spent in reports that are not signed: report → line → pounds."""
    found: dict[int, dict[int, Decimal]] = defaultdict(dict)
    lines = {line.pk for line in course.lines}
    open_ones = LineReport.objects.filter(
        report__plan=course.plan, report__state=ReportState.OPEN, spend__isnull=False
    )
    for report, line, spend in open_ones.values_list("report", "line", "spend"):
        if line in lines and spend is not None:
            found[report][line] = spend
    return found


def standing_of(report: QuarterReport, plan: Plan) -> Standing:
    """What the report says: as it was signed, or as it stands."""
    if report.state == ReportState.SIGNED and report.as_signed is not None:
        return Standing.thawed(report.as_signed)
    return current_standing(report, plan)


def current_standing(report: QuarterReport, plan: Plan) -> Standing:
    """The lines by the ledger and the plan as they are, with what was written. Five statements."""
    course, quarter = PlanCourse(plan), report.quarter
    paid = course.paid_by(plan.quarters()[quarter - 1].last_day)
    written = {one.line_id: one for one in report.lines.all()}
    lines = []
    for line in course.lines:
        said = written.get(line.pk)
        lines.append(
            LineStanding(
                number=line.number,
                name=line.name,
                planned=line.planned,
                profile=course.profile(line, quarter),
                paid=paid.get(line.pk, ZERO),
                spend=said.spend if said else None,
                starts_meant=people_meant_by(
                    quarter, steps=course.starts[line.pk], planned=line.planned_starts
                ),
                starts=said.starts if said else None,
                commentary=said.commentary if said else "",
            )
        )
    return Standing(lines, milestones_of(plan))


def milestones_of(plan: Plan) -> list[Milestone]:
    """The actions of the grids, those due first on top."""
    return [
        Milestone(
            key=row.pk,
            grid=row.get_grid_display(),
            number=row.number,
            action=row.action,
            by_when=row.by_when,
            by_whom=row.by_whom,
            status=row.status,
            note=row.status_note,
        )
        for row in GridRow.objects.filter(plan=plan).order_by("by_when", "grid", "number")
    ]


class ReportedLine(NamedTuple):
    """A line as its reports need it, by its id: `planned` is what the ledger holds; pounds."""

    pk: int
    number: int
    name: str
    planned_starts: int | None
    planned: Decimal


def reported_lines(plan: Plan) -> list[ReportedLine]:
    """The lines a report is about: those with money in the ledger, and those with starts."""
    sums = {f"ledger_{name}": Coalesce(Sum(f"allocations__{name}"), ZERO) for name in SUMS}
    money = Q(ledger_planned__gt=0) | Q(ledger_committed__gt=0) | Q(ledger_paid__gt=0)
    rows = (
        plan.lines.annotate(**sums)
        .filter(money | Q(planned_starts__gt=0))
        .order_by("position", "number")
        .values_list(*("pk", "number", "name", "planned_starts", "ledger_planned"))
    )
    return [ReportedLine(*row) for row in rows]


class PlanCourse:
    """What the lines of a plan are meant to reach, and what was paid of them by which day.

    Two statements; a third where it is asked what was paid of all together, or of each.
    """

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.lines = reported_lines(plan)
        self.spend: dict[int, dict[int, Decimal]] = defaultdict(dict)
        self.starts: dict[int, dict[int, int]] = defaultdict(dict)
        steps = LineTrajectory.objects.filter(line__plan=plan)
        for line, quarter, spend, starts in steps.values_list(
            "line", "quarter", "spend", "starts"
        ):
            if spend is not None:
                self.spend[line][quarter] = spend
            if starts is not None:
                self.starts[line][quarter] = starts

    def profile(self, line: ReportedLine, quarter: int) -> Decimal:
        return money_meant_by(quarter, steps=self.spend[line.pk], planned=line.planned)

    def profile_together(self, quarter: int) -> Decimal:
        """What the plan is meant to have spent by the end of the quarter."""
        return sum((self.profile(line, quarter) for line in self.lines), ZERO)

    def paid_together(self, last_day: dt.date) -> Decimal:
        """What was paid of the plan up to the day."""
        return sum((amount for on, amount in self._paid_by_day if on <= last_day), ZERO)

    @cached_property
    def _paid_by_day(self) -> list[tuple[dt.date, Decimal]]:
        by_day = self._payments().values("on").annotate(sum=Sum("amount"))
        return list(by_day.values_list("on", "sum"))

    def beyond_ledger(self, typed: Mapping[int, Decimal], last_day: dt.date) -> Decimal:
        """What was typed of lines, by their ids, less what the ledger has as paid by the day."""
        if not typed:
            return ZERO
        paid = [
            amount for line, on, amount in self._paid_by_line if line in typed and on <= last_day
        ]
        return sum(typed.values(), ZERO) - sum(paid, ZERO)

    @cached_property
    def _paid_by_line(self) -> list[tuple[int, dt.date, Decimal]]:
        by_line = self._payments().values("allocation__line", "on").annotate(sum=Sum("amount"))
        return list(by_line.values_list("allocation__line", "on", "sum"))

    def paid_by(self, last_day: dt.date) -> dict[int, Decimal]:
        """What was paid of each line, by its id, up to the day."""
        by_then = self._payments().filter(on__lte=last_day).values("allocation__line")
        return dict(by_then.annotate(sum=Sum("amount")).values_list("allocation__line", "sum"))

    def _payments(self) -> QuerySet[Entry]:
        return Entry.objects.filter(plan=self.plan, kind__in=kinds_of("paid")).order_by()


def quarter_at(slug: str) -> int | None:
    """`q1` is 1; None for what is no quarter of a year."""
    known = {f"q{number}": number for number in range(1, QUARTERS + 1)}
    return known.get(slug)


def _plain(one: LineStanding | Milestone) -> dict[str, Any]:
    return {
        name: str(value) if isinstance(value, Decimal | dt.date) else value
        for name, value in asdict(one).items()
    }


def _amount(held: str | None) -> Decimal | None:
    return None if held is None else Decimal(held)
