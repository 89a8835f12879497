"""Many want one place at once: one has it, nobody deadlocks, the others are told whom to ring.

Each holds beside a control that lacks what makes it hold, and goes wrong.
"""

import datetime as dt
import random
import time

import pytest
from django.db import connection
from django.db.models import F
from psycopg.types.range import DateRange

from commissioning.scoping import System
from providers.choices import MoveOn, OccupancyKind, PlaceEventKind, PlaceKind
from providers.models import Occupancy, Place, PlaceEvent
from providers.services.places import (
    admit,
    book_place,
    hold_place,
    leave,
    locked,
    move,
    open_places,
    plan_departure,
    release_hold,
)
from tests.commissioning.plans.racing import at_once
from tests.factories.commissioning import PartnershipFactory
from tests.factories.providers import ServiceFactory

pytestmark = pytest.mark.django_db(transaction=True)
BY = System("a test")
LOCK = " FOR NO KEY UPDATE"
TODAY = dt.date(2007, 2, 15)
WEEK = (TODAY, TODAY + dt.timedelta(days=7))
SENTENCE = (
    "Bed 1 is not free on these nights. It is held from 15 February 2007 to 22 February 2007."
    " It falls free on 22 February 2007 at the earliest. Ring Valley House on 0191 498 0000."
)
# Workers, attempts and trials for every push, and for every night.
CI, NIGHTLY = (16, 100, 20), (32, 1000, 20)
SIZES = [CI, pytest.param(NIGHTLY, marks=pytest.mark.nightly)]


def beds(number):
    service = ServiceFactory(name="Valley House", telephone="0191 498 0000")
    return open_places(
        service=service,
        labels=[f"Bed {n}" for n in range(1, number + 1)],
        kind=PlaceKind.BED,
        on=TODAY - dt.timedelta(days=30),
        today=TODAY,
        by=BY,
    )


def nights(start, length):
    first = TODAY + dt.timedelta(days=start)
    return first, first + dt.timedelta(days=length)


def hold(place, partnership, nights=WEEK):
    return hold_place(
        place=place,
        nights=nights,
        partnership=partnership,
        case="C1",
        hours=48,
        by=BY,
        on=TODAY,
    )


def overlapping():
    """Pairs of nights that share one, of all places: there is never any."""
    pairs = Occupancy.objects.filter(
        place__occupancies__nights__overlap=F("nights"), pk__lt=F("place__occupancies__pk")
    )
    return pairs.count()


@pytest.mark.parametrize("size", SIZES)
def test_the_last_place_is_had_by_one_and_the_others_are_told_whom_to_ring(size):
    workers, attempts, trials = size
    partnership = PartnershipFactory()
    for _ in range(trials):
        (bed,) = beds(1)
        took = []

        def attempt(_number, bed=bed, took=took):
            began = time.perf_counter()
            try:
                hold(bed, partnership)
            finally:
                took.append(time.perf_counter() - began)

        came = at_once(workers, attempts, attempt)

        assert came == {"done": 1, SENTENCE: attempts - 1}
        assert Occupancy.objects.filter(place=bed).count() == 1
        assert PlaceEvent.objects.filter(place=bed, kind=PlaceEventKind.HELD).count() == 1
        assert sorted(took)[int(len(took) * 0.95)] < 1


def test_fifty_places_are_had_by_fifty():
    pool = beds(50)
    partnership = PartnershipFactory()

    came = at_once(16, 500, lambda number: hold(pool[number % 50], partnership))

    assert came["done"] == 50
    assert sum(came.values()) == 500
    assert len(came) == 51  # each of the others was told of the bed asked for
    assert Occupancy.objects.filter(place__in=pool).values("place").distinct().count() == 50


@pytest.mark.parametrize(
    ("workers", "attempts"), [(16, 400), pytest.param(32, 2000, marks=pytest.mark.nightly)]
)
def test_whatever_is_done_at_random_no_two_share_a_night(workers, attempts):
    pool = beds(3)
    partnership = PartnershipFactory()
    chance = random.Random(2006)
    plan = [
        (chance.random(), chance.randrange(60), chance.randint(1, 21)) for _ in range(attempts)
    ]

    def deed(number):
        which, start, length = plan[number]
        place = pool[number % 3]
        rows = Occupancy.objects.filter(place=place, is_ended=False).order_by("pk")
        row = rows[number % 2 : number % 2 + 1].first()
        if which < 0.5 or row is None:
            hold(place, partnership, nights(start, length))
        elif which < 0.6:
            book_place(occupancy=row, cause=f"call-off:{number}", by=BY, on=TODAY)
        elif which < 0.75:
            until = row.nights.lower + dt.timedelta(days=length)
            plan_departure(occupancy=row, until=until, today=TODAY, by=BY)
        elif which < 0.85:
            to = pool[(number + 1) % 3]
            move(occupancy=row, to=to, today=TODAY, by=BY, reason="A quieter room.")
        elif which < 0.95:
            release_hold(occupancy=row, by=BY, reason="Not needed.", on=TODAY)
        else:
            admit(place=place, on=TODAY, today=TODAY, planned_until=nights(0, length)[1], by=BY)

    came = at_once(workers, attempts, deed)

    faults = [said for said in came if " " not in said and said != "done"]
    assert faults == []
    assert came["done"] > attempts / 10
    assert overlapping() == 0


def test_one_leaves_while_others_come_and_the_place_is_never_lost():
    (bed,) = beds(1)
    partnership = PartnershipFactory()
    admit(place=bed, on=nights(-5, 1)[0], today=TODAY, by=BY)

    def either(number):
        if number == 20:
            leave(place=bed, on=TODAY, today=TODAY, move_on=MoveOn.OWN_HOME, by=BY)
        else:
            hold(bed, partnership)

    came = at_once(16, 200, either)

    assert came["done"] == 2
    assert overlapping() == 0
    assert Occupancy.objects.filter(place=bed).count() == 2


@pytest.fixture
def unlocked(monkeypatch):
    """Nobody takes the lock, and everybody thinks for a moment between looking and writing."""
    writes = locked.Ledger.become

    def slowly(ledger, after):
        time.sleep(0.005)
        return writes(ledger, after)

    monkeypatch.setattr(locked.Ledger, "become", slowly)
    assert locked.LOCKED.endswith(LOCK)
    monkeypatch.setattr(locked, "LOCKED", locked.LOCKED.removesuffix(LOCK))


def test_without_the_lock_the_constraint_still_gives_the_place_to_one(unlocked):
    """But those who come too late get a fault and no sentence, or a deadlock: hence the lock."""
    (bed,) = beds(1)
    partnership = PartnershipFactory()

    came = at_once(16, 100, lambda _number: hold(bed, partnership))

    assert Occupancy.objects.filter(place=bed).count() == 1
    assert came["IntegrityError"] + came["OperationalError"] > 0


def test_without_the_lock_and_the_constraint_the_place_is_had_by_several(
    unlocked, owner_connection
):
    owner_connection.execute(
        "ALTER TABLE providers_occupancy DROP CONSTRAINT place_has_one_thing_a_night"
    )
    (bed,) = beds(1)
    partnership = PartnershipFactory()

    at_once(16, 100, lambda _number: hold(bed, partnership))

    assert Occupancy.objects.filter(place=bed).count() > 1
    assert overlapping() > 0


@pytest.mark.parametrize(
    ("first", "second", "stands"),
    [
        ((0, 7), (7, 7), True),  # leaves and comes on one day
        ((7, 7), (0, 7), True),
        ((0, 7), (6, 1), False),
        ((0, 7), (2, 2), False),  # within
        ((2, 2), (0, 7), False),  # around
        ((0, 7), (0, 7), False),
        ((0, None), (30, 1), False),  # without an end
        ((5, None), (0, 5), True),
    ],
)
def test_the_constraint_alone_reads_nights_as_the_rules_do(first, second, stands):
    (bed,) = beds(1)
    rows = []
    for start, length in (first, second):
        begins = TODAY + dt.timedelta(days=start)
        ends = None if length is None else begins + dt.timedelta(days=length)
        event = PlaceEvent.objects.create(
            place=bed, kind=PlaceEventKind.ADMITTED, on=begins, system="a test"
        )
        rows.append(
            Occupancy(
                place=bed,
                began=event,
                nights=DateRange(begins, ends),
                kind=OccupancyKind.OCCUPIED,
            )
        )
    rows[0].save()
    try:
        rows[1].save()
    except Exception as refused:  # the name is the constraint's
        said = refused.__cause__.diag.constraint_name
    else:
        said = ""

    assert said == ("" if stands else "place_has_one_thing_a_night")


def test_places_are_locked_in_the_order_of_their_numbers():
    """Two who move people between the same two beds in opposite directions do not cross."""
    one, two = beds(2)
    stays = [
        admit(place=place, on=nights(-5, 1)[0], today=TODAY, planned_until=WEEK[1], by=BY)
        for place in (one, two)
    ]

    came = at_once(
        2,
        40,
        lambda number: move(
            occupancy=stays[number % 2],
            to=(two, one)[number % 2],
            today=TODAY,
            by=BY,
            reason="A quieter room.",
        ),
    )

    assert "OperationalError" not in came
    assert overlapping() == 0


def test_who_waits_too_long_for_a_place_gets_a_sentence(owner_connection):
    (bed,) = beds(1)
    owner_connection.execute("BEGIN")
    owner_connection.execute("SELECT 1 FROM providers_place WHERE id = %s FOR UPDATE", [bed.pk])

    def impatient(_number):
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = 50")
        hold(Place.objects.get(pk=bed.pk), partnership)

    partnership = PartnershipFactory()
    came = at_once(1, 1, impatient)
    owner_connection.execute("ROLLBACK")

    assert came == {
        "Somebody else is changing this place. Nothing was written: try again in a moment.": 1
    }
