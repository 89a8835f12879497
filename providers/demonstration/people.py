"""Who buys and sells in the demonstration where nobody signs in: a name, a role, no password."""

import datetime as dt
from decimal import Decimal

from commissioning.models import Membership, Organisation, Partnership, User
from commissioning.roles import Role
from commissioning.services.people import give_role
from providers.demonstration.registrar import BY
from providers.models import Provider

FROM = dt.date(2004, 4, 1)


def person_at(
    organisation: Organisation, role: Role, *, email: str, name: str, limit: Decimal | None = None
) -> User:
    """The person with the address, who holds the role there."""
    person = User.objects.filter(email=email).first()
    if person is None:
        person = User.objects.create_user(email, None, name=name)
    if not Membership.objects.filter(user=person, organisation=organisation).exists():
        give_role(
            person=person,
            organisation=organisation,
            role=role,
            from_on=FROM,
            approval_limit=limit,
            by=BY,
        )
    return person


def lead_of(partnership: Partnership) -> User:
    """Who answers for a partnership; the demonstration's own lead where there is one."""
    held = Membership.objects.filter(
        organisation=partnership.organisation, role=Role.LEAD, user__email="lead@demo.example"
    ).select_related("user")
    if own := held.first():
        return own.user
    return person_at(
        partnership.organisation,
        Role.LEAD,
        email=f"lead-{partnership.code}@demo.example".lower(),
        name=f"Lead of {partnership}",
    )


def buyer_of(partnership: Partnership) -> User:
    """Who writes a partnership's contracts."""
    return person_at(
        partnership.organisation,
        Role.COMMISSIONER,
        email=f"buyer-{partnership.code}@demo.example".lower(),
        name=f"Commissioning officer of {partnership}",
    )


def manager_of(provider: Provider) -> User:
    """Who answers for a provider: the one who signs in, or a name."""
    held = Membership.objects.filter(
        organisation=provider.organisation, role=Role.PROVIDER_MANAGER
    ).select_related("user")
    if own := held.order_by("pk").first():
        return own.user
    return person_at(
        provider.organisation,
        Role.PROVIDER_MANAGER,
        email=f"manager-{provider.code}@demo.example".lower(),
        name=f"Manager of {provider}",
    )
