"""The page of the API in a real browser: shown whole within the content-security policy."""

import pytest
from playwright.sync_api import expect

from tests.factories.commissioning import NationFactory, PartnershipFactory, UserFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_it_shows_every_list_and_can_be_tried(sits_down):
    NationFactory()

    page = sits_down(UserFactory(commissioner_of=PartnershipFactory()), "/api/docs/")
    headings = page.get_by_role("heading", level=1)
    expect(headings).to_have_count(1)
    expect(headings).to_have_text("The API of Treatment commissioning")
    page.get_by_role("button", name="GET /api/areas/ Areas and providers").click()
    page.get_by_role("button", name="Try it out").click()
    page.get_by_role("button", name="Execute").click()

    page.get_by_text('"kind": "england"').first.wait_for()
    for path in ("/api/results/", "/api/returns/", "/api/long-waits/"):
        assert page.locator(f"[data-path='{path}']").count() >= 1
