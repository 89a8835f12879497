"""Many post to one ledger at once: no line is promised twice, no pound is lost, nobody deadlocks.

Each holds beside a control that lacks what makes it hold, and goes wrong.
"""

import itertools
import random
import threading
import time
from decimal import Decimal

import pytest
from django.db import OperationalError, connection, transaction
from django.db.models import F, QuerySet, Sum

from commissioning.choices import EntryKind
from commissioning.models import Allocation, Entry, Virement
from commissioning.scoping import System
from commissioning.services.ledger import commit_funds, decide_virement, pay
from commissioning.services.ledger.book import Book
from tests.commissioning.plans.racing import at_once
from tests.factories.commissioning import UserFactory
from tests.factories.ledger import DAY, allocated, line_of, plan_of

pytestmark = pytest.mark.django_db(transaction=True)
BY = System("a test")
LINE, EACH = Decimal(100_000), Decimal(1_000)
SENTENCE = (
    "£1,000 was asked for, and £0 is free on line 1. Community prescribing, Pooled treatment."
)
# Workers, attempts and trials for every push, and for every night.
CI, NIGHTLY = (16, 200, 3), (32, 1000, 20)
SIZES = [CI, pytest.param(NIGHTLY, marks=pytest.mark.nightly)]


def commits(part, causes):
    """A deed that commits £1,000 of the line for the next cause."""
    return lambda _number: commit_funds(
        allocation=part, amount=EACH, cause=f"contract {next(causes)}", by=BY, on=DAY
    )


def committed(part):
    entries = Entry.objects.filter(allocation=part, kind=EntryKind.COMMITMENT)
    return entries.aggregate(total=Sum("amount"))["total"]


@pytest.mark.parametrize("size", SIZES)
def test_a_line_of_100_000_bears_100_approvals_of_1_000_and_not_one_more(size):
    workers, attempts, trials = size
    for _ in range(trials):
        part = allocated(line_of(plan_of()), LINE)

        came = at_once(workers, attempts, commits(part, itertools.count()))

        assert came == {"done": 100, SENTENCE: attempts - 100}
        part.refresh_from_db()
        assert part.committed == committed(part) == LINE


def test_at_no_moment_is_more_committed_than_planned():
    part = allocated(line_of(plan_of()), LINE)
    seen, over = [], threading.Event()

    def watch():
        while not over.is_set():
            seen.append(Allocation.objects.get(pk=part.pk).headroom)
        connection.close()

    watching = threading.Thread(target=watch)
    watching.start()
    at_once(8, 150, commits(part, itertools.count()))
    over.set()
    watching.join()

    assert len(seen) > 20
    assert min(seen) >= 0


@pytest.fixture
def unlocked(monkeypatch):
    """Nobody takes the lock, and everybody thinks for a moment between reading and writing."""
    writes = Book.save

    def slowly(book):
        time.sleep(0.005)
        return writes(book)

    monkeypatch.setattr(Book, "save", slowly)
    monkeypatch.setattr(QuerySet, "select_for_update", lambda rows, **_: rows.all())


def test_without_the_lock_the_trigger_still_holds_the_line(unlocked):
    """But those who come too late get a fault and no sentence: hence the lock."""
    part = allocated(line_of(plan_of()), LINE)

    came = at_once(16, 200, commits(part, itertools.count()))

    assert committed(part) == LINE
    assert came["IntegrityError"] > 0


def test_without_the_lock_and_the_trigger_the_line_is_overspent(unlocked, owner_connection):
    part = allocated(line_of(plan_of()), LINE)
    name = owner_connection.execute(
        "SELECT tgname FROM pg_trigger WHERE tgname LIKE 'pgtrigger_promise_stays%'"
    ).fetchone()[0]
    body = owner_connection.execute(
        "SELECT pg_get_functiondef(%s::regproc)", [f"{name}()".removesuffix("()")]
    ).fetchone()[0]
    owner_connection.execute(body.replace("held.planned <", "FALSE AND held.planned <"))

    at_once(16, 200, commits(part, itertools.count()))

    assert committed(part) > LINE


# What others do: check a sum, then insert; by hand, or in a constraint trigger at commit.
SUM_THEN_INSERT = """
    INSERT INTO scratch (amount) SELECT 1000
     WHERE (SELECT coalesce(sum(amount), 0) FROM scratch) + 1000 <= 100000
"""
DEFERRED_SUM = """
    CREATE FUNCTION scratch_sum() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF (SELECT sum(amount) FROM scratch) > 100000 THEN
            RAISE EXCEPTION 'too much' USING ERRCODE = 'check_violation';
        END IF;
        RETURN NULL;
    END $$;
    CREATE CONSTRAINT TRIGGER scratch_sum AFTER INSERT ON scratch
        DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION scratch_sum();
"""


@pytest.mark.parametrize(
    ("trigger", "insert"),
    [("", SUM_THEN_INSERT), (DEFERRED_SUM, "INSERT INTO scratch (amount) VALUES (1000)")],
    ids=["sum then insert", "deferred sum trigger"],
)
def test_a_sum_that_takes_no_lock_overspends(owner_connection, trigger, insert):
    owner_connection.execute("CREATE TABLE scratch (amount numeric(12, 2) NOT NULL)")
    if trigger:
        owner_connection.execute(trigger)

    def commit(_number):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(insert)
            cursor.execute("SELECT pg_sleep(0.003)")

    # Whether two meet at the very last pound is chance: some rounds until they do.
    for _ in range(20):
        owner_connection.execute("DELETE FROM scratch")
        at_once(16, 200, commit)
        total = owner_connection.execute("SELECT sum(amount) FROM scratch").fetchone()[0]
        if total > 100_000:
            return
    pytest.fail("The control never overspent.")


def test_one_cause_asked_for_by_many_at_once_is_done_once():
    part = allocated(line_of(plan_of()), LINE)

    came = at_once(16, 100, commits(part, itertools.repeat("the same")))

    assert came == {"done": 100}
    assert committed(part) == EACH


def test_payments_and_commitments_at_once_leave_the_sums_of_their_entries():
    part = allocated(line_of(plan_of()), LINE)

    def either(number):
        if number % 2:
            commit_funds(allocation=part, amount=EACH, cause=f"c{number}", by=BY, on=DAY)
        else:
            pay(allocation=part, amount=EACH, cause=f"p{number}", by=BY, on=DAY, reason="So.")

    came = at_once(16, 120, either)

    assert came["done"] == 120
    part.refresh_from_db()
    sums = dict(part.entries.values_list("kind").annotate(Sum("amount")))
    assert part.committed == sums["COMMITMENT"] + sums.get("RELEASE", 0)
    assert (part.paid, sums["PAYMENT"]) == (60 * EACH, 60 * EACH)


@pytest.mark.parametrize(
    ("workers", "moves"), [(16, 200), pytest.param(32, 500, marks=pytest.mark.nightly)]
)
def test_virements_in_every_direction_conserve_the_total(workers, moves):
    plan = plan_of()
    parts = [allocated(line_of(plan), 1_000) for _ in range(20)]
    asker, approver = UserFactory(), UserFactory(lead_of=plan.partnership)
    assert approver.held_memberships()  # read before it is shared between threads
    chance = random.Random(2006)
    asked = []
    for number in range(moves):
        source, target = chance.sample(parts, 2)
        asked.append(
            Virement.objects.create(
                partnership=plan.partnership,
                source=source,
                target=target,
                amount=Decimal(chance.randint(1, 60_000)) / 100,
                cause=str(number),
                reason="So.",
                asked_by=asker,
            )
        )

    came = at_once(
        workers,
        moves,
        lambda number: decide_virement(virement=asked[number], approve=True, by=approver, on=DAY),
    )

    now = Allocation.objects.filter(line__plan=plan)
    assert sum(one.planned for one in now) == sum(one.amount for one in now) == 20_000
    assert min(one.headroom for one in now) >= 0
    done = came.pop("done")
    assert done == Virement.objects.filter(state="APPROVED").count() > 0
    assert all("what is committed or paid stays" in said for said in came)
    assert done + sum(came.values()) == moves


def test_two_who_lock_in_the_order_of_their_directions_stand_in_each_others_way():
    """The control: locks in the order of the rows' numbers are what keeps deadlocks away."""
    plan = plan_of()
    first, second = (allocated(line_of(plan), 10) for _ in range(2))
    both_hold_one, faults = threading.Barrier(2), []

    def move(source, target):
        try:
            with transaction.atomic():
                Allocation.objects.select_for_update().get(pk=source.pk)
                both_hold_one.wait()
                Allocation.objects.filter(pk=target.pk).update(amount=F("amount") + 1)
        except OperationalError as fault:
            faults.append(fault.__cause__.sqlstate)
        finally:
            connection.close()

    pairs = [(first, second), (second, first)]
    threads = [threading.Thread(target=move, args=pair) for pair in pairs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert faults == ["40P01"]
