"""The tables of quarterly reports, and a report's state in words."""

from typing import Any

import django_tables2
from django.urls import reverse

from commissioning.choices import MilestoneStatus
from commissioning.components import Tone
from commissioning.kernel.words import MISSING
from commissioning.models import Plan
from commissioning.selectors.plans.monitoring import QuarterStanding
from commissioning.tables import (
    CountColumn,
    DayColumn,
    MomentColumn,
    NameColumn,
    PoundsColumn,
    Table,
    TagColumn,
)
from commissioning.views.plans.grids import STATUS_TONES

TAB = "commissioning:plan-monitoring"
QUARTER = "commissioning:plan-quarter"


def quarter_href(plan: Plan, quarter: int) -> str:
    """The page of one quarter's report."""
    return reverse(QUARTER, args=[plan.partnership.code, plan.slug, f"q{quarter}"])


def state_of(one: QuarterStanding) -> str:
    """A report's state in a word or three: signed, overdue by 9 days, to be signed, to come."""
    if one.is_signed:
        return "Signed"
    if one.days_late:
        return f"Overdue by {one.days_late} day{'' if one.days_late == 1 else 's'}"
    if one.is_over:
        return "Due"
    return "Running" if one.has_begun else "To come"


def tone_of(one: QuarterStanding) -> Tone:
    if one.is_signed:
        return "good"
    return "bad" if one.days_late else "watch" if one.is_over else "plain"


class QuartersTable(Table):
    """The four reports of the year."""

    caption = "Quarterly reports"
    counted = ("report", "reports")

    quarter = NameColumn(
        accessor="period__label",
        verbose_name="Quarter",
        href=lambda one: quarter_href(one.report.plan, one.report.quarter),
        order_by="period__start",
    )
    due_on = DayColumn(accessor="report__due_on", verbose_name="Due")
    state = TagColumn(
        accessor="report__pk",
        verbose_name="State",
        tone=tone_of,
        order_by=("is_signed", "days_late"),
        verdict=True,
    )
    signed_by = django_tables2.Column(
        accessor="report__signed_by", verbose_name="Signed by", default=MISSING
    )
    signed_at = MomentColumn(accessor="report__signed_at", verbose_name="Signed", default=MISSING)
    profile = PoundsColumn(verbose_name="Profile")
    paid = PoundsColumn(
        accessor="paid_by_then", verbose_name="Paid by the ledger", order_by="paid"
    )
    reported = PoundsColumn(verbose_name="Reported as spent")
    in_words = django_tables2.Column(
        verbose_name="Difference", default="Not over yet", orderable=False
    )

    def render_state(self, record: QuarterStanding) -> Any:
        return self.columns["state"].column.written(state_of(record), tone_of(record))

    def value_state(self, record: QuarterStanding) -> str:
        return state_of(record)


class LineReportsTable(Table):
    """A quarter line by line."""

    caption = "Lines in the quarter"
    counted = ("line", "lines")

    number = django_tables2.Column(verbose_name="No.")
    name = NameColumn(verbose_name="Line")
    planned = PoundsColumn(verbose_name="Planned for the year")
    profile = PoundsColumn(verbose_name="Profile")
    paid = PoundsColumn(verbose_name="Paid by the ledger")
    reported = PoundsColumn(verbose_name="Reported")
    difference = PoundsColumn(verbose_name="Less profile")
    in_words = django_tables2.Column(verbose_name="In words", orderable=False)
    beside_ledger = PoundsColumn(verbose_name="Less ledger")
    starts_meant = CountColumn(verbose_name="Starts planned")
    starts = CountColumn(verbose_name="Starts")
    commentary = django_tables2.Column(verbose_name="Commentary", default=MISSING, orderable=False)


class MilestonesTable(Table):
    """The milestones beside the lines."""

    caption = "Milestones"
    counted = ("milestone", "milestones")

    action = NameColumn(verbose_name="Action and milestone")
    grid = django_tables2.Column(verbose_name="Grid")
    by_when = DayColumn(verbose_name="By when")
    by_whom = django_tables2.Column(verbose_name="By whom")
    status_label = TagColumn(
        verbose_name="Status",
        tone=lambda one: STATUS_TONES[MilestoneStatus(one.status)],
        verdict=True,
    )
    note = django_tables2.Column(verbose_name="Note", default="", orderable=False)
