"""A plan's ledger: every entry, and where the money of each line stands."""

from collections.abc import Sequence
from functools import cached_property
from typing import Any

import django_tables2
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from commissioning.choices import AT_WORK_IN
from commissioning.components import Figure
from commissioning.filters import EntryFilter
from commissioning.kernel.words import MISSING, pounds
from commissioning.models import Entry
from commissioning.roles import Permission
from commissioning.rules.posting import Sums, totalled
from commissioning.selectors.plans.joint_ledger import JointMoney, joint_money_of
from commissioning.selectors.plans.ledger import (
    HeldMoney,
    listed_entries_of_plan,
    money_of_plan,
    sums_of_plan,
)
from commissioning.selectors.plans.reaching import ReachedPlan
from commissioning.tables import DayColumn, NameColumn, PoundsColumn, Table
from commissioning.views.lists import list_response
from commissioning.views.plans.reaching import plan_href, plan_or_404, plan_page

MONEY = "commissioning:plan-money"
LEDGER = "commissioning:plan-ledger"
LIST = "commissioning/plans/ledger_list.html"


class EntryTable(Table):
    """The ledger, entry by entry."""

    caption = "Entries of the ledger"
    counted = ("entry", "entries")
    empty_title = "No entry"

    on = DayColumn(verbose_name="Date", order_by=("on", "pk"))
    kind = django_tables2.Column(verbose_name="Entry")
    line = NameColumn(
        accessor="allocation__line",
        verbose_name="Line",
        order_by=("allocation__line__number", "pk"),
    )
    stream = django_tables2.Column(
        accessor="allocation__stream",
        verbose_name="Stream",
        order_by=("allocation__stream__position", "pk"),
    )
    amount = PoundsColumn(verbose_name="Amount")
    reference = django_tables2.Column(verbose_name="Reference", order_by=("cause", "pk"))
    reason = django_tables2.Column(verbose_name="Reason", default=MISSING)
    maker = django_tables2.Column(verbose_name="By", order_by=("made_by__name", "system"))

    class Meta:
        model = Entry
        fields: tuple[str, ...] = ()
        sequence = ("line", "stream", "kind", "on", "amount", "reference", "reason", "maker")

    def value_line(self, value: object) -> str:
        return str(value)

    def value_stream(self, value: object) -> str:
        return str(value)


class HeldTable(Table):
    """Where the money of each line's part of a stream stands."""

    caption = "Money line by line"
    counted = ("line and stream", "lines and streams")
    empty_title = "No line takes from a stream yet"

    line = NameColumn(verbose_name="Line", order_by=("line__number",))
    of = django_tables2.Column(verbose_name="Of", empty_values=(), orderable=False)
    stream = django_tables2.Column(verbose_name="Stream", order_by=("stream__position",))
    planned = PoundsColumn(verbose_name="Planned", footer=lambda table: table.total("planned"))
    committed = PoundsColumn(
        verbose_name="Committed", footer=lambda table: table.total("committed")
    )
    paid = PoundsColumn(verbose_name="Paid", footer=lambda table: table.total("paid"))
    headroom = PoundsColumn(verbose_name="Headroom", footer=lambda table: table.total("headroom"))

    @cached_property
    def totals(self) -> Sums:
        """Of every row, whatever page is shown."""
        return totalled(self.data)

    def total(self, name: str) -> str:
        return pounds(getattr(self.totals, name))

    def render_of(self, record: HeldMoney | JointMoney) -> str:
        """This plan, or the joint plan and how much of it is ours."""
        if isinstance(record, HeldMoney):
            return "This plan"
        return f"{record.plan.name}, our {record.share.normalize():f}%"

    def value_of(self, record: HeldMoney | JointMoney) -> str:
        return self.render_of(record)

    def value_line(self, value: object) -> str:
        return str(value)

    def value_stream(self, value: object) -> str:
        return str(value)


@require_safe
def plan_ledger(request: HttpRequest, code: str, slug: str) -> HttpResponseBase:
    """Every entry of the plan's ledger."""
    reached = plan_or_404(request, code, slug)
    plan = reached.plan
    entries = listed_entries_of_plan(plan)
    shown = EntryFilter(request.GET, queryset=entries, request=request, plan=plan)
    joint = joint_money_of(plan)
    return list_response(
        request,
        EntryTable(shown.qs),
        filterset=shown,
        template=LIST,
        **ledger_page(
            reached,
            "Ledger",
            figures=figures_of(sums_of_plan(plan) + totalled(joint)),
            joint_plans=_joint_plans(joint),
        ),
    )


@require_safe
def plan_ledger_lines(request: HttpRequest, code: str, slug: str) -> HttpResponseBase:
    """What is planned, committed, paid and free of every line and stream."""
    reached = plan_or_404(request, code, slug)
    joint = joint_money_of(reached.plan)
    return list_response(
        request,
        HeldTable([*money_of_plan(reached.plan), *joint], exclude=() if joint else ("of",)),
        template=LIST,
        **ledger_page(reached, "Money line by line", joint_plans=_joint_plans(joint)),
    )


def _joint_plans(joint: Sequence[JointMoney]) -> list[tuple[str, str, str]]:
    """The joint plans whose money is shared here: name, ledger, and the part that is ours."""
    held = {one.plan.pk: one for one in joint}
    return [
        (one.plan.name, plan_href(one.plan, LEDGER), f"{one.share.normalize():f}%")
        for one in held.values()
    ]


def ledger_page(reached: ReachedPlan, heading: str, **more: Any) -> dict[str, Any]:
    """The frame of every page of the ledger, for `list_response` and `render` alike."""
    plan = reached.plan
    page = plan_page(reached, MONEY)
    page.pop("page_heading")
    posts = reached.may(Permission.MONEY_POST) and plan.state in AT_WORK_IN
    links = [
        ("Every entry", plan_href(plan, LEDGER)),
        ("Line by line", plan_href(plan, "commissioning:plan-ledger-lines")),
        ("Virements", plan_href(plan, "commissioning:plan-virements")),
    ]
    if posts:
        links += [
            ("Post an entry", plan_href(plan, "commissioning:plan-ledger-post")),
            ("Send the bank's payments", plan_href(plan, "commissioning:plan-payments")),
            ("Ask for a virement", plan_href(plan, "commissioning:plan-virement-ask")),
        ]
    crumbs = [*page.pop("breadcrumbs"), ("Money", plan_href(plan, MONEY))]
    if heading != "Ledger":
        crumbs.append(("Ledger", plan_href(plan, LEDGER)))
    return {
        **page,
        "heading": f"{heading}, {plan.period.label}",
        "breadcrumbs": crumbs,
        "ledger_links": links,
        "is_posted_to": plan.state in AT_WORK_IN,
        **more,
    }


def form_page(reached: ReachedPlan, heading: str, **more: Any) -> dict[str, Any]:
    """The same for a page that is no list."""
    page = ledger_page(reached, heading, **more)
    return {**page, "page_heading": page["heading"]}


def figures_of(sums: Sums) -> list[Figure]:
    """The whole plan in four numbers."""
    return [
        Figure("Planned", pounds(sums.planned)),
        Figure("Committed", pounds(sums.committed)),
        Figure("Paid", pounds(sums.paid)),
        Figure("Headroom", pounds(sums.headroom)),
    ]
