"""Links to what follows treatment, and where one that is needed is missing.

Each partnership and each Tier 4 service has at least one link to housing and one to support
(Models of Care 2006, 3.6 and 3.7).
"""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Exists, OuterRef, Q, QuerySet

from aftercare.choices import NEEDED_KINDS, LinkKind
from aftercare.models import AftercareLink
from commissioning.choices import OrganisationKind
from commissioning.kernel.words import joined
from commissioning.models import Organisation, Partnership
from providers.models import DeliveredIntervention, Service

TIER_4 = 4
_RELATED = ("partner", "partnership__organisation", "service__provider__organisation", "document")


@dataclass(frozen=True)
class Gap:
    """A partnership, or a service of a provider, and the kinds of links that it lacks.

    `place` and `code` are of the organisation whose page mends it.
    """

    name: str
    place: str  # "partnership" or "provider"
    code: str
    organisation: str
    missing: tuple[LinkKind, ...]

    @property
    def words(self) -> str:
        """“housing” or “housing and support”."""
        return joined(kind.label.lower() for kind in self.missing)


def links_for(
    *, on: dt.date, service: Service | None = None, partnership: Partnership | None = None
) -> list[AftercareLink]:
    """What holds on the day for somebody who leaves the service and lives in the partnership.

    Housing first, then support and the rest; within a kind the service's own first. One query.
    """
    of = Q(service=service) if service else Q()
    if partnership:
        of = of | Q(partnership=partnership) if service else Q(partnership=partnership)
    if service is None and partnership is None:
        return []
    order = list(LinkKind)
    return sorted(
        AftercareLink.objects.in_force(on).filter(of).select_related(*_RELATED),
        key=lambda one: (order.index(LinkKind(one.kind)), one.service_id is None, one.pk),
    )


def links_of(organisation: Organisation) -> QuerySet[AftercareLink]:
    """Every link of a partnership, or of the services of a provider, ended ones too."""
    path = (
        "partnership" if organisation.kind == OrganisationKind.PARTNERSHIP else "service__provider"
    )
    return (
        AftercareLink.objects.filter(**{path: organisation.pk})
        .select_related(*_RELATED, "confirmed_by")
        .order_by("kind", "partner__name", "pk")
    )


def missing_kinds(held: Collection[str]) -> tuple[LinkKind, ...]:
    """Which of the needed kinds are not among those held."""
    return tuple(kind for kind in NEEDED_KINDS if kind not in held)


def tier_4_services(*, on: dt.date) -> QuerySet[Service]:
    """Services that are open on the day and deliver something at Tier 4."""
    delivers = DeliveredIntervention.objects.filter(
        Q(closed_on__isnull=True) | Q(closed_on__gt=on),
        service=OuterRef("pk"),
        tier=TIER_4,
        opened_on__lte=on,
    )
    return Service.objects.open_on(on).filter(Exists(delivers))


def gaps_of(organisation: Organisation, *, on: dt.date) -> list[Gap]:
    """What a partnership, or each Tier 4 service of a provider, lacks. One query."""
    if organisation.kind == OrganisationKind.PARTNERSHIP:
        return _of_partnerships(Q(pk=organisation.pk), on=on)
    return _of_services(Q(provider=organisation.pk), on=on)


def gaps_in(region: Organisation | None, *, on: dt.date) -> list[Gap]:
    """What the partnerships of a region lack, and the Tier 4 services that stand in them.

    Without a region: of all England. Two queries.
    """
    if region is None:
        return [*_of_partnerships(Q(), on=on), *_of_services(Q(), on=on)]
    lying = Organisation.objects.in_region(region, on=on).values("pk")
    return [
        *_of_partnerships(Q(pk__in=lying), on=on),
        *_of_services(Q(site__partnership__in=lying), on=on),
    ]


def _held(path: str, on: dt.date) -> ArrayAgg:
    holds = Q(**{f"{path}__ended_on__isnull": True}) | Q(**{f"{path}__ended_on__gt": on})
    begun = Q(**{f"{path}__agreed_on__lte": on})
    return ArrayAgg(f"{path}__kind", filter=holds & begun, distinct=True, default=[])


def _of_partnerships(which: Q, *, on: dt.date) -> list[Gap]:
    rows = (
        Partnership.objects.filter(
            which, Q(organisation__closed_on__isnull=True) | Q(organisation__closed_on__gt=on)
        )
        .annotate(kinds=_held("aftercare_links", on))
        .order_by("organisation__name")
        .values_list("organisation__name", "organisation__code", "kinds")
    )
    return [
        Gap(name, "partnership", code, name, missing)
        for name, code, kinds in rows
        if (missing := missing_kinds(kinds))
    ]


def _of_services(which: Q, *, on: dt.date) -> list[Gap]:
    rows = (
        tier_4_services(on=on)
        .filter(which)
        .annotate(kinds=_held("aftercare_links", on))
        .order_by("provider__organisation__name", "name", "pk")
        .values_list(
            "name", "provider__organisation__code", "provider__organisation__name", "kinds"
        )
    )
    return [
        Gap(name, "provider", code, organisation, missing)
        for name, code, organisation, kinds in rows
        if (missing := missing_kinds(kinds))
    ]


def services_to_link(provider: Organisation, *, on: dt.date) -> QuerySet[Service]:
    """A provider's open services, to choose from."""
    return Service.objects.open_on(on).filter(provider=provider.pk).order_by("name", "pk")


def kinds_by_partnership(*, on: dt.date) -> dict[int, frozenset[str]]:
    """The kinds of links that hold on the day, of each partnership that ever had one."""
    rows = Partnership.objects.filter(aftercare_links__isnull=False).annotate(
        kinds=_held("aftercare_links", on)
    )
    return {pk: frozenset(kinds) for pk, kinds in rows.values_list("pk", "kinds").distinct()}
