"""How a contract performs: its quarters, comments, remedies and monitoring returns."""

import datetime as dt
from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from commissioning.forms.base import SayingForm
from commissioning.kernel.clock import business_day
from commissioning.kernel.errors import DomainError
from commissioning.kernel.periods import Grain, Period, UnknownPeriod
from commissioning.selectors.rule_sets import settings_in_force
from commissioning.views.records import form_page
from commissioning.views.requests import attempt, signed_in
from providers.choices import IN_FORCE_IN, ContractState, Side
from providers.forms.contracts.performance import CommentForm, ReturnForm
from providers.selectors.contracts.performance import (
    Awaiting,
    Quarter,
    performance_of,
    quarters_of,
)
from providers.services.contracts.performance import (
    accept_monitoring_return,
    finish_remedy,
    say_of_quarter,
    send_monitoring_return,
)
from providers.views.contracts.reaching import (
    ReachedContract,
    contract_of,
    contract_or_404,
    contract_page,
    crumbs,
)

PAGE = ["GET", "HEAD", "POST"]
PERFORMS_IN = IN_FORCE_IN | {ContractState.ENDED}
SHOWN = 8  # quarters on a page


@require_safe
def contract_performance(request: HttpRequest, reference: str) -> HttpResponse:
    """Its quarters, the newest first, with the verdict on each measure in words."""
    reached = contract_or_404(request, reference)
    contract, today = reached.contract, business_day()
    performs = contract.state in PERFORMS_IN
    periods = quarters_of(contract, today=today)[:SHOWN] if performs else []
    awaiting = Awaiting(today, due_days=settings_in_force(on=today).return_due_days)
    quarters = performance_of(contract, periods, awaiting)
    return render(
        request,
        "providers/contracts/performance.html",
        contract_page(
            reached,
            "providers:contract-performance",
            quarters=[_quarter(reached, one, today) for one in quarters],
            accepts=reached.writes_for(Side.COMMISSIONER),
            today=today,
        ),
    )


def _quarter(reached: ReachedContract, one: Quarter, today: dt.date) -> dict[str, object]:
    code = one.period.code
    sends = reached.writes_for(Side.PROVIDER) and one.period.end <= today and not one.returned
    return {
        "period": one.period,
        "measures": one.measures,
        "returned": one.returned,
        "comments": one.comments,
        "comment_href": reached.href("contract-comment", code) if reached.side else "",
        "return_href": reached.href("contract-return", code) if sends else "",
        "settle_href": reached.href("contract-settle"),
    }


@require_http_methods(PAGE)
def contract_comment(request: HttpRequest, reference: str, quarter: str) -> HttpResponse:
    """A side says something of a quarter."""
    reached = contract_of(request, reference)
    return _asked(
        request,
        reached,
        quarter,
        CommentForm(request.POST or None),
        say_of_quarter,
        ("Comment on", "Add comment", "The comment is with the quarter."),
    )


@require_http_methods(PAGE)
def contract_return(request: HttpRequest, reference: str, quarter: str) -> HttpResponse:
    """The provider's monitoring return."""
    reached = contract_of(request, reference, Side.PROVIDER)
    return _asked(
        request,
        reached,
        quarter,
        ReturnForm(request.POST or None),
        send_monitoring_return,
        ("Monitoring return for", "Send return", "The return is with the commissioner."),
    )


def _asked(  # noqa: PLR0917 - called twice, above
    request: HttpRequest,
    reached: ReachedContract,
    quarter: str,
    form: SayingForm,
    deed: Callable[..., object],
    words: tuple[str, str, str],
) -> HttpResponse:
    period = _period(quarter)
    about, button, said = words
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        if attempt(
            form,
            lambda: deed(
                contract=reached.contract,
                quarter=period,
                by=signed_in(request),
                on=business_day(),
                **given,
            ),
        ):
            messages.success(request, said)
            return redirect(reached.href("contract-performance"))
    heading = f"{about} {period.label}"
    return form_page(
        request,
        form,
        heading=heading,
        button=button,
        cancel_href=reached.href("contract-performance"),
        breadcrumbs=crumbs(reached, (heading, "")),
        caption=str(reached.contract),
    )


def _period(code: str) -> Period:
    try:
        period = Period.parse(code)
    except UnknownPeriod as unknown:
        raise Http404 from unknown
    if period.grain is not Grain.QUARTER:
        raise Http404
    return period


@require_POST
def contract_settle(request: HttpRequest, reference: str) -> HttpResponse:
    """A return is accepted, or a remedy done: by the commissioner."""
    reached = contract_or_404(request, reference)
    if not reached.writes_for(Side.COMMISSIONER):
        raise PermissionDenied("Your role does not let you do this here.")
    contract, by = reached.contract, signed_in(request)
    number = request.POST.get("remedy", "") or request.POST.get("return", "")
    key = int(number) if number.isdecimal() else 0
    try:
        if "remedy" in request.POST:
            comment = get_object_or_404(contract.comments.all(), pk=key)
            finish_remedy(comment=comment, by=by, on=business_day())
            messages.success(request, "The remedy is done.")
        else:
            returned = get_object_or_404(contract.monitoring_returns.all(), pk=key)
            accept_monitoring_return(returned=returned, by=by)
            messages.success(request, "The return is accepted.")
    except DomainError as refused:
        messages.error(request, str(refused))
    return redirect(reached.href("contract-performance"))
