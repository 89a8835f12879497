"""The calendar feed: whose days it holds, and that programs can read it."""

import datetime as dt

import pytest
from icalendar import Calendar

from commissioning.choices import MilestoneStatus, PlanState, PlanStep
from commissioning.models import DueDate, GridRow, Plan
from commissioning.services.calendar_feeds import make_calendar
from commissioning.services.plans.starting import start_plan
from tests.factories.commissioning import (
    PartnershipFactory,
    RegionFactory,
    RuleSetFactory,
    UserFactory,
)
from tests.factories.providers import ProviderFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def rules(settings):
    settings.BUSINESS_DAY = dt.date(2007, 2, 15)
    RuleSetFactory()


@pytest.fixture
def region():
    return RegionFactory()


@pytest.fixture
def partnership(region):
    return PartnershipFactory(region=region)


@pytest.fixture
def lead(partnership):
    return UserFactory(lead_of=partnership)


@pytest.fixture
def plan(partnership, lead):
    made = start_plan(partnership=partnership, year=2006, by=lead)
    Plan.objects.filter(pk=made.pk).update(state=PlanState.AGREED)
    GridRow.objects.create(
        plan=made,
        grid="ACCESS",
        number=1,
        objective="Shorter waits",
        action="Open on two evenings",
        by_when=dt.date(2007, 3, 9),
        by_whom="Joint commissioning manager",
    )
    return made


def days_in(client, person):
    """The summary of each day in the person's feed, by day."""
    answer = client.get(f"/calendar/{make_calendar(by=person)}.ics")
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/calendar")
    read = Calendar.from_ical(answer.content)
    return {(one["dtstart"].dt, str(one["summary"])) for one in read.walk("vevent")}


def test_a_partnership_reads_its_milestones_and_its_regions_days(client, lead, plan, region):
    DueDate.objects.create(
        organisation=region, year=2007, step=PlanStep.SUBMITTED, on=dt.date(2007, 3, 1)
    )
    found = days_in(client, lead)

    milestone = "Milestone: Open on two evenings (Joint commissioning manager)"
    assert (dt.date(2007, 3, 9), milestone) in found
    assert (dt.date(2007, 3, 1), f"Plan submitted for 2007/08: due ({region})") in found
    assert (dt.date(2007, 3, 31), "Quarter ends: January to March 2007") in found
    assert any(words.startswith("Returns for January 2007") for _, words in found)


def test_another_partnership_reads_none_of_them(client, plan, region):
    DueDate.objects.create(
        organisation=region, year=2007, step=PlanStep.SUBMITTED, on=dt.date(2007, 3, 1)
    )
    found = days_in(client, UserFactory(lead_of=PartnershipFactory()))

    assert not [words for _, words in found if "Milestone" in words or "Plan submitted" in words]


def test_a_milestone_that_is_done_is_not_a_date(client, lead, plan):
    GridRow.objects.update(status=MilestoneStatus.DONE)

    assert not [words for _, words in days_in(client, lead) if "Milestone" in words]


def test_a_provider_reads_no_day_of_plans(client, plan, partnership):
    found = days_in(client, UserFactory(provider_manager_of=ProviderFactory()))

    assert found
    assert all(words.startswith("Returns for") for _, words in found)


def test_the_questions_asked_do_not_grow_with_the_plans(
    client, lead, plan, django_assert_max_num_queries
):
    address = f"/calendar/{make_calendar(by=lead)}.ics"
    client.logout()

    with django_assert_max_num_queries(12):
        client.get(address)


def test_an_unknown_secret_finds_nothing(client):
    assert client.get("/calendar/of-nobody.ics").status_code == 404
