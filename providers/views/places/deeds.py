"""What is said of one place: at once from the board, or on a page of its own."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from commissioning.kernel.clock import business_day, technical_now
from commissioning.kernel.errors import DomainError
from commissioning.kernel.words import day
from commissioning.models import User
from commissioning.roles import Permission
from commissioning.selectors.areas import partnerships_by_code
from commissioning.selectors.rule_sets import settings_in_force
from commissioning.views import lapsing
from commissioning.views.requests import attempt
from providers.forms import places as asked
from providers.models import Occupancy, Place, PlaceEvent
from providers.services.calling_off import correct_place, follow_places
from providers.views.places.reaching import ReachedBoard, kept_board_at, place_at
from providers.views.places.said import DEEDS, At, Deed

FORM = "commissioning/form.html"


@require_http_methods(["GET", "HEAD", "POST"])
def place_deed(request: HttpRequest, code: str, number: int, deed: str) -> HttpResponse:
    """The form of a deed, and the deed. With `at-once` in the post: what a tap says."""
    reached = kept_board_at(request, code)
    if deed not in DEEDS:
        raise Http404
    said = DEEDS[deed]
    place = place_at(reached, number)
    at = At(place, _about(request, place, said), business_day(), reached.person)
    detail = reverse("providers:place-detail", args=[code, number])
    if request.method == "POST" and "at-once" in request.POST and said.at_once is not None:
        return _at_once(request, reached, at, said)
    form = _form(request, reached, said, at)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        if attempt(form, lambda: _said(said, at, given)):
            messages.success(request, _done(said, at, given))
            return redirect(detail)
    return render(
        request,
        FORM,
        {
            "form": form,
            "button": "Save",
            "cancel_href": detail,
            "lead": said.lead,
            "page_heading": f"{said.heading} {place}",
            "breadcrumbs": [*reached.crumbs, (str(place), detail), (said.heading, "")],
        },
    )


def _said(said: Deed, at: At, given: Mapping[str, Any]) -> object:
    """The deed, and then a call-off of the place brought along with it: in a transaction of its
    own, since it locks the contract before the place."""
    result = said.run(at, **given)
    follow_places(on=at.today, places=[at.place.pk], by=at.person)
    return result


def _at_once(request: HttpRequest, reached: ReachedBoard, at: At, said: Deed) -> HttpResponse:
    assert said.at_once is not None  # noqa: S101 - asked before
    given = said.at_once(at)
    try:
        _said(said, at, given)
    except DomainError as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _done(said, at, given))
    return redirect(f"{reached.href}#service-{at.place.service_id}")


def _done(said: Deed, at: At, given: Mapping[str, Any]) -> str:
    planned = given.get("planned_until")
    if planned and planned <= at.today:
        return (
            f"Somebody came to {at.place} on {day(given['on'])} and was to leave on"
            f" {day(planned)}. Say when they left: until then the place is taken."
        )
    ends = lapsing.until(given["ends"]) if "ends" in given else ""
    until = f", planned to {day(planned)}; the record of the place changes it" if planned else ""
    return said.done.format(place=at.place, until=until, ends=ends)


def _about(request: HttpRequest, place: Place, said: Deed) -> Occupancy | None:
    """The nights it is about: those the address names, or tonight's, if of a kind that fits."""
    if not said.kinds:
        return None
    rows = Occupancy.objects.permitted(_person(request), Permission.PLACES_KEEP).filter(
        place=place, is_ended=False, kind__in=said.kinds
    )
    named = request.GET.get("about", "")
    if named.isascii() and named.isdecimal():
        return rows.filter(began_id=int(named[:12])).first()
    return rows.on(business_day()).first()


def _person(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # noqa: S101 - the middleware saw to it
    return request.user


def _form(request: HttpRequest, reached: ReachedBoard, said: Deed, at: At) -> forms.Form:
    words: dict[str, Any] = {}
    if issubclass(said.form, asked.OnADay):
        words["today"] = at.today
    if said.form is asked.AdmitForm:
        planned = at.about.planned_until if at.about else at.usual_end
        case = at.about.case if at.about else ""
        words["initial"] = {"planned_until": planned, "case": case}
    if said.form is asked.HoldForm:
        rules = settings_in_force(on=at.today)
        ends = timezone.localtime(technical_now() + dt.timedelta(hours=rules.hold_hours))
        words["partnerships"] = partnerships_by_code()
        words["initial"] = {"until": at.usual_end, "ends_on": ends.date(), "ends_at": ends.time()}
    if said.form is asked.PlanForm and at.about is not None:
        words["initial"] = {"until": at.about.planned_until}
    if said.form is asked.MoveForm:
        words["places"] = (
            Place.objects.permitted(reached.person, Permission.PLACES_KEEP)
            .filter(service=at.place.service_id)
            .open_on(at.today)
            .exclude(pk=at.place.pk)
        )
    return said.form(request.POST or None, **words)


@require_http_methods(["GET", "HEAD", "POST"])
def event_correct(request: HttpRequest, code: str, number: int, event: int) -> HttpResponse:
    """Put right what was said: it stays in the history beside its correction."""
    reached = kept_board_at(request, code)
    place = place_at(reached, number)
    events = PlaceEvent.objects.permitted(reached.person, Permission.PLACES_KEEP)
    wrong = get_object_or_404(events.select_related("place", "corrects"), pk=event, place=place)
    form = asked.CorrectForm(
        request.POST or None, initial={"how": asked.CorrectForm.ANEW, "on": wrong.on}
    )
    detail = reverse("providers:place-detail", args=[code, number])
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        if attempt(
            form,
            lambda: correct_place(
                event=wrong,
                reason=given["reason"],
                on=given["on"],
                until=given["until"],
                today=business_day(),
                by=reached.person,
            ),
        ):
            messages.success(request, f"{place}: the history is put right. What was said stays.")
            return redirect(detail)
    heading = f"Correct: {wrong.get_kind_display().lower()} on {day(wrong.on)}"
    return render(
        request,
        FORM,
        {
            "form": form,
            "button": "Correct",
            "cancel_href": detail,
            "page_heading": heading,
            "lead": "The nights become those of the history without the mistake, and a call-off of"
            " theirs follows: its state, its days and what it costs.",
            "breadcrumbs": [*reached.crumbs, (str(place), detail), ("Correct", "")],
        },
    )
