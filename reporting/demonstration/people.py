"""Who signs in to the demonstration: lead, approver, care manager, providers, reviewers."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from commissioning.choices import OrganisationKind
from commissioning.models import Membership, Organisation, User
from commissioning.roles import Role
from commissioning.scoping import System
from commissioning.services.people import give_role
from commissioning.services.reference import NATION_CODE
from pathways.demonstration.register import Register
from providers.demonstration.market import REGION_REHABILITATION

BY = System("load_demonstration")
LEAD, APPROVER, CARE = "lead@demo.example", "approver@demo.example", "care@demo.example"
PROVIDER, REHAB = "provider@demo.example", "rehab@demo.example"
REVIEWER, NATIONAL = "reviewer@demo.example", "national@demo.example"
ADMIN = "admin@demo.example"


@dataclass(frozen=True)
class SignIn:
    """Somebody who signs in to the demonstration: their address, name, role and where."""

    email: str
    name: str
    role: Role
    kind: OrganisationKind
    code: str
    limit: Decimal | None = None


def people(register: Register, *, home: str, region: str) -> list[SignIn]:
    """The home partnership's people, its drug team's and house's managers, and the reviewers."""
    team = next(one for one in register.agencies if one.partnership_code == home).provider_code
    house = register.agency(REGION_REHABILITATION).provider_code
    place, nation, seller = (
        OrganisationKind.PARTNERSHIP,
        OrganisationKind.NATION,
        OrganisationKind.PROVIDER,
    )
    limit = Decimal(50_000)
    return [
        SignIn(LEAD, "Lesley Lead", Role.LEAD, place, home),
        SignIn(APPROVER, "Avery Approver", Role.FINANCE_APPROVER, place, home, limit=limit),
        SignIn(CARE, "Cameron Care", Role.CARE_MANAGER, place, home),
        SignIn(PROVIDER, "Pat Provider", Role.PROVIDER_MANAGER, seller, team),
        SignIn(REHAB, "Reese Rehab", Role.PROVIDER_MANAGER, seller, house),
        SignIn(REVIEWER, "Robin Reviewer", Role.REVIEWER, OrganisationKind.REGION, region),
        SignIn(NATIONAL, "Nico National", Role.REVIEWER, nation, NATION_CODE),
        SignIn(ADMIN, "Ash Administrator", Role.ADMINISTRATOR, nation, NATION_CODE),
    ]


def sign_in(people: Iterable[SignIn], *, password: str) -> None:
    for one in people:
        person = User.objects.filter(email=one.email).first()
        if person is None:
            person = User.objects.create_user(one.email, password, name=one.name)
        if not Membership.objects.filter(user=person).exists():
            give_role(
                person=person,
                organisation=Organisation.objects.get(kind=one.kind, code=one.code),
                role=one.role,
                from_on=dt.date(2004, 4, 1),
                approval_limit=one.limit,
                by=BY,
            )


def keep_password(password: str) -> None:
    """A later start may name another password. Who only has a name does not sign in."""
    for person in User.objects.filter(email__endswith="@demo.example"):
        if person.has_usable_password() and not person.check_password(password):
            person.set_password(password)
            person.save(update_fields=["password"])
