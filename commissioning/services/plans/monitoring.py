"""The quarterly reports of a plan: written and signed by its partnership, frozen by the signature.

Every deed locks the plan, then the report. The first report that is saved in the plan's year also
begins its monitoring, where no reviewer did.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction

from commissioning.choices import AT_WORK_IN, MilestoneStatus, PlanState, ReportState
from commissioning.kernel.clock import technical_now
from commissioning.kernel.errors import DomainError, TransitionRefused
from commissioning.kernel.money import MOST
from commissioning.kernel.words import day, pounds
from commissioning.models import GridRow, LineReport, Plan, QuarterReport, User
from commissioning.roles import Permission
from commissioning.scoping import Actor, System
from commissioning.selectors.plans.monitoring import current_standing, reported_lines
from commissioning.services.access import require
from commissioning.services.audit import record
from commissioning.services.plans.agreement import NotReady, begin_monitoring, lock_plan
from commissioning.services.plans.editing import ChangedMeanwhile
from commissioning.services.plans.telling import address_of, tell_partnership, tell_region

MOST_STARTS = 1_000_000


class ReportRefused(DomainError):
    """The report cannot be that; nothing was written."""


@dataclass(frozen=True, kw_only=True)
class LineRow:
    """What is written of a line. Without `spend` the ledger's sum stands."""

    number: int
    spend: Decimal | None = None
    starts: int | None = None
    commentary: str = ""


@dataclass(frozen=True, kw_only=True)
class MilestoneRow:
    """How an action of the grids stands, by the id of its row."""

    key: int
    status: MilestoneStatus
    note: str = ""


@transaction.atomic
def save_report(
    *,
    report: QuarterReport,
    rows: Sequence[LineRow],
    milestones: Sequence[MilestoneRow] = (),
    commentary: str = "",
    revision: int | None = None,
    by: Actor,
    on: dt.date,
) -> QuarterReport:
    """Keep what is written of the quarter, and how the milestones stand.

    Raises `NotPermitted`, `TransitionRefused` when it is signed or the plan is closed,
    `ChangedMeanwhile` when somebody saved since the page was opened, `NotReady` before the
    quarter begins and `ReportRefused` for what cannot be.
    """
    plan, held = _locked(report, by, Permission.PLAN_EDIT, revision)
    _require_open(held)
    period = plan.quarters()[held.quarter - 1]
    if on < period.start:
        raise NotReady(f"The quarter begins on {day(period.start)}.")
    lines = {one.number: one for one in reported_lines(plan)}
    for row in rows:
        _refuse_impossible(row, lines)
    held.lines.all().delete()
    LineReport.objects.bulk_create(
        LineReport(
            report=held,
            line_id=lines[row.number].pk,
            spend=row.spend,
            starts=row.starts,
            commentary=row.commentary.strip(),
        )
        for row in rows
        if row.spend is not None or row.starts is not None or row.commentary.strip()
    )
    moved = _tell_milestones(plan, milestones)
    held.commentary = commentary.strip()
    _changed(held, "commentary")
    _record("plan.report_saved", plan, held, by, **({"milestones": moved} if moved else {}))
    if plan.state == PlanState.AGREED:
        begin_monitoring(plan=plan, by=System("save_report"), on=on)
    return held


@transaction.atomic
def sign_report(
    *, report: QuarterReport, revision: int | None = None, by: User, on: dt.date
) -> QuarterReport:
    """Sign the report: what it says is frozen, and the region is told.

    Raises as `save_report` does, and `NotReady` before the quarter is over.
    """
    plan, held = _locked(report, by, Permission.PLAN_SUBMIT, revision)
    _require_open(held)
    period = plan.quarters()[held.quarter - 1]
    if on <= period.last_day:
        raise NotReady(f"The quarter ends on {day(period.last_day)}. Sign the report after it.")
    standing = current_standing(held, plan)
    held.state, held.signed_by, held.signed_at = ReportState.SIGNED, by, technical_now()
    held.as_signed, held.reopened_because = standing.frozen(), ""
    _changed(held, "state", "signed_by", "signed_at", "as_signed", "reopened_because")
    late = max(0, (on - held.due_on).days)
    _record("plan.report_signed", plan, held, by, **({"days_late": late} if late else {}))
    if plan.state == PlanState.AGREED:
        begin_monitoring(plan=plan, by=System("sign_report"), on=on)
    tell_region(
        plan,
        f"The report of {period.label} on the plan {plan} is signed: {standing.in_words.lower()}",
        cause=f"report:{held.pk}:signed:{held.revision}",
        by=by,
        on=on,
        link=report_address(plan, held.quarter),
    )
    return held


@transaction.atomic
def reopen_report(
    *, report: QuarterReport, reason: str, revision: int | None = None, by: Actor, on: dt.date
) -> QuarterReport:
    """Give a signed report back to be changed, with the reason. A reviewer's deed.

    Raises `NotPermitted`, `TransitionRefused`, `ChangedMeanwhile`, and `ReportRefused` without a
    reason.
    """
    plan, held = _locked(report, by, Permission.PLAN_AGREE, revision)
    if held.state != ReportState.SIGNED:
        raise TransitionRefused("The report is not signed: its partnership can change it now.")
    if not reason.strip():
        raise ReportRefused("Say why the report is opened again.", field="reason")
    held.state, held.signed_by, held.signed_at = ReportState.OPEN, None, None
    held.as_signed, held.reopened_because = None, reason.strip()[:500]
    _changed(held, "state", "signed_by", "signed_at", "as_signed", "reopened_because")
    _record("plan.report_reopened", plan, held, by, reason=held.reopened_because)
    period = plan.quarters()[held.quarter - 1]
    tell_partnership(
        plan,
        f"The report of {period.label} on the plan {plan} is open again: change it and sign it",
        cause=f"report:{held.pk}:reopened:{held.revision}",
        by=by,
        on=on,
        link=report_address(plan, held.quarter),
    )
    return held


def report_address(plan: Plan, quarter: int) -> str:
    """Where a quarter's report is read and written."""
    return address_of(plan, "monitoring", f"q{quarter}")


def _locked(
    report: QuarterReport, by: Actor, permission: Permission, revision: int | None
) -> tuple[Plan, QuarterReport]:
    require(by, permission, organisation_id=report.plan.partnership_id)
    plan = lock_plan(report.plan)
    held = QuarterReport.objects.select_for_update(of=("self",)).get(pk=report.pk)
    held.plan = plan
    if plan.state == PlanState.CLOSED:
        raise TransitionRefused(f"The plan of {plan} is closed and stays as it was.")
    if PlanState(plan.state) not in AT_WORK_IN:
        raise TransitionRefused(f"The plan of {plan} is not agreed: nothing is reported on it.")
    if revision is not None and revision != held.revision:
        raise ChangedMeanwhile(
            "Somebody saved this report after you opened it. What you typed is still here: compare"
            " it with what the report says now, and save again."
        )
    return plan, held


def _require_open(report: QuarterReport) -> None:
    if report.state == ReportState.SIGNED:
        raise TransitionRefused(
            f"The report was signed by {report.signed_by}. A reviewer of the region can open it"
            " again."
        )


def _refuse_impossible(row: LineRow, lines: Mapping[int, object]) -> None:
    if row.number not in lines:
        raise ReportRefused(f"Line {row.number} is not reported on. Open the page again.")
    if row.spend is not None and not 0 <= row.spend <= MOST:
        raise ReportRefused(f"Line {row.number}: {pounds(row.spend)} cannot have been spent.")
    if row.starts is not None and not 0 <= row.starts <= MOST_STARTS:
        raise ReportRefused(f"Line {row.number}: enter starts from 0 to {MOST_STARTS:,}.")


def _tell_milestones(plan: Plan, told: Sequence[MilestoneRow]) -> list[str]:
    """Write how the actions stand; what changed, in words. Rows that are gone are left."""
    wanted = {one.key: one for one in told}
    changed, said = [], []
    for row in GridRow.objects.select_for_update().filter(plan=plan, pk__in=wanted):
        new = wanted[row.pk]
        if (row.status, row.status_note) == (new.status, new.note.strip()):
            continue
        before = MilestoneStatus(row.status).label
        row.status, row.status_note = new.status, new.note.strip()[:300]
        changed.append(row)
        said.append(f"{row.action[:80]}: {before}, now {new.status.label}")
    GridRow.objects.bulk_update(changed, ["status", "status_note"])
    return said


def _changed(report: QuarterReport, *fields: str) -> None:
    report.revision += 1
    report.save(update_fields=[*fields, "revision"])


def _record(action: str, plan: Plan, report: QuarterReport, by: Actor, **details: object) -> None:
    record(
        action,
        plan,
        by=by,
        organisation=plan.partnership.organisation,
        quarter=plan.quarters()[report.quarter - 1].label,
        **details,
    )
