"""A commissioner follows a void from the list to the night; a provider reads its heat map."""

import re

import pytest

from tests.providers.test_utilisation_pages import TODAY, Block
from tests.stories.everybody import assert_everybody_can_use, assert_fits

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def block(settings):
    settings.BUSINESS_DAY = TODAY
    return Block()


def test_a_void_is_followed_from_the_list_to_the_night(sits_down, block):
    desk = sits_down(block.writer, f"/partnership/{block.ours.code}/utilisation/")
    desk.get_by_role("heading", name="Utilisation of our contracts").wait_for()
    assert_everybody_can_use(desk)

    desk.get_by_role("link", name=block.contract.reference).click()
    desk.get_by_role("heading", name=re.compile("50% of the nights")).wait_for()
    assert_everybody_can_use(desk)
    desk.get_by_role("link", name="June 2006").click()
    desk.get_by_role("rowheader", name="30 June 2006").wait_for()
    desk.get_by_role("link", name="Every month").click()
    desk.get_by_role("rowheader", name="June 2006").wait_for()


def test_a_ceiling_is_seen_to_burn_down(sits_down, block):
    contract = block.with_ceiling("FRAMEWORK")

    desk = sits_down(block.writer, f"/contracts/{contract.reference}/utilisation/")
    desk.get_by_role("heading", name="£40,000 of £50,000 is left").wait_for()
    desk.get_by_text("Show as table").click()
    row = desk.locator("details[open]").get_by_role("row", name=re.compile("Aug"))
    assert "£40,000" in row.inner_text()
    assert_everybody_can_use(desk)


def test_a_provider_reads_its_heat_map(sits_down, block):
    desk = sits_down(block.manager, f"/provider/{block.provider.code}/utilisation/")
    desk.get_by_role("heading", name=re.compile("of bed-days available in February")).wait_for()
    assert_everybody_can_use(desk)

    desk.get_by_role("link", name="June 2006").click()
    desk.get_by_role("heading", name="75% of bed-days available in June 2006").wait_for()


@pytest.mark.parametrize("page_of", ["contract", "provider", "partnership"])
def test_the_pages_fit_a_telephone(sits_down, block, page_of):
    addresses = {
        "contract": f"/contracts/{block.contract.reference}/utilisation/",
        "provider": f"/provider/{block.provider.code}/utilisation/",
        "partnership": f"/partnership/{block.ours.code}/utilisation/",
    }
    desk = sits_down(block.writer, addresses[page_of])
    desk.set_viewport_size({"width": 390, "height": 800})

    assert_fits(desk)
