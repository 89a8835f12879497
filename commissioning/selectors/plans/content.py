"""All that a plan says, as plain values: what a version freezes and what two are compared by.

Every column of every part is in it, read from the models themselves, so that a part of the plan
that is added later cannot be forgotten. What the ledger sums (planned, committed, paid) is not
said by the plan and stays out. Pounds and other decimals are text, days are 2006-05-06, and what
a row points to is its code with its name at the time. All of it is read in one statement, which is
the same for every plan and put together once: that takes longer than to answer it.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any, Final

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db import connection
from django.db.models import (
    Case,
    DateField,
    DecimalField,
    F,
    Field,
    ForeignKey,
    Func,
    JSONField,
    Model,
    OuterRef,
    QuerySet,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Cast, Concat

from commissioning.choices import PlanSection
from commissioning.models import (
    Allocation,
    Coverage,
    Declaration,
    Document,
    FrameworkItem,
    Funding,
    FundingStream,
    GridRow,
    InterventionType,
    Line,
    LineTrajectory,
    NeedsArea,
    Organisation,
    Partnership,
    Plan,
    PlanDocument,
    PlanMember,
    Priority,
    Target,
)

FORMAT: Final = 1  # of the content; a version keeps the one it was frozen in
Content = dict[str, Any]
Row = dict[str, Any]

# Columns of a plan that are its identity or its course, not what it says.
_COURSE: Final = frozenset(
    {"id", "partnership", "year", "kind", "slug", "state", "rolled_from", "revision"}
    | {"last_line_number"}
)


@dataclass(frozen=True)
class Part:
    """A part of a plan that is kept as rows: its model and what tells one row from another.

    `parent` is `plan`, `line`, or nothing for what belongs to the partnership and the year. `kept`
    are columns that the year writes and not the plan: read, but neither restored nor compared.
    """

    name: str
    section: PlanSection
    model: type[Model]
    key: tuple[str, ...]
    parent: str = "plan"
    left_out: frozenset[str] = frozenset()
    kept: frozenset[str] = frozenset()

    @cached_property
    def fields(self) -> list["Field[Any, Any]"]:
        """Its columns, in the order of the model, but for what leads to the plan."""
        out = {"revision", self.parent, *self.left_out}
        if self.key != ("id",):
            out.add("id")
        return [one for one in self.model._meta.concrete_fields if one.name not in out]

    @cached_property
    def names(self) -> tuple[str, ...]:
        """What its rows say, the line they belong to first."""
        return (*(("line",) if self.parent == "line" else ()), *(one.name for one in self.fields))

    def key_of(self, row: Mapping[str, Any]) -> tuple[Any, ...]:
        """What tells the row from the others of its part."""
        return tuple(code_of(row[name]) for name in self.row_key)

    @cached_property
    def row_key(self) -> tuple[str, ...]:
        return ("line", *self.key) if self.parent == "line" else self.key

    def rows_of(self, plan: Plan | None = None) -> "QuerySet[Any]":
        """The rows of a plan, in a fixed order; without one, of the plan of an outer query."""
        found = self.model._default_manager.filter(**self.of(plan))
        if self.parent == "line":
            return found.select_related("line").order_by("line__number", *self.key)
        return found.order_by(*self.key)

    def of(self, plan: Plan | None) -> dict[str, Any]:
        """How the rows of a plan are found, and what new ones begin with."""
        if self.parent:
            path = "line__plan" if self.parent == "line" else "plan"
            return {path: plan or OuterRef("pk")}
        return {
            "partnership_id": plan.partnership_id if plan else OuterRef("partnership"),
            "year": plan.year if plan else OuterRef("year"),
        }


# In the order in which they can be written: a row is there before another points to it.
PARTS: Final = (
    Part("members", PlanSection.SUMMARY, PlanMember, ("partnership",)),
    Part("priorities", PlanSection.NEEDS, Priority, ("number",)),
    Part("targets", PlanSection.TARGETS, Target, ("indicator", "source")),
    Part("coverage", PlanSection.COVERAGE, Coverage, ("item",)),
    Part("lines", PlanSection.LINES, Line, ("number",)),
    Part(
        "trajectories",
        PlanSection.LINES,
        LineTrajectory,
        ("quarter",),
        "line",
        left_out=frozenset({"plan"}),
    ),
    Part(
        "allocations",
        PlanSection.MONEY,
        Allocation,
        ("stream",),
        "line",
        left_out=frozenset({"plan", "planned", "committed", "paid"}),
    ),
    Part(
        "funding",
        PlanSection.MONEY,
        Funding,
        ("stream",),
        "",
        left_out=frozenset({"partnership", "year"}),
    ),
    Part(
        "grids",
        PlanSection.GRIDS,
        GridRow,
        ("grid", "number"),
        kept=frozenset({"status", "status_note"}),
    ),
    Part("documents", PlanSection.DOCUMENTS, PlanDocument, ("id",)),
    Part("declarations", PlanSection.DOCUMENTS, Declaration, ("check_code",)),
)


def parts_of(plan: Plan) -> tuple[Part, ...]:
    """The parts that a plan has. Streams' money is the partnership's: a joint plan has none."""
    return tuple(one for one in PARTS if one.parent or not plan.is_joint)


def plan_fields() -> list["Field[Any, Any]"]:
    """What a plan says in columns of its own."""
    return [one for one in Plan._meta.concrete_fields if one.name not in _COURSE]


def content_of(plan: Plan) -> Content:
    """The whole of a plan as it stands now, in one statement, however long it is."""
    parts = parts_of(plan)
    statement, given = _statement(parts)
    with connection.cursor() as cursor:
        cursor.execute(statement, [plan.pk if one == _ANY_PLAN else one for one in given])
        [written] = cursor.fetchone()
    held = json.loads(written)
    needs = held["needs"][0] if held["needs"] else None
    return {
        "format": FORMAT,
        "plan": held["plan"],
        "needs_assessment": needs and {**needs, "name": f"Needs of {needs['name']}"},
        **{
            part.name: [dict(zip(part.names, row, strict=True)) for row in held[part.name]]
            for part in parts
        },
    }


def code_of(value: Any) -> Any:
    """What a value is compared and found by: the code of what it points to, or itself."""
    return value["code"] if isinstance(value, dict) else value


_ANY_PLAN: Final = -2_006_000_001  # stands in the statement where a plan's number belongs


@cache
def _statement(parts: tuple[Part, ...]) -> tuple[str, Sequence[Any]]:
    """What is asked for a plan of these parts, and what is given with it: one row of JSON."""
    said = _object(
        plan=_object(**{one.name: _column(one) for one in plan_fields()}),
        needs=ArraySubquery(_needs()),
        **{part.name: ArraySubquery(_rows(part)) for part in parts},
    )
    asked = Plan.objects.order_by().filter(pk=_ANY_PLAN).values_list(_text(said))
    made: tuple[str, Sequence[Any]] = asked.query.sql_with_params()
    return made


def _rows(part: Part) -> "QuerySet[Any, Any]":
    """The rows of a part as lists of its columns, for the plan of the outer query: with a name at
    every value they would be three times as long."""
    rows = part.rows_of()
    if part.model is Allocation:
        # One brought to nought says nothing; its row stays, since the ledger may name it.
        rows = rows.exclude(amount=0)
    columns = [_column(one) for one in part.fields]
    if part.parent == "line":
        columns.insert(0, F("line__number"))
    return rows.values(row=Func(*columns, function="json_build_array", output_field=JSONField()))


def _column(field: "Field[Any, Any]") -> Any:
    """A column as JSON holds it."""
    match field:
        case ForeignKey():
            there = _object(**_REFERENCES[field.related_model](field.name))
            return Case(
                When(**{f"{field.name}__isnull": False}, then=there),
                default=None,
                output_field=JSONField(),
            )
        case DecimalField() | DateField():
            return _text(field.name)
        case ArrayField():
            return Cast(field.name, ArrayField(TextField()))
        case _:
            return F(field.name)


def _object(**columns: Any) -> Func:
    """An object as text: what is made as `jsonb` is taken apart and put together again for
    whatever it is put into, which was most of the statement's time."""
    said = [one for name, value in columns.items() for one in (_text(Value(name)), value)]
    return Func(*said, function="json_build_object", output_field=JSONField())


def _text(value: Any) -> Cast:
    return Cast(value, TextField())


def _named(name: str) -> dict[str, F]:
    return {"id": F(f"{name}_id"), "code": F(f"{name}_id"), "name": F(f"{name}__name")}


# What a row says of what it points to: how it is found again, its code and its name then.
_REFERENCES: Final[Mapping[Any, Callable[[str], Mapping[str, Any]]]] = {
    Priority: lambda name: {"code": F(f"{name}__number"), "name": F(f"{name}__text")},
    Organisation: lambda name: {
        "id": F(f"{name}_id"),
        "code": Concat(f"{name}__kind", Value("/"), f"{name}__code", output_field=TextField()),
        "name": F(f"{name}__name"),
    },
    Partnership: lambda name: {
        "id": F(f"{name}_id"),
        "code": F(f"{name}__organisation__code"),
        "name": F(f"{name}__organisation__name"),
    },
    Document: _named,
    FrameworkItem: _named,
    FundingStream: _named,
    InterventionType: _named,
}


def _needs() -> "QuerySet[Any, Any]":
    """Which needs assessment the plan rests on; it is kept by itself and never restored."""
    covers = NeedsArea.objects.filter(partnership=OuterRef("partnership"), year=OuterRef("year"))
    lead = "assessment__partnership__organisation"
    return covers.values(
        row=_object(
            code=Concat(
                f"{lead}__code", Value(" "), Cast("year", TextField()), output_field=TextField()
            ),
            name=Case(
                When(assessment__name="", then=F(f"{lead}__name")), default=F("assessment__name")
            ),
            state=F("assessment__state"),
            finished_on=_text("assessment__finished_on"),
        )
    )
