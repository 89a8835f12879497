"""The components in a real browser: readable by everybody, within the content-security policy."""

import pytest
from playwright.sync_api import expect

from tests.stories.everybody import assert_everybody_can_use, assert_fits, assert_in_sight

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def gallery(live_server, page, settings):
    """The gallery, opened; at the end nothing may have been said on the console."""
    settings.DEBUG = True
    said = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))

    def visit(query=""):
        page.goto(f"{live_server.url}/gallery/{query}")
        page.wait_for_selector("figure[data-chart]:not([data-ready]) >> nth=0", state="detached")
        return page

    yield visit
    assert said == []


@pytest.mark.parametrize("width", [1280, 390])
def test_everybody_can_use_every_component(gallery, page, width):
    page.set_viewport_size({"width": width, "height": 900})
    gallery("?errors=1&region=NW&value_min=1000")

    assert_everybody_can_use(page)


@pytest.mark.parametrize("width", [390, 640])
def test_a_narrow_page_does_not_scroll_sideways(gallery, page, width):
    page.set_viewport_size({"width": width, "height": 800})
    gallery()

    assert_fits(page)


def test_a_wide_table_scrolls_in_a_frame_one_can_reach_by_keyboard(gallery, page):
    page.set_viewport_size({"width": 660, "height": 800})
    frame = gallery().get_by_role("region", name="Contracts")

    frame.focus()
    page.keyboard.press("ArrowRight")
    # Asked again and again from outside: the page's policy evaluates no words of its own accord.
    for _ in range(100):
        if frame.evaluate("one => one.scrollLeft") > 0:
            break
        page.wait_for_timeout(50)
    assert frame.evaluate("one => one.scrollLeft") > 0


def test_on_a_telephone_a_row_is_a_stack_with_its_state_below_the_name(gallery, page):
    page.set_viewport_size({"width": 390, "height": 800})
    row = gallery().get_by_role("region", name="Contracts").get_by_role("row").nth(1)

    for cell in row.get_by_role("cell").all():
        assert_in_sight(cell)


def test_a_chart_offers_its_table_its_link_and_its_files(gallery, page):
    chart = gallery().locator("#waits-chart")

    chart.get_by_text("Show as table").click()
    with page.expect_download() as download:
        chart.get_by_role("button", name="PNG").click()

    expect(chart.get_by_role("row", name="Oct–Dec 2006 83% 89% 87%")).to_be_visible()
    assert download.value.suggested_filename == "waits.png"
    expect(chart.get_by_role("button", name="Copy link")).to_be_visible()
    expect(chart.get_by_role("link", name="SVG")).to_be_visible()


def test_progress_asks_until_the_work_is_over_and_then_stops(gallery, page):
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    gallery()

    page.get_by_text("Return checked: 12,000 of 12,000").nth(1).wait_for()
    page.wait_for_timeout(2500)

    assert len([url for url in asked if url.endswith("/gallery/progress/")]) == 1


def test_a_list_is_sorted_by_its_headers(gallery, page):
    gallery()

    page.get_by_role("link", name="Annual value").click()

    header = page.get_by_role("columnheader", name="Annual value")
    expect(header).to_have_attribute("aria-sort", "ascending")
    assert page.locator("tbody th[scope=row]").filter(has_text="Wigan").count() >= 1


def test_an_error_leads_to_its_field(gallery, page):
    gallery("?errors=1")

    page.get_by_role("link", name="Choose the file of the return").click()

    expect(page.locator("[name=file]")).to_be_focused()
    assert page.title().startswith("Error: ")


@pytest.mark.parametrize("errors", ["", "?errors=1"])
def test_the_page_works_without_scripts(live_server, browser, settings, errors):
    settings.DEBUG = True
    page = browser.new_context(java_script_enabled=False).new_page()

    page.goto(f"{live_server.url}/gallery/{errors}")

    assert page.locator("#waits-chart img").evaluate("picture => picture.naturalWidth") > 0
    expect(page.get_by_role("button", name="PNG")).to_have_count(0)
    page.context.close()


def test_in_print_charts_are_whole_and_navigation_is_gone(gallery, page):
    gallery()

    page.emulate_media(media="print")

    expect(page.locator("#waits-chart img")).to_be_visible()
    expect(page.locator("#waits-chart [data-chart-canvas]")).not_to_be_visible()
    expect(page.get_by_role("button", name="Apply filters")).not_to_be_visible()
    heads = page.locator("#table thead").evaluate("head => getComputedStyle(head).display")
    assert heads == "table-header-group"


def test_production_has_no_gallery(client):
    assert client.get("/gallery/").status_code == 404
