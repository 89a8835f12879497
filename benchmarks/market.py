"""The market of all England: tonight's boards, the search for places, a year's occupancy.

Measured with a quarter of five years' history of places, and with all of it: what grows with the
market may grow, what is asked of tonight may not. Held in milliseconds of this machine, told as
multiples of a bare SELECT of the rows that the answer is made of.
"""

import datetime as dt
import statistics
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.db import connection, transaction

from benchmarks import market_details as details
from benchmarks import market_laying as laying
from benchmarks import market_reading as reading
from benchmarks import market_stays as stays
from benchmarks import systems
from benchmarks.measuring import Line, Watch, taken, tell
from benchmarks.pages import Counted, client_of, measure_page
from commissioning.choices import OrganisationKind
from commissioning.kernel.clock import business_day, technical_now
from commissioning.kernel.periods import Grain, Period
from commissioning.models import Organisation
from commissioning.scoping import System
from commissioning.selectors.organisations import partnerships_in
from commissioning.selectors.rule_sets import settings_in_force
from config.readiness import load_everything
from providers.choices import ContractKind
from providers.models import Contract, Occupancy, Place, PlaceEvent, Provider, Service
from providers.selectors.boards import boards_of
from providers.selectors.utilisation.blocks import Days
from providers.selectors.utilisation.occupancy import Scope, occupancy_of
from providers.services.places import admit
from reporting.demonstration.loading import HOME, WHOLE_REGION

TIMES, FEW, EVENTS = 15, 5, 60
BY = System("a benchmark")
REVIEWER, BUYER, REGION = "national", "lead", "reviewer"  # who asks
BOARD, SEARCH, YEAR = "provider/{code}/places/", "vacancies/", "england/utilisation/"
NIGHTS = 28
NEEDS = "&sex=MEN&age=30&needs=accessible&needs=with_detox&miles=100"


@dataclass(frozen=True)
class Asked:
    """Something that is asked: how long it took and the bare reading of its rows, milliseconds;
    how many statements it was."""

    median: float
    bare: float
    statements: tuple[int, int]

    @property
    def ratio(self) -> float:
        return self.median / self.bare


# What is held, by the name of what is asked: milliseconds.
HELD = {
    "Tonight's board": 50.0,
    "Tonight's board, its page": 50.0,
    "National search for a place, its page": 150.0,
    "Search with blocks, consortiums and lists, its page": 150.0,
    "Search with needs and a distance, its page": 150.0,
    "Search with services that are full, its page": 150.0,
    "Register: places free tonight, its page": 100.0,
    "Gaps of a region, its page": 100.0,
    "Contracts of a partnership, its page": 100.0,
    "Home of a commissioner, its page": 100.0,
    "Home of a regional reviewer, its page": 100.0,
    "Home of a national reviewer, its page": 100.0,
    "Occupancy of a year of England": 2_000.0,
    "Exposure of every provider, its page": 2_000.0,
    "Utilisation of a region, its page": 100.0,
    "Utilisation of a partnership's contracts, its page": 100.0,
    "Utilisation of a contract, its page": 100.0,
    "Utilisation of a provider, its page": 100.0,
    "Appending an event": 5.0,
}


def measure() -> list[Line]:
    """Lay the market, a quarter of its history and then all of it, asking the same of both."""
    today = business_day()
    tell("Laying a market of all England")
    with taken() as laid:
        laying.lay_register(systems.WHOLE, today=today)
        stays.forget_stays(systems.WHOLE)
        laying.lay_purchases(today=today)
        details.lay_block_call_offs(today=today)
        stays.lay_stays(systems.WHOLE, stays.QUARTER, today=today)
    load_everything()
    tell("Asking with a quarter of the history")
    small, events = _asked(today), PlaceEvent.objects.count()
    with taken() as more:
        stays.lay_stays(systems.WHOLE, stays.REST, today=today)
    tell("Asking with all of it")
    found = _asked(today)
    seconds = laid.seconds + more.seconds
    return [
        Line(_size(), f"laid in {seconds:.0f} s"),
        *(line for name, one in found.items() for line in _lines(name, one, small.get(name))),
        _constant(small, found, events),
    ]


def _size() -> str:
    return (
        f"{Provider.objects.count():,} providers, {Place.objects.count():,} places,"
        f" {PlaceEvent.objects.count():,} events, {Occupancy.objects.count():,} stays"
    )


def _lines(name: str, one: Asked, before: Asked | None) -> list[Line]:
    limit = HELD[name]
    grown = (
        f"; of a quarter {before.median:.1f} ms, {one.median / before.median:.2f} ×"
        if before
        else ""
    )
    return [
        Line(
            name,
            f"{one.median:.1f} ms = {one.ratio:.2f} ×",
            f"bare: {one.bare:.2f} ms, at most {limit:g} ms{grown}",
            one.median,
            limit,
        )
    ]


def _constant(small: dict[str, Asked], found: dict[str, Asked], events: int) -> Line:
    """Whether what is asked takes as many statements of four times the events."""
    changing = [
        name
        for name, one in found.items()
        if len({*one.statements, *(small[name].statements if name in small else ())}) > 1
    ]
    most = max(found.values(), key=lambda one: one.statements[1])
    return Line(
        f"Statements that change from request to request, or from {events:,} events",
        str(len(changing)),
        ", ".join(changing) or f"none; at most {most.statements[1]} are asked",
        len(changing),
        0,
    )


def _asked(today: dt.date) -> dict[str, Asked]:
    """Everything that is held, by name."""
    fullest = laying.fullest()
    rules, now = settings_in_force(on=today), technical_now()
    year = _year(today)
    found = {
        "Tonight's board": _of(
            lambda: boards_of(fullest.pk, night=today, now=now, rules=rules),
            lambda: reading.tonight(fullest, today),
        ),
        "Occupancy of a year of England": _of(
            lambda: occupancy_of(Scope(), year), lambda: reading.nights(year), times=FEW
        ),
        "Appending an event": _appending(today),
    }
    for name, who, address, bare, times in _pages(fullest, today, year):
        page = measure_page(client_of(who), f"/{address}", who, address, times=times)
        if page is not None:
            found[name] = Asked(page.median, _bare(bare, FEW), page.queries)
        else:
            tell(f"Nothing to measure at /{address}")
    return found


def _pages(
    fullest: Provider, today: dt.date, year: list[Days]
) -> Iterator[tuple[str, str, str, Callable[[], None], int]]:
    """Name, who asks, address, the bare reading of its rows, and how often it is asked."""
    start = today + dt.timedelta(days=1)
    search = f"{SEARCH}?intervention=residential-rehabilitation&start={start}&nights={NIGHTS}"
    board, free = _one(reading.tonight, fullest, today), _one(reading.free_tonight, today)
    gaps = f"region/{WHOLE_REGION}/capacity/?show=gaps"
    yield "Tonight's board, its page", REVIEWER, BOARD.format(code=fullest.code), board, TIMES
    yield "National search for a place, its page", REVIEWER, search, free, TIMES
    yield "Search with blocks, consortiums and lists, its page", BUYER, search, free, TIMES
    yield "Search with needs and a distance, its page", BUYER, search + NEEDS, free, TIMES
    yield "Search with services that are full, its page", BUYER, f"{search}&also=full", free, TIMES
    yield "Register: places free tonight, its page", BUYER, "register/?also=free", free, TIMES
    yield "Gaps of a region, its page", REGION, gaps, reading.positions, TIMES
    yield "Home of a commissioner, its page", BUYER, "", free, TIMES
    yield "Home of a regional reviewer, its page", REGION, "", free, TIMES
    yield "Home of a national reviewer, its page", REVIEWER, "", free, TIMES
    home = _one(
        reading.shared, Organisation.objects.get(kind=OrganisationKind.PARTNERSHIP, code=HOME).pk
    )
    contracts = f"partnership/{HOME}/contracts/"
    yield "Contracts of a partnership, its page", BUYER, contracts, home, TIMES
    yield "Exposure of every provider, its page", REVIEWER, YEAR, _one(reading.nights, year), FEW
    yield from _uses(fullest, today, year)


def _uses(
    fullest: Provider, today: dt.date, year: list[Days]
) -> Iterator[tuple[str, str, str, Callable[[], None], int]]:
    """The same of how places are used: of a region, a partnership, a contract and a provider."""
    region = Organisation.objects.get(kind=OrganisationKind.REGION, code=WHOLE_REGION)
    here = partnerships_in(region, on=today).values("pk")
    standing = Service.objects.filter(site__partnership__in=here)
    near = standing.values_list("provider", flat=True).distinct()
    blocks = Contract.objects.filter(
        kind=ContractKind.BLOCK, lead__organisation__code=HOME, sold_places__isnull=False
    ).order_by("-starts_on", "reference")
    ours = blocks.order_by().values_list("provider", flat=True).distinct()
    pages = (
        ("a region", REGION, f"region/{WHOLE_REGION}", list(near)),
        ("a partnership's contracts", BUYER, f"partnership/{HOME}", list(ours)),
        ("a contract", BUYER, f"contracts/{blocks[0].reference}", [blocks[0].provider_id]),
        ("a provider", REVIEWER, f"provider/{fullest.code}", [fullest.pk]),
    )
    for name, who, place, providers in pages:
        bare = _one(reading.nights_at, providers, year)
        yield f"Utilisation of {name}, its page", who, f"{place}/utilisation/", bare, TIMES


def _one(work: Callable[..., None], *given: object) -> Callable[[], None]:
    return lambda: work(*given)


def _of(work: Callable[[], object], bare: Callable[[], None], *, times: int = TIMES) -> Asked:
    work()
    seconds, statements = [], []
    for _ in range(times):
        counted, watch = Counted(), Watch()
        with connection.execute_wrapper(counted):
            work()
        seconds.append(watch.lap())
        statements.append(counted.number)
    return Asked(
        statistics.median(seconds) * 1000,
        _bare(bare, times),
        (min(statements), max(statements)),
    )


def _bare(work: Callable[[], None], times: int) -> float:
    work()
    seconds = []
    for _ in range(times):
        with taken() as run:
            work()
        seconds.append(run.seconds)
    return statistics.median(seconds) * 1000


def _year(today: dt.date) -> list[Days]:
    """The twelve months before this one."""
    month = Period.containing(today, Grain.MONTH)
    found: list[Days] = []
    for _ in range(12):
        month = month.previous()
        found.insert(0, (month.start, month.end))
    return found


def _appending(today: dt.date) -> Asked:
    """Somebody is admitted to a free place, beside one bare row; taken back at the end."""
    free = list(
        Place.objects.free_between(today, today + dt.timedelta(days=30), now=technical_now())
        .select_related("service")
        .order_by("pk")[: 2 * EVENTS]
    )
    seconds, statements, bare = [], [], []
    with transaction.atomic():
        for place in free[:EVENTS]:
            counted, watch = Counted(), Watch()
            with connection.execute_wrapper(counted):
                admit(
                    place=place,
                    on=today,
                    planned_until=today + dt.timedelta(days=28),
                    case="M-1",
                    today=today,
                    by=BY,
                )
            seconds.append(watch.lap())
            statements.append(counted.number)
        for place in free[EVENTS:]:
            with taken() as run:
                PlaceEvent.objects.create(place=place, kind="ADMITTED", on=today, system="bare")
            bare.append(run.seconds)
        transaction.set_rollback(True)
    return Asked(
        statistics.median(seconds) * 1000,
        statistics.median(bare) * 1000,
        (min(statements), max(statements)),
    )
