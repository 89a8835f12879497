"""A commissioner follows a number from the list to its parts and its definition, in a browser."""

import pytest
from playwright.sync_api import expect

from tests.factories.commissioning import UserFactory
from tests.reporting.held import HeldResults
from tests.stories.everybody import assert_everybody_can_use, assert_fits_every_width

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def home():
    return HeldResults().partnerships[0]


@pytest.fixture
def desk(sits_down, home):
    """A page at which a commissioner of the first partnership is signed in."""
    return sits_down(UserFactory(commissioner_of=home), "/")


def drawn(page, identifier):
    page.locator(f"#{identifier}-chart[data-ready]").wait_for()


def test_a_number_is_followed_to_its_parts_and_its_definition(desk, home, live_server):
    desk.goto(f"{live_server.url}/partnership/{home.code}/indicators/?period=FY2005")
    assert_everybody_can_use(desk)
    desk.get_by_role(
        "link", name="First waits within target, voluntary clients", exact=True
    ).click()
    for chart in ("trend", "spread", "split-up"):
        drawn(desk, chart)
    assert_everybody_can_use(desk)

    desk.get_by_role("link", name="Sex", exact=True).click()
    drawn(desk, "split-up")
    desk.locator("#split-up-chart").get_by_text("Show as table").click()
    expect(desk.locator("#split-up-chart").get_by_role("rowheader", name="Women")).to_be_visible()
    desk.get_by_label("Share within how many days").fill("28")
    desk.locator("form", has_text="Share within").get_by_role("button", name="Show").click()
    desk.get_by_text("Within 28 days").wait_for()
    assert "by=sex" in desk.url
    assert "within=28" in desk.url

    with desk.expect_download() as file:
        desk.locator("#trend-chart").get_by_role("button", name="PNG").click()
    assert file.value.suggested_filename == "trend.png"

    desk.get_by_role("link", name="Definition", exact=True).first.click()
    desk.get_by_text("Show the query").click()
    assert_everybody_can_use(desk)
    desk.get_by_role("link", name="Across areas").click()
    drawn(desk, "areas")
    assert_everybody_can_use(desk)
    desk.get_by_role("link", name="Area", exact=True).click()
    expect(desk.get_by_role("columnheader", name="Area")).to_have_attribute(
        "aria-sort", "ascending"
    )


def test_no_page_scrolls_sideways(desk, home, live_server):
    own = f"/partnership/{home.code}/indicators/"

    for address in (
        "/indicators/?period=FY2005",
        "/indicators/WAIT-FIRST/?period=FY2005",
        "/indicators/WAIT-FIRST/definition/",
        f"{own}?period=FY2005",
        f"{own}RET-NEW/?period=FY2005&by=drug",
        f"{own}WAIT-MEDIAN/?period=FY2005",
    ):
        assert_fits_every_width(desk, f"{live_server.url}{address}")
