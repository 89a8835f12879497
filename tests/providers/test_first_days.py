"""The first day on which a full service has a place free, against looking day by day."""

import datetime as dt
import random

import pytest
from psycopg.types.range import DateRange

from providers.choices import OccupancyKind
from providers.models import Occupancy
from providers.selectors.register.search import Asked
from providers.selectors.vacancies.asked import Asking, Wanted
from providers.selectors.vacancies.first_days import first_free_days
from tests.factories.commissioning import PartnershipFactory
from tests.factories.places import OccupancyFactory
from tests.factories.providers import PlaceFactory, ServiceFactory

pytestmark = pytest.mark.django_db
START = dt.date(2007, 2, 16)
DAY = dt.timedelta(days=1)
NOW = dt.datetime(2007, 2, 15, 12, tzinfo=dt.UTC)
HORIZON = 300  # days within which everything drawn is over, or never is


def wanted(nights):
    until = START + nights * DAY
    return Wanted(start=START, until=until, intervention="any", service=Asked())


def asking():
    return Asking(now=NOW, fresh_hours=36, partnership=None, centre=None, on=START - DAY)


def fill(place, lot):
    """Spells by lot, some of which are held by nobody any more, and the last maybe without end."""
    at = START + DAY * lot.randrange(-40, 20)
    for _ in range(lot.randrange(4)):
        at += DAY * lot.choice([0, 0, 1, 3, 10])
        until = at + DAY * lot.randrange(1, 40)
        words = {"kind": OccupancyKind.OCCUPIED}
        if lot.random() < 0.4:
            ends = NOW + lot.choice([-1, 1]) * dt.timedelta(hours=3)
            held = {"partnership": PartnershipFactory(), "held_until": ends}
            words = {"kind": OccupancyKind.HELD, **held}
        is_endless = lot.random() < 0.2
        nights = DateRange(at, None if is_endless else until)
        OccupancyFactory(began__place=place, nights=nights, **words)
        if is_endless:
            return
        at = until


def by_hand(service, nights):
    for number in range(HORIZON):
        day = START + number * DAY
        for place in service.places.filter(overbooked_for=""):
            if all(is_free(place, day + night * DAY) for night in range(nights)):
                return day
    return None


def is_free(place, night):
    if night < place.opened_on or (place.closed_on is not None and night >= place.closed_on):
        return False
    rows = Occupancy.objects.filter(place=place).on(night)
    return all(row.held_until is not None and row.held_until <= NOW for row in rows)


@pytest.mark.parametrize("seed", range(6))
def test_it_is_the_day_one_finds_by_looking_at_every_night(seed):
    lot = random.Random(seed)
    services = [ServiceFactory() for _ in range(4)]
    for service in services:
        for number in range(lot.randrange(1, 4)):
            opened = START + DAY * lot.choice([-90, -90, 5])
            closes = lot.random() < 0.4
            place = PlaceFactory(
                service=service,
                opened_on=opened,
                closed_on=START + DAY * lot.randrange(5, 90) if closes else None,
                overbooked_for="Snow" if number == 2 else "",
            )
            fill(place, lot)
    nights = lot.choice([1, 7, 14])

    found = first_free_days([one.pk for one in services], wanted(nights), asking())

    by_day = {one.pk: by_hand(one, nights) for one in services}
    assert found == {pk: day for pk, day in by_day.items() if day is not None}


def test_of_a_place_that_stays_taken_nobody_knows_a_day():
    bed = PlaceFactory(opened_on=START - DAY)
    OccupancyFactory(began__place=bed, nights=DateRange(START - DAY, None), planned_until=None)

    assert first_free_days([bed.service_id], wanted(1), asking()) == {}
