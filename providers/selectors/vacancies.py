"""Places that are free for all the nights asked for, in all England: a handful of statements.

Whoever buys looks at places that are paid for already first, then at those of the consortium, of
preferred providers, of a framework, and at the others last; within each at the nearest.
"""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import (
    BooleanField,
    Case,
    Count,
    Exists,
    ExpressionWrapper,
    FilteredRelation,
    Max,
    Min,
    OuterRef,
    Q,
    Subquery,
    Value,
    When,
)
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce, NullIf

from commissioning.kernel.money import ZERO
from commissioning.kernel.words import day
from commissioning.models import Partnership
from providers.choices import ContractKind, ContractState, QualityKind, SexTaken
from providers.models import (
    Contract,
    ContractPlace,
    DeliveredIntervention,
    Place,
    PreferredProvider,
    Provider,
    QualityRecord,
    RequirementEvidence,
    Service,
)
from providers.models.register import opened_by
from providers.rules.buying_order import Buying, first_free
from providers.selectors.boards import Freshness
from providers.selectors.call_offs.blocks import sold_to_strangers, with_room
from providers.selectors.contracts.buying import blocks_of_places
from providers.selectors.contracts.content import fields_of, terms_of
from providers.selectors.preferred import holding, in_force, lists_for
from providers.selectors.register.search import (
    Asked,
    From,
    left_out,
    services_asked_for,
    takes_people_of,
    with_miles,
)

BUYS = (ContractKind.BLOCK, ContractKind.SPOT, ContractKind.FRAMEWORK)


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Nights from `start` to before `until`, and what is asked of the service."""

    start: dt.date
    until: dt.date
    intervention: str
    service: Asked
    with_full: bool = False  # those without a free place too

    @property
    def nights(self) -> int:
        return (self.until - self.start).days


@dataclass(frozen=True)
class Quality:
    """What is known of a provider's quality; `met` of `answered` requirements."""

    is_registered: bool | None = None
    inspected_on: dt.date | None = None
    met: int = 0
    answered: int = 0

    @property
    def words(self) -> str:
        known = {True: "Registered", False: "Registration ended", None: "Not stated"}
        parts = [known[self.is_registered]]
        if self.inspected_on:
            parts.append(f"inspected {self.inspected_on:%b %Y}")
        if self.answered:
            parts.append(f"{self.met} of {self.answered} requirements met")
        return ", ".join(parts)

    @property
    def rank(self) -> tuple[int, int]:
        """The better first."""
        return ({True: 0, None: 1, False: 2}[self.is_registered], -self.met)


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


@dataclass(frozen=True, kw_only=True)
class Asking:
    """Who asks and when: `now` is the real time, `fresh_hours` after which a board is unknown."""

    now: dt.datetime
    fresh_hours: int
    partnership: Partnership | None
    centre: Partnership | None
    on: dt.date


def vacancies(
    wanted: Wanted, asking: Asking, *, services: Collection[int] | None = None
) -> list[Vacancy]:
    """Services that deliver the intervention, with places free for all the nights; best first.

    With `services`, these alone, free or not.
    """
    rows = _services(wanted, asking, services)
    keys = [row["pk"] for row in rows]
    free = _free(wanted, asking, keys)
    bought, used_up = _contracts(wanted, asking)
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
    return sorted(found, key=lambda one: one.order)


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
    if services is None and wanted.service.from_area:
        takes = Q()  # the others are left out
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


def left_out_of(wanted: Wanted, asking: Asking) -> int:
    """How many services are not shown because they do not take our residents. One statement."""
    return left_out(wanted.service, _from(asking))


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


@dataclass(frozen=True)
class _Held:
    """The best contract a service can be bought by."""

    buying: Buying
    contract: Any  # a `Contract` with what it `covers`
    price: Decimal | None


def _contracts(
    wanted: Wanted, asking: Asking
) -> tuple[dict[int, _Held], dict[int, tuple[Buying, str]]]:
    """By service, the best of the partnership's live contracts; and of blocks by which no place
    can be had for all the nights, whose they are and why. At most three statements."""
    if asking.partnership is None:
        return {}, {}
    beds = ContractPlace.objects.filter(contract=OuterRef("pk"))
    rows = (
        Contract.objects.of_partnership(asking.partnership)
        .holding_on(wanted.start)
        .filter(state=ContractState.LIVE, kind__in=BUYS)
        .filter(Q(interventions=wanted.intervention) | Q(interventions=None))
        .annotate(names_beds=Exists(beds), covers=_services_of_a_contract())
        .order_by("price", "reference")
    )
    held: list[Any] = list(rows)
    blocks = {one.pk: one for one in held if one.kind == ContractKind.BLOCK}
    found: dict[int, _Held] = {}
    for service, contract in _free_of_blocks(wanted, asking, blocks):
        _better(found, service, _Held(_whose(contract, asking), contract, ZERO))
    open_ended = [one for one in blocks.values() if not one.names_beds and _lasts(one, wanted)]
    if open_ended:
        open_ended = with_room(open_ended, (wanted.start, wanted.until))
    others = [one for one in held if one.pk not in blocks]
    ways = [
        *(_Held(_whose(one, asking), one, ZERO) for one in open_ended),
        *(_Held(Buying.FRAMEWORK, one, _price(one, wanted)) for one in others),
    ]
    for way in ways:
        for service in way.contract.covers:
            _better(found, service, way)
    used_up: dict[int, tuple[Buying, str]] = {}
    for one in sorted(blocks.values(), key=lambda block: not _lasts(block, wanted)):
        whose = _whose(one, asking)
        why = "full" if _lasts(one, wanted) else f"only to {day(_last_day(one))}"
        for service in one.covers:
            used_up.setdefault(service, (whose, f"{whose.words}, {why}: {one.reference}"))
    return found, used_up


def _services_of_a_contract() -> Coalesce:
    """The services that a contract names; one that names none covers all of its provider's."""
    named = Contract.services.through.objects.filter(contract=OuterRef("pk"))
    others = Service.objects.filter(provider=OuterRef("provider"))
    return Coalesce(
        NullIf(ArraySubquery(named.values("service")), Value([])),
        ArraySubquery(others.order_by().values("pk")),
    )


def _price(contract: Contract, wanted: Wanted) -> Decimal | None:
    return terms_of(fields_of(contract)).price_on(wanted.start) if contract.price else None


def _free_of_blocks(
    wanted: Wanted, asking: Asking, blocks: Mapping[int, Contract]
) -> list[tuple[int, Contract]]:
    """Services at which a place that a block named is free. One statement."""
    rows = ContractPlace.objects.filter(
        contract__in=list(blocks),
        nights__contains=DateRange(wanted.start, wanted.until),
        place__in=Place.objects.free_between(wanted.start, wanted.until, now=asking.now),
    )
    pairs = rows.values_list("place__service", "contract").distinct() if blocks else []
    return [(service, blocks[contract]) for service, contract in pairs]


def _last_day(contract: Contract) -> dt.date:
    return contract.ended_on or contract.ends_on


def _lasts(contract: Contract, wanted: Wanted) -> bool:
    return wanted.until <= _last_day(contract)


def _whose(contract: Contract, asking: Asking) -> Buying:
    ours = asking.partnership is not None and contract.lead_id == asking.partnership.pk
    return Buying.OUR_BLOCK if ours else Buying.CONSORTIUM


def _better(found: dict[int, _Held], service: int, held: _Held) -> None:
    before = found.get(service)
    if before is None or held.buying < before.buying:
        found[service] = held


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


def _how(row: Mapping[str, Any], held: _Held | None) -> tuple[Buying, Decimal | None, str]:
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


def quality_of(providers: Collection[int], *, on: dt.date) -> dict[int, Quality]:
    """Registration, newest inspection and requirements of providers. One statement."""
    records = QualityRecord.objects.filter(provider=OuterRef("pk"))
    registered = records.filter(kind=QualityKind.REGISTRATION, held_on__lte=on)
    holds = registered.filter(Q(holds_until__isnull=True) | Q(holds_until__gt=on))
    inspected = (
        records.filter(kind=QualityKind.INSPECTION, held_on__lte=on)
        .order_by()
        .values("provider")
        .annotate(newest=Max("held_on"))
    )
    answers = RequirementEvidence.objects.filter(provider=OuterRef("pk")).order_by()
    counted = answers.values("provider").annotate(
        met=Count("pk", filter=Q(is_met=True)), answered=Count("pk")
    )
    rows = Provider.objects.filter(pk__in=providers).values_list(
        "pk",
        Exists(registered),
        Exists(holds),
        Subquery(inspected.values("newest")),
        Subquery(counted.values("met")),
        Subquery(counted.values("answered")),
    )
    return {
        pk: Quality(now if ever else None, newest, met or 0, answered or 0)
        for pk, ever, now, newest, met, answered in rows
    }


def first_free_days(
    services: Collection[int], wanted: Wanted, asking: Asking
) -> dict[int, dt.date]:
    """The first day on which each service has a place free for as many nights; those of which
    nobody knows one are left out. One statement."""
    taken = FilteredRelation(
        "occupancies",
        condition=Q(occupancies__nights__overlap=DateRange(wanted.start, None))
        & (Q(occupancies__held_until__isnull=True) | Q(occupancies__held_until__gt=asking.now)),
    )
    rows = (
        Place.objects.filter(service__in=services, overbooked_for="")
        .filter(Q(closed_on__isnull=True) | Q(closed_on__gt=wanted.start))
        .annotate(taken=taken)
        .order_by("pk")
        .values_list("pk", "service", "opened_on", "closed_on", "taken__nights")
    )
    found: dict[int, dt.date] = {}
    for (_, service, opened_on, closed_on), spells in groupby(rows, key=itemgetter(0, 1, 2, 3)):
        first = first_free(
            [(nights.lower, nights.upper) for *_, nights in spells if nights is not None],
            start=wanted.start,
            nights=wanted.nights,
            opened_on=opened_on,
            closed_on=closed_on,
        )
        if first is not None and first <= found.get(service, first):
            found[service] = first
    return found


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
