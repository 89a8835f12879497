"""Quarterly reports."""

import datetime as dt

from django.db.models import DecimalField, Value
from django.db.models.functions import Cast

from commissioning.models import LineReport, QuarterReport
from tests.architecture.constraints import again
from tests.factories.commissioning import UserFactory
from tests.factories.ledger import line_of, plan_of

AT = dt.datetime(2006, 7, 20, tzinfo=dt.UTC)
NAN = Cast(Value("NaN"), DecimalField(max_digits=12, decimal_places=2))


def report(**words):
    given = {"plan": plan_of(), "quarter": 1, "due_on": dt.date(2006, 7, 30)}
    return QuarterReport.objects.create(**given | words)


def of_a_line(**words):
    held = report()
    return LineReport.objects.create(**{"report": held, "line": line_of(held.plan)} | words)


BREAKING = {
    "quarter_is_reported_once": lambda: again(report()),
    "report_quarter_is_one_to_four": lambda: report(quarter=5),
    "report_state_is_known": lambda: report(state="LOST"),
    "report_is_signed_by_a_person": lambda: report(state="SIGNED", signed_at=AT, as_signed={}),
    "signed_report_keeps_what_it_said": lambda: report(
        state="SIGNED", signed_at=AT, signed_by=UserFactory()
    ),
    "line_is_reported_once_a_quarter": lambda: again(of_a_line()),
    "reported_spend_is_an_amount": lambda: of_a_line(spend=NAN),
}
