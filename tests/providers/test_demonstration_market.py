"""The demonstration's market: as large and as full as England's was, and told so twice."""

import datetime as dt
import random

import pytest
from django.db import transaction
from django.db.models import Count, Q

from commissioning.models import Partnership
from commissioning.services.reference import load_reference
from pathways.demonstration.england import england
from pathways.demonstration.geography import chosen_partnerships
from providers.choices import OccupancyKind
from providers.demonstration.houses import BEDS, SERVICES
from providers.demonstration.market import load_market
from providers.demonstration.registrar import BY
from providers.models import Occupancy, Place, PlaceEvent, Service
from providers.services.places.correcting import history_of
from reporting.demonstration.loading import HOME, found

TODAY = dt.date(2007, 2, 15)
CHOSEN = [HOME, "00CJ", "00CK", "20", "00FK"]


@pytest.fixture(scope="module")
def market(django_db_setup, django_db_blocker):
    """Loaded once for the module, and taken back after it."""
    with django_db_blocker.unblock(), transaction.atomic():
        load_reference(by=BY)
        found(england(chosen_partnerships(CHOSEN)))
        load_market(home=HOME, keepers={}, today=TODAY, tell=print)
        yield
        transaction.set_rollback(True)


@pytest.fixture
def counted(market, django_db_blocker):
    with django_db_blocker.unblock():
        yield


def beds():
    return Place.objects.filter(
        service__interventions__intervention="residential-rehabilitation", overbooked_for=""
    )


def occupancy(night):
    """Of the beds in service on a night, those that somebody is in."""
    there = beds().open_on(night)
    on = Q(occupancies__nights__contains=night)
    counts = there.aggregate(
        open=Count("pk", distinct=True),
        taken=Count("pk", filter=on & Q(occupancies__kind=OccupancyKind.OCCUPIED), distinct=True),
        out=Count(
            "pk", filter=on & Q(occupancies__kind=OccupancyKind.OUT_OF_SERVICE), distinct=True
        ),
    )
    return counts["taken"] / (counts["open"] - counts["out"])


def test_england_has_its_rehabilitation_services_and_beds(counted):
    services = Service.objects.filter(interventions__intervention="residential-rehabilitation")
    assert services.count() == SERVICES
    assert beds().open_on(TODAY).count() == BEDS
    prices = services.values_list("interventions__weekly_price", flat=True)
    assert all(240 <= price <= 1_000 for price in prices)


@pytest.mark.parametrize("back", [0, 45, 120, 200, 319])
def test_beds_are_as_full_as_they_were(counted, back):
    assert occupancy(TODAY - dt.timedelta(days=back)) == pytest.approx(0.835, abs=0.01)


def test_what_is_taken_is_what_the_history_says(counted):
    places = random.Random(1).sample(list(Place.objects.order_by("pk")), 150)
    for place in places:
        history = history_of(place)
        nights = history.nights(today=TODAY)
        rows = Occupancy.objects.filter(place=place)
        assert {row.began_id: (row.nights.lower, row.nights.upper) for row in rows} == nights
        assert (place.opened_on, place.closed_on) == (history.opened_on, history.closed_on)
    assert PlaceEvent.objects.filter(corrects__isnull=False).exists()
    assert Place.objects.exclude(overbooked_for="").count() == 1


def test_a_provider_works_in_several_tiers_and_some_areas_have_no_evening(counted):
    spans = Service.objects.values("provider").annotate(
        tiers=Count("interventions__tier", distinct=True)
    )
    assert max(one["tiers"] for one in spans) >= 3
    home = Partnership.objects.get(organisation__code=HOME)
    assert Service.objects.filter(catchment=home).exists()


def test_is_loaded_once(counted):
    before = [model.objects.count() for model in (Service, Place, PlaceEvent, Occupancy)]
    load_market(home=HOME, keepers={}, today=TODAY, tell=print)
    assert before == [model.objects.count() for model in (Service, Place, PlaceEvent, Occupancy)]
