"""A region's and England's plans through the year: what they spend, expect and report."""

import datetime as dt
from contextlib import closing
from decimal import Decimal

import pytest
from django.db.models import Sum
from django.urls import reverse

from commissioning.choices import EntryKind
from commissioning.models import Allocation, Entry, LineTrajectory, Partnership
from commissioning.scoping import System
from commissioning.selectors.plans.across import in_region
from commissioning.selectors.plans.monitoring import report_of
from commissioning.selectors.plans.profiles import profiles_on
from commissioning.services.plans.monitoring import sign_report
from commissioning.services.plans.quarters import open_reports
from reporting.selectors.spend import spend_across, totals_of
from reporting.services.forecasts import forecast_plans
from tests.factories.commissioning import (
    NationFactory,
    PartnershipFactory,
    RegionFactory,
    UserFactory,
)
from tests.factories.ledger import allocated, line_of, plan_of
from tests.query_counts import assert_counted

pytestmark = pytest.mark.django_db
DAY = dt.date(2006, 9, 30)


@pytest.fixture(autouse=True)
def business_day(settings):
    settings.BUSINESS_DAY = DAY


@pytest.fixture
def region():
    return RegionFactory(name="North East")


def spending(region, name, *, planned=12_000, month=1_000, months=5, **steps):
    """An agreed plan of one line, with as much paid in each of so many months from April."""
    partnership = PartnershipFactory(region=region, organisation__name=name)
    plan = plan_of(partnership=partnership)
    part = allocated(line_of(plan), planned)
    for number in range(months):
        Entry.objects.create(
            allocation=part,
            kind=EntryKind.PAYMENT,
            amount=Decimal(month),
            cause=f"invoice {number}",
            on=dt.date(2006, 4 + number, 20),
            system="a test",
        )
    for quarter, spend in steps.items():
        LineTrajectory.objects.create(
            line=part.line, quarter=int(quarter[1:]), spend=Decimal(spend)
        )
    open_reports(plan=plan, by=System("a test"))
    return plan


@pytest.fixture
def three(region):
    """One on its profile, one far beyond it, and a partnership without a plan."""
    calm = spending(region, "Durham")
    wild = spending(region, "Gateshead", month=2_400)
    PartnershipFactory(region=region, organisation__name="Sunderland")
    spending(RegionFactory(name="South West"), "Elsewhere")
    forecast_plans(on=DAY)
    sign_report(
        report=report_of(calm, 1), by=UserFactory(lead_of=calm.partnership), on=dt.date(2006, 7, 9)
    )
    return calm, wild


def at(region, **query):
    address = reverse("reporting:region-spend", args=[region.code, "FY2006"])
    return f"{address}?{'&'.join(f'{key}={value}' for key, value in query.items())}"


def names(page):
    return [one.record.row.name for one in page.context["table"].rows]


class TestTheProfileOnADay:
    def profile(self, plan, on):
        held = Allocation.objects.filter(line__plan=plan).aggregate(planned=Sum("planned"))
        return profiles_on({plan.pk: held["planned"]}, year=2006, on=on)[plan.pk]

    def test_goes_evenly_without_steps(self, region):
        plan = spending(region, "Durham", planned=36_500)

        assert self.profile(plan, dt.date(2006, 3, 31)) == 0
        assert self.profile(plan, dt.date(2006, 6, 30)) == Decimal(9_125)
        assert self.profile(plan, dt.date(2006, 8, 15)) == Decimal("13687.50")
        assert self.profile(plan, dt.date(2007, 5, 1)) == Decimal(36_500)

    def test_follows_the_steps_and_carries_one_left_out(self, region):
        plan = spending(region, "Durham", q1=1_000, q2=5_000, q4=12_000)

        assert self.profile(plan, dt.date(2006, 6, 30)) == 1_000
        assert self.profile(plan, dt.date(2006, 8, 15)) == 3_000
        assert self.profile(plan, dt.date(2006, 12, 31)) == 5_000
        assert self.profile(plan, dt.date(2007, 3, 31)) == 12_000

    def test_adds_lines_with_and_without_steps(self, region):
        plan = spending(region, "Durham", q1=1_000, q2=2_000, q3=3_000, q4=12_000)
        allocated(line_of(plan), 400)

        assert self.profile(plan, dt.date(2006, 6, 30)) == 1_100


def test_each_plan_has_its_money_profile_forecast_and_reports(region, three):
    found = spend_across(in_region(region, on=DAY), year=2006, on=DAY)

    said = {one.row.name: one for one in found}
    calm, wild, none = said["Durham"], said["Gateshead"], said["Sunderland"]
    assert (calm.money.paid, calm.profile, calm.of_profile) == (5_000, 6_000, Decimal("0.8333"))
    assert (calm.chance, wild.chance) == (0, 1)
    assert wild.over > 0
    assert (calm.reports.signed, calm.reports.late) == (1, 0)
    assert (wild.reports.signed, wild.reports.late) == (0, 1)
    assert wild.reports.late_since == dt.date(2006, 7, 30)
    assert (none.profile, none.forecast, none.of_profile) == (None, None, None)
    totals = totals_of(found)
    assert (totals.plans, totals.money.paid, totals.profile) == (2, 17_000, 12_000)
    assert (totals.signed, totals.late, totals.plans_late) == (1, 1, 1)


def test_the_statements_do_not_grow(region, three, django_assert_num_queries):
    def statements():
        with django_assert_num_queries(5):
            spend_across(Partnership.objects.all(), year=2006, on=dt.date(2006, 8, 15))

    statements()
    for number in range(4):
        spending(region, f"Another {number}", q1=10)
    statements()


def test_the_region_reads_who_spends_what_and_who_is_late(client, region, three):
    client.force_login(UserFactory(reviewer_of=region))

    page = client.get(at(region))

    said = page.content.decode()
    assert names(page) == ["Durham", "Gateshead", "Sunderland"]
    assert "100%, likely" in said
    assert "0%, unlikely" in said
    assert "1 late, of 1 plan" in said
    assert "No plan" in said
    assert "Elsewhere" not in said


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"overspend": "likely"}, ["Gateshead"]),
        ({"overspend": "unlikely"}, ["Durham"]),
        ({"reports": "late"}, ["Gateshead"]),
        ({"state": "NONE"}, ["Sunderland"]),
        ({"name": "dur"}, ["Durham"]),
        ({"sort": "-paid"}, ["Gateshead", "Durham", "Sunderland"]),
    ],
)
def test_the_list_is_filtered_and_sorted(client, region, three, asked, found):
    client.force_login(UserFactory(reviewer_of=region))

    assert names(client.get(at(region, **asked))) == found


def test_what_a_filter_does_not_know_is_named(client, region, three):
    client.force_login(UserFactory(reviewer_of=region))

    assert "“perhaps” is not known" in client.get(at(region, overspend="perhaps")).content.decode()


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_list_is_a_file(client, region, three, kind):
    client.force_login(UserFactory(reviewer_of=region))

    answer = client.get(at(region, format=kind))

    assert answer["Content-Disposition"].endswith(f'.{kind}"')
    if kind == "csv":
        rows = b"".join(answer.streaming_content).decode().splitlines()
        assert rows[1].startswith("Durham,Being monitored,12000.00,0.00,5000.00,")
    answer.close()


def test_what_would_not_fit_a_desk_is_in_the_file(client, region, three):
    client.force_login(UserFactory(reviewer_of=region))
    left_out = {"State", "At least", "At most"}

    shown = {str(one.header) for one in client.get(at(region)).context["table"].columns}
    with closing(client.get(at(region, format="csv"))) as answer:
        lines = b"".join(answer.streaming_content).decode().splitlines()
    filed = set(lines[0].removeprefix("\ufeff").split(","))

    assert not shown & left_out
    assert filed == shown | left_out


def test_england_reads_every_plan_and_the_regions(client, region, three):
    client.force_login(UserFactory(reviewer_of=NationFactory()))
    address = reverse("reporting:england-spend", args=["FY2006"])

    page = client.get(address)

    assert names(page) == ["Durham", "Elsewhere", "Gateshead", "Sunderland"]
    regions = {one.record.name: one.record.totals for one in page.context["regions"].rows}
    assert (regions["North East"].money.paid, regions["South West"].late) == (17_000, 1)
    file = b"".join(client.get(f"{address}?format=csv&of=r")).decode().splitlines()
    assert [row.split(",")[0] for row in file[1:]] == ["North East", "South West"]
    assert names(client.get(f"{address}?region={region.code}")) == [
        *("Durham", "Gateshead", "Sunderland")
    ]


def test_a_year_that_is_none_is_not_found(client, region):
    client.force_login(UserFactory(reviewer_of=region))

    for year in ("2006-Q1", "FY1066", "soon"):
        address = reverse("reporting:region-spend", args=[region.code, year])
        assert client.get(address).status_code == 404


def test_queries_of_spending(client, region, three):
    client.force_login(UserFactory(reviewer_of=region))
    assert_counted(client, "spending of a region's plans", at(region))
    client.force_login(UserFactory(reviewer_of=NationFactory()))
    assert_counted(
        client,
        "spending of England's plans",
        reverse("reporting:england-spend", args=["FY2006"]),
    )
