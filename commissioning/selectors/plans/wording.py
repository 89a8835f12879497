"""What a frozen plan says, in words: its columns, its rows and its tables."""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from django.db.models import Field

from commissioning.choices import PlanningGrid, PlanSection, TargetSource
from commissioning.kernel import words
from commissioning.models import Line
from commissioning.reference.targets import TARGET_SUBJECTS
from commissioning.selectors.plans.content import PARTS, Content, Part, Row, plan_fields

POUNDS: Final = frozenset({"amount", "unit_cost", "plain_sum", "cost", "spend"})
TITLES: Final = {
    "members": "Shares",
    "priorities": "Priorities",
    "targets": "Targets",
    "coverage": "Coverage",
    "lines": "Lines",
    "funding": "Funding",
    "grids": "Planning grids",
    "documents": "Documents",
    "declarations": "Declarations",
}
# The columns of a line in a table; whatever else it says stands in the last one.
LINE_COLUMNS: Final = (
    "number", "name", "tier", "intervention", "provider", "purchase", "planned_starts", "places",
    "cost",
)  # fmt: skip
_SUBJECTS: Final = {one.code: one for one in TARGET_SUBJECTS}
NOTHING: Final[tuple[object, ...]] = (None, "", False, [])
_CALLED: Final[Mapping[str, Callable[[Row], str]]] = {
    "members": lambda row: str(row["partnership"]["name"]),
    "priorities": lambda row: f"Priority {row['number']}: {row['text']}",
    "targets": lambda row: (
        f"{in_words('targets', row)['indicator']} ({TargetSource(row['source']).label.lower()})"
    ),
    "coverage": lambda row: str(row["item"]["name"]),
    "lines": lambda row: f"Line {row['number']}: {row['name']}",
    "trajectories": lambda row: f"Line {row['line']}, quarter {row['quarter']}",
    "allocations": lambda row: f"Line {row['line']} from {row['stream']['name']}",
    "funding": lambda row: str(row["stream"]["name"]),
    "grids": lambda row: (
        f"{PlanningGrid(row['grid']).label}, row {row['number']}: {row['objective']}"
    ),
    "documents": lambda row: str(row["title"]),
    "declarations": lambda row: str(row["check_code"]).replace("-", " ").capitalize(),
}


@dataclass(frozen=True)
class Told:
    """A table of a version."""

    title: str
    section: PlanSection
    header: Sequence[str]
    rows: Sequence[Sequence[str]]


def in_words(part: str, row: Row) -> Row:
    """The row with what only its neighbour explains written out: a target is 86% where its
    indicator is a share, and the indicator has a name.
    """
    subject = _SUBJECTS.get(row.get("indicator", "")) if part == "targets" else None
    if subject is None:
        return row
    write = words.percent if subject.unit == "share" else words.count

    def written(value: str | None) -> str | None:
        return None if value is None else write(Decimal(value))

    return {
        **row,
        "indicator": subject.name,
        "baseline": written(row.get("baseline")),
        "target": written(row.get("target")),
        "trajectory": [written(one) for one in row.get("trajectory") or []],
    }


def label(field: "Field[Any, Any]") -> str:
    """A column's name, as it begins a line."""
    name = str(field.verbose_name)
    return name[0].upper() + name[1:]


def said(field: "Field[Any, Any]", value: Any) -> str:
    """A value of a column in words."""
    return _writer(field)(value)


def _writer(field: "Field[Any, Any]") -> Callable[[Any], str]:
    """How a column's values are written, found out once for however many rows."""
    alone = _alone(field)

    def write(value: Any) -> str:
        match value:
            case None | "" | []:
                return words.MISSING
            case dict():
                return str(value["name"])
            case bool():
                return "Yes" if value else "No"
            case list():
                return ", ".join(_plain(one) for one in value)
        return alone(value)

    return write


def _alone(field: "Field[Any, Any]") -> Callable[[Any], str]:
    """How one value of a column is written that is neither nothing, a flag, a list nor a row."""
    if field.name in POUNDS:
        return words.pounds
    if field.choices:
        labels = dict(field.flatchoices)
        return lambda value: str(labels.get(value, value))
    if field.get_internal_type() == "DateField":
        return lambda value: words.day(dt.date.fromisoformat(value))
    return _plain


def title_of(part: Part, row: Row) -> str:
    """What a row is called, within its part."""
    return _CALLED[part.name](row)


def facts_of(content: Content) -> list[tuple[str, str]]:
    """What the plan says by itself: its summary and the like."""
    own = [
        (label(one), said(one, content["plan"].get(one.name)))
        for one in plan_fields()
        if one.name != "name" or content["plan"].get("name")
    ]
    needs = content.get("needs_assessment")
    return [*own, ("Needs assessment", needs["name"] if needs else words.MISSING)]


def tables_of(content: Content) -> list[Told]:
    """The parts of a version as tables, in the order of the plan; empty ones are left out."""
    order = list(PlanSection)
    tables = [
        _table(part, content[part.name])
        for part in PARTS
        if part.name in TITLES and part.name != "lines" and content.get(part.name)
    ]
    if content["lines"]:
        tables.append(_lines(content))
    return sorted(tables, key=lambda one: order.index(one.section))


def _table(part: Part, rows: Sequence[Row]) -> Told:
    used = [
        one
        for one in part.fields
        if one.name != "id" and any(row.get(one.name) not in NOTHING for row in rows)
    ]
    writers = [(one.name, _writer(one)) for one in used]
    return Told(
        TITLES[part.name],
        part.section,
        [label(one) for one in used],
        [
            [write(row.get(name)) for name, write in writers]
            for row in (in_words(part.name, one) for one in rows)
        ],
    )


def _lines(content: Content) -> Told:
    """The lines with the streams they take from; the first column says which line it is."""
    fields = {one.name: one for one in Line._meta.concrete_fields}
    part = next(one for one in PARTS if one.model is Line)
    columns = [(name, _writer(fields[name])) for name in LINE_COLUMNS]
    rest = [
        (one.name, label(one), _writer(one))
        for one in part.fields
        if one.name not in {*LINE_COLUMNS, "position"}
    ]
    taken = _by_line(content["allocations"], _from_stream)
    quarters = _by_line(content["trajectories"], _by_quarter)
    rows = []
    for row in sorted(content["lines"], key=lambda one: (one["position"], one["number"])):
        more = [
            f"{called}: {write(value)}"
            for name, called, write in rest
            if (value := row.get(name)) not in NOTHING
        ]
        rows.append(
            [
                *(write(row.get(name)) for name, write in columns),
                "; ".join(taken[row["number"]]) or words.MISSING,
                "; ".join([*more, *quarters[row["number"]]]) or words.MISSING,
            ]
        )
    header = [*(label(fields[name]) for name in LINE_COLUMNS), "From", "More"]
    return Told(TITLES["lines"], part.section, header, rows)


def _by_line(rows: Sequence[Row], write: Any) -> Mapping[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    for row in rows:
        found[row["line"]].append(write(row))
    return found


def _from_stream(row: Row) -> str:
    return f"{row['stream']['name']} {words.pounds(row['amount'])}"


def _by_quarter(row: Row) -> str:
    parts = []
    if row.get("starts") is not None:
        parts.append(f"{words.count(row['starts'])} starts")
    if row.get("spend") is not None:
        parts.append(words.pounds(row["spend"]))
    return f"by quarter {row['quarter']} {' and '.join(parts) or words.MISSING}"


def _plain(value: Any) -> str:
    """A number without the noughts that its column ends in; other values as they are."""
    if value is None:
        return words.MISSING
    if isinstance(value, str) and value.count(".") == 1 and value.replace(".", "").isdigit():
        return f"{Decimal(value).normalize():,f}"
    return str(value)
