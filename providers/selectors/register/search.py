"""Services of all England: what each says of itself, and which of them are asked for."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg, BoolOr
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    BooleanField,
    Case,
    Count,
    Exists,
    ExpressionWrapper,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextField,
    Value,
    When,
)
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Coalesce, JSONObject

from commissioning.models import Partnership
from commissioning.rules.tiers import SATURDAY
from commissioning.selectors.distance import miles_between
from providers.choices import SexTaken
from providers.models import (
    Contract,
    ContractShare,
    DeliveredIntervention,
    OpeningHours,
    Place,
    Service,
)
from providers.models.register import opened_by
from providers.rules.spells import night_of
from providers.selectors.among import among

# What a list shows of a service itself.
SHOWN = (
    *("name", "slug", "open_all_hours", "waiting_days", "site__outcode"),
    *("provider__organisation__name", "provider__organisation__code"),
)
EVENING, EVENINGS, WEEKENDS = "evening", "evenings", "weekends"


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What is asked of a service; nothing where nothing is. Codes are the framework's.

    `hours` is one of this module's words: this evening, evenings, weekends. `from_area`: those
    who live in the partnership that is asked from are taken.
    """

    name: str = ""
    intervention: str = ""
    tier: int | None = None
    setting: str = ""
    client_group: str = ""
    sex: str = ""
    age: int | None = None
    with_children: bool = False
    with_couples: bool = False
    accessible: bool = False
    justice_clients: bool = False
    with_detox: bool = False
    language: str = ""
    approach: str = ""
    justice_work: str = ""
    primary_care_led: bool = False
    within_miles: int | None = None
    hours: str = ""
    contract: bool = False
    from_area: bool = False
    free: bool = False


@dataclass(frozen=True, kw_only=True)
class From:
    """From where, when and for whom it is asked; `now` is the instant by which holds end.

    Distances are measured from the centre of `partnership`, and its residents are to be taken;
    contracts are those of `ours`. `evening_from` is the hour at which evenings begin;
    `fresh_since` the instant since which a service must have stated its places for them to count.
    """

    on: dt.date
    evening_from: dt.time
    now: dt.datetime
    fresh_since: dt.datetime
    partnership: Partnership | None = None
    ours: Partnership | None = None


def services_found(asked: Asked, asking: From) -> QuerySet[Service]:
    """The services open on the day that are asked for.

    Each has `delivers` (name, tier and setting of each intervention), `miles`, `free` (places
    tonight, None where not stated lately), `is_ours` (on a contract with the partnership),
    `opens_evenings`, `opens_weekends`.
    """
    found = _described(Service.objects.open_on(asking.on), asking)
    return found.filter(
        _by_what_it_is(asked), _by_whom_it_takes(asked), _by_delivery(asked, asking)
    ).filter(_by_what_is_known(asked, asking))


def services_asked_for(asked: Asked, asking: From) -> QuerySet[Service]:
    """The services open on the day that are asked for, with `miles` alone, whomever they take: for
    searches that know more of places and contracts than this one."""
    found = with_miles(Service.objects.open_on(asking.on), asking.partnership)
    wanted = found.filter(
        _by_what_it_is(asked), _by_whom_it_takes(asked), _by_delivery(asked, asking)
    )
    if asked.within_miles is not None and asking.partnership:
        wanted = wanted.filter(Q(miles__lte=asked.within_miles))
    return wanted


def with_miles(services: QuerySet[Service], centre: Partnership | None) -> QuerySet[Service]:
    """Each with `miles` from the partnership's centre; None where either is not recorded."""
    return services.annotate(miles=_miles(centre))


def free_tonight(on: dt.date, *, now: dt.datetime) -> Subquery:
    """How many places of a service are free tonight."""
    places = (
        Place.objects.free_between(*night_of(on), now=now)
        .filter(service=OuterRef("pk"))
        .order_by()
        .values("service")
        .annotate(number=Count("pk"))
    )
    return Subquery(places.values("number"), output_field=IntegerField())


def _has_free_tonight(asking: From) -> Q:
    """Services that stated lately that a place is free. One query: all such are found at once,
    which takes a tenth of counting the places of one service after the other, and then known to
    the page and to how many there are."""
    free = Place.objects.free_between(*night_of(asking.on), now=asking.now).order_by()
    services = ArrayAgg("service", distinct=True, default=Value([]))
    found = free.aggregate(services=Cast(services, TextField()))["services"]
    return Q(among("pk", found), board__stated_at__gte=asking.fresh_since)


def opens(hours: Q) -> Q:
    """Services open in some of the hours."""
    return Q(open_all_hours=True) | Q(
        Exists(OpeningHours.objects.filter(hours, service=OuterRef("pk")))
    )


def in_evenings(evening_from: dt.time) -> Q:
    """Hours on a weekday beyond that one."""
    return Q(weekday__in=tuple(range(SATURDAY)), closes__gt=evening_from)


AT_WEEKENDS = Q(weekday__in=(SATURDAY, SATURDAY + 1))


def takes_people_of(partnership: Partnership) -> Q:
    """Services that take the partnership's residents: national ones, those whose catchment names
    it, and those in its area that name no catchment."""
    named = Service.catchment.through.objects.filter(service=OuterRef("pk"))
    return (
        Q(is_national=True)
        | Q(Exists(named.filter(partnership=partnership.pk)))
        | Q(~Exists(named), site__partnership=partnership.pk)
    )


def on_contract_with(partnership: Partnership, *, on: dt.date) -> Q:
    """Services that are on a contract in force that the partnership shares in.

    A contract that names no service covers all of its provider's. All such contracts are found
    once, for every service.
    """
    shares = ContractShare.objects.filter(partnership=partnership).holding(*night_of(on))
    ours = Contract.objects.in_force().filter(
        Q(ended_on__isnull=True) | Q(ended_on__gt=on),
        starts_on__lte=on,
        ends_on__gt=on,
        pk__in=shares.values("contract"),
    )
    named = Contract.services.through.objects.filter(contract__in=ours.order_by().values("pk"))
    of_all = ours.exclude(Exists(named.filter(contract=OuterRef("pk"))))
    return Q(pk__in=named.values("service")) | Q(provider__in=of_all.order_by().values("provider"))


def _described(services: QuerySet[Service], asking: From) -> QuerySet[Service]:
    delivers = (
        DeliveredIntervention.objects.filter(opened_by(asking.on), service=OuterRef("pk"))
        .order_by("tier", "intervention__position", "setting")
        .values(
            told=JSONObject(name="intervention__name", tier="tier", setting="setting"),
        )
    )
    stated = Case(
        When(
            board__stated_at__gte=asking.fresh_since,
            then=Coalesce(free_tonight(asking.on, now=asking.now), Value(0)),
        ),
        default=None,
        output_field=IntegerField(),
    )
    return (
        services.select_related("provider__organisation", "site")
        .only(*SHOWN)
        .annotate(
            miles=_miles(asking.partnership),
            is_ours=_holds(on_contract_with(asking.ours, on=asking.on))
            if asking.ours
            else Value(value=False),
            delivers=ArraySubquery(delivers),
            free=stated,
            opens_evenings=_opens_itself(in_evenings(asking.evening_from)),
            opens_weekends=_opens_itself(AT_WEEKENDS),
        )
        .order_by(F("miles").asc(nulls_last=True), "name", "pk")
    )


def _opens_itself(hours: Q) -> Combinable:
    """The same of each service that is shown: its own hours are read, and not those of all."""
    own = OpeningHours.objects.filter(service=OuterRef("pk")).order_by().values("service")
    found = Subquery(own.annotate(found=BoolOr(hours)).values("found"))
    return _holds(Q(open_all_hours=True) | Q(Coalesce(found, Value(value=False))))


def _this_evening(asking: From) -> Q:
    return opens(Q(weekday=asking.on.weekday(), closes__gt=asking.evening_from))


def _miles(partnership: Partnership | None) -> Any:
    if partnership is None or partnership.latitude is None:
        return Value(None, output_field=IntegerField())
    return miles_between(
        "site__latitude",
        "site__longitude",
        other_latitude=partnership.latitude,
        other_longitude=partnership.longitude,
    )


def _holds(condition: Q) -> Combinable:
    return ExpressionWrapper(condition, output_field=BooleanField())


def _by_what_it_is(asked: Asked) -> Q:
    found = Q()
    if asked.name:
        found &= (
            Q(name__icontains=asked.name)
            | Q(provider__organisation__name__icontains=asked.name)
            | Q(site__name__icontains=asked.name)
            | Q(site__outcode__iexact=asked.name.strip())
        )
    if asked.approach:
        found &= Q(approach=asked.approach)
    if asked.justice_work:
        found &= Q(justice_work=asked.justice_work)
    if asked.primary_care_led:
        found &= Q(is_primary_care_led=True)
    return found


def _by_whom_it_takes(asked: Asked) -> Q:
    found = Q()
    if asked.client_group:
        found &= Q(client_groups__contains=[asked.client_group])
    if asked.language:
        found &= Q(languages__contains=[asked.language])
    if asked.sex:
        found &= Q(sex__in=[SexTaken.ANY, asked.sex])
    if asked.age is not None:
        found &= Q(age_from__lte=asked.age) & (Q(age_to__isnull=True) | Q(age_to__gte=asked.age))
    ticked = {
        "takes_children": asked.with_children,
        "takes_couples": asked.with_couples,
        "is_accessible": asked.accessible,
        "takes_justice_clients": asked.justice_clients,
        "has_detox_attached": asked.with_detox,
    }
    return found & Q(**{name: True for name, wanted in ticked.items() if wanted})


def _by_delivery(asked: Asked, asking: From) -> Q:
    """Intervention, tier and setting hold of one and the same delivery."""
    wanted: dict[str, Any] = {
        "intervention": asked.intervention,
        "tier": asked.tier,
        "setting": asked.setting,
    }
    held = {name: value for name, value in wanted.items() if value}
    if not held:
        return Q()
    rows = DeliveredIntervention.objects.filter(opened_by(asking.on), service=OuterRef("pk"))
    return Q(Exists(rows.filter(**held)))


def _by_what_is_known(asked: Asked, asking: From) -> Q:
    found = Q()
    if asked.within_miles is not None and asking.partnership:
        found &= Q(miles__lte=asked.within_miles)
    if asked.contract and asking.ours:
        found &= Q(is_ours=True)
    if asked.from_area and asking.partnership:
        found &= takes_people_of(asking.partnership)
    if asked.free:
        found &= _has_free_tonight(asking)
    match asked.hours:
        case "evening":
            found &= _this_evening(asking)
        case "evenings":
            found &= opens(in_evenings(asking.evening_from))
        case "weekends":
            found &= opens(AT_WEEKENDS)
    return found
