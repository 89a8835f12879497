"""Quarterly returns of Tier 1 and Tier 2 work."""

import datetime as dt

import factory
from factory.django import DjangoModelFactory

from providers.choices import ActivityMeasure, ActivityState
from providers.models import ActivityCount, ActivityPart, ActivityReturn
from tests.factories.commissioning import PartnershipFactory, UserFactory
from tests.factories.plans import InterventionTypeFactory
from tests.factories.providers import DeliveredFactory, ServiceFactory


class OpenAccessFactory(DeliveredFactory):
    """Needle exchange, Tier 2."""

    intervention = factory.SubFactory(
        InterventionTypeFactory,
        code="needle-exchange",
        name="Needle exchange",
        is_structured=False,
    )
    setting = "community"
    tier = 2
    is_care_planned = False


class ActivityReturnFactory(DjangoModelFactory):
    """A return being filled in, for the first quarter of 2006/07."""

    service = factory.SubFactory(ServiceFactory)
    quarter = "2006-Q1"
    begun_by = factory.SubFactory(UserFactory)

    class Meta:
        model = ActivityReturn

    class Params:
        confirmed = factory.Trait(
            state=ActivityState.CONFIRMED,
            confirmed_at=dt.datetime(2006, 7, 20, tzinfo=dt.UTC),
            confirmed_by=factory.SelfAttribute("begun_by"),
        )


class ActivityCountFactory(DjangoModelFactory):
    """Forty exchanges."""

    activity = factory.SubFactory(ActivityReturnFactory)
    delivered = factory.SubFactory(
        OpenAccessFactory, service=factory.SelfAttribute("..activity.service")
    )
    measure = ActivityMeasure.EXCHANGES
    number = 40

    class Meta:
        model = ActivityCount


class ActivityPartFactory(DjangoModelFactory):
    """Ten of them for the residents of one partnership."""

    activity = factory.SubFactory(ActivityReturnFactory)
    delivered = factory.SubFactory(
        OpenAccessFactory, service=factory.SelfAttribute("..activity.service")
    )
    partnership = factory.SubFactory(PartnershipFactory)
    number = 10

    class Meta:
        model = ActivityPart
