"""The days of plans: due at the region, milestones, ends of contracts and of quarters.

One statement gives all of them, so that a home page can ask.
"""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import F, IntegerField, Q, QuerySet, TextField, Value
from django.db.models.functions import Cast

from commissioning.choices import (
    AT_WORK_IN,
    FactKind,
    MilestoneStatus,
    OrganisationKind,
    PlanStep,
    ReportState,
)
from commissioning.kernel.periods import Grain, periods_between
from commissioning.models import (
    DueDate,
    GridRow,
    Line,
    OrganisationFact,
    QuarterReport,
    User,
)
from commissioning.models.plans import year_period
from commissioning.roles import Permission

OVER = (MilestoneStatus.DONE, MilestoneStatus.DROPPED)
DUE, MILESTONE, END, REPORT = "due", "milestone", "end", "report"
_COLUMNS: Final = (
    "what", "falls_on", "row", "said", "who", "of", "at", "code", "slug", "joint"
)  # fmt: skip


@dataclass(frozen=True)
class Day:
    """Something that falls on a day. `key` stays the same however often it is told.

    `code` and `slug` lead to the plan; they are empty where it is about all plans.
    """

    on: dt.date
    words: str
    key: str
    code: str = ""
    slug: str = ""


def days_of_plans(person: User, *, since: dt.date, until: dt.date) -> list[Day]:
    """What falls from `since` to `until` in the plans the person may view, in order.

    People of a partnership get the days of its own plans; reviewers those their region, or the
    nation, has set, and the quarters. No client is behind any of it. One statement.
    """
    reach = person.reach(Permission.PLAN_VIEW)
    if not reach:
        return []
    rows = [_due_dates(person, since, until)]
    own = reach.partnerships if not (reach.regions or reach.nation) else frozenset()
    if own:
        mine = Q(plan__partnership__in=own)
        rows += [_milestones(mine, since, until), _ends(mine, since, until)]
        rows += [_reports(mine, since, until)]
    found = list(rows[0].union(*rows[1:], all=True) if rows[1:] else rows[0])
    days = [*_told(found), *_quarter_ends(since, until)]
    return sorted(days, key=lambda one: (one.on, one.words))


def _told(rows: "Iterable[dict[str, Any]]") -> Iterator[Day]:
    """The rows in words; a region's own day goes before the nation's for the same step."""
    rows = list(rows)
    by_region = {
        (one["of"], one["said"])
        for one in rows
        if one["what"] == DUE and one["code"] == OrganisationKind.REGION
    }
    for one in rows:
        key, said = f"{one['what']}-{one['row']}", one["said"]
        if one["what"] == DUE:
            is_nations = one["code"] == OrganisationKind.NATION
            if not (is_nations and (one["of"], said) in by_region):
                step, year = PlanStep(said).label, year_period(one["of"]).label
                yield Day(one["falls_on"], f"{step} for {year}: due ({one['who']})", key)
            continue
        words = {
            MILESTONE: f"Milestone: {said} ({one['who']})",
            END: f"Contract ends: {said}",
            REPORT: _report_words(one),
        }[one["what"]]
        yield Day(one["falls_on"], words, key, one["code"], one["slug"])


def _report_words(one: "dict[str, Any]") -> str:
    year = year_period(one["of"])
    quarters = list(periods_between(year.start, year.last_day, Grain.QUARTER))
    words = f"Quarterly report due: {quarters[max(one['at'], 1) - 1].label}"
    return f"{words}, {one['joint']}" if one["joint"] else words


def _due_dates(person: User, since: dt.date, until: dt.date) -> "QuerySet[Any, Any]":
    reach = person.reach(Permission.PLAN_VIEW)
    held = DueDate.objects.filter(on__range=(since, until))
    if not reach.nation:
        places = Q(organisation__in=reach.regions)
        if reach.partnerships and not reach.regions:
            lies = OrganisationFact.objects.on(since).filter(
                kind=FactKind.IN_REGION, organisation__in=reach.partnerships
            )
            places = Q(organisation__in=lies.values("other"))
        held = held.filter(places | Q(organisation__kind=OrganisationKind.NATION))
    return _columns(
        held,
        DUE,
        falls_on=F("on"),
        said=F("step"),
        who=F("organisation__name"),
        of=F("year"),
        code=F("organisation__kind"),
        slug=Value(""),
        joint=Value(""),
    )


def _quarter_ends(since: dt.date, until: dt.date) -> Iterator[Day]:
    for quarter in periods_between(since, until, Grain.QUARTER):
        if since <= quarter.last_day <= until:
            yield Day(quarter.last_day, f"Quarter ends: {quarter.label}", f"q-{quarter.code}")


def _milestones(mine: Q, since: dt.date, until: dt.date) -> "QuerySet[Any, Any]":
    rows = GridRow.objects.filter(
        mine, plan__state__in=AT_WORK_IN, by_when__range=(since, until)
    ).exclude(status__in=OVER)
    return _of_plan(rows, MILESTONE, falls_on=F("by_when"), said=F("action"), who=F("by_whom"))


def _ends(mine: Q, since: dt.date, until: dt.date) -> "QuerySet[Any, Any]":
    rows = Line.objects.filter(mine, plan__state__in=AT_WORK_IN, ends_on__range=(since, until))
    return _of_plan(rows, END, falls_on=F("ends_on"), said=F("name"), who=Value(""))


def _reports(mine: Q, since: dt.date, until: dt.date) -> "QuerySet[Any, Any]":
    rows = QuarterReport.objects.filter(mine, due_on__range=(since, until), state=ReportState.OPEN)
    return _of_plan(
        rows, REPORT, falls_on=F("due_on"), said=Value(""), who=Value(""), at=F("quarter")
    )


def _of_plan(rows: "QuerySet[Any, Any]", what: str, **columns: Any) -> "QuerySet[Any, Any]":
    return _columns(
        rows,
        what,
        of=F("plan__year"),
        code=F("plan__partnership__organisation__code"),
        slug=F("plan__slug"),
        joint=F("plan__name"),
        **columns,
    )


def _columns(rows: "QuerySet[Any, Any]", what: str, **columns: Any) -> "QuerySet[Any, Any]":
    """The same columns of the same types, whatever falls on the day."""
    words = {
        name: Cast(columns[name], TextField()) for name in ("said", "who", "code", "slug", "joint")
    }
    found: QuerySet[Any, Any] = (
        rows.order_by()
        .annotate(
            what=Value(what, TextField()),
            falls_on=columns["falls_on"],
            row=F("pk"),
            of=Cast(columns["of"], IntegerField()),
            at=Cast(columns.get("at", Value(0)), IntegerField()),
            **words,
        )
        .values(*_COLUMNS)
    )
    return found
