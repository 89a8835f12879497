"""A plan is forecast again when money of it is posted."""

import datetime as dt
from decimal import Decimal

import pytest

from commissioning.models import Event
from commissioning.services.jobs import run_outstanding
from commissioning.services.ledger import accrue, commit_funds, pay, pay_back, reverse_accrual
from commissioning.services.plans import agreement
from reporting.models import Forecast
from tests.commissioning.plans.written import written_plan
from tests.factories.commissioning import UserFactory
from tests.factories.ledger import allocated, line_of, plan_of

pytestmark = pytest.mark.django_db
DAY = dt.date(2006, 6, 1)


@pytest.fixture(autouse=True)
def business_day(settings):
    settings.BUSINESS_DAY = DAY


@pytest.fixture
def part():
    return allocated(line_of(plan_of()), 12_000)


@pytest.fixture
def lead(part):
    return UserFactory(lead_of=part.line.plan.partnership)


def paid_of(part):
    return Forecast.objects.get(plan=part.line.plan, line=None, stream=None).paid


def test_after_each_deed_that_moves_what_is_paid(part, lead):
    words = {"allocation": part, "by": lead, "on": DAY, "reason": "An invoice."}
    deeds = [
        (lambda: pay(amount=Decimal(500), cause="one", **words), 500),
        (lambda: accrue(amount=Decimal(200), cause="two", **words), 700),
        (lambda: pay_back(amount=Decimal(100), cause="three", **words), 600),
    ]
    for deed, paid in deeds:
        made = deed()
        assert run_outstanding("reporting") == 1
        assert paid_of(part) == paid
        if made.kind == "ACCRUAL":
            accrual = made

    reverse_accrual(accrual=accrual, by=lead, on=DAY)
    run_outstanding("reporting")
    assert paid_of(part) == 400


def test_the_same_payment_again_asks_for_nothing(part, lead):
    for _ in range(2):
        pay(
            allocation=part,
            amount=Decimal(500),
            cause="one",
            by=lead,
            on=DAY,
            reason="An invoice.",
        )

    assert Event.objects.filter(name="money.moved").count() == 1


def test_a_promise_waits_for_the_night(part, lead):
    commit_funds(allocation=part, amount=Decimal(500), cause="one", by=lead, on=DAY)

    assert not Event.objects.filter(name="money.moved").exists()


def test_a_plan_that_is_agreed_is_forecast(monkeypatch):
    monkeypatch.setattr(agreement, "blocking_checks", lambda _: [])
    made = written_plan(state="SUBMITTED")

    agreement.agree_plan(plan=made.plan, by=made.reviewer, on=DAY)
    run_outstanding("reporting")

    whole = Forecast.objects.get(plan=made.plan, line=None, stream=None)
    assert (whole.planned, whole.expected) == (Decimal("120000.50"),) * 2
