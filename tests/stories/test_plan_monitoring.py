"""A report is written, signed, seen by the region and opened again, in a real browser."""

import datetime as dt
from decimal import Decimal

import pytest
from playwright.sync_api import expect

from commissioning.choices import EntryKind, PlanState
from commissioning.models import Entry, QuarterReport
from commissioning.services.plans import agreement
from reporting.services.forecasts import forecast_plans
from tests.commissioning.plans.written import written_plan
from tests.factories.commissioning import RuleSetFactory
from tests.stories.everybody import assert_fits_every_width

TODAY = dt.date(2006, 8, 8)
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def made(settings):
    """An agreed plan with £14,000 paid in May; its first report was due nine days ago."""
    settings.BUSINESS_DAY = TODAY
    RuleSetFactory()
    made = written_plan(state=PlanState.SUBMITTED, code="H-01")
    made.plan = agreement.agree_plan(plan=made.plan, by=made.reviewer, on=dt.date(2006, 3, 20))
    Entry.objects.create(
        allocation=made.plan.lines.get(number=1).allocations.get(),
        kind=EntryKind.PAYMENT,
        amount=Decimal("14000.00"),
        cause="invoice 1",
        on=dt.date(2006, 5, 2),
        system="a test",
    )
    forecast_plans(on=TODAY)
    return made


def addresses(made):
    plan = f"/partnership/{made.partnership.code}/plan/FY2006/monitoring/"
    return plan, f"/region/{made.region.code}/plans/FY2006/spend/"


def test_a_report_is_written_signed_seen_by_the_region_and_opened_again(desk, made):
    monitoring, _ = addresses(made)
    desk.sit(made.lead, "/")
    desk.page.get_by_role("link", name="Write and sign the report of April to June 2006").click()
    desk.sees("Overdue by 9 days")
    desk.everybody_can_use_it()
    desk.page.get_by_role("link", name="April to June 2006", exact=True).click()
    desk.everybody_can_use_it()

    desk.page.locator("#l1-spend").fill("a lot")
    desk.page.locator("#l1-starts").fill("12")
    desk.press("Save the report")
    desk.sees("“a lot” is not an amount")
    desk.everybody_can_use_it()
    desk.page.get_by_role("link", name="Line 1, spent").click()
    expect(desk.page.locator("#l1-spend")).to_be_focused()
    desk.page.locator("#l1-spend").fill("£15,500")
    desk.page.locator("select[id^=m]").select_option(label="Late")
    desk.press("Save, then sign")
    desk.sees("1 of 1 milestones is late")
    desk.everybody_can_use_it()
    desk.press("Sign the report")
    desk.sees("The report is signed, and the region is told.")
    desk.everybody_can_use_it()

    desk.sit(made.reviewer, f"/region/{made.region.code}/plans/FY2006/")
    desk.page.get_by_role("button", name="Spending and reports").click()
    desk.sees("1 of 4")
    desk.everybody_can_use_it()
    desk.go(f"{monitoring}q1/")
    desk.page.get_by_role("button", name="Open the report again").click()
    desk.page.get_by_label("Reason").fill("Line 2 lacks its starts.")
    desk.press("Open the report again")
    desk.sees("The report is open again")

    desk.sit(made.lead, f"{monitoring}q1/")
    desk.sees("Line 2 lacks its starts.")
    assert QuarterReport.objects.get(plan=made.plan, quarter=1).signed_by is None


def test_no_page_scrolls_sideways(desk, made):
    monitoring, spend = addresses(made)

    for person, where in (
        (made.lead, monitoring),
        (made.lead, f"{monitoring}q1/"),
        (made.reviewer, f"{monitoring}q1/"),
        (made.reviewer, spend),
    ):
        page = desk.sit(person, where)
        assert_fits_every_width(page, page.url)
