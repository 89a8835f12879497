"""The freshness league: whose boards can be relied on, provider by provider."""

import datetime as dt

from django.db.models import (
    Count,
    Exists,
    F,
    FloatField,
    Max,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Value,
)
from django.db.models.functions import Cast, Coalesce, NullIf

from commissioning.models import Organisation, Partnership
from commissioning.rule_settings import RuleSettings
from providers.models import Place, Provider, Service
from providers.selectors.register.search import on_contract_with


def freshness_league(
    *,
    on: dt.date,
    now: dt.datetime,
    rules: RuleSettings,
    region: Organisation | None = None,
    buyer: Partnership | None = None,
) -> QuerySet[Provider]:
    """Providers that have boards, each with how many of them are fresh; the stalest first.

    `boards`, `fresh`, `share`, `oldest` and `newest` (when the stalest and the freshest were
    stated; None: never). With a region, the boards of services at sites in its partnerships; with
    a buyer, those of services on a contract in force that it shares in.
    """
    limit = now - dt.timedelta(hours=rules.board_unknown_hours)
    with_places = Service.objects.filter(
        Exists(Place.objects.filter(service=OuterRef("pk")).open_on(on))
    ).open_on(on)
    if region is not None:
        with_places = with_places.filter(
            site__partnership__organisation__in=_partnerships_in(region, on)
        )
    if buyer is not None:
        with_places = with_places.filter(on_contract_with(buyer, on=on))
    ours = Q(services__in=with_places.values("pk"))
    return (
        Provider.objects.filter(ours)
        .select_related("organisation")
        .annotate(
            boards=Count("services", distinct=True),
            fresh=Count(
                "services", filter=Q(services__board__stated_at__gte=limit), distinct=True
            ),
            oldest=Min("services__board__stated_at"),
            newest=Max("services__board__stated_at"),
        )
        .annotate(
            share=Coalesce(
                Cast(F("fresh"), FloatField()) / NullIf(F("boards"), 0),
                Value(0.0),
                output_field=FloatField(),
            )
        )
        .order_by("share", F("oldest").asc(nulls_first=True), "organisation__name", "pk")
    )


def _partnerships_in(region: Organisation, on: dt.date) -> QuerySet[Organisation]:
    return Organisation.objects.in_region(region, on=on)
