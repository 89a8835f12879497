"""Tonight's board: every service of a provider, its places, and what can be said of each."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.db.models import CharField, DecimalField, Func, Q, QuerySet, Value
from django.db.models.functions import Cast, NullIf
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from commissioning.components import Tone
from commissioning.kernel import words
from commissioning.kernel.clock import business_day, technical_now
from commissioning.kernel.errors import DomainError
from commissioning.roles import Permission
from commissioning.selectors.rule_sets import settings_in_force
from commissioning.tables import moment
from providers.choices import OccupancyKind, PlaceKind
from providers.forms.places import OccupiedForm
from providers.models import Occupancy, Place
from providers.selectors.boards import (
    FREE,
    Counts,
    ServiceBoard,
    boards_of,
    contended,
    next_nights,
    tonight_of,
)
from providers.services.places import set_occupied, state_no_change
from providers.views.places.reaching import ReachedBoard, board_at, kept_board_at, service_at

SHOWN_AT_ONCE = 30  # places of a kind; more of them are pages of their own
PER_PAGE = 50
STATES: dict[str, tuple[str, Tone]] = {
    FREE: ("Free", "good"),
    OccupancyKind.HELD: ("Held", "watch"),
    OccupancyKind.BOOKED: ("Booked", "info"),
    OccupancyKind.OCCUPIED: ("Occupied", "plain"),
    OccupancyKind.OUT_OF_SERVICE: ("Out of service", "bad"),
}
# What can be said with one tap, by what a place is tonight.
TAPS = {
    FREE: [("admit", "Admit"), ("out-of-service", "Out of service")],
    OccupancyKind.HELD: [("admit", "Admit")],
    OccupancyKind.BOOKED: [("admit", "Admit")],
    OccupancyKind.OCCUPIED: [("leave", "Left")],
    OccupancyKind.OUT_OF_SERVICE: [("back", "Back")],
}
ASKS = frozenset({"out-of-service"})  # needs a reason: a link to its form


@dataclass(frozen=True)
class Tap:
    """One thing to say: posted at once or, where it needs more, a page."""

    label: str
    href: str
    asks: bool


@dataclass(frozen=True)
class ShownPlace:
    """A row of the board."""

    label: str
    href: str
    state: str
    tone: Tone
    who: str
    until: str
    note: str
    taps: Sequence[Tap]


@dataclass(frozen=True)
class Group:
    """The places of one kind of a service. `rows` is empty where there are too many to show."""

    kind: PlaceKind
    counts: Counts
    rows: Sequence[ShownPlace]
    href: str


@dataclass(frozen=True)
class ShownService:
    board: ServiceBoard
    groups: Sequence[Group]
    no_change_href: str
    vacancies_href: str


@require_safe
def board(request: HttpRequest, code: str) -> HttpResponse:
    """Every service with its counts; places one by one where they are few."""
    reached = board_at(request, code)
    today, now = business_day(), technical_now()
    boards = boards_of(
        reached.provider.pk, night=today, now=now, rules=settings_in_force(on=today)
    )
    few = Q(pk__in=[])
    for one in boards:
        for kind, counts in one.by_kind.items():
            if counts.open <= SHOWN_AT_ONCE:
                few |= Q(service=one.service.pk, kind=kind)
    places = Place.objects.permitted(reached.person, _sees(reached)).filter(
        few, service__provider=reached.provider.pk
    )
    rows = shown_places(reached, list(in_order(tonight_of(places, today))), today)
    return render(
        request,
        "providers/places/board.html",
        {
            "page_heading": "Places tonight",
            "breadcrumbs": [*reached.crumbs[:-1], ("Places", "")],
            "reached": reached,
            "today": today,
            "services": [_shown(one, rows, reached.provider.code) for one in boards],
            "all": sum((one.counts for one in boards), Counts()),
            "unknown": sum(one.freshness.is_unknown for one in boards),
            "open_href": reverse("providers:place-open", args=[code]),
            "no_change_href": reverse("providers:board-no-change-all", args=[code]),
        },
    )


@require_safe
def board_kind(request: HttpRequest, code: str, service: str, kind: str) -> HttpResponse:
    """The places of one kind of a service, in pages; `?state=` shows some of them."""
    reached = board_at(request, code)
    found = service_at(reached, service)
    today, now = business_day(), technical_now()
    boards = boards_of(
        reached.provider.pk, night=today, now=now, rules=settings_in_force(on=today)
    )
    one = next((each for each in boards if each.service.pk == found.pk), None)
    wanted = kind.upper().replace("-", "_")
    if one is None or wanted not in one.by_kind:
        return redirect(reached.href)
    places = Place.objects.permitted(reached.person, _sees(reached))
    asked = in_order(tonight_of(places.filter(service=found, kind=wanted), today))
    state = request.GET.get("state", "")
    if state in STATES:
        asked = asked.filter(Q(("state", state)))
    page: Page[Any] = Paginator(asked, PER_PAGE).get_page(request.GET.get("page"))
    rows = shown_places(reached, list(page.object_list), today)
    return render(
        request,
        "providers/places/board_kind.html",
        {
            "page_heading": f"{PlaceKind(wanted).label}s of {found}",
            "breadcrumbs": [*reached.crumbs, (str(found), "")],
            "reached": reached,
            "one": one,
            "service": found,
            "kind": wanted,
            "counts": one.by_kind[wanted],
            "rows": rows.get((found.pk, wanted), []),
            "page": page,
            "state": state,
            "states": [(key, said) for key, (said, _) in STATES.items()],
            "set_href": reverse("providers:board-occupied", args=[code, service]),
        },
    )


def _sees(reached: ReachedBoard) -> Permission:
    return Permission.PLACES_KEEP if reached.keeps else Permission.PLACE_FIND


def in_order(places: QuerySet[Place, Any]) -> QuerySet[Place, Any]:
    """By name, Bed 2 before Bed 10: by the words of a name, then by its number."""
    return places.alias(
        number=Cast(
            NullIf(
                Func(
                    "label",
                    Value(r"\D+"),
                    Value(""),
                    Value("g"),
                    function="regexp_replace",
                    output_field=CharField(),
                ),
                Value(""),
            ),
            DecimalField(max_digits=40, decimal_places=0),
        ),
        words=Func(
            "label",
            Value(r"\d+"),
            Value(""),
            Value("g"),
            function="regexp_replace",
            output_field=CharField(),
        ),
    ).order_by("words", "number", "label", "pk")


def shown_places(
    reached: ReachedBoard, rows: Sequence[Mapping[str, Any]], today: dt.date
) -> dict[tuple[int, str], list[ShownPlace]]:
    """Rows of the board by service and kind. Two queries."""
    keys = [row["pk"] for row in rows]
    unsaid, following = contended(keys, night=today), next_nights(keys, night=today)
    found: dict[tuple[int, str], list[ShownPlace]] = {}
    for row in rows:
        shown = _shown_place(reached, row, unsaid.get(row["pk"]), following.get(row["pk"]), today)
        found.setdefault((row["service"], row["kind"]), []).append(shown)
    return found


def _shown_place(
    reached: ReachedBoard,
    row: Mapping[str, Any],
    unsaid: Occupancy | None,
    following: Occupancy | None,
    today: dt.date,
) -> ShownPlace:
    at = [reached.provider.code, row["pk"]]
    state, tone = STATES[row["state"]]
    taps = [
        Tap(label, reverse("providers:place-deed", args=[*at, deed]), deed in ASKS)
        for deed, label in (TAPS[row["state"]] if reached.keeps else [])
        if not (row["overbooked_for"] and deed == "out-of-service")
    ]
    if unsaid is not None and reached.keeps:
        taps = [Tap("Left", reverse("providers:place-deed", args=[*at, "leave"]), asks=False)]
    return ShownPlace(
        label=row["label"],
        href=reverse("providers:place-detail", args=at),
        state=state,
        tone=tone,
        who=_who(row, reached),
        until=_until(row, today),
        note=_note(row, unsaid, following),
        taps=taps,
    )


def _who(row: Mapping[str, Any], reached: ReachedBoard) -> str:
    case = row["case"] if reached.keeps else ""
    return ", ".join(filter(None, [case, row["whose"]]))


def _until(row: Mapping[str, Any], today: dt.date) -> str:
    if row["state"] == FREE:
        return ""
    if row["held_until"] is not None:
        return f"Held until {moment(row['held_until'])}"
    planned = row["planned_until"]
    if row["state"] == OccupancyKind.BOOKED:
        since = row["nights"].lower
        return "Arrives today" if since == today else f"Was to arrive on {words.day(since)}"
    if planned is None:
        return "No end planned"
    if planned <= today:
        due = "today" if planned == today else f"on {words.day(planned)}"
        return f"Was to end {due}"
    return f"To {words.day(planned)}"


def _note(row: Mapping[str, Any], unsaid: Occupancy | None, following: Occupancy | None) -> str:
    said = []
    if row["overbooked_for"]:
        said.append(f"Beyond capacity: {row['overbooked_for']}")
    if unsaid is not None:
        said.append(
            f"{unsaid.case or 'Somebody'} was to leave on {words.day(unsaid.planned_until)} and"
            " nobody said that they did."
        )
    if following is not None:
        whose = following.partnership.organisation.name if following.partnership else ""
        said.append(
            f"{following.get_kind_display()} from {words.day(following.nights.lower)}"
            f"{f' for {whose}' if whose else ''}"
        )
    return " ".join(said)


def _shown(
    one: ServiceBoard, rows: Mapping[tuple[int, str], Sequence[ShownPlace]], code: str
) -> ShownService:
    slug = one.service.slug
    return ShownService(
        board=one,
        groups=[
            Group(
                kind=kind,
                counts=one.by_kind[kind],
                rows=rows.get((one.service.pk, kind), []),
                href=reverse(
                    "providers:board-kind", args=[code, slug, kind.lower().replace("_", "-")]
                ),
            )
            for kind in PlaceKind
            if kind in one.by_kind
        ],
        no_change_href=reverse("providers:board-no-change", args=[code, slug]),
        vacancies_href=reverse("providers:board-vacancies", args=[code, slug]),
    )


@require_POST
def no_change(request: HttpRequest, code: str, service: str) -> HttpResponse:
    """Nothing changed on one service's board."""
    reached = kept_board_at(request, code)
    found = service_at(reached, service)
    state_no_change(service=found, by=reached.person)
    messages.success(request, f"{found}: stated as it is. It counts for everybody from now.")
    return redirect(reached.href)


@require_POST
def no_change_all(request: HttpRequest, code: str) -> HttpResponse:
    """Nothing changed on any board of the provider."""
    reached = kept_board_at(request, code)
    today = business_day()
    boards = boards_of(
        reached.provider.pk,
        night=today,
        now=technical_now(),
        rules=settings_in_force(on=today),
    )
    for one in boards:
        state_no_change(service=one.service, by=reached.person)
    messages.success(
        request, f"{len(boards)} board{'s are' if len(boards) != 1 else ' is'} stated as they are."
    )
    return redirect(reached.href)


@require_POST
def occupied(request: HttpRequest, code: str, service: str) -> HttpResponse:
    """So many are in the places of a kind: admissions or departures are appended."""
    reached = kept_board_at(request, code)
    found = service_at(reached, service)
    form = OccupiedForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Enter a whole number of people, and the kind of place.")
        return redirect(reached.href)
    given = form.cleaned_data
    back = reverse(
        "providers:board-kind", args=[code, service, given["kind"].lower().replace("_", "-")]
    )
    try:
        more = set_occupied(
            service=found,
            kind=given["kind"],
            occupied=given["occupied"],
            on=business_day(),
            by=reached.person,
        )
    except DomainError as refused:
        messages.error(request, str(refused))
        return redirect(back)
    came = f"{more} admissions" if more >= 0 else f"{-more} departures"
    messages.success(request, f"{given['occupied']} are in these places: {came} were recorded.")
    return redirect(back)
