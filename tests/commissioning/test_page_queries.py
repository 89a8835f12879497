"""How many queries the pages of the ground floor ask, whatever the number of rows on them."""

import pytest

from commissioning.services.notices import tell
from tests.architecture.world import World
from tests.factories.commissioning import (
    FactFactory,
    OrganisationFactory,
    PartnershipFactory,
    RuleSetFactory,
    UserFactory,
)
from tests.query_counts import assert_counted

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return World()


@pytest.fixture
def administrator(world, client):
    person = world.person("administrator")
    client.force_login(person)
    return person


def notice(person, number):
    tell(people=[person], sentence=f"Return {number} waits.", cause=f"a test:{number}", link="/")


def more_of_everything(world, person):
    """Several more of whatever a page may list."""
    for number in range(5):
        place = PartnershipFactory(region=world.region)
        UserFactory(commissioner_of=world.partnership, lead_of=place)
        FactFactory(organisation=world.partnership, kind="HAS_MEMBER", other=OrganisationFactory())
        RuleSetFactory()
        world._job(place.organisation)
        notice(person, number)


PAGES = {
    "administration": "/admin/",
    "organisations": "/admin/organisations/",
    "one organisation": "/admin/organisations/partnership/{partnership}/",
    "people": "/admin/people/",
    "one person": "/admin/people/{colleague}/",
    "rule sets": "/admin/rule-sets/",
    "one rule set": "/admin/rule-sets/{rule_set}/",
    "rule set to publish": "/admin/rule-sets/publish/",
    "framework": "/framework/",
    "jobs": "/jobs/",
    "one job": "/jobs/{job}/",
    "inbox": "/inbox/",
    "account": "/account/",
    "api keys": "/account/keys/",
}


@pytest.mark.parametrize("name", PAGES)
def test_the_number_is_settled(world, administrator, client, name):
    address = PAGES[name].format(
        partnership=world.partnership.code,
        colleague=world.colleague.code,
        rule_set=world.rule_set.code,
        job=world.job.pk,
    )
    notice(administrator, "first")

    assert_counted(client, name, address)

    more_of_everything(world, administrator)
    assert_counted(client, name, address)
