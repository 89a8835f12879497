"""What plans take from streams, added up by the database: England is told without its lines.

Each statement that writes allocations or entries adds its difference to a row of its plan and
stream which nobody else is writing, or to a new one. So nobody waits for anybody, and two who post
to many streams cannot cross. Rows of one plan and stream add up; there are as many as ever posted
at one moment.
"""

from typing import Any

import pgtrigger
from django.db import models

from commissioning.models.funding import FundingStream
from commissioning.models.plans import Plan
from commissioning.rules.posting import SUMS, kinds_of
from commissioning.scoping import Permitted

ADDED_UP = ("amount", *SUMS)  # of an allocation
# Of any number of allocations.
_POUNDS: dict[str, Any] = {"max_digits": 18, "decimal_places": 2, "default": 0}
_NEW, _OLD = "written", "gone"


def _each(form: str, between: str = ", ") -> str:
    return between.join(form.format(name=name) for name in ADDED_UP)


def _of_allocations(*, new: bool = False, old: bool = False) -> str:
    """The allocations that a statement wrote, less those it replaced."""
    sides = [
        f"SELECT plan_id, stream_id, {_each(form)} FROM {table}"  # noqa: S608 - names of columns
        for form, table, is_there in (("{name}", _NEW, new), ("-{name} AS {name}", _OLD, old))
        if is_there
    ]
    return " UNION ALL ".join(sides)


def _of_entries() -> str:
    """What each entry that a statement wrote adds to, by the posting table."""
    parts = ", ".join(
        f"CASE WHEN entry.kind IN ({', '.join(map(repr, kinds_of(name)))})"
        f" THEN entry.amount ELSE 0 END AS {name}"
        for name in SUMS
    )
    return f"""SELECT entry.plan_id, part.stream_id, 0 AS amount, {parts}
              FROM {_NEW} entry
              JOIN commissioning_allocation part ON part.id = entry.allocation_id"""  # noqa: S608


def _add_up(difference: str) -> str:
    """The body of what follows a statement. A row that holds nothing any more goes."""
    return f"""
FOR change IN
    SELECT plan_id, stream_id, {_each("sum({name}) AS {name}")}
      FROM ({difference}) each_one
     GROUP BY plan_id, stream_id
    HAVING ({_each("sum({name})")}) <> ({_each("0")})
LOOP
    SELECT id INTO free FROM commissioning_plansum
     WHERE plan_id = change.plan_id AND stream_id = change.stream_id
     LIMIT 1 FOR UPDATE SKIP LOCKED;
    IF NOT FOUND THEN
        INSERT INTO commissioning_plansum (plan_id, stream_id, {_each("{name}")})
        VALUES (change.plan_id, change.stream_id, {_each("change.{name}")});
        CONTINUE;
    END IF;
    UPDATE commissioning_plansum SET {_each("{name} = {name} + change.{name}")} WHERE id = free;
    DELETE FROM commissioning_plansum
     WHERE id = free AND ({_each("{name}")}) = ({_each("0")});
END LOOP;
RETURN NULL;
"""  # noqa: S608 - names of columns


def _keeper(
    name: str, operation: pgtrigger.Operation, difference: str, **more: Any
) -> pgtrigger.Trigger:
    tables = {"new": _NEW, "old": _OLD}
    return pgtrigger.Trigger(
        name=name,
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=operation,
        referencing=pgtrigger.Referencing(  # type: ignore[no-untyped-call]
            **{side: table for side, table in tables.items() if f"FROM {table}" in difference}
        ),
        declare=[("change", "record"), ("free", "commissioning_plansum.id%TYPE")],
        func=_add_up(difference),
        **more,
    )


# Of the allocations. What entries change of them, within a trigger, is added with the entries:
# once a statement, however many it writes.
KEEPERS = [
    _keeper("plan_sums_take_in_allocations", pgtrigger.Insert, _of_allocations(new=True)),
    _keeper(
        "plan_sums_follow_allocations",
        pgtrigger.Update,
        _of_allocations(new=True, old=True),
        condition=pgtrigger.Condition("pg_trigger_depth() = 0"),
    ),
    _keeper("plan_sums_let_allocations_go", pgtrigger.Delete, _of_allocations(old=True)),
]
KEEPER_OF_ENTRIES = _keeper("plan_sums_take_in_entries", pgtrigger.Insert, _of_entries())
# Written by hand, the sums are refused: a depth of one is a statement that no trigger made.
_BY_HAND = """
IF pg_trigger_depth() < 2 THEN
    RAISE EXCEPTION 'The sums of a plan come from its allocations.'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'plan_sums_come_from_allocations';
END IF;
RETURN coalesce(NEW, OLD);
"""


class PlanSumQuerySet(Permitted["PlanSum"]):
    """Sums of plans, in parts."""

    partnership_path = "plan__partnership"


class PlanSum(models.Model):
    """Part of what a plan's allocations from a stream come to: all its rows add up to it.

    Kept by the triggers of allocations and entries, and not by foreign keys, which would
    share-lock the plan's row; it goes with the last of its allocations.
    """

    plan = models.ForeignKey(
        Plan, models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False
    )
    stream = models.ForeignKey(
        FundingStream, models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False
    )
    amount = models.DecimalField(**_POUNDS)
    planned = models.DecimalField(**_POUNDS)
    committed = models.DecimalField(**_POUNDS)
    paid = models.DecimalField(**_POUNDS)

    objects = PlanSumQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["plan", "stream"], name="sums_of_a_plan")]
        triggers = [
            pgtrigger.Trigger(
                name="plan_sums_come_from_allocations",
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                when=pgtrigger.Before,
                func=_BY_HAND,
            ),
        ]

    def __str__(self) -> str:
        return f"Part of {self.stream} in {self.plan}"
