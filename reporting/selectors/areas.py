"""The areas figures are about, their names, and how far the returns of each reach."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Max

from commissioning.choices import FactKind, OrganisationKind
from commissioning.kernel.errors import DomainError
from commissioning.models import Organisation, OrganisationFact
from pathways.models import Return
from reporting.choices import ENGLAND_CODE, AreaKind, Bucket

KINDS = {
    AreaKind.ENGLAND: OrganisationKind.NATION,
    AreaKind.REGION: OrganisationKind.REGION,
    AreaKind.PARTNERSHIP: OrganisationKind.PARTNERSHIP,
    AreaKind.PROVIDER: OrganisationKind.PROVIDER,
}


_BUCKET_CODES = frozenset(Bucket.values)


class UnknownArea(DomainError):
    """No area of the kind has this code."""


@dataclass(frozen=True, order=True)
class Area:
    """England, a region, a partnership, a provider, or a bucket beside the partnerships."""

    name: str
    kind: AreaKind = field(compare=False)
    code: str
    organisation_id: int | None = field(default=None, compare=False)

    @property
    def is_bucket(self) -> bool:
        return self.code in _BUCKET_CODES

    def __str__(self) -> str:
        return self.name


ENGLAND = Area("England", AreaKind.ENGLAND, ENGLAND_CODE)
BUCKETS = tuple(Area(bucket.label, AreaKind.PARTNERSHIP, bucket.value) for bucket in Bucket)


def area_of(kind: AreaKind, code: str) -> Area:
    """The area of a kind with this code, in one query. Raises `UnknownArea`."""
    if kind is AreaKind.ENGLAND:
        return ENGLAND
    for bucket in BUCKETS:
        if kind is AreaKind.PARTNERSHIP and bucket.code == code:
            return bucket
    found = Organisation.objects.of_kind(KINDS[kind]).filter(code=code).first()
    if found is None:
        raise UnknownArea(f"There is no {kind.label.lower()} with the code “{code}”.")
    return Area(found.name, kind, found.code, found.pk)


def areas(
    kind: AreaKind, *, on: dt.date, in_region: str = "", with_buckets: bool = False
) -> list[Area]:
    """Every area of a kind that is open on the day, by name; buckets after them.

    `in_region` keeps the partnerships of one region, by where they lie on the day.
    """
    if kind is AreaKind.ENGLAND:
        return [ENGLAND]
    rows = Organisation.objects.of_kind(KINDS[kind]).open_on(on)
    if in_region and kind is AreaKind.PARTNERSHIP:
        facts = OrganisationFact.objects.on(on).filter(
            kind=FactKind.IN_REGION, other__code=in_region
        )
        rows = rows.filter(pk__in=facts.values("organisation"))
    found = [Area(row.name, kind, row.code, row.pk) for row in rows.order_by("name", "pk")]
    return found + (list(BUCKETS) if with_buckets and kind is AreaKind.PARTNERSHIP else [])


@dataclass(frozen=True)
class Reported:
    """The latest day that loaded returns know of, by area: what tells nobody from no return.

    A partnership's returns are those of the agencies that stand in it: where none stands, or none
    has told, its figures are not known. Regions and the buckets beside the partnerships are told
    of by everybody's.
    """

    everywhere: dt.date | None
    providers: dict[int, dt.date]
    partnerships: dict[int, dt.date]

    @classmethod
    def read(cls) -> "Reported":
        """In one query."""
        rows = (
            Return.objects.loaded()
            .order_by()
            .values_list("agency__provider", "agency__partnership")
            .annotate(last=Max("cut_off"))
        )
        providers: dict[int, dt.date] = {}
        partnerships: dict[int, dt.date] = {}
        for provider, partnership, last in rows:
            providers[provider] = max(last, providers.get(provider, last))
            if partnership is not None:
                partnerships[partnership] = max(last, partnerships.get(partnership, last))
        return cls(max(providers.values(), default=None), providers, partnerships)

    def until(self, area: Area) -> dt.date | None:
        """The latest day known of an area; None where no return was ever loaded."""
        if area.kind is AreaKind.PROVIDER:
            return self.providers.get(area.organisation_id or 0)
        if area.kind is AreaKind.PARTNERSHIP and not area.is_bucket:
            return self.partnerships.get(area.organisation_id or 0)
        return self.everywhere


def by_code(found: Iterable[Area]) -> dict[str, Area]:
    return {area.code: area for area in found}
