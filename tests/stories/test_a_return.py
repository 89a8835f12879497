"""A provider sends its return, reads what was found, confirms it and sees it loaded."""

import re

import pytest
from playwright.sync_api import expect

from commissioning.services.jobs import run_outstanding
from pathways.models import Episode, Upload
from tests.factories.commissioning import PartnershipFactory, RuleSetFactory, UserFactory
from tests.factories.pathways import clients, ndtms_text
from tests.factories.providers import AgencyFactory
from tests.stories.everybody import assert_everybody_can_use

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def agency():
    RuleSetFactory()
    partnership = PartnershipFactory(organisation__code="00EH")
    return AgencyFactory(code="AG0001", name="High Street", partnership=partnership)


@pytest.fixture
def manager(agency):
    return UserFactory(provider_manager_of=agency.provider)


def twenty_rows():
    """Twenty clients: two discharged without a reason, one without a referral date."""
    rows = clients(20)
    for one in rows[:2]:
        one |= {"DISD": "20060601", "MODEND": "20060601"}
    rows[2]["REFLD"] = ""
    return ndtms_text(rows).encode()


def send(page, content):
    page.get_by_role("button", name="Send a return").click()
    page.get_by_label("File of the return").set_input_files(
        {"name": "january.csv", "mimeType": "text/csv", "buffer": content}
    )
    page.get_by_label("Reporting month").select_option("January 2007")
    page.get_by_role("button", name="Send return").click()


def test_a_provider_sends_a_return_and_sees_it_loaded(sits_down, manager, agency):
    page = sits_down(manager, f"/provider/{agency.provider.code}/returns/")
    send(page, twenty_rows())
    page.get_by_text("is received and is being checked").wait_for()

    run_outstanding()
    page.get_by_text("Waiting for you to confirm").wait_for()

    page.get_by_text(re.compile("^2 × .*DISRSN")).click()
    expect(page.get_by_role("rowheader", name="2", exact=True)).to_be_visible()
    expect(page.get_by_text("2 exits without a reason (DISRSN)")).to_be_visible()
    assert_everybody_can_use(page)

    page.get_by_role("button", name="Confirm return").click()
    page.get_by_role("button", name="Confirm return").click()
    page.get_by_role("alert").get_by_text("Say why the findings are right as they are.").wait_for()
    assert_everybody_can_use(page)
    page.get_by_label("Why the findings are right").fill("The reasons follow in March.")
    page.get_by_role("button", name="Confirm return").click()
    page.get_by_text("is being loaded; the figures follow within a minute").wait_for()

    run_outstanding()
    page.get_by_text("The reasons follow in March.").first.wait_for()
    page.get_by_role("link", name="Undo").wait_for()

    assert Episode.objects.current().count() == 19
    page.get_by_role("link", name=re.compile("^Returns of")).click()
    page.get_by_role("row", name=re.compile("January 2007.*Loaded")).first.wait_for()
    assert_everybody_can_use(page)


@pytest.mark.parametrize("width", [390, 1280])
def test_a_refused_file_says_why_and_keeps_what_was_typed(sits_down, manager, agency, width):
    page = sits_down(manager, f"/provider/{agency.provider.code}/returns/")
    page.set_viewport_size({"width": width, "height": 900})
    send(page, twenty_rows().replace(b'","', b'";"'))
    assert_everybody_can_use(page)

    run_outstanding()
    page.get_by_text("separated by semicolons").first.wait_for()
    assert_everybody_can_use(page)
    page.get_by_role("button", name="Send a corrected file").click()

    expect(page.get_by_label("Reporting month")).to_have_value("2007-01")
    assert Upload.objects.get().state == "REJECTED"
    assert_everybody_can_use(page)
