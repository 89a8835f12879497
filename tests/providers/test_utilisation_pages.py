"""Pages of utilisation: what each reader sees, filtered and as files, at how many questions."""

import datetime as dt
from decimal import Decimal

import pytest
from django.urls import reverse
from psycopg.types.range import DateRange

from providers.choices import OccupancyKind
from tests.factories.call_offs import CallOffFactory
from tests.factories.commissioning import (
    NationFactory,
    PartnershipFactory,
    RegionFactory,
    UserFactory,
)
from tests.factories.contracts import ContractPlaceFactory
from tests.factories.places import OccupancyFactory
from tests.factories.providers import (
    ContractFactory,
    ContractShareFactory,
    DeliveredFactory,
    PlaceFactory,
    ProviderFactory,
    ServiceFactory,
)
from tests.query_counts import assert_counted

pytestmark = pytest.mark.django_db
APRIL = dt.date(2006, 4, 1)
MARCH = dt.date(2007, 4, 1)
TODAY = dt.date(2007, 2, 15)


@pytest.fixture(autouse=True)
def _day(settings):
    settings.BUSINESS_DAY = TODAY


class Block:
    """Four beds at £700 a week, two of them used by us for a year, one by somebody else."""

    def __init__(self, *, beds=4):
        self.region = RegionFactory(name="North")
        self.ours = PartnershipFactory(region=self.region)
        self.theirs = PartnershipFactory()
        self.provider = ProviderFactory(organisation__name="Harbour House")
        self.service = ServiceFactory(provider=self.provider, name="The House")
        self.contract = ContractFactory(
            provider=self.provider,
            lead=self.ours,
            kind="BLOCK",
            state="LIVE",
            price=Decimal(700),
            price_unit="BED_WEEK",
            places=beds,
        )
        ContractShareFactory(contract=self.contract)
        for number in range(beds):
            self.bed(number)
        self.writer = UserFactory(commissioner_of=self.ours)
        self.manager = UserFactory(provider_manager_of=self.provider)

    def bed(self, number):
        place = PlaceFactory(service=self.service, label=f"Bed {number + 1}")
        ContractPlaceFactory(contract=self.contract, place=place, nights=(APRIL, MARCH))
        if number % 4 < 3:
            OccupancyFactory(
                began__place=place,
                nights=DateRange(APRIL, MARCH),
                kind=OccupancyKind.OCCUPIED,
                partnership=self.theirs if number % 4 == 2 else self.ours,
            )

    def with_ceiling(self, kind):
        """A contract of ours with the same house: £10,000 of £50,000 called off in August."""
        made = ContractFactory(
            provider=self.provider,
            lead=self.ours,
            kind=kind,
            state="LIVE",
            ceiling=Decimal(50_000),
        )
        ContractShareFactory(contract=made)
        bought = self.spot(self.ours)
        begins = {"starts_on": dt.date(2006, 8, 1), "ends_on": dt.date(2006, 8, 29)}
        type(bought).objects.update(contract=made, **begins)
        return made

    def spot(self, partnership, cost=10_000):
        return CallOffFactory(
            place=PlaceFactory(service=self.service, label=f"Guest {self.service.places.count()}"),
            partnership=partnership,
            state="APPROVED",
            cost=cost,
            weekly_price=500,
            decided_by=UserFactory(),
        )


@pytest.fixture
def block():
    return Block()


def at(name, *args):
    return reverse(f"providers:{name}", args=args)


class TestOfAContract:
    def test_voids_are_counted_and_priced_month_by_month(self, client, block):
        client.force_login(block.writer)

        answer = client.get(at("contract-utilisation", block.contract.reference))

        words = answer.content.decode()
        assert "50% of the nights contracted were used" in words
        rows = list(answer.context["table"].rows)
        assert len(rows) == 11
        assert rows[0].get_cell_value("void") == 60
        assert rows[0].get_cell_value("outside") == 30
        assert rows[0].get_cell_value("voids") == 6000
        assert rows[0].get_cell_value("weekly") == 1400
        assert rows[-1].get_cell_value("contracted") == 4 * 14  # up to last night

    def test_one_month_is_told_night_by_night(self, client, block):
        client.force_login(block.manager)
        address = at("contract-utilisation", block.contract.reference)

        answer = client.get(f"{address}?month=2006-05&sort=-when")

        rows = list(answer.context["table"].rows)
        assert len(rows) == 31
        assert rows[0].get_cell("when") == "31 May 2006"
        assert client.get(f"{address}?month=2006").status_code == 404
        assert client.get(f"{address}?month=soon").status_code == 404

    def test_it_is_set_beside_what_was_paid_on_the_spot(self, client, block):
        block.spot(block.ours)
        block.spot(block.theirs)
        client.force_login(block.writer)

        words = client.get(at("contract-utilisation", block.contract.reference)).content.decode()

        assert "£500: paid on the spot here" in words
        assert "280%" in words  # £1,400 for an occupied week

    @pytest.mark.parametrize("kind", ["FRAMEWORK", "COST_AND_VOLUME"])
    def test_a_ceiling_burns_down_in_a_picture_with_its_table(self, client, block, kind):
        contract = block.with_ceiling(kind)
        client.force_login(block.writer)

        answer = client.get(at("contract-utilisation", contract.reference))

        chart = answer.context["chart"]
        assert chart.title == "£40,000 of £50,000 is left"
        assert [row[-1] for row in chart.table.rows[3:5]] == ["£50,000", "£40,000"]
        assert "Show as table" in answer.text
        left = [row.get_cell_value("left") for row in answer.context["table"].rows]
        assert left[:5] == [50_000, 50_000, 50_000, 50_000, 40_000]
        assert len(left) == len(chart.table.rows) == 11
        picture = client.get(chart.svg_href)
        assert "£40,000 of £50,000 is left" in picture.content.decode()
        file = client.get(at("contract-utilisation", contract.reference) + "?format=csv")
        assert "August 2006" in b"".join(file).decode()

    def test_its_picture_is_drawn_and_its_table_handed_out(self, client, block):
        client.force_login(block.writer)

        picture = client.get(at("contract-utilisation-svg", block.contract.reference))
        file = client.get(f"{at('contract-utilisation', block.contract.reference)}?format=csv")

        assert picture["Content-Type"].startswith("image/svg+xml")
        assert b"Nights contracted" in b"".join(file)


class TestOfAProvider:
    def test_whoever_searches_for_places_sees_how_full_it_is_and_no_money(self, client, block):
        block.spot(block.theirs)
        client.force_login(UserFactory(care_manager_of=block.ours))
        address = at("provider-utilisation", block.provider.code)

        seen = client.get(address).content.decode()

        assert "Occupancy" in seen
        assert "Income from" not in seen
        client.force_login(block.manager)
        assert "Income from spot purchases" in client.get(address).content.decode()

    def test_another_provider_sees_nothing_of_it(self, client, block):
        client.force_login(UserFactory(provider_manager_of=ProviderFactory()))

        answer = client.get(at("provider-utilisation", block.provider.code))

        assert answer.status_code == 403

    def test_months_are_added_up_and_the_nights_of_one_are_a_heat_map(self, client, block):
        client.force_login(block.manager)

        answer = client.get(at("provider-utilisation", block.provider.code) + "?month=2006-06")

        rows = list(answer.context["table"].rows)
        assert rows[0].get_cell_value("occupied") == 90
        assert rows[0].get_cell_value("occupancy") == 0.75
        chart = answer.context["chart"]
        assert chart.title == "75% of bed-days available in June 2006 were occupied"
        assert len(chart.table.rows[0]) == 31
        assert client.get(chart.svg_href)["Content-Type"].startswith("image/svg+xml")

    def test_places_are_told_apart_by_kind_and_year(self, client, block):
        PlaceFactory(service=block.service, kind="PRESCRIBING")
        client.force_login(block.manager)
        address = at("provider-utilisation", block.provider.code)

        slots = client.get(f"{address}?kind=PRESCRIBING")
        before = client.get(f"{address}?year=FY2005")

        assert next(iter(slots.context["table"].rows)).get_cell_value("open") == 30
        assert len(before.context["table"].rows) == 12
        assert client.get(f"{address}?year=FY1999").status_code == 200


class TestKindsOfPlace:
    """Beds, slots and caseloads stand by themselves: no share is of all of them together."""

    def slot(self, service, *, occupied):
        place = PlaceFactory(service=service, kind="PRESCRIBING")
        if occupied:
            OccupancyFactory(
                began__place=place, nights=DateRange(APRIL, MARCH), kind=OccupancyKind.OCCUPIED
            )

    @pytest.fixture
    def mixed(self, block):
        """Three of four beds of a house are occupied, and every one of ten slots of a team."""
        DeliveredFactory(service=block.service)  # residential rehabilitation
        PlaceFactory(service__provider=block.provider, kind="BED")  # of a ward
        team = ServiceFactory(provider=block.provider, name="The Team")
        for _ in range(10):
            self.slot(team, occupied=True)
        return block

    @pytest.mark.parametrize("of", ["region", "england"])
    def test_an_area_tells_them_apart_and_residential_beds_by_themselves(self, client, mixed, of):
        if of == "region":
            client.force_login(UserFactory(reviewer_of=mixed.region))
            page = client.get(at("region-utilisation", mixed.region.code))
        else:
            client.force_login(UserFactory(reviewer_of=NationFactory()))
            page = client.get(at("england-utilisation"))

        table = page.context["kinds"]
        nights = (TODAY - APRIL).days
        assert [(row[0], row[1], row[3]) for row in table.rows] == [
            ("Beds", f"{5 * nights:,}", "60%"),
            ("Of the beds, residential rehabilitation", f"{4 * nights:,}", "75%"),
            ("Prescribing slots", f"{10 * nights:,}", "100%"),
        ]
        assert page.context["chart"].title == "60% of bed-days available were occupied"
        row = next(iter(page.context["table"].rows))
        assert row.get_cell_value("occupancy") == 0.6

    def test_another_kind_is_chosen(self, client, mixed):
        client.force_login(UserFactory(reviewer_of=NationFactory()))

        page = client.get(at("england-utilisation") + "?kind=PRESCRIBING")

        assert page.context["chart"].title == "100% of place-days available were occupied"

    def test_a_provider_tells_them_apart_too(self, client, mixed):
        client.force_login(mixed.manager)

        page = client.get(at("provider-utilisation", mixed.provider.code))

        assert [row[0] for row in page.context["kinds"].rows][::2] == ["Beds", "Prescribing slots"]
        assert page.context["summary"].facts[0].value == "60%"

    def test_a_provider_without_beds_shows_what_it_has(self, client):
        provider = ProviderFactory()
        self.slot(ServiceFactory(provider=provider), occupied=True)
        client.force_login(UserFactory(provider_manager_of=provider))

        page = client.get(at("provider-utilisation", provider.code))

        assert page.context["summary"].title == "Prescribing slots, 2006/07"
        assert page.context["summary"].facts[0].value == "100%"
        assert page.context["kinds"] is None

    def test_a_partnership_tells_its_blocks_of_beds_apart(self, client, block):
        other = Block(beds=1)
        other.contract.price_unit = "PLACE_WEEK"
        other.contract.lead = block.ours
        other.contract.save()
        other.contract.shares.update(partnership=block.ours)
        client.force_login(block.writer)

        page = client.get(at("partnership-utilisation", block.ours.code))

        assert [(row[0], row[-1]) for row in page.context["blocks"].rows] == [
            ("Beds", "50%"),
            ("Other places", "0%"),
        ]


class TestFixedCosts:
    def test_who_states_them_sees_which_occupancy_covers_them(self, client, block):
        DeliveredFactory(service=block.service, weekly_price=Decimal(700))
        client.force_login(block.manager)
        address = at("provider-fixed-costs", block.provider.code)

        client.post(address, {"amount": "109500"})

        block.provider.refresh_from_db()
        assert block.provider.fixed_costs == 109_500
        page = client.get(at("provider-utilisation", block.provider.code)).content.decode()
        assert "Break-even occupancy" in page
        assert "75%" in page  # £146,000 a year with all four beds taken
        client.force_login(UserFactory(reviewer_of=block.region))
        table = client.get(at("region-utilisation", block.region.code)).context["table"]
        assert next(iter(table.rows)).get_cell_value("break_even") == 0.75

    def test_none_are_known_until_they_are_stated_and_once_they_are_taken_back(
        self, client, block
    ):
        block.provider.fixed_costs = 5
        block.provider.save()
        client.force_login(block.manager)

        refused = client.post(at("provider-fixed-costs", block.provider.code), {"amount": "-1"})
        client.post(at("provider-fixed-costs", block.provider.code), {"amount": ""})

        assert refused.status_code == 200
        block.provider.refresh_from_db()
        assert block.provider.fixed_costs is None


class TestOfAPartnership:
    def test_the_dearest_voids_come_first(self, client, block):
        other = Block(beds=1)
        other.contract.lead = block.ours
        other.contract.save()
        other.contract.shares.update(partnership=block.ours)
        client.force_login(block.writer)

        answer = client.get(at("partnership-utilisation", block.ours.code))

        assert [row.record.contract for row in answer.context["table"].rows] == [
            block.contract,
            other.contract,
        ]
        assert "In block" not in answer.content.decode()

    def test_it_is_filtered_by_kind_and_named(self, client, block):
        client.force_login(block.writer)
        address = at("partnership-utilisation", block.ours.code)

        assert len(client.get(f"{address}?kind=SPOT").context["table"].rows) == 0
        assert len(client.get(f"{address}?name=harbour").context["table"].rows) == 1
        assert len(client.get(f"{address}?year=FY2004").context["table"].rows) == 0
        assert b"".join(client.get(f"{address}?format=xlsx")).startswith(b"PK")


class TestOfARegion:
    def test_who_lives_on_spot_comes_first_and_is_named(self, client, block):
        spot = ProviderFactory(organisation__name="Spot House")
        CallOffFactory(
            place=PlaceFactory(service__provider=spot),
            partnership=block.ours,
            state="APPROVED",
            cost=9000,
            decided_by=UserFactory(),
        )
        client.force_login(UserFactory(reviewer_of=block.region))

        answer = client.get(at("region-utilisation", block.region.code))

        rows = list(answer.context["table"].rows)
        assert [row.get_cell_value("name") for row in rows] == ["Spot House", "Harbour House"]
        assert "1 provider takes 50% or more" in answer.content.decode()
        only = client.get(at("region-utilisation", block.region.code) + "?exposure=spot")
        assert len(only.context["table"].rows) == 1

    def test_it_counts_its_own_partnerships_money_alone(self, client, block):
        block.spot(block.theirs, cost=40_000)
        client.force_login(UserFactory(reviewer_of=block.region))

        answer = client.get(at("region-utilisation", block.region.code))

        row = next(iter(answer.context["table"].rows))
        assert row.get_cell_value("spot") == 0
        assert row.get_cell_value("contracts") == 320 * 400

    def test_england_counts_everybodys(self, client, block):
        block.spot(block.theirs, cost=40_000)
        client.force_login(UserFactory(reviewer_of=NationFactory()))

        answer = client.get(at("england-utilisation"))

        row = next(iter(answer.context["table"].rows))
        assert row.get_cell_value("spot") == 40_000
        assert "60% of bed-days available were occupied" in answer.content.decode()
        assert client.get(at("england-utilisation-svg")).status_code == 200


class TestQueries:
    @pytest.mark.parametrize("beds", [4, 12])
    def test_pages_ask_as_many_questions_however_many_places(self, client, beds):
        block = Block(beds=beds)
        block.spot(block.ours)
        client.force_login(block.writer)

        for name, args in (
            ("contract-utilisation", [block.contract.reference]),
            ("partnership-utilisation", [block.ours.code]),
            ("provider-utilisation", [block.provider.code]),
        ):
            assert_counted(client, name.replace("-", " "), at(name, *args))
        client.force_login(UserFactory(reviewer_of=block.region))
        assert_counted(client, "region utilisation", at("region-utilisation", block.region.code))
        client.force_login(UserFactory(reviewer_of=NationFactory()))
        assert_counted(client, "england utilisation", at("england-utilisation"))
