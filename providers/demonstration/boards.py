"""How fresh what is known of places is: most said today, some long ago, some never."""

import datetime as dt
import random

from providers.models import Board, Place, Service

STALE, NEVER = 0.14, 0.05  # of the services with places [B]


def write_boards(
    *, now: dt.datetime, home: frozenset[int], people: dict[int, int], seed: int
) -> int:
    """When each board was last stated. `home` are services that were stated some hours ago;
    `people` who keep the boards of a provider, by its key.
    """
    rng = random.Random(f"boards {seed}")  # noqa: S311 (not a secret)
    services = Service.objects.filter(pk__in=Place.objects.values("service")).order_by("pk")
    made = []
    for service in services:
        luck = rng.random()
        if service.pk not in home and luck < NEVER:
            continue
        hours = rng.uniform(0.2, 20)
        if service.pk not in home and luck < NEVER + STALE:
            hours = rng.uniform(40, 600)
        made.append(
            Board(
                service=service,
                stated_at=now - dt.timedelta(hours=hours),
                stated_by_id=people.get(service.provider_id),
            )
        )
    return len(Board.objects.bulk_create(made))
