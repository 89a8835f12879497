"""Forecasts from the ledger: what is kept of them, and the page that shows them."""

import datetime as dt
from decimal import Decimal

import pytest

from commissioning.choices import EntryKind, PlanState
from commissioning.models import Entry, LineTrajectory, Plan
from reporting.models import Forecast
from reporting.selectors.forecasts import spend_profile
from reporting.services.forecasts import forecast_plans
from tests.factories.commissioning import PartnershipFactory, UserFactory
from tests.factories.ledger import allocated, line_of, plan_of
from tests.query_counts import assert_counted

pytestmark = pytest.mark.django_db
DAY = dt.date(2006, 9, 15)


@pytest.fixture(autouse=True)
def business_day(settings):
    settings.BUSINESS_DAY = DAY


@pytest.fixture
def plan():
    return plan_of(partnership=PartnershipFactory())


def pay(allocation, amount, on, cause=None):
    Entry.objects.create(
        allocation=allocation,
        kind=EntryKind.PAYMENT,
        amount=Decimal(amount),
        cause=cause or f"invoice {on} {allocation.pk}",
        on=on,
        system="a test",
    )


@pytest.fixture
def prescribing(plan):
    """£12,000 of the pooled budget, £1,000 of it paid in each of five months."""
    part = allocated(line_of(plan), 12_000)
    for month in range(4, 9):
        pay(part, 1_000, dt.date(2006, month, 20))
    return part


def test_a_line_its_stream_and_the_plan_are_forecast(plan, prescribing):
    assert forecast_plans(on=DAY) == 3

    whole = Forecast.objects.get(line=None, stream=None)
    assert (whole.planned, whole.paid) == (Decimal(12_000), Decimal(5_000))
    assert (whole.expected, whole.low, whole.high) == (Decimal(12_000),) * 3
    assert whole.chance == 0
    assert Forecast.objects.get(line=prescribing.line).expected == whole.expected
    assert Forecast.objects.get(stream=prescribing.stream).expected == whole.expected


def test_streams_of_a_line_are_added_up(plan, prescribing):
    other = allocated(prescribing.line, 3_000, "mainstream")
    pay(other, 500, dt.date(2006, 5, 2))
    forecast_plans(on=DAY)

    line = Forecast.objects.get(line=prescribing.line)
    assert (line.planned, line.paid) == (Decimal(15_000), Decimal(5_500))
    assert line.expected == Decimal("13200.00")  # 5,500 / 5 × 12


def test_the_last_of_each_month_is_kept(plan, prescribing):
    forecast_plans(on=dt.date(2006, 8, 10))
    forecast_plans(on=DAY)
    forecast_plans(on=DAY + dt.timedelta(days=3))

    kept = Forecast.objects.filter(line=None, stream=None).order_by("month")
    assert [one.as_at for one in kept] == [dt.date(2006, 8, 10), dt.date(2006, 9, 18)]


def test_a_payment_of_the_month_that_runs_is_paid_but_is_no_rate(plan, prescribing):
    pay(prescribing, 9_000, dt.date(2006, 9, 2))
    forecast_plans(on=DAY)

    whole = Forecast.objects.get(line=None, stream=None)
    assert whole.paid == Decimal(14_000)
    assert whole.expected == Decimal(14_000)
    assert whole.chance == 1


@pytest.mark.parametrize("state", [PlanState.DRAFT, PlanState.SUBMITTED, PlanState.CLOSED])
def test_only_plans_that_are_carried_out_are_forecast(plan, prescribing, state):
    Plan.objects.update(state=state)

    assert forecast_plans(on=DAY) == 0


def test_the_number_of_statements_does_not_grow(plan, prescribing, django_assert_num_queries):
    def statements():
        with django_assert_num_queries(6):
            forecast_plans(on=DAY)

    statements()
    for _ in range(3):
        part = allocated(line_of(plan_of(partnership=PartnershipFactory())), 100)
        pay(part, 10, dt.date(2006, 5, 1))
    statements()


def test_the_profile_of_the_chart_is_that_of_the_quarterly_reports(plan, prescribing):
    profiled = allocated(line_of(plan, "Day programme", cost=900), 900)
    LineTrajectory.objects.create(line=profiled.line, quarter=1, spend=300)
    LineTrajectory.objects.create(line=profiled.line, quarter=3, spend=900)
    forecast_plans(on=DAY)
    whole = Forecast.objects.get(line=None, stream=None)

    drawn = spend_profile(plan, whole, on=DAY)

    # £12,000 evenly; the other line by its steps, the quarter left out as the one before.
    assert [drawn.planned[at] for at in (2, 5, 8, 11)] == [3_300, 6_300, 9_900, 12_900]
    assert drawn.planned[0] == 1_100
    assert list(drawn.paid) == [1_000, 2_000, 3_000, 4_000, 5_000, *[None] * 7]
    assert drawn.expected[4] == 5_000
    assert drawn.expected[11] == whole.expected


class TestThePage:
    @pytest.fixture
    def lead(self, plan):
        return UserFactory(lead_of=plan.partnership)

    def address(self, plan, more=""):
        return f"/partnership/{plan.partnership.code}/plan/{plan.slug}/forecast/{more}"

    def test_says_what_is_expected_and_how_likely_too_much_is(
        self, client, lead, plan, prescribing
    ):
        forecast_plans(on=DAY)
        client.force_login(lead)
        page = assert_counted(client, "plan forecast", self.address(plan)).content.decode()

        assert "Spending is expected to be as planned, £12,000" in page
        assert "0%, unlikely" in page
        assert "Community prescribing" in page

    def test_before_the_first_night_it_says_why_it_is_empty(self, client, lead, plan):
        client.force_login(lead)

        assert "There is no forecast yet" in client.get(self.address(plan)).content.decode()
        assert client.get(self.address(plan, "spend.svg")).status_code == 404

    def test_downloads_its_lines_and_its_picture(self, client, lead, plan, prescribing):
        forecast_plans(on=DAY)
        client.force_login(lead)
        file = b"".join(client.get(self.address(plan, "?format=csv"))).decode()

        assert "Community prescribing" in file
        assert "12000.00" in file
        streams = b"".join(client.get(self.address(plan, "?format=csv&of=streams"))).decode()
        assert "Community prescribing" not in streams
        assert "12000.00" in streams
        assert b"<svg" in client.get(self.address(plan, "spend.svg")).content
        assert client.get(self.address(plan, "spend.json")).json()

    def test_is_not_there_for_another_partnership(self, client, plan):
        client.force_login(UserFactory(lead_of=PartnershipFactory()))

        assert client.get(self.address(plan)).status_code == 404
