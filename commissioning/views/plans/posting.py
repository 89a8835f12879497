"""Posting to a plan's ledger by hand, and sending the bank's payments."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from commissioning.components import Fact
from commissioning.exports import csv_response
from commissioning.forms.plans.ledger import DEEDS, SETTLING, Deed, PaymentsForm, PostForm
from commissioning.kernel.clock import business_day
from commissioning.kernel.errors import DomainError
from commissioning.kernel.words import day, pounds
from commissioning.models import Entry
from commissioning.roles import Permission
from commissioning.selectors.plans.ledger import (
    entries_of_plan,
    money_of_plan,
    open_accruals,
    open_commitments,
    streams_of_lines,
)
from commissioning.selectors.plans.reaching import ReachedPlan
from commissioning.services import ledger
from commissioning.services.ledger import LedgerRefused
from commissioning.services.ledger.bank_file import FileRefused, read_payments
from commissioning.services.ledger.book import require_open_plan
from commissioning.services.ledger.payments import (
    Difference,
    bank_cause,
    difference_of,
    post_payments,
)
from commissioning.views.plans.ledger import LEDGER, form_page
from commissioning.views.plans.reaching import plan_href, plan_or_404
from commissioning.views.requests import attempt, signed_in

PAGE = ["GET", "HEAD", "POST"]
SHOWN = 100  # rows of a difference or of faults on the page; a file has all
FAULT_HEADER = ["Row", "Column", "What is wrong"]


def poster_of(request: HttpRequest, code: str, slug: str) -> ReachedPlan:
    """The plan, for whoever may post to its ledger; 403 for others who may view it, and for
    everybody, saying why, while nothing can be posted.
    """
    reached = plan_or_404(request, code, slug)
    if not reached.may(Permission.MONEY_POST):
        raise PermissionDenied("Your role does not let you post to this ledger.")
    try:
        require_open_plan(reached.plan)
    except LedgerRefused as refused:
        raise PermissionDenied(str(refused)) from refused
    return reached


@require_http_methods(PAGE)
def plan_ledger_post(request: HttpRequest, code: str, slug: str) -> HttpResponse:
    """One entry: typed, looked at once more, posted."""
    reached = poster_of(request, code, slug)
    if "reverse" in request.POST:
        return _reverse(request, reached)
    form = PostForm(
        request.POST if request.method == "POST" else None,
        money=money_of_plan(reached.plan),
        commitments=open_commitments(reached.plan),
        today=business_day(),
    )
    if request.method == "POST" and "change" not in request.POST and form.is_valid():
        if "confirmed" not in request.POST:
            return _look_again(request, reached, form)
        made = attempt(form, lambda: _post(form, request))
        if made:
            messages.success(request, "The entry is in the ledger. Its sums are on this page.")
            return redirect(plan_href(reached.plan, LEDGER))
    return render(
        request,
        "commissioning/plans/ledger_post.html",
        form_page(
            reached,
            "Post an entry",
            form=form,
            accruals=open_accruals(reached.plan),
            cancel_href=plan_href(reached.plan, LEDGER),
        ),
    )


def _look_again(request: HttpRequest, reached: ReachedPlan, form: PostForm) -> HttpResponse:
    """What was typed, and what it makes of the line."""
    given = form.cleaned_data
    part = given["part"]
    facts = [
        Fact("What is posted", DEEDS[given["deed"]]),
        Fact("Line", str(part.line)),
        Fact("Stream", str(part.stream)),
        Fact("Amount", pounds(given["amount"])),
        Fact("Date", day(given["on"])),
        Fact("Reference", given["reference"]),
        Fact("Committed and not paid now", pounds(part.committed)),
        Fact("Free now", pounds(part.headroom)),
    ]
    if given["reason"]:
        facts.append(Fact("Reason", given["reason"]))
    typed = [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if name != "csrfmiddlewaretoken"
    ]
    return render(
        request,
        "commissioning/plans/ledger_check.html",
        form_page(reached, "Check what is posted", facts=facts, typed=typed),
    )


def _post(form: PostForm, request: HttpRequest) -> object:
    given = form.cleaned_data
    deed: Deed = given["deed"]
    words: dict[str, Any] = {
        "allocation": given["part"],
        "amount": given["amount"],
        "cause": _cause(deed, given["reference"]),
        "by": signed_in(request),
        "on": given["on"],
        "reason": given["reason"],
    }
    if deed in SETTLING:
        words["of" if deed == Deed.RELEASE else "against"] = form.commitment_cause
    services: dict[Deed, Callable[..., object]] = {
        Deed.PAYMENT: ledger.pay,
        Deed.REFUND: ledger.pay_back,
        Deed.COMMITMENT: ledger.commit_funds,
        Deed.RELEASE: ledger.release_funds,
        Deed.ACCRUAL: ledger.accrue,
    }
    return services[deed](**words)


def _cause(deed: Deed, reference: str) -> str:
    """A payment has the cause that the bank's file would give it: it is known there then."""
    return bank_cause(reference) if deed == Deed.PAYMENT else f"{deed}:{reference}"


def _reverse(request: HttpRequest, reached: ReachedPlan) -> HttpResponse:
    number = request.POST["reverse"]
    rows = entries_of_plan(reached.plan)
    accrual: Entry = get_object_or_404(rows, pk=number if number.isdecimal() else 0)
    try:
        ledger.reverse_accrual(accrual=accrual, by=signed_in(request), on=business_day())
    except DomainError as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, "The accrual is reversed. Post its payment when it is made.")
    return redirect(plan_href(reached.plan, "commissioning:plan-ledger-post"))


@require_http_methods(PAGE)
def plan_payments(request: HttpRequest, code: str, slug: str) -> HttpResponseBase:
    """The bank's file: its faults, or what it would post; then posted in one go."""
    reached = poster_of(request, code, slug)
    if request.method != "POST":
        return _ask_for_file(request, reached, PaymentsForm())
    text = request.POST.get("content", "")
    if not text:
        form = PaymentsForm(request.POST, request.FILES)
        try:
            valid = form.is_valid()
        except FileRefused as refused:
            form = PaymentsForm({}, {})
            form.full_clean()
            form.errors.clear()
            form.add_error("file", str(refused))
            valid = False
        if not valid:
            return _ask_for_file(request, reached, form)
        text = form.cleaned_data["file"]
    try:
        return _look(request, reached, text, today=business_day())
    except DomainError as refused:
        form = PaymentsForm({}, {})
        form.full_clean()
        form.errors.clear()
        form.add_error("file", str(refused))
        return _ask_for_file(request, reached, form)


def _ask_for_file(request: HttpRequest, reached: ReachedPlan, form: PaymentsForm) -> HttpResponse:
    return render(
        request,
        "commissioning/plans/payments.html",
        form_page(
            reached,
            "Send the bank's payments",
            form=form,
            streams=streams_of_lines(reached.plan),
            cancel_href=plan_href(reached.plan, LEDGER),
        ),
    )


def _look(
    request: HttpRequest, reached: ReachedPlan, text: str, *, today: dt.date
) -> HttpResponseBase:
    plan, by = reached.plan, signed_in(request)
    read = read_payments(text, plan=plan, today=today)
    difference = Difference(faults=read.faults)
    if not read.faults:
        difference = difference_of(plan=plan, payments=read.payments, by=by, on=today)
    if request.POST.get("do") == "faults":
        rows = [[one.row, one.column, one.said] for one in difference.faults]
        return csv_response(f"faults-{plan.slug}.csv", FAULT_HEADER, rows)
    if request.POST.get("do") == "post" and not difference.faults:
        try:
            done = post_payments(
                plan=plan,
                payments=read.payments,
                digest=request.POST.get("digest", ""),
                by=by,
                on=today,
            )
        except DomainError as refused:
            messages.error(request, str(refused))
        else:
            count = len(done.to_post)
            said = "1 payment is" if count == 1 else f"{count:,} payments are"
            messages.success(
                request, f"{said} posted, {pounds(done.total)} in all. The ledger is below."
            )
            return redirect(plan_href(plan, LEDGER))
    return render(
        request,
        "commissioning/plans/payments_look.html",
        form_page(
            reached,
            "Mend the file" if difference.faults else "Check what is posted",
            difference=difference,
            faults=difference.faults[:SHOWN],
            changes=(difference.of("changed") + difference.of("new"))[:SHOWN],
            new=len(difference.of("new")),
            known=len(difference.of("known")),
            changed=len(difference.of("changed")),
            content=text,
            again_href=plan_href(plan, "commissioning:plan-payments"),
        ),
    )
