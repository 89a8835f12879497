"""Signing a quarter's report, and opening a signed one again."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from commissioning.forms.plans.monitoring import ReopenForm, SignForm
from commissioning.kernel.clock import business_day
from commissioning.kernel.words import pounds
from commissioning.models import QuarterReport
from commissioning.selectors.plans.monitoring import standing_of
from commissioning.selectors.plans.reaching import ReachedPlan
from commissioning.services.plans.monitoring import reopen_report, sign_report
from commissioning.views.plans.quarter import label_of, quarter_page, report_or_404
from commissioning.views.plans.report_tables import quarter_href
from commissioning.views.requests import attempt, signed_in


@require_http_methods(["GET", "HEAD", "POST"])
def quarter_sign(request: HttpRequest, code: str, slug: str, quarter: str) -> HttpResponse:
    """What the signature stands for; posted, the report is frozen."""
    reached, report = report_or_404(request, code, slug, quarter)
    if not reached.may_submit:
        raise PermissionDenied("The partnership's lead signs its reports.")
    plan, here = reached.plan, quarter_href(reached.plan, report.quarter)
    form = SignForm(request.POST or None, initial={"revision": report.revision})
    if request.method == "POST" and form.is_valid():
        done = attempt(
            form,
            lambda: sign_report(
                report=report, by=signed_in(request), on=business_day(), **form.cleaned_data
            ),
        )
        if done:
            messages.success(request, "The report is signed, and the region is told.")
            return redirect(here)
    standing = standing_of(report, plan)
    ends = plan.quarters()[report.quarter - 1].last_day
    late = [one for one in standing.milestones if one.is_late(on=ends)]
    many = f"{len(late)} of {len(standing.milestones)} milestones"
    lead = (
        f"By the end of {label_of(plan, report)}, {pounds(standing.total('reported'))} is"
        f" reported as spent: {standing.in_words.lower()}. {many}"
        f" {'is' if len(late) == 1 else 'are'} late or past the day and not done. A signed"
        " report stays as it is; a reviewer of the region can open it again."
    )
    return _deed_page(request, reached, report, form=form, button="Sign the report", lead=lead)


@require_http_methods(["GET", "HEAD", "POST"])
def quarter_reopen(request: HttpRequest, code: str, slug: str, quarter: str) -> HttpResponse:
    """Give a signed report back, with the reason."""
    reached, report = report_or_404(request, code, slug, quarter)
    if not reached.may_agree:
        raise PermissionDenied("A reviewer of the region opens a signed report again.")
    form = ReopenForm(request.POST or None, initial={"revision": report.revision})
    if request.method == "POST" and form.is_valid():
        done = attempt(
            form,
            lambda: reopen_report(
                report=report, by=signed_in(request), on=business_day(), **form.cleaned_data
            ),
        )
        if done:
            messages.success(request, "The report is open again, and its partnership is told.")
            return redirect(quarter_href(reached.plan, report.quarter))
    lead = "The partnership can change the report and signs it again."
    return _deed_page(
        request, reached, report, form=form, button="Open the report again", lead=lead
    )


def _deed_page(
    request: HttpRequest,
    reached: ReachedPlan,
    report: QuarterReport,
    **words: Any,
) -> HttpResponse:
    page = quarter_page(reached, report)
    here = quarter_href(reached.plan, report.quarter)
    page["breadcrumbs"] = [*page["breadcrumbs"], (label_of(reached.plan, report), here)]
    return render(
        request,
        "commissioning/plans/deed.html",
        {
            **page,
            **words,
            "cancel_href": here,
            "page_heading": words["button"],
        },
    )
