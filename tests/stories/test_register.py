"""A provider keeps its page and a commissioner finds it, in a browser."""

import datetime as dt
from decimal import Decimal

import pytest
from playwright.sync_api import expect

from tests.factories.commissioning import PartnershipFactory, RuleSetFactory, UserFactory
from tests.factories.plans import InterventionTypeFactory
from tests.factories.providers import ProviderFactory, ServiceFactory
from tests.factories.register import PracticeFactory
from tests.stories.everybody import assert_everybody_can_use

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def day(settings):
    """A Thursday."""
    settings.BUSINESS_DAY = dt.date(2007, 2, 15)
    RuleSetFactory()


@pytest.fixture
def area():
    return PartnershipFactory(
        organisation__name="Gateshead", latitude=Decimal("54.96"), longitude=Decimal("-1.60")
    )


def press(page, name):
    page.get_by_role("button", name=name, exact=True).click()


def test_a_provider_keeps_its_page_and_a_commissioner_finds_it(sits_down, area):
    provider = ProviderFactory(organisation__name="Tyne Care")
    InterventionTypeFactory(code="day-programme", is_structured=True)
    desk = sits_down(
        UserFactory(provider_manager_of=provider), f"/provider/{provider.code}/services/"
    )
    assert_everybody_can_use(desk)
    add_a_site(desk)
    add_a_service(desk)
    say_what_it_delivers(desk)
    set_its_hours(desk)

    ServiceFactory(name="Far away")
    desk = sits_down(UserFactory(commissioner_of=area), "/")
    find_it(desk)


def add_a_site(desk):
    desk.get_by_role("link", name="Sites", exact=True).click()
    desk.get_by_role("button", name="Add a site").click()
    assert_everybody_can_use(desk)
    desk.get_by_label("Name", exact=True).fill("Bridge House")
    desk.get_by_label("Address").fill("1 High Street, Gateshead")
    desk.get_by_label("First half of the postcode").fill("NE8")
    desk.get_by_label("Partnership in whose area it stands").select_option("Gateshead")
    desk.get_by_label("Latitude").fill("54.98")
    desk.get_by_label("Longitude").fill("-1.61")
    press(desk, "Add the site")
    expect(desk.get_by_text("Bridge House is added")).to_be_visible()


def add_a_service(desk):
    desk.get_by_role("link", name="Services", exact=True).first.click()
    desk.get_by_role("button", name="Add a service").click()
    assert_everybody_can_use(desk)
    desk.get_by_label("Name", exact=True).fill("Evening programme")
    desk.get_by_label("Site", exact=True).select_option("Bridge House")
    desk.get_by_label("Homeless people").check()
    press(desk, "Add the service")


def say_what_it_delivers(desk):
    desk.get_by_role("link", name="Add an intervention").click()
    desk.get_by_label("Intervention").select_option("Structured day programme")
    desk.get_by_label("Setting").select_option("Community drug clinic")
    desk.get_by_label("It follows a care plan").check()
    desk.get_by_label("It follows a comprehensive assessment").check()
    press(desk, "Show the tier the rule proposes")
    expect(desk.get_by_text("The rule proposes Tier 3.")).to_be_visible()
    assert_everybody_can_use(desk)
    press(desk, "Add the intervention")
    expect(desk.get_by_role("heading", name="Tier 3")).to_be_visible()
    expect(desk.get_by_text("Hours not stated")).to_be_visible()


def set_its_hours(desk):
    desk.get_by_role("link", name="Set the hours").click()
    desk.get_by_label("Monday").fill("9-17")
    press(desk, "Set the hours")
    expect(desk.get_by_text("Office hours only")).to_be_visible()
    desk.get_by_role("link", name="Set the hours").click()
    desk.get_by_label("Thursday").fill("9:00–20:30")
    assert_everybody_can_use(desk)
    press(desk, "Set the hours")
    expect(desk.get_by_text("Open in the evening, not at weekends")).to_be_visible()
    assert_everybody_can_use(desk)


def find_it(desk):
    desk.get_by_role("link", name="Partnership", exact=True).click()
    desk.get_by_role("link", name="Register", exact=True).first.click()
    expect(desk.get_by_role("link", name="Far away")).to_be_visible()
    desk.get_by_label("Intervention").select_option("Structured day programme")
    desk.get_by_label("For", exact=True).select_option("Homeless people")
    desk.get_by_label("Opening hours").select_option("Open this evening")
    desk.get_by_label("Within").select_option("5 miles")
    press(desk, "Apply filters")
    assert_everybody_can_use(desk)
    expect(desk.get_by_role("link", name="Far away")).not_to_be_visible()
    desk.set_viewport_size({"width": 390, "height": 800})
    assert_everybody_can_use(desk)
    desk.get_by_role("link", name="Evening programme").click()
    expect(desk.get_by_role("heading", name="When it is open")).to_be_visible()
    assert_everybody_can_use(desk)


def test_a_commissioner_starts_shared_care_and_reviews_it(sits_down, area):
    PracticeFactory(partnership=area, provider__organisation__name="Dr Bell and partners")
    desk = sits_down(UserFactory(commissioner_of=area), f"/partnership/{area.code}/primary-care/")
    expect(desk.get_by_text("No shared care", exact=True)).to_be_visible()
    assert_everybody_can_use(desk)

    desk.get_by_role("link", name="Dr Bell and partners").click()
    desk.get_by_label("Doctor providing core services").fill("3")
    press(desk, "Save the practice")
    expect(desk.get_by_text("Missing: Doctor providing enhanced services")).to_be_visible()

    desk.get_by_role("link", name="Start a shared-care scheme").click()
    desk.get_by_label("Name", exact=True).fill("Gateshead shared care")
    for part, typed in (("Day", "1"), ("Month", "6"), ("Year", "2007")):
        desk.get_by_label(part).fill(typed)
    press(desk, "Start the scheme")
    expect(desk.get_by_text("Not reviewed yet")).to_be_visible()

    desk.get_by_role("link", name="Add a practice").click()
    desk.get_by_label("Practice").select_option("Dr Bell and partners")
    press(desk, "Add the practice")
    desk.get_by_role("button", name="Record a review").click()
    desk.get_by_label("What was found").fill("Transfers take a week.")
    for part, typed in (("Day", "1"), ("Month", "2"), ("Year", "2008")):
        desk.get_by_label(part).last.fill(typed)
    assert_everybody_can_use(desk)
    press(desk, "Record the review")
    expect(desk.get_by_text("Reviewed", exact=True)).to_be_visible()
    expect(desk.get_by_text("Transfers take a week.")).to_be_visible()
    desk.set_viewport_size({"width": 390, "height": 800})
    assert_everybody_can_use(desk)
