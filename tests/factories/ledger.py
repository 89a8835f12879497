"""Agreed plans with money in their ledger."""

import datetime as dt
from decimal import Decimal

from commissioning.choices import EntryKind, PlanState
from commissioning.models import Allocation, Entry, FundingStream, Line, Plan
from commissioning.models.plans import year_period
from tests.factories.commissioning import PartnershipFactory

DAY = dt.date(2006, 6, 1)


def stream(code="pooled-treatment", **words):
    """A funding stream; without a ring-fence unless `pays_only` says so."""
    given = {"name": code.replace("-", " ").capitalize(), "source": "A test"}
    given |= {"mark": "B", "position": FundingStream.objects.count() + 1} | words
    return FundingStream.objects.get_or_create(code=code, defaults=given)[0]


def plan_of(partnership=None, *, year=2006, state=PlanState.AGREED, **words):
    """A plan of its own, agreed."""
    return Plan.objects.create(
        partnership=partnership or PartnershipFactory(),
        year=year,
        state=state,
        **{"slug": year_period(year).code} | words,
    )


def line_of(plan, name="Community prescribing", **words):
    """The next line of a plan."""
    number = plan.lines.count() + 1
    given = {"number": number, "position": number, "name": name}
    return Line.objects.create(plan=plan, **given | words)


def allocated(line, amount=0, code="pooled-treatment"):
    """A line's part of a stream, agreed: planned as much as its amount."""
    amount = Decimal(amount)
    made = Allocation.objects.create(line=line, stream=stream(code), amount=amount)
    if amount:
        Entry.objects.create(
            allocation=made,
            kind=EntryKind.ALLOCATION,
            amount=amount,
            cause="agreed",
            on=DAY,
            system="a test",
        )
        made.refresh_from_db()
    return made
