"""Places that are free for all the nights asked for, in all England: a handful of statements.

Whoever buys looks at places that are paid for already first, then at those of the consortium, of
preferred providers, of a framework, and at the others last; within each at the nearest.
"""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import (
    BooleanField,
    Case,
    Count,
    ExpressionWrapper,
    Min,
    OuterRef,
    Q,
    Subquery,
    Value,
    When,
)
from django.db.models.expressions import Combinable

from providers.choices import SexTaken
from providers.models import (
    Contract,
    DeliveredIntervention,
    Place,
    PreferredProvider,
    Service,
)
from providers.models.register import opened_by
from providers.rules.buying_order import Buying
from providers.selectors.boards import Freshness
from providers.selectors.call_offs.blocks import sold_to_strangers
from providers.selectors.contracts.buying import blocks_of_places
from providers.selectors.preferred import holding, in_force, lists_for
from providers.selectors.register.search import (
    From,
    services_asked_for,
    takes_people_of,
    with_miles,
)
from providers.selectors.vacancies.asked import Asking, Wanted
from providers.selectors.vacancies.contracts import Held, contracts_at
from providers.selectors.vacancies.first_days import first_free_days
from providers.selectors.vacancies.quality import Quality, quality_of


@dataclass(frozen=True, kw_only=True)
class Vacancy:
    """A service with places free for all the nights, and how it would be bought.

    `weekly_price`: pounds, nothing new on a block, None where none is published.
    """

    service: int
    name: str
    slug: str
    outcode: str
    provider: int
    provider_name: str
    provider_code: str
    free: int
    next_free: dt.date | None
    weekly_price: Decimal | None
    buying: Buying
    contract: str
    takes_ours: bool
    miles: float | None
    quality: Quality
    said_at: dt.datetime | None
    freshness: Freshness

    @property
    def key(self) -> str:
        """What names a service in an address."""
        return f"{self.provider_code}:{self.slug}"

    @property
    def order(self) -> tuple[Any, ...]:
        far = float("inf") if self.miles is None else self.miles
        return (not self.free, self.buying, far, self.name, self.service)


@dataclass(frozen=True)
class Found:
    """Services with places, the best first; and how many are not shown because they do not take
    our residents."""

    vacancies: list[Vacancy]
    left_out: int


def vacancies(wanted: Wanted, asking: Asking, *, services: Collection[int] | None = None) -> Found:
    """Services that deliver the intervention, with places free for all the nights.

    With `services`, these alone, free or not.
    """
    asked_for = _services(wanted, asking, services)
    takes_all = services is not None or not wanted.service.from_area
    rows = [row for row in asked_for if takes_all or row["takes_ours"]]
    left_out = len(asked_for) - len(rows)
    keys = [row["pk"] for row in rows]
    free = _free(wanted, asking, keys)
    bought, used_up = contracts_at(wanted, asking)
    quality = quality_of({row["provider"] for row in rows}, on=asking.on)
    if services is None and not wanted.with_full:
        rows = [row for row in rows if free.get(row["pk"])]
    full = [row["pk"] for row in rows if not free.get(row["pk"])]
    next_free = first_free_days(full, wanted, asking) if full else {}
    found = []
    for row in rows:
        held = bought.get(row["pk"])
        buying, price, words = _how(row, held)
        if held is None and row["pk"] in used_up:
            whose, words = used_up[row["pk"]]
            buying = buying if free.get(row["pk"]) else whose
        found.append(
            Vacancy(
                service=row["pk"],
                name=row["name"],
                slug=row["slug"],
                outcode=row["site__outcode"],
                provider=row["provider"],
                provider_name=row["provider__organisation__name"],
                provider_code=row["provider__organisation__code"],
                free=free.get(row["pk"], 0),
                next_free=wanted.start if free.get(row["pk"]) else next_free.get(row["pk"]),
                weekly_price=price,
                buying=buying,
                contract=words,
                takes_ours=row["takes_ours"],
                miles=row["miles"],
                quality=quality.get(row["provider"], Quality()),
                said_at=row["board__stated_at"],
                freshness=_freshness(row["board__stated_at"], asking),
            )
        )
    return Found(sorted(found, key=lambda one: one.order), left_out)


def _services(
    wanted: Wanted, asking: Asking, services: Collection[int] | None
) -> list[dict[str, Any]]:
    asked_from = _from(asking)
    prices = (
        DeliveredIntervention.objects.filter(
            opened_by(asking.on), service=OuterRef("pk"), intervention=wanted.intervention
        )
        .order_by()
        .values("service")
        .annotate(least=Min("weekly_price"))
    )
    rows = (
        services_asked_for(wanted.service, asked_from)
        if services is None
        else with_miles(Service.objects.filter(pk__in=services), asking.centre)
    )
    takes = takes_people_of(asking.centre) if asking.centre else Q()
    found: Any = rows.annotate(
        least=Subquery(prices.values("least")),
        is_preferred=_is_preferred(asking),
        takes_ours=Case(When(takes, then=True), default=False) if takes else Value(value=True),
    )
    return list(
        found.values(
            "pk",
            "name",
            "slug",
            "provider",
            "provider__organisation__name",
            "provider__organisation__code",
            "site__outcode",
            "miles",
            "least",
            "board__stated_at",
            "takes_ours",
            "is_preferred",
        )
    )


def _from(asking: Asking) -> From:
    return From(
        on=asking.on,
        evening_from=dt.time(0),
        fresh_since=asking.now,
        now=asking.now,
        partnership=asking.centre,
        ours=asking.partnership,
    )


def free_places(wanted: Wanted, asking: Asking) -> Any:
    """Places free for all the nights that the partnership may have, and that take whom it asks."""
    places = Place.objects.free_between(wanted.start, wanted.until, now=asking.now).filter(
        ~sold_to_strangers(asking.partnership, nights=(wanted.start, wanted.until))
    )
    if wanted.service.sex:
        places = places.filter(sex__in=[SexTaken.ANY, wanted.service.sex])
    if wanted.service.accessible:
        places = places.filter(Q(is_accessible=True) | Q(service__is_accessible=True))
    return places


def _free(wanted: Wanted, asking: Asking, services: Sequence[int]) -> dict[int, int]:
    """How many places each service has free for all the nights. One statement."""
    rows = free_places(wanted, asking).filter(service__in=services)
    return dict(rows.order_by().values_list("service").annotate(number=Count("pk")))


def _is_preferred(asking: Asking) -> Combinable:
    """Whether a service's provider is on a list that the partnership buys by."""
    if asking.partnership is None:
        return Value(value=False)
    lists = lists_for(asking.partnership.organisation, on=asking.on).filter(holding(asking.on))
    named = PreferredProvider.objects.filter(
        in_force(asking.on), preferred_list__in=lists.order_by().values("pk")
    )
    is_named = Q(provider__in=named.values("provider"))  # all found once, for every service
    return ExpressionWrapper(is_named, output_field=BooleanField())


def _freshness(stated_at: dt.datetime | None, asking: Asking) -> Freshness:
    if stated_at is None:
        return Freshness(stated_at=None, stated_by="", is_unknown=True, age=None)
    age = max(asking.now - stated_at, dt.timedelta(0))
    return Freshness(
        stated_at=stated_at,
        stated_by="",
        is_unknown=age > dt.timedelta(hours=asking.fresh_hours),
        age=age,
    )


def board_of(service: Service, asking: Asking) -> Freshness:
    """How fresh a service's board is."""
    return _freshness(service.board.stated_at if hasattr(service, "board") else None, asking)


def _how(row: Mapping[str, Any], held: Held | None) -> tuple[Buying, Decimal | None, str]:
    """By what the service is bought, at which price a week, and in words."""
    buying = held.buying if held else Buying.OTHER
    if row["is_preferred"] and buying > Buying.PREFERRED:
        words = Buying.PREFERRED.words
        price = held.price if held and held.price is not None else row["least"]
        return Buying.PREFERRED, price, f"{words}, {held.contract.reference}" if held else words
    if held is None:
        return buying, row["least"], buying.words
    price = held.price if held.price is not None else row["least"]
    return buying, price, f"{buying.words}, {held.contract.reference}"


def services_named(keys: Sequence[str]) -> dict[int, Service]:
    """The services that `Vacancy.key` names, in the order asked; unknown ones are left out. One
    statement."""
    wanted = [tuple(one.split(":", 1)) for one in keys if one.count(":") == 1]
    asked = Q(pk__in=[])
    for code, slug in wanted:
        asked |= Q(provider__organisation__code=code, slug=slug)
    rows = Service.objects.filter(asked).select_related("provider__organisation")
    found = {(one.provider.organisation.code, one.slug): one for one in rows}
    return {found[key].pk: found[key] for key in wanted if key in found}


def places_to_hold(
    service: Service, wanted: Wanted, asking: Asking
) -> list[tuple[Place, Contract | None]]:
    """Places of a service that are free on all the nights, those on our blocks first, each with
    the block. Two statements."""
    places = list(free_places(wanted, asking).filter(service=service))
    blocks: dict[int, Contract] = {}
    if asking.partnership is not None:
        blocks = blocks_of_places(
            [one.pk for one in places],
            asking.partnership,
            nights=(wanted.start, wanted.until),
        )
    pairs = [(one, blocks.get(one.pk)) for one in places]
    return sorted(pairs, key=lambda pair: (pair[1] is None, pair[0].label, pair[0].pk))
