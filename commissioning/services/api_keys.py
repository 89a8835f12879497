"""Making, using and revoking API keys. What is done with one is done by its person."""

import datetime as dt

from django.db import transaction
from django.utils import timezone

from commissioning.choices import KeyState
from commissioning.kernel.clock import technical_now
from commissioning.kernel.errors import DomainError, NotPermitted
from commissioning.models import ApiKey, User
from commissioning.models.api_keys import LONGEST, digest_of, new_key
from commissioning.roles import Permission
from commissioning.scoping import Actor
from commissioning.services.access import require
from commissioning.services.audit import record

# A program that asks often writes when it was last used once a minute.
USE_IS_NOTED_EVERY = dt.timedelta(minutes=1)


class KeyRefused(DomainError):
    """The key cannot be made or revoked so."""


@transaction.atomic
def make_key(*, name: str, days: int, by: User) -> tuple[ApiKey, str]:
    """A new key of one's own, and the words of it: they are known now and never again."""
    person = User.objects.select_for_update(of=["self"]).get(pk=by.pk)
    name, now = name.strip(), technical_now()
    if not person.is_active:
        raise NotPermitted("Your access was ended.")
    if not name:
        raise KeyRefused("Give the key a name.", field="name")
    if not 0 < days <= LONGEST.days:
        raise KeyRefused(f"A key lasts between 1 and {LONGEST.days} days.", field="days")
    if ApiKey.objects.in_force(now).filter(person=person, name__iexact=name).exists():
        raise KeyRefused(
            f"You have a key named “{name}”. Choose another name, or revoke that key.",
            field="name",
        )
    written = new_key()
    key = ApiKey.objects.create(
        person=person,
        name=name,
        digest=digest_of(written),
        made_at=now,
        expires_at=now + dt.timedelta(days=days),
    )
    _record("api_key.made", key, by)
    return key, written


@transaction.atomic
def revoke_key(*, key: ApiKey, by: User) -> ApiKey:
    """End one's own key: the next request with it is refused."""
    key = ApiKey.objects.select_related("person").select_for_update(of=["self"]).get(pk=key.pk)
    if key.person_id != by.pk:
        raise NotPermitted("Only the person whose key it is can revoke it.")
    if key.state_at(technical_now()) != KeyState.IN_FORCE:
        raise KeyRefused(f"The key “{key}” has ended already.")
    _revoke(key, by)
    return key


@transaction.atomic
def revoke_keys_of(*, person: User, by: Actor) -> None:
    """End every key of a person whose access ends. None comes back with the person."""
    require(by, Permission.PEOPLE_MANAGE, organisation_id=None)
    theirs = (
        ApiKey.objects.in_force(technical_now()).filter(person=person).select_related("person")
    )
    for key in theirs.select_for_update(of=["self"]).order_by("pk"):
        _revoke(key, by)


def note_use(key: ApiKey) -> None:
    """Write when a key was last used, at most once a minute."""
    now = technical_now()
    if key.last_used_at is None or now - key.last_used_at >= USE_IS_NOTED_EVERY:
        ApiKey.objects.filter(pk=key.pk).update(last_used_at=now)


def _revoke(key: ApiKey, by: Actor) -> None:
    key.revoked_at = technical_now()
    key.save(update_fields=["revoked_at"])
    _record("api_key.revoked", key, by)


def _record(action: str, key: ApiKey, by: Actor) -> None:
    """On the person's trail, by the key's name: so that it is read where the person is."""
    expires_on = timezone.localdate(key.expires_at).isoformat()
    record(action, key.person, by=by, key=key.name, expires_on=expires_on)
