"""A keyworker counts a quarter by keyboard, mends it, says why it jumped, and confirms it."""

import datetime as dt

import pytest
from playwright.sync_api import expect

from providers.models import ActivityReturn
from tests.factories.activity import (
    ActivityCountFactory,
    ActivityReturnFactory,
    OpenAccessFactory,
)
from tests.factories.commissioning import PartnershipFactory, UserFactory
from tests.factories.plans import InterventionTypeFactory
from tests.stories.everybody import assert_everybody_can_use, assert_fits_every_width

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def exchange(settings):
    settings.BUSINESS_DAY = dt.date(2007, 2, 15)
    delivered = OpenAccessFactory(
        service__name="Quayside exchange", service__provider__organisation__name="Tyne Drug Action"
    )
    vaccines = InterventionTypeFactory(code="bbv-prevention")
    OpenAccessFactory(service=delivered.service, intervention=vaccines)
    before = ActivityReturnFactory(service=delivered.service, quarter="2006-Q2", confirmed=True)
    ActivityCountFactory(activity=before, delivered=delivered, number=100)
    return delivered


def test_a_quarter_is_counted_by_keyboard_mended_explained_and_confirmed(sits_down, exchange):
    provider = exchange.service.provider
    page = sits_down(UserFactory(keyworker_of=provider), f"/provider/{provider.code}/activity/")
    assert_everybody_can_use(page)
    page.get_by_role("link", name="Quayside exchange").first.click()
    page.get_by_role("button", name="Fill in").click()
    assert_everybody_can_use(page)

    page.get_by_label("Needle exchange: contacts").focus()
    for number in ("120", "400", "9", "4", "80", "1", "10", "12"):
        page.keyboard.type(number)
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.get_by_text("12 accepted, and only 10 offered.").wait_for()
    assert_everybody_can_use(page)
    expect(page.get_by_role("button", name="Confirm return")).to_have_count(0)
    page.get_by_role("link", name="Mend the numbers").click()
    page.get_by_label("vaccinations accepted").fill("8")
    page.get_by_role("button", name="Save and check").click()
    page.get_by_text("needle exchanges: 400, after 100 the quarter before.").wait_for()
    page.get_by_role("button", name="Confirm return").click()
    page.get_by_role("link", name="Enter the reason").wait_for()
    assert_everybody_can_use(page)
    page.get_by_label("Reason").fill("The van comes twice a week since October.")
    page.get_by_role("button", name="Confirm return").click()

    page.get_by_text("October to December 2006 is confirmed.").wait_for()
    assert_everybody_can_use(page)
    assert ActivityReturn.objects.get(quarter="2006-Q3").state == "CONFIRMED"


def test_a_commissioner_reads_what_was_counted(sits_down, exchange):
    partnership = PartnershipFactory()
    exchange.service.catchment.add(partnership)
    address = f"/partnership/{partnership.code}/activity/"
    page = sits_down(UserFactory(commissioner_of=partnership), address)

    assert_everybody_can_use(page)
    page.get_by_label("Quarter").select_option(label="July to September 2006")
    page.get_by_role("button", name="Show").click()

    page.get_by_role("cell", name="100", exact=True).first.wait_for()


def test_the_grid_scrolls_in_its_own_frame(sits_down, exchange):
    provider, service = exchange.service.provider, exchange.service
    address = f"/provider/{provider.code}/activity/2006-Q3/{service.slug}/fill-in/"
    page = sits_down(UserFactory(keyworker_of=provider), address)

    assert_fits_every_width(page, page.url)
