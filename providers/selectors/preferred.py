"""Lists of preferred providers: a partnership's own, and those of its region that are for it."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from commissioning.choices import FactKind, OrganisationKind
from commissioning.models import Organisation, OrganisationFact, Partnership
from providers.models import (
    DeliveredIntervention,
    PreferredList,
    PreferredProvider,
    Provider,
)

TIER_4 = 4


def lists_of(organisation: Organisation) -> QuerySet[PreferredList]:
    """An organisation's own lists by name, with whom each is for."""
    return (
        PreferredList.objects.filter(organisation=organisation)
        .select_related("organisation")
        .prefetch_related(Prefetch("consortium", Partnership.objects.by_name()))
        .order_by("name", "pk")
    )


def holding(on: dt.date) -> Q:
    """Lists that have not ended on the day."""
    return Q(ended_on__isnull=True) | Q(ended_on__gt=on)


def lists_for(partnership: Organisation, *, on: dt.date) -> QuerySet[PreferredList]:
    """The lists a partnership buys by: its own, then its region's that are for it."""
    region = OrganisationFact.objects.on(on).filter(
        organisation=partnership, kind=FactKind.IN_REGION
    )
    own = Q(organisation=partnership)
    of_region = Q(organisation__in=region.values("other")) & (
        Q(consortium__isnull=True) | Q(consortium=partnership.pk)
    )
    # The own kind of organisation sorts before the region's by its word.
    return (
        PreferredList.objects.filter(own | of_region)
        .select_related("organisation")
        .prefetch_related(Prefetch("consortium", Partnership.objects.by_name()))
        .order_by("organisation__kind", "name", "pk")
        .distinct()
    )


def named_on(lists: Iterable[PreferredList]) -> QuerySet[PreferredProvider]:
    """Every provider that was ever named on the lists, by list and name."""
    return (
        PreferredProvider.objects.filter(preferred_list__in=list(lists))
        .select_related(
            "preferred_list__organisation", "provider__organisation", "decided_by", "reviewed_by"
        )
        .order_by("preferred_list__name", "provider__organisation__name", "pk")
    )


def in_force(on: dt.date, prefix: str = "") -> Q:
    """Providers that are named on the day."""
    return Q(**{f"{prefix}from_on__lte": on}) & (
        Q(**{f"{prefix}until_on__isnull": True}) | Q(**{f"{prefix}until_on__gt": on})
    )


def providers_to_name(preferred_list: PreferredList) -> QuerySet[Provider]:
    """Providers that the list does not name now, by name."""
    named = PreferredProvider.objects.filter(
        preferred_list=preferred_list, until_on__isnull=True
    ).values("provider")
    return (
        Provider.objects.exclude(pk__in=named)
        .select_related("organisation")
        .order_by("organisation__name")
    )


@dataclass(frozen=True)
class PreferredStanding:
    """What the lists of a partnership come to: lists in force, and residential providers named."""

    partnership_id: int
    lists: int
    providers: int


def preferred_standings(*, on: dt.date) -> list[PreferredStanding]:
    """Of every partnership that has a list, its own or its region's. Four queries."""
    lists = list(
        PreferredList.objects.filter(holding(on))
        .select_related("organisation")
        .prefetch_related("consortium")
    )
    residential = _residential(lists, on=on)
    members = _members(on)
    of_partnership: dict[int, list[PreferredList]] = defaultdict(list)
    for one in lists:
        for partnership in _for_whom(one, members):
            of_partnership[partnership].append(one)
    return [
        PreferredStanding(
            partnership,
            len(held),
            len({provider for one in held for provider in residential.get(one.pk, ())}),
        )
        for partnership, held in sorted(of_partnership.items())
    ]


def _for_whom(one: PreferredList, members: Mapping[int, list[int]]) -> list[int]:
    if one.organisation.kind == OrganisationKind.PARTNERSHIP:
        return [one.organisation_id]
    lying = members.get(one.organisation_id, [])
    chosen = {partnership.pk for partnership in one.consortium.all()}
    return [pk for pk in lying if not chosen or pk in chosen]


def _members(on: dt.date) -> Mapping[int, list[int]]:
    found: dict[int, list[int]] = defaultdict(list)
    facts = OrganisationFact.objects.on(on).filter(kind=FactKind.IN_REGION)
    for partnership, region in facts.values_list("organisation", "other"):
        found[region].append(partnership)
    return found


def _residential(lists: list[PreferredList], *, on: dt.date) -> Mapping[int, set[int]]:
    """By list, the providers named today that deliver something at Tier 4."""
    tier_4 = DeliveredIntervention.objects.filter(
        Q(closed_on__isnull=True) | Q(closed_on__gt=on),
        service__provider=OuterRef("provider"),
        tier=TIER_4,
    )
    found: dict[int, set[int]] = defaultdict(set)
    rows = PreferredProvider.objects.filter(in_force(on), Exists(tier_4), preferred_list__in=lists)
    for preferred_list, provider in rows.values_list("preferred_list", "provider"):
        found[preferred_list].add(provider)
    return found


def partnerships_in(region: Organisation, *, on: dt.date) -> QuerySet[Partnership]:
    """The partnerships that lie in a region on the day, by name."""
    lying = Organisation.objects.in_region(region, on=on).values("pk")
    return Partnership.objects.by_name().filter(pk__in=lying)
