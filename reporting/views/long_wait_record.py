"""One wait of six weeks or longer: its record, its review, and closing it."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from commissioning.components import Fact, Summary
from commissioning.kernel.clock import business_day
from commissioning.kernel.errors import DomainError
from commissioning.kernel.words import MISSING, day, weeks_of_days
from commissioning.models import User
from commissioning.roles import Permission
from commissioning.views.history import in_words
from commissioning.views.requests import say_refusal, signed_in
from reporting.choices import LongWaitState
from reporting.forms import CloseForm, ReviewForm
from reporting.models import LongWait
from reporting.selectors.long_waits import (
    Sight,
    deeds_on,
    long_waits_for,
    people_to_own,
)
from reporting.services.long_wait_reviews import (
    ChangedSinceOpened,
    close_long_wait,
    record_view,
    review_long_wait,
)
from reporting.tables import LONG_WAITS, address_of, intervention, standing_of
from reporting.views.long_wait_as_at import as_at_of_wait

CONFLICT = 409


@dataclass(frozen=True)
class Step:
    """A day in the course of a wait."""

    on: dt.date | None
    words: str
    note: str = ""


@require_safe
def long_wait_detail(request: HttpRequest, number: int) -> HttpResponse:
    """The record page. That somebody opened it is kept in the trail."""
    wait = _wait(request, number)
    person = signed_in(request)
    if request.method == "GET":
        record_view(wait=wait, by=person)
    form = _review_form(None, wait) if _may_review(person, wait) else None
    return _record(request, wait, form)


@require_POST
def long_wait_review(request: HttpRequest, number: int) -> HttpResponse:
    """Keep owner, cause and action."""
    wait = _to_review(request, number)
    form = _review_form(request.POST, wait)
    if not form.is_valid():
        return _record(request, wait, form)
    try:
        saved = review_long_wait(wait=wait, by=signed_in(request), **form.cleaned_data)
    except ChangedSinceOpened as changed:
        return _conflict(request, wait, form, changed)
    except DomainError as refused:
        say_refusal(form, refused)
        return _record(request, wait, form)
    messages.success(request, f"The review of wait {saved.pk} is saved. {_next_of(saved)}")
    return redirect(address_of(saved))


@require_http_methods(["GET", "HEAD", "POST"])
def long_wait_close(request: HttpRequest, number: int) -> HttpResponse:
    """Close a wait with its cause and outcome: a page of its own, since it cannot be undone."""
    wait = _to_review(request, number)
    form = CloseForm(request.POST or None, wait=wait)
    if request.method == "POST" and form.is_valid():
        try:
            closed = close_long_wait(
                wait=wait, on=business_day(), by=signed_in(request), **form.cleaned_data
            )
        except ChangedSinceOpened as changed:
            return _conflict(request, wait, form, changed)
        except DomainError as refused:
            say_refusal(form, refused)
        else:
            messages.success(
                request,
                f"Wait {closed.pk} is closed. It stays on the list, where the region reads its "
                "cause and outcome.",
            )
            return redirect(address_of(closed))
    return render(
        request,
        "reporting/long_wait_close.html",
        {
            "wait": wait,
            "form": form,
            "summary": _summary(request, wait),
            "cancel_href": address_of(wait),
            "page_heading": f"Close wait {wait.pk}",
            "breadcrumbs": _crumbs(wait, "Close"),
        },
    )


def _wait(request: HttpRequest, number: int) -> LongWait:
    mine = long_waits_for(signed_in(request)).select_related("agency__provider__organisation")
    return get_object_or_404(mine, pk=number)


def _to_review(request: HttpRequest, number: int) -> LongWait:
    """404 for a wait one may not view, 403 for one that others review."""
    wait = _wait(request, number)
    if not _reviews(signed_in(request), wait):
        raise PermissionDenied("Your role does not let you review this wait.")
    return wait


def _reviews(person: User, wait: LongWait) -> bool:
    reach = person.reach(Permission.LONG_WAIT_REVIEW)
    return reach.nation or wait.partnership_id in reach.partnerships


def _may_review(person: User, wait: LongWait) -> bool:
    """Whether the person may write about the wait as it stands now."""
    standing = wait.withdrawn_on is None and wait.state != LongWaitState.CLOSED
    return standing and _reviews(person, wait)


def _review_form(said: Any, wait: LongWait) -> ReviewForm:
    return ReviewForm(said, wait=wait, people=people_to_own(wait, on=business_day()))


def _record(request: HttpRequest, wait: LongWait, form: ReviewForm | None) -> HttpResponse:
    person = signed_in(request)
    return render(
        request,
        "reporting/long_wait_detail.html",
        {
            "wait": wait,
            "form": form,
            "as_at": as_at_of_wait(wait, today=business_day()),
            "summary": _summary(request, wait),
            "steps": _steps(wait),
            "to_do": _to_do(person, wait),
            "happenings": in_words(deeds_on(wait)),
            "viewings": deeds_on(wait, viewed=True) if Sight.of(person).covers(wait) else (),
            "close_href": reverse("reporting:long-wait-close", args=[wait.pk]),
            "review_href": reverse("reporting:long-wait-review", args=[wait.pk]),
            "page_heading": f"Wait {wait.pk}: {intervention(wait)}, {wait.days} days",
            "breadcrumbs": _crumbs(wait),
        },
    )


def _conflict(
    request: HttpRequest,
    wait: LongWait,
    form: ReviewForm | CloseForm,
    changed: ChangedSinceOpened,
) -> HttpResponse:
    """What the person wrote, still in its form, beside what was saved meanwhile."""
    wait = _wait(request, wait.pk)
    written = request.POST.copy()
    written["version"] = str(wait.version)
    closes = isinstance(form, CloseForm)
    again = CloseForm(written, wait=wait) if closes else _review_form(written, wait)
    last = next(iter(deeds_on(wait)), None)
    return render(
        request,
        "reporting/long_wait_conflict.html",
        {
            "wait": wait,
            "form": again,
            "sentence": str(changed),
            "saved": _said(wait),
            "last": in_words([last])[0] if last else None,
            "action_href": reverse(
                f"reporting:long-wait-{'close' if closes else 'review'}", args=[wait.pk]
            ),
            "button": "Close with what I wrote" if closes else "Save what I wrote",
            "keep_href": address_of(wait),
            "page_heading": f"Wait {wait.pk} was changed since you opened it",
            "breadcrumbs": _crumbs(wait, "Changed meanwhile"),
        },
        status=CONFLICT,
    )


def _crumbs(wait: LongWait, *further: str) -> list[tuple[str, str]]:
    crumbs = [(LONG_WAITS, reverse("reporting:long-wait-list"))]
    if not further:
        return [*crumbs, (f"Wait {wait.pk}", "")]
    return [*crumbs, (f"Wait {wait.pk}", address_of(wait)), *((word, "") for word in further)]


def _summary(request: HttpRequest, wait: LongWait) -> Summary:
    state, tone = standing_of(wait)
    place = wait.partnership.organisation.name if wait.partnership else "Not known"
    facts = [
        Fact("Waited", f"{wait.days} days ({weeks_of_days(wait.days)} weeks)"),
        Fact("Now", "Still waiting" if wait.is_open else "Wait is over"),
        Fact("Intervention", intervention(wait)),
        Fact("Partnership", place),
        Fact("Agency", f"{wait.agency.name} ({wait.agency.provider})"),
        Fact("Looked after by", str(wait.owner) if wait.owner else "Nobody yet"),
    ]
    if Sight.of(signed_in(request)).covers(wait):
        facts += [
            Fact("Client reference", wait.client_ref),
            Fact("Episode reference", wait.episode_ref),
        ]
    return Summary(title="Review", state=state, tone=tone, facts=facts)


def _said(wait: LongWait) -> list[Fact]:
    """The review as it is held."""
    return [
        Fact("Owner", str(wait.owner) if wait.owner else "Nobody yet"),
        Fact("Cause", wait.get_cause_display() or MISSING),
        Fact("Action", wait.action or MISSING),
        Fact("Outcome", wait.outcome or MISSING),
    ]


def _steps(wait: LongWait) -> list[Step]:
    """The course of a wait, day by day."""
    reached = wait.referred_on + dt.timedelta(days=wait.days)
    steps = [Step(wait.referred_on, "Asked for", intervention(wait))]
    if wait.is_open:
        steps.append(
            Step(reached, "Still waiting", "the last day that returns of its agency tell of")
        )
    elif wait.offered_on:
        steps.append(Step(wait.offered_on, "First appointment offered"))
    else:
        steps.append(Step(reached, "Ended without an offer"))
    steps.append(
        Step(wait.found_on, "Found in a return", "reported to partnership and region the same day")
    )
    if wait.closed_on:
        steps.append(Step(wait.closed_on, "Review closed", f"by {wait.closed_by}"))
    if wait.withdrawn_on:
        steps.append(Step(wait.withdrawn_on, "No longer in the records"))
    return steps


def _to_do(person: User, wait: LongWait) -> str:
    """What must be done, by whom."""
    if wait.withdrawn_on:
        return (
            f"Since {day(wait.withdrawn_on)} the records no longer show this wait: nothing is to "
            "be done. If it comes back, so does its review."
        )
    if wait.state == LongWaitState.CLOSED:
        return "Nothing: the review is closed."
    if wait.partnership is None:
        return (
            f"{wait.agency.provider} did not say where this client lives, so no partnership can "
            "review the wait. It is reviewed once a return gives the partnership (DAT)."
        )
    if _reviews(person, wait):
        return _next_of(wait)
    return f"{wait.partnership} reviews this wait. {_progress_of(wait)}"


def _next_of(wait: LongWait) -> str:
    if wait.owner is None:
        return "Nobody looks after it yet: choose an owner."
    if not wait.cause:
        return "Say why it came about, and what is being done."
    return f"{wait.owner} looks after it. Close it when its outcome is known."


def _progress_of(wait: LongWait) -> str:
    if wait.state == LongWaitState.FOUND:
        return "Nobody has begun."
    return f"{wait.owner} looks after it." if wait.owner else "Nobody looks after it yet."
