"""Overviews of areas, as whoever looks at them meets them."""

import csv
import io

import pytest

from reporting.models import MeasuredPeriod
from tests.factories.commissioning import PartnershipFactory, UserFactory, signed_in
from tests.factories.providers import AgencyFactory
from tests.query_counts import assert_counted


def overview(area):
    return f"/{area.organisation.kind.lower()}/{area.code}/"


def figure(page, title):
    """The figure of this title on the page, wherever it stands."""
    shown = [*page.context["headline"]]
    for section in page.context["sections"]:
        shown += section.figures
    return next(one for one in shown if one.label == title)


def lines(page):
    return [row.record for row in page.context["table"].rows]


def in_a_file(answer):
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


class TestAPartnership:
    def test_its_own_people_see_exact_figures(self, england, client):
        signed_in(client, lead_of=england.dim)

        page = client.get(overview(england.dim))

        wait = figure(page, "First waits within target, voluntary clients")
        assert (wait.value, wait.verdict, wait.target) == (
            "40%",
            "Misses the target",
            "Target 85%",
        )
        assert wait.n == "16 of 40 first waits of voluntary clients"
        assert wait.limits == "95% limits 26% to 55%"
        assert wait.change == "down 50 points on July to September 2006"
        assert figure(page, "Longest first wait, voluntary clients").value == "4.3"
        assert "Exact figures" in page.context["door"]

    def test_others_see_released_figures_and_are_told_so(self, england, client):
        signed_in(client, lead_of=england.bright)

        page = client.get(overview(england.dim))

        wait = figure(page, "First waits within target, voluntary clients")
        assert wait.n == "15 of 40 first waits of voluntary clients"
        assert figure(page, "Longest first wait, voluntary clients").value == "*"
        assert "Released figures: counts of 1 to 7 are shown as *" in page.content.decode()

    def test_says_first_how_the_headline_stands(self, england, client):
        signed_in(client, lead_of=england.dim)

        lead = client.get(overview(england.dim)).context["lead"]

        assert lead.sentence == (
            "40% of voluntary clients were offered a first appointment within three weeks, "
            "down 50 points on July to September 2006. The target is 85%."
        )
        assert (lead.verdict, lead.tone) == ("Misses the target", "bad")

    def test_shows_the_latest_quarter_that_is_whole_until_another_is_asked_for(
        self, england, client
    ):
        signed_in(client, lead_of=england.dim)

        latest = client.get(overview(england.dim))
        before = client.get(overview(england.dim), {"period": "2006-Q2"})

        assert latest.context["period"].code == "2006-Q3"
        assert before.context["lead"].sentence.startswith("90%")

    @pytest.mark.parametrize(
        ("asked", "status"), [("2006-Q9", 400), ("yesterday", 400), ("2050-Q1", 404)]
    )
    def test_says_what_a_period_is_when_it_is_asked_for_none(self, england, client, asked, status):
        signed_in(client, lead_of=england.dim)

        page = client.get(overview(england.dim), {"period": asked})

        assert page.status_code == status
        assert "See the page as it comes" in page.content.decode()

    def test_shows_retention_by_the_rule_of_the_year_and_others_as_if(self, england, client):
        signed_in(client, lead_of=england.dim)

        page = client.get(overview(england.dim))

        section = next(
            one for one in page.context["sections"] if one.title == "Staying in treatment"
        )
        assert [one.verdict == "As if" for one in section.figures] == [False, True, True]
        assert section.figures[0].label == "Retained in treatment, of new journeys"

    def test_says_why_people_do_not_add_up(self, england, client):
        signed_in(client, lead_of=england.dim)

        assert "England is not the sum of its partnerships" in " ".join(
            client.get(overview(england.dim)).content.decode().split()
        )

    def test_says_what_the_figures_rest_on(self, england, client):
        AgencyFactory(partnership=england.dim)
        signed_in(client, lead_of=england.dim)

        as_at = client.get(overview(england.dim)).context["as_at"]

        assert as_at.completeness == "1 of 2 agencies"
        assert as_at.provisional
        assert as_at.completeness_href == f"{overview(england.dim)}returns/"

    def test_of_a_partnership_without_agencies_is_not_known_rather_than_nought(
        self, england, client
    ):
        signed_in(client, lead_of=england.silent)

        page = client.get(overview(england.silent))
        cards = [
            *page.context["headline"],
            *(card for section in page.context["sections"] for card in section.figures),
        ]

        assert {card.value for card in cards} == {"–"}
        assert {card.verdict for card in cards} <= {"No return reaches the period", "As if"}

    def test_without_returns_nothing_is_known_rather_than_nought(self, england, client):
        AgencyFactory(partnership=england.silent)
        signed_in(client, lead_of=england.silent)

        page = client.get(overview(england.silent))

        assert page.context["as_at"].completeness == "0 of 1 agencies"
        assert page.context["lead"].verdict == "No verdict"

    def test_leads_only_to_what_one_may_open(self, england, client):
        for role in ("lead_of", "finance_approver_of", "analyst_of"):
            signed_in(client, **{role: england.dim})
            for _, href in client.get(overview(england.dim)).context["related"]:
                assert client.get(href).status_code == 200, (role, href)

    def test_leads_a_reviewer_to_links_that_are_missing(self, england, client):
        signed_in(client, reviewer_of=england.nation)

        related = dict(client.get("/england/").context["related"])

        assert related["Missing aftercare links"] == "/england/partners/"
        assert {client.get(href).status_code for href in related.values()} == {200}

    def test_a_chart_has_its_table_and_its_pictures(self, england, client):
        signed_in(client, lead_of=england.dim)

        chart = client.get(overview(england.dim)).context["chart"]

        assert any("40%" in cell for row in chart.table.rows for cell in row)
        assert client.get(chart.svg_href).content.startswith(b"<svg")
        assert client.get(chart.json_href).json()["series"]
        assert client.get(chart.csv_href).status_code == 200

    def test_before_anything_is_measured_it_says_what_to_do(self, england, client):
        MeasuredPeriod.objects.all().delete()
        place = PartnershipFactory()
        signed_in(client, lead_of=place)

        page = client.get(overview(place)).content.decode()

        assert "Nothing is measured yet" in page
        assert f"{overview(place)}returns/" in page

    def test_does_not_exist_under_a_code_nobody_has(self, england, client):
        signed_in(client, lead_of=england.dim)

        assert client.get("/partnership/NOWHERE/").status_code == 404


class TestARegion:
    def test_compares_its_partnerships_with_verdicts_and_limits(self, england, client):
        signed_in(client, reviewer_of=england.region)

        page = client.get(f"/region/{england.region.code}/")

        assert [line.name for line in lines(page)] == ["Bright", "Dim"]
        words = page.content.decode()
        assert "Misses" in words
        assert "26% to 55%" in words
        assert "DIP-intensive" in words

    @pytest.mark.parametrize(
        ("asked", "found"),
        [
            ({"verdict": "red"}, ["Dim"]),
            ({"verdict": "green"}, ["Bright"]),
            ({"verdict": "none"}, []),
            ({"dip": "intensive"}, ["Bright"]),
            ({"dip": "other"}, ["Dim"]),
            ({"name": "im"}, ["Dim"]),
            ({"sort": "wait_first"}, ["Dim", "Bright"]),
            ({"sort": "-wait_first"}, ["Bright", "Dim"]),
            ({"sort": "-name"}, ["Dim", "Bright"]),
        ],
        ids=str,
    )
    def test_filters_and_sorts_by_what_is_shown(self, england, client, asked, found):
        signed_in(client, reviewer_of=england.region)

        page = client.get(f"/region/{england.region.code}/", asked)

        assert [line.name for line in lines(page)] == found

    def test_downloads_every_part_of_each_figure(self, england, client):
        signed_in(client, reviewer_of=england.region)

        answer = client.get(f"/region/{england.region.code}/", {"format": "csv", "verdict": "red"})

        (dim,) = in_a_file(answer)
        title = "First waits within target, voluntary clients"
        assert dim["Area"] == "Dim"
        assert (dim[f"{title}: value"], dim[f"{title}: numerator"]) == ("40", "16")
        assert (dim[f"{title}: lower limit"], dim[f"{title}: verdict"]) == (
            "26%",
            "Misses the target",
        )
        sheet = client.get(f"/region/{england.region.code}/", {"format": "xlsx"})
        assert sheet.getvalue()[:2] == b"PK"

    def test_from_outside_even_the_file_holds_released_figures(self, england, client):
        signed_in(client, lead_of=england.silent)

        answer = client.get(f"/region/{england.region.code}/", {"format": "csv", "name": "Dim"})

        (dim,) = in_a_file(answer)
        assert dim["First waits within target, voluntary clients: numerator"] == "15"


class TestEngland:
    def test_shows_regions_and_on_demand_partnerships(self, england, client):
        signed_in(client, reviewer_of=england.nation)

        regions = client.get("/england/")
        partnerships = client.get("/england/", {"areas": "partnerships"})

        assert [line.name for line in lines(regions)] == ["Northshire", "Southshire"]
        assert [line.name for line in lines(partnerships)] == ["Bright", "Dim", "Silent"]

    @pytest.mark.parametrize("sort", ["wait_first", "-wait_first"])
    def test_who_sent_nothing_is_shown_as_such_and_comes_last(self, england, client, sort):
        signed_in(client, reviewer_of=england.nation)

        page = client.get("/england/", {"areas": "partnerships", "sort": sort})

        silent = lines(page)[-1]
        assert (silent.name, silent.returns) == ("Silent", "No returns")
        assert silent.figure("IN-TREATMENT") is None
        assert page.context["absent"] == 1

    def test_totals_are_exact_for_everybody(self, england, client):
        signed_in(client, lead_of=england.silent)

        page = client.get("/england/")

        wait = figure(page, "First waits within target, voluntary clients")
        assert wait.n == "56 of 80 first waits of voluntary clients"

    def test_a_word_it_does_not_know_is_refused_plainly(self, england, client):
        signed_in(client, reviewer_of=england.nation)

        assert client.get("/england/", {"areas": "villages"}).status_code == 400


class TestAProvider:
    def test_sees_itself_exactly_and_its_partnerships_beside(self, england, client):
        signed_in(client, provider_manager_of=england.provider)

        page = client.get(overview(england.provider))

        wait = figure(page, "First waits within target, voluntary clients")
        assert wait.n == "56 of 80 first waits of voluntary clients"
        assert [line.name for line in lines(page)] == ["Bright", "Dim"]
        assert lines(page)[1].figure("WAIT-FIRST").numerator.text == "15"


PAGES = {
    "england": ("reviewer_of", "nation", "/england/"),
    "england by partnership": ("reviewer_of", "nation", "/england/?areas=partnerships"),
    "region": ("reviewer_of", "region", "/region/{region}/"),
    "partnership": ("lead_of", "dim", "/partnership/{dim}/"),
    "partnership of others": ("reviewer_of", "elsewhere", "/partnership/{dim}/"),
    "provider": ("provider_manager_of", "provider", "/provider/{provider}/"),
}


@pytest.mark.parametrize("name", PAGES)
def test_the_number_of_queries_is_settled(england, client, name):
    role, place, address = PAGES[name]
    signed_in(client, **{role: getattr(england, place)})
    codes = {name: one.code for name, one in vars(england).items()}

    assert_counted(client, name, address.format(**codes))

    for _ in range(5):
        AgencyFactory(partnership=PartnershipFactory(region=england.region))
    assert_counted(client, name, address.format(**codes))


def test_the_overview_of_an_area_leads_to_its_plans(england, client):
    client.force_login(UserFactory(lead_of=england.dim))
    ours, theirs = (
        client.get(f"/partnership/{one.code}/").content.decode()
        for one in (england.dim, england.bright)
    )
    assert f"/partnership/{england.dim.code}/plan/" in ours
    assert f"/partnership/{england.bright.code}/plan/" not in theirs
