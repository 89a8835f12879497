"""How many queries the pages of returns ask, whatever the number of agencies, rows and files."""

import pytest

from tests.factories.commissioning import (
    NationFactory,
    PartnershipFactory,
    RegionFactory,
    RuleSetFactory,
    UserFactory,
)
from tests.factories.pathways import clients
from tests.factories.providers import AgencyFactory
from tests.pathways.sent import checked, loaded
from tests.query_counts import assert_counted

pytestmark = pytest.mark.django_db
CODE = "HIGHST"  # none that a factory counts up to


@pytest.fixture
def region():
    return RegionFactory()


@pytest.fixture
def partnership(region):
    RuleSetFactory()
    return PartnershipFactory(organisation__code="00EH", region=region)


@pytest.fixture
def agency(partnership):
    return AgencyFactory(code=CODE, partnership=partnership)


PAGES = {
    "returns of a provider": ("provider_manager_of", "/provider/{provider}/returns/"),
    "return to send": ("provider_manager_of", "/provider/{provider}/returns/send/"),
    "one return": ("provider_manager_of", "/provider/{provider}/returns/{number}/"),
    "findings of a return": (
        "provider_manager_of",
        "/provider/{provider}/returns/{number}/findings/",
    ),
    "return to confirm": ("provider_manager_of", "/provider/{provider}/returns/{number}/confirm/"),
    "vanished of a return": (
        "provider_manager_of",
        "/provider/{provider}/returns/{number}/vanished/",
    ),
    "returns of a partnership": ("lead_of", "/partnership/{partnership}/returns/"),
    "returns of a region": ("reviewer_of", "/region/{region}/returns/"),
    "returns of England": ("reviewer_of", "/england/returns/"),
}


def who_reads(name, agency, region):
    role, address = PAGES[name]
    place = {
        "provider_manager_of": agency.provider,
        "lead_of": agency.partnership,
        "reviewer_of": NationFactory() if "england" in address else region,
    }[role]
    return UserFactory(**{role: place})


@pytest.mark.parametrize("name", PAGES)
def test_the_number_is_settled(client, agency, partnership, region, name):
    client.force_login(who_reads(name, agency, region))
    loaded(clients(30, AGNCY=CODE), provider=agency.provider)

    def asked(rows):
        upload = checked(rows, provider=agency.provider)
        address = PAGES[name][1].format(
            provider=agency.provider.code,
            number=upload.number,
            partnership=partnership.code,
            region=region.code,
        )
        assert_counted(client, name, address)

    wrong = {"DISD": "20060601", "MODEND": "20060601"}
    asked(clients(2, AGNCY=CODE, **wrong))

    others = AgencyFactory.create_batch(5, provider=agency.provider, partnership=partnership)
    rows = [
        *clients(20, AGNCY=CODE, **wrong),
        *(one for other in others for one in clients(3, AGNCY=other.code)),
    ]
    asked(rows)
