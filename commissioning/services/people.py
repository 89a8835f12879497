"""People: inviting them, giving and ending roles, and ending a person's access."""

import datetime as dt
from decimal import Decimal

from django.db import transaction

from commissioning.kernel.errors import DomainError, NotPermitted
from commissioning.kernel.words import day
from commissioning.models import Membership, Organisation, User
from commissioning.models.organisations import in_force
from commissioning.roles import HELD_IN, Permission, Role
from commissioning.scoping import Actor
from commissioning.services.access import require
from commissioning.services.api_keys import revoke_keys_of
from commissioning.services.audit import record
from commissioning.services.duties import refuse_clashing_duties
from commissioning.services.invitations import send_invitation
from commissioning.services.notices import tell
from commissioning.services.refusals import refused_by

GIVEN_BY_ADMINISTRATORS = frozenset({Role.REVIEWER, Role.ADMINISTRATOR})


class MembershipRefused(DomainError):
    """The role cannot be held so."""


class PersonRefused(DomainError):
    """The person cannot be invited, ended or brought back so."""


@transaction.atomic
def invite_person(
    *,
    email: str,
    name: str,
    organisation: Organisation,
    role: Role,
    from_on: dt.date,
    by: Actor,
    site: str,
    until_on: dt.date | None = None,
    approval_limit: Decimal | None = None,
) -> User:
    """Make somebody known, give them a role and send them a link to choose a password.

    Who is known already keeps name and password, gets the role and is told of it. `site` is the
    address of the service (`https://example.org`), for the link.
    """
    require(by, Permission.PEOPLE_MANAGE, organisation_id=organisation.pk)
    email = email.strip().lower()
    person = User.objects.filter(email__iexact=email).first()
    if person is not None and not person.is_active:
        raise PersonRefused(
            f"The access of {email} was ended. An administrator can bring it back.", field="email"
        )
    is_new = person is None
    if person is None:
        with refused_by(
            "person_has_an_address_of_their_own",
            f"Somebody is inviting {email} at this moment.",
            error=PersonRefused,
            field="email",
        ):
            person = User.objects.create_user(email, name=name.strip())
        record("person.invited", person, by=by, organisation=organisation, name=person.name)
    give_role(
        person=person,
        organisation=organisation,
        role=role,
        from_on=from_on,
        until_on=until_on,
        approval_limit=approval_limit,
        by=by,
    )
    if is_new:
        send_invitation(person=person, organisation=organisation, by=by, site=site)
    return person


@transaction.atomic
def invite_again(*, person: User, organisation: Organisation, by: Actor, site: str) -> None:
    """Send a new link to somebody who has not chosen a password yet."""
    require(by, Permission.PEOPLE_MANAGE, organisation_id=organisation.pk)
    _refuse_stranger(person, organisation)
    if not person.is_active:
        raise PersonRefused(f"The access of {person} was ended.")
    if person.has_usable_password():
        raise PersonRefused(f"{person} has a password. They can reset it from the sign-in page.")
    record("person.invited_again", person, by=by, organisation=organisation)
    send_invitation(person=person, organisation=organisation, by=by, site=site)


@transaction.atomic
def give_role(
    *,
    person: User,
    organisation: Organisation,
    role: Role,
    from_on: dt.date,
    by: Actor,
    until_on: dt.date | None = None,
    approval_limit: Decimal | None = None,
) -> Membership:
    """Let a person hold a role in an organisation from a day until (not including) another."""
    _may_give(role, person, organisation, by)
    # One deed about a person at a time: clashing duties are looked for under this lock.
    person = User.objects.select_for_update(of=["self"]).get(pk=person.pk)
    _refuse_misfit(role, organisation, from_on, until_on, approval_limit)
    refuse_clashing_duties(
        person=person, organisation=organisation, role=role, from_on=from_on, until_on=until_on
    )
    with refused_by(
        "membership_is_held_once_at_a_time",
        f"{person} already holds this role here for some of those days.",
        error=MembershipRefused,
        field="role",
    ):
        membership = Membership.objects.create(
            user=person,
            organisation=organisation,
            role=role,
            from_on=from_on,
            until_on=until_on,
            approval_limit=approval_limit,
        )
    _record("membership.given", membership, by)
    tell(
        people=[person],
        sentence=f"You are {_a(role)} of {organisation} from {day(from_on)}.",
        link="/account/",
        cause=f"membership:{membership.pk}:given",
    )
    return membership


@transaction.atomic
def change_membership(
    *,
    membership: Membership,
    until_on: dt.date | None,
    approval_limit: Decimal | None,
    by: Actor,
) -> Membership:
    """Change until when a role is held and, for a finance approver, the limit."""
    membership = _locked(membership, by)
    role, organisation = Role(membership.role), membership.organisation
    _may_give(role, membership.user, organisation, by)
    _refuse_misfit(role, organisation, membership.from_on, until_on, approval_limit)
    refuse_clashing_duties(
        person=membership.user,
        organisation=organisation,
        role=role,
        from_on=membership.from_on,
        until_on=until_on,
        besides=membership,
    )
    membership.until_on, membership.approval_limit = until_on, approval_limit
    with refused_by(
        "membership_is_held_once_at_a_time",
        f"{membership.user} holds this role here a second time within those days.",
        error=MembershipRefused,
    ):
        membership.save(update_fields=["until_on", "approval_limit"])
    _record("membership.changed", membership, by)
    return membership


@transaction.atomic
def end_membership(*, membership: Membership, on: dt.date, by: Actor) -> Membership:
    """End a role: on the day it is no longer held, so the person's next request is refused."""
    membership = _locked(membership, by)
    _may_give(Role(membership.role), membership.user, membership.organisation, by)
    return _end(membership, on=on, by=by)


@transaction.atomic
def end_person(*, person: User, on: dt.date, reason: str, by: Actor) -> User:
    """End a person's access: every role and API key, and every session at its next request."""
    person = _locked_person(person, by)
    if not reason.strip():
        raise PersonRefused("Say why.", field="reason")
    if not person.is_active:
        raise PersonRefused(f"The access of {person} has ended already.")
    later = person.memberships.filter(in_force(on)) | person.memberships.filter(from_on__gt=on)
    for membership in later.select_related("organisation", "user").order_by("pk"):
        _end(membership, on=on, by=by)
    revoke_keys_of(person=person, by=by)
    person.is_active = False
    person.save(update_fields=["is_active"])
    record("person.ended", person, by=by, reason=reason.strip())
    return person


@transaction.atomic
def bring_back_person(*, person: User, reason: str, by: Actor) -> User:
    """Let an ended person sign in again. Roles do not come back: they are given anew."""
    person = _locked_person(person, by)
    if not reason.strip():
        raise PersonRefused("Say why.", field="reason")
    if person.is_active:
        raise PersonRefused(f"{person} has access already.")
    person.is_active = True
    person.save(update_fields=["is_active"])
    record("person.brought_back", person, by=by, reason=reason.strip())
    return person


def roles_to_give(by: Actor, organisation: Organisation) -> list[Role]:
    """The roles `by` may give in the organisation, in the order of the policy."""
    if not by.reach(Permission.PEOPLE_MANAGE).covers(organisation.pk):
        return []
    every = by.reach(Permission.PEOPLE_MANAGE).nation
    return [
        role
        for role, kinds in sorted(HELD_IN.items(), key=lambda one: list(Role).index(one[0]))
        if organisation.kind in kinds and (every or role not in GIVEN_BY_ADMINISTRATORS)
    ]


def _may_give(role: Role, person: User, organisation: Organisation, by: Actor) -> None:
    require(by, Permission.PEOPLE_MANAGE, organisation_id=organisation.pk)
    if isinstance(by, User) and by.pk == person.pk:
        raise NotPermitted("Nobody changes their own roles. Ask another person who may.")
    if role in GIVEN_BY_ADMINISTRATORS and not by.reach(Permission.PEOPLE_MANAGE).nation:
        raise NotPermitted(f"Only an administrator can make somebody {_a(role)}.")


def _refuse_misfit(
    role: Role,
    organisation: Organisation,
    from_on: dt.date,
    until_on: dt.date | None,
    approval_limit: Decimal | None,
) -> None:
    if organisation.kind not in HELD_IN[role]:
        raise MembershipRefused(
            f"The role {role.label.lower()} cannot be held in {organisation}, "
            f"a {organisation.get_kind_display().lower()}.",
            field="role",
        )
    if until_on is not None and until_on <= from_on:
        raise MembershipRefused("It would end before it begins.", field="until_on")
    if organisation.closed_on is not None and from_on >= organisation.closed_on:
        raise MembershipRefused(
            f"{organisation} closed on {day(organisation.closed_on)}.", field="from_on"
        )
    if role == Role.FINANCE_APPROVER and approval_limit is None:
        raise MembershipRefused(
            "Say up to which amount the finance approver may approve.", field="approval_limit"
        )
    if role != Role.FINANCE_APPROVER and approval_limit is not None:
        raise MembershipRefused("Only a finance approver has a limit.", field="approval_limit")


def _refuse_stranger(person: User, organisation: Organisation) -> None:
    if not person.memberships.filter(organisation=organisation).exists():
        raise PersonRefused(f"{person} holds no role in {organisation}.")


def _locked(membership: Membership, by: Actor) -> Membership:
    require(by, Permission.PEOPLE_MANAGE, organisation_id=membership.organisation_id)
    User.objects.select_for_update(of=["self"]).get(pk=membership.user_id)
    return (
        Membership.objects.select_related("organisation", "user")
        .select_for_update(of=["self"])
        .get(pk=membership.pk)
    )


def _locked_person(person: User, by: Actor) -> User:
    require(by, Permission.PEOPLE_MANAGE, organisation_id=None)
    if isinstance(by, User) and by.pk == person.pk:
        raise NotPermitted("Nobody ends or restores their own access.")
    return User.objects.select_for_update(of=["self"]).get(pk=person.pk)


def _end(membership: Membership, *, on: dt.date, by: Actor) -> Membership:
    if membership.until_on is not None and membership.until_on <= on:
        raise MembershipRefused(f"It ended on {day(membership.until_on)}.")
    # One that has not begun ends where it would begin, and never held.
    membership.until_on = max(on, membership.from_on)
    membership.save(update_fields=["until_on"])
    _record("membership.ended", membership, by)
    return membership


def _record(action: str, membership: Membership, by: Actor) -> None:
    """On the person's trail, so that it is read where the person is."""
    limit = membership.approval_limit
    record(
        action,
        membership.user,
        by=by,
        organisation=membership.organisation,
        role=membership.get_role_display(),
        at=membership.organisation.name,
        from_on=membership.from_on.isoformat(),
        until_on=membership.until_on.isoformat() if membership.until_on else None,
        **({"approval_limit": str(limit)} if limit is not None else {}),
    )


def _a(role: Role) -> str:
    words = role.label.lower()
    return f"{'an' if words[0] in 'aeiou' else 'a'} {words}"
