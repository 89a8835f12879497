"""Laying plans of all England, five years of them, set by set.

Every partnership has a plan a year from 2003/04 to 2007/08: 200 lines of four streams each, and
what stands around them: funding, profiles, targets, coverage, planning grids, needs assessments,
quarterly reports, versions, comments, amendments and a ledger. Each region has a joint plan a
year besides. Years that are over are closed, the one that runs is being carried out, the next is
in every state there is.

The triggers add up a ledger entry by entry, which is right and slow. They are set aside while the
rows are laid with the sums that the entries come to; then the ledger is asked whether it agrees.
"""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, LiteralString

from psycopg import Connection

from benchmarks import plan_rows, systems
from benchmarks.measuring import tell
from commissioning.choices import DocumentRole, PlanKind, PlanningGrid, PopulationGroup
from commissioning.demonstration import book, writing
from commissioning.kernel.clock import business_day
from commissioning.kernel.periods import Grain, Period
from commissioning.models import (
    Organisation,
    Partnership,
    Plan,
    PlanVersion,
    QuarterReport,
    User,
)
from commissioning.reference.planning import AFTERCARE_TYPES, HARM_REDUCTION_ITEMS
from commissioning.rules.posting import SUMS, kinds_of
from commissioning.selectors.plans.across import in_region
from commissioning.selectors.plans.content import content_of
from commissioning.selectors.plans.monitoring import current_standing
from config.local import roles
from reporting.demonstration.loading import HOME, WHOLE_REGION

YEARS = range(2003, 2008)
LINES, JOINT_LINES = 200, 12
SUMMED = (
    "commissioning_linetrajectory",
    "commissioning_allocation",
    "commissioning_entry",
    "commissioning_plansum",
)
Row = tuple[Any, ...]


def lay_plans(database: str) -> None:
    """Lay them all, unless they are there."""
    given = values()
    with roles.connected(systems.owner_of(database)) as connection:
        if not Plan.objects.exists():
            with connection.transaction():
                _lay(connection, given)
            connection.execute("VACUUM (ANALYZE)")
        if not PlanVersion.objects.exists():
            with connection.transaction():
                _freeze(connection, given)
            connection.execute("VACUUM (ANALYZE) commissioning_quarterreport")
        check_the_sums(connection)


def _lay(connection: "Connection[Row]", given: dict[str, Any]) -> None:
    _run(connection, "plans", plan_rows.PLANS, given)
    _run(connection, "what they say", plan_rows.WORDS, given)
    _run(connection, "lines", plan_rows.LINES, given)
    with _without_triggers(connection):
        _run(connection, "profiles", plan_rows.PROFILES, given)
        _run(connection, "money", plan_rows.ALLOCATIONS, given)
        _run(connection, "ledger", plan_rows.ENTRIES, given)
    _run(connection, "reports", plan_rows.COURSE, given)


def check_the_sums(connection: "Connection[Row]") -> None:
    """Raises `AssertionError` where an allocation holds other sums than its entries come to, or
    a plan others than its allocations."""
    given: dict[str, Any] = {name: list(kinds_of(name)) for name in SUMS}
    found = connection.execute(plan_rows.DISAGREES, given).fetchone()
    assert found == (0,), f"{found} allocations disagree with the ledger"  # noqa: S101
    found = connection.execute(plan_rows.PLANS_DISAGREE).fetchone()
    assert found == (0,), f"{found} sums of plans disagree with their lines"  # noqa: S101


def values() -> dict[str, Any]:
    """What the statements are given: who writes, and the words of the demonstration's plans."""
    indicators, sources, baselines, targets = zip(*book.TARGETS, strict=True)
    return {
        "years": list(YEARS),
        "running": Period.containing(business_day(), Grain.YEAR).start.year,
        "home": HOME,
        "home_id": Partnership.objects.get(organisation__code=HOME).pk,
        "lead": User.objects.get(email="lead@demo.example").pk,
        "reviewer": User.objects.get(email="reviewer@demo.example").pk,
        "lines": LINES,
        "joint_lines": JOINT_LINES,
        "summary": book.SUMMARY,
        "need": book.NEEDS,
        "invented": writing.INVENTED,
        "action": book.REPORT,
        "comment": book.COMMENTS[0][1],
        "answer": book.ANSWER,
        "amendment": book.AMENDMENT,
        "priorities": list(book.PRIORITIES),
        "indicators": list(indicators),
        "sources": list(sources),
        "baselines": list(baselines),
        "targets": list(targets),
        "harm_reduction": sorted(HARM_REDUCTION_ITEMS),
        "aftercare": sorted(AFTERCARE_TYPES),
        "grids": PlanningGrid.values,
        "documents": DocumentRole.values,
        "groups": PopulationGroup.values,
        "fenced_by_care": ["residential-rehabilitation", "rehabilitation-detoxification"],
        "fenced_by_housing": ["drug-users-housing", "halfway-house"],
    }


def _run(
    connection: "Connection[Row]", words: str, statements: LiteralString, given: dict[str, Any]
) -> None:
    rows = 0
    for statement in statements.split(";\n"):
        rows += connection.execute(statement, given).rowcount
        if found := re.search(r"INSERT INTO (\w+)", statement):
            connection.execute(f"ANALYZE {found[1]}")  # the next statement joins it
    tell(f"{words}: {rows:,} rows")


@contextmanager
def _without_triggers(connection: "Connection[Row]") -> Iterator[None]:
    """The tables whose plans and sums are laid: their triggers wait. Keys are checked still."""
    for name in SUMMED:
        connection.execute(f"ALTER TABLE {name} DISABLE TRIGGER USER")
    yield  # a failure undoes all of it
    connection.execute("SET CONSTRAINTS ALL IMMEDIATE")
    for name in SUMMED:
        connection.execute(f"ALTER TABLE {name} ENABLE TRIGGER USER")


def _freeze(connection: "Connection[Row]", given: dict[str, Any]) -> None:
    """Versions and signatures, as the services freeze them: of the plans of the home region,
    whose pages are opened. The others hold the same words: they are of the same shape."""
    connection.execute(
        "CREATE TEMPORARY TABLE frozen (plan_id bigint, is_home bool, year int, content jsonb)"
    )
    connection.execute("CREATE TEMPORARY TABLE signed (year int, quarter int, as_signed jsonb)")
    near = in_region(Organisation.objects.get(kind="REGION", code=WHOLE_REGION), on=business_day())
    for plan in Plan.objects.filter(partnership__in=near, kind=PlanKind.OWN):
        is_home = plan.partnership_id == given["home_id"]
        row = [plan.pk, is_home, plan.year, json.dumps(content_of(plan))]
        connection.execute("INSERT INTO frozen VALUES (%s, %s, %s, %s)", row)
    reports = QuarterReport.objects.filter(
        plan__partnership=given["home_id"], plan__kind=PlanKind.OWN
    )
    for report in reports.select_related("plan__partnership__organisation"):
        held = current_standing(report, report.plan).frozen()
        row = [report.plan.year, report.quarter, json.dumps(held)]
        connection.execute("INSERT INTO signed VALUES (%s, %s, %s)", row)
    _run(connection, "signatures", plan_rows.SIGNED, given)
    _run(connection, "versions", plan_rows.VERSIONS, given)
