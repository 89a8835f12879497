"""Telling people things, once for each cause."""

from collections.abc import Iterable

from django.db import transaction

from commissioning.kernel.clock import technical_now
from commissioning.models import Notice, User


@transaction.atomic
def tell(*, people: Iterable[User], sentence: str, link: str, cause: str) -> int:
    """Put a sentence with a link into each person's inbox; who was told of the cause is left.

    Returns how many people were told now.
    """
    wanted = {person.pk: person for person in people if person.is_active}
    known = set(
        Notice.objects.filter(person__in=wanted, cause=cause).values_list("person", flat=True)
    )
    fresh = [
        Notice(person=person, sentence=sentence, link=link, cause=cause)
        for key, person in wanted.items()
        if key not in known
    ]
    # Two at once: the constraint keeps the first.
    Notice.objects.bulk_create(fresh, ignore_conflicts=True)
    return len(fresh)


@transaction.atomic
def tell_each(notices: Iterable[Notice]) -> int:
    """Put many notices into many inboxes in two statements; what was told before is left.

    Returns how many are new.
    """
    wanted = {(one.person_id, one.cause): one for one in notices}
    causes = {cause for _, cause in wanted}
    known = set(Notice.objects.filter(cause__in=causes).values_list("person", "cause"))
    fresh = [one for key, one in wanted.items() if key not in known]
    Notice.objects.bulk_create(fresh, ignore_conflicts=True)
    return len(fresh)


def mark_read(*, person: User, notices: Iterable[int] | None = None) -> int:
    """Mark a person's own notices as read: those named, or all. Returns how many were unread."""
    unread = Notice.objects.for_person(person).filter(read_at__isnull=True)
    if notices is not None:
        unread = unread.filter(pk__in=list(notices))
    return unread.order_by().update(read_at=technical_now())
