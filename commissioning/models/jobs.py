"""Events, and the jobs that follow them.

An event is written in the transaction of the deed it tells of, together with a job for each task
that `config` maps to it. The queue is only a doorbell: a sweeper rings again for what nobody took.
"""

import datetime as dt
from typing import Self

from django.db import models
from django.db.models import F, Q

from commissioning.choices import JobState
from commissioning.models.organisations import Organisation
from commissioning.models.people import User
from commissioning.scoping import Permitted


class Event(models.Model):
    """Something that happened, with the ids of what it touched."""

    name = models.CharField(max_length=60)
    cause = models.CharField(max_length=120, unique=True)
    payload = models.JSONField(default=dict)
    at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.name} ({self.cause})"


class JobQuerySet(Permitted["Job"]):
    """Work in the background. A job belongs to the organisation whose deed began it."""

    partnership_path = "organisation"
    provider_path = "organisation"
    region_path = "organisation"

    def takeable(self, now: dt.datetime) -> Self:
        """Waiting, or running under a lease that has run out."""
        return self.filter(
            Q(state=JobState.QUEUED) | Q(state=JobState.RUNNING, leased_until__lt=now)
        )

    def newest_first(self) -> Self:
        return self.select_related("organisation", "person", "event").order_by("-pk")


class Job(models.Model):
    """One task to be done once for one event. Its truth is this row, not the queue."""

    event = models.ForeignKey(Event, models.PROTECT, related_name="jobs")
    task = models.CharField(max_length=60)
    title = models.CharField(max_length=200)
    state = models.CharField(max_length=10, choices=JobState.choices, default=JobState.QUEUED)
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    person = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    attempts = models.PositiveSmallIntegerField(default=0)
    token = models.UUIDField(null=True)  # names the run that holds the lease
    leased_until = models.DateTimeField(null=True)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    note = models.CharField(max_length=200, blank=True)
    fault = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["event", "task"], name="event_causes_a_task_once"),
            models.CheckConstraint(
                condition=Q(state__in=JobState.values), name="job_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(
                    state=JobState.RUNNING, token__isnull=False, leased_until__isnull=False
                )
                | ~Q(state=JobState.RUNNING),
                name="running_job_is_leased",
            ),
            models.CheckConstraint(
                condition=Q(total=0) | Q(done__lte=F("total")), name="job_does_no_more_than_all"
            ),
        ]
        indexes = [
            models.Index(
                fields=["id"],
                condition=Q(state__in=[JobState.QUEUED, JobState.RUNNING]),
                name="jobs_in_hand",
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_over(self) -> bool:
        return self.state in {JobState.DONE, JobState.FAILED}


class Heartbeat(models.Model):
    """When a part of the service that works unseen was last known to be alive."""

    name = models.CharField(max_length=30, primary_key=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
