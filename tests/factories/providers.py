"""Providers and their NDTMS agencies."""

import factory
from factory.django import DjangoModelFactory

from commissioning.choices import OrganisationKind
from providers.models import Agency, Provider
from tests.factories.commissioning import OrganisationFactory, PartnershipFactory


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
