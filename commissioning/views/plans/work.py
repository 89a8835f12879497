"""What plans ask of somebody, as items of a work list: for the home page, which lies above."""

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from typing import Final

from django.urls import reverse

from commissioning.choices import OrganisationKind
from commissioning.components import WorkItem
from commissioning.kernel.words import pounds
from commissioning.models import Organisation, User
from commissioning.models.plans import year_period
from commissioning.roles import Permission
from commissioning.selectors.plans.ledger import virements_waiting_for
from commissioning.selectors.plans.waiting import Asks, PlanWork, waiting_for

LISTED: Final = 8  # by themselves; the rest in one line a year
SAID: Final = {
    Asks.START: "Start the treatment plan {of}",
    Asks.SUBMIT: "Submit the treatment plan {of}",
    Asks.RESUBMIT: "Resubmit the treatment plan {of}",
    Asks.ANSWER: "Answer {number} on the treatment plan {of}",
    Asks.FINISH_AMENDMENT: "Submit or withdraw the amendment of the treatment plan {of}",
    Asks.COMMENT: "Comment on the treatment plan {of}, or agree it",
    Asks.AGREE: "Agree the treatment plan {of}, or return it",
    Asks.DECIDE_AMENDMENT: "Decide the amendment of the treatment plan {of}",
    Asks.MONITOR: "Begin to monitor the treatment plan {of}",
    Asks.CLOSE: "Close the treatment plan {of}",
    Asks.REPORT: "Write and sign the report of {quarter} on the treatment plan {of}",
    Asks.JUDGE: "Finish the self-assessment {of}",
    Asks.OWED: "Ask for {reports} on the treatment plan {of}",
}
PAGES: Final = {
    Asks.ANSWER: "commissioning:plan-comments",
    Asks.FINISH_AMENDMENT: "commissioning:plan-versions",
    Asks.DECIDE_AMENDMENT: "commissioning:plan-versions",
    Asks.REPORT: "commissioning:plan-monitoring",
    Asks.OWED: "commissioning:plan-monitoring",
}


def plan_work(person: User, organisation: Organisation, *, on: dt.date) -> list[WorkItem]:
    """All that plans, their reports and their money ask of who acts for the organisation."""
    return [
        *_from_plans(person, organisation, on),
        *_from_virements(person, organisation),
    ]


def _from_plans(person: User, organisation: Organisation, on: dt.date) -> list[WorkItem]:
    work = waiting_for(person, organisation, on=on)
    if organisation.kind == OrganisationKind.NATION:
        return [*_by_year(work, on), *_reports_by_year(work)]
    ordered = sorted(work, key=lambda one: (one.due_on is None, one.due_on or dt.date.max))
    own = organisation.kind == OrganisationKind.PARTNERSHIP
    items = [_item(one, on, own=own) for one in ordered[:LISTED]]
    rest = ordered[LISTED:]
    return [
        *items,
        *_by_year(rest, on, region=organisation),
        *_reports_by_year(rest, region=organisation),
    ]


def _item(work: PlanWork, on: dt.date, *, own: bool) -> WorkItem:
    row = work.row
    who = row.plan_name or ("" if own else row.name)
    label = year_period(row.year).label
    about = ""
    if work.asks is Asks.AGREE and work.number:
        about = _several(work.number, "condition", "to settle")
    return WorkItem(
        SAID[work.asks].format(
            of=f"of {who} for {label}" if who else f"for {label}",
            number=_several(work.number, "comment"),
            reports=_several(work.number, "overdue report"),
            quarter=work.quarter.label if work.quarter else "",
        ),
        _href(work),
        work.due_on,
        about,
        work.due_on is not None and work.due_on < on,
    )


def _href(work: PlanWork) -> str:
    if work.asks is Asks.JUDGE:
        year = year_period(work.row.year).code
        return reverse("commissioning:self-assessment", args=[work.row.code, year])
    if work.before is not None:
        return reverse("reporting:plan-roll", args=[work.before.code, work.before.slug])
    if not work.row.slug:
        start = reverse("commissioning:plan-start", args=[work.row.code])
        return f"{start}?year={year_period(work.row.year).code}"
    page = PAGES.get(work.asks, "commissioning:plan-detail")
    return reverse(page, args=[work.row.code, work.row.slug])


def _by_year(
    work: Sequence[PlanWork], on: dt.date, *, region: Organisation | None = None
) -> list[WorkItem]:
    """Many plans in one line a year, with how many are late."""
    work = [one for one in work if one.asks is not Asks.OWED]
    years, late = (
        Counter(one.row.year for one in work),
        Counter(one.row.year for one in work if one.due_on is not None and one.due_on < on),
    )
    return [
        WorkItem(
            f"{_several(many, 'treatment plan')} for {year_period(year).label}"
            f" {'waits' if many == 1 else 'wait'} for {'you' if region else 'a region'}",
            f"{_list_href(region, year)}?waiting=region{'' if region else '&areas=partnerships'}",
            about=f"{late[year]} late" if late[year] else "",
            late=bool(late[year]),
        )
        for year, many in sorted(years.items())
    ]


def _reports_by_year(
    work: Sequence[PlanWork], *, region: Organisation | None = None
) -> list[WorkItem]:
    """Reports that many plans owe in one line a year."""
    owed = [one for one in work if one.asks is Asks.OWED]
    plans = Counter(one.row.year for one in owed)
    return [
        WorkItem(
            f"{_several(sum(one.number for one in owed if one.row.year == year), 'report')} on"
            f" {_several(many, 'treatment plan')} for {year_period(year).label} overdue",
            _spend_href(region, year),
            late=True,
        )
        for year, many in sorted(plans.items())
    ]


def _spend_href(region: Organisation | None, year: int) -> str:
    """Who is late, where spending is read: a page of the app above."""
    code = year_period(year).code
    page = "region-spend" if region else "england-spend"
    where = [region.code, code] if region else [code]
    return f"{reverse(f'reporting:{page}', args=where)}?reports=late"


def _list_href(region: Organisation | None, year: int) -> str:
    code = year_period(year).code
    if region is None:
        return reverse("commissioning:england-plans", args=[code])
    if region.kind == OrganisationKind.PARTNERSHIP:
        return reverse("commissioning:plan-list", args=[region.code])
    return reverse("commissioning:region-plans", args=[region.code, code])


def _from_virements(person: User, organisation: Organisation) -> list[WorkItem]:
    """Money that waits to be moved, where the person approves it."""
    reach = person.reach(Permission.MONEY_APPROVE)
    if organisation.kind != OrganisationKind.PARTNERSHIP or not reach.covers(organisation.pk):
        return []
    return [
        WorkItem(
            f"Decide a virement of {pounds(one.amount)}",
            reverse(
                "commissioning:plan-virement",
                args=[
                    one.source.line.plan.partnership.code,
                    one.source.line.plan.slug,
                    one.pk,
                ],
            ),
            about=f"{one.source.line} to {one.target.line}, asked by {one.asked_by}",
        )
        for one in virements_waiting_for(reach, person=person)
        if one.partnership_id == organisation.pk
    ]


def _several(number: int, thing: str, more: str = "") -> str:
    words = f"{number} {thing}{'' if number == 1 else 's'}"
    return f"{words} {more}".strip()
