"""The nights that the database adds up of spells that ended are those one counts night by night:
whatever was written, by however many at once, and nobody waits for it."""

import datetime as dt
import itertools
import threading

import pytest
from django.db import OperationalError, connection, transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from psycopg.types.range import DateRange

from commissioning.scoping import System
from providers.choices import MoveOn, OccupancyKind, PlaceKind
from providers.models import NightSum, Occupancy
from providers.selectors.utilisation.occupancy import Scope, occupancy_of
from providers.services.places import admit, leave, open_places
from tests.commissioning.plans.racing import at_once
from tests.factories.places import OccupancyFactory
from tests.factories.providers import PlaceEventFactory, PlaceFactory, ServiceFactory
from tests.providers.nights_told import DAY, counted, kept

BY = System("a test")
FIRST = dt.date(2006, 12, 20)
TODAY = dt.date(2007, 2, 15)
KINDS = [OccupancyKind.OCCUPIED, OccupancyKind.OUT_OF_SERVICE, OccupancyKind.BOOKED]
AFTER = dt.timedelta(days=200)  # from one spell of a place to the next

spells = st.tuples(
    st.integers(0, 3),  # of which place
    st.integers(0, 60),
    st.integers(1, 90),
    st.sampled_from(KINDS),
    st.booleans(),
)
written = st.lists(
    st.one_of(
        st.tuples(st.just("take"), st.lists(spells, max_size=5)),
        st.tuples(st.just("end"), st.booleans()),
        st.tuples(st.just("move"), st.integers(1, 40)),
        st.tuples(st.just("drop"), st.sampled_from(KINDS)),
    ),
    max_size=8,
)


@pytest.mark.django_db
@settings(
    max_examples=30,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # as found: each step is slow
    suppress_health_check=list(HealthCheck),
)
@given(deeds=written)
def test_they_are_the_nights_whatever_is_written(deeds):
    with transaction.atomic():
        service = ServiceFactory()
        places = [
            *(PlaceFactory(service=service, kind=kind) for kind in (PlaceKind.BED, "CASELOAD")),
            PlaceFactory(),
            PlaceFactory(service=service, overbooked_for="Snow"),
        ]
        numbers = itertools.count()

        for deed, what in deeds:
            DEEDS[deed](places, what, numbers)
            assert kept() == counted()

        transaction.set_rollback(True)


def takes(places, drawn, numbers):
    """Spells one after the other, all written by one statement."""
    rows = []
    for at, start, length, kind, is_ended in drawn:
        since = FIRST + next(numbers) * AFTER + start * DAY
        words = {"nights": DateRange(since, since + length * DAY), "kind": kind}
        rows.append(
            OccupancyFactory.build(
                began=PlaceEventFactory(place=places[at], on=since),
                is_ended=is_ended,
                **words,
            )
        )
    Occupancy.objects.bulk_create(rows)


def ends(_places, is_ended, _numbers):
    Occupancy.objects.update(is_ended=is_ended)


def moves(_places, days, _numbers):
    """Every spell is so many nights long."""
    rows = list(Occupancy.objects.all())
    for row in rows:
        row.nights = DateRange(row.nights.lower, row.nights.lower + days * DAY)
    Occupancy.objects.bulk_update(rows, ["nights"])


def drops(_places, kind, _numbers):
    Occupancy.objects.filter(kind=kind).delete()


DEEDS = {"take": takes, "end": ends, "move": moves, "drop": drops}


@pytest.mark.django_db
def test_of_spells_that_are_gone_nothing_is_kept():
    OccupancyFactory(is_ended=True)
    assert NightSum.objects.exists()

    Occupancy.objects.all().delete()

    assert not NightSum.objects.exists()


@pytest.mark.django_db
def test_the_month_that_runs_is_told_up_to_last_night():
    """Of those who left it has the nights that are kept, of those who are in it so far."""
    places = [PlaceFactory(opened_on=FIRST, closed_on=None) for _ in range(2)]
    spell_of(places[0], dt.date(2007, 1, 30), dt.date(2007, 2, 10), is_ended=True)
    spell_of(places[1], dt.date(2007, 2, 12), None)
    months = [(dt.date(2007, 1, 1), dt.date(2007, 2, 1)), (dt.date(2007, 2, 1), TODAY)]

    found = occupancy_of(Scope(), months)

    assert [one.occupied for one in found.by_month] == [2, 9 + 3]
    assert [found.by_provider[one.service.provider_id].occupied for one in places] == [11, 3]
    assert [one.nights.occupied for one in found.by_kind] == [14]


def spell_of(place, since, until, *, is_ended=False):
    return OccupancyFactory(
        began__place=place,
        nights=DateRange(since, until),
        planned_until=until,
        is_ended=is_ended,
    )


def a_house(beds):
    """A service whose beds all have somebody, since different days."""
    service = ServiceFactory(opened_on=FIRST)
    labels = [f"Bed {number}" for number in range(beds)]
    places = open_places(
        service=service, labels=labels, kind=PlaceKind.BED, on=FIRST, today=TODAY, by=BY
    )
    for number, place in enumerate(places):
        admit(place=place, on=FIRST + number % 20 * DAY, today=TODAY, by=BY)
    return places


def leaves(place, number=0):
    on = TODAY - number % 25 * DAY
    leave(place=place, on=on, today=TODAY, move_on=MoveOn.OWN_HOME, by=BY)


@pytest.mark.django_db(transaction=True)
def test_they_are_the_nights_after_many_left_at_once():
    places = a_house(60)

    came = at_once(12, 60, lambda number: leaves(places[number], number))

    assert came == {"done": 60}
    assert kept() == counted()
    assert NightSum.objects.count() <= 12 * 3


def crossing():
    """Two who write of a month each and then of the other's; what became of those who failed."""
    service = ServiceFactory()
    rows = [
        spell_of(PlaceFactory(service=service), day, day + 5 * DAY)
        for day in (dt.date(2007, 1, 3), dt.date(2007, 2, 3)) * 2
    ]
    Occupancy.objects.update(is_ended=True)
    both_wrote, faults = threading.Barrier(2, timeout=20), []

    def write(first, second):
        try:
            with transaction.atomic():
                Occupancy.objects.filter(pk=first.pk).update(is_ended=False)
                both_wrote.wait()
                Occupancy.objects.filter(pk=second.pk).update(is_ended=False)
        except OperationalError as fault:
            faults.append(fault.__cause__.sqlstate)
        finally:
            connection.close()

    threads = [
        threading.Thread(target=write, args=pair) for pair in (rows[:2], [rows[3], rows[2]])
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return faults


@pytest.mark.django_db(transaction=True)
def test_two_who_write_of_two_months_in_opposite_orders_do_not_cross():
    assert crossing() == []
    assert kept() == counted()


@pytest.mark.django_db(transaction=True)
def test_in_one_row_that_everybody_writes_they_would_cross(owner_connection):
    """The control: why a row that another is writing is passed by."""
    name = owner_connection.execute(
        "SELECT tgname FROM pg_trigger WHERE tgname LIKE 'pgtrigger_night_sums_follow_spells%'"
    ).fetchone()[0]
    body = owner_connection.execute("SELECT pg_get_functiondef(%s::regproc)", [name]).fetchone()[0]
    assert "FOR UPDATE SKIP LOCKED" in body
    owner_connection.execute(body.replace("FOR UPDATE SKIP LOCKED", "FOR UPDATE"))

    assert crossing() == ["40P01"]
