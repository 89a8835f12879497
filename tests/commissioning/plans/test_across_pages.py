"""The plans of a region and of England, side by side."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from commissioning.choices import PlanState, PlanStep
from commissioning.models import Allocation, DueDate, Entry, Partnership, Plan
from commissioning.selectors.plans.across import rows_of
from commissioning.selectors.plans.standing import plans_across
from commissioning.services.plans.due_dates import set_due_dates
from tests.commissioning.plans.written import YEAR, written_plan
from tests.factories.commissioning import (
    NationFactory,
    PartnershipFactory,
    RegionFactory,
    UserFactory,
)
from tests.query_counts import assert_counted

pytestmark = pytest.mark.django_db
DUE = dt.date(2006, 5, 31)


@pytest.fixture
def region():
    """A region with a draft that is late, an agreed plan, and a partnership without one."""
    made = written_plan(state=PlanState.DRAFT, name="Gateshead")
    other = written_plan(region=made.region, name="Durham", state=PlanState.SUBMITTED)
    Plan.objects.filter(pk=other.plan.pk).update(state=PlanState.AGREED)
    part = Allocation.objects.get(line__plan=other.plan, line__number=1)
    for kind, amount in (("ALLOCATION", 1000), ("COMMITMENT", 400), ("PAYMENT", 300)):
        Entry.objects.create(
            allocation=part, kind=kind, amount=amount, cause=kind, reason="A test.", on=DUE,
            made_by=other.lead,
        )  # fmt: skip
    PartnershipFactory(region=made.region, organisation__name="Sunderland")
    DueDate.objects.create(organisation=made.region, year=YEAR, step=PlanStep.SUBMITTED, on=DUE)
    written_plan(name="Elsewhere", region=RegionFactory(name="South West"))
    return made


def at(made, at_page="region-plans", **query):
    address = reverse(f"commissioning:{at_page}", args=[made.region.code, "FY2006"])
    return f"{address}?{'&'.join(f'{key}={value}' for key, value in query.items())}"


def shown(page):
    return {one.record.name: one.record for one in page.context["table"].rows}


def test_a_region_sees_each_partnership_also_one_without_a_plan(client, region, settings):
    settings.BUSINESS_DAY = dt.date(2006, 6, 12)
    client.force_login(region.reviewer)

    rows = shown(client.get(at(region)))

    said = {name: (row.state, row.waiting, row.late) for name, row in rows.items()}
    assert said == {
        "Durham": ("Agreed", "–", "–"),
        "Gateshead": ("Draft", "The partnership", "12 days late"),
        "Sunderland": ("No plan", "The partnership", "12 days late"),
    }
    assert rows["Gateshead"].money.planned == pytest.approx(120000.5)
    assert (rows["Durham"].money.planned, rows["Durham"].money.paid) == (1000, 300)


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({"state": "NONE"}, ["Sunderland"]),
        ({"waiting": "partnership"}, ["Gateshead", "Sunderland"]),
        ({"due": "in-time"}, ["Durham"]),
        ({"name": "gate"}, ["Gateshead"]),
        ({"sort": "-planned"}, ["Gateshead", "Durham", "Sunderland"]),
    ],
)
def test_the_list_is_filtered_and_sorted(client, region, settings, query, names):
    settings.BUSINESS_DAY = dt.date(2006, 6, 12)
    client.force_login(region.reviewer)

    assert list(shown(client.get(at(region, **query)))) == names


def test_the_money_shown_is_of_the_stream_that_was_chosen(client, region):
    client.force_login(region.reviewer)

    page = client.get(at(region, stream="Community%20care"))

    assert shown(page)["Gateshead"].money.planned == pytest.approx(20000.5)
    assert [name for name, _ in page.context["totals"]] == [
        "Pooled treatment budget",
        "Community care",
    ]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_list_is_a_file_too(client, region, kind):
    client.force_login(region.reviewer)

    answer = client.get(at(region, format=kind))

    assert answer["Content-Disposition"].endswith(f'.{kind}"')
    if kind == "csv":
        rows = b"".join(answer.streaming_content).decode().splitlines()
        assert rows[1].startswith("Durham,Agreed,,")
    answer.close()


def test_england_sees_regions_and_every_partnership(client, region):
    client.force_login(UserFactory(reviewer_of=NationFactory()))
    address = reverse("commissioning:england-plans", args=["FY2006"])

    regions = shown(client.get(address))
    row = regions[region.region.name].row
    assert (row.partnerships, row.with_plan, row.agreed) == (3, 2, 1)
    assert len(shown(client.get(f"{address}?areas=partnerships"))) == 4


def test_the_table_of_a_region_takes_two_statements_however_many_there_are(region):
    everybody = Partnership.objects.all()

    with CaptureQueriesContext(connection) as asked:
        rows = rows_of(plans_across(everybody, year=YEAR, on=DUE))

    assert (len(rows), len(asked)) == (4, 2)


def test_the_plans_of_the_year_that_runs_are_where_the_word_leads(client, region, settings):
    settings.BUSINESS_DAY = dt.date(2007, 2, 15)
    client.force_login(region.reviewer)

    page = client.get(reverse("commissioning:region-plans-now", args=[region.region.code]))

    assert page.context["page_heading"] == "Plans of North East, 2006/07"


def test_a_reviewer_sets_the_days_on_their_page(client, region):
    client.force_login(region.reviewer)
    address = reverse("commissioning:region-plan-dates", args=[region.region.code, "FY2006"])
    days = {"SUBMITTED_0": "1", "SUBMITTED_1": "6", "SUBMITTED_2": "2006"}

    refused = client.post(
        address, {**days, "COMMENTED_0": "1", "COMMENTED_1": "5", "COMMENTED_2": "2006"}
    )
    assert "before “Plan submitted”" in refused.content.decode()
    client.post(address, days)

    assert [one.on for one in DueDate.objects.all()] == [dt.date(2006, 6, 1)]


def test_a_year_that_is_none_is_not_found(client, region):
    client.force_login(region.reviewer)

    for year in ("FY1999", "2006-Q1", "soon"):
        address = reverse("commissioning:region-plans", args=[region.region.code, year])
        assert client.get(address).status_code == 404


def test_queries_of_the_lists_of_plans(client, region):
    set_due_dates(organisation=region.region, year=YEAR, days={}, by=region.reviewer)
    client.force_login(UserFactory(reviewer_of=NationFactory()))
    england = reverse("commissioning:england-plans", args=["FY2006"])

    for name, address in {
        "plans of a region": at(region),
        "plans of England by region": england,
        "plans of England": f"{england}?areas=partnerships",
        "days plans are due": at(region, "region-plan-dates"),
    }.items():
        assert_counted(client, name, address)
