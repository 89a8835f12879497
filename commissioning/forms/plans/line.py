"""One line with everything about it. Cells are read as in the grid; the rest is of this page."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from commissioning.forms.base import SayingForm
from commissioning.forms.plans.sheet import cells_of
from commissioning.forms.saying import DayField
from commissioning.kernel.errors import DomainError
from commissioning.list_filters import Dropdown
from commissioning.models import Line, Priority
from commissioning.rules.line_cells import (
    BY_NAME,
    COLUMNS,
    STREAM,
    Column,
    Listed,
    read_cell,
    read_cells,
)
from commissioning.selectors.plans.lines import HeldStream, setting_name
from commissioning.services.plans.line_rows import QUARTERS, LineRow, Reached, RowError

CHECKED = {
    "evenings": "Open in the evening",
    "weekends": "Open at weekends",
    "harm_reduction": "Includes harm reduction",
    "aftercare": "Provides drug-related aftercare",
}
HINTS = {
    "tier": "Left empty, it is the intervention's own.",
    "weeks": "Left empty, the cost is unit cost × volume.",
    "plain_sum": "In place of a unit cost.",
}
STARTS = Column("starts", "Starts", "count", BY_NAME["planned_starts"].most)
SPEND = Column("spend", "Spend", "pounds")
CHOICES = frozenset({"intervention", "provider", "setting", "purchase"})
OPTIONAL = " (optional)"


class LineForm(SayingForm):
    """Every field as text or choice; `was` holds what they said when the page was made."""

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        line: Line,
        lists: Mapping[str, Listed],
        streams: Sequence[HeldStream],
        priorities: Sequence[Priority],
    ) -> None:
        super().__init__(data)
        self.lists, self.streams = lists, streams
        for column in COLUMNS:
            self.fields[column.name] = self._cell(column)
        self.fields["unit"] = _words("Unit", 40, "What is bought: a week, a session, a post.")
        for stream in streams:
            self.fields[STREAM + stream.code] = _words(stream.name, 30, stream.stream.rule)
        for name, label in CHECKED.items():
            self.fields[name] = forms.BooleanField(label=label, required=False)
        self.fields["pathway"] = _words("Pathway", 200, "Which way in and out it is part of.")
        self.fields["priority"] = forms.ChoiceField(
            label="Priority" + OPTIONAL,
            required=False,
            choices=[("", "None"), *((str(one.number), str(one)) for one in priorities)],
        )
        self.fields["ends_on"] = DayField(label="Contract ends on" + OPTIONAL, required=False)
        self.fields["note"] = forms.CharField(
            label="Note" + OPTIONAL,
            required=False,
            widget=forms.Textarea(attrs={"rows": 4}),
            help_text="Why the tier is not the usual one, if it is not.",
        )
        for quarter in QUARTERS:
            self.fields[f"starts_{quarter}"] = _words(f"Starts by quarter {quarter}", 20)
            self.fields[f"spend_{quarter}"] = _words(f"Spend by quarter {quarter}", 30)
        self.now = raw_of(line, self.fields)
        self.number = line.number
        if data is None:
            self.was = self.now
            self.initial = {**self.now, "ends_on": line.ends_on}
            self.initial |= {name: bool(getattr(line, name)) for name in CHECKED}
        else:
            self.was = _was(str(data.get("was", "")))

    def _cell(self, column: Column) -> forms.Field:
        label = column.heading + ("" if column.required else OPTIONAL)
        hint = HINTS.get(column.name, "")
        if column.name in CHOICES:
            nothing = "To be commissioned" if column.name == "provider" else "None"
            names = self.lists[column.name].names
            return forms.ChoiceField(
                label=label,
                required=False,
                help_text=hint,
                choices=[("", nothing), *((name, name) for name in names.values())],
                widget=Dropdown,
            )
        return forms.CharField(label=label, required=False, help_text=hint)

    @property
    def held(self) -> str:
        return json.dumps(self.was, ensure_ascii=False)

    def changed(self) -> set[str]:
        """Names of inputs whose text is not what it was when the page was made."""
        return {name for name in self.now if self._typed(name) != self.was.get(name, "")}

    def clean(self) -> dict[str, Any]:
        cells = {
            name: str(self.data.get(name, ""))
            for name in self.now
            if name in BY_NAME or name.startswith(STREAM)
        }
        self.read = read_cells(cells, self.lists)
        for error in self.read.errors:
            self.add_error(error.column, error.sentence)
        self.trajectory = {
            quarter: Reached(
                self._read(STARTS, f"starts_{quarter}"), self._read(SPEND, f"spend_{quarter}")
            )
            for quarter in QUARTERS
        }
        parts = [self._typed(f"ends_on_{place}") for place in range(3)]
        if any(parts) and not all(parts):
            self.add_error("ends_on", "Enter the day, month and year the contract ends on.")
        return super().clean() or self.cleaned_data

    def row(self) -> LineRow:
        """What is asked of the line: only what was changed."""
        changed = self.changed()
        values = {name: self.read.values[name] for name in BY_NAME if name in changed}
        given = self.cleaned_data
        values |= {name: given[name] for name in (*CHECKED, "unit", "pathway", "note")
                   if name in changed}  # fmt: skip
        if any(name.startswith("ends_on") for name in changed):
            values["ends_on"] = given["ends_on"]
        if "priority" in changed:
            values["priority"] = int(given["priority"]) if given["priority"] else None
        shared = any(name.startswith(STREAM) for name in changed)
        moved = any(name.startswith(("starts_", "spend_")) for name in changed)
        return LineRow(
            str(self.number),
            self.number,
            values,
            self.read.amounts if shared else {},
            self.read.percents if shared else {},
            self.trajectory if moved else None,
        )

    def add_errors(self, errors: Sequence[RowError]) -> None:
        for error in errors:
            self.add_error(error.column if error.column in self.fields else None, error.sentence)

    def merged(self) -> tuple[dict[str, str], list[tuple[str, str, str]]]:
        """The inputs with what somebody else saved taken in, and what that is: the field, its
        value now, and what was typed there (nothing where nobody typed)."""
        data, found = {name: self._typed(name) for name in self.now}, []
        for name, says in self.now.items():
            was, typed = self.was.get(name, ""), data[name]
            if says == was:
                continue
            mine = typed if typed not in {was, says} else ""
            found.append((self._label(name), says or "empty", mine))
            if not mine:
                data[name] = says
        return {**data, "was": json.dumps(self.now, ensure_ascii=False)}, found

    def _label(self, name: str) -> str:
        field = self.fields["ends_on" if name.startswith("ends_on") else name]
        return str(field.label).removesuffix(OPTIONAL)

    def _typed(self, name: str) -> str:
        return str(self.data.get(name, "")).replace("\r\n", "\n").strip()

    def _read(self, column: Column, name: str) -> Any:
        try:
            return read_cell(column, self._typed(name), {})
        except DomainError as refused:
            self.add_error(name, str(refused))
            return None


def raw_of(line: Line, fields: Mapping[str, Any]) -> dict[str, str]:
    """What each input of the page says for the line, as a browser would send it."""
    columns = [name for name in fields if name in BY_NAME or name.startswith(STREAM)]
    raw = cells_of(line, columns)
    raw["setting"] = setting_name(line.setting)
    raw |= {name: getattr(line, name).strip() for name in ("unit", "pathway", "note")}
    raw |= {name: "on" if getattr(line, name) else "" for name in CHECKED}
    raw["priority"] = str(line.priority.number) if line.priority else ""
    day = line.ends_on
    parts = (day.day, day.month, day.year) if day else ("", "", "")
    raw |= {f"ends_on_{place}": str(part) for place, part in enumerate(parts)}
    reached = {one.quarter: one for one in line.trajectory.all()}
    for quarter in QUARTERS:
        one = reached.get(quarter)
        starts, spend = (one.starts, one.spend) if one else (None, None)
        raw[f"starts_{quarter}"] = "" if starts is None else str(starts)
        raw[f"spend_{quarter}"] = "" if spend is None else f"{spend:,.2f}".removesuffix(".00")
    return raw


def _words(label: str, longest: int, hint: str = "") -> forms.CharField:
    return forms.CharField(
        label=label + OPTIONAL, required=False, max_length=longest, help_text=hint
    )


def _was(text: str) -> dict[str, str]:
    try:
        held = json.loads(text or "{}")
    except ValueError:
        return {}
    return {str(name): str(cell) for name, cell in held.items()} if isinstance(held, dict) else {}
