"""A pound of a joint plan shows in each member's own plan, and counts once where it is added."""

import datetime as dt
from decimal import Decimal

import pytest
from django.urls import reverse

from commissioning.choices import PlanKind
from commissioning.models import Partnership, Plan, PlanMember
from commissioning.scoping import System
from commissioning.selectors.plans.across import by_region, in_region, rows_of
from commissioning.selectors.plans.joint_ledger import joint_money_of
from commissioning.selectors.plans.standing import plans_across
from commissioning.services.ledger import commit_funds, pay
from reporting.selectors.spend import spend_across, totals_of
from reporting.services.forecasts import forecast_plans
from tests.factories.commissioning import (
    NationFactory,
    PartnershipFactory,
    RegionFactory,
    UserFactory,
)
from tests.factories.ledger import allocated, line_of, plan_of

pytestmark = pytest.mark.django_db
BY, ON, YEAR = System("a test"), dt.date(2006, 7, 1), 2006
SHARES = (Decimal("33.333"), Decimal("33.333"), Decimal("33.334"))
D = Decimal


@pytest.fixture(autouse=True)
def business_day(settings):
    settings.BUSINESS_DAY = dt.date(2006, 9, 30)


@pytest.fixture
def region():
    NationFactory()
    return RegionFactory(name="North East")


@pytest.fixture
def plans(region):
    """Three plans of £1,000 each; the third lies in another region."""
    places = [region, region, RegionFactory(name="South West")]
    made = []
    for name, place in zip(("Durham", "Gateshead", "Plymouth"), places, strict=True):
        plan = plan_of(PartnershipFactory(region=place, organisation__name=name))
        spend(allocated(line_of(plan), 1_000), committed=0, paid=200)
        made.append(plan)
    return made


@pytest.fixture
def joint(plans):
    """Durham leads £100.01 of detoxification and £900 of rehabilitation for all three."""
    made = plan_of(
        plans[0].partnership, kind=PlanKind.JOINT, slug="FY2006-tier-4", name="Tier 4 North"
    )
    for plan, share in zip(plans, SHARES, strict=True):
        PlanMember.objects.create(plan=made, partnership=plan.partnership, share=share)
    spend(
        allocated(line_of(made, "Detoxification", cost="100.01", tier=4), "100.01"), paid="20.02"
    )
    spend(allocated(line_of(made, "Rehabilitation", cost=900, tier=4), 900), committed=500, paid=7)
    return made


def spend(part, *, committed=0, paid=0):
    words = {"allocation": part, "by": BY, "on": ON, "reason": "So."}
    if paid:
        pay(amount=D(paid), cause="p", **words)
    if committed:
        commit_funds(amount=D(committed), cause="c", **words)
    return part


def rows(partnerships):
    return rows_of(plans_across(partnerships, year=YEAR, on=ON))


def money(one):
    return (one.planned, one.committed, one.paid)


WHOLE = (D("4000.01"), D(500), D("627.02"))


class TestLists:
    def test_a_member_s_row_holds_its_part_and_the_joint_plan_s_own_the_whole(self, joint, region):
        every = rows(in_region(region, on=ON))
        found = {(one.name, one.plan_name): one for one in every}

        assert len(every) == 3
        assert set(found) == {("Durham", ""), ("Durham", "Tier 4 North"), ("Gateshead", "")}
        assert money(found["Gateshead", ""].money()) == (D("1333.33"), D("166.66"), D("209.00"))
        assert money(found["Durham", "Tier 4 North"].money()) == (D("1000.01"), D(500), D("27.02"))

    def test_in_england_each_pound_counts_once_and_in_a_region_what_its_members_pay(self, joint):
        regions = by_region(rows(Partnership.objects.all()), on=ON)

        by_name = {one.name: one.money for one in regions}
        assert by_name["North East"].planned == D("2666.66")
        assert by_name["South West"].planned == D("1333.35")
        total = [sum(column) for column in zip(*map(money, by_name.values()), strict=True)]
        assert tuple(total) == WHOLE

    def test_who_has_no_plan_of_its_own_still_shows_its_part(self, joint, plans):
        Plan.objects.filter(pk=plans[2].pk).update(year=YEAR - 1)

        found = rows(Partnership.objects.filter(pk=plans[2].partnership_id))

        assert [(one.state, one.money().planned) for one in found] == [(None, D("333.35"))]

    def test_joint_plans_or_none_two_statements(self, joint, django_assert_num_queries):
        with django_assert_num_queries(2):
            rows(Partnership.objects.all())

    def test_the_pages_total_what_their_rows_hold(self, joint, client, region):
        client.force_login(UserFactory(reviewer_of=region))
        page = client.get(reverse("commissioning:region-plans", args=[region.code, "FY2006"]))

        assert page.context["whole"].planned == D("2666.66")
        assert "shows the whole of it and is not added again" in page.content.decode()


class TestSpending:
    def test_each_pound_counts_once(self, joint):
        totals = totals_of(spend_across(Partnership.objects.all(), year=YEAR, on=ON))

        assert money(totals.money) == WHOLE
        assert totals.plans == 4

    def test_profiles_and_forecasts_are_shared_as_the_money_is(self, joint, region):
        day = dt.date(2006, 9, 30)
        forecast_plans(on=day)
        every = spend_across(Partnership.objects.all(), year=YEAR, on=day)
        here = spend_across(in_region(region, on=day), year=YEAR, on=day)
        there = [one for one in every if one.row.name == "Plymouth"]

        whole = [one for one in every if one.row.is_own or one.row.plan_id == joint.pk]
        assert totals_of(every).expected == sum(one.forecast.expected for one in whole)
        assert totals_of(every).profile == sum(one.profile_of_plan for one in whole)
        for name in ("profile", "expected"):
            parts = [getattr(totals_of(some), name) for some in (here, there)]
            assert sum(parts) == getattr(totals_of(every), name)

    def test_a_joint_plan_that_is_not_agreed_is_not_spending_yet(self, joint):
        Plan.objects.filter(pk=joint.pk).update(state="DRAFT")

        totals = totals_of(spend_across(Partnership.objects.all(), year=YEAR, on=ON))

        assert totals.money.planned == 3_000


class TestLedger:
    def test_the_parts_of_all_members_make_the_joint_ledger_to_the_penny(self, joint, plans):
        parts = [joint_money_of(plan) for plan in plans]

        for name, whole in (
            ("planned", D("1000.01")), ("committed", D(500)), ("paid", D("27.02")),
        ):  # fmt: skip
            assert sum(getattr(one, name) for mine in parts for one in mine) == whole
        assert [sum(one.planned for one in mine) for mine in parts] == [
            D("333.33"), D("333.33"), D("333.35"),
        ]  # fmt: skip
        assert joint_money_of(joint) == []

    def test_the_member_s_ledger_page_shows_them_line_by_line(self, joint, plans, client):
        plan = plans[1]
        client.force_login(UserFactory(commissioner_of=plan.partnership))
        at = [plan.partnership.code, plan.slug]

        lines = client.get(reverse("commissioning:plan-ledger-lines", args=at)).content.decode()
        ledger = client.get(reverse("commissioning:plan-ledger", args=at)).content.decode()

        assert lines.count("Tier 4 North, our 33.333%") == 2
        for words in ("1. Detoxification", "2. Rehabilitation", "£299.99", "£1,333.33", "£209"):
            assert words in lines
        for words in ("33.333% of", "£1,333.33", "£166.66", "£209", "£957.67"):
            assert words in ledger

    def test_without_a_joint_plan_the_ledger_has_no_column_for_it(self, plans, client):
        plan = plans[1]
        client.force_login(UserFactory(commissioner_of=plan.partnership))
        address = reverse(
            "commissioning:plan-ledger-lines", args=[plan.partnership.code, plan.slug]
        )

        assert "This plan" not in client.get(address).content.decode()


def test_the_document_has_the_part_line_by_line_and_in_its_money(joint, plans, client):
    plan = plans[1]
    client.force_login(UserFactory(commissioner_of=plan.partnership))
    at = [plan.partnership.code, plan.slug]

    page = client.get(reverse("reporting:plan-document", args=at)).content.decode()
    file = client.get(reverse("reporting:plan-document-pdf", args=at))

    assert "Our 33.333% of Tier 4 North, led by Durham" in page
    for words in ("1. Detoxification", "£1,000.01", "£333.33", "Streams with our part of joint"):
        assert words in page
    assert "£1,333.33" in page
    assert file.content.startswith(b"%PDF-")
