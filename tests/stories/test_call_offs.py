"""A place is found and held; a spot purchase goes from three streams to an early leaving."""

import datetime as dt
from decimal import Decimal

import pytest
from playwright.sync_api import expect

from providers.models import CallOff
from providers.services.calling_off import Purchase, request_call_off
from providers.services.places import state_no_change
from tests.factories.aftercare import LinkFactory
from tests.factories.call_offs import Market
from tests.stories.everybody import (
    assert_everybody_can_use,
    assert_fits_every_width,
    assert_in_sight,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TODAY = dt.date(2007, 2, 15)


@pytest.fixture
def market(settings):
    settings.BUSINESS_DAY = dt.date(2007, 2, 15)
    made = Market(names=("Gateshead", "Valley Trust"))
    state_no_change(service=made.service, by=made.keeper)
    LinkFactory(
        partner__organisation=made.partnership.organisation,
        partnership=made.partnership,
        partner__name="Tyne Homes",
    )
    return made


def on_a_day(desk, day, month, year):
    desk.get_by_label("Day", exact=True).fill(day)
    desk.get_by_label("Month", exact=True).fill(month)
    desk.get_by_label("Year", exact=True).fill(year)


def test_on_a_telephone_what_can_be_done_stands_beside_the_name(sits_down, market):
    request_call_off(
        occupancy=market.hold(nights=(dt.date(2007, 2, 15), dt.date(2007, 3, 15)), on=TODAY),
        intervention=market.kind,
        purchase=Purchase(weekly_price=Decimal(700), parts={market.parts[0].pk: Decimal(2800)}),
        by=market.carer,
        on=TODAY,
    )
    code = market.partnership.organisation.code
    desk = sits_down(market.carer, "/vacancies/?nights=28")
    desk.set_viewport_size({"width": 390, "height": 800})
    desk.goto(f"{desk.url}&sort=name")
    assert_everybody_can_use(desk)
    assert_in_sight(desk.get_by_role("link", name="Hold place at Valley House"))
    assert_in_sight(desk.get_by_role("cell", name="No contract"))
    desk = sits_down(market.carer, f"/partnership/{code}/call-offs/")
    desk.set_viewport_size({"width": 390, "height": 800})
    assert_everybody_can_use(desk)
    assert_in_sight(desk.get_by_role("cell", name="Waiting for approval"))


def test_a_place_is_bought_from_three_streams_and_left_early(sits_down, market, settings):
    desk = sits_down(market.carer, "/")
    finds_and_holds(desk)
    asks_for_money(desk)
    is_approved(sits_down, market)
    comes_and_leaves(sits_down, market, settings)


def finds_and_holds(desk):
    desk.get_by_role("link", name="Places", exact=True).click()
    desk.get_by_label("Nights", exact=True).fill("28")
    desk.get_by_role("button", name="Apply filters").click()
    desk.get_by_text("1 service", exact=True).wait_for()
    assert_everybody_can_use(desk)
    desk.get_by_label("Compare Valley House").check()
    desk.get_by_role("button", name="Compare those ticked").click()
    desk.get_by_role("heading", name="Compare places").wait_for()
    assert_everybody_can_use(desk)

    desk.get_by_role("link", name="Hold place at Valley House").click()
    assert_everybody_can_use(desk)
    desk.get_by_label("Case").fill("C-7")
    desk.get_by_role("button", name="Check").click()
    desk.get_by_text("28 nights").wait_for()
    assert_everybody_can_use(desk)
    desk.get_by_role("button", name="Hold place").click()
    desk.get_by_text("Bed 1 is held for 48 hours.").wait_for()
    desk.get_by_role("heading", name="Housing: Tyne Homes").wait_for()
    assert_everybody_can_use(desk)


def asks_for_money(desk):
    desk.get_by_label("Spot purchase without a contract").check()
    desk.get_by_role("button", name="Continue").click()
    desk.get_by_role("heading", name="2006/07: £2,800").wait_for()
    assert_everybody_can_use(desk)
    for stream, pounds in (("Pooled", "1400"), ("Mainstream", "1000"), ("Drug int", "400")):
        desk.get_by_label(stream).fill(pounds)
    desk.get_by_role("button", name="Check").click()
    desk.get_by_role("button", name="Send for approval").wait_for()
    assert_everybody_can_use(desk)
    desk.get_by_role("button", name="Send for approval").click()
    desk.get_by_text("It waits for another person's approval.").wait_for()
    assert_everybody_can_use(desk)


def is_approved(sits_down, market):
    number = CallOff.objects.get().pk
    desk = sits_down(market.approver, f"/call-offs/{number}/")
    desk.get_by_role("button", name="Approve").click()
    assert_everybody_can_use(desk)
    desk.get_by_role("button", name="Approve").click()
    desk.get_by_text("The place is booked and the money committed.").wait_for()
    code = market.partnership.organisation.code
    ledger = sits_down(market.lead, f"/partnership/{code}/plan/FY2006/ledger/")
    assert ledger.get_by_text(f"call-off:{number}", exact=True).count() >= 3


def comes_and_leaves(sits_down, market, settings):
    number = CallOff.objects.get().pk
    desk = sits_down(market.keeper, f"/call-offs/{number}/")
    desk.get_by_role("button", name="Accept").click()
    desk.get_by_role("button", name="Accept").click()
    desk.get_by_text("You expect the person.").wait_for()
    desk.get_by_role("button", name="Admit").click()
    assert_everybody_can_use(desk)
    desk.get_by_role("button", name="Admit").click()
    desk.get_by_text("The person is in the place.").wait_for()

    settings.BUSINESS_DAY = dt.date(2007, 2, 22)
    desk.get_by_role("button", name="End the stay").click()
    desk.get_by_role("heading", name="Housing: Tyne Homes").wait_for()
    assert_everybody_can_use(desk)
    desk.get_by_label("Where they went").select_option("OWN_HOME")
    desk.get_by_label("No: they left early").check()
    desk.get_by_role("button", name="End the stay").click()
    desk.get_by_text("Nights that were not used are not paid.").wait_for()

    desk = sits_down(market.carer, f"/call-offs/{number}/")
    desk.get_by_text("£700 is committed or paid for it.").wait_for()
    assert_everybody_can_use(desk)
    code = market.partnership.organisation.code
    ledger = sits_down(market.lead, f"/partnership/{code}/plan/FY2006/ledger/")
    expect(ledger.get_by_text(f"call-off:{number}:left", exact=True)).to_have_count(3)


def test_no_page_scrolls_sideways(sits_down, live_server, market):
    hold = market.hold(
        nights=(dt.date(2007, 2, 15), dt.date(2007, 3, 15)), on=dt.date(2007, 2, 15)
    )
    desk = sits_down(market.carer, "/vacancies/")
    code, provider = market.partnership.organisation.code, market.provider.organisation.code

    for page in (
        "/vacancies/?nights=28&also=full",
        f"/vacancies/compare/?service={provider}:{market.service.slug}",
        f"/vacancies/{provider}/{market.service.slug}/hold/",
        f"/holds/{hold.began_id}/call-off/",
        f"/partnership/{code}/call-offs/",
    ):
        assert_fits_every_width(desk, f"{live_server.url}{page}")
