"""The read API: what it describes, what it answers to whom, and what it refuses."""

import csv
import datetime as dt
import io

import pytest
from django.core.management import call_command
from django.db import transaction
from django.urls import reverse

from commissioning.kernel.periods import Period
from commissioning.models import AuditEvent
from pathways.models import Return
from reporting.choices import AreaKind
from reporting.indicators.in_force import IN_FORCE
from reporting.selectors.figures import Figures
from reporting.services.refresh import refresh_everything
from tests.factories.commissioning import (
    NationFactory,
    PartnershipFactory,
    RegionFactory,
    region_of,
    signed_in,
)
from tests.factories.providers import AgencyFactory
from tests.factories.reporting import loaded_return, long_wait, modality
from tests.reporting.drawn import SmallEngland

pytestmark = pytest.mark.django_db

LONG_AGO = dt.date(2006, 11, 1)


@pytest.fixture
def commissioner(agency, client):
    return signed_in(client, commissioner_of=agency.partnership)


def listed(client, address, **asked):
    answer = client.get(address, asked)
    assert answer.status_code == 200, answer.content
    return answer.json()["results"]


class TestTheDescription:
    def test_is_valid_and_leaves_nothing_to_guess(self, tmp_path):
        call_command(
            "spectacular", "--validate", "--fail-on-warn", "--file", str(tmp_path / "api.yaml")
        )

    def test_is_served_to_who_is_signed_in(self, client, commissioner):
        described = client.get("/api/schema/", {"format": "json"}).json()

        assert {"/api/areas/", "/api/returns/", "/api/long-waits/"} <= set(described["paths"])
        asked = described["paths"]["/api/long-waits/"]["get"]["parameters"]
        names = {one["name"]: one for one in asked}
        assert {"state", "owner", "days_min", "days_max", "found_since", "page_size"} <= set(names)
        assert names["owner"]["schema"]["enum"] == ["anyone", "me", "nobody"]

    def test_every_operation_has_an_example_that_holds_every_field(self, client, commissioner):
        described = client.get("/api/schema/", {"format": "json"}).json()

        for path, operations in described["paths"].items():
            content = operations["get"]["responses"]["200"]["content"]["application/json"]
            example = next(iter(content["examples"].values()))["value"]
            if isinstance(example, dict):
                example = example.get("results", example)
            one = example[0] if isinstance(example, list) else example
            schema = content["schema"].get("items", content["schema"])
            name = schema["$ref"].rsplit("/", 1)[-1].removeprefix("Paginated")
            fields = described["components"]["schemas"][name.removesuffix("List")]["properties"]
            assert set(one) == set(fields), path

    def test_nobody_reads_it_signed_out(self, client):
        assert client.get("/api/schema/").status_code == 401
        assert client.get("/api/docs/").status_code == 302


class TestAreas:
    def test_everybody_reads_all_of_them(self, client):
        nation, region = NationFactory(), RegionFactory()
        place = PartnershipFactory(region=region)
        agency = AgencyFactory(partnership=place)
        signed_in(client)

        rows = {(one["kind"], one["code"]): one for one in listed(client, "/api/areas/")}

        assert rows["england", "england"]["name"] == nation.name
        assert rows["partnership", place.code]["region"] == region.code
        assert ("provider", agency.provider.code) in rows
        assert ("region", region.code) in rows

    def test_sorts(self, client):
        for _ in range(3):
            PartnershipFactory()
        signed_in(client)

        found = listed(client, "/api/areas/", kind="partnership", sort="-name")

        names = [one["name"] for one in found]
        assert len(names) == 3
        assert names == sorted(names, reverse=True)

    def test_filters_and_finds_one(self, client):
        region = RegionFactory()
        place = PartnershipFactory(region=region)
        PartnershipFactory()
        signed_in(client)

        by_region = listed(client, "/api/areas/", kind="partnership", region=region.code)
        by_name = listed(client, "/api/areas/", name=place.organisation.name)
        one = client.get(f"/api/areas/partnership/{place.code}/").json()

        assert [one["code"] for one in by_region] == [place.code]
        assert [one["code"] for one in by_name] == [place.code]
        assert one == by_name[0]

    @pytest.mark.parametrize(
        "address", ["partnership/none", "england/ENG", "pct/ORG1", "kingdom/x"]
    )
    def test_what_is_no_area_is_not_found(self, client, address):
        NationFactory()
        signed_in(client)

        assert client.get(f"/api/areas/{address}/").status_code == 404

    def test_england_is_called_england(self, client):
        NationFactory()
        signed_in(client)

        assert client.get("/api/areas/england/england/").json()["kind"] == "england"


class TestLongWaits:
    ADDRESS = "/api/long-waits/"

    def test_gives_those_in_reach_with_their_references_to_who_commissions(
        self, agency, client, commissioner
    ):
        wait = long_wait(agency)
        long_wait(AgencyFactory())

        (one,) = listed(client, self.ADDRESS)

        assert (one["number"], one["days"], one["client"]) == (wait.pk, 61, wait.client_ref)
        assert (one["partnership"], one["agency"]) == (agency.partnership.code, agency.code)
        assert (one["intervention"], one["owner"], one["is_open"]) == ("2", None, True)
        deed = AuditEvent.objects.get(action="long_wait.downloaded")
        assert (deed.person, deed.details["rows"]) == (commissioner, 1)

    def test_gives_a_region_no_reference(self, agency, client):
        wait = long_wait(agency, client_ref="TELLING", episode_ref="TELLING")
        signed_in(client, reviewer_of=region_of(agency.partnership))

        for address in (self.ADDRESS, f"{self.ADDRESS}{wait.pk}/", f"{self.ADDRESS}?format=csv"):
            assert b"TELLING" not in client.get(address).content
        assert listed(client, self.ADDRESS)[0]["client"] is None

    def test_another_s_wait_is_not_found_and_its_reading_is_not_recorded(
        self, agency, client, commissioner
    ):
        theirs = long_wait(AgencyFactory())

        assert client.get(f"{self.ADDRESS}{theirs.pk}/").status_code == 404
        assert not AuditEvent.objects.filter(action="long_wait.viewed").exists()

    def test_reading_one_is_recorded(self, agency, client, commissioner):
        wait = long_wait(agency)

        assert client.get(f"{self.ADDRESS}{wait.pk}/").json()["number"] == wait.pk
        assert AuditEvent.objects.get(action="long_wait.viewed").person == commissioner

    @pytest.mark.parametrize(
        ("asked", "named"),
        [
            ({"state": "LOST"}, "state"),
            ({"owner": "someone"}, "owner"),
            ({"cause": "WEATHER"}, "cause"),
            ({"intervention": "8"}, "intervention"),
            ({"partnership": "E99"}, "partnership"),
            ({"days_min": "many"}, "days"),
            ({"found_since": "yesterday"}, "found_since"),
            ({"partnerhsip": "H-01"}, "partnerhsip"),
            ({"sort": "password"}, "sort"),
        ],
        ids=str,
    )
    def test_a_filter_it_does_not_understand_is_refused_by_name(
        self, agency, client, commissioner, asked, named
    ):
        long_wait(agency)

        answer = client.get(self.ADDRESS, asked)

        assert answer.status_code == 400
        assert list(answer.json()) == [named]

    def test_sorts_by_what_its_page_sorts_by(self, agency, client, commissioner):
        for days in (1, 5, 3):
            long_wait(agency, referred_on=LONG_AGO - dt.timedelta(days=days))

        up = [one["days"] for one in listed(client, self.ADDRESS, sort="days")]
        down = [one["days"] for one in listed(client, self.ADDRESS, sort=["-is_open", "-days"])]

        assert up == sorted(up)
        assert down == up[::-1]
        assert len(set(up)) == 3

    def test_says_what_it_can_be_sorted_by(self, agency, client, commissioner):
        (sentence,) = client.get(self.ADDRESS, {"sort": "client"}).json()["sort"]

        assert sentence.startswith("The list is not sorted by “client”. Choose from number, days")

    def test_another_s_partnership_is_no_choice(self, agency, client, commissioner):
        theirs = long_wait(AgencyFactory())

        answer = client.get(self.ADDRESS, {"partnership": theirs.partnership.code})

        assert answer.status_code == 400

    def test_filters_as_the_page_does(self, agency, client, commissioner):
        short = long_wait(agency, kind=6)
        long_wait(agency)

        (one,) = listed(client, self.ADDRESS, intervention="6", owner="nobody", days_min="42")

        assert one["number"] == short.pk

    def test_pages_as_long_as_asked(self, agency, client, commissioner):
        for _ in range(4):
            modality(agency)
        long_wait(agency)

        first = client.get(self.ADDRESS, {"page_size": 2}).json()

        assert (first["count"], len(first["results"])) == (5, 2)
        assert "page=2" in first["next"]
        assert client.get(self.ADDRESS, {"page": 4, "page_size": 2}).status_code == 404

    def test_gives_csv_that_is_safe_to_open(self, agency, client, commissioner):
        wait = long_wait(agency, client_ref="=cmd|'/C calc'!A0")

        text = client.get(self.ADDRESS, {"format": "csv"}).content.decode()
        (line,) = csv.DictReader(io.StringIO(text))

        assert line["client"] == "'=cmd|'/C calc'!A0"
        assert list(line)[:3] == ["number", "days", "is_open"]
        assert line["number"] == str(wait.pk)

    def test_an_empty_csv_has_its_header(self, client, commissioner):
        text = client.get(self.ADDRESS, {"format": "csv"}).content.decode()

        assert text.startswith("number,days,is_open")

    def test_the_number_of_queries_does_not_grow(
        self, agency, client, commissioner, django_assert_max_num_queries
    ):
        for _ in range(20):
            modality(agency)
        long_wait(agency)

        with django_assert_max_num_queries(12):
            assert len(listed(client, self.ADDRESS)) == 21

    @pytest.mark.parametrize("role", ["finance_approver_of", "keyworker_of"])
    def test_a_role_that_sees_no_waits_is_told_so(self, agency, client, role):
        place = agency.provider if role == "keyworker_of" else agency.partnership
        signed_in(client, **{role: place})

        assert client.get(self.ADDRESS).status_code == 403

    @pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
    def test_nothing_can_be_written(self, agency, client, commissioner, method):
        wait = long_wait(agency)

        for address in (self.ADDRESS, f"{self.ADDRESS}{wait.pk}/"):
            assert getattr(client, method)(address).status_code == 405


class TestIndicators:
    def test_publishes_every_definition(self, client, commissioner):
        rows = client.get("/api/indicators/").json()

        assert [one["code"] for one in rows] == list(IN_FORCE)
        assert all(one["definition"] and one["source"] and one["left_out"] for one in rows)

    def test_finds_one_in_any_case_of_letters(self, client, commissioner):
        one = client.get("/api/indicators/wait-first/").json()

        assert one["code"] == "WAIT-FIRST"
        assert client.get("/api/indicators/wait-last/").status_code == 404


@pytest.fixture(scope="class")
def england(django_db_setup, django_db_blocker):
    """A small England, measured once for the class."""
    with django_db_blocker.unblock(), transaction.atomic():
        drawn = SmallEngland(3)
        refresh_everything(cause="a test")
        yield drawn
        transaction.set_rollback(True)


class TestResults:
    ADDRESS = "/api/results/"
    ASKED = {"indicator": "WAIT-FIRST", "period": "FY2006"}

    def test_gives_every_area_of_a_level_as_the_pages_do(self, england, client):
        person = signed_in(client, commissioner_of=england.partnerships[0])

        rows = listed(client, self.ADDRESS, **self.ASKED, level="partnership")

        shown = Figures.exact(person).across_areas(
            IN_FORCE["WAIT-FIRST"],
            Period.parse("FY2006"),
            AreaKind.PARTNERSHIP,
            with_buckets=True,
        )
        assert rows == [figure.as_row() for figure in shown]
        assert [one["area"] for one in rows if one["exact"]] == [england.partnerships[0].code]

    def test_is_exact_at_home_and_released_elsewhere_and_when_asked(self, england, client):
        signed_in(client, commissioner_of=england.partnerships[0])
        home = {"level": "partnership", "area": england.partnerships[0].code}
        away = {"level": "partnership", "area": england.partnerships[1].code}

        (own,) = listed(client, self.ADDRESS, **self.ASKED, **home)
        (own_released,) = listed(client, self.ADDRESS, **self.ASKED, **home, released="true")
        (other,) = listed(client, self.ADDRESS, **self.ASKED, **away)

        assert (own["exact"], own_released["exact"], other["exact"]) == (True, False, False)
        assert isinstance(own["numerator"], int)
        for one in (own_released, other):
            assert one["numerator"] in ("*", 0) or one["numerator"] % 5 == 0

    def test_gives_england_unless_a_level_is_named(self, england, client):
        signed_in(client)

        (one,) = listed(client, self.ADDRESS, **self.ASKED)

        assert (one["level"], one["area"]) == ("england", "england")

    def test_gives_the_partnerships_of_a_region(self, england, client):
        signed_in(client)
        region = region_of(england.partnerships[0])

        rows = listed(client, self.ADDRESS, **self.ASKED, level="partnership", region=region.code)

        assert {one.code for one in england.partnerships[:2]} <= {one["area"] for one in rows}
        assert england.partnerships[2].code not in {one["area"] for one in rows}

    @pytest.mark.parametrize("sort", ["value", "-value"])
    def test_sorts_as_the_page_of_the_indicator_does(self, england, client, sort):
        signed_in(client, reviewer_of=NationFactory())
        asked = self.ASKED | {"indicator": "IN-TREATMENT", "level": "partnership"}

        values = [one["value"] for one in listed(client, self.ADDRESS, **asked, sort=sort)]

        people = [one for one in values if isinstance(one, int)]
        assert people == sorted(people, reverse=sort == "-value")
        assert len(set(people)) > 1
        assert values[: len(people)] == people  # what is not known comes last either way

    def test_gives_every_period_of_a_grain(self, england, client):
        signed_in(client)

        rows = listed(client, self.ADDRESS, indicator="WAIT-FIRST", grain="quarter")

        assert [one["period"] for one in rows][-2:] == ["2006-Q3", "2006-Q4"]

    def test_breaks_one_area_down(self, england, client):
        signed_in(client, reviewer_of=NationFactory())

        rows = listed(client, self.ADDRESS, **self.ASKED, by="sex")

        assert [one["breakdown_value"] for one in rows] == ["male", "female", "unknown"]
        whole = listed(client, self.ADDRESS, **self.ASKED)[0]["denominator"]
        assert sum(one["denominator"] for one in rows) == whole

    def test_gives_csv_with_a_column_for_each_reason(self, england, client):
        signed_in(client)

        text = client.get(
            self.ADDRESS, {**self.ASKED, "level": "partnership", "format": "csv"}
        ).content.decode()
        rows = list(csv.DictReader(io.StringIO(text)))

        assert len(rows) >= 4
        assert list(rows[0])[:4] == ["indicator", "level", "area", "area_name"]
        assert any(name.startswith("left_out.") for name in rows[0])

    @pytest.mark.parametrize(
        ("asked", "named"),
        [
            ({"indicator": "NONE"}, "indicator"),
            ({"period": "2006"}, "period"),
            ({"level": "kingdom"}, "level"),
            ({"level": "partnership", "area": "E99"}, "area"),
            ({"level": "partnership", "region": "Z"}, "region"),
            ({"level": "region", "region": None}, "region"),
            ({"grain": "year"}, "period"),
            ({"by": "star-sign"}, "by"),
            ({"by": "sex", "level": "partnership"}, "area"),
            ({"by": "sex", "period": "2006-05"}, "by"),
            ({"sort": "numerator"}, "sort"),
            ({"perid": "2006-05"}, "perid"),
        ],
        ids=str,
    )
    def test_refuses_what_it_does_not_understand_by_name(self, england, client, asked, named):
        signed_in(client)
        if asked.get("region", "") is None:
            asked = {**asked, "region": region_of(england.partnerships[0]).code}

        answer = client.get(self.ADDRESS, self.ASKED | asked)

        assert answer.status_code == 400
        assert list(answer.json()) == [named]

    def test_needs_an_indicator_and_a_period(self, client, commissioner):
        assert list(client.get(self.ADDRESS).json()) == ["indicator"]
        asked = client.get(self.ADDRESS, {"indicator": "WAIT-FIRST"})
        assert list(asked.json()) == ["period"]

    def test_the_number_of_queries_is_settled(
        self, england, client, django_assert_max_num_queries
    ):
        signed_in(client, reviewer_of=NationFactory())

        with django_assert_max_num_queries(12):
            listed(client, self.ADDRESS, **self.ASKED, level="partnership")


class TestReturns:
    ADDRESS = "/api/returns/"

    def test_gives_the_part_of_a_file_that_one_reaches(self, agency, client, commissioner):
        made = loaded_return(agency)
        other = AgencyFactory(provider=agency.provider)
        hidden = loaded_return(other)
        Return.objects.filter(pk=hidden.pk).update(upload=made.upload)

        (one,) = listed(client, self.ADDRESS)

        assert (one["number"], one["month"], one["state"]) == (
            made.upload_id,
            "2007-01",
            "LOADED",
        )
        assert [each["agency"] for each in one["returns"]] == [agency.code]

    def test_gives_a_provider_its_own_files_also_before_they_are_checked(self, agency, client):
        made = loaded_return(agency).upload
        made.returns.all().delete()
        loaded_return(AgencyFactory())
        signed_in(client, provider_staff_of=agency.provider)

        (one,) = listed(client, self.ADDRESS)

        assert (one["number"], one["returns"]) == (made.pk, [])

    def test_links_to_the_findings_for_whoever_may_see_records(self, agency, client):
        made = loaded_return(agency)
        signed_in(client, provider_manager_of=agency.provider)

        file = client.get(f"{self.ADDRESS}{made.upload_id}/").json()

        assert file["findings"] == f"/api/returns/{made.upload_id}/findings/"
        assert file["returns"][0]["findings"] == f"{file['findings']}?agency={agency.code}"
        assert listed(client, file["returns"][0]["findings"]) == []

    def test_leads_nobody_to_records_they_may_not_see(self, agency, client, commissioner):
        made = loaded_return(agency)

        (file,) = listed(client, self.ADDRESS)

        assert (file["findings"], file["returns"][0]["findings"]) == (None, None)
        refused = client.get(f"{self.ADDRESS}{made.upload_id}/findings/")
        assert refused.status_code == 403
        assert "records of this return" in refused.json()["detail"]

    def test_another_s_return_is_not_found(self, agency, client, commissioner):
        theirs = loaded_return(AgencyFactory())

        assert client.get(f"{self.ADDRESS}{theirs.upload_id}/").status_code == 404
        assert listed(client, self.ADDRESS) == []

    def test_sorts(self, agency, client, commissioner):
        numbers = [loaded_return(agency).upload_id for _ in range(3)]

        found = listed(client, self.ADDRESS, sort=["month", "number"])

        assert [one["number"] for one in found] == sorted(numbers)

    def test_filters(self, agency, client, commissioner):
        made = loaded_return(agency)

        for asked in (
            {"provider": agency.provider.code, "month": "2007-01", "state": "LOADED"},
            {},
        ):
            assert [one["number"] for one in listed(client, self.ADDRESS, **asked)] == [
                made.upload_id
            ]
        assert listed(client, self.ADDRESS, month="2006-12") == []

    @pytest.mark.parametrize(
        "asked",
        [
            {"month": "May"},
            {"month": "2007-13"},
            {"state": "LOST"},
            {"provider": "?"},
            {"sort": "file"},
        ],
        ids=str,
    )
    def test_refuses_what_it_does_not_understand(self, client, commissioner, asked):
        answer = client.get(self.ADDRESS, asked)

        assert answer.status_code == 400
        assert list(answer.json()) == list(asked)

    def test_the_number_of_queries_does_not_grow(
        self, agency, client, commissioner, django_assert_max_num_queries
    ):
        for _ in range(10):
            loaded_return(agency)

        with django_assert_max_num_queries(8):
            assert len(listed(client, self.ADDRESS)) == 10


@pytest.mark.parametrize(
    "name", ["area-list", "indicator-list", "result-list", "return-list", "long-wait-list"]
)
def test_nobody_reads_anything_signed_out(client, name):
    answer = client.get(reverse(f"api:{name}"))

    assert answer.status_code == 401
    assert list(answer.json()) == ["detail"]


@pytest.mark.parametrize(
    "name", ["area-list", "indicator-list", "result-list", "return-list", "long-wait-list"]
)
def test_answers_are_kept_by_no_cache(client, commissioner, name):
    assert client.get(reverse(f"api:{name}"))["Cache-Control"] == "no-store, private"
