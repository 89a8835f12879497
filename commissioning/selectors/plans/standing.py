"""Where each plan of many partnerships stands and for whom it waits: one statement.

In SQL by itself, since the homes of everybody ask it.
"""

import datetime as dt
import json
from collections.abc import Sequence
from typing import Any, Final

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

from commissioning.choices import (
    IN_HAND,
    WRITTEN_IN,
    AmendmentState,
    FactKind,
    OrganisationKind,
    PlanKind,
    PlanState,
    PlanStep,
    ReportState,
)
from commissioning.models import Partnership
from commissioning.selectors.together import Row, sql

PARTNERSHIP, REGION = "partnership", "region"  # whose turn it is
NO_PLAN: Final = "NONE"
# What is due next of a plan in a state; nothing of one that is agreed.
NEXT_STEP: Final[dict[str, PlanStep]] = {
    NO_PLAN: PlanStep.SUBMITTED,
    PlanState.DRAFT: PlanStep.SUBMITTED,
    PlanState.SUBMITTED: PlanStep.COMMENTED,
    PlanState.COMMENTED: PlanStep.RESUBMITTED,
    PlanState.RESUBMITTED: PlanStep.AGREED,
}
TURN: Final[dict[str, str]] = {
    NO_PLAN: PARTNERSHIP,
    **dict.fromkeys(WRITTEN_IN, PARTNERSHIP),
    **dict.fromkeys((PlanState.SUBMITTED, PlanState.RESUBMITTED), REGION),
    AmendmentState.OPEN: PARTNERSHIP,
    AmendmentState.SUBMITTED: REGION,
}

# Partnerships, each with the region it lies in on the day: one at most.
_PLACED = """
SELECT place.id AS partnership_id, place.code, place.name,
       region.id AS region_id, region.code AS region_code, region.name AS region_name,
       (place.opened_on IS NULL OR place.opened_on <= %(on)s)
   AND (place.closed_on IS NULL OR place.closed_on > %(on)s) AS is_open
  FROM commissioning_organisation place
  LEFT JOIN commissioning_organisationfact lies
         ON lies.organisation_id = place.id AND lies.kind = %(in_region)s
        AND lies.from_on <= %(on)s AND (lies.until_on IS NULL OR lies.until_on > %(on)s)
  LEFT JOIN commissioning_organisation region ON region.id = lies.other_id
 WHERE place.id IN ({among})
"""
_UNSETTLED = """
SELECT nullif(count(*), 0) FROM commissioning_plancomment comment
 WHERE comment.plan_id = row.plan_id AND comment.settled_at IS NULL AND {which}
"""
_OPEN_REPORTS = """
SELECT report.{column} FROM commissioning_quarterreport report
 WHERE report.plan_id = row.plan_id AND report.state = %(open)s ORDER BY report.quarter
"""
_WITH_A_PLAN = """
SELECT placed.*, plan.year, plan.id AS plan_id, plan.slug, plan.name AS plan_name, plan.kind,
       plan.state,
       (SELECT change.state FROM commissioning_amendment change
         WHERE change.plan_id = plan.id AND change.state = ANY(%(in_hand)s)) AS amendment
  FROM placed JOIN commissioning_plan plan ON plan.partnership_id = placed.partnership_id
 WHERE plan.year BETWEEN %(first)s AND %(last)s
"""
_WITHOUT_A_PLAN = """
SELECT placed.*, without.year, NULL, '', '', %(own)s, NULL, NULL
  FROM placed CROSS JOIN generate_series(%(none_since)s, %(last)s) without(year)
 WHERE placed.is_open
   AND NOT EXISTS (SELECT FROM commissioning_plan plan
                    WHERE plan.partnership_id = placed.partnership_id
                      AND plan.year = without.year AND plan.kind = %(own)s)
"""
# The region's own day for a step comes before England's. What is not asked for is not looked up.
_STANDING = f"""
WITH placed AS ({_PLACED})
SELECT {{columns}}
  FROM (SELECT row.*,
               (SELECT max(version.number) FROM commissioning_planversion version
                 WHERE version.plan_id = row.plan_id) AS version,
               ({_UNSETTLED.format(which="comment.is_condition")}) AS conditions,
               ({_UNSETTLED.format(which="comment.answered_at IS NULL")}) AS to_answer,
               ARRAY({_OPEN_REPORTS.format(column="quarter")}) AS quarters_open,
               ARRAY({_OPEN_REPORTS.format(column="due_on")}) AS quarters_due,
               (SELECT due.on FROM commissioning_duedate due
                  JOIN commissioning_organisation setter ON setter.id = due.organisation_id
                 WHERE due.year = row.year
                   AND due.step = %(steps)s::jsonb ->> coalesce(row.state, %(no_plan)s)
                   AND (setter.id = row.region_id OR setter.kind = %(nation)s)
                 ORDER BY setter.kind = %(nation)s LIMIT 1) AS due_on,
               coalesce(%(turns)s::jsonb ->> row.amendment,
                        %(turns)s::jsonb ->> coalesce(row.state, %(no_plan)s), '') AS waiting,
               EXISTS (SELECT FROM commissioning_selfassessment judged
                        WHERE judged.partnership_id = row.partnership_id
                          AND judged.year = row.year AND judged.finished_on IS NOT NULL
               ) AS is_judged
          FROM ({_WITH_A_PLAN} UNION ALL {_WITHOUT_A_PLAN}) row) standing
 ORDER BY year, name, kind DESC, slug
"""  # noqa: S608 - pieces of our own
_NAMED: Final = (
    "partnership_id", "code", "name", "region_id", "region_code", "region_name", "year", "plan_id",
    "slug", "plan_name", "kind", "state",
)  # fmt: skip
_COLUMNS: Final = (
    *_NAMED,
    *("version", "conditions", "to_answer", "amendment", "due_on", "waiting", "quarters_open"),
    *("quarters_due", "is_judged"),
)


def plans_across(
    partnerships: QuerySet[Partnership],
    *,
    year: int,
    on: dt.date,
    until: int | None = None,
    none_since: int | None = None,
) -> list[Row]:
    """Every partnership with its own plan of the year or none, and the joint plans it leads.

    One statement, for the years up to `until` if there is one; those without a plan from
    `none_since` on, if that is given. Partnerships that closed before the day appear only with a
    plan. The rows are values of a `PlanRow`, by year and name.
    """
    last = until or year
    return _standing(partnerships, on, first=year, last=last, none_since=none_since or year)


def plans_named_across(
    partnerships: QuerySet[Partnership], *, year: int, on: dt.date
) -> list[Row]:
    """The same rows with no more than whose plan each is and its state: what it waits for takes
    most of the statement."""
    return _standing(partnerships, on, first=year, last=year, none_since=year, columns=_NAMED)


def plans_held_across(
    partnerships: QuerySet[Partnership], *, year: int, until: int, on: dt.date
) -> list[Row]:
    """The same rows without the years that have no plan: who asks for none need not read them."""
    return _standing(partnerships, on, first=year, last=until, none_since=until + 1)


def _standing(
    partnerships: QuerySet[Partnership],
    on: dt.date,
    *,
    first: int,
    last: int,
    none_since: int,
    columns: Sequence[str] = _COLUMNS,
) -> list[Row]:
    try:
        among, chosen = partnerships.order_by().values("pk").query.sql_with_params()
    except EmptyResultSet:
        return []
    before, after = _STANDING.split("{among}")
    values = _values(on, first, last, none_since)
    head, of_head = sql(before, **values)
    tail, of_tail = sql(after.format(columns=", ".join(columns)), **values)
    with connection.cursor() as cursor:
        cursor.execute(head + among + tail, [*of_head, *chosen, *of_tail])
        return [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]


def _values(on: dt.date, first: int, last: int, none_since: int) -> dict[str, Any]:
    return {
        "on": on,
        "first": first,
        "last": last,
        "none_since": none_since,
        "in_region": FactKind.IN_REGION.value,
        "nation": OrganisationKind.NATION.value,
        "own": PlanKind.OWN.value,
        "open": ReportState.OPEN.value,
        "in_hand": [one.value for one in IN_HAND],
        "steps": json.dumps(NEXT_STEP),
        "turns": json.dumps(TURN),
        "no_plan": NO_PLAN,
    }
