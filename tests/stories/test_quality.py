"""A manager states the staff and a registration; a commissioner reads them and prefers them."""

import datetime as dt

import pytest

from providers.models import PreferredProvider, StaffCount
from tests.factories.commissioning import PartnershipFactory, UserFactory
from tests.factories.providers import AgencyFactory, ProviderFactory
from tests.factories.quality import PreferredListFactory
from tests.stories.everybody import assert_everybody_can_use, assert_fits_every_width

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def provider(settings):
    settings.BUSINESS_DAY = dt.date(2007, 2, 15)
    found = ProviderFactory(organisation__name="Tyne Drug Action")
    AgencyFactory(provider=found, name="Bensham Road Clinic")
    return found


def fill_day(page, legend, day, month, year):
    group = page.get_by_role("group", name=legend)
    for label, number in (("Day", day), ("Month", month), ("Year", year)):
        group.get_by_label(label).fill(str(number))


def test_a_manager_states_staff_and_a_registration(sits_down, provider):
    manager = UserFactory(provider_manager_of=provider)
    page = sits_down(manager, f"/provider/{provider.code}/quality/")
    assert_everybody_can_use(page)

    page.get_by_role("link", name="State staff").click()
    assert_everybody_can_use(page)
    page.get_by_label("Nurse: posts").fill("5")
    page.get_by_label("Nurse: in post").fill("3.5")
    page.get_by_label("Nurse: gap in words").fill("Nobody on Sundays")
    page.get_by_role("button", name="Save").click()
    page.get_by_text("Staff are stated as of today.").wait_for()

    page.get_by_role("link", name="Add a record").click()
    assert_everybody_can_use(page)
    page.get_by_label("Kind").select_option(label="Registration")
    page.get_by_label("By whom (optional)").fill("The inspectorate")
    page.get_by_label("What came of it").fill("Registered for 12 beds")
    fill_day(page, "Day it was given or held", 1, 4, 2006)
    fill_day(page, "Holds until (optional)", 31, 3, 2007)
    page.get_by_role("button", name="Add the record").click()

    page.get_by_text("Registration by The inspectorate: runs out on 31 March 2007").wait_for()
    assert_everybody_can_use(page)
    assert StaffCount.objects.get().gap == "Nobody on Sundays"


def test_a_commissioner_names_the_provider_on_a_list(sits_down, provider):
    partnership = PartnershipFactory()
    PreferredListFactory(organisation=partnership.organisation, name="Detoxification")
    address = f"/partnership/{partnership.code}/preferred/"
    page = sits_down(UserFactory(commissioner_of=partnership), address)
    assert_everybody_can_use(page)

    page.get_by_role("link", name="Name a provider on Detoxification").click()
    assert_everybody_can_use(page)
    page.get_by_label("Provider").select_option(label="Tyne Drug Action")
    page.get_by_label("Evidence of quality").fill("Visited twice")
    fill_day(page, "Review by", 15, 2, 2008)
    page.get_by_role("button", name="Name the provider").click()

    page.get_by_role("link", name="Tyne Drug Action").click()
    page.get_by_role("link", name="What is known of its quality").wait_for()
    assert_everybody_can_use(page)
    assert PreferredProvider.objects.get().evidence == "Visited twice"


def test_no_page_scrolls_sideways(sits_down, live_server, provider):
    quality = f"/provider/{provider.code}/quality/"
    page = sits_down(UserFactory(provider_manager_of=provider), quality)

    for part in ("", "staff/", "competence/", "records/add/"):
        assert_fits_every_width(page, f"{live_server.url}{quality}{part}")
