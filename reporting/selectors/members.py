"""Areas among others: the partnerships of a region, the regions of England, where they lie.

Names and boundaries are no secret, so these take no person. A period is shown on the boundaries
of its last day.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import CharField, Exists, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from commissioning.choices import FactKind, OrganisationKind
from commissioning.models import Organisation, OrganisationFact
from providers.models import Agency
from reporting.choices import AreaKind
from reporting.selectors.areas import Area

KIND_OF_AREA: dict[str, AreaKind] = {
    OrganisationKind.REGION.value: AreaKind.REGION,
    OrganisationKind.PARTNERSHIP.value: AreaKind.PARTNERSHIP,
    OrganisationKind.PROVIDER.value: AreaKind.PROVIDER,
}


@dataclass(frozen=True)
class Member:
    """An area among others, with what a list of them is told apart by."""

    area: Area
    region: str
    is_dip_intensive: bool


@dataclass(frozen=True)
class OfMember:
    """A row of a list that tells of one area among others, named as the area is."""

    member: Member

    @property
    def name(self) -> str:
        return self.member.area.name

    @property
    def region(self) -> str:
        return self.member.region


def regions_to_compare(*, on: dt.date) -> QuerySet[Organisation]:
    """Every region open on the day."""
    return _told_apart(Organisation.objects.of_kind(OrganisationKind.REGION), on)


def partnerships_to_compare(
    *, on: dt.date, region: Area | None = None, provider: Area | None = None
) -> QuerySet[Organisation]:
    """Partnerships open on the day: all, those of a region, or where a provider has agencies."""
    rows = Organisation.objects.of_kind(OrganisationKind.PARTNERSHIP)
    if region is not None:
        within = OrganisationFact.objects.on(on).filter(
            kind=FactKind.IN_REGION, other=region.organisation_id
        )
        rows = rows.filter(pk__in=within.values("organisation"))
    if provider is not None:
        agencies = Agency.objects.open_on(on).filter(provider=provider.organisation_id)
        rows = rows.filter(pk__in=agencies.values("partnership"))
    return _told_apart(rows, on)


def members(rows: Iterable[Organisation]) -> list[Member]:
    """What `regions_to_compare` and `partnerships_to_compare` give, filtered or not, as areas."""
    return [
        Member(
            area=as_area(row),
            region=str(getattr(row, "region_name", "")),
            is_dip_intensive=bool(getattr(row, "is_dip_intensive", False)),
        )
        for row in rows
    ]


def region_of(area: Area, *, on: dt.date) -> Area | None:
    """The region that a partnership lies in on the day."""
    fact = (
        OrganisationFact.objects.on(on)
        .filter(kind=FactKind.IN_REGION, organisation=area.organisation_id)
        .select_related("other")
        .first()
    )
    return as_area(fact.other) if fact and fact.other else None


def as_area(organisation: Organisation) -> Area:
    """Raises `KeyError` for an organisation that no figures are about, such as a trust."""
    kind = KIND_OF_AREA[organisation.kind]
    return Area(organisation.name, kind, organisation.code, organisation.pk)


def _told_apart(rows: QuerySet[Organisation], on: dt.date) -> QuerySet[Organisation]:
    facts = OrganisationFact.objects.on(on).filter(organisation=OuterRef("pk"))
    lies = facts.filter(kind=FactKind.IN_REGION).values("other__name")[:1]
    still_open = Q(closed_on__isnull=True) | Q(closed_on__gt=on)
    return (
        rows.filter(still_open)
        .annotate(
            region_name=Coalesce(Subquery(lies), Value(""), output_field=CharField()),
            is_dip_intensive=Exists(facts.filter(kind=FactKind.DIP_INTENSIVE)),
        )
        .order_by("name", "pk")
    )
