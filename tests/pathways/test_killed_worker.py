"""A worker killed in mid-import, again and again: every valid row is loaded, and none twice."""

import os
import random
import signal
import subprocess
import sys
import time
from contextlib import contextmanager

import pytest

from commissioning.choices import JobState
from commissioning.models import Job
from commissioning.services import jobs
from config.local.system import ROOT
from pathways.choices import UploadState
from pathways.models import Episode, Finding, Journey, Modality, StagedRow, Upload
from pathways.services.confirming import confirm_upload
from pathways.services.receiving import receive_upload
from tests.factories.commissioning import PartnershipFactory, RuleSetFactory
from tests.factories.pathways import clients, ndtms_file
from tests.factories.providers import AgencyFactory
from tests.pathways.sent import MAY, SYSTEM, TODAY
from tests.queue_of_its_own import own_queue

__all__ = ["own_queue"]

ROWS = 20_000
PATIENCE = 60  # seconds until a worker that nobody kills has done 20,000 rows
TAKEN_WITHIN = 30  # seconds until a new worker, started from nothing, is at what was left
PAUSE = 0.4  # seconds at each first step of a task, so that fast work has a middle to be killed in
LEASE, BEAT = 0.8, 0.2  # seconds; a lease in earnest is half a minute
MOST_ATTEMPTS = 30  # in earnest a job whose worker died five times is given up
# A real worker, but for its pauses, its lease and how often it tries; what follows a loaded return
# is not part of this.
WORKER = f"""
import datetime as dt, django, sys, time
django.setup()
from django.conf import settings
from commissioning.services import jobs
from config.celery import app
jobs.LEASE, jobs.BEAT_SECONDS = dt.timedelta(seconds={LEASE}), {BEAT}
jobs.MOST_ATTEMPTS = {MOST_ATTEMPTS}
tell = jobs.Run.tell
def told(run, done, total, note):
    tell(run, done, total, note)
    time.sleep({PAUSE} * (done <= 3))
jobs.Run.tell = told
settings.EVENT_TASKS["return.loaded"] = []
app.worker_main(["worker", "--pool", "solo", "--loglevel", "error", "--without-mingle",
                 "--without-gossip", "--without-heartbeat"])
"""

pytestmark = pytest.mark.django_db(transaction=True)


@contextmanager
def a_worker():
    """A worker in a session of its own, killed at the end if it still lives."""
    environ = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings", "PYTHONWARNINGS": ""}
    child = subprocess.Popen(
        [sys.executable, "-c", WORKER], env=environ, cwd=ROOT, start_new_session=True
    )
    try:
        yield child
    finally:
        os.killpg(child.pid, signal.SIGKILL)
        child.wait()


def received(rows):
    RuleSetFactory()
    PartnershipFactory(organisation__code="00EH")
    AgencyFactory(code="AG0001")
    return receive_upload(
        stream=ndtms_file(rows),
        filename="may.csv",
        month=MAY,
        cut_off=MAY.replace(day=31),
        provider=None,
        by=SYSTEM,
        today=TODAY,
    )


def wait_until(true, *, sweeping, seconds=PATIENCE):
    """Until it is true, with the sweeper at work or without; whether it came to be so."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if true():
            return True
        if sweeping:
            jobs.sweep()
        time.sleep(0.1)
    return False


def job_of(task):
    return Job.objects.get(task=task)


def is_over(task):
    return lambda: job_of(task).is_over


def kill_in_the_middle(task, *, sweeping=True, within=1.0):
    """Start a worker and kill it somewhere in the task; whether it was still at it."""
    before = job_of(task).attempts
    with a_worker():
        began = wait_until(lambda: job_of(task).attempts > before, sweeping=sweeping)
        assert began
        time.sleep(random.uniform(0.05, within))
    return job_of(task).state == JobState.RUNNING


def undisturbed():
    """Seconds that the attempts took that nobody killed."""
    return sum((job.finished_at - job.started_at).total_seconds() for job in Job.objects.all())


@pytest.fixture(autouse=True)
def impatient_sweeper(monkeypatch):
    monkeypatch.setattr(jobs, "RING_AGAIN_AFTER", jobs.dt.timedelta(0))
    monkeypatch.setattr(jobs, "MOST_ATTEMPTS", MOST_ATTEMPTS)


@pytest.mark.parametrize(
    ("count", "bad", "checks_killed", "loads_killed"),
    [
        (ROWS, 120, 3, 2),
        pytest.param(200_000, 627, 12, 8, marks=pytest.mark.nightly),
    ],
)
def test_every_valid_row_is_loaded_and_none_twice(
    own_queue, count, bad, checks_killed, loads_killed
):
    longer = count // ROWS
    within = 0.7 + 0.3 * longer
    rows = clients(count)
    for number in random.sample(range(count), bad):
        rows[number]["TRIAGED"] = "20060401"  # before the referral
    upload = received(rows)
    began = time.monotonic()

    for _ in range(checks_killed):
        assert kill_in_the_middle("pathways.check_upload", within=within)
        assert not Episode.objects.exists()
    with a_worker():
        assert wait_until(
            is_over("pathways.check_upload"), sweeping=True, seconds=PATIENCE * longer
        )
    upload.refresh_from_db()
    assert upload.state == UploadState.CHECKED
    assert Finding.objects.filter(grade="VALIDITY").count() == bad
    confirm_upload(upload=upload, reason="So.", remove_vanished=False, by=SYSTEM)
    for _ in range(loads_killed):
        assert kill_in_the_middle("pathways.load_upload", within=within)
    with a_worker():
        assert wait_until(
            is_over("pathways.load_upload"), sweeping=True, seconds=PATIENCE * longer
        )

    assert time.monotonic() - began <= 3 * undisturbed() + TAKEN_WITHIN * (
        checks_killed + loads_killed + 2
    )
    assert Upload.objects.get().state == UploadState.LOADED
    assert {job.state for job in Job.objects.all()} == {JobState.DONE}
    assert Episode.objects.count() == Modality.objects.count() == count - bad
    assert Episode.objects.values("client_ref").distinct().count() == count - bad
    adults = Episode.objects.filter(age_at_triage__gte=18).values("person").distinct()
    assert Journey.objects.values("person").distinct().count() == adults.count() > 1000
    assert not StagedRow.objects.exists()


def test_without_the_sweeper_it_would_be_stuck(own_queue):
    """The control: the queue does not give back what a killed worker held."""
    received(clients(ROWS))
    assert kill_in_the_middle("pathways.check_upload", sweeping=False)

    with a_worker():
        assert not wait_until(is_over("pathways.check_upload"), sweeping=False, seconds=6)
        assert job_of("pathways.check_upload").state == JobState.RUNNING
        assert wait_until(is_over("pathways.check_upload"), sweeping=True)
