"""A reviewer reads the market of the region and of England, in a browser."""

import datetime as dt
from decimal import Decimal

import pytest
from playwright.sync_api import expect

from commissioning.kernel.clock import technical_now
from tests.factories.commissioning import (
    NationFactory,
    PartnershipFactory,
    RegionFactory,
    RuleSetFactory,
    UserFactory,
)
from tests.factories.places import BoardFactory
from tests.factories.providers import DeliveredFactory, PlaceFactory, ServiceFactory
from tests.stories.everybody import assert_everybody_can_use_at_every_width

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def desk(sits_down, settings):
    """A reviewer of a region of three partnerships, in one of which a house has two beds."""
    settings.BUSINESS_DAY = dt.date(2007, 2, 15)
    RuleSetFactory()
    NationFactory()
    region = RegionFactory(code="A", name="North East")
    areas = [
        PartnershipFactory(
            region=region,
            organisation__name=name,
            latitude=Decimal(north),
            longitude=Decimal(west),
        )
        for name, north, west in (
            ("Gateshead", "54.96", "-1.60"),
            ("Durham", "54.78", "-1.57"),
            ("Sunderland", "54.90", "-1.38"),
        )
    ]
    house = ServiceFactory(site__partnership=areas[0], name="Valley House")
    DeliveredFactory(service=house)
    for _ in range(2):
        PlaceFactory(service=house)
    BoardFactory(service=house, stated_at=technical_now())
    return sits_down(UserFactory(reviewer_of=region), "/")


def choose(page, words):
    page.get_by_role("link", name=words, exact=True).click()


def test_from_home_to_capacity_gaps_and_the_map(desk):
    assert_everybody_can_use_at_every_width(desk)
    desk.get_by_role("button", name="See gaps").click()
    expect(desk.get_by_text("3 of 3 partnerships have a gap")).to_be_visible()
    assert_everybody_can_use_at_every_width(desk)

    choose(desk, "Services and places")
    expect(desk.get_by_text("1 of 1 boards (100%) were stated within 36 hours")).to_be_visible()
    desk.get_by_label("Intervention", exact=True).select_option("Residential rehabilitation")
    desk.get_by_role("button", name="Apply filters").click()
    expect(desk.get_by_role("cell", name="Residential rehabilitation")).to_be_visible()
    expect(desk.get_by_role("rowheader", name="Durham")).not_to_be_visible()
    assert_everybody_can_use_at_every_width(desk)

    desk.get_by_role("link", name="Map", exact=True).first.click()
    expect(desk.get_by_role("link", name="Gateshead: 2")).to_be_visible()
    assert_everybody_can_use_at_every_width(desk)
    choose(desk, "Occupancy of beds")
    desk.get_by_role("link", name="Gateshead: 0%").focus()
    desk.keyboard.press("Enter")
    desk.wait_for_url("**/partnership/**")
