"""A commissioner writes down an agency and what it offers; the gap of the area closes."""

import datetime as dt

import pytest
from playwright.sync_api import expect

from aftercare.models import AftercareLink
from tests.factories.commissioning import (
    NationFactory,
    PartnershipFactory,
    RegionFactory,
    RuleSetFactory,
    UserFactory,
)
from tests.stories.everybody import (
    assert_everybody_can_use,
    assert_everybody_can_use_at_every_width,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def area(settings):
    settings.BUSINESS_DAY = dt.date(2007, 2, 15)
    RuleSetFactory()
    return PartnershipFactory(region=RegionFactory(), organisation__name="Gateshead")


def test_a_commissioner_writes_down_an_agency_and_its_link_to_housing(sits_down, area):
    page = sits_down(UserFactory(commissioner_of=area), f"/partnership/{area.code}/partners/")
    expect(page.get_by_text("housing and support").first).to_be_visible()
    assert_everybody_can_use(page)

    page.get_by_role("button", name="Partner agencies").click()
    assert_everybody_can_use(page)
    page.get_by_role("button", name="Add a partner agency").click()
    assert_everybody_can_use(page)
    page.get_by_label("Name").fill("Tyne Housing")
    page.get_by_label("Telephone (optional)").fill("0191 498 0000")
    page.get_by_role("button", name="Add the agency").click()

    page.get_by_text("Add what it offers next.").wait_for()
    assert_everybody_can_use(page)
    page.get_by_label("Partner agency").select_option(label="Tyne Housing")
    page.get_by_label("Kind of link").select_option(label="Housing")
    page.get_by_label("Offer").fill("Six rooms for people who leave rehabilitation")
    page.get_by_label("Way to refer").fill("Ring the duty desk")
    page.get_by_role("button", name="Add the link").click()

    page.get_by_text("is shown at booking from now on").wait_for()
    assert_everybody_can_use(page)
    page.get_by_role("link", name="Tyne Housing").first.click()
    page.get_by_text("Ring the duty desk").wait_for()
    assert_everybody_can_use(page)
    assert AftercareLink.objects.get().partnership == area


def test_the_gaps_of_england_are_listed_for_a_reviewer_of_the_nation(sits_down, area):
    page = sits_down(UserFactory(reviewer_of=NationFactory()), "/england/partners/")

    expect(page.get_by_role("link", name="Gateshead")).to_be_visible()
    assert_everybody_can_use_at_every_width(page)
