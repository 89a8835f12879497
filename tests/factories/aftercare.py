"""Partner agencies and what they offer to whoever leaves treatment."""

import datetime as dt

import factory
from factory.django import DjangoModelFactory

from aftercare.choices import LinkKind
from aftercare.models import AftercareLink, PartnerAgency
from tests.factories.commissioning import PartnershipFactory
from tests.factories.providers import ServiceFactory


class PartnerAgencyFactory(DjangoModelFactory):
    """A body that a partnership of its own has written down."""

    organisation = factory.LazyFunction(lambda: PartnershipFactory().organisation)
    slug = factory.Sequence(lambda n: f"partner-{n}")
    name = factory.Sequence(lambda n: f"Partner {n}")

    class Meta:
        model = PartnerAgency


class LinkFactory(DjangoModelFactory):
    """Housing for the residents of a partnership, agreed and never confirmed since.

    `LinkFactory(service=service)` for those who leave a service.
    """

    partner = factory.SubFactory(PartnerAgencyFactory)
    partnership = factory.Maybe(
        "service", yes_declaration=None, no_declaration=factory.SubFactory(PartnershipFactory)
    )
    service = None
    kind = LinkKind.HOUSING
    offers = "A room for six months"
    how_to_refer = "By telephone"
    agreed_on = dt.date(2005, 4, 1)

    class Meta:
        model = AftercareLink


class ServiceLinkFactory(LinkFactory):
    """The same for whoever leaves a service of its own."""

    service = factory.SubFactory(ServiceFactory)
