"""England, its regions, partnerships and providers: what figures are about. No secret."""

import datetime as dt
from collections.abc import Iterable

from django.db.models import OuterRef, QuerySet, Subquery

from commissioning.choices import FactKind, OrganisationKind
from commissioning.models import Organisation, OrganisationFact, Partnership

KINDS = (
    OrganisationKind.NATION,
    OrganisationKind.REGION,
    OrganisationKind.PARTNERSHIP,
    OrganisationKind.PROVIDER,
)


def areas(*, on: dt.date) -> QuerySet[Organisation]:
    """Every area and provider, closed ones too; each with `region_code` on the day.

    `region_code` is that of a partnership's region; None for the others.
    """
    lies = OrganisationFact.objects.on(on).filter(
        organisation=OuterRef("pk"), kind=FactKind.IN_REGION
    )
    return (
        Organisation.objects.of_kind(*KINDS)
        .annotate(region_code=Subquery(lies.values("other__code")[:1]))
        .order_by("kind", "name", "pk")
    )


def partnerships_by_code() -> list[tuple[str, str]]:
    """Every partnership's code and name, by name, to choose from."""
    return list(
        Organisation.objects.of_kind(OrganisationKind.PARTNERSHIP)
        .order_by("name", "pk")
        .values_list("code", "name")
    )


def partnership_at(code: str) -> Partnership | None:
    """The partnership with a code."""
    return (
        Partnership.objects.select_related("organisation").filter(organisation__code=code).first()
    )


def partnerships_of(keys: Iterable[int]) -> list[Partnership]:
    """The partnerships of these numbers, by name."""
    return list(Partnership.objects.by_name().filter(pk__in=keys))
