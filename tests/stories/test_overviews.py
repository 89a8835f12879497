"""A reviewer goes from the home page to the partnership that misses the target, in a browser."""

import pytest
from playwright.sync_api import expect

from tests.factories.commissioning import UserFactory
from tests.reporting.measured_england import measured_england
from tests.stories.everybody import assert_everybody_can_use, assert_fits_every_width

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def england():
    return measured_england()


@pytest.fixture
def desk(sits_down, england):
    """A page at which the reviewer of Northshire is signed in, at home."""
    return sits_down(UserFactory(name="Robin Reed", reviewer_of=england.region), "/")


def test_the_partnership_that_misses_the_target_is_two_clicks_away(desk):
    desk.get_by_role("heading", name="Look here first", level=1).wait_for()
    assert_everybody_can_use(desk)

    desk.get_by_role("button", name="Compare them").click()
    desk.get_by_role("heading", name="Northshire", level=1).wait_for()
    expect(desk.get_by_role("table").first.get_by_role("row")).to_have_count(2)  # heads, and Dim
    assert_everybody_can_use(desk)
    desk.get_by_role("link", name="Dim", exact=True).click()

    desk.get_by_role("heading", name="Dim", level=1).wait_for()
    desk.get_by_text("40% of voluntary clients were offered").wait_for()
    assert_everybody_can_use(desk)


def test_a_period_is_chosen_and_the_address_keeps_it(desk, live_server, england):
    desk.goto(f"{live_server.url}/partnership/{england.dim.code}/")

    desk.get_by_label("Period").select_option(label="July to September 2006")
    desk.get_by_role("button", name="Show", exact=True).click()

    desk.get_by_text("90% of voluntary clients were offered").wait_for()
    assert "period=2006-Q2" in desk.url


def test_no_page_scrolls_sideways(desk, live_server, england):
    for address in (
        "/",
        "/england/?areas=partnerships",
        f"/region/{england.region.code}/",
        f"/partnership/{england.dim.code}/",
        f"/provider/{england.provider.code}/",
    ):
        assert_fits_every_width(desk, f"{live_server.url}{address}")
