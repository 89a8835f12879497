"""The address of one's own calendar: making it, taking it back, and whose it is."""

from django.db import transaction

from commissioning.kernel.clock import technical_now
from commissioning.kernel.errors import DomainError, NotPermitted
from commissioning.models import CalendarFeed, User
from commissioning.models.api_keys import digest_of
from commissioning.models.feeds import new_secret
from commissioning.services.audit import record


class NoCalendar(DomainError):
    """There is no address to take back."""


@transaction.atomic
def make_calendar(*, by: User) -> str:
    """A new address in place of an earlier one; its secret is known now and never again."""
    person = User.objects.select_for_update(of=["self"]).get(pk=by.pk)
    if not person.is_active:
        raise NotPermitted("Your access was ended.")
    CalendarFeed.objects.in_force().filter(user=person).update(revoked_at=technical_now())
    secret = new_secret()
    CalendarFeed.objects.create(user=person, digest=digest_of(secret), made_at=technical_now())
    record("calendar.made", person, by=by)
    return secret


@transaction.atomic
def revoke_calendar(*, by: User) -> None:
    """The address shows nothing from now on. Raises `NoCalendar` when there is none."""
    person = User.objects.select_for_update(of=["self"]).get(pk=by.pk)
    ended = CalendarFeed.objects.in_force().filter(user=person)
    if not ended.update(revoked_at=technical_now()):
        raise NoCalendar("You have no calendar address.")
    record("calendar.revoked", person, by=by)


def owner_of_calendar(secret: str) -> User | None:
    """Whose calendar the secret opens: nobody's once it is taken back or their access ended."""
    feed = (
        CalendarFeed.objects.in_force()
        .filter(digest=digest_of(secret), user__is_active=True)
        .select_related("user")
        .first()
    )
    return feed.user if feed else None
