"""Where partnerships lie, and how far it is between places."""

import math
import statistics
from collections import defaultdict

import pytest
from django.db.models import Value

from commissioning.models import Partnership
from commissioning.reference import partnership_centres, partnerships
from commissioning.rules.distance import EARTH_MILES, degrees_around
from commissioning.scoping import System
from commissioning.selectors.distance import miles_between
from commissioning.services.reference import load_reference
from tests.factories.commissioning import PartnershipFactory

# No region of England reaches further from its middle than Cornwall from the South West's.
FURTHEST = 130
BY = System("a test")
CENTRES = {row.code: row for row in partnership_centres()}


def straight_line_miles(latitude, longitude, other_latitude, other_longitude):
    """Along a great circle, by the chord between the two points through the earth."""
    chord = math.dist(_point(latitude, longitude), _point(other_latitude, other_longitude))
    return 2 * EARTH_MILES * math.asin(chord / 2)


def _point(latitude, longitude):
    """On a globe of radius one."""
    north, east = math.radians(float(latitude)), math.radians(float(longitude))
    return (
        math.cos(north) * math.cos(east),
        math.cos(north) * math.sin(east),
        math.sin(north),
    )


def far(one, other):
    return straight_line_miles(one.latitude, one.longitude, other.latitude, other.longitude)


def test_every_partnership_has_one_centre_in_england():
    assert [row.code for row in partnership_centres()] == [row.code for row in partnerships()]
    for row in partnership_centres():
        assert 49.8 < row.latitude < 55.9, row.code
        assert -6.5 < row.longitude < 1.8, row.code


def test_each_lies_near_the_others_of_its_region():
    by_region = defaultdict(list)
    for row in partnerships():
        by_region[row.region].append(CENTRES[row.code])
    for centres in by_region.values():
        latitude = statistics.median(one.latitude for one in centres)
        longitude = statistics.median(one.longitude for one in centres)
        for one in centres:
            away = straight_line_miles(one.latitude, one.longitude, latitude, longitude)
            nearest = min(far(one, other) for other in centres if other is not one)
            assert away < FURTHEST, one
            assert nearest < 75, one


@pytest.mark.parametrize(
    ("here", "there", "miles"),
    [
        # Between the cities' middles, as atlases of great circles have it.
        (("51.5074", "-0.1278"), ("53.4808", "-2.2426"), 162.9),  # London, Manchester
        (("50.0", "-1.0"), ("51.0", "-1.0"), 69.1),  # one degree of a meridian
        (("52.0", "1.0"), ("52.0", "1.0"), 0),
    ],
)
def test_a_distance_is_that_of_the_great_circle(here, there, miles):
    assert straight_line_miles(*here, *there) == pytest.approx(miles, abs=0.6)


@pytest.mark.django_db
def test_the_database_measures_the_great_circle():
    for number, row in enumerate(partnership_centres()[::15]):
        PartnershipFactory(
            organisation__code=f"C{number}", latitude=row.latitude, longitude=row.longitude
        )
    PartnershipFactory(organisation__code="NONE")
    middle = CENTRES["00CN"]

    found = Partnership.objects.annotate(
        miles=miles_between(
            "latitude",
            "longitude",
            other_latitude=middle.latitude,
            other_longitude=Value(float(middle.longitude)),
        )
    )

    for one in found:
        if one.latitude is None:
            assert one.miles is None
        else:
            assert one.miles == pytest.approx(far(one, middle), abs=1e-6)


@pytest.mark.django_db
def test_the_centres_are_loaded_with_the_partnerships_and_what_was_changed_stays():
    load_reference(by=BY)
    assert not Partnership.objects.filter(latitude__isnull=True).exists()
    darlington = Partnership.objects.get(organisation__code="00EH")
    assert darlington.latitude == CENTRES["00EH"].latitude
    Partnership.objects.filter(pk=darlington.pk).update(latitude="54.5")

    load_reference(by=BY)

    darlington.refresh_from_db()
    assert str(darlington.latitude) == "54.50000"


@pytest.mark.parametrize("miles", [1, 30, 100])
def test_all_that_is_near_lies_within_the_degrees_around(miles):
    north, east = degrees_around(miles)
    for here in CENTRES.values():
        for there in CENTRES.values():
            if far(here, there) <= miles:
                assert abs(here.latitude - there.latitude) <= north
                assert abs(here.longitude - there.longitude) <= east
    # And the degrees are not much more than what is near: along the edge in the far north.
    assert straight_line_miles(55.9, -2, 55.9 - float(north), -2) == pytest.approx(miles, rel=0.01)
    assert straight_line_miles(55.9, -2, 55.9, -2 + float(east)) == pytest.approx(miles, rel=0.02)
