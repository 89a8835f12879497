"""Capacity, gaps and the map of a region and of England."""

import csv
import datetime as dt
from decimal import Decimal

import pytest
from django.urls import reverse
from psycopg.types.range import DateRange

from commissioning.kernel.clock import technical_now
from commissioning.models import BullseyeFigure, NeedsArea, NeedsAssessment
from providers.choices import OccupancyKind
from tests.factories.commissioning import PartnershipFactory, RegionFactory, UserFactory
from tests.factories.places import BoardFactory, OccupancyFactory
from tests.factories.plans import InterventionTypeFactory
from tests.factories.providers import DeliveredFactory, PlaceFactory, ServiceFactory
from tests.query_counts import assert_counted

TODAY = dt.date(2007, 2, 15)
DAY = dt.timedelta(days=1)


def bed(service, kind=None):
    place = PlaceFactory(service=service)
    if kind:
        OccupancyFactory(
            began__place=place, kind=kind, nights=DateRange(TODAY - DAY, TODAY + DAY),
            planned_until=TODAY + DAY,
        )  # fmt: skip
    return place


@pytest.fixture
def house(england):
    """A house in Dim with four beds: two occupied, one out of service, one free."""
    service = ServiceFactory(site__partnership=england.dim, name="Valley House")
    DeliveredFactory(service=service)
    for kind in (
        OccupancyKind.OCCUPIED,
        OccupancyKind.OCCUPIED,
        OccupancyKind.OUT_OF_SERVICE,
        None,
    ):
        bed(service, kind)
    PlaceFactory(service=service, overbooked_for="A twin came too")
    BoardFactory(service=service, stated_at=technical_now())
    return service


@pytest.fixture
def reader(england, client):
    client.force_login(UserFactory(reviewer_of=england.region))
    return client


def lines(page):
    return {
        (row.record.name, row.record.intervention): row.record.standing
        for row in page.context["table"].rows
    }


class TestCapacity:
    def test_tells_of_each_partnership_and_intervention_how_its_places_stand(
        self, england, house, reader
    ):
        found = lines(reader.get(f"/region/{england.region.code}/capacity/"))

        assert set(found) == {
            ("Bright", "All services"),
            ("Dim", "All services"),
            ("Dim", "Residential rehabilitation"),
        }
        held = found["Dim", "Residential rehabilitation"]
        assert (held.services, held.places, held.in_service) == (1, 4, 3)
        assert (held.occupied, held.free) == (2, 1)
        assert held.share_occupied == pytest.approx(2 / 3)
        assert found["Bright", "All services"].services == 0

    def test_how_full_it_is_is_told_of_one_kind_of_place_alone(self, england, house, reader):
        PlaceFactory(service=house, kind="CASELOAD")
        address = f"/region/{england.region.code}/capacity/"

        mixed = lines(reader.get(address))["Dim", "All services"]
        beds = lines(reader.get(f"{address}?kind=BED"))["Dim", "All services"]

        assert (mixed.places, mixed.share_occupied) == (5, None)
        assert (beds.places, beds.share_occupied) == (4, pytest.approx(2 / 3))

    def test_the_file_says_what_share_of_the_boards_is_fresh(self, england, house, reader):
        file = reader.get(f"/region/{england.region.code}/capacity/?format=csv")

        header, *rows = csv.reader(file.getvalue().decode("utf-8-sig").splitlines())
        told = {(row[0], row[header.index("Boards fresh")]) for row in rows}
        assert {name for name, share in told if share} == {"Dim"}

    def test_of_what_is_free_it_says_how_much_is_on_unknown_boards(self, england, house, reader):
        bed(ServiceFactory(site__partnership=england.bright))

        found = lines(reader.get(f"/region/{england.region.code}/capacity/"))
        on_map = reader.get(f"/region/{england.region.code}/market/?show=free").text

        assert found["Bright", "All services"].free_unsure == 1
        assert found["Dim", "All services"].free_unsure == 0
        assert "1 (1 unknown)" in on_map
        assert "A board that was not stated within 36 hours is unknown." in on_map

    def test_says_how_many_boards_are_fresh(self, england, house, reader):
        bed(ServiceFactory(site__partnership=england.bright))

        page = reader.get(f"/region/{england.region.code}/capacity/")

        assert page.context["freshness"] == "1 of 2 boards (50%)"

    def test_england_is_shown_by_region_or_by_partnership(self, england, house, reader):
        by_region = lines(reader.get("/england/capacity/"))
        by_partnership = lines(reader.get("/england/capacity/?by=partnerships"))

        assert by_region["Northshire", "All services"].places == 4
        assert by_region["Southshire", "All services"].places == 0
        assert by_partnership["Dim", "All services"].places == 4
        assert ("Silent", "All services") in by_partnership

    def test_is_filtered_sorted_and_downloaded(self, england, house, reader):
        address = f"/region/{england.region.code}/capacity/"

        chosen = reader.get(f"{address}?intervention=residential-rehabilitation")
        free = reader.get(f"{address}?tonight=free&intervention=all")
        rows = list(
            csv.reader(
                reader.get(f"{address}?sort=-free&format=csv")
                .getvalue()
                .decode("utf-8-sig")
                .splitlines()
            )
        )

        assert list(lines(chosen)) == [("Dim", "Residential rehabilitation")]
        assert list(lines(free)) == [("Dim", "All services")]
        assert rows[0][:3] == ["Area", "Intervention", "Services"]
        assert [row[0] for row in rows[1:]] == ["Dim", "Dim", "Bright"]

    @pytest.mark.parametrize("words", ["show=beds", "by=streets", "format=pdf"])
    def test_an_address_that_is_not_clear_is_answered_in_a_sentence(self, england, reader, words):
        page = reader.get(f"/england/capacity/?{words}")

        assert page.status_code == 400
        assert "Write" in page.content.decode()

    def test_is_read_by_a_provider_too(self, england, house, client):
        client.force_login(UserFactory(keyworker_of=england.provider))

        assert client.get("/england/capacity/").status_code == 200


class TestTier4:
    def test_without_a_finished_assessment_there_is_no_rate_and_the_page_says_why(
        self, england, house, reader
    ):
        page = reader.get(f"/region/{england.region.code}/capacity/?show=tier4")

        found = {row.record.name: row.record.reach for row in page.context["table"].rows}
        assert (found["Dim"].beds, found["Dim"].per_1000) == (4, None)
        assert found["Dim"].basis == "No finished needs assessment that you may read"

    def test_rests_on_the_finished_assessment(self, england, house, reader):
        estimate(england.dim, 2000)

        page = reader.get(f"/region/{england.region.code}/capacity/?show=tier4")

        found = {row.record.name: row.record.reach for row in page.context["table"].rows}
        assert found["Dim"].per_1000 == 2.0
        assert "needs assessment 2006/07" in found["Dim"].basis

    def test_a_region_has_a_rate_where_all_its_partnerships_have_an_estimate(
        self, england, house, client
    ):
        client.force_login(UserFactory(reviewer_of=england.nation))
        estimate(england.dim, 2000)
        one = client.get("/england/capacity/?show=tier4")
        estimate(england.bright, 500)
        both = client.get("/england/capacity/?show=tier4")

        told = [
            next(
                row.record.reach
                for row in page.context["table"].rows
                if row.record.name == "Northshire"
            )
            for page in (one, both)
        ]
        assert told[0].basis == "1 of 2 partnerships have a finished needs assessment"
        assert (told[1].estimate, told[1].per_1000) == (2500, 1.6)
        assert both.context["england"].beds == 4


def estimate(partnership, people):
    made = NeedsAssessment.objects.create(
        partnership=partnership, year=2006, state="FINISHED", finished_on=TODAY
    )
    NeedsArea.objects.create(assessment=made, partnership=partnership, year=2006)
    BullseyeFigure.objects.create(
        assessment=made, partnership=partnership, ring="ESTIMATE", value=people, source="A study"
    )


class TestGaps:
    def test_lists_what_each_partnership_lacks_with_where_to_look(self, england, house, reader):
        page = reader.get(f"/region/{england.region.code}/capacity/?show=gaps")

        assert [(row.record.name, row.record.number) for row in page.context["table"].rows] == [
            ("Bright", 4),
            ("Dim", 4),
        ]
        text = page.content.decode()
        assert f"/partnership/{england.dim.code}/primary-care/" in text
        assert "2 of 2 partnerships have a gap" in text

    def test_is_filtered_by_what_is_missing(self, england, reader):
        service = ServiceFactory(site__partnership=england.dim, open_all_hours=True)
        InterventionTypeFactory(code="inpatient")
        assert service.open_all_hours

        page = reader.get(f"/region/{england.region.code}/capacity/?show=gaps&gap=evenings")

        assert [row.record.name for row in page.context["table"].rows] == ["Bright"]


class TestTheMap:
    def test_each_partnership_is_a_tile_with_its_value_in_words(self, england, house, reader):
        page = reader.get(f"/region/{england.region.code}/market/")

        drawn = page.context["drawn"]
        assert f'href="/partnership/{england.dim.code}/" aria-label="Dim: 1"' in drawn
        assert 'aria-label="Bright: not known"' in drawn
        assert "Silent" not in drawn

    @pytest.mark.parametrize(
        ("measure", "said"),
        [("occupancy", "67%"), ("stale", "0"), ("tier4", "–"), ("waits", "38%")],
    )
    def test_shows_other_measures_too(self, england, house, reader, measure, said):
        page = reader.get(f"/england/market/?measure={measure}")

        written = {row.record.name: row.record.value.written for row in page.context["table"].rows}
        assert written["Dim"] == said
        assert set(written) == {"Bright", "Dim", "Silent"}

    def test_regions_of_the_reference_table_stand_in_their_blocks(self, client):
        region = RegionFactory(code="A", name="North East")
        PartnershipFactory(region=region, latitude=Decimal("54.9"), longitude=Decimal("-1.6"))
        client.force_login(UserFactory(reviewer_of=region))

        assert "North East</text>" in client.get("/region/A/market/").context["drawn"]

    def test_is_downloaded_as_a_picture_and_as_numbers(self, england, house, reader):
        address = f"/region/{england.region.code}/market"

        picture = reader.get(f"{address}.svg?measure=occupancy")
        rows = (
            reader.get(f"{address}/?measure=occupancy&format=csv").getvalue().decode("utf-8-sig")
        )

        assert picture["Content-Type"].startswith("image/svg+xml")
        assert "<a" not in picture.content.decode()
        assert "Dim" in rows
        assert "0.66" in rows

    def test_an_unknown_measure_is_answered_in_a_sentence(self, england, reader):
        assert reader.get("/england/market/?measure=rain").status_code == 400


PAGES = {
    "capacity": "/england/capacity/?by=partnerships",
    "capacity, Tier 4": "/england/capacity/?show=tier4",
    "capacity, gaps": "/england/capacity/?show=gaps",
    "map": "/england/market/",
    "map of waits": "/england/market/?measure=waits",
}


@pytest.mark.parametrize("name", PAGES)
def test_the_number_of_queries_is_settled(england, house, reader, name):
    assert_counted(reader, name, PAGES[name])

    for _ in range(3):
        another = PartnershipFactory(region=england.region)
        service = ServiceFactory(site__partnership=another)
        DeliveredFactory(service=service)
        bed(service)
    assert_counted(reader, name, PAGES[name])


def test_every_region_page_has_its_address(england):
    assert reverse("reporting:region-capacity", args=["A"]) == "/region/A/capacity/"
