"""Who stands on which side of a plan: those who write it and those of the region who review it."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection

from commissioning.choices import FactKind, OrganisationKind
from commissioning.models import Membership, OrganisationFact, User
from commissioning.roles import Permission, roles_with


def regions_of(partnerships: Collection[int], *, on: dt.date) -> dict[int, int]:
    """The region of each partnership on the day, by ids. One query."""
    lies = OrganisationFact.objects.on(on).filter(
        kind=FactKind.IN_REGION, organisation__in=partnerships
    )
    return {one.organisation_id: one.other_id for one in lies if one.other_id is not None}


def people_holding(
    permission: Permission, organisations: Collection[int], *, on: dt.date
) -> dict[int, list[User]]:
    """Who holds the permission by a role in each of the organisations itself. One query."""
    held = (
        Membership.objects.in_force(on)
        .filter(
            organisation__in=organisations, role__in=roles_with(permission), user__is_active=True
        )
        .select_related("user")
        .order_by("user__name", "user")
    )
    found: dict[int, dict[int, User]] = defaultdict(dict)
    for one in held:
        found[one.organisation_id][one.user_id] = one.user
    return {key: list(people.values()) for key, people in found.items()}


def reviewers_of_nation(*, on: dt.date) -> list[User]:
    """The reviewers of England: those who stand in where a region has none."""
    held = Membership.objects.in_force(on).filter(
        organisation__kind=OrganisationKind.NATION,
        role__in=roles_with(Permission.PLAN_AGREE),
        user__is_active=True,
    )
    return list({one.user_id: one.user for one in held.select_related("user")}.values())


def writers_of(partnership: int, *, on: dt.date) -> list[User]:
    """Who writes the plans of a partnership."""
    return people_holding(Permission.PLAN_EDIT, [partnership], on=on).get(partnership, [])


def reviewers_of(partnership: int, *, on: dt.date) -> list[User]:
    """Who reviews the plans of a partnership: its region's reviewers, or else England's."""
    region = regions_of([partnership], on=on).get(partnership)
    of_region = (
        people_holding(Permission.PLAN_AGREE, [region], on=on).get(region, []) if region else []
    )
    return of_region or reviewers_of_nation(on=on)
