"""A joint plan for Tier 4: the partnerships of a region buy beds together, each with its share."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal

from commissioning.choices import FundingStanding
from commissioning.demonstration import book
from commissioning.demonstration.writing import state_all
from commissioning.models import Partnership, Plan, User
from commissioning.reference.framework import framework
from commissioning.rules.shares import shares_by_need
from commissioning.rules.tiers import RESIDENTIAL_TIER
from commissioning.services.plans.funding import FundingRow, save_funding
from commissioning.services.plans.joint import start_joint_plan
from commissioning.services.plans.line_rows import LineRow
from commissioning.services.plans.lines import save_lines
from commissioning.services.plans.starting import start_plan
from commissioning.services.plans.summary import write_summary


def draft_joint_plan(
    *, lead: Partnership, sizes: Mapping[Partnership, Decimal], year: int, by: User, on: dt.date
) -> Plan:
    """The joint plan with its lines, before its members write their own: what they share of it is
    part of what their streams are spent on. Shares follow how large each member is.
    """
    streams = sorted({stream for line in book.JOINT_LINES for stream in line.percents})
    save_funding(
        plan=start_plan(partnership=lead, year=year, by=by),
        rows=[FundingRow(one, Decimal(1), FundingStanding.EXPECTED) for one in streams],
        by=by,
    )
    shares = shares_by_need([int(size * 100) for size in sizes.values()])
    plan = start_joint_plan(
        partnership=lead,
        year=year,
        name=book.JOINT_NAME,
        shares=dict(zip(sizes, shares, strict=True)),
        by=by,
        on=on,
    )
    rows = [_row(number, line) for number, line in enumerate(book.JOINT_LINES, start=1)]
    save_lines(plan=plan, rows=rows, by=by)
    write_summary(plan=plan, summary=book.JOINT_SUMMARY, has_prison=False, by=by)
    state_all(plan, framework().tier(RESIDENTIAL_TIER).items, by=by)
    plan.refresh_from_db()
    return plan


def _row(number: int, words: book.LineWords) -> LineRow:
    values = {
        "name": words.name,
        "tier": words.tier,
        "intervention": words.intervention,
        "unit": words.unit,
        "unit_cost": words.unit_cost,
        "volume": words.volume,
        "weeks": words.weeks,
        "planned_starts": words.starts,
        **words.more,
    }
    return LineRow(key=str(number), values=values, percents=words.percents)
