"""The home page: what is red, what got worse, what waits, by whom one acts for."""

import dataclasses
import datetime as dt

import pytest
from django.urls import reverse

from commissioning.choices import JobState
from commissioning.models import Event, Job
from commissioning.rule_settings import DEFAULTS
from commissioning.scoping import System
from commissioning.services.plans.quarters import open_reports
from pathways.services.checking import check_file
from pathways.services.receiving import receive_upload
from reporting.models import LongWait
from tests.commissioning.plans.written import written_plan
from tests.factories.commissioning import (
    NationFactory,
    PartnershipFactory,
    RuleSetFactory,
    UserFactory,
    signed_in,
)
from tests.factories.pathways import clients, ndtms_file
from tests.factories.plans import judged
from tests.factories.providers import AgencyFactory, ProviderFactory
from tests.factories.reporting import loaded_return, long_wait
from tests.query_counts import assert_counted


def said(page):
    """Each card as it is read."""
    return [f"{card.number} {card.sentence}" for card in page.context["cards"]]


def failed_job(organisation):
    event = Event.objects.create(name="refresh.asked", cause=f"a test:{organisation.pk}")
    return Job.objects.create(
        event=event, task="t", title="A job", organisation=organisation, state=JobState.FAILED
    )


class TestAPartnership:
    def test_looks_first_at_what_misses_its_target(self, england, client):
        signed_in(client, lead_of=england.dim)

        page = client.get("/")

        assert said(page)[0] == (
            "40% of voluntary clients were offered a first appointment in time in October to "
            "December 2006; the target is 85%. Down 50 points on July to September 2006."
        )
        card = page.context["cards"][0]
        assert (card.verdict, card.action) == ("Misses the target", "See first waits")
        assert client.get(card.href).status_code == 200

    def test_is_calm_where_nothing_is_wrong(self, england, client):
        signed_in(client, finance_approver_of=england.bright)

        page = client.get("/")

        assert page.context["cards"] == []
        assert "Nothing asks for you first" in page.content.decode()

    def test_waits_to_review_come_before_everything(self, england, client):
        agency = england.dim.agencies.get()
        long_wait(agency)
        signed_in(client, commissioner_of=england.dim)

        card = client.get("/").context["cards"][0]

        assert f"{card.number} {card.sentence}" == (
            "1 person has waited six weeks or longer and still waits. 1 wait in all asks for "
            "review, 1 of them found in the last week."
        )
        assert card.href == (
            reverse("reporting:partnership-long-waits", args=[england.dim.code]) + "?wait=open"
        )

    def test_says_how_long_is_long_by_the_rule_set_in_force(self, england, client):
        agency = england.dim.agencies.get()
        long_wait(agency)
        rules = dataclasses.replace(DEFAULTS, long_wait_days=28)
        RuleSetFactory(rules=rules, valid_from=dt.date(2007, 2, 1))
        signed_in(client, commissioner_of=england.dim)

        assert "1 person has waited four weeks or longer" in said(client.get("/"))[0]

    def test_lists_the_waits_one_looks_after(self, england, client):
        wait = long_wait(AgencyFactory())
        person = signed_in(client, commissioner_of=wait.partnership)
        LongWait.objects.update(owner=person)

        items = client.get("/").context["items"]

        assert f"Review wait {wait.pk}: 61 days" in [item.sentence for item in items]

    def test_asks_for_the_returns_that_did_not_come(self, england, client):
        agency = AgencyFactory(name="The Clinic")
        judged(agency.partnership)
        signed_in(client, lead_of=agency.partnership)

        page = client.get("/")

        assert said(page) == [
            "1 return for December 2006 has not come; it was due by 15 January 2007."
        ]
        (item,) = page.context["items"]
        assert (item.sentence, item.late) == (
            "Ask for the return of The Clinic for December 2006",
            True,
        )

    def test_has_at_most_seven_cards(self, england, client, monkeypatch):
        signed_in(client, lead_of=england.dim)
        monkeypatch.setattr("reporting.views.home.pages.MOST_CARDS", 1)
        failed_job(england.dim.organisation)

        assert len(client.get("/").context["cards"]) == 1

    def test_says_when_a_job_of_ours_stopped(self, england, client):
        partnership = PartnershipFactory()
        failed_job(partnership.organisation)
        signed_in(client, lead_of=partnership)

        assert said(client.get("/")) == ["1 job stopped by a fault; 0 more waiting or running."]


class TestAProvider:
    @pytest.fixture
    def agency(self, england):
        agency = AgencyFactory(name="The Clinic")
        loaded_return(agency, cut_off=dt.date(2006, 12, 31))
        return agency

    def test_sends_what_is_due(self, england, agency, client):
        signed_in(client, provider_manager_of=agency.provider)

        page = client.get("/")

        (item,) = page.context["items"]
        assert (item.sentence, item.due_on, item.late) == (
            "Send the return of The Clinic for January 2007",
            dt.date(2007, 2, 15),
            False,
        )
        assert client.get(item.href).status_code == 200

    def test_confirms_what_was_checked(self, england, agency, client):
        upload = receive_upload(
            stream=ndtms_file(clients(2, AGNCY=agency.code)),
            filename="january.csv",
            month=dt.date(2007, 1, 1),
            cut_off=dt.date(2007, 1, 31),
            provider=agency.provider,
            by=System("a test"),
            today=dt.date(2007, 2, 15),
        )
        check_file(number=upload.number, by=System("a test"))
        signed_in(client, provider_staff_of=agency.provider)

        page = client.get("/")

        assert page.context["cards"][0].number == "1 return"
        assert page.context["cards"][0].sentence.startswith("is checked and waits for you")
        (item,) = page.context["items"]
        assert item.sentence == f"Confirm return {upload.number} for January 2007"
        assert client.get(item.href).status_code == 200

    def test_who_reads_no_returns_is_not_asked_for_them(self, england, agency, client):
        signed_in(client, keyworker_of=agency.provider)

        page = client.get("/")

        assert (page.context["cards"], page.context["items"]) == ([], [])


class TestReviewers:
    def test_a_region_sees_which_partnerships_miss_the_target(self, england, client):
        signed_in(client, reviewer_of=england.region)

        page = client.get("/")

        assert "1 of 2 partnerships miss the target for first waits: Dim" in said(page)[0]
        compared = client.get(page.context["cards"][0].href.split("#")[0])
        assert [row.record.name for row in compared.context["table"].rows] == ["Dim"]

    def test_the_nation_sees_which_regions_do(self, england, client):
        signed_in(client, reviewer_of=england.nation)

        assert "regions miss the target for first waits: Northshire" in said(client.get("/"))[0]


class TestAdministrators:
    def test_see_people_without_a_role_and_jobs_that_stopped(self, england, client):
        nation = NationFactory()
        UserFactory(name="Nobody in particular", password="a password of theirs")
        failed_job(nation)
        signed_in(client, administrator_of=nation, password="a password of theirs")

        page = client.get("/")

        assert said(page) == [
            "1 job stopped by a fault; 0 more waiting or running.",
            "1 person can sign in and holds no role, so sees nothing of their own.",
        ]
        assert all(client.get(card.href).status_code == 200 for card in page.context["cards"])

    def test_see_no_figures(self, england, client):
        signed_in(client, administrator_of=england.nation, password="a password of theirs")

        assert said(client.get("/")) == []


def test_one_without_a_role_learns_who_can_give_one(england, client):
    signed_in(client)

    assert "You hold no role today" in client.get("/").content.decode()


def test_switching_the_organisation_switches_the_home_page(england, client):
    ours, theirs = PartnershipFactory(), ProviderFactory()
    person = signed_in(client, lead_of=ours, provider_manager_of=theirs)
    other = person.memberships.get(role="PROVIDER_MANAGER")

    client.post(reverse("commissioning:acting-organisation"), {"membership": other.pk})

    assert client.get("/").context["acting"].organisation == theirs.organisation


ROLES = {
    "home of a lead": ("lead_of", "dim"),
    "home of a provider": ("provider_manager_of", "provider"),
    "home of a region": ("reviewer_of", "region"),
    "home of the nation": ("reviewer_of", "nation"),
    "home of an administrator": ("administrator_of", "nation"),
}


@pytest.mark.parametrize("name", ROLES)
def test_the_number_of_queries_is_settled(england, client, name):
    role, place = ROLES[name]
    signed_in(client, **{role: getattr(england, place)})

    assert_counted(client, name, "/")

    for _ in range(5):
        long_wait(AgencyFactory(provider=england.provider, partnership=england.dim))
    assert_counted(client, name, "/")


@pytest.mark.parametrize(
    ("role", "place"),
    [
        ("lead", "dim"),
        ("commissioner", "dim"),
        ("care_manager", "dim"),
        ("finance_approver", "dim"),
        ("analyst", "dim"),
        ("provider_manager", "provider"),
        ("provider_staff", "provider"),
        ("keyworker", "provider"),
        ("reviewer", "region"),
        ("reviewer", "nation"),
        ("administrator", "nation"),
    ],
)
def test_every_word_of_the_menu_leads_to_a_page(england, client, role, place):
    signed_in(client, **{f"{role}_of": getattr(england, place)})

    menu = client.get("/").context["shell"].navigation

    assert {one.href: client.get(one.href).status_code for one in menu} == {
        one.href: 200 for one in menu
    }


class TestPlans:
    @pytest.fixture
    def made(self, settings):
        """A plan being monitored whose first report was due nine days ago."""
        settings.BUSINESS_DAY = dt.date(2006, 8, 8)
        made = written_plan(state="MONITORED")
        open_reports(plan=made.plan, by=System("a test"))
        return made

    def test_their_next_days_stand_among_the_dates_with_their_page(self, client, made):
        client.force_login(made.commissioner)

        dates = client.get("/").context["dates"]

        plan = reverse("commissioning:plan-detail", args=[made.partnership.code, "FY2006"])
        said = [(one.on, one.words, one.href) for one in dates if "Returns" not in one.words]
        assert said == [
            (dt.date(2006, 9, 30), "Milestone: Open a second clinic (A. Ward)", plan),
            (dt.date(2006, 9, 30), "Quarter ends: July to September 2006", ""),
            (
                dt.date(2006, 10, 30),
                "Quarterly report due: July to September 2006",
                plan,
            ),
        ]

    def test_a_late_report_is_not_called_calm(self, client, made):
        client.force_login(made.commissioner)

        page = client.get("/")

        assert [one.late for one in page.context["items"]] == [True]
        assert "What is overdue waits below." in page.content.decode()
