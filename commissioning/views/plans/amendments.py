"""Amendments of an agreed plan: opening one, what it changes, and deciding it."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from commissioning.choices import AMENDMENT_TRANSITIONS, IN_HAND, AmendmentState, VersionReason
from commissioning.components import Fact, Summary, Tone
from commissioning.forms.plans.agreement import DecisionForm, DeedForm, ReasonForm
from commissioning.kernel.clock import business_day
from commissioning.kernel.words import day
from commissioning.models import Amendment
from commissioning.roles import Permission
from commissioning.selectors.plans.comparing import compare
from commissioning.selectors.plans.content import content_of
from commissioning.selectors.plans.reaching import ReachedPlan
from commissioning.services.plans import amending
from commissioning.views.plans.deeds import (
    AMENDMENT_WORDS,
    amendment_buttons,
    amendment_href,
    in_the_way,
)
from commissioning.views.plans.reaching import plan_href, plan_or_404, plan_page
from commissioning.views.requests import attempt, signed_in

TAB = "commissioning:plan-versions"
TONES: dict[AmendmentState, Tone] = {
    AmendmentState.OPEN: "watch",
    AmendmentState.SUBMITTED: "info",
    AmendmentState.AGREED: "good",
    AmendmentState.REFUSED: "bad",
    AmendmentState.WITHDRAWN: "plain",
}
# The question each decision asks, and whether it has to be answered.
ASKED: dict[AmendmentState, tuple[str, bool]] = {
    AmendmentState.AGREED: ("What you say to it", False),
    AmendmentState.REFUSED: ("The reason why it is refused", True),
    AmendmentState.OPEN: ("What is to be changed", True),
}
LEADS: dict[AmendmentState, tuple[str, str]] = {
    AmendmentState.SUBMITTED: (
        "The changed plan goes to the region. It cannot be changed until the region decides.",
        "The amendment is with the region now.",
    ),
    AmendmentState.WITHDRAWN: (
        "The plan goes back to what was agreed last. What was written since is lost.",
        "The amendment is withdrawn. The plan says again what was agreed.",
    ),
    AmendmentState.AGREED: (
        "The plan is frozen as varied, and the difference is posted to the ledger.",
        "The amendment is agreed, and the difference is in the ledger.",
    ),
    AmendmentState.REFUSED: (
        "The plan goes back to what was agreed last, and the partnership is told why.",
        "The amendment is refused. The plan says again what was agreed.",
    ),
    AmendmentState.OPEN: (
        "The partnership can change the plan again, and is told what you ask for.",
        "The amendment is back with the partnership.",
    ),
}
SERVICES: dict[AmendmentState, Callable[..., Amendment]] = {
    AmendmentState.SUBMITTED: amending.submit_amendment,
    AmendmentState.WITHDRAWN: amending.withdraw_amendment,
    AmendmentState.AGREED: amending.agree_amendment,
    AmendmentState.REFUSED: amending.refuse_amendment,
    AmendmentState.OPEN: amending.return_amendment,
}


@require_http_methods(["GET", "HEAD", "POST"])
def amendment_open(request: HttpRequest, code: str, slug: str) -> HttpResponse:
    """Open an agreed plan to be changed, with the reason."""
    reached = plan_or_404(request, code, slug)
    if not reached.may(Permission.PLAN_EDIT):
        raise PermissionDenied("Your role does not let you do this here.")
    plan, form = reached.plan, ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = attempt(
            form,
            lambda: amending.open_amendment(plan=plan, by=signed_in(request), **form.cleaned_data),
        )
        if made:
            messages.success(
                request, "The plan can be changed now. Submit the amendment when it is ready."
            )
            return redirect(amendment_href(made))
    return render(
        request,
        "commissioning/plans/deed.html",
        plan_page(
            reached,
            TAB,
            form=form,
            button="Open an amendment",
            lead="The plan can then be edited again. Nothing that is agreed changes before the"
            " region agrees the amendment.",
            cancel_href=plan_href(plan),
            page_heading="Open an amendment",
        ),
    )


@require_safe
def amendment_detail(request: HttpRequest, code: str, slug: str, number: int) -> HttpResponse:
    """The amendment: its reason, how it stands, and what it changes."""
    reached, amendment = _reached(request, code, slug, number)
    return render(
        request,
        "commissioning/plans/amendment.html",
        plan_page(
            reached,
            TAB,
            amendment=amendment,
            summary=_summary(amendment),
            buttons=amendment_buttons(reached, amendment),
            comparison=_difference(reached, amendment),
            is_in_hand=amendment.state in IN_HAND,
            page_heading=f"Amendment {amendment.number}",
        ),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def amendment_deed(
    request: HttpRequest, code: str, slug: str, number: int, deed: str
) -> HttpResponse:
    """Submit, withdraw, agree, refuse or return an amendment."""
    reached, amendment = _reached(request, code, slug, number)
    to = next((one for one, (_, word) in AMENDMENT_WORDS.items() if word == deed), None)
    if to is None:
        raise Http404
    if not reached.may(amending.DEEDS[to][1]):
        raise PermissionDenied("Your role does not let you do this here.")
    current = AmendmentState(amendment.state)
    if request.method != "POST" and to not in AMENDMENT_TRANSITIONS[current]:
        messages.error(request, f"The amendment is “{current.label.lower()}” now.")
        return redirect(amendment_href(amendment))
    form = _form(request, to, reached)
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        if to is not AmendmentState.WITHDRAWN:
            given["on"] = business_day()
        done = attempt(
            form,
            partial(SERVICES[to], amendment=amendment, by=signed_in(request), **given),
        )
        if done:
            messages.success(request, LEADS[to][1])
            return redirect(amendment_href(done))
    words = AMENDMENT_WORDS[to][0]
    return render(
        request,
        "commissioning/plans/deed.html",
        plan_page(
            reached,
            TAB,
            form=form,
            button=words,
            lead=LEADS[to][0],
            cancel_href=amendment_href(amendment),
            **in_the_way(
                reached,
                sends=to is AmendmentState.SUBMITTED,
                asks_comments=to in _ASKS_COMMENTS,
            ),
            page_heading=words,
        ),
    )


_ASKS_COMMENTS = frozenset({AmendmentState.SUBMITTED, AmendmentState.AGREED, AmendmentState.OPEN})


def _form(request: HttpRequest, to: AmendmentState, reached: ReachedPlan) -> DeedForm:
    given: dict[str, Any] = {"initial": {"revision": reached.plan.revision}}
    if to not in ASKED:
        return DeedForm(request.POST or None, **given)
    words, needed = ASKED[to]
    return DecisionForm(request.POST or None, words=words, needed=needed, **given)


def _reached(
    request: HttpRequest, code: str, slug: str, number: int
) -> tuple[ReachedPlan, Amendment]:
    reached = plan_or_404(request, code, slug)
    amendment = get_object_or_404(
        reached.plan.amendments.select_related("opened_by", "decided_by"), number=number
    )
    amendment.plan = reached.plan
    return reached, amendment


def _difference(reached: ReachedPlan, amendment: Amendment) -> Any:
    """What the plan says now against what was agreed last, while the amendment is in hand; of an
    agreed one, what it changed. What was given up changed nothing.
    """
    agreed = reached.plan.versions.filter(
        reason__in=[VersionReason.AGREED, VersionReason.VARIED]
    ).order_by("-number")
    if amendment.state in IN_HAND:
        last = agreed.first()
        return compare(last.content, content_of(reached.plan)) if last else None
    if amendment.state != AmendmentState.AGREED or amendment.decided_at is None:
        return None
    # It was frozen just after it was decided, before any other was.
    made = agreed.filter(taken_at__gte=amendment.decided_at).last()
    before = agreed.filter(number__lt=made.number).first() if made else None
    return compare(before.content, made.content) if made and before else None


def _summary(amendment: Amendment) -> Summary:
    state = AmendmentState(amendment.state)
    facts = [
        Fact("Opened by", str(amendment.opened_by or "The service")),
        Fact("Opened on", day(amendment.opened_at.date())),
    ]
    if amendment.decided_at:
        facts += [
            Fact("Decided by", str(amendment.decided_by or "The service")),
            Fact("Decided on", day(amendment.decided_at.date())),
        ]
    return Summary(f"Amendment {amendment.number}", state.label, TONES[state], facts)
