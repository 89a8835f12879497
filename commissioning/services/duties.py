"""Separation of duties: roles that one person may not hold at the same time."""

import datetime as dt

from django.db.models import Q

from commissioning.choices import FactKind, OrganisationKind
from commissioning.kernel.errors import DomainError
from commissioning.models import Membership, Organisation, OrganisationFact, User
from commissioning.roles import Role


class DutiesClash(DomainError):
    """The person holds a role that may not be held together with this one."""


def refuse_clashing_duties(
    *,
    person: User,
    organisation: Organisation,
    role: Role,
    from_on: dt.date,
    until_on: dt.date | None,
    besides: Membership | None = None,
) -> None:
    """Raise `DutiesClash` when another role of the person in those days must be kept apart.

    Who keeps the service sees nobody's figures; who reviews partnerships works in none that they
    review.
    """
    held = _held_between(person, from_on, until_on)
    if besides is not None:
        held = [one for one in held if one.pk != besides.pk]
    for other in held:
        _refuse_administrator_with_data(person, role, Role(other.role))
        _refuse_reviewer_of_oneself(person, (role, organisation), other, on=from_on)


def _held_between(person: User, from_on: dt.date, until_on: dt.date | None) -> list[Membership]:
    overlapping = Q(until_on__isnull=True) | Q(until_on__gt=from_on)
    if until_on is not None:
        overlapping &= Q(from_on__lt=until_on)
    return list(person.memberships.filter(overlapping).select_related("organisation"))


def _refuse_administrator_with_data(person: User, role: Role, other: Role) -> None:
    if (role == Role.ADMINISTRATOR) != (other == Role.ADMINISTRATOR):
        with_data = other if role == Role.ADMINISTRATOR else role
        raise DutiesClash(
            f"{person} cannot be an administrator and {with_data.label.lower()} in the same days: "
            "who keeps the service sees nobody's figures. End the one before giving the other.",
            field="role",
        )


def _refuse_reviewer_of_oneself(
    person: User, given: tuple[Role, Organisation], other: Membership, *, on: dt.date
) -> None:
    pair = [given, (Role(other.role), other.organisation)]
    reviewed = [place for role, place in pair if role == Role.REVIEWER]
    works_in = [place for role, place in pair if role != Role.REVIEWER]
    if len(reviewed) != 1:
        return
    (reviewer_of,), (member_of,) = reviewed, works_in
    if member_of.kind == OrganisationKind.PARTNERSHIP and _reviews(reviewer_of, member_of, on):
        raise DutiesClash(
            f"{person} cannot review {reviewer_of} and work in {member_of}, which lies in it. "
            "End the one before giving the other.",
            field="role",
        )


def _reviews(reviewer_of: Organisation, partnership: Organisation, on: dt.date) -> bool:
    if reviewer_of.kind == OrganisationKind.NATION:
        return True
    lies = OrganisationFact.objects.on(on).filter(
        organisation=partnership, kind=FactKind.IN_REGION, other=reviewer_of
    )
    return lies.exists()
