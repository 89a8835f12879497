"""Plans of all England: every page of a plan, the lists of many, forecasts and evidence.

149 partnerships with five years of plans, 200 lines of four streams each (`laying`). The home
partnership's lead writes next year's plan and carries out the one that runs, the region's
reviewer reads one that was submitted, the national reviewer one that is closed. Addresses are
found as in `pages`, so that a new page of a plan is measured without being named.
"""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection

from benchmarks import laying, systems
from benchmarks.measuring import Line, Watch, ratio, taken, tell
from benchmarks.pages import (
    BASE,
    LEFT_OUT,
    TIMES,
    Page,
    client_of,
    filled_in,
    is_of_plans,
    lines_of,
    measure_page,
)
from benchmarks.pages import routes as all_routes
from commissioning.checks import IN_FORCE
from commissioning.choices import PlanKind, PlanningGrid, PlanState
from commissioning.kernel.clock import business_day
from commissioning.models import Evidence, Gap, GridRow, Plan, Virement
from commissioning.reference.competence import COMPETENCE_HEADS
from config.readiness import load_everything
from reporting.demonstration.loading import HOME, WHOLE_REGION
from reporting.services.evidence import write_evidence
from reporting.services.forecasts import forecast_plans

OF_A_PLAN = "partnership/<slug:code>/plan/<slug:slug>/"
# Files, which nobody waits for as for a page: told, and held to nothing.
TOLD_ONLY = ("document.pdf", "lines/file/", "format=csv", "format=xlsx")
TOLD_TIMES = 3
# Addresses that ask for more than their page: the same list as a file, or in full.
ASKED = (
    (f"{OF_A_PLAN}lines/", "?format=csv"),
    (f"{OF_A_PLAN}lines/", "?format=xlsx"),
    (f"{OF_A_PLAN}ledger/", "?format=csv"),
    (f"{OF_A_PLAN}ledger/lines/", "?format=csv"),
    ("region/<slug:code>/plans/<slug:year>/", "?format=csv"),
    ("england/plans/<slug:year>/", "?areas=partnerships"),
    ("england/plans/<slug:year>/", "?areas=partnerships&format=csv"),
)


@dataclass(frozen=True)
class Visit:
    """Whose plan of which year somebody opens, and the word for its course."""

    who: str
    course: str
    state: PlanState
    year: int
    at_home: bool = True


VISITS = (
    Visit("lead", "draft", PlanState.DRAFT, 2007),
    Visit("lead", "running", PlanState.MONITORED, 2006),
    Visit("reviewer", "submitted", PlanState.SUBMITTED, 2007, at_home=False),
    Visit("national", "closed", PlanState.CLOSED, 2005),
)


def measure() -> list[Line]:
    """Lay the plans, then measure what is made of them and every page that shows them."""
    tell("Laying plans of all England")
    with taken() as laid:
        laying.lay_plans(systems.WHOLE)
    found = [Line(_size(), f"laid in {laid.seconds:.0f} s, where they were not there already")]
    tell("Writing evidence")
    found += _evidence(business_day())
    tell("Forecasting every plan")
    found += _forecasts(business_day())
    systems.know_the_data(systems.WHOLE)
    tell("Asking for every page of a plan")
    return [*found, *_pages()]


def _size() -> str:
    own = Plan.objects.filter(kind=PlanKind.OWN)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM commissioning_allocation")
        allocations = cursor.fetchone()[0]
        cursor.execute("SELECT count(*) FROM commissioning_entry")
        entries = cursor.fetchone()[0]
    return (
        f"{own.count():,} plans of {laying.LINES} lines, {allocations:,} allocations,"
        f" {entries:,} ledger entries"
    )


def _evidence(on: dt.date) -> list[Line]:
    seconds, bare, rows = _beside_its_reads(lambda: write_evidence(on=on, every_year=True))
    again, _, none = _beside_its_reads(lambda: write_evidence(on=on))
    return [
        ratio(
            f"Evidence of all England, every year: {Evidence.objects.count():,} rows",
            seconds,
            bare,
            "bare SELECT of what it reads",
            None,
        ),
        Line("· as every night", f"{again:.2f} s", f"{none:,} rows changed"),
        Line("· written at first", f"{rows:,} rows"),
    ]


def _forecasts(on: dt.date) -> list[Line]:
    seconds, bare, rows = _beside_its_reads(lambda: forecast_plans(on=on))
    return [
        ratio(
            f"Nightly forecast of every plan at work: {rows:,} rows",
            seconds,
            bare,
            "bare SELECT of what it reads",
            None,
        )
    ]


def _beside_its_reads(work: Callable[[], int]) -> tuple[float, float, int]:
    """Seconds of some work, seconds of its reading statements by themselves, and what it gave."""
    asked: list[tuple[str, Any]] = []

    def keep(execute: Callable[..., Any], sql: str, given: Any, *more: Any) -> Any:
        if sql.lstrip().upper().startswith("SELECT") and "pg_advisory" not in sql:
            asked.append((sql, given))
        return execute(sql, given, *more)

    watch = Watch()
    with connection.execute_wrapper(keep):
        gave = work()
    seconds = watch.lap()
    with connection.cursor() as cursor:
        for sql, given in asked:
            cursor.execute(sql, given)
            cursor.fetchall()
    return seconds, watch.lap(), gave


def _pages() -> list[Line]:
    load_everything()
    pages: list[Page] = []
    visited: set[str] = set()
    tried: set[str] = set()
    untried: set[str] = set()  # in a visit: a draft has no amendment, a year that runs has
    bases: dict[str, float] = {}
    for visit in VISITS:
        client = client_of(visit.who)
        base = measure_page(client, f"/{BASE}", visit.who, BASE)
        assert base is not None  # noqa: S101 - everybody has an account
        who = f"{visit.who}, {visit.course}"
        bases[who] = base.median
        values = _values_of(visit)
        for route, query in _routes(first=visit.who not in visited):
            address = filled_in(route, values)
            if address is None:
                untried.add(route)
                continue
            tried.add(route)
            told = (route + query).endswith(TOLD_ONLY)
            times = TOLD_TIMES if told else TIMES
            page = measure_page(
                client, f"/{address}{query}", who, route + query, times=times, is_held=not told
            )
            pages += [page] if page else []
        visited.add(visit.who)
    return lines_of(pages, bases, untried - tried)


def _routes(*, first: bool) -> Iterator[tuple[str, str]]:
    """The addresses of plans with what they are asked; those of many plans once a person."""
    for route in dict.fromkeys(all_routes()):
        if not is_of_plans(route) or route in LEFT_OUT:
            continue
        if first or route.startswith(OF_A_PLAN):
            yield route, ""
            yield from ((one, query) for one, query in ASKED if one == route)


def _values_of(visit: Visit) -> dict[str, str]:
    """What stands for the keywords in a visit: by name, or by the word before it and its name."""
    plan = _plan_of(visit)
    place = plan.partnership.organisation.code
    year = f"FY{plan.year}"
    row = GridRow.objects.filter(plan=plan, grid=PlanningGrid.ACCESS).order_by("number")[0]
    comment = plan.comments.order_by("pk").first()
    amendment = plan.amendments.order_by("pk").first()
    virement = Virement.objects.filter(partnership=plan.partnership).order_by("pk").first()
    version = plan.versions.order_by("-number").values_list("number", flat=True).first()
    document = plan.documents.order_by("pk").first()
    gap = Gap.objects.filter(
        assessment__partnership=plan.partnership, assessment__year=plan.year
    ).first()
    known: dict[str, Any] = {
        "partnership/code": place,
        "region/code": WHOLE_REGION,
        "slug": plan.slug,
        "plans/year": f"FY{plan.year}",
        "self-assessment/year": year,
        "head": COMPETENCE_HEADS[0].code,
        "lines/number": 37,
        "tier": 2,
        "grid": PlanningGrid.ACCESS.value,
        f"{PlanningGrid.ACCESS.value}/number": row.number,
        "check": next(iter(IN_FORCE)),
        "source": "NATIONAL",
        "indicator": "in-treatment",
        "quarter": "q2",
        "by": "tier",
        "part": "groups",
        "comments/number": comment and comment.pk,
        "amendments/number": amendment and amendment.number,
        "deed": "submit",
        "virements/number": virement and virement.pk,
        "v/number": version,
        "documents/number": document and document.pk,
        "gaps/number": gap and gap.pk,
    }
    return {name: str(value) for name, value in known.items() if value is not None}


def _plan_of(visit: Visit) -> Plan:
    plans = Plan.objects.filter(kind=PlanKind.OWN, state=visit.state, year=visit.year)
    if visit.at_home:
        return plans.get(partnership__organisation__code=HOME)
    lie = {"partnership__organisation__facts__other__code": WHOLE_REGION}
    return plans.filter(**lie).order_by("pk")[0]
