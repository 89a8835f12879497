"""The tables of many plans: where each stands, how far each region is, and what they are asked."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import django_filters
import django_tables2
from django.urls import reverse

from commissioning.choices import PlanState
from commissioning.components import Tone
from commissioning.kernel.words import MISSING
from commissioning.list_filters import RowFilter
from commissioning.models import Partnership
from commissioning.rules.posting import Sums
from commissioning.selectors.plans.across import PlanRow, RegionRow, is_late
from commissioning.selectors.plans.standing import NO_PLAN, PARTNERSHIP, REGION
from commissioning.tables import AboutColumn, CountColumn, DayColumn, NameColumn, Table, TagColumn
from commissioning.views.plans.reaching import PLAN_TONES

NOT_STARTED = "No plan"
STATES = ((NO_PLAN, NOT_STARTED), *PlanState.choices)
TURNS = ((PARTNERSHIP, "The partnership"), (REGION, "The region"))
LATE, IN_TIME = "late", "in-time"


class PlanRowFilter(RowFilter):
    """By name, state, whose turn it is and whether it is late. Rows are told apart in Python."""

    state = django_filters.ChoiceFilter(
        label="State", choices=STATES, empty_label="Any state", method="later"
    )
    waiting = django_filters.ChoiceFilter(
        label="Waits for", choices=TURNS, empty_label="Anybody", method="later"
    )
    due = django_filters.ChoiceFilter(
        label="Late or in time",
        choices=((LATE, "Late"), (IN_TIME, "In time")),
        empty_label="Either",
        method="later",
    )

    class Meta:
        model = Partnership
        fields: list[str] = []

    def passing(self, rows: Iterable[PlanRow], *, on: dt.date) -> list[PlanRow]:
        """The rows that were asked for."""
        state, waiting, due = map(self.asked, ("state", "waiting", "due"))
        return [
            row
            for row in rows
            if self.names(row.name, row.code)
            and (not state or (row.state or NO_PLAN) == state)
            and (not waiting or row.waiting == waiting)
            and (not due or is_late(row, on) == (due == LATE))
        ]


@dataclass(frozen=True)
class Shown:
    """A row as the list shows it, with the money of the streams that were chosen."""

    row: PlanRow
    name: str
    href: str
    region: str
    state: str
    tone: Tone
    version: int | None
    conditions: int | None
    waiting: str
    due_on: dt.date | None
    late: str
    money: Sums


class _Named(Table):
    """A table whose caption says of which place and year it is."""

    def __init__(self, *args: Any, caption: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.caption = caption


class PlansTable(_Named):
    """Where each plan stands. The version is in the file: here it would push out what is paid."""

    counted = ("plan or partnership", "plans and partnerships")

    name = NameColumn(verbose_name="Partnership", href=lambda row: row.href)
    region = django_tables2.Column(verbose_name="Region")
    state = TagColumn(verbose_name="State", tone=lambda row: row.tone)
    version = CountColumn(verbose_name="Version", visible=False)
    conditions = CountColumn(verbose_name="Open conditions")
    waiting = django_tables2.Column(verbose_name="Waits for")
    due_on = DayColumn(verbose_name="Due")
    late = django_tables2.Column(verbose_name="Late", order_by="due_on", default=MISSING)
    planned = AboutColumn(verbose_name="Planned", accessor="money__planned")
    committed = AboutColumn(verbose_name="Committed", accessor="money__committed")
    paid = AboutColumn(verbose_name="Paid", accessor="money__paid")


class RegionsTable(_Named):
    """How far the plans of each region are."""

    counted = ("region", "regions")

    name = NameColumn(verbose_name="Region", href=lambda row: row.href)
    partnerships = CountColumn(verbose_name="Partnerships", accessor="row__partnerships")
    with_plan = CountColumn(verbose_name="With a plan", accessor="row__with_plan")
    with_region = CountColumn(verbose_name="Wait for the region", accessor="row__with_region")
    agreed = CountColumn(verbose_name="Agreed", accessor="row__agreed")
    late = CountColumn(verbose_name="Late", accessor="row__late")
    planned = AboutColumn(verbose_name="Planned", accessor="row__money__planned")
    committed = AboutColumn(verbose_name="Committed", accessor="row__money__committed")
    paid = AboutColumn(verbose_name="Paid", accessor="row__money__paid")


@dataclass(frozen=True)
class ShownRegion:
    """A region's line and where its plans are."""

    row: RegionRow
    href: str

    @property
    def name(self) -> str:
        return self.row.name


def shown(row: PlanRow, stream: str, on: dt.date) -> Shown:
    """The row as the list shows it on the day."""
    plans = reverse("commissioning:plan-list", args=[row.code])
    state = PlanState(row.state) if row.state else None
    return Shown(
        row,
        f"{row.name}: {row.plan_name}" if row.plan_name else row.name,
        f"{plans}{row.slug}/" if row.slug else plans,
        row.region_name or MISSING,
        state.label if state else NOT_STARTED,
        PLAN_TONES[state] if state else "watch",
        row.version,
        row.conditions,
        dict(TURNS).get(row.waiting, MISSING),
        row.due_on,
        how_late(row.due_on, on),
        row.money(stream),
    )


def how_late(due_on: dt.date | None, on: dt.date) -> str:
    """“12 days late”, “due today”, “in 5 days”."""
    if due_on is None:
        return MISSING
    days = (due_on - on).days
    many = "1 day" if abs(days) == 1 else f"{abs(days)} days"
    if days < 0:
        return f"{many} late"
    return f"in {many}" if days else "due today"
