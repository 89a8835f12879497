"""The lines of a plan as a file that comes in again: what it would add, change and remove."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django import forms
from django.core import signing

from commissioning.forms.base import SayingForm
from commissioning.forms.plans.sheet import Cells, Meanwhile, Sheet, SheetRow, cells_of
from commissioning.kernel.errors import DomainError
from commissioning.kernel.words import joined
from commissioning.models import FundingStream, Line
from commissioning.rules.line_cells import (
    BY_NAME,
    COLUMNS,
    STREAM,
    Listed,
    read_cell,
    read_cells,
    said_of_cell,
)
from commissioning.selectors.plans.lines import HeldStream
from commissioning.services.plans.sheet_file import MOST_BYTES, FileRefused, FileRow, read_rows

NUMBER, GONE = "number", "gone-"
WORKED_OUT = frozenset({"cost", "not allocated"})
KEPT_FOR = 10 * 60 * 60  # seconds; as long as one stays signed in
_LARGEST_NUMBER = 9  # digits


class LineFileForm(SayingForm):
    """A spreadsheet or CSV of at most 10 MB."""

    file = forms.FileField(
        label="File of lines",
        help_text="XLSX or CSV, at most 10 MB, 1,000 lines and 60 columns.",
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        messages = self.fields["file"].error_messages
        messages["required"] = "Choose the file of lines, of at most 10 MB"
        messages["empty"] = "The file is empty."

    def clean_file(self) -> list[FileRow]:
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError("The file is larger than 10 MB.")
        try:
            return read_rows(file.read())
        except FileRefused as refused:
            raise forms.ValidationError(str(refused)) from refused


@dataclass(frozen=True)
class Fault:
    """What is wrong in a row of the file, and in which column."""

    row: str
    column: str
    said: str


@dataclass(frozen=True)
class Change:
    """A line that would change: heading, before and after of each cell."""

    label: str
    cells: Sequence[tuple[str, str, str]]


@dataclass
class FileOfLines:
    """The rows of a file beside what the plan said when it was sent.

    `rows` are (row of the file, number as it stands there, cells by column); `was` the plan's
    lines by number, on which a removal and what somebody else changed are told; `unread` what is
    wrong with cells that could not be read, by row of the file and column.
    """

    revision: int
    rows: Sequence[tuple[int, str, Cells]]
    was: Mapping[int, Cells]
    faults: list[Fault] = field(default_factory=list)
    formulas: int = 0  # cells that were read by what their formula last showed
    unread: Mapping[int, Cells] = field(default_factory=dict)

    @classmethod
    def of(cls, rows: Sequence[FileRow], lines: Sequence[Line], sheet: Sheet) -> "FileOfLines":
        """From a file that was sent just now. Raises `FileRefused` for its header.

        A cell of a column that is not taken in, such as the cost, is nobody's fault.
        """
        if rows[0].unread:
            raise FileRefused(next(iter(rows[0].unread.values())))
        names = _names(rows[0].cells, sheet)
        found = []
        unread: dict[int, Cells] = {}
        for row in rows[1:]:
            wrong = {names[at]: said for at, said in row.unread.items() if at in names}
            cells = {
                name: row.cells[at] if at < len(row.cells) else "" for at, name in names.items()
            }
            if any(cells.values()) or wrong:
                found.append((row.number, cells.pop(NUMBER), cells))
            if wrong:
                unread[row.number] = wrong
        was = {line.number: cells_of(line, sheet.columns) for line in lines}
        formulas = sum(row.formulas for row in rows)
        return cls(sheet.revision, found, was, formulas=formulas, unread=unread)

    def signed(self, salt: str) -> str:
        """As text that can be given to the browser and back, and that nobody can alter."""
        held = {
            "revision": self.revision,
            "rows": self.rows,
            "was": self.was,
            "formulas": self.formulas,
            "unread": self.unread,
        }
        return signing.dumps(held, salt=salt, compress=True)

    @classmethod
    def kept(cls, text: str, salt: str) -> "FileOfLines":
        """What was signed. Raises `FileRefused` when it is not ours, or too old."""
        try:
            held = signing.loads(text, salt=salt, max_age=KEPT_FOR)
        except signing.BadSignature as broken:
            raise FileRefused("What was sent is no longer kept. Send the file again.") from broken
        was = {int(number): cells for number, cells in held["was"].items()}
        rows = [(row, number, cells) for row, number, cells in held["rows"]]
        unread = {int(row): cells for row, cells in held["unread"].items()}
        return cls(held["revision"], rows, was, formulas=held["formulas"], unread=unread)

    def fill(self, sheet: Sheet, lines: Sequence[Line]) -> None:
        """Put the file's rows into the sheet, beside the lines as they are now."""
        now = {line.number: line for line in lines}
        seen: dict[int, int] = {}
        for at, typed, cells in self.rows:
            unread = dict(self.unread.get(at, {}))
            if NUMBER in unread:
                self.faults.append(Fault(str(at), "No.", unread[NUMBER]))
                continue
            try:
                number = _number(typed, now, seen)
            except DomainError as refused:
                self.faults.append(Fault(str(at), "No.", str(refused)))
                continue
            row = SheetRow(str(at), number, dict(cells), unread=unread)
            if number is not None:
                seen[number] = at
                row.line, row.was = now[number], cells_of(now[number], sheet.columns)
                row.cells = {
                    name: _settled(name, text, row.was.get(name, ""), sheet.lists)
                    for name, text in cells.items()
                }
            sheet.rows.append(row)
        for number in self.was:
            if number in now and number not in seen and not self.faults:
                was = cells_of(now[number], sheet.columns)
                gone = SheetRow(f"{GONE}{number}", number, dict(was), was, remove=True)
                gone.line = now[number]
                sheet.rows.append(gone)

    def seen_beside(self, sheet: Sheet, lines: Sequence[Line]) -> "FileOfLines":
        """The same file, on what the plan says now. A line that somebody added after the file was
        sent is not the file's to remove."""
        was = {
            line.number: cells_of(line, sheet.columns) for line in lines if line.number in self.was
        }
        return replace(self, revision=sheet.revision, was=was, faults=[])

    def news(self, sheet: Sheet, lines: Sequence[Line]) -> list[Meanwhile]:
        """What somebody else changed of the lines after the file was sent."""
        then = Sheet(
            [SheetRow(str(number), number, dict(was), dict(was)) for number, was in
             self.was.items()],
            self.revision, sheet.streams, sheet.lists,
        )  # fmt: skip
        return then.merge(lines, sheet.revision)


@dataclass
class Difference:
    """What a file makes of the plan."""

    added: list[SheetRow] = field(default_factory=list)
    changed: list[Change] = field(default_factory=list)
    removed: list[SheetRow] = field(default_factory=list)
    unchanged: int = 0

    @property
    def is_none(self) -> bool:
        return not (self.added or self.changed or self.removed)


def difference_of(sheet: Sheet) -> Difference:
    """Row by row: added, changed with before and after, removed, unchanged."""
    found = Difference()
    for row in sheet.rows:
        if row.remove:
            found.removed.append(row)
        elif row.number is None:
            found.added.append(row)
        elif names := row.changed():
            cells = [
                (
                    sheet.heading(one),
                    said_of_cell(one, row.was.get(one, "")),
                    said_of_cell(one, row.cells[one]),
                )
                for one in names
            ]
            found.changed.append(Change(f"{row.number}. {row.was.get('name', '')}", cells))
        else:
            found.unchanged += 1
    return found


def faults_of(file: FileOfLines, sheet: Sheet) -> list[Fault]:
    """Everything that is wrong, from the top: numbers, cells, and what the plan refuses."""
    found = [
        *file.faults,
        *(
            Fault(
                "" if row.key.startswith(GONE) else row.key,
                sheet.heading(column) if column else "",
                sentence,
            )
            for row, column, sentence in sheet.errors()
        ),
    ]
    return sorted(found, key=lambda fault: int(fault.row or 0))


def with_all_streams(
    held: Sequence[HeldStream], every: Iterable[FundingStream]
) -> list[HeldStream]:
    """The plan's streams, then the others: a file may name any, and is told what is wrong."""
    known = {one.code for one in held}
    return [*held, *(HeldStream(one, None) for one in every if one.pk not in known)]


def _names(header: Sequence[str], sheet: Sheet) -> dict[int, str]:
    """By place what each column holds. Raises `FileRefused` for columns it cannot place."""
    known = {"no.": NUMBER, "no": NUMBER}
    known |= {column.heading.casefold(): column.name for column in COLUMNS}
    for stream in sheet.streams:
        known |= {one.casefold(): STREAM + stream.code for one in (stream.name, stream.code)}
    found: dict[int, str] = {}
    unknown: list[str] = []
    for at, heading in enumerate(header):
        words = " ".join(heading.split()).casefold()
        if not words or words in WORKED_OUT:
            continue
        if words not in known:
            unknown.append(f"“{heading}”")
        elif known[words] in found.values():
            raise FileRefused(f"The first row names “{heading}” twice. Leave one of them out.")
        else:
            found[at] = known[words]
    wanted = {NUMBER: "No.", "name": BY_NAME["name"].heading}
    missing = [f"“{word}”" for name, word in wanted.items() if name not in found.values()]
    if missing:
        raise FileRefused(
            f"The first row names no {joined(missing)}. Download the lines to see how it begins."
        )
    if unknown:
        raise FileRefused(
            f"The first row names {joined(unknown)}, which is no column of the lines and no"
            " funding stream. Rename it or leave it out."
        )
    return found


def _number(typed: str, now: Mapping[int, Line], seen: Mapping[int, int]) -> int | None:
    if not typed:
        return None
    if not (typed.isascii() and typed.isdecimal() and len(typed) <= _LARGEST_NUMBER):
        raise DomainError(f"“{typed}” is not the number of a line. Leave it empty for a new line.")
    number = int(typed)
    if number not in now:
        raise DomainError(f"The plan has no line {number}. Leave it empty for a new line.")
    if number in seen:
        raise DomainError(f"Line {number} is in row {seen[number]} already.")
    return number


def _settled(name: str, text: str, was: str, lists: Mapping[str, Listed]) -> str:
    """The cell as the plan writes it where both mean the same: 12500 is 12,500."""
    if text == was:
        return was
    try:
        same = _meant(name, text, lists) == _meant(name, was, lists)
    except DomainError:
        return text
    return was if same else text


def _meant(name: str, text: str, lists: Mapping[str, Listed]) -> Any:
    if name in BY_NAME:
        return read_cell(BY_NAME[name], text, lists)
    read = read_cells({name: text}, lists)
    if read.errors:
        raise DomainError(read.errors[0].sentence)
    return read.amounts or read.percents
