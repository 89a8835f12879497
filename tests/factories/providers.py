"""Providers and their NDTMS agencies, what is in the register, places and contracts."""

import datetime as dt
from decimal import Decimal

import factory
from factory.django import DjangoModelFactory

from commissioning.choices import OrganisationKind
from providers.choices import IN_FORCE_IN, ContractKind, PlaceEventKind, PlaceKind, Side
from providers.models import (
    Agency,
    Contract,
    ContractShare,
    DeliveredIntervention,
    Place,
    PlaceEvent,
    Provider,
    Service,
    Site,
)
from tests.factories.commissioning import OrganisationFactory, PartnershipFactory
from tests.factories.plans import InterventionTypeFactory

AWARDED_AT = dt.datetime(2006, 3, 1, 12, tzinfo=dt.UTC)


def _binds(contract):
    return getattr(contract, "state", None) in IN_FORCE_IN


class ProviderFactory(DjangoModelFactory):
    """An organisation that treats, without agencies."""

    organisation = factory.SubFactory(
        OrganisationFactory,
        kind=OrganisationKind.PROVIDER,
        code=factory.Sequence(lambda n: f"PR{n:03}"),
        name=factory.Sequence(lambda n: f"Provider {n}"),
    )

    class Meta:
        model = Provider


class AgencyFactory(DjangoModelFactory):
    """An agency in the community, in a partnership and of a provider of its own."""

    code = factory.Sequence(lambda n: f"AG{n:04}")
    name = factory.Sequence(lambda n: f"Agency {n}")
    provider = factory.SubFactory(ProviderFactory)
    partnership = factory.SubFactory(PartnershipFactory)

    class Meta:
        model = Agency


class SiteFactory(DjangoModelFactory):
    """A site in nobody's area in particular, without a position."""

    provider = factory.SubFactory(ProviderFactory)
    slug = factory.Sequence(lambda n: f"site-{n}")
    name = factory.Sequence(lambda n: f"Site {n}")
    address = "1 High Street"
    outcode = "NE8"
    opened_on = dt.date(2004, 4, 1)

    class Meta:
        model = Site


class ServiceFactory(DjangoModelFactory):
    """A service for anyone over 18, at a site of its own."""

    provider = factory.SubFactory(ProviderFactory)
    site = factory.SubFactory(SiteFactory, provider=factory.SelfAttribute("..provider"))
    slug = factory.Sequence(lambda n: f"service-{n}")
    name = factory.Sequence(lambda n: f"Service {n}")
    opened_on = dt.date(2004, 4, 1)

    class Meta:
        model = Service


class DeliveredFactory(DjangoModelFactory):
    """Residential rehabilitation, Tier 4, care-planned."""

    service = factory.SubFactory(ServiceFactory)
    intervention = factory.SubFactory(
        InterventionTypeFactory,
        code="residential-rehabilitation",
        name="Residential rehabilitation",
    )
    setting = "residential-unit"
    tier = 4
    proposed_tier = factory.SelfAttribute("tier")
    is_care_planned = True
    opened_on = dt.date(2004, 4, 1)

    class Meta:
        model = DeliveredIntervention


class PlaceFactory(DjangoModelFactory):
    """A bed, without a history."""

    service = factory.SubFactory(ServiceFactory)
    label = factory.Sequence(lambda n: f"Bed {n}")
    kind = PlaceKind.BED
    opened_on = dt.date(2004, 4, 1)

    class Meta:
        model = Place


class PlaceEventFactory(DjangoModelFactory):
    """A place was opened."""

    place = factory.SubFactory(PlaceFactory)
    kind = PlaceEventKind.OPENED
    on = dt.date(2004, 4, 1)
    system = "tests"

    class Meta:
        model = PlaceEvent


class ContractFactory(DjangoModelFactory):
    """A draft spot contract of one partnership, for the financial year 2006/07.

    With another `state` it was accepted and awarded, if that state says so.
    """

    reference = factory.Sequence(lambda n: f"contract-{n}")
    title = "Rehabilitation"
    kind = ContractKind.SPOT
    proposed_by = Side.COMMISSIONER
    provider = factory.SubFactory(ProviderFactory)
    lead = factory.SubFactory(PartnershipFactory)
    starts_on = dt.date(2006, 4, 1)
    ends_on = dt.date(2007, 4, 1)
    accepted_at = factory.LazyAttribute(lambda made: AWARDED_AT if _binds(made) else None)
    awarded_at = factory.LazyAttribute(lambda made: AWARDED_AT if _binds(made) else None)

    class Meta:
        model = Contract


class ContractShareFactory(DjangoModelFactory):
    """The whole of a contract, for its lead."""

    contract = factory.SubFactory(ContractFactory)
    partnership = factory.SelfAttribute("contract.lead")
    share = Decimal(100)

    class Meta:
        model = ContractShare
