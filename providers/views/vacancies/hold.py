"""Holding a place: which one, for which nights, for which case; checked once before it is done."""

import datetime as dt
from collections.abc import Sequence

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from commissioning.components import Fact
from commissioning.kernel.words import count, day
from commissioning.views.requests import attempt
from providers.forms.call_offs import MOST_NIGHTS, HoldForm
from providers.models import Contract, Occupancy, Place, Service
from providers.selectors.register.records import service_at
from providers.selectors.register.search import Asked
from providers.selectors.vacancies.asked import Wanted
from providers.selectors.vacancies.search import board_of, places_to_hold
from providers.services.places import PlaceRefused, hold_place, refuse_taken
from providers.views.vacancies.reaching import Searcher, searcher
from providers.views.vacancies.search import stated


@require_http_methods(["GET", "HEAD", "POST"])
def vacancy_hold(request: HttpRequest, code: str, service: str) -> HttpResponse:
    """The form, the check, and the hold."""
    who = searcher(request)
    found = service_at(code, service, on=who.asking.on)
    if found is None:
        raise Http404
    if not who.holds or who.ours is None:
        raise PermissionDenied
    start, nights = _nights(request, who)
    form = _form(request, who, found, start, nights)
    checking = "confirmed" not in request.POST and "change" not in request.POST
    if request.method == "POST" and form.is_valid():
        if checking:
            return _page(request, who, found, form, checking=True)
        if "change" not in request.POST:
            held = attempt(form, lambda: _hold(who, form))
            if held:
                messages.success(
                    request,
                    f"{form.chosen} is held for {who.hold_hours} hours. Call it off before then.",
                )
                return redirect(reverse("aftercare:hold-call-off", args=[held.began_id]))
    return _page(request, who, found, form, checking=False)


def _hold(who: Searcher, form: HoldForm) -> Occupancy:
    assert who.ours is not None  # noqa: S101 - asked before
    return hold_place(
        place=form.chosen,
        nights=(form.cleaned_data["start"], form.until),
        partnership=who.ours,
        case=form.cleaned_data["case"],
        hours=who.hold_hours,
        by=who.person,
        on=who.asking.on,
    )


def _form(
    request: HttpRequest, who: Searcher, service: Service, start: dt.date, nights: int
) -> HoldForm:
    """With the places that are free on the nights asked for."""
    wanted = Wanted(
        start=start,
        until=start + dt.timedelta(days=nights),
        intervention="",
        service=Asked(),
    )
    places = places_to_hold(service, wanted, who.asking)
    return HoldForm(
        request.POST or None,
        places=places,
        gone=_gone(request.POST.get("place", ""), service, places, wanted, who),
        initial={"start": start, "nights": nights},
    )


def _gone(
    chosen: str,
    service: Service,
    offered: Sequence[tuple[Place, Contract | None]],
    wanted: Wanted,
    who: Searcher,
) -> str:
    """What has a place that was chosen and is offered no more: somebody was quicker."""
    if not chosen.isdecimal() or any(chosen == str(one.pk) for one, _ in offered):
        return ""
    place = service.places.filter(pk=int(chosen[:12])).first()
    if place is None:
        return ""
    try:
        refuse_taken(place=place, nights=(wanted.start, wanted.until), on=who.asking.on)
    except PlaceRefused as refused:
        return str(refused)
    return f"{place} is not offered to {who.ours} on these nights any more."


def _nights(request: HttpRequest, who: Searcher) -> tuple[dt.date, int]:
    """The nights asked for in the form, or else in the address."""
    given = request.POST
    try:
        start = dt.date(*(int(given[f"start_{part}"]) for part in (2, 1, 0)))
    except (KeyError, ValueError, OverflowError):
        try:
            start = dt.date.fromisoformat(request.GET.get("start", ""))
        except ValueError:
            start = who.asking.on
    typed = given.get("nights") or request.GET.get("nights", "")
    known = typed.isascii() and typed.isdecimal() and 1 <= int(typed[:6]) <= MOST_NIGHTS
    return max(start, who.asking.on), int(typed) if known else who.usual_nights


def _page(
    request: HttpRequest, who: Searcher, service: Service, form: HoldForm, *, checking: bool
) -> HttpResponse:
    facts = []
    if checking:
        given = form.cleaned_data
        facts = [
            Fact("Place", f"{form.chosen} at {service}, {service.provider}"),
            Fact("From", day(given["start"])),
            Fact("Until", f"{day(form.until)}, {count(given['nights'])} nights"),
            Fact("Case", given["case"]),
            Fact("Places stated", stated(board_of(service, who.asking))),
            Fact("Held for", f"{who.hold_hours} hours, then it is released by itself"),
        ]
    return render(
        request,
        "providers/vacancies/hold.html",
        {
            "form": form,
            "service": service,
            "checking": checking,
            "facts": facts,
            "typed": [
                (name, value)
                for name, value in request.POST.items()
                if name not in {"csrfmiddlewaretoken", "confirmed", "change"}
            ],
            "button": "Hold place",
            "board": board_of(service, who.asking),
            "lead": f"A held place is kept for {who.ours} for {who.hold_hours} hours."
            if form.places
            else "No place of this service is free on all these nights. Choose others.",
            "page_heading": f"Hold a place at {service}",
            "cancel_href": reverse("providers:vacancies"),
            "breadcrumbs": [("Find a place", reverse("providers:vacancies")), ("Hold", "")],
        },
    )
