"""How fresh what is known of places is: most said lately, some long ago, some never."""

import datetime as dt
import random
from collections.abc import Collection

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from commissioning.models import User
from providers.demonstration.people import manager_of
from providers.models import Board, Place, Service
from providers.services.places import state_no_change

STALE, NEVER = 0.14, 0.05  # of the services with places [B]
LATELY, LONG_AGO = (0.2, 8), (40, 600)  # hours


def write_boards(
    *, now: dt.datetime, home: Collection[str], people: dict[int, int], late: str, seed: int
) -> int:
    """When each board was last stated. `home`: providers all of whose boards were stated some
    hours ago; `late`: the agency whose board was not for days; `people` who keep the boards of a
    provider, by its key.
    """
    made = []
    for service in _kept():
        rng = _luck(service, seed)
        habit = _habit(service, rng, home, late)
        if habit < NEVER:
            continue
        hours = rng.uniform(*(LONG_AGO if habit < NEVER + STALE else LATELY))
        made.append(
            Board(
                service=service,
                stated_at=now - dt.timedelta(hours=hours),
                stated_by_id=people.get(service.provider_id),
            )
        )
    return len(Board.objects.bulk_create(made))


@transaction.atomic
def state_boards_again(*, home: Collection[str], late: str, seed: int) -> int:
    """Those who state their boards day by day say that nothing changed; the others stay as stale
    as they are. Says how many were stated.

    For a demonstration that is begun again: its business day is held, and the freshness of boards
    goes by the real time. `home` and `late` are those of `write_boards`.
    """
    keepers: dict[int, User] = {}
    stated = 0
    for service in _kept():
        if _habit(service, _luck(service, seed), home, late) < NEVER + STALE:
            continue
        if service.provider_id not in keepers:
            keepers[service.provider_id] = manager_of(service.provider)
        state_no_change(service=service, by=keepers[service.provider_id])
        stated += 1
    return stated


def _kept() -> QuerySet[Service]:
    """Services with places, in an order that stays."""
    with_places = Exists(Place.objects.filter(service=OuterRef("pk")))
    rows = Service.objects.filter(with_places).select_related("provider__organisation", "agency")
    return rows.order_by("pk")


def _habit(service: Service, rng: random.Random, home: Collection[str], late: str) -> float:
    """From 0 to 1: below `NEVER` its board is not stated at all, then now and then, then daily."""
    drawn = rng.random()
    if service.agency is not None and service.agency.code == late:
        return NEVER
    return 1 if service.provider.code in home else drawn


def _luck(service: Service, seed: int) -> random.Random:
    """The same for a service each time."""
    return random.Random(f"boards {seed} {service.pk}")  # noqa: S311 (not a secret)
