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
    *, now: dt.datetime, home: frozenset[int], people: dict[int, int], seed: int
) -> int:
    """When each board was last stated. `home` are services that were stated some hours ago;
    `people` who keep the boards of a provider, by its key.
    """
    made = []
    for service in _kept():
        rng = _luck(service, seed)
        habit = rng.random()
        if service.pk not in home and habit < NEVER:
            continue
        is_stale = service.pk not in home and habit < NEVER + STALE
        hours = rng.uniform(*(LONG_AGO if is_stale else LATELY))
        made.append(
            Board(
                service=service,
                stated_at=now - dt.timedelta(hours=hours),
                stated_by_id=people.get(service.provider_id),
            )
        )
    return len(Board.objects.bulk_create(made))


@transaction.atomic
def state_boards_again(*, home: Collection[str], seed: int) -> int:
    """Those who state their boards day by day say that nothing changed; the others stay as stale
    as they are. Says how many were stated.

    For a demonstration that is begun again: its business day is held, and the freshness of boards
    goes by the real time. `home`: providers all of whose boards are stated, by code.
    """
    keepers: dict[int, User] = {}
    stated = 0
    for service in _kept().select_related("provider__organisation"):
        if service.provider.code not in home and _luck(service, seed).random() < NEVER + STALE:
            continue
        if service.provider_id not in keepers:
            keepers[service.provider_id] = manager_of(service.provider)
        state_no_change(service=service, by=keepers[service.provider_id])
        stated += 1
    return stated


def _kept() -> QuerySet[Service]:
    """Services with places, in an order that stays."""
    return Service.objects.filter(Exists(Place.objects.filter(service=OuterRef("pk")))).order_by(
        "pk"
    )


def _luck(service: Service, seed: int) -> random.Random:
    """The same for a service each time."""
    return random.Random(f"boards {seed} {service.pk}")  # noqa: S311 (not a secret)
