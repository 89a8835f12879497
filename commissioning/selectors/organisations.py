"""Organisations as a list and one by one."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import CharField, Count, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from commissioning.choices import FactKind, OrganisationKind
from commissioning.models import Organisation, OrganisationFact, Succession, User
from commissioning.models.organisations import in_force
from commissioning.roles import Permission


def organisations_for(user: User, *, on: dt.date) -> QuerySet[Organisation]:
    """Organisations one may view; each with `region_name` and `people`, how many hold a role."""
    lies = OrganisationFact.objects.on(on).filter(
        organisation=OuterRef("pk"), kind=FactKind.IN_REGION
    )
    return (
        Organisation.objects.permitted(user, Permission.ORGANISATION_VIEW)
        .annotate(
            region_name=Coalesce(
                Subquery(lies.values("other__name")[:1]), Value(""), output_field=CharField()
            ),
            people=Count(
                "memberships__user",
                filter=in_force(on, "memberships__") & Q(memberships__user__is_active=True),
                distinct=True,
            ),
        )
        .order_by("name", "pk")
    )


def regions() -> QuerySet[Organisation]:
    """The regions, by name: their names are no secret."""
    return Organisation.objects.of_kind(OrganisationKind.REGION).order_by("name", "pk")


def organisations_of(
    *kinds: OrganisationKind, on: dt.date, besides: Organisation | None = None
) -> QuerySet[Organisation]:
    """Open organisations of some kinds, to choose from."""
    found = Organisation.objects.of_kind(*kinds).open_on(on).order_by("name", "pk")
    return found if besides is None else found.exclude(pk=besides.pk)


@dataclass(frozen=True)
class Became:
    """A line of what an organisation was and became."""

    on: dt.date
    words: str
    other: Organisation | None


def what_it_became(organisation: Organisation) -> list[Became]:
    """Renames, mergers and splits that an organisation took part in, the newest first."""
    rows = (
        Succession.objects.filter(Q(predecessor=organisation) | Q(successor=organisation))
        .select_related("predecessor", "successor")
        .order_by("-on", "-pk")
    )
    return [_became(row, organisation) for row in rows]


def facts_of(organisation: Organisation, *, seen_by: User) -> QuerySet[OrganisationFact]:
    """Dated facts about an organisation, those in force first."""
    return (
        OrganisationFact.objects.permitted(seen_by, Permission.ORGANISATION_VIEW)
        .filter(organisation=organisation)
        .select_related("other", "organisation")
        .order_by("kind", F("until_on").desc(nulls_first=True), "-from_on", "pk")
    )


def partnerships_in(region: Organisation, *, on: dt.date) -> QuerySet[Organisation]:
    """The partnerships of a region on the day, by name."""
    return Organisation.objects.in_region(region, on=on).order_by("name", "pk")


def region_of(organisation_id: int, *, on: dt.date) -> Organisation | None:
    """The region a partnership lies in on the day."""
    lies = OrganisationFact.objects.on(on).filter(
        organisation=organisation_id, kind=FactKind.IN_REGION
    )
    return Organisation.objects.filter(pk__in=lies.values("other")).first()


def nation_and_region_of(organisation_id: int, *, on: dt.date) -> list[Organisation]:
    """The nation, and the region a partnership lies in on the day. One query."""
    lies = OrganisationFact.objects.on(on).filter(
        organisation=organisation_id, kind=FactKind.IN_REGION
    )
    return list(
        Organisation.objects.filter(
            Q(kind=OrganisationKind.NATION) | Q(pk__in=lies.values("other"))
        )
    )


def _became(row: Succession, organisation: Organisation) -> Became:
    if row.predecessor_id == row.successor_id:
        return Became(row.on, f"Renamed from {row.former_name}", None)
    if row.predecessor_id == organisation.pk:
        return Became(row.on, row.get_kind_display(), row.successor)
    words = {"MERGER": "Took in", "SPLIT": "Came out of"}[row.kind]
    return Became(row.on, words, row.predecessor)
