"""Announcing events, and running the jobs that follow them.

`announce` writes the event and its jobs in the caller's transaction. A worker takes a job by a
lease that it keeps alive from a thread of its own; a sweeper rings again for jobs that nobody
took or whose worker died. Losing the queue loses nothing.
"""

import datetime as dt
import logging
import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.db.models import F

from commissioning.choices import JobState
from commissioning.kernel.clock import technical_now
from commissioning.kernel.errors import DomainError
from commissioning.kernel.queue import perform, ring_after_commit
from commissioning.models import Event, Heartbeat, Job, Organisation, User
from commissioning.scoping import Actor

LEASE = dt.timedelta(seconds=30)
BEAT_SECONDS = 5.0
MOST_ATTEMPTS = 5
SWEEPER = "sweeper"  # the name of its heartbeat
RING_AGAIN_AFTER = dt.timedelta(seconds=20)
# A sweep rings for so many of the oldest, so that a long queue is not filled with their echoes.
RING_AT_ONCE = 500

log = logging.getLogger(__name__)


class LeaseLost(Exception):
    """Another worker took the job over; what this one was doing must not be kept."""


def announce(
    name: str,
    *,
    cause: str,
    title: str,
    by: Actor,
    organisation: Organisation | None = None,
    **payload: Any,
) -> list[Job]:
    """Write an event and the jobs that `settings.EVENT_TASKS` says follow it.

    `cause` names the deed (`upload:17:confirmed`): the same cause announced twice is one event.
    Raises outside a transaction: an event without its deed or its jobs would be a lie.
    """
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("An event is announced in its deed's own.")
    event, is_new = Event.objects.get_or_create(
        cause=cause, defaults={"name": name, "payload": payload}
    )
    if not is_new:
        return list(event.jobs.all())
    jobs = Job.objects.bulk_create(
        Job(
            event=event,
            task=task,
            title=title,
            organisation=organisation,
            person=by if isinstance(by, User) else None,
        )
        for task in settings.EVENT_TASKS[name]
    )
    for job in jobs:
        ring_after_commit(job.task, job_id=job.pk)
    return jobs


@dataclass
class Run:
    """A job in hand: its payload, and where its progress is told."""

    job: Job
    token: uuid.UUID
    done: int = 0
    total: int = 0
    note: str = ""
    _over: threading.Event = field(default_factory=threading.Event)

    @property
    def payload(self) -> dict[str, Any]:
        held: dict[str, Any] = self.job.event.payload
        return held

    def tell(self, done: int, total: int, note: str) -> None:
        """Say how far the work is; written with the next beat, outside the work's transaction."""
        self.done, self.total, self.note = (min(done, total) if total else done), total, note[:200]

    def require_lease(self) -> None:
        """Raise `LeaseLost` unless this run still holds the job. Call it before a last commit."""
        held = Job.objects.select_for_update().filter(pk=self.job.pk, token=self.token)
        if not held.exists():
            raise LeaseLost(self.job.pk)

    def beat(self) -> None:
        Job.objects.filter(pk=self.job.pk, token=self.token, state=JobState.RUNNING).update(
            leased_until=technical_now() + LEASE,
            done=self.done,
            total=max(self.total, self.done),
            note=self.note,
        )

    def keep_beating(self) -> None:
        """Until the work is over. A beat that fails is made up for by the next, if it is in time:
        the work itself learns at `require_lease` whether it was."""
        try:
            while not self._over.wait(BEAT_SECONDS):
                try:
                    self.beat()
                except DatabaseError:
                    log.warning("Job %s could not say that it is alive.", self.job.pk)
                    connection.close()
        finally:
            connection.close()


def take(job_id: int) -> Run | None:
    """Lease a waiting or abandoned job; None when it is over or somebody holds it."""
    now = technical_now()
    token = uuid.uuid4()
    taken = (
        Job.objects.takeable(now)
        .filter(pk=job_id, attempts__lt=MOST_ATTEMPTS)
        .update(
            state=JobState.RUNNING,
            token=token,
            leased_until=now + LEASE,
            started_at=now,
            attempts=F("attempts") + 1,
        )
    )
    if not taken:
        return None
    return Run(job=Job.objects.select_related("event", "organisation").get(pk=job_id), token=token)


def run_job(job_id: int, work: Callable[[Run], None]) -> None:
    """Take the job and do the work, keeping the lease alive. Safe to call any number of times."""
    run = take(job_id)
    if run is None:
        return
    with _beating(run):
        try:
            work(run)
        except LeaseLost:
            return
        except DomainError as refused:
            _finish(run, JobState.FAILED, fault=str(refused))
        except Exception as fault:
            _give_back(run, fault=fault)
            raise
        else:
            _finish(run, JobState.DONE)


def sweep() -> int:
    """Ring again for jobs left waiting or abandoned; give up on those tried too often.

    Gives how many it rang for.
    """
    now = technical_now()
    Heartbeat.objects.update_or_create(name=SWEEPER, defaults={"at": now})
    left = Job.objects.takeable(now).filter(created_at__lt=now - RING_AGAIN_AFTER)
    left.filter(attempts__gte=MOST_ATTEMPTS).update(
        state=JobState.FAILED,
        finished_at=now,
        token=None,
        leased_until=None,
        fault=f"It was begun {MOST_ATTEMPTS} times and its worker died each time.",
    )
    again = list(left.order_by("pk").values_list("pk", "task")[:RING_AT_ONCE])
    for job_id, task in again:
        ring_after_commit(task, job_id=job_id)
    return len(again)


def run_outstanding(*apps: str) -> int:
    """Do the waiting jobs here and now, and those that follow from them: for commands and tests.

    With names of apps, only their tasks. A job that fails is left as a worker would leave it.
    Gives how many were run.
    """
    run: set[int] = set()
    while True:
        waiting = Job.objects.takeable(technical_now()).exclude(pk__in=run).order_by("pk")
        mine = [
            (job_id, task)
            for job_id, task in waiting.values_list("pk", "task")
            if not apps or task.partition(".")[0] in apps
        ]
        if not mine:
            return len(run)
        job_id, task = mine[0]
        run.add(job_id)
        perform(task, job_id=job_id)


def settle(*, note: str) -> int:
    """Call every waiting job done: whoever calls has done the work of all of them."""
    return Job.objects.filter(state=JobState.QUEUED).update(
        state=JobState.DONE, finished_at=technical_now(), note=note
    )


@contextmanager
def _beating(run: Run) -> Iterator[None]:
    heart = threading.Thread(target=run.keep_beating, daemon=True)
    heart.start()
    try:
        yield
    finally:
        run._over.set()
        heart.join()


def _finish(run: Run, state: JobState, *, fault: str = "") -> None:
    done = run.total if state == JobState.DONE else run.done
    Job.objects.filter(pk=run.job.pk, token=run.token).update(
        state=state,
        finished_at=technical_now(),
        token=None,
        leased_until=None,
        done=done,
        total=max(run.total, done),
        note=run.note,
        fault=fault,
    )


def _give_back(run: Run, *, fault: Exception) -> None:
    """A fault nobody foresaw: the sweeper tries again, up to the limit.

    Only the fault's first line is kept: the database's further lines quote the row.
    """
    first_line = next(iter(str(fault).splitlines()), "")
    last_time = run.job.attempts >= MOST_ATTEMPTS
    if not connection.in_atomic_block:
        connection.close_if_unusable_or_obsolete()
    Job.objects.filter(pk=run.job.pk, token=run.token).update(
        state=JobState.FAILED if last_time else JobState.QUEUED,
        finished_at=technical_now() if last_time else None,
        token=None,
        leased_until=None,
        fault=f"{type(fault).__name__}: {first_line}"[:2000],
    )
