"""Call-offs and holds as lists."""

import datetime as dt

from django.db.models import QuerySet

from commissioning.models import Organisation
from providers.choices import OccupancyKind
from providers.models import CallOff, Occupancy


def call_offs_of(organisation: Organisation, *, on: dt.date) -> QuerySet[CallOff]:
    """Those a partnership buys or a provider has, the newest first, each with `beyond`: the
    nights stayed by the day that nobody approved."""
    side = "partnership" if organisation.kind == "PARTNERSHIP" else "provider"
    rows = CallOff.objects.filter(**{side: organisation.pk}).with_names().with_beyond(on)
    return rows.select_related("requested_by").order_by("-pk")


def holds_of(partnership: Organisation, *, now: dt.datetime) -> list[Occupancy]:
    """Places it holds and has not called off, the first to run out on top. One query."""
    return list(
        Occupancy.objects.filter(
            partnership=partnership.pk,
            kind=OccupancyKind.HELD,
            held_until__gt=now,
            call_off__isnull=True,
        )
        .select_related("place__service__provider__organisation")
        .order_by("held_until", "pk")
    )


def hold_named(number: int) -> QuerySet[Occupancy]:
    """A hold by the number of what it began with."""
    return Occupancy.objects.filter(began=number, kind=OccupancyKind.HELD).select_related(
        "place__service__provider__organisation", "partnership__organisation"
    )
