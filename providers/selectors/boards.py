"""Boards: how a service's places stand tonight, and how fresh that is. Counts are derived."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, fields
from typing import Any, Self

from django.db.models import Case, Count, F, FilteredRelation, Q, QuerySet, Value, When

from commissioning.rule_settings import RuleSettings
from providers.choices import OccupancyKind
from providers.models import Board, Occupancy, Place, PlaceEvent, Service
from providers.models.places import PlaceQuerySet

HOUR = dt.timedelta(hours=1)


@dataclass(frozen=True)
class Counts:
    """The places of a service tonight. `overbooked` are people beyond its capacity."""

    open: int = 0
    out_of_service: int = 0
    held: int = 0
    booked: int = 0
    occupied: int = 0
    overbooked: int = 0

    @property
    def in_service(self) -> int:
        return self.open - self.out_of_service

    @property
    def free(self) -> int:
        return self.in_service - self.held - self.booked - self.occupied

    @property
    def share_occupied(self) -> float | None:
        """Of the places in service, from 0 to 1."""
        return self.occupied / self.in_service if self.in_service else None

    def __add__(self, other: Self) -> "Counts":
        return Counts(
            *(getattr(self, one.name) + getattr(other, one.name) for one in fields(self))
        )


def with_tonight(places: QuerySet[Place], night: dt.date) -> QuerySet[Place]:
    """Places with what has them on the night: `tonight` leads to the row of nights, or to none."""
    return places.alias(
        tonight=FilteredRelation("occupancies", condition=Q(occupancies__nights__contains=night))
    )


def counts_by_kind(services: Collection[int], *, night: dt.date) -> dict[int, dict[str, Counts]]:
    """Service → kind of place → counts. One query."""
    ordinary = Q(overbooked_for="")
    rows = (
        with_tonight(Place.objects.filter(service__in=services).open_on(night), night)
        .order_by()
        .values("service", "kind")
        .annotate(
            of_capacity=Count("pk", filter=ordinary),
            kept_out=Count("pk", filter=ordinary & Q(tonight__kind=OccupancyKind.OUT_OF_SERVICE)),
            held=Count("pk", filter=ordinary & Q(tonight__kind=OccupancyKind.HELD)),
            booked=Count("pk", filter=ordinary & Q(tonight__kind=OccupancyKind.BOOKED)),
            occupied=Count("pk", filter=ordinary & Q(tonight__kind=OccupancyKind.OCCUPIED)),
            beyond=Count(
                "pk",
                filter=~ordinary
                & Q(tonight__kind__in=[OccupancyKind.BOOKED, OccupancyKind.OCCUPIED]),
            ),
        )
    )
    found: dict[int, dict[str, Counts]] = defaultdict(dict)
    for row in rows:
        found[row["service"]][row["kind"]] = Counts(
            open=row["of_capacity"],
            out_of_service=row["kept_out"],
            held=row["held"],
            booked=row["booked"],
            occupied=row["occupied"],
            overbooked=row["beyond"],
        )
    return dict(found)


def counts_of_services(services: Collection[int], *, night: dt.date) -> dict[int, Counts]:
    """Service → counts of all its places. One query."""
    by_kind = counts_by_kind(services, night=night)
    return {one: sum(by_kind.get(one, {}).values(), Counts()) for one in services}


@dataclass(frozen=True)
class Freshness:
    """When a board was last stated, and whether that still counts."""

    stated_at: dt.datetime | None
    stated_by: str
    is_unknown: bool
    age: dt.timedelta | None

    @property
    def words(self) -> str:
        """“said 2 hours ago by Ann Ward”."""
        if self.age is None:
            return "never said"
        by = f" by {self.stated_by}" if self.stated_by else ""
        return f"said {ago(self.age)}{by}"


def ago(age: dt.timedelta) -> str:
    """An age in the largest whole unit: just now, 5 minutes ago, 2 hours ago, 3 days ago."""
    minutes = int(age.total_seconds() // 60)
    for size, unit in ((24 * 60, "day"), (60, "hour"), (1, "minute")):
        if minutes >= size * (2 if unit == "day" else 1):
            many = minutes // size
            return f"{many} {unit}{'' if many == 1 else 's'} ago"
    return "just now"


def freshness_of(
    boards: Iterable[Board], *, now: dt.datetime, rules: RuleSettings
) -> dict[int, Freshness]:
    """Service → how fresh its board is. A service without a row was never stated."""
    limit = rules.board_unknown_hours * HOUR
    return {
        one.service_id: Freshness(
            stated_at=one.stated_at,
            stated_by=str(one.stated_by) if one.stated_by else "",
            is_unknown=now - one.stated_at > limit,
            age=max(now - one.stated_at, dt.timedelta(0)),
        )
        for one in boards
    }


NEVER = Freshness(stated_at=None, stated_by="", is_unknown=True, age=None)


@dataclass(frozen=True)
class ServiceBoard:
    """One service on the board of its provider."""

    service: Service
    counts: Counts
    by_kind: dict[str, Counts]
    freshness: Freshness


def boards_of(
    provider: int, *, night: dt.date, now: dt.datetime, rules: RuleSettings
) -> list[ServiceBoard]:
    """Every open service of a provider that has places, by name. Two queries."""
    services = list(
        Service.objects.filter(provider=provider)
        .open_on(night)
        .filter(Q(pk__in=Place.objects.filter(service__provider=provider).values("service")))
        .select_related("board__stated_by", "provider__organisation")
        .order_by("name", "pk")
    )
    by_kind = counts_by_kind([one.pk for one in services], night=night)
    fresh = freshness_of(
        [one.board for one in services if hasattr(one, "board")], now=now, rules=rules
    )
    return [
        ServiceBoard(
            service=one,
            counts=sum(by_kind.get(one.pk, {}).values(), Counts()),
            by_kind=by_kind.get(one.pk, {}),
            freshness=fresh.get(one.pk, NEVER),
        )
        for one in services
    ]


FREE = "FREE"


def tonight_of(places: PlaceQuerySet, night: dt.date) -> "QuerySet[Place, dict[str, Any]]":
    """Places one by one with what they are tonight, in the order in which people count them.

    `state` is a kind of occupancy, or FREE; `waiting` says that an earlier stay was never said
    to have ended although something else has the place by now.
    """
    rows: QuerySet[Place, dict[str, Any]] = (
        with_tonight(places.open_on(night).in_order(), night)
        .annotate(
            state=Case(
                When(tonight__isnull=False, then=F("tonight__kind")),
                default=Value(FREE),
            ),
            case=F("tonight__case"),
            nights=F("tonight__nights"),
            planned_until=F("tonight__planned_until"),
            held_until=F("tonight__held_until"),
            whose=F("tonight__partnership__organisation__name"),
        )
        .values(
            *("pk", "service", "label", "kind", "sex", "is_accessible", "overbooked_for"),
            *("state", "case", "nights", "planned_until", "held_until", "whose", "closed_on"),
        )
    )
    return rows


def contended(places: Collection[int], *, night: dt.date) -> dict[int, Occupancy]:
    """Stays of which nobody said that they ended, where something else has the place tonight."""
    rows = Occupancy.objects.filter(
        place__in=places,
        is_ended=False,
        kind__in=[OccupancyKind.OCCUPIED, OccupancyKind.OUT_OF_SERVICE],
        nights__fully_lt=(night, None),
    )
    return {row.place_id: row for row in rows}


def next_nights(places: Collection[int], *, night: dt.date) -> dict[int, Occupancy]:
    """What has each place next after tonight."""
    rows = (
        Occupancy.objects.filter(place__in=places, nights__startswith__gt=night)
        .select_related("partnership__organisation")
        .order_by("-nights")
    )
    return {row.place_id: row for row in rows}


def history_of_place(place: Place) -> QuerySet[PlaceEvent]:
    """What was said of a place, the latest first."""
    return (
        PlaceEvent.objects.filter(place=place)
        .select_related("made_by", "partnership__organisation", "corrects", "corrected_by")
        .order_by("-pk")
    )
