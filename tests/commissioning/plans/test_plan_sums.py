"""What the database adds up of each plan and stream is what its allocations and entries come to:
after whatever was written, by however many at once, and nobody waits for it.

Each way of keeping it stands beside a control that keeps it otherwise, and goes wrong.
"""

import itertools
import random
import threading
from collections import defaultdict
from decimal import Decimal

import pytest
from django.db import OperationalError, connection, transaction
from django.db.models import Sum
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from commissioning.choices import EntryKind
from commissioning.models import Allocation, Entry, PlanSum
from commissioning.rules.posting import POSTINGS
from commissioning.scoping import System
from commissioning.services.ledger import commit_funds, pay
from tests.commissioning.plans.racing import at_once
from tests.factories.ledger import DAY, allocated, line_of, plan_of, stream

BY = System("a test")
SUMMED = ("amount", "planned", "committed", "paid")
STREAMS = ("pooled-treatment", "police")


def kept():
    """Plan, stream → the sums that the database keeps; nothing where there is nothing."""
    rows = PlanSum.objects.order_by().values_list("plan", "stream").annotate(*map(Sum, SUMMED))
    return {(plan, code): tuple(sums) for plan, code, *sums in rows if any(sums)}


def naive():
    """The same from every allocation and every entry, one by one."""
    found = defaultdict(lambda: dict.fromkeys(SUMMED, Decimal(0)))
    for part in Allocation.objects.select_related("line"):
        found[part.line.plan_id, part.stream_id]["amount"] += part.amount
    for entry in Entry.objects.select_related("allocation__line"):
        part = entry.allocation
        sums = found[part.line.plan_id, part.stream_id]
        sums[POSTINGS[entry.kind].adds_to] += entry.amount
    return {key: tuple(sums.values()) for key, sums in found.items() if any(sums.values())}


places = st.tuples(st.integers(0, 3), st.sampled_from(STREAMS))
pounds = st.integers(0, 60_000).map(lambda pence: Decimal(pence) / 100)
written = st.lists(
    st.one_of(
        st.tuples(st.just("take"), st.dictionaries(places, pounds, max_size=6)),
        st.tuples(st.just("change"), pounds),
        st.tuples(st.just("move"), st.integers(0, 3)),
        st.tuples(st.just("drop"), st.sampled_from(STREAMS)),
        st.tuples(st.just("post"), st.lists(st.tuples(places, pounds), max_size=6)),
    ),
    max_size=12,
)


@pytest.mark.django_db
@settings(
    max_examples=40,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # as found: each step is slow
    suppress_health_check=list(HealthCheck),
)
@given(deeds=written)
def test_they_are_the_sums_whatever_is_written(deeds):
    with transaction.atomic():
        plans = [plan_of() for _ in range(2)]
        lines = [line_of(plan) for plan in plans for _ in range(2)]
        causes = itertools.count()
        for code in STREAMS:
            stream(code)

        for deed, what in deeds:
            DEEDS[deed](lines, what, causes)
            assert kept() == naive()

        transaction.set_rollback(True)


def takes(lines, wanted, _causes):
    Allocation.objects.bulk_create(
        [
            Allocation(line=lines[at], stream_id=code, amount=amount)
            for (at, code), amount in wanted.items()
        ],
        update_conflicts=True,
        unique_fields=["line", "stream"],
        update_fields=["amount"],
    )


def changes(_lines, amount, _causes):
    Allocation.objects.update(amount=amount)


def moves(lines, at, _causes):
    """A line's part of the one stream becomes one of the other."""
    one, other = STREAMS
    if not Allocation.objects.filter(line=lines[at], stream=other).exists():
        Allocation.objects.filter(line=lines[at], stream=one).update(stream=other)


def drops(_lines, code, _causes):
    Allocation.objects.filter(stream=code, entries=None).delete()


def posts(lines, wanted, causes):
    parts = {(one.line_id, one.stream_id): one for one in Allocation.objects.all()}
    Entry.objects.bulk_create(
        Entry(
            allocation=parts[lines[at].pk, code],
            kind=EntryKind.PAYMENT if number % 2 else EntryKind.ALLOCATION,
            amount=amount,
            cause=str(next(causes)),
            on=DAY,
            system="a test",
        )
        for number, ((at, code), amount) in enumerate(wanted)
        if amount and (lines[at].pk, code) in parts
    )


DEEDS = {"take": takes, "change": changes, "move": moves, "drop": drops, "post": posts}


@pytest.mark.django_db
def test_of_a_plan_that_is_gone_nothing_is_kept():
    plan = plan_of()
    line = line_of(plan)
    Allocation.objects.create(line=line, stream=stream(), amount=5)
    assert PlanSum.objects.filter(plan=plan).exists()

    plan.delete()

    assert not PlanSum.objects.exists()


def a_plan_to_post_to():
    plan = plan_of()
    return [
        allocated(line_of(plan), 10_000, code) for code, _ in itertools.product(STREAMS, range(4))
    ]


def post_at_once(parts, *, workers=12, deeds=240):
    """Commitments and payments on every line of a plan, from many sides."""
    chance = random.Random(2006)
    drawn = [(chance.choice(parts), Decimal(chance.randint(1, 5_000)) / 100) for _ in range(deeds)]

    def post(number):
        part, amount = drawn[number]
        words = {"allocation": part, "amount": amount, "cause": str(number), "by": BY, "on": DAY}
        if number % 3:
            commit_funds(**words)
        else:
            pay(**words, reason="So.")

    assert at_once(workers, deeds, post) == {"done": deeds}


@pytest.mark.django_db(transaction=True)
def test_they_are_the_sums_after_many_posted_at_once():
    parts = a_plan_to_post_to()

    post_at_once(parts)

    assert kept() == naive()
    assert PlanSum.objects.count() <= 12 * len(STREAMS)


def rewritten(owner_connection, trigger, before, after):
    """What follows a statement, with other words in it."""
    name = owner_connection.execute(
        "SELECT tgname FROM pg_trigger WHERE tgname LIKE %s", [f"pgtrigger_plan_sums_{trigger}%"]
    ).fetchone()[0]
    body = owner_connection.execute("SELECT pg_get_functiondef(%s::regproc)", [name]).fetchone()[0]
    assert before in body
    owner_connection.execute(body.replace(before, after))


@pytest.mark.django_db(transaction=True)
def test_added_up_anew_with_each_change_they_lose_what_others_have_not_saved(owner_connection):
    """The control: why a difference is added, and no sum written."""
    rewritten(
        owner_connection,
        "take_in_entries",
        "SET amount = amount + change.amount",
        "SET committed = (SELECT sum(committed) FROM commissioning_allocation whole"
        " WHERE whole.plan_id = change.plan_id AND whole.stream_id = change.stream_id),"
        " paid = (SELECT sum(paid) FROM commissioning_allocation whole"
        " WHERE whole.plan_id = change.plan_id AND whole.stream_id = change.stream_id)"
        " WHERE id = free; UPDATE commissioning_plansum SET amount = amount + change.amount",
    )
    rewritten(
        owner_connection,
        "take_in_entries",
        "committed = committed + change.committed, paid = paid + change.paid",
        "committed = committed",
    )
    parts = a_plan_to_post_to()
    for _ in range(5):  # whether two meet is chance
        post_at_once(parts)
        if kept() != naive():
            return
        parts = a_plan_to_post_to()
    pytest.fail("The control was never wrong.")


def crossing():
    """Two deeds on lines of their own, each posting to both streams, in opposite orders; what
    became of each that failed."""
    parts = a_plan_to_post_to()
    by_stream = {code: [one for one in parts if one.stream_id == code] for code in STREAMS}
    both_hold_one, faults = threading.Barrier(2, timeout=20), []

    def post(first, second, at):
        try:
            with transaction.atomic():
                Allocation.objects.filter(pk=by_stream[first][at].pk).update(amount=1)
                both_hold_one.wait()
                Allocation.objects.filter(pk=by_stream[second][at + 2].pk).update(amount=1)
        except OperationalError as fault:
            faults.append(fault.__cause__.sqlstate)
        finally:
            connection.close()

    one, other = STREAMS
    threads = [
        threading.Thread(target=post, args=words) for words in ((one, other, 0), (other, one, 1))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return faults


@pytest.mark.django_db(transaction=True)
def test_two_who_post_to_both_streams_in_opposite_orders_do_not_cross():
    assert crossing() == []
    assert kept() == naive()


@pytest.mark.django_db(transaction=True)
def test_in_one_row_that_everybody_writes_they_would_cross(owner_connection):
    """The control: why a row that another is writing is passed by."""
    rewritten(owner_connection, "follow_allocations", "FOR UPDATE SKIP LOCKED", "FOR UPDATE")

    assert crossing() == ["40P01"]


@pytest.mark.django_db(transaction=True)
def test_who_posts_waits_for_nobody_on_another_line():
    mine, theirs = a_plan_to_post_to()[:2]
    came = []

    def post():
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '2s'")
        commit_funds(allocation=theirs, amount=Decimal(5), cause="one", by=BY, on=DAY)
        came.append("done")
        connection.close()

    with transaction.atomic():
        commit_funds(allocation=mine, amount=Decimal(7), cause="other", by=BY, on=DAY)
        other = threading.Thread(target=post)
        other.start()
        other.join()
        assert came == ["done"]

    assert kept() == naive()
