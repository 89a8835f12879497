"""The record of one place: how it stands, what is to come, and everything that was said of it."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe
from psycopg.types.range import DateRange

from commissioning.components import Fact, Happening, Summary
from commissioning.kernel import words
from commissioning.kernel.clock import business_day
from commissioning.roles import Permission
from commissioning.views import lapsing
from commissioning.views.requests import attempt
from providers.choices import OccupancyKind, SexTaken
from providers.forms.places import OpenForm
from providers.models import Occupancy, Place, PlaceEvent, Service
from providers.selectors.boards import FREE, history_of_place
from providers.services.places import open_places
from providers.views.places.reaching import ReachedBoard, board_at, kept_board_at, place_at
from providers.views.places.rows import EMPTY, STATES

PER_PAGE = 50
# What can be said of nights, by why a place has them.
OF_NIGHTS = {
    OccupancyKind.HELD: [("admit", "Admit"), ("release", "Release")],
    OccupancyKind.BOOKED: [
        ("admit", "Admit"),
        ("departure", "Plan the departure"),
        ("move", "Move"),
        ("release", "Release"),
    ],
    OccupancyKind.OCCUPIED: [
        ("leave", "Left"),
        ("departure", "Plan the departure"),
        ("move", "Move"),
    ],
    OccupancyKind.OUT_OF_SERVICE: [
        ("back", "Back in service"),
        ("departure", "Expect back on another day"),
    ],
}


@dataclass(frozen=True)
class Nights:
    """Nights on which the place is not free, as the page shows them."""

    why: str
    who: str
    first: str
    until: str
    links: list[tuple[str, str]]


@dataclass(frozen=True)
class Said:
    """One line of the history, with where it is put right."""

    happening: Happening
    correct_href: str
    is_corrected: bool


@require_safe
def place_detail(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """One place: for those who keep it, and without cases for the nation's reviewers."""
    reached = board_at(request, code)
    place = place_at(reached, number)
    today = business_day()
    seen = Occupancy.objects.permitted(
        reached.person, Permission.PLACES_KEEP if reached.keeps else Permission.PLACE_FIND
    )
    now_or_later = Q(nights__overlap=DateRange(today, None))
    rows = list(
        seen.filter(now_or_later | Q(is_ended=False), place=place)
        .select_related("partnership__organisation")
        .order_by("nights")
    )
    page = Paginator(history_of_place(place), PER_PAGE).get_page(request.GET.get("page"))
    tonight = next((row for row in rows if today in row.nights), None)
    return render(
        request,
        "providers/places/place_detail.html",
        {
            "page_heading": f"{place}, {place.service}",
            "breadcrumbs": [*reached.crumbs, (str(place), "")],
            "reached": reached,
            "place": place,
            "summary": _summary(place, tonight, today),
            "nights": [_nights(row, reached) for row in rows],
            "history": [_said(event, reached) for event in page.object_list],
            "page": page,
            "deeds": _deeds(place, tonight, reached),
        },
    )


def _summary(place: Place, tonight: Occupancy | None, today: dt.date) -> Summary:
    closed = place.closed_on is not None and place.closed_on <= today
    state, tone = ("Closed", "plain") if closed else STATES[tonight.kind if tonight else FREE]
    if place.overbooked_for and state == STATES[FREE][0]:
        state, tone = EMPTY
    facts = [
        Fact("Service", str(place.service)),
        Fact("Kind", place.get_kind_display()),
        Fact("For", SexTaken(place.sex).label),
        Fact("Wheelchairs", "Can reach it" if place.is_accessible else "Not said"),
        Fact("Opened", words.day(place.opened_on)),
    ]
    if place.closed_on is not None:
        facts.append(Fact("Closed" if closed else "Closes", words.day(place.closed_on)))
    if place.overbooked_for:
        facts.append(Fact("Beyond capacity", place.overbooked_for))
    return Summary(title="Tonight", state=state, tone=tone, facts=facts)  # type: ignore[arg-type]


def _nights(row: Occupancy, reached: ReachedBoard) -> Nights:
    code, number = reached.provider.code, row.place_id
    until = words.day(row.nights.upper) if row.nights.upper else "No end planned"
    if row.held_until is not None:
        until = f"{until}; held {lapsing.until(row.held_until)}"
    elif row.planned_until and row.planned_until != row.nights.upper:
        until = f"Was to end on {words.day(row.planned_until)}"
    whose = row.partnership.organisation.name if row.partnership else ""
    case = row.case if reached.keeps else ""
    links = [
        (
            label,
            reverse("providers:place-deed", args=[code, number, deed]) + f"?about={row.began_id}",
        )
        for deed, label in (OF_NIGHTS[OccupancyKind(row.kind)] if reached.keeps else [])
        if not row.is_ended
    ]
    return Nights(
        why=row.get_kind_display(),
        who=", ".join(filter(None, [case, whose])) or words.MISSING,
        first=words.day(row.nights.lower),
        until=until,
        links=links,
    )


def _said(event: PlaceEvent, reached: ReachedBoard) -> Said:
    what = f"{event.get_kind_display()}, {words.day(event.on)}"
    if event.until:
        what = f"{what} to {words.day(event.until)}"
    if event.corrects is not None:
        wrong = f"{event.corrects.get_kind_display().lower()}, {words.day(event.corrects.on)}"
        what = (
            f"Corrected “{wrong}”: it was on {words.day(event.on)}"
            if event.is_anew
            else f"Corrected: “{wrong}” did not happen"
        )
    details = []
    if event.case and reached.keeps:
        details.append(f"Case {event.case}")
    if event.partnership:
        details.append(f"For {event.partnership.organisation.name}")
    if event.move_on:
        details.append(f"Went to: {event.get_move_on_display().lower()}")
    corrected = hasattr(event, "corrected_by")
    if corrected:
        details.append("Corrected later")
    return Said(
        happening=Happening(
            what=what,
            who=str(event.made_by or event.system),
            at=event.made_at,
            why=event.reason,
            details=details,
        ),
        correct_href=(
            reverse(
                "providers:place-event-correct",
                args=[reached.provider.code, event.place_id, event.pk],
            )
            if reached.keeps and not corrected
            else ""
        ),
        is_corrected=corrected,
    )


def _deeds(
    place: Place, tonight: Occupancy | None, reached: ReachedBoard
) -> Iterable[tuple[str, str]]:
    if not reached.keeps or place.closed_on is not None:
        return []
    offered = [("close", "Close the place")]
    if not place.overbooked_for:
        offered = [("hold", "Hold"), *offered]
    if tonight is None:
        offered = [("admit", "Admit"), ("out-of-service", "Take out of service"), *offered]
    at = [reached.provider.code, place.pk]
    return [(label, reverse("providers:place-deed", args=[*at, deed])) for deed, label in offered]


def _counting(opened: Sequence[Place]) -> str:
    """Whether the places count, said of one or of several."""
    one = len(opened) == 1
    if opened[0].overbooked_for:
        return f"{'It is' if one else 'They are'} beyond capacity: never free, and never offered."
    return f"{'It counts' if one else 'They count'} from that night on."


@require_http_methods(["GET", "HEAD", "POST"])
def place_open(request: HttpRequest, code: str) -> HttpResponse:
    """Open places: one, or “Bed 1 to 12”."""
    reached = kept_board_at(request, code)
    today = business_day()
    services = (
        Service.objects.permitted(reached.person, Permission.PLACES_KEEP)
        .filter(provider=reached.provider.pk)
        .open_on(today)
        .order_by("name", "pk")
    )
    form = OpenForm(request.POST or None, today=today, services=services)
    if request.method == "POST" and form.is_valid():
        opened = attempt(
            form, lambda: open_places(**form.cleaned_data, today=today, by=reached.person)
        )
        if opened:
            many = f"{len(opened)} places are" if len(opened) > 1 else f"{opened[0]} is"
            messages.success(request, f"{many} open. {_counting(opened)}")
            return redirect(reached.href)
    return render(
        request,
        "commissioning/form.html",
        {
            "form": form,
            "button": "Open the places",
            "cancel_href": reached.href,
            "page_heading": "Open places",
            "breadcrumbs": [*reached.crumbs, ("Open places", "")],
        },
    )
