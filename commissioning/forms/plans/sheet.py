"""The budget grid as it is typed: rows of cells, what they were, and what is wrong with them.

Each row of a line carries, hidden, what its cells said when the page was made. So only cells that
a person changed are written, and what somebody else changed meanwhile can be told apart.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from commissioning.kernel.words import MISSING
from commissioning.models import Line
from commissioning.rules.line_cells import BY_NAME, COLUMNS, STREAM, Listed, read_cells
from commissioning.selectors.plans.lines import HeldStream, setting_name
from commissioning.services.plans.line_rows import LineRow, RowError

BLANK_ROWS = 3
MORE_ROWS = 5
PRICES = frozenset({"unit_cost", "volume", "weeks", "plain_sum"})
Cells = dict[str, str]
_NAME = re.compile(r"(\d{1,9}|new-\d{1,9})\.([a-z_]+|stream-[-\w]+)", re.ASCII)


@dataclass
class SheetRow:
    """A row of the grid; `number` is its line's, a new row has none."""

    key: str
    number: int | None
    cells: Cells
    was: Cells = field(default_factory=dict)
    remove: bool = False
    errors: dict[str, str] = field(default_factory=dict)
    unread: dict[str, str] = field(default_factory=dict)  # cells of a file that have no value
    now: dict[str, str] = field(default_factory=dict)  # what somebody else made of a cell
    overtaken: bool = False  # somebody else changed it after the page was made
    line: Line | None = None

    @property
    def label(self) -> str:
        name = self.cells.get("name") or self.was.get("name") or MISSING
        return f"{self.number}. {name}" if self.number else f"New line {name}"

    @property
    def is_blank(self) -> bool:
        return self.number is None and not any(self.cells.values())

    def changed(self) -> list[str]:
        """The columns whose cell is not what it was."""
        return [name for name, text in self.cells.items() if text != self.was.get(name, "")]

    def asked(self) -> Cells:
        """The cells to be written: those that changed, and all streams when one of them did."""
        changed = set(self.changed())
        if any(name.startswith(STREAM) for name in changed):
            changed |= {name for name in self.cells if name.startswith(STREAM)}
        if self.number is None:
            changed.add("name")
        return {name: text for name, text in self.cells.items() if name in changed}


@dataclass(frozen=True)
class Meanwhile:
    """A cell, or a whole line, that somebody else changed after the page was made."""

    label: str
    heading: str
    before: str
    now: str
    typed: str  # what this person typed there; empty when they typed nothing
    target: str = ""  # the cell's id on the page


@dataclass
class Sheet:
    """All rows, on what revision of the plan they rest, and which streams have columns."""

    rows: list[SheetRow]
    revision: int
    streams: Sequence[HeldStream]
    lists: Mapping[str, Listed]

    @property
    def columns(self) -> list[str]:
        return [*BY_NAME, *(STREAM + stream.code for stream in self.streams)]

    def heading(self, column: str) -> str:
        if column in BY_NAME:
            return BY_NAME[column].heading
        code = column.removeprefix(STREAM)
        return next((one.name for one in self.streams if one.code == code), code)

    def read(self) -> list[LineRow]:
        """What the rows ask for; `errors` of each row is filled with what cannot be read."""
        return [read for row in self.rows if (read := self._read(row)) is not None]

    def _read(self, row: SheetRow) -> LineRow | None:
        row.errors = dict(row.unread)
        if row.remove and row.number is not None:
            return LineRow(row.key, row.number, remove=True)
        asked = row.asked()
        if row.is_blank or row.remove or (row.number is not None and not asked):
            return None
        found = read_cells(asked, self.lists)
        row.errors = {error.column: error.sentence for error in found.errors} | row.unread
        return LineRow(row.key, row.number, found.values, found.amounts, found.percents)

    def checkable(self, rows: Iterable[LineRow]) -> list[LineRow]:
        """The rows to hold to the plan's rules also where some cell could not be read, so that
        everything wrong is said at once. Streams of which one cannot be read are no whole."""
        by_key = {row.key: row for row in self.rows}
        return [
            replace(row, amounts={}, percents={})
            if any(column.startswith(STREAM) for column in by_key[row.key].errors)
            else row
            for row in rows
        ]

    def add_errors(self, errors: Iterable[RowError]) -> None:
        """What the plan's rules refuse, beside what could not be read: of a price that could not
        be read in part, nothing more is said."""
        by_key = {row.key: row for row in self.rows}
        unread = {row.key: {*row.errors} for row in self.rows}
        for error in errors:
            priced = error.column in PRICES and not PRICES.isdisjoint(unread[error.key])
            if not priced:
                by_key[error.key].errors.setdefault(error.column, error.sentence)

    def errors(self) -> list[tuple[SheetRow, str, str]]:
        """Row, column and sentence of everything that is wrong, from the top."""
        place = {name: at for at, name in enumerate(["", *self.columns])}
        return [
            (row, column, row.errors[column])
            for row in self.rows
            for column in sorted(row.errors, key=lambda name: place.get(name, len(place)))
        ]

    def add_blank(self, how_many: int) -> None:
        last = max((_new_number(row.key) for row in self.rows), default=0)
        self.rows += [
            SheetRow(f"new-{last + place}", None, dict.fromkeys(self.columns, ""))
            for place in range(1, how_many + 1)
        ]

    def attach(self, lines: Iterable[Line]) -> None:
        """Give each row the line it stands for, if it is still there."""
        by_number = {line.number: line for line in lines}
        for row in self.rows:
            row.line = by_number.get(row.number or 0)

    def merge(self, lines: Sequence[Line], revision: int) -> list[Meanwhile]:
        """Take in what the lines say now: a cell nobody typed in follows, one that was stays.

        Gives what somebody else changed. The sheet then rests on the newer revision.
        """
        found: list[Meanwhile] = []
        now = {line.number: cells_of(line, self.columns) for line in lines}
        held = {row.number for row in self.rows}
        kept: list[SheetRow] = []
        for row in self.rows:
            if row.number is not None and row.number not in now:
                found.append(Meanwhile(row.label, "", "", "Removed", _typed(row)))
                if not row.changed() or row.remove:
                    continue
                row.key, row.number, row.was = f"new-{1000 + row.number}", None, {}
            elif row.number is not None:
                found += self._merge_row(row, now[row.number])
            kept.append(row)
        for line in lines:
            if line.number not in held:
                found.append(Meanwhile(str(line), "", "", "Added", ""))
                kept.append(SheetRow(str(line.number), line.number, now[line.number],
                                     dict(now[line.number])))  # fmt: skip
        order = {line.number: place for place, line in enumerate(lines)}
        self.rows = sorted(kept, key=lambda row: order.get(row.number or 0, len(order)))
        self.revision = revision
        return found

    def _merge_row(self, row: SheetRow, now: Cells) -> list[Meanwhile]:
        found = []
        for name in self.columns:
            was, says = row.was.get(name, ""), now.get(name, "")
            typed = row.cells.get(name, "")
            if says != was:
                row.overtaken = True
                mine = typed if typed not in {was, says} else ""
                found.append(
                    Meanwhile(row.label, self.heading(name), was, says, mine, cell_id(row, name))
                )
                if mine:
                    row.now[name] = says
                else:
                    row.cells[name] = says
        row.was = now
        return found


def sheet_of(
    lines: Sequence[Line],
    *,
    revision: int,
    streams: Sequence[HeldStream],
    lists: Mapping[str, Listed],
) -> Sheet:
    """The grid as the plan says it, without blank rows."""
    sheet = Sheet([], revision, streams, lists)
    for line in lines:
        cells = cells_of(line, sheet.columns)
        sheet.rows.append(SheetRow(str(line.number), line.number, cells, dict(cells), line=line))
    return sheet


def typed_sheet(
    posted: Mapping[str, Any], *, streams: Sequence[HeldStream], lists: Mapping[str, Listed]
) -> Sheet:
    """The grid as it was sent, cell by cell, right or wrong."""
    revision = str(posted.get("revision", ""))
    sheet = Sheet([], int(revision) if revision.isdecimal() else 0, streams, lists)
    known = {*sheet.columns, "was", "remove"}
    rows: dict[str, Cells] = {}
    for name, text in posted.items():
        found = _NAME.fullmatch(name)
        if found and found[2] in known:
            rows.setdefault(found[1], {})[found[2]] = str(text).strip()
    for key, cells in rows.items():
        was, remove = _was(cells.pop("was", "")), bool(cells.pop("remove", ""))
        number = int(key) if key.isdecimal() else None
        sheet.rows.append(SheetRow(key, number, cells, was, remove))
    return sheet


def cells_of(line: Line, columns: Iterable[str]) -> Cells:
    """What a line's cells say, as a person would type them."""
    amounts = {STREAM + stream: amount for stream, amount in line.taken}
    return {
        name: _money(amounts.get(name)) if name.startswith(STREAM) else _cell(line, name)
        for name in columns
    }


def values_of(line: Line) -> list[Any]:
    """The plain columns of a line as values for a file."""
    return [_value(line, column.name) for column in COLUMNS]


def cell_id(row: SheetRow, column: str) -> str:
    return f"c-{row.key}-{column or 'name'}"


def _value(line: Line, name: str) -> Any:
    match name:
        case "intervention":
            return line.intervention.name if line.intervention else ""
        case "provider":
            return line.provider.name if line.provider else ""
        case "setting":
            return setting_name(line.setting)
        case "purchase":
            return line.get_purchase_display()
        case _:
            return getattr(line, name)


def _cell(line: Line, name: str) -> str:
    value = _value(line, name)
    match BY_NAME[name].kind:
        case "pounds":
            return _money(value, nothing="0")
        case "number":
            return "" if value is None else f"{value.normalize():f}"
        case _:
            return "" if value is None else str(value)


def _money(amount: Decimal | None, nothing: str = "") -> str:
    """12,500 or 12,500.50; `nothing` for £0, since an empty part and one of £0 are the same."""
    if not amount:
        return "" if amount is None else nothing
    return f"{amount:,.0f}" if amount == amount.to_integral_value() else f"{amount:,.2f}"


def _was(text: str) -> Cells:
    try:
        held = json.loads(text or "{}")
    except ValueError:
        return {}
    return {str(name): str(cell) for name, cell in held.items()} if isinstance(held, dict) else {}


def _new_number(key: str) -> int:
    return int(key.removeprefix("new-")) if key.startswith("new-") else 0


def _typed(row: SheetRow) -> str:
    return ", ".join(row.cells[name] for name in row.changed() if row.cells[name])
