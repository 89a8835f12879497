"""What is said of one place: at once from the board, or on a page of its own."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
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
from commissioning.selectors.areas import partnership_at, partnerships_by_code
from commissioning.selectors.rule_sets import settings_in_force
from commissioning.tables import moment
from commissioning.views.requests import attempt
from providers.choices import MoveOn, OccupancyKind
from providers.forms import places as asked
from providers.models import Occupancy, Place, PlaceEvent
from providers.selectors.boards import next_nights
from providers.services import places as services
from providers.services.calling_off import correct_place, follow_places
from providers.views.places.reaching import ReachedBoard, kept_board_at, place_at

FORM = "commissioning/form.html"
EXPECTED = (OccupancyKind.HELD, OccupancyKind.BOOKED)


@dataclass(frozen=True)
class Deed:
    """One thing that can be said: its form, its words and what it does.

    `about` names what of a place it is about: the row of nights `?about=` names, or else that of
    tonight. `at_once`: what a tap on the board says without a form.
    """

    form: type[forms.Form]
    heading: str
    done: str
    run: Callable[..., object]
    kinds: tuple[str, ...] = ()  # of occupancy, where it is about one
    at_once: Callable[["At"], Mapping[str, Any]] | None = None
    lead: str = ""


@dataclass(frozen=True)
class At:
    """Where and when something is said, and about which nights."""

    place: Place
    about: Occupancy | None
    today: dt.date
    person: User

    @property
    def usual_end(self) -> dt.date:
        """Where nobody says when they mean to leave: after the usual stay of such a place, or
        when the place is kept for something else, or closes, if that is sooner."""
        usual = settings_in_force(on=self.today).usual_stay_days[self.place.kind]
        following = next_nights([self.place.pk], night=self.today).get(self.place.pk)
        ends = [self.today + dt.timedelta(days=usual), self.place.closed_on]
        if following is not None:
            ends.append(following.nights.lower)
        return min(end for end in ends if end is not None)


def _admit(at: At, *, on: dt.date, case: str, planned_until: dt.date | None) -> object:
    return services.admit(
        place=at.place,
        on=on,
        planned_until=planned_until,
        case=case,
        occupancy=at.about,
        today=at.today,
        by=at.person,
    )


def _hold(
    at: At, *, on: dt.date, until: dt.date, partnership: str, case: str, ends: dt.datetime
) -> object:
    theirs = partnership_at(partnership)
    assert theirs is not None  # noqa: S101 - the form offers partnerships alone
    return services.hold_for(
        place=at.place,
        nights=(on, until),
        partnership=theirs,
        case=case,
        ends=ends,
        by=at.person,
        on=at.today,
    )


def _leave(at: At, *, on: dt.date, move_on: str, reason: str) -> object:
    return services.leave(
        place=at.place, on=on, move_on=move_on, reason=reason, today=at.today, by=at.person
    )


def _plan(at: At, *, until: dt.date | None, reason: str) -> object:
    return services.plan_departure(
        occupancy=_needed(at), until=until, reason=reason, today=at.today, by=at.person
    )


def _out(at: At, *, on: dt.date, reason: str, until: dt.date | None) -> object:
    return services.out_of_service(
        place=at.place, on=on, until=until, reason=reason, today=at.today, by=at.person
    )


def _back(at: At, *, on: dt.date) -> object:
    services.back(place=at.place, on=on, today=at.today, by=at.person)
    return True


def _close(at: At, *, on: dt.date, reason: str) -> object:
    return services.close_place(place=at.place, on=on, reason=reason, today=at.today, by=at.person)


def _release(at: At, *, reason: str) -> object:
    services.release_hold(occupancy=_needed(at), reason=reason, by=at.person, on=at.today)
    return True


def _move(at: At, *, to: Place, reason: str) -> object:
    return services.move(occupancy=_needed(at), to=to, reason=reason, today=at.today, by=at.person)


def _needed(at: At) -> Occupancy:
    if at.about is None:
        raise services.PlaceRefused(f"{at.place}: there is nothing that this could be about.")
    return at.about


DEEDS = {
    "admit": Deed(
        form=asked.AdmitForm,
        heading="Admit to",
        done="Somebody is in {place}{until}.",
        run=_admit,
        kinds=EXPECTED,
        at_once=lambda at: {
            "on": at.today,
            "case": "",
            "planned_until": at.about.planned_until if at.about else at.usual_end,
        },
    ),
    "hold": Deed(
        form=asked.HoldForm,
        heading="Hold",
        done="{place} is held until {ends}. Nobody else is offered it until then.",
        run=_hold,
        lead="For somebody who rang. The partnership finds the hold among its call-offs, and calls"
        " the place off before it ends.",
    ),
    "leave": Deed(
        form=asked.LeaveForm,
        heading="Somebody left",
        done="{place}: they left. It is free.",
        run=_leave,
        at_once=lambda at: {"on": at.today, "move_on": MoveOn.NOT_KNOWN, "reason": ""},
    ),
    "departure": Deed(
        form=asked.PlanForm,
        heading="Plan the departure from",
        done="{place}: the departure is planned anew.",
        run=_plan,
        kinds=(OccupancyKind.OCCUPIED, OccupancyKind.BOOKED, OccupancyKind.OUT_OF_SERVICE),
        lead="Left empty, the place is taken until you say that they left.",
    ),
    "out-of-service": Deed(
        form=asked.OutOfServiceForm,
        heading="Take out of service:",
        done="{place} is out of service.",
        run=_out,
    ),
    "back": Deed(
        form=asked.BackForm,
        heading="Back in service:",
        done="{place} is back in service.",
        run=_back,
        at_once=lambda at: {"on": at.today},
    ),
    "close": Deed(
        form=asked.CloseForm,
        heading="Close",
        done="{place} is closed from that day on. Its history stays.",
        run=_close,
    ),
    "release": Deed(
        form=asked.ReleaseForm,
        heading="Release",
        done="{place}: released.",
        run=_release,
        kinds=EXPECTED,
        lead="Whoever had it finds it released. Ring them first.",
    ),
    "move": Deed(
        form=asked.MoveForm,
        heading="Move from",
        done="They moved from {place}.",
        run=_move,
        kinds=(OccupancyKind.OCCUPIED, OccupancyKind.BOOKED),
    ),
}


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
    ends = moment(given["ends"]) if "ends" in given else ""
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
