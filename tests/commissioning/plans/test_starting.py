"""Starting a plan from nothing."""

import datetime as dt
import html

import pytest
from django.urls import reverse

from commissioning.models import Plan
from commissioning.services.plans.starting import PlanNotStarted, start_plan
from commissioning.tables import Table
from commissioning.views.plans import overview
from tests.factories.commissioning import PartnershipFactory, UserFactory
from tests.query_counts import assert_counted

pytestmark = pytest.mark.django_db


@pytest.fixture
def partnership():
    return PartnershipFactory()


@pytest.fixture
def lead(partnership):
    return UserFactory(lead_of=partnership)


def test_a_year_that_has_a_plan_gets_no_second(partnership, lead):
    start_plan(partnership=partnership, year=2006, by=lead)

    with pytest.raises(PlanNotStarted, match="has a plan for 2006/07 already"):
        start_plan(partnership=partnership, year=2006, by=lead)

    assert Plan.objects.filter(partnership=partnership).count() == 1


@pytest.fixture
def desk(client, lead, monkeypatch):
    """The lead's, in November 2006."""
    monkeypatch.setattr(overview, "business_day", lambda: dt.date(2006, 11, 22))
    client.force_login(lead)
    return client


def start_of(partnership):
    return reverse("commissioning:plan-start", args=[partnership.code])


def test_only_years_without_a_plan_are_offered_and_the_one_asked_for_is_chosen(
    desk, partnership, lead
):
    start_plan(partnership=partnership, year=2006, by=lead)

    shown = desk.get(start_of(partnership), {"year": "FY2007"})

    form = shown.context["form"]
    assert [code for code, _ in form.fields["year"].choices] == [2005, 2007, 2008]
    assert form["year"].value() == 2007
    assert desk.get(start_of(partnership)).context["form"]["year"].value() == 2007


def test_what_follows_a_plan_is_offered_to_be_rolled_forward(desk, partnership, lead):
    plan = start_plan(partnership=partnership, year=2006, by=lead)

    shown = desk.get(start_of(partnership)).content.decode()

    href = reverse("reporting:plan-roll", args=[partnership.code, plan.slug])
    assert f'href="{href}">Roll 2006/07 forward to 2007/08</a>' in shown


def test_where_every_year_has_a_plan_there_is_no_form(desk, partnership, lead):
    for year in (2005, 2006, 2007, 2008):
        start_plan(partnership=partnership, year=year, by=lead)

    shown = desk.get(start_of(partnership)).content.decode()

    assert "Every year that a plan can be started for now has one" in shown
    assert "Start the plan</button>" not in shown


def test_the_list_names_each_plan_and_is_sorted_filtered_and_downloaded(desk, partnership, lead):
    start_plan(partnership=partnership, year=2005, by=lead)
    start_plan(partnership=partnership, year=2006, by=lead)
    Plan.objects.create(
        partnership=partnership, year=2006, kind="JOINT", slug="FY2006-tier-4", name="Tier 4"
    )
    listed = reverse("commissioning:plan-list", args=[partnership.code])

    def names(**asked):
        rows = b"".join(desk.get(listed, {**asked, "format": "csv"})).decode().splitlines()[1:]
        return [row.split(",")[0] for row in rows]

    assert names() == ["Tier 4 2006/07", "Treatment plan 2006/07", "Treatment plan 2005/06"]
    assert names(sort="name")[0] == "Treatment plan 2005/06"
    assert names(year="2006", kind="OWN") == ["Treatment plan 2006/07"]
    assert "Choose from the list" in desk.get(listed, {"year": "1999"}).content.decode()
    assert_counted(desk, "plans of a partnership", listed)
    Plan.objects.create(partnership=partnership, year=2007, slug="FY2007")
    assert_counted(desk, "plans of a partnership", listed)


class TestAListWithNothingInIt:
    """It says that there is nothing yet; what to take out only where a filter is in use."""

    def said(self, desk, partnership, **asked):
        page = desk.get(reverse("commissioning:plan-list", args=[partnership.code]), asked)
        return page.content.decode()

    def test_says_that_there_is_nothing_yet(self, desk, partnership):
        said = self.said(desk, partnership)

        assert "No plan yet" in said
        assert "The partnership's lead or commissioner starts one." in html.unescape(said)
        assert "Take out a filter" not in said

    def test_with_a_filter_says_that_nothing_matches(self, desk, partnership, lead):
        start_plan(partnership=partnership, year=2006, by=lead)

        said = self.said(desk, partnership, state="CLOSED")

        assert "Nothing matches" in said
        assert "Take out a filter to see more." in said
        assert "No plan yet" not in said

    def test_a_filter_that_is_left_empty_is_none(self, desk, partnership):
        assert "Nothing matches" not in self.said(desk, partnership, state="", year="")

    def test_a_list_of_which_nothing_more_is_known_names_what_it_would_hold(self):
        class Bare(Table):
            counted = ("milestone", "milestones")

        assert Bare([]).nothing == ("No milestones yet", "")


def test_the_page_says_so(partnership, lead, client):
    start_plan(partnership=partnership, year=2006, by=lead)
    client.force_login(lead)

    page = client.post(
        reverse("commissioning:plan-start", args=[partnership.code]), {"year": "2006"}
    )

    assert "has a plan for 2006/07 already" in page.content.decode()
