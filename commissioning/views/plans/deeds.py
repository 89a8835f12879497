"""The buttons of a plan, and the page on which each deed is looked at before it is done.

`PLAN_TRANSITIONS` and `AMENDMENT_TRANSITIONS` say which buttons there are; who may press them,
the services say. The same tables refuse a deed that comes too late.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from commissioning.choices import (
    AMENDMENT_TRANSITIONS,
    AT_WORK_IN,
    PLAN_TRANSITIONS,
    AmendmentState,
    PlanState,
)
from commissioning.forms.plans.agreement import DeedForm, ReturnForm
from commissioning.kernel.clock import business_day
from commissioning.kernel.words import joined, pounds
from commissioning.models import Amendment, Plan
from commissioning.models.plans import year_period
from commissioning.roles import Permission
from commissioning.selectors.plans.checking import blocking_checks
from commissioning.selectors.plans.comments import open_comments
from commissioning.selectors.plans.money_totals import (
    carried_forward,
    planned_by_stream,
    plans_not_closed,
)
from commissioning.selectors.plans.reaching import ReachedPlan
from commissioning.services.plans import agreement, amending
from commissioning.views.plans.mending import CHECKS_PAGE, shown_to_do
from commissioning.views.plans.reaching import plan_href, plan_or_404, plan_page
from commissioning.views.requests import attempt, signed_in


@dataclass(frozen=True)
class Deed:
    """A deed on a plan: its button, its page, what it does and what it said when it is done."""

    words: str
    page: str
    done: str
    lead: str
    service: Callable[..., Plan]
    sends: bool = False
    posts_money: bool = False


DEEDS: dict[PlanState, Deed] = {
    PlanState.SUBMITTED: Deed(
        "Submit plan",
        "commissioning:plan-submit",
        "The plan is with the region now. You are told when it is agreed or comes back.",
        "The plan is frozen as it stands and goes to the region. It can be changed again when it"
        " comes back.",
        agreement.submit_plan,
        sends=True,
    ),
    PlanState.COMMENTED: Deed(
        "Return plan",
        "commissioning:plan-return",
        "The plan is back with its partnership, which is told.",
        "The partnership gets the plan back with every comment that is not settled. It answers"
        " them, changes the plan and submits it again.",
        agreement.return_plan,
    ),
    PlanState.RESUBMITTED: Deed(
        "Resubmit plan",
        "commissioning:plan-resubmit",
        "The plan is with the region again.",
        "The plan is frozen as it stands and goes to the region again, with your answers.",
        agreement.resubmit_plan,
        sends=True,
    ),
    PlanState.AGREED: Deed(
        "Agree plan",
        "commissioning:plan-agree",
        "The plan is agreed, and its money is in the ledger.",
        "The plan is frozen as agreed. What each line takes from each stream is posted to the"
        " ledger, and from then on the plan changes by amendment only.",
        agreement.agree_plan,
        posts_money=True,
    ),
    PlanState.MONITORED: Deed(
        "Begin monitoring",
        "commissioning:plan-begin-monitoring",
        "The plan is monitored from now on.",
        "From now on the partnership reports on the plan each quarter.",
        agreement.begin_monitoring,
    ),
    PlanState.CLOSED: Deed(
        "Close plan",
        "commissioning:plan-close",
        "The plan is closed.",
        "A closed plan stays as it is for good. What is committed and not paid lapses; what is"
        " left of each stream is carried forward into the next year, once every plan the"
        " partnership shares in is closed.",
        agreement.close_plan,
    ),
}
AMENDMENT_WORDS: dict[AmendmentState, tuple[str, str]] = {
    AmendmentState.SUBMITTED: ("Submit amendment", "submit"),
    AmendmentState.WITHDRAWN: ("Withdraw amendment", "withdraw"),
    AmendmentState.AGREED: ("Agree amendment", "agree"),
    AmendmentState.REFUSED: ("Refuse amendment", "refuse"),
    AmendmentState.OPEN: ("Return amendment", "return"),
}


@dataclass(frozen=True)
class Button:
    """A deed that a person may do now."""

    words: str
    href: str
    is_first: bool = False


def buttons_of(reached: ReachedPlan, *, today: dt.date) -> list[Button]:
    """What the person may do with the plan, or with its amendment in hand, in its state today."""
    plan = reached.plan
    found = [
        Button(DEEDS[to].words, plan_href(plan, DEEDS[to].page))
        for to in DEEDS
        if to in PLAN_TRANSITIONS[PlanState(plan.state)]
        and reached.may(agreement.DEEDS[to][1])
        and today >= agreement.first_day_of(to, plan)
    ]
    if plan.state in AT_WORK_IN:
        found = [*_of_amendment(reached), *found]
    return [Button(one.words, one.href, place == 0) for place, one in enumerate(found)]


def waits_for_day(plan: Plan, *, today: dt.date) -> dt.date | None:
    """The day from which the plan's next deed can be done, where it is to come."""
    days = [agreement.first_day_of(to, plan) for to in PLAN_TRANSITIONS[PlanState(plan.state)]]
    return min((one for one in days if one > today), default=None)


def amendment_buttons(reached: ReachedPlan, amendment: Amendment) -> list[Button]:
    """What the person may do with an amendment in its state."""
    allowed = AMENDMENT_TRANSITIONS[AmendmentState(amendment.state)]
    found = [
        Button(words, amendment_href(amendment, deed))
        for to, (words, deed) in AMENDMENT_WORDS.items()
        if to in allowed and reached.may(amending.DEEDS[to][1])
    ]
    return [Button(one.words, one.href, place == 0) for place, one in enumerate(found)]


def amendment_href(amendment: Amendment, deed: str = "") -> str:
    plan = amendment.plan
    where: list[Any] = [plan.partnership.code, plan.slug, amendment.number]
    if deed:
        return reverse("commissioning:amendment-deed", args=[*where, deed])
    return reverse("commissioning:amendment-detail", args=where)


@require_http_methods(["GET", "HEAD", "POST"])
def plan_deed(request: HttpRequest, code: str, slug: str, to: PlanState) -> HttpResponse:
    """What the deed does, and what stands in its way; posted, it is done."""
    reached, deed = plan_or_404(request, code, slug), DEEDS[to]
    if not reached.may(agreement.DEEDS[to][1]):
        raise PermissionDenied("Your role does not let you do this here.")
    plan, today = reached.plan, business_day()
    if request.method != "POST" and to not in PLAN_TRANSITIONS[PlanState(plan.state)]:
        messages.error(request, f"The plan is “{plan.get_state_display().lower()}” now.")
        return redirect(plan_href(plan))
    made = ReturnForm if to is PlanState.COMMENTED else DeedForm
    form = made(request.POST or None, initial={"revision": plan.revision})
    if request.method == "POST" and form.is_valid():
        done = attempt(
            form,
            lambda: deed.service(plan=plan, by=signed_in(request), on=today, **form.cleaned_data),
        )
        if done:
            said = f"{deed.done}{_carried(plan)}" if to is PlanState.CLOSED else deed.done
            messages.success(request, said)
            return redirect(plan_href(plan))
    return render(
        request,
        "commissioning/plans/deed.html",
        plan_page(
            reached,
            deed.page,
            form=form,
            button=deed.words,
            lead=deed.lead,
            cancel_href=plan_href(plan),
            **in_the_way(reached, sends=deed.sends, asks_comments=to in _ASKS_COMMENTS),
            reasons=agreement.keeps_open(plan=plan, on=today) if to is PlanState.CLOSED else [],
            money=planned_by_stream(plan) if deed.posts_money else None,
            page_heading=deed.words,
        ),
    )


_ASKS_COMMENTS = frozenset({PlanState.COMMENTED, PlanState.RESUBMITTED, PlanState.AGREED})


def _carried(plan: Plan) -> str:
    """What closing the plan carried forward, or which plan it waits for, to whoever closed it."""
    following = year_period(plan.year + 1).label
    if amount := carried_forward(plan.partnership, plan.year):
        return f" {pounds(amount)} is carried forward into {following}."
    if still := plans_not_closed(plan.partnership, plan.year):
        closed = "is closed" if len(still) == 1 else "are closed"
        return f" What is left is carried forward into {following} once {joined(still)} {closed}."
    return " Nothing is left to be carried forward."


def in_the_way(reached: ReachedPlan, *, sends: bool, asks_comments: bool) -> dict[str, Any]:
    """What a deed's page shows before it is done: checks that fail, where the plan is sent by it,
    and comments that are not settled, where they are asked for."""
    plan = reached.plan
    return {
        "to_do": shown_to_do(reached, blocking_checks(plan)) if sends else [],
        "checks_href": plan_href(plan, CHECKS_PAGE),
        "comments": list(open_comments(plan).order_by("pk")) if asks_comments else [],
        "comments_href": plan_href(plan, "commissioning:plan-comments"),
    }


def _of_amendment(reached: ReachedPlan) -> list[Button]:
    amendment = reached.amendment
    if amendment is not None:
        amendment.plan = reached.plan
        return [Button(f"Amendment {amendment.number}", amendment_href(amendment))]
    if reached.may(Permission.PLAN_EDIT):
        return [
            Button("Open an amendment", plan_href(reached.plan, "commissioning:amendment-open"))
        ]
    return []
