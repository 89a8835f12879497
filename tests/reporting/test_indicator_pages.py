"""The pages of the indicators: what each says, every form of it, and what nobody else may see."""

import csv
import datetime as dt
import io
import json
import re

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from commissioning.kernel.periods import Period
from reporting.choices import AreaKind
from reporting.disclosure import Gate
from reporting.indicators.breakdowns import BREAKDOWNS
from reporting.indicators.in_force import IN_FORCE
from reporting.models import MeasuredPeriod, Movement, Refresh
from reporting.rules import whole_percent
from reporting.selectors.areas import ENGLAND, area_of
from reporting.selectors.figures import Figures
from reporting.selectors.spreads import spread_of, whose_days
from reporting.views.indicators.listing import ABOUT, subject_of
from tests.factories.commissioning import NationFactory, RuleSetFactory, UserFactory
from tests.query_counts import assert_counted
from tests.reporting.held import HeldResults

YEAR = "FY2005"
REFUSED = [
    ("period=2006-13", 400, "is not a period"),
    ("period=FY1990", 404, "Nothing was measured for 1990/91."),
    ("grain=week", 400, "“week” is no grain."),
    ("period=FY2005&grain=month", 400, "is not one of the months"),
    ("by=height", 400, "“height” is no way to split a figure."),
    ("compare=mars", 400, "“mars” is no comparison."),
    ("within=soon", 400, "“soon” is no number of days."),
    ("within=99999", 400, "is no number of days."),
    ("format=pdf", 400, "“pdf” is no format. Write csv, json or xlsx."),
]


@pytest.fixture(scope="module")
def drawn(django_db_setup, django_db_blocker):
    """One England for the module; gone at its end."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield HeldResults()
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def held(drawn):
    """The same, and whatever a test adds to it is taken back."""
    with transaction.atomic():
        yield drawn
        transaction.set_rollback(True)


@pytest.fixture
def home(held):
    return held.partnerships[0]


@pytest.fixture
def elsewhere(held):
    return held.partnerships[2]


@pytest.fixture
def commissioner(client, home):
    """Somebody who commissions for the first partnership, signed in."""
    client.force_login(UserFactory(commissioner_of=home))
    return client


def page_of(organisation, indicator, kind="partnership", **asked):
    query = "&".join(f"{name}={value}" for name, value in {"period": YEAR, **asked}.items())
    return f"/{kind}/{organisation.code}/indicators/{indicator}/?{query}"


def read(response):
    """The answer as words, whatever it streams."""
    body = b"".join(response) if response.streaming else response.content
    return body.decode("utf-8-sig")


def rows_of(response):
    return list(csv.DictReader(io.StringIO(read(response))))


class TestList:
    def test_every_indicator_in_force_is_in_one_group_with_its_sentence_and_figure(
        self, commissioner
    ):
        said = read(commissioner.get(f"/indicators/?period={YEAR}"))

        for indicator in IN_FORCE.values():
            assert f'href="/indicators/{indicator.code}/?period={YEAR}"' in said
            assert subject_of(indicator) in ABOUT

    def test_an_area_stands_beside_england(self, commissioner, home):
        said = read(commissioner.get(f"/partnership/{home.code}/indicators/?period={YEAR}"))

        assert f">{home.name}</th>" in said
        assert ">England</th>" in said

    @pytest.mark.parametrize("form", ["csv", "json", "xlsx"])
    def test_is_a_file_with_a_line_an_indicator(self, commissioner, form):
        response = commissioner.get(f"/indicators/?period={YEAR}&format={form}")

        assert response.status_code == 200
        if form == "csv":
            assert [row["indicator"] for row in rows_of(response)] == list(IN_FORCE)
        if form == "json":
            assert [row["indicator"] for row in response.json()["results"]] == list(IN_FORCE)
        if form == "xlsx":
            assert b"".join(response).startswith(b"PK")


class TestOneIndicatorOfOneArea:
    def test_shows_its_own_figure_exactly(self, commissioner, home):
        user = UserFactory(commissioner_of=home)
        figure = Figures.exact(user).figure(
            IN_FORCE["WAIT-FIRST"],
            area_of(AreaKind.PARTNERSHIP, home.code),
            Period.parse(YEAR),
        )

        said = read(commissioner.get(page_of(home, "WAIT-FIRST")))

        assert figure.is_exact
        assert f"{figure.numerator} of {figure.denominator} first waits" in said
        assert "Released figures" not in said

    def test_the_file_holds_the_line_and_what_it_is_set_against(self, commissioner, home):
        rows = rows_of(commissioner.get(page_of(home, "WAIT-FIRST", format="csv")))

        kinds = {row["area kind"] for row in rows}
        assert kinds == {"partnership", "region", "england"}
        assert YEAR in {row["period"] for row in rows}

    def test_links_of_its_chart_name_the_indicator_and_the_area(self, commissioner, home):
        page = read(commissioner.get(page_of(home, "WAIT-FIRST")))

        named = f" of {IN_FORCE['WAIT-FIRST'].title}, {home.name}</span>"
        assert f'Download CSV<span class="govuk-visually-hidden">{named}</a>' in page
        assert f'SVG<span class="govuk-visually-hidden">{named}</a>' in page

    def test_a_comparison_can_be_left_out(self, commissioner, home):
        rows = rows_of(commissioner.get(page_of(home, "WAIT-FIRST", compare="none", format="csv")))

        assert {row["area code"] for row in rows} == {home.code}

    def test_is_split_each_way(self, commissioner, home):
        for by in BREAKDOWNS:
            self.assert_split(commissioner, home, by)

    def assert_split(self, commissioner, home, by):
        whole = rows_of(commissioner.get(page_of(home, "CARE-PLAN", compare="none", format="csv")))
        parts = rows_of(
            commissioner.get(page_of(home, "CARE-PLAN", by=by, chart="split", format="csv"))
        )

        total = next(int(row["denominator"]) for row in whole if row["period"] == YEAR)
        assert {row["breakdown"] for row in parts} == {by}
        if by == "sex":
            assert sum(int(row["denominator"]) for row in parts) == total

    def test_waits_are_shown_by_the_day_and_within_any_number_of_days(self, commissioner, home):
        said = read(commissioner.get(page_of(home, "WAIT-FIRST", within=28)))
        days = rows_of(commissioner.get(page_of(home, "WAIT-FIRST", chart="spread", format="csv")))
        waits = {int(row["days waited"]): int(row["waits"]) for row in days}
        near = sum(many for day, many in waits.items() if day <= 28)

        assert "Within 28 days" in said
        assert f"{whole_percent(near, sum(waits.values()))}% (95% limits" in said

    def test_a_retention_page_says_which_rule_is_headline_and_what_is_not_yet_known(
        self, commissioner, home
    ):
        latest = read(commissioner.get(page_of(home, "RET-NEW", period="2006-Q4")))
        said = read(commissioner.get(page_of(home, "RET-DISCHARGED")))

        assert "Not yet known:" in latest
        assert "2005/06 is shown by “Retained in treatment, of new journeys”" in said
        assert "As if: another rule was headline" in said

    @pytest.mark.parametrize("chart", ["trend", "split", "spread"])
    def test_each_chart_is_a_picture_of_its_own_and_an_option(self, commissioner, home, chart):
        address = page_of(home, "WAIT-FIRST", chart=chart)
        picture = commissioner.get(address.replace("/?", "/chart.svg?"))
        option = commissioner.get(address.replace("/?", "/chart.json?"))

        assert picture["Content-Type"].startswith("image/svg+xml")
        assert "<title>" in read(picture)
        assert option.json()["series"]

    def test_what_is_not_understood_is_said_plainly(self, commissioner, home):
        for asked, status, sentence in REFUSED:
            response = commissioner.get(f"/partnership/{home.code}/indicators/WAIT-FIRST/?{asked}")

            assert response.status_code == status, asked
            assert sentence in read(response)

    @pytest.mark.parametrize(
        "address",
        ["/partnership/nowhere/indicators/WAIT-FIRST/", "/england/indicators/WAIT-NONE/"],
    )
    def test_what_does_not_exist_is_not_found(self, commissioner, address):
        assert commissioner.get(address).status_code == 404

    def test_says_that_people_do_not_add_up(self, commissioner, home):
        said = read(commissioner.get(page_of(home, "IN-TREATMENT")))

        assert "England is not the sum of its partnerships" in said


class TestWhyItMoved:
    @pytest.fixture
    def moved(self, held, home):
        """Of 40 waits 2 are new and 3 were corrected away; one new one was within target."""
        at = dt.datetime(2007, 2, 14, 3, tzinfo=dt.UTC)
        refresh = Refresh.objects.create(
            kind="EVERYTHING", cause="a test", began_at=at, ended_at=at, cut_off=at.date()
        )
        within, waits = "first_voluntary_within", "first_voluntary_waits"
        return Movement.objects.create(
            family="waits",
            area_kind="partnership",
            area_code=home.code,
            grain="year",
            start=Period.parse(YEAR).start,
            refresh=refresh,
            rule_set=held.rule_set,
            previous_rule_set=held.rule_set,
            before={within: 30, waits: 40},
            now={within: 31, waits: 39},
            new={within: 1, waits: 2},
        )

    def test_says_from_what_to_what_and_what_made_the_difference(self, commissioner, home, moved):
        said = read(commissioner.get(page_of(home, "WAIT-FIRST")))

        panel = said[said.index("Why did this number move?") :].split("</section>")[0]
        cells = re.findall(r"numeric\">([+−\d]+)</td>", panel)
        assert "it went from 30 of 40 to 31 of 39" in panel
        assert cells == ["+1", "+2", "0", "−3", "0", "0", "0", "0", "+1", "−1"]

    def test_is_for_those_alone_who_see_the_figure_exactly(self, client, elsewhere, home, moved):
        client.force_login(UserFactory(commissioner_of=elsewhere))

        said = read(client.get(page_of(home, "WAIT-FIRST")))

        assert "Why did this number move?" not in said


class TestAcrossAreas:
    def test_sorts_by_what_is_shown_with_what_is_not_shown_last_either_way(self, commissioner):
        up = rows_of(
            commissioner.get(f"/indicators/CARE-PLAN/?period={YEAR}&sort=value&format=csv")
        )
        down = rows_of(
            commissioner.get(f"/indicators/CARE-PLAN/?period={YEAR}&sort=-value&format=csv")
        )

        def values(rows):
            return [row["value"] for row in rows[1:]]  # England leads

        known = [int(one) for one in values(up) if one.isdigit()]
        assert known == sorted(known)
        assert [int(one) for one in values(down) if one.isdigit()] == known[::-1]
        for rows in (up, down):
            flags = [one.isdigit() for one in values(rows)]
            assert flags == sorted(flags, reverse=True)

    @pytest.mark.parametrize("kind", ["region", "partnership", "provider"])
    def test_shows_each_kind_of_area(self, commissioner, kind):
        rows = rows_of(
            commissioner.get(f"/indicators/WAIT-MEDIAN/?areas={kind}&period={YEAR}&format=csv")
        )

        assert {row["area kind"] for row in rows} == {"england", kind}

    def test_filters_by_region_and_name(self, commissioner, held):
        region = held.regions[0]
        rows = rows_of(
            commissioner.get(
                f"/indicators/WAIT-FIRST/?region={region.code}&period={YEAR}&format=csv"
            )
        )

        assert {row["area code"] for row in rows[1:]} == {
            one.code for one in held.partnerships[:2]
        }

    def test_an_unknown_column_is_said_plainly(self, commissioner):
        assert commissioner.get("/indicators/WAIT-FIRST/?sort=colour").status_code == 400

    @pytest.mark.parametrize("asked", ["areas=county", "region=ZZ", "region=ZZ&format=csv"])
    def test_an_unknown_filter_is_named_and_leaves_every_area(self, commissioner, held, asked):
        answer = commissioner.get(f"/indicators/WAIT-FIRST/?{asked}&period={YEAR}")
        value = asked.split("&")[0].split("=")[1]

        assert "govuk-error-summary" in read(answer)
        assert f"“{value}” is not known." in read(answer)
        assert len(answer.context["table"].rows) == len(held.partnerships)


class TestDefinition:
    def test_says_all_that_decides_the_number(self, client):
        client.force_login(UserFactory())
        RuleSetFactory()
        for code in IN_FORCE:
            self.assert_says_all(client, code)

    def assert_says_all(self, commissioner, code):
        indicator = IN_FORCE[code]
        said = " ".join(
            re.sub(r"<[^>]+>", " ", read(commissioner.get(f"/indicators/{code}/definition/")))
            .replace("&#x27;", "'")
            .split()
        )

        for words in (
            indicator.numerator_words,
            indicator.denominator_words,
            indicator.source,
            indicator.author,
            indicator.checker,
            indicator.why_it_matters,
            indicator.good_looks_like,
            "GROUP BY",
        ):
            assert words in said

    def test_names_an_assumption_as_one(self, client):
        client.force_login(UserFactory())
        RuleSetFactory()

        said = read(client.get("/indicators/CARE-PLAN/definition/"))

        assert "Some of this is assumed" in said
        assert "Care plan no later than: 14 days" in said


def raw_small_counts(kind, organisation, period):
    """{indicator: exact figures} of the cells that the gate has to hide something of."""
    exact = Figures.exact(UserFactory(reviewer_of=NationFactory()))
    area = area_of(AreaKind(kind), organisation.code)
    return {one.indicator.code: one for one in exact.of_area(area, period)}


class TestDisclosure:
    """Outside one's own area nothing of one to seven people is shown, in whatever form."""

    ADDRESSES = ("", "chart=split&by=drug", "chart=spread", "chart=split&by=age")

    @pytest.mark.parametrize("form", ["csv", "json"])
    def test_no_file_holds_a_small_count_of_another_area(self, commissioner, elsewhere, form):
        for code in ("WAIT-FIRST", "RET-NEW", "IN-TREATMENT", "WAIT-MEAN"):
            for asked in self.ADDRESSES:
                if asked == "chart=spread" and not code.startswith("WAIT"):
                    continue
                self.assert_released(commissioner, elsewhere, code, form, asked)

    def assert_released(self, commissioner, elsewhere, code, form, asked):
        address = page_of(elsewhere, code, compare="none", format=form)
        response = commissioner.get(f"{address}&{asked}")
        rows = rows_of(response) if form == "csv" else response.json()["results"]

        assert rows
        for row in rows:
            for name in ("numerator", "denominator", "not yet known", "not_yet_known", "waits"):
                held = str(row.get(name) or "")
                if code == "WAIT-MEAN" and name == "numerator":
                    continue  # days, of enough people
                assert not held.isdigit() or int(held) % 5 == 0, (name, row)
                assert held not in {str(few) for few in range(1, 8)}, (name, row)

    @pytest.mark.parametrize(
        "code", ["WAIT-FIRST", "WAIT-MEDIAN", "RET-NEW", "IN-TREATMENT", "EXIT-PLANNED-2006"]
    )
    def test_no_page_or_picture_counts_a_few_people_elsewhere(self, commissioner, elsewhere, code):
        address = page_of(elsewhere, code, compare="none", by="drug")
        page = commissioner.get(address)
        said = re.sub(r"<(script|style|select|svg|form).*?</\1>", "", read(page), flags=re.DOTALL)

        for cell in re.findall(r"<td[^>]*numeric[^>]*>([^<]*)</td>", said):
            for people in re.findall(r"^([\d,]+) of|of ([\d,]+)$|^([\d,]+)$", cell.strip()):
                number = int("".join(people).replace(",", ""))
                assert number % 5 == 0, (code, cell)
        assert "Released figures" in said
        for ending in ("svg", "json"):
            for chart in ("trend", "split", "spread"):
                drawn = commissioner.get(
                    address.replace("/?", f"/chart.{ending}?") + f"&chart={chart}"
                )
                if drawn.status_code == 404:
                    continue
                text = read(drawn)
                for number in re.findall(r"n = ([\d,]+)", text):
                    assert int(number.replace(",", "")) % 5 == 0, (code, chart, number)
                if chart == "spread" and ending == "json":
                    counts = [one["value"] for one in json.loads(text)["series"][0]["data"]]
                    assert all(one is None or one % 5 == 0 for one in counts)

    def test_there_is_something_to_hide(self, elsewhere):
        """The control: exact figures of that area do hold counts of one to seven."""
        shown = raw_small_counts("partnership", elsewhere, Period.parse(YEAR))
        gate = Gate.exact()

        few = [
            one for one in shown.values()
            if one.denominator.value is not None and 1 <= one.denominator.value <= 7
        ]  # fmt: skip
        assert few
        assert not gate.hides(1)

    def test_the_longest_wait_is_shown_to_its_own_area_alone(self, commissioner, home, elsewhere):
        def value(organisation):
            rows = rows_of(
                commissioner.get(
                    page_of(organisation, "WAIT-LONGEST", compare="none", format="csv")
                )
            )
            return next(row["value"] for row in rows if row["period"] == YEAR)

        assert value(home).isdigit()
        assert value(elsewhere) == "*"

    def test_a_spread_is_released_as_its_gate_says(self, elsewhere):
        area = area_of(AreaKind.PARTNERSHIP, elsewhere.code)
        first = IN_FORCE["WAIT-FIRST"]

        shown = spread_of(Figures.released(), first, area, Period.parse(YEAR), within=21)

        assert shown.longest.text == "*"
        assert all(one.value is None or one.value % 5 == 0 for one in shown.weeks)
        assert all(one.value is None or one.value % 5 == 0 for _, one in shown.days)

    def test_england_is_exact_for_everybody(self, commissioner):
        rows = rows_of(
            commissioner.get(f"/england/indicators/CARE-PLAN/?period={YEAR}&format=csv")
        )
        exact = Figures.exact(UserFactory(reviewer_of=NationFactory())).figure(
            IN_FORCE["CARE-PLAN"], ENGLAND, Period.parse(YEAR)
        )

        held = next(row["denominator"] for row in rows if row["period"] == YEAR)
        assert int(held) == exact.denominator.value


class TestDaysOfWhom:
    @pytest.mark.parametrize(
        ("code", "source"),
        [
            ("WAIT-FIRST", "first voluntary"),
            ("WAIT-FIRST-ALL", "first everyone"),
            ("WAIT-NEXT-ALL", "subsequent everyone"),
            ("WAIT-P90", "first voluntary"),
            ("WAIT-FIRST-PREGNANT", None),
            ("RET-NEW", None),
        ],
    )
    def test_an_indicator_of_waits_knows_its_days(self, code, source):
        found = whose_days(IN_FORCE[code])

        assert (f"{found.turn} {found.whose}" if found else None) == source


class TestQueries:
    """As many queries as the baseline says, whatever is shown."""

    def test_each_page_asks_what_its_baseline_says(self, commissioner, home):
        own = f"/partnership/{home.code}/indicators"
        for page, address in {
            "indicators": "/indicators/",
            "indicator across partnerships": "/indicators/WAIT-FIRST/",
            "indicator across providers": "/indicators/WAIT-MEDIAN/?areas=provider",
            "indicator definition": "/indicators/WAIT-FIRST/definition/",
            "indicators of a partnership": f"{own}/",
            "waits of a partnership": f"{own}/WAIT-MEDIAN/?by=sex",
            "retention of a partnership": f"{own}/RET-NEW/?by=sex",
            "people of a partnership": f"{own}/IN-TREATMENT/?grain=month",
            "picture of waits": "/england/indicators/WAIT-FIRST/chart.svg",
        }.items():
            assert_counted(commissioner, page, address)

    def test_no_more_with_more_areas(self, commissioner, held):
        with CaptureQueriesContext(connection) as few:
            commissioner.get("/indicators/WAIT-FIRST/?areas=region")
        with CaptureQueriesContext(connection) as many:
            commissioner.get("/indicators/WAIT-FIRST/?areas=partnership")

        assert len(few) == len(many)


def test_before_anything_is_loaded_the_pages_say_so(client):
    client.force_login(UserFactory(reviewer_of=NationFactory()))
    MeasuredPeriod.objects.all().delete()

    response = client.get("/indicators/")

    assert response.status_code == 404
    assert "Figures appear once a return is loaded." in read(response)
