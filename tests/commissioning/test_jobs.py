"""Nothing announced is lost, nothing is done twice, whatever becomes of workers and the queue."""

import datetime as dt
import socket
import threading
import time

import pytest
from celery import current_app
from django.db import OperationalError, connection, transaction

from commissioning.choices import JobState
from commissioning.kernel.clock import technical_now
from commissioning.kernel.errors import DomainError
from commissioning.models import AuditEvent, Event, Job, User
from commissioning.scoping import System
from commissioning.services import jobs
from commissioning.services.audit import record
from tests.factories.commissioning import UserFactory
from tests.queue_of_its_own import own_queue, queue_at

__all__ = ["own_queue"]

SYSTEM = System("a test")
TASK = "tests.do_nothing"


@pytest.fixture(autouse=True)
def one_task(settings):
    settings.EVENT_TASKS = {"deed.done": [TASK]}


@pytest.fixture
def rung(monkeypatch):
    """The job numbers the bell was rung for."""
    heard = []
    monkeypatch.setattr(
        current_app, "send_task", lambda _task, kwargs, **_: heard.append(kwargs["job_id"])
    )
    return heard


def announced(cause="deed:1"):
    with transaction.atomic():
        return jobs.announce("deed.done", cause=cause, title="Do nothing", by=SYSTEM)[0]


def leaves_a_mark(run):
    """Work whose effect can be counted: a person named for the job."""
    with transaction.atomic():
        User.objects.create(email=f"{run.job.event.cause}@example.org", name="Mark")
        run.require_lease()


def let_the_lease_run_out(job):
    Job.objects.filter(pk=job.pk).update(leased_until=technical_now() - dt.timedelta(seconds=1))


def made_long_ago():
    Job.objects.update(created_at=technical_now() - dt.timedelta(minutes=1))


def at_once(count, act):
    """Run `act(number)` in so many threads that start together; what each gave or raised."""
    barrier, given = threading.Barrier(count), [None] * count

    def one(number):
        barrier.wait()
        try:
            given[number] = act(number)
        except Exception as error:
            given[number] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=one, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return given


class TestAnnounce:
    @pytest.mark.django_db
    def test_the_same_cause_twice_is_one_event_and_one_job(self, rung):
        first, second = announced(), announced()

        assert first.pk == second.pk
        assert Event.objects.count() == Job.objects.count() == 1

    @pytest.mark.django_db(transaction=True)
    def test_an_event_is_announced_in_its_deeds_transaction_or_not_at_all(self, rung):
        with pytest.raises(transaction.TransactionManagementError):
            jobs.announce("deed.done", cause="deed:1", title="Do nothing", by=SYSTEM)

        assert not Event.objects.exists()

    @pytest.mark.django_db(transaction=True)
    def test_a_deed_that_is_rolled_back_was_never_announced(self, rung):
        with transaction.atomic():
            jobs.announce("deed.done", cause="deed:1", title="Do nothing", by=SYSTEM)
            transaction.set_rollback(True)

        assert not Job.objects.exists()
        assert rung == []

    @pytest.mark.django_db(transaction=True)
    def test_eight_threads_with_the_same_cause_make_one_job(self, rung):
        given = at_once(8, lambda _: announced("sweep:2007-02-15").pk)

        assert set(given) == {Job.objects.get().pk}
        assert rung == [given[0]]


def nobody_listens():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


@pytest.mark.django_db(transaction=True)
class TestBrokerDown:
    def test_refused_the_deed_stands_and_is_not_kept_waiting(self):
        began = time.monotonic()

        with queue_at(f"redis://127.0.0.1:{nobody_listens()}/0"), transaction.atomic():
            person = UserFactory()
            record("person.added", person, by=SYSTEM)
            jobs.announce("deed.done", cause="deed:1", title="Do nothing", by=SYSTEM)

        assert time.monotonic() - began < 10
        assert AuditEvent.objects.filter(action="person.added").exists()
        assert Job.objects.get().state == JobState.QUEUED

    def test_a_broker_that_never_answers_costs_seconds_and_no_more(self):
        began = time.monotonic()

        with socket.socket() as hole:
            hole.bind(("127.0.0.1", 0))
            hole.listen(1)
            with queue_at(f"redis://127.0.0.1:{hole.getsockname()[1]}/0"):
                announced()

        assert 1 < time.monotonic() - began < 20
        assert Job.objects.get().state == JobState.QUEUED


@pytest.mark.django_db(transaction=True)
class TestTake:
    def test_of_two_takers_one_gets_the_job(self, rung):
        job = announced()

        runs = at_once(2, lambda _: jobs.take(job.pk))

        assert sum(run is not None for run in runs) == 1
        job.refresh_from_db()
        assert (job.state, job.attempts) == (JobState.RUNNING, 1)

    def test_eight_workers_do_the_work_once(self, rung):
        job = announced()

        given = at_once(8, lambda _: jobs.run_job(job.pk, leaves_a_mark))

        assert given == [None] * 8
        assert User.objects.count() == 1
        job.refresh_from_db()
        assert (job.state, job.attempts) == (JobState.DONE, 1)

    def test_a_job_that_is_over_is_not_taken_again(self, rung):
        job = announced()
        jobs.run_job(job.pk, leaves_a_mark)

        jobs.run_job(job.pk, leaves_a_mark)

        assert User.objects.count() == 1

    def test_a_lease_that_ran_out_is_taken_over_and_the_first_may_not_commit(self, rung):
        job = announced()
        first = jobs.take(job.pk)
        let_the_lease_run_out(job)

        second = jobs.take(job.pk)

        assert second is not None
        with pytest.raises(jobs.LeaseLost):
            leaves_a_mark(first)
        assert not User.objects.exists()
        leaves_a_mark(second)
        assert User.objects.count() == 1

    def test_a_run_that_lost_its_lease_does_not_end_the_job_of_the_other(self, rung):
        job = announced()

        def overtaken(run):
            let_the_lease_run_out(job)
            jobs.take(job.pk)
            leaves_a_mark(run)

        jobs.run_job(job.pk, overtaken)

        job.refresh_from_db()
        assert (job.state, job.attempts) == (JobState.RUNNING, 2)
        assert not User.objects.exists()

    def test_while_the_work_goes_on_its_lease_is_renewed_and_its_progress_told(
        self, rung, monkeypatch
    ):
        monkeypatch.setattr(jobs, "BEAT_SECONDS", 0.05)
        job = announced()
        seen = []

        def slow(run):
            run.tell(3, 10, "Three of ten")
            taken = Job.objects.get(pk=job.pk)
            for _ in range(100):
                time.sleep(0.02)
                seen.append(Job.objects.get(pk=job.pk))
                if seen[-1].leased_until > taken.leased_until:
                    return

        jobs.run_job(job.pk, slow)

        assert (seen[-1].done, seen[-1].total, seen[-1].note) == (3, 10, "Three of ten")
        job.refresh_from_db()
        assert (job.state, job.done, job.total) == (JobState.DONE, 10, 10)

    def test_a_beat_that_fails_is_made_up_for_by_the_next(self, rung, monkeypatch):
        monkeypatch.setattr(jobs, "BEAT_SECONDS", 0.02)
        job = announced()
        beats = []
        beat = jobs.Run.beat

        def fails_at_first(run):
            beats.append(run)
            if len(beats) == 1:
                raise OperationalError("the database was away")
            beat(run)

        monkeypatch.setattr(jobs.Run, "beat", fails_at_first)
        jobs.run_job(job.pk, lambda _run: [time.sleep(0.02) for _ in range(50) if len(beats) < 3])

        assert len(beats) >= 3
        job.refresh_from_db()
        assert job.state == JobState.DONE


@pytest.mark.django_db(transaction=True)
class TestFaults:
    def test_a_refusal_ends_the_job_with_its_sentence(self, rung):
        job = announced()

        def refused(_run):
            raise DomainError("There is no such return.")

        jobs.run_job(job.pk, refused)

        job.refresh_from_db()
        assert (job.state, job.fault) == (JobState.FAILED, "There is no such return.")

    def test_a_fault_is_tried_again_five_times_and_kept_without_the_row_it_quotes(self, rung):
        job = announced()

        def broken(_run):
            raise ValueError("value too long\nDETAIL: Failing row contains (C17)")

        for attempt in range(1, 6):
            with pytest.raises(ValueError, match="too long"):
                jobs.run_job(job.pk, broken)
            job.refresh_from_db()
            assert job.attempts == attempt
        jobs.run_job(job.pk, leaves_a_mark)

        job.refresh_from_db()
        assert (job.state, job.fault) == (JobState.FAILED, "ValueError: value too long")
        assert not User.objects.exists()

    def test_a_worker_that_dies_every_time_is_given_up_on(self, rung):
        job = announced()
        for _ in range(5):
            assert jobs.take(job.pk)
            let_the_lease_run_out(job)
        made_long_ago()

        assert jobs.take(job.pk) is None
        jobs.sweep()

        job.refresh_from_db()
        assert job.state == JobState.FAILED
        assert "5 times" in job.fault


@pytest.mark.django_db(transaction=True)
class TestSweep:
    def test_rings_again_for_what_nobody_took_and_for_what_was_abandoned(self, rung):
        waiting, abandoned, held = (announced(f"deed:{n}") for n in range(3))
        jobs.take(abandoned.pk)
        let_the_lease_run_out(abandoned)
        jobs.take(held.pk)
        made_long_ago()
        rung.clear()

        count = jobs.sweep()

        assert count == 2
        assert rung == [waiting.pk, abandoned.pk]

    def test_leaves_a_job_alone_whose_bell_has_just_been_rung(self, rung):
        announced()
        rung.clear()

        assert jobs.sweep() == 0
        assert rung == []

    def test_a_hundred_jobs_survive_the_loss_of_the_queue(self, own_queue):
        with current_app.connection_for_write() as queue:
            redis = queue.default_channel.client
            for number in range(100):
                announced(f"deed:{number}")
            assert redis.llen("celery") == 100
            redis.flushall()
            assert redis.llen("celery") == 0
            made_long_ago()

            assert jobs.sweep() == 100

            assert redis.llen("celery") == 100
        for job in Job.objects.all():
            jobs.run_job(job.pk, leaves_a_mark)
        assert User.objects.count() == 100
        assert set(Job.objects.values_list("state", flat=True)) == {JobState.DONE}


@pytest.mark.django_db(transaction=True)
def test_run_outstanding_does_what_waits_and_what_follows_from_it(rung, monkeypatch, settings):
    settings.EVENT_TASKS = {"deed.done": [TASK], "deed.followed": ["others.do_nothing"]}

    def follows(run):
        if run.job.event.name == "deed.done" and run.job.event.cause != "deed:9":
            with transaction.atomic():
                jobs.announce("deed.done", cause="deed:9", title="Again", by=SYSTEM)
                jobs.announce("deed.followed", cause="deed:8", title="Theirs", by=SYSTEM)

    monkeypatch.setattr(jobs, "perform", lambda _task, job_id: jobs.run_job(job_id, follows))
    announced()

    assert jobs.run_outstanding("tests") == 2

    assert Job.objects.filter(state=JobState.DONE).count() == 2
    assert Job.objects.get(state=JobState.QUEUED).task == "others.do_nothing"
