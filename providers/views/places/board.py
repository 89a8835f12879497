"""Tonight's board: every service of a provider, its places, and what can be said of each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from commissioning.kernel.clock import business_day, technical_now
from commissioning.kernel.errors import DomainError
from commissioning.roles import Permission
from commissioning.selectors.rule_sets import settings_in_force
from providers.choices import PlaceKind
from providers.forms.places import OccupiedForm
from providers.models import Place
from providers.selectors.boards import (
    Counts,
    ServiceBoard,
    boards_of,
    tonight_of,
)
from providers.services.places import set_occupied, state_no_change
from providers.views.places.reaching import ReachedBoard, board_at, kept_board_at, service_at
from providers.views.places.rows import STATES, ShownPlace, shown_places

SHOWN_AT_ONCE = 30  # places of a kind; more of them are pages of their own
PER_PAGE = 50


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
    rows = shown_places(reached, list(tonight_of(places, today)), today)
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
    asked = tonight_of(places.filter(service=found, kind=wanted), today)
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
        request,
        "1 board is stated as it is."
        if len(boards) == 1
        else f"{len(boards)} boards are stated as they are.",
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
