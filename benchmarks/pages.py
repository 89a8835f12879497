"""Every page of a reviewer, a lead and a provider on the full data, in process.

Pages are found in the addresses themselves, so that a new one is measured without being named. An
address whose keywords nothing here can fill in is counted as not tried.
"""

import logging
import re
import statistics
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.db import connection
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from benchmarks.measuring import Line, Watch
from commissioning.models import Job, User
from commissioning.services.reference import NATION_CODE
from config.readiness import load_everything
from pathways.models import Upload
from providers.models import Agency
from reporting.demonstration.loading import HOME, WHOLE_REGION
from reporting.indicators.in_force import IN_FORCE
from reporting.models import LongWait

BASE = "account/"
PEOPLE = ("reviewer", "lead", "provider", "national")
TIMES = 20
MOST_QUERIES, MOST_MILLISECONDS = 15, 100.0
KEYWORD = re.compile(r"<(?:\w+:)?(\w+)>")
# Not pages: what they do is not to show something.
LEFT_OUT = ("account/logout/", "livez", "readyz")


@dataclass(frozen=True)
class Page:
    """What one person's requests of one address took."""

    who: str
    route: str
    queries: tuple[int, int]  # the fewest and the most
    median: float  # milliseconds
    slow: float  # their 95th percentile
    is_held: bool = True  # to what a page may take; a file is told only

    @property
    def is_constant(self) -> bool:
        return self.queries[0] == self.queries[1]


class Counted:
    """How many statements were sent."""

    def __init__(self) -> None:
        self.number = 0

    def __call__(self, execute: Callable[..., Any], *given: Any) -> Any:
        self.number += 1
        return execute(*given)


def routes(resolver: URLResolver | None = None, prefix: str = "") -> Iterator[str]:
    """Every address as it is written, such as `partnership/<slug:code>/long-waits/`."""
    for one in (resolver or get_resolver()).url_patterns:
        route = prefix + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from routes(one, route)
        elif isinstance(one, URLPattern):
            yield route


def is_of_plans(route: str) -> bool:
    """Whether a page shows plans: those are measured in `plans`, where there are enough."""
    return not {"plan", "plans", "self-assessment"}.isdisjoint(route.split("/"))


def filled_in(route: str, values: Mapping[str, str]) -> str | None:
    """The address with records that exist; None where something is not known."""
    words = route.split("/")
    for at, word in enumerate(words):
        if found := KEYWORD.search(word):
            before = word[: found.start()] or (words[at - 1] if at else "")
            value = values.get(f"{before}/{found[1]}") or values.get(found[1])
            if value is None:
                return None
            words[at] = KEYWORD.sub(value, word)
    address = "/".join(words)
    return None if "<" in address or "^" in address else address


def values_of(person: User) -> dict[str, str]:
    """What stands for the keywords: by name, or by the word before it and its name."""
    agency = Agency.objects.filter(partnership__organisation__code=HOME).order_by("code")[0]
    provider = agency.provider.code
    upload = Upload.objects.filter(returns__agency=agency).order_by("-number")[0]
    known: dict[str, Any] = {
        "partnership/code": HOME,
        "provider/code": provider,
        "region/code": WHOLE_REGION,
        "england/code": NATION_CODE,
        "returns/number": upload.number,
        "indicator": next(iter(IN_FORCE)),
        "indicators/code": next(iter(IN_FORCE)),
        "agency": agency.code,
        "person": person.code,
        "kind": "partnership",
        "format": "csv",
    }
    wait = LongWait.objects.filter(partnership__organisation__code=HOME).order_by("pk").first()
    job = Job.objects.order_by("pk").first()
    known |= {"long-waits/number": wait and wait.pk, "jobs/number": job and job.pk}
    found = {name: str(value) for name, value in known.items() if value is not None}
    return {**found, "code": HOME}


def client_of(who: str) -> Client:
    """A browser in which one of the demonstration's people is signed in."""
    logging.getLogger("django.request").setLevel(logging.CRITICAL)  # refusals are no news here
    client = Client(headers={"host": settings.ALLOWED_HOSTS[0].lstrip(".*") or "localhost"})
    client.raise_request_exception = False
    person = User.objects.get(email=f"{who}@demo.example")
    client.force_login(person, backend=settings.AUTHENTICATION_BACKENDS[-1])
    return client


def measure_page(
    client: Client,
    address: str,
    who: str,
    route: str,
    *,
    times: int = TIMES,
    is_held: bool = True,
) -> Page | None:
    """Its requests; None where the first is not answered with a page."""
    if client.get(address).status_code != HTTPStatus.OK:
        return None
    queries: list[int] = []
    seconds: list[float] = []
    for _ in range(times):
        counted, watch = Counted(), Watch()
        with connection.execute_wrapper(counted):
            b"".join(client.get(address))  # a file is made while it is sent
        seconds.append(watch.lap())
        queries.append(counted.number)
    slow = statistics.quantiles(seconds, n=20, method="inclusive")[-1]
    many = (min(queries), max(queries))
    return Page(who, route, many, statistics.median(seconds) * 1000, slow * 1000, is_held)


def measure() -> list[Line]:
    load_everything()  # as the served application does
    pages: list[Page] = []
    untried: set[str] = set()
    bases: dict[str, float] = {}
    for who in PEOPLE:
        person = User.objects.get(email=f"{who}@demo.example")
        client = client_of(who)
        base = measure_page(client, f"/{BASE}", who, BASE)
        assert base is not None  # noqa: S101 - everybody has an account
        bases[who] = base.median
        values = values_of(person)
        for route in dict.fromkeys(routes()):
            address = filled_in(route, values)
            if is_of_plans(route) or route in LEFT_OUT:
                continue
            if address is None:
                untried.add(route)
            else:
                page = measure_page(client, f"/{address}", who, route)
                pages += [page] if page else []
    return lines_of(pages, bases, untried)


def lines_of(
    pages: list[Page], bases: Mapping[str, float], untried: set[str], *, times: int = TIMES
) -> list[Line]:
    held = [page for page in pages if page.is_held]
    slowest = max(held, key=lambda page: page.slow)
    most = max(held, key=lambda page: page.queries[1])
    changing = [page for page in pages if not page.is_constant]
    lines = [
        Line(
            f"Slowest of {len(held)} pages: /{slowest.route} of the {slowest.who}",
            f"{slowest.slow:.0f} ms",
            f"95th percentile of {times}, at most 100 ms",
            slowest.slow,
            MOST_MILLISECONDS,
        ),
        Line(
            f"Most statements: /{most.route} of the {most.who}",
            str(most.queries[1]),
            "at most 15",
            most.queries[1],
            MOST_QUERIES,
        ),
        Line(
            "Pages whose number of statements changes from request to request",
            str(len(changing)),
            "at most 0",
            len(changing),
            0,
        ),
        Line(
            "Empty base page",
            f"{statistics.median(bases.values()):.1f} ms",
            f"median of {times}; multiples below are of it",
        ),
    ]
    for page in sorted(pages, key=lambda page: -page.slow):
        over = page.slow > MOST_MILLISECONDS or page.queries[1] > MOST_QUERIES
        missed = page.is_held and over
        lines.append(
            Line(
                f"· /{page.route}, {page.who}",
                f"{page.slow:.0f} ms, {page.median / bases[page.who]:.1f} ×",
                f"{page.queries[1]} statements{' (too much)' if missed else ''}",
            )
        )
    if untried:
        lines.append(Line("· not tried", str(len(untried)), ", ".join(sorted(untried))))
    return lines
