"""The market put together: the register, what it can take, and how full it was."""

import datetime as dt
import random
from collections.abc import Callable, Mapping, Sequence

from django.db import transaction

from commissioning.kernel.clock import technical_now
from commissioning.models import Event, Organisation, Partnership
from providers.demonstration.boards import write_boards
from providers.demonstration.capacity import Capacity, write_capacity
from providers.demonstration.community import Community
from providers.demonstration.generic import write_generic, write_primary_care
from providers.demonstration.registrar import BY, Registrar
from providers.demonstration.residential import write_houses
from providers.demonstration.towns import towns
from providers.models import Agency

SEED = 2565
# The beds that the home region's partnerships, or the home partnership, bought together: by the
# code of the NDTMS agency.
REGION_REHABILITATION, REGION_DETOXIFICATION, HOME_REHABILITATION = "ARH01", "AIP01", "ARH02"
# On no block: what it takes in from the region, it takes in place by place.
BY_THE_PLACE = "ARH03"
SOLD: Mapping[str, int] = {
    REGION_REHABILITATION: 8,
    REGION_DETOXIFICATION: 6,
    HOME_REHABILITATION: 4,
}
# Beds of theirs that stay free for what the demonstration's people do themselves.
KEPT: Mapping[str, frozenset[int]] = {
    REGION_REHABILITATION: frozenset(range(8, 18)),
    HOME_REHABILITATION: frozenset({1}),
    BY_THE_PLACE: frozenset({1, 2, 3}),
}
Tell = Callable[[str], None]


def late_at(home: str) -> str:
    """The home partnership's agency that is late with its returns is with its board, too."""
    return f"A{home}3"


def once(part: str, write: Callable[[], None]) -> bool:
    """Write a part of the market whole, or not where it is there already."""
    cause = f"demonstration.market.{part}"
    with transaction.atomic():
        _, is_new = Event.objects.get_or_create(cause=cause, defaults={"name": cause})
        if is_new:
            write()
    return is_new


def load_market(*, home: str, keepers: Mapping[str, int], today: dt.date, tell: Tell) -> None:
    """Register, places and boards. `keepers`: who keeps the boards of a provider, by its code.

    Run again, it writes what is missing.
    """

    def write() -> None:
        tell("The market: sites and services")
        capacity = _register(home, today)
        tell(f"The market: {sum(one.number for one in capacity):,} places and their history")
        _places(capacity, home=home, keepers=keepers, today=today, tell=tell)

    once("register", write)


def _register(home: str, today: dt.date) -> list[Capacity]:
    rng = random.Random(f"market {SEED}")  # noqa: S311 (not a secret)
    registrar = Registrar(today, rng)
    agencies = list(
        Agency.objects.select_related(
            "provider__organisation", "partnership__organisation"
        ).order_by("code")
    )
    regions = keys_by_region(registrar.partnerships)
    blocks = _blocks(registrar.partnerships[home], regions)
    community = Community(registrar, regions, blocks)
    community.write(agencies)
    houses = write_houses(
        registrar, agencies, regions=regions, blocks=blocks, kept=KEPT, seed=SEED
    )
    served = _served(agencies)
    write_generic(registrar, served)
    write_primary_care(registrar, served, home=home, today=today)
    return [*community.capacity, *houses]


def keys_by_region(partnerships: Mapping[str, Partnership]) -> dict[str, list[int]]:
    """The partnerships of each region, by the region's code."""
    found: dict[str, list[int]] = {}
    for code, town in towns().items():
        if code in partnerships:
            found.setdefault(town.region, []).append(partnerships[code].pk)
    return found


def _blocks(
    home: Partnership, regions: Mapping[str, Sequence[int]]
) -> dict[str, tuple[int, Sequence[int]]]:
    """Who bought the first beds of a house: the home region together, or home alone."""
    members = regions[towns()[home.code].region]
    return {
        agency: (beds, [home.pk] if agency == HOME_REHABILITATION else members)
        for agency, beds in SOLD.items()
    }


def _served(agencies: Sequence[Agency]) -> list[Partnership]:
    """The partnerships that community services send returns for, by code."""
    found = {
        one.partnership.code: one.partnership
        for one in agencies
        if one.partnership is not None and one.code[1:3] not in {"RH", "IP", "PR"}
    }
    return [found[code] for code in sorted(found)]


def _places(
    capacity: Sequence[Capacity],
    *,
    home: str,
    keepers: Mapping[str, int],
    today: dt.date,
    tell: Tell,
) -> None:
    partnerships = {one.code: one for one in Partnership.objects.by_name()}
    now = technical_now()
    region = towns()[home].region
    made = write_capacity(
        capacity,
        everywhere=[one.pk for one in partnerships.values()],
        holders=keys_by_region(partnerships)[region],
        today=today,
        now=now,
        system=str(BY),
        seed=SEED,
    )
    tell(f"  {made.events:,} events, {made.nights:,} stays and outages")
    people = {
        pk: keepers[code]
        for code, pk in Organisation.objects.filter(code__in=keepers).values_list("code", "pk")
    }
    write_boards(now=now, home=keepers, people=people, late=late_at(home), seed=SEED)
