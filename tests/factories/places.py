"""Nights that are taken, boards and links."""

import datetime as dt

import factory
from factory.django import DjangoModelFactory
from psycopg.types.range import DateRange

from providers.choices import OccupancyKind, PlaceEventKind
from providers.models import Board, ConfirmLink, Occupancy
from tests.factories.commissioning import UserFactory
from tests.factories.providers import PlaceEventFactory, ServiceFactory

NIGHT = dt.date(2007, 2, 15)


class OccupancyFactory(DjangoModelFactory):
    """Somebody is in a place for a week."""

    began = factory.SubFactory(PlaceEventFactory, kind=PlaceEventKind.ADMITTED, on=NIGHT)
    place = factory.SelfAttribute("began.place")
    nights = DateRange(NIGHT, NIGHT + dt.timedelta(days=7))
    planned_until = NIGHT + dt.timedelta(days=7)
    kind = OccupancyKind.OCCUPIED

    class Meta:
        model = Occupancy


class BoardFactory(DjangoModelFactory):
    """A board that was stated once."""

    service = factory.SubFactory(ServiceFactory)
    stated_at = dt.datetime(2007, 2, 15, 9, tzinfo=dt.UTC)

    class Meta:
        model = Board


class ConfirmLinkFactory(DjangoModelFactory):
    """A link that was sent to somebody and is good for a long time."""

    service = factory.SubFactory(ServiceFactory)
    person = factory.SubFactory(UserFactory)
    digest = factory.Sequence(lambda n: f"{n:064}")
    expires_at = dt.datetime(2100, 1, 1, tzinfo=dt.UTC)

    class Meta:
        model = ConfirmLink
