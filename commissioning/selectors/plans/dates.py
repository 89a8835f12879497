"""The days of plans: due at the region, milestones, ends of contracts and of quarters."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from commissioning.choices import (
    FactKind,
    MilestoneStatus,
    OrganisationKind,
    PlanKind,
    PlanState,
    ReportState,
)
from commissioning.kernel.periods import Grain, periods_between
from commissioning.models import (
    DueDate,
    GridRow,
    Line,
    OrganisationFact,
    Plan,
    QuarterReport,
    User,
)
from commissioning.models.plans import year_period
from commissioning.roles import Permission

AT_WORK = (PlanState.AGREED, PlanState.MONITORED)


@dataclass(frozen=True)
class Day:
    """Something that falls on a day. `key` stays the same however often it is told."""

    on: dt.date
    words: str
    key: str
    plan: Plan | None = None


def days_of_plans(person: User, *, since: dt.date, until: dt.date) -> list[Day]:
    """What falls from `since` to `until` in the plans the person may view, in order.

    People of a partnership get the days of its own plans; reviewers those their region, or the
    nation, has set, and the quarters. No client is behind any of it.
    """
    reach = person.reach(Permission.PLAN_VIEW)
    if not reach:
        return []
    days = [*_due_dates(person, since, until), *_quarter_ends(since, until)]
    own = reach.partnerships if not (reach.regions or reach.nation) else frozenset()
    if own:
        mine = Plan.objects.filter(partnership__in=own)
        days += [*_milestones(mine, since, until), *_ends(mine, since, until)]
        days += _reports(mine, since, until)
    return sorted(days, key=lambda one: (one.on, one.words))


def _due_dates(person: User, since: dt.date, until: dt.date) -> Iterator[Day]:
    """A region's own day goes before the nation's for the same year and step."""
    reach = person.reach(Permission.PLAN_VIEW)
    regions = set(reach.regions)
    if reach.partnerships and not regions:
        regions = _regions_of(reach.partnerships, since)
    held = DueDate.objects.filter(on__range=(since, until)).select_related("organisation")
    asked = held if reach.nation else held.filter(
        Q(organisation__in=regions) | Q(organisation__kind=OrganisationKind.NATION)
    )  # fmt: skip
    told = list(asked)
    by_region = {
        (one.year, one.step) for one in told if one.organisation.kind == OrganisationKind.REGION
    }
    for one in told:
        if one.organisation.kind == OrganisationKind.NATION and (one.year, one.step) in by_region:
            continue
        words = f"{one.get_step_display()} for {year_period(one.year).label}: due"
        yield Day(one.on, f"{words} ({one.organisation})", f"due-{one.pk}")


def _regions_of(partnerships: frozenset[int], day: dt.date) -> set[int]:
    facts = OrganisationFact.objects.on(day).filter(
        kind=FactKind.IN_REGION, organisation__in=partnerships
    )
    return {one for one in facts.values_list("other", flat=True) if one is not None}


def _quarter_ends(since: dt.date, until: dt.date) -> Iterator[Day]:
    for quarter in periods_between(since, until, Grain.QUARTER):
        if since <= quarter.last_day <= until:
            yield Day(quarter.last_day, f"Quarter ends: {quarter.label}", f"q-{quarter.code}")


def _milestones(plans: QuerySet[Plan], since: dt.date, until: dt.date) -> Iterator[Day]:
    over = (MilestoneStatus.DONE, MilestoneStatus.DROPPED)
    rows = (
        GridRow.objects.filter(plan__in=plans, plan__state__in=AT_WORK)
        .filter(by_when__range=(since, until))
        .exclude(status__in=over)
        .select_related("plan__partnership__organisation")
    )
    for row in rows:
        words = f"Milestone: {row.action} ({row.by_whom})"
        yield Day(row.by_when, words, f"milestone-{row.pk}", row.plan)


def _ends(plans: QuerySet[Plan], since: dt.date, until: dt.date) -> Iterator[Day]:
    lines = Line.objects.filter(
        plan__in=plans, plan__state__in=AT_WORK, ends_on__range=(since, until)
    ).select_related("plan__partnership__organisation")
    for line in lines:
        assert line.ends_on is not None  # noqa: S101 - the range holds no empty day
        yield Day(line.ends_on, f"Contract ends: {line.name}", f"end-{line.pk}", line.plan)


def _reports(plans: QuerySet[Plan], since: dt.date, until: dt.date) -> Iterator[Day]:
    reports = QuarterReport.objects.filter(
        plan__in=plans, due_on__range=(since, until), state=ReportState.OPEN
    ).select_related("plan__partnership__organisation")
    for report in reports:
        quarter = report.plan.quarters()[report.quarter - 1]
        words = f"Quarterly report due: {quarter.label}"
        if report.plan.kind == PlanKind.JOINT:
            words = f"{words}, {report.plan.name}"
        yield Day(report.due_on, words, f"report-{report.pk}", report.plan)
