"""Adding providers and agencies, and closing an agency."""

import datetime as dt

import pytest

from commissioning.choices import OrganisationKind
from commissioning.kernel.errors import NotPermitted
from commissioning.models import AuditEvent
from commissioning.services.organisations import OrganisationRefused
from providers.models import Agency, Provider
from providers.services.providers import AgencyRefused, add_agency, add_provider, close_agency
from tests.factories.commissioning import NationFactory, PartnershipFactory, UserFactory
from tests.factories.providers import AgencyFactory, ProviderFactory

pytestmark = pytest.mark.django_db
DAY = dt.date(2007, 2, 15)


@pytest.fixture
def administrator():
    return UserFactory(administrator_of=NationFactory())


def test_a_provider_is_an_organisation_that_treats(administrator):
    provider = add_provider(code="PHOENIX", name="Phoenix", opened_on=None, by=administrator)

    assert provider.organisation.kind == OrganisationKind.PROVIDER
    assert AuditEvent.objects.about(provider.organisation).get().person == administrator


def test_a_code_that_is_taken_is_refused_and_nothing_is_kept(administrator):
    taken = ProviderFactory()

    with pytest.raises(OrganisationRefused, match="already a provider"):
        add_provider(code=taken.code, name="Second", opened_on=None, by=administrator)

    assert Provider.objects.count() == 1


def test_an_agency_stands_in_a_partnership_and_its_trail_is_the_provider_s(administrator):
    provider, partnership = ProviderFactory(), PartnershipFactory()

    agency = add_agency(
        provider=provider, code="X001", name="Team", partnership=partnership, by=administrator
    )

    assert agency.partnership == partnership
    assert AuditEvent.objects.about(provider.organisation).get().details["code"] == "X001"


def test_an_agency_code_belongs_to_one_agency_of_england(administrator):
    AgencyFactory(code="X001")

    with pytest.raises(AgencyRefused, match="already an agency"):
        add_agency(
            provider=ProviderFactory(), code="X001", name="T", partnership=None, by=administrator
        )


def test_a_provider_manager_adds_no_agency():
    provider = ProviderFactory()

    with pytest.raises(NotPermitted):
        add_agency(
            provider=provider,
            code="X001",
            name="Team",
            partnership=None,
            by=UserFactory(provider_manager_of=provider),
        )

    assert not Agency.objects.exists()


def test_an_agency_closes_once(administrator):
    agency = close_agency(agency=AgencyFactory(), on=DAY, by=administrator)

    assert agency.closed_on == DAY
    with pytest.raises(AgencyRefused, match="closed on 15 February 2007"):
        close_agency(agency=agency, on=DAY, by=administrator)
