"""Jobs one may watch, and how the service is."""

import datetime as dt

from django.db.models import Count, QuerySet

from commissioning.choices import JobState
from commissioning.models import Heartbeat, Job, User
from commissioning.roles import Permission


def jobs_for(user: User) -> QuerySet[Job]:
    """Jobs of the organisations whose jobs one may see, the newest first."""
    return Job.objects.permitted(user, Permission.JOBS_VIEW).newest_first()


def jobs_by_state(user: User) -> dict[JobState, int]:
    counted = (
        Job.objects.permitted(user, Permission.JOBS_VIEW)
        .order_by()
        .values_list("state")
        .annotate(many=Count("pk"))
    )
    found = dict(counted)
    return {state: found.get(state, 0) for state in JobState}


def seconds_since_heartbeat(name: str, *, now: dt.datetime) -> float | None:
    """How long before `now` a part of the service was last alive; None when it never was."""
    beat = Heartbeat.objects.filter(name=name).first()
    return None if beat is None else (now - beat.at).total_seconds()
