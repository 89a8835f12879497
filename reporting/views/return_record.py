"""The page of one return: what was sent, what was found, what it changes, what comes next."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from commissioning.roles import Permission
from commissioning.views.history import happenings
from commissioning.views.requests import signed_in
from pathways.choices import UploadState
from pathways.selectors.differences import difference_of
from pathways.selectors.findings import FIRST_ROWS, findings_by_rule
from pathways.selectors.returns import ReachedReturn, jobs_of
from pathways.views.reaching import crumbs_to, reached_or_404
from reporting.views.return_preview import preview_of
from reporting.views.return_words import (
    agencies_of,
    changes_of,
    send_again_href,
    stopped,
    summary_of,
    work_on,
)

CHANGES_SHOWN = 10


@require_safe
def return_detail(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """For its provider, and for whoever the agencies in it report to."""
    reached = reached_or_404(request, code, number)
    upload = reached.upload
    jobs = jobs_of(upload)
    rows = FIRST_ROWS if reached.may_see_records else 0
    return render(
        request,
        "reporting/return_detail.html",
        {
            "reached": reached,
            "upload": upload,
            "summary": summary_of(reached),
            "progress": work_on(reached, jobs),
            "stopped": stopped(jobs),
            "may_see_jobs": signed_in(request)
            .reach(Permission.JOBS_VIEW)
            .covers(reached.provider.pk),
            "preview": preview_of(signed_in(request), reached),
            "agencies": agencies_of(reached),
            "findings": findings_by_rule(upload, reached.findings(), first=rows),
            "happenings": happenings(*([upload] if reached.is_whole else []), *reached.returns),
            "findings_href": reverse("pathways:finding-list", args=[code, number]),
            "page_heading": str(upload),
            "breadcrumbs": [*crumbs_to(request, reached), (str(upload), "")],
            **_decisions(reached),
        },
    )


@require_safe
def return_progress(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """How far the work on it is, for its page to ask; when it is over the page is loaded anew."""
    reached = reached_or_404(request, code, number)
    progress = work_on(reached, jobs_of(reached.upload))
    if progress is None:
        return HttpResponse(headers={"HX-Refresh": "true"})
    return render(
        request, "components/progress.html", {"progress": progress, "id": "return-progress"}
    )


def _decisions(reached: ReachedReturn) -> dict[str, Any]:
    """What the sender can do about it now, and what would follow."""
    upload = reached.upload
    if not reached.is_whole:
        return {}
    words: dict[str, Any] = {}
    if upload.state == UploadState.CHECKED:
        difference = difference_of(upload, first=CHANGES_SHOWN)
        words["difference"] = difference
        if reached.may_see_records:
            words["changes"] = changes_of(difference, reached.returns)
    if reached.may_decide:
        where = [reached.provider.code, upload.number]
        words["nothing_to_load"] = reached.nothing_to_load()
        if upload.state == UploadState.CHECKED and not words["nothing_to_load"]:
            words["confirm_href"] = reverse("pathways:return-confirm", args=where)
        if upload.state in {UploadState.UPLOADED, UploadState.CHECKED}:
            words["reject_href"] = reverse("pathways:return-reject", args=where)
        if upload.state in {UploadState.REJECTED, UploadState.UNDONE}:
            words["send_again_href"] = send_again_href(upload, reached.provider.code)
    return words
