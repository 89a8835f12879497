"""Who works where, for those who manage people."""

import datetime as dt

from django.db.models import Prefetch, QuerySet

from commissioning.models import Membership, Organisation, User
from commissioning.roles import Permission


def people_managed_by(
    user: User, *, on: dt.date, organisation: Organisation | None = None
) -> QuerySet[User]:
    """People with a role, past or present, where `user` manages people; by name.

    Each has `shown`: their roles in force on the day in those places. Without an organisation,
    and for one who manages people everywhere, people without any role are there too.
    """
    reached = Membership.objects.permitted(user, Permission.PEOPLE_MANAGE)
    if organisation is not None:
        reached = reached.filter(organisation=organisation)
    people = User.objects.order_by("name", "pk")
    if organisation is not None or not user.reach(Permission.PEOPLE_MANAGE).nation:
        people = people.filter(pk__in=reached.values("user"))
    held = reached.in_force(on).select_related("organisation").order_by("organisation__name", "pk")
    return people.prefetch_related(Prefetch("memberships", queryset=held, to_attr="shown"))


def roles_of(
    person: User, *, seen_by: User, organisation: Organisation | None = None
) -> list[Membership]:
    """A person's roles, the newest first, as far as `seen_by` manages people."""
    reached = Membership.objects.permitted(seen_by, Permission.PEOPLE_MANAGE).filter(user=person)
    if organisation is not None:
        reached = reached.filter(organisation=organisation)
    return list(reached.select_related("organisation", "user").order_by("-from_on", "-pk"))


def people_of(organisation: Organisation, *, seen_by: User, on: dt.date) -> QuerySet[Membership]:
    """Who holds which role in an organisation on the day."""
    return (
        Membership.objects.permitted(seen_by, Permission.ORGANISATION_VIEW)
        .filter(organisation=organisation, user__is_active=True)
        .in_force(on)
        .select_related("user")
        .order_by("user__name", "pk")
    )
