"""Many approve at once: 1,000 approvals of £1,000 against a line of £100,000, over 32 connections.

Each trial has a line of its own; exactly 100 are committed, the others are refused in a sentence,
and nobody deadlocks. The bare measure is the same number of single-row updates of one row, which
wait for each other just as long.
"""

import datetime as dt
import itertools
import statistics
import threading
from collections import Counter
from collections.abc import Callable
from decimal import Decimal

from django.db import connection
from django.db.models import F

from benchmarks import systems
from benchmarks.measuring import Line, ratio, taken, tell
from commissioning.choices import EntryKind, PlanState
from commissioning.kernel.errors import DomainError
from commissioning.models import Allocation, Entry, FundingStream, Partnership, Plan
from commissioning.models import Line as PlanLine
from commissioning.scoping import System
from commissioning.services.ledger import commit_funds

LEDGER = "benchmark_ledger"
TRIALS, ATTEMPTS, CONNECTIONS = 20, 1000, 32
LINE, EACH = Decimal(100_000), Decimal(1_000)
BEARS = 100  # approvals of £1,000 that a line of £100,000 bears
BY, DAY = System("benchmark"), dt.date(2006, 6, 1)
# An approval asks what its cause did before, locks, checks, writes an entry and its record: some
# times a bare update of the same row.
MOST_TIMES = 12.0


def measure() -> list[Line]:
    """In a database of its own, which this process is in afterwards."""
    tell("Approving against one line at once")
    systems.make_database(LEDGER)
    systems.enter(LEDGER)
    systems.found_england()
    plan = Plan.objects.create(
        partnership=Partnership.objects.order_by("pk")[0],
        year=2006,
        slug="FY2006",
        state=PlanState.AGREED,
    )
    found: Counter[str] = Counter()
    seconds, wrong = [], 0
    for trial in range(TRIALS):
        part = _line_of(plan, trial)
        with taken() as run:
            came = _at_once(_approvals(part))
        seconds.append(run.seconds)
        found += came
        part.refresh_from_db()
        wrong += part.committed != LINE or came["done"] != BEARS
        tell(f"trial {trial + 1}: {dict(came)}, {run.seconds:.1f} s")
    with taken() as bare:
        _at_once(_updates(_line_of(plan, TRIALS)))
    refused = sum(found.values()) - found["done"] - found["fault"]
    return [
        Line(
            f"{TRIALS} trials of {ATTEMPTS:,} approvals of £1,000 over {CONNECTIONS} connections",
            f"{found['done']:,} committed, {refused:,} refused in a sentence",
            "trials in which a line of £100,000 bore anything but 100: none",
            float(wrong),
            0.0,
        ),
        Line(
            "Deadlocks and other faults",
            f"{found['fault']:,}",
            "none",
            float(found["fault"]),
            0.0,
        ),
        ratio(
            f"A trial of {ATTEMPTS:,} approvals",
            statistics.median(seconds),
            bare.seconds,
            f"{ATTEMPTS:,} bare updates of the row",
            MOST_TIMES,
        ),
    ]


def _line_of(plan: Plan, number: int) -> Allocation:
    line = PlanLine.objects.create(plan=plan, number=number, position=number, name="A line")
    part = Allocation.objects.create(
        line=line, stream=FundingStream.objects.order_by("position")[0], amount=LINE
    )
    Entry.objects.create(
        allocation=part,
        kind=EntryKind.ALLOCATION,
        amount=LINE,
        cause="agreed",
        on=DAY,
        system=BY.name,
    )
    return part


def _approvals(part: Allocation) -> Callable[[int], object]:
    return lambda number: commit_funds(
        allocation=part, amount=EACH, cause=f"approval {number}", by=BY, on=DAY
    )


def _updates(part: Allocation) -> Callable[[int], object]:
    return lambda _number: Allocation.objects.filter(pk=part.pk).update(amount=F("amount") + 1)


def _at_once(deed: Callable[[int], object]) -> Counter[str]:
    """Every attempt, over all the connections: how often it was done, refused, or a fault."""
    numbers, begin = itertools.count(), threading.Barrier(CONNECTIONS)
    came: list[Counter[str]] = [Counter() for _ in range(CONNECTIONS)]

    def work(mine: Counter[str]) -> None:
        connection.ensure_connection()
        begin.wait()
        while (number := next(numbers)) < ATTEMPTS:
            mine[_outcome(deed, number)] += 1
        connection.close()

    threads = [threading.Thread(target=work, args=(one,)) for one in came]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(came, Counter())


def _outcome(deed: Callable[[int], object], number: int) -> str:
    try:
        deed(number)
    except DomainError as refused:
        return str(refused)
    except Exception:  # noqa: BLE001 - what it was is not the point: there may be none
        return "fault"
    return "done"
