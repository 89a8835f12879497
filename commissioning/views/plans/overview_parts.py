"""What the first page of a plan is changed by: its summary and the documents it names."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST

from commissioning.components import Fact
from commissioning.forms.plans.documents import DocumentLinkForm
from commissioning.forms.plans.summary import SummaryForm
from commissioning.kernel.errors import DomainError
from commissioning.selectors.plans.parts import documents_kept_for, documents_of
from commissioning.services.plans.documents import link_document, unlink_document
from commissioning.services.plans.summary import write_summary
from commissioning.views.plans.reaching import edited_by, plan_href
from commissioning.views.plans.saving import editing_page
from commissioning.views.records import save_record
from commissioning.views.requests import signed_in

OVERVIEW = "commissioning:plan-detail"


@require_http_methods(["GET", "HEAD", "POST"])
def plan_summary(request: HttpRequest, code: str, slug: str) -> HttpResponse:
    """Write the strategic summary."""
    reached = edited_by(request, code, slug)
    plan = reached.plan
    form = SummaryForm(
        request.POST or None,
        revision=plan.revision,
        initial={"summary": plan.summary, "has_prison": plan.has_prison},
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        saved = save_record(
            form,
            plan,
            lambda: write_summary(
                plan=plan,
                summary=given["summary"],
                has_prison=given["has_prison"],
                by=signed_in(request),
                revision=form.seen,
            ),
        )
        if saved:
            messages.success(request, "The summary is saved.")
            return redirect(plan_href(plan))
    return editing_page(
        request,
        reached,
        OVERVIEW,
        form=form,
        heading="Strategic summary",
        button="Save the summary",
        now=lambda: [
            Fact("Strategic summary", plan.summary or "Empty"),
            Fact("Prison in the area", "Yes" if plan.has_prison else "No"),
        ],
    )


@require_http_methods(["GET", "HEAD", "POST"])
def plan_document_link(request: HttpRequest, code: str, slug: str) -> HttpResponse:
    """Name a document the plan hangs together with."""
    reached = edited_by(request, code, slug)
    plan = reached.plan
    form = DocumentLinkForm(
        request.POST or None,
        revision=plan.revision,
        kept=documents_kept_for(plan, seen_by=signed_in(request)),
        initial={"role": request.GET.get("role", "")},
    )
    if request.method == "POST" and form.is_valid():
        given = {name: value for name, value in form.cleaned_data.items() if name != "revision"}
        saved = save_record(
            form,
            plan,
            lambda: link_document(plan=plan, by=signed_in(request), revision=form.seen, **given),
        )
        if saved:
            messages.success(request, f"“{saved.title}” is named in the plan.")
            return redirect(plan_href(plan))
    return editing_page(
        request,
        reached,
        OVERVIEW,
        form=form,
        heading="Name a document",
        button="Name the document",
        now=lambda: [Fact(one.get_role_display(), one.title) for one in documents_of(plan)],
    )


@require_POST
def plan_document_unlink(request: HttpRequest, code: str, slug: str, number: int) -> HttpResponse:
    """Take a document out of the plan."""
    reached = edited_by(request, code, slug)
    linked = get_object_or_404(documents_of(reached.plan), pk=number)
    try:
        unlink_document(linked=linked, by=signed_in(request))
    except DomainError as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, f"“{linked.title}” is no longer named in the plan.")
    return redirect(plan_href(reached.plan))
