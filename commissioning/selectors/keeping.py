"""What keeping the service asks of an administrator."""

import datetime as dt

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import Count, Exists, OuterRef, Q

from commissioning.choices import JobState
from commissioning.models import Job, Membership, User
from commissioning.roles import Permission
from commissioning.selectors.people import people_managed_by


def people_asking_for_attention(keeper: User, *, on: dt.date) -> dict[str, int]:
    """How many people have access, hold no role (`without_role`), never signed in (`invited`)."""
    held = Membership.objects.in_force(on).filter(user=OuterRef("pk"))
    people = people_managed_by(keeper, on=on).filter(is_active=True).order_by()
    return people.aggregate(
        with_access=Count("pk"),
        without_role=Count("pk", filter=~Q(Exists(held))),
        invited=Count("pk", filter=Q(password__startswith=UNUSABLE_PASSWORD_PREFIX)),
    )


def jobs_asking_for_attention(person: User) -> tuple[int, int]:
    """How many jobs in the person's sight stopped by a fault, and how many wait or run."""
    counted = (
        Job.objects.permitted(person, Permission.JOBS_VIEW)
        .order_by()
        .aggregate(
            stopped=Count("pk", filter=Q(state=JobState.FAILED)),
            going=Count("pk", filter=Q(state__in=[JobState.QUEUED, JobState.RUNNING])),
        )
    )
    return counted["stopped"], counted["going"]
