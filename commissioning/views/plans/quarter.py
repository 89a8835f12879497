"""The report of one quarter: read by everybody of the plan, written by its partnership."""

import datetime as dt
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods
from django_tables2 import RequestConfig

from commissioning.choices import AT_WORK_IN, MilestoneStatus, PlanState
from commissioning.components import Fact, Summary
from commissioning.forms.plans.monitoring import Sheet
from commissioning.kernel.clock import business_day
from commissioning.kernel.errors import DomainError, NotPermitted
from commissioning.kernel.words import MISSING, day, pounds
from commissioning.models import Plan, QuarterReport
from commissioning.roles import Permission
from commissioning.selectors.plans.monitoring import (
    QuarterStanding,
    Standing,
    quarter_at,
    report_of,
    standing_of,
)
from commissioning.selectors.plans.reaching import ReachedPlan
from commissioning.services.plans.editing import ChangedMeanwhile
from commissioning.services.plans.monitoring import save_report
from commissioning.tables import moment
from commissioning.views.lists import list_asked, list_response
from commissioning.views.plans.reaching import plan_href, plan_or_404, plan_page
from commissioning.views.plans.report_tables import (
    TAB,
    LineReportsTable,
    MilestonesTable,
    quarter_href,
    state_of,
    tone_of,
)
from commissioning.views.requests import signed_in


@require_http_methods(["GET", "HEAD", "POST"])
def plan_quarter(request: HttpRequest, code: str, slug: str, quarter: str) -> HttpResponseBase:
    """One quarter: a form for those who write it, a table for everybody else and every file."""
    reached, report = report_or_404(request, code, slug, quarter)
    plan, today = reached.plan, business_day()
    may_write = reached.may(Permission.PLAN_EDIT)
    if request.method == "POST" and not may_write:
        raise PermissionDenied("The partnership writes its reports.")
    standing = standing_of(report, plan)
    quarter_days = plan.quarters()[report.quarter - 1]
    is_over = today > quarter_days.last_day
    compared = () if is_over else ("difference", "in_words")
    lines = LineReportsTable(standing.lines, exclude=compared)
    milestones = MilestonesTable(standing.milestones, prefix="m-")
    if request.GET.get("format"):
        asked = list_asked(request, lines, milestones)
        heading = f"{asked.caption} {plan} {label_of(plan, report)}"
        return list_response(request, asked, heading=heading)
    sheet = None
    if request.method == "POST":
        sheet = Sheet(report, standing, request.POST.dict())
        if _save(request, reached, report, sheet):
            messages.success(request, "The report is saved.")
            signs = "sign" in request.POST and reached.may_submit
            return redirect(quarter_href(plan, report.quarter) + ("sign/" if signs else ""))
        if sheet.differences:
            report.refresh_from_db()
    elif may_write and _is_written(reached, report):
        sheet = Sheet(report, standing)
    for table in (lines, milestones):
        RequestConfig(request, paginate=False).configure(table)
    page = quarter_page(reached, report)
    return render(
        request,
        "commissioning/plans/quarter.html",
        {
            **page,
            "report": report,
            "sheet": sheet,
            "standing": standing,
            "totals": [
                ("Planned for the year", standing.total("planned")),
                ("Profile", standing.total("profile")),
                ("Paid by the ledger", standing.total("paid")),
                ("Reported", standing.total("reported")),
            ],
            "summary": _summary(reached, report, standing),
            "lines_table": lines,
            "milestones_table": milestones,
            "statuses": MilestoneStatus.choices,
            "is_over": is_over,
            "signed_from": quarter_days.last_day + dt.timedelta(days=1),
            "may_sign": _is_written(reached, report) and reached.may_submit and is_over,
            "may_ask_again": bool(report.signed_by_id)
            and may_write
            and not reached.may_agree
            and plan.state != PlanState.CLOSED,
            "sign_href": f"{quarter_href(plan, report.quarter)}sign/",
            "reopen_href": f"{quarter_href(plan, report.quarter)}reopen/"
            if report.signed_by_id and reached.may_agree and plan.state != PlanState.CLOSED
            else "",
        },
    )


def report_or_404(
    request: HttpRequest, code: str, slug: str, quarter: str
) -> tuple[ReachedPlan, QuarterReport]:
    """The report the address names; 404 unless the person may view its plan."""
    reached = plan_or_404(request, code, slug)
    number = quarter_at(quarter)
    report = report_of(reached.plan, number) if number else None
    if report is None:
        raise Http404("There is no report of this quarter.")
    report.plan = reached.plan
    return reached, report


def label_of(plan: Plan, report: QuarterReport) -> str:
    """April to June 2006."""
    return plan.quarters()[report.quarter - 1].label


def quarter_page(reached: ReachedPlan, report: QuarterReport) -> dict[str, Any]:
    """The frame of a plan around one of its reports."""
    page = plan_page(reached, TAB)
    page["breadcrumbs"] = [*page["breadcrumbs"], ("Monitoring", plan_href(reached.plan, TAB))]
    page["page_heading"] = f"Report of {label_of(reached.plan, report)}"
    return page


def _save(
    request: HttpRequest, reached: ReachedPlan, report: QuarterReport, sheet: Sheet
) -> QuarterReport | None:
    """The report as saved; None with what is wrong on the sheet."""
    read = sheet.read()
    if read is None:
        return None
    rows, milestones = read
    if sheet.seen is None:
        sheet.refusal = "Open the page again: it does not say what it was opened on."
        return None
    try:
        return save_report(
            report=report,
            rows=rows,
            milestones=milestones,
            commentary=sheet.commentary,
            revision=sheet.seen,
            by=signed_in(request),
            on=business_day(),
        )
    except NotPermitted as refused:
        raise PermissionDenied(str(refused)) from refused
    except ChangedMeanwhile as refused:
        now = report_of(reached.plan, report.quarter) or report
        sheet.overtake(now, standing_of(now, reached.plan))
        sheet.refusal = str(refused)
    except DomainError as refused:
        sheet.refusal = str(refused)
    return None


def _is_written(reached: ReachedPlan, report: QuarterReport) -> bool:
    """Whether the report can be changed now by whoever writes it."""
    begun = business_day() >= reached.plan.quarters()[report.quarter - 1].start
    return begun and not report.signed_by_id and reached.plan.state in AT_WORK_IN


def _summary(reached: ReachedPlan, report: QuarterReport, standing: Standing) -> Summary:
    period, today = reached.plan.quarters()[report.quarter - 1], business_day()
    one = QuarterStanding(
        report, period, standing.total("profile"), standing.total("reported"), today
    )
    signed = f"{report.signed_by}, {moment(report.signed_at)}" if report.signed_at else MISSING
    said = standing.in_words.lower() if one.is_over else f"runs to {day(period.last_day)}"
    return Summary(
        title=f"{period.label}: {said}",
        state=state_of(one),
        tone=tone_of(one),
        facts=[
            Fact("Due", day(report.due_on)),
            Fact("Signed", signed),
            Fact("Profile", pounds(standing.total("profile"))),
            Fact("Reported as spent", pounds(standing.total("reported"))),
            Fact("Paid by the ledger", pounds(standing.total("paid"))),
        ],
    )
