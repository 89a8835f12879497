"""All that a plan says, as plain values: what a version freezes and what two are compared by.

Every column of every part is in it, read from the models themselves, so that a part of the plan
that is added later cannot be forgotten. What the ledger sums (planned, committed, paid) is not
said by the plan and stays out. Pounds and other decimals are text, days are 2006-05-06, and what
a row points to is its code with its name at the time. A part is read in one query.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from django.db.models import Field, ForeignKey, Model, QuerySet

from commissioning.choices import PlanSection
from commissioning.models import (
    Allocation,
    Coverage,
    Declaration,
    Document,
    Funding,
    GridRow,
    Line,
    LineTrajectory,
    NeedsAssessment,
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

    @property
    def fields(self) -> list["Field[Any, Any]"]:
        """Its columns, in the order of the model, but for what leads to the plan."""
        out = {"revision", self.parent, *self.left_out}
        if self.key != ("id",):
            out.add("id")
        return [one for one in self.model._meta.concrete_fields if one.name not in out]

    def key_of(self, row: Mapping[str, Any]) -> tuple[Any, ...]:
        """What tells the row from the others of its part."""
        return tuple(code_of(row[name]) for name in self.row_key)

    @property
    def row_key(self) -> tuple[str, ...]:
        return ("line", *self.key) if self.parent == "line" else self.key

    def rows_of(self, plan: Plan) -> "QuerySet[Any]":
        """The rows of a plan, in a fixed order, with all that they point to."""
        to = [one.name for one in self.fields if isinstance(one, ForeignKey)]
        through = [f"{name}__organisation" for name in to if _leads_to(self, name) is Partnership]
        found = self.model._default_manager.filter(**self.of(plan)).select_related(*to, *through)
        if self.parent == "line":
            return found.select_related("line", *to).order_by("line__number", *self.key)
        return found.order_by(*self.key)

    def of(self, plan: Plan) -> dict[str, Any]:
        """How the rows of a plan are found."""
        if self.parent == "line":
            return {"line__plan": plan}
        if self.parent == "plan":
            return {"plan": plan}
        return {"partnership_id": plan.partnership_id, "year": plan.year}


# In the order in which they can be written: a row is there before another points to it.
PARTS: Final = (
    Part("members", PlanSection.SUMMARY, PlanMember, ("partnership",)),
    Part("priorities", PlanSection.NEEDS, Priority, ("number",)),
    Part("targets", PlanSection.TARGETS, Target, ("indicator", "source")),
    Part("coverage", PlanSection.COVERAGE, Coverage, ("item",)),
    Part("lines", PlanSection.LINES, Line, ("number",)),
    Part("trajectories", PlanSection.LINES, LineTrajectory, ("quarter",), "line"),
    Part(
        "allocations",
        PlanSection.MONEY,
        Allocation,
        ("stream",),
        "line",
        left_out=frozenset({"planned", "committed", "paid"}),
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
    """The whole of a plan as it stands now. A query for each part, however long it is."""
    held = Plan.objects.get(pk=plan.pk)
    return {
        "format": FORMAT,
        "plan": {one.name: encoded(getattr(held, one.name)) for one in plan_fields()},
        "needs_assessment": _needs(held),
        **{part.name: _rows(part, held) for part in parts_of(held)},
    }


def code_of(value: Any) -> Any:
    """What a value is compared and found by: the code of what it points to, or itself."""
    return value["code"] if isinstance(value, dict) else value


def encoded(value: Any) -> Any:
    """A value of a column as JSON holds it."""
    match value:
        case Decimal():
            return str(value)
        case dt.date():
            return value.isoformat()
        case list():
            return [encoded(one) for one in value]
        case Model():
            return _reference(value)
        case _:
            return value


def _rows(part: Part, plan: Plan) -> list[Row]:
    fields = [one.name for one in part.fields]
    rows = []
    for one in part.rows_of(plan):
        if part.model is Allocation and not one.amount:
            continue  # one brought to nought says nothing; the ledger may still name it
        row = {name: encoded(getattr(one, name)) for name in fields}
        rows.append({"line": one.line.number, **row} if part.parent == "line" else row)
    return rows


def _reference(to: Model) -> Row:
    match to:
        case Priority():
            return {"code": to.number, "name": to.text}
        case Organisation():
            return {"id": to.pk, "code": f"{to.kind}/{to.code}", "name": to.name}
        case Partnership():
            return {"id": to.pk, "code": to.code, "name": str(to)}
        case Document():
            return {"id": to.pk, "code": to.pk, "name": to.name}
        case _:
            return {"id": to.pk, "code": to.pk, "name": getattr(to, "name", str(to))}


def _needs(plan: Plan) -> Row | None:
    """Which needs assessment the plan rests on; it is kept by itself and never restored."""
    found = NeedsAssessment.objects.covering(plan.partnership, plan.year).with_names().first()
    if found is None:
        return None
    return {
        "code": f"{found.partnership.code} {found.year}",
        "name": str(found),
        "state": found.state,
        "finished_on": encoded(found.finished_on),
    }


def _leads_to(part: Part, name: str) -> Any:
    return part.model._meta.get_field(name).related_model
