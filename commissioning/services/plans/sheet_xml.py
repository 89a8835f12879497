"""What a reader of values does not tell of a spreadsheet: how large it is, and its formulas.

The first sheet's XML is gone through piece by piece, so that size is known before anything is
unpacked into memory.
"""

import re
import zipfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from posixpath import join, normpath
from typing import IO
from xml.parsers import expat

CHUNK = 64 * 1024
_CELL = re.compile(r"([A-Z]{1,3})(\d{1,7})", re.ASCII)
_PER_CENT_FORMATS = frozenset({9, 10})  # built in: 0% and 0.00%
Attributes = dict[str, str]


class SheetUnreadable(Exception):
    """The archive is no workbook, or its XML is not what a workbook holds."""


@dataclass
class Looked:
    """What was seen: how many rows and columns say something, and cells by name."""

    rows: int = 0
    columns: int = 0
    formulas: Counter[int] = field(default_factory=Counter)  # by row, from 0
    without_value: list[str] = field(default_factory=list)  # formulas never calculated
    faults: list[str] = field(default_factory=list)  # #REF! and the like
    per_cents: set[tuple[int, int]] = field(default_factory=set)  # row and column, from 0


def look_through(book: zipfile.ZipFile, *, most_rows: int, most_columns: int) -> Looked:
    """The first sheet, up to the first cell beyond the limits. Raises `SheetUnreadable`."""
    try:
        with book.open(_first_sheet(book)) as sheet:
            looking = _Looking(_per_cent_styles(book), most_rows, most_columns)
            _parse(sheet, looking.start, looking.end, lambda: looking.is_over)
    except KeyError as missing:
        raise SheetUnreadable("No workbook.") from missing
    return looking.found


def cell_name(row: int, column: int) -> str:
    """B3 of row 2 and column 1, counted from 0."""
    letters, left = "", column + 1
    while left:
        left, rest = divmod(left - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return f"{letters}{row + 1}"


class _Looking:
    """The state between the pieces of a sheet."""

    def __init__(self, styles: set[int], most_rows: int, most_columns: int) -> None:
        self.found = Looked()
        self.styles, self.limits = styles, (most_rows, most_columns)
        self.row, self.column = -1, -1
        self.cell: Attributes = {}
        self.has: set[str] = set()

    @property
    def is_over(self) -> bool:
        return self.found.rows > self.limits[0] or self.found.columns > self.limits[1]

    def start(self, name: str, given: Attributes) -> None:
        if name == "row":
            number = given.get("r", "")
            self.row = int(number) - 1 if number.isdecimal() else self.row + 1
            self.column = -1
        elif name == "c":
            self.cell, self.has = given, set()
            at = _CELL.fullmatch(given.get("r", ""))
            self.column = _column(at[1]) if at else self.column + 1
            self.row = int(at[2]) - 1 if at else self.row
        elif name in {"f", "v", "is"}:
            self.has.add(name)

    def end(self, name: str) -> None:
        if name != "c" or not self.has:
            return
        found = self.found
        found.rows = max(found.rows, self.row + 1)
        found.columns = max(found.columns, self.column + 1)
        named = cell_name(self.row, self.column)
        found.formulas[self.row] += "f" in self.has
        if self.has == {"f"}:
            found.without_value.append(named)
        elif self.cell.get("t") == "e":
            found.faults.append(named)
        if int(self.cell.get("s", "0")) in self.styles:
            found.per_cents.add((self.row, self.column))


def _first_sheet(book: zipfile.ZipFile) -> str:
    """Where the sheet lies that comes first in the workbook."""
    sheets: list[str] = []
    targets: dict[str, str] = {}

    def sheet(name: str, given: Attributes) -> None:
        if name == "sheet":
            sheets.append(next((one for key, one in given.items() if key.endswith(":id")), ""))

    def relation(name: str, given: Attributes) -> None:
        if name == "Relationship":
            targets[given.get("Id", "")] = given.get("Target", "")

    _parse_named(book, "xl/workbook.xml", sheet)
    _parse_named(book, "xl/_rels/workbook.xml.rels", relation)
    if not sheets or not targets.get(sheets[0]):
        raise SheetUnreadable("No sheet.")
    target = targets[sheets[0]]
    return target.lstrip("/") if target.startswith("/") else normpath(join("xl", target))


def _per_cent_styles(book: zipfile.ZipFile) -> set[int]:
    """The numbers of cell styles that show per cents."""
    if "xl/styles.xml" not in book.namelist():
        return set()
    formats, found = set(_PER_CENT_FORMATS), set()
    inside, place = False, -1

    def start(name: str, given: Attributes) -> None:
        nonlocal inside, place
        if name == "numFmt" and "%" in given.get("formatCode", ""):
            formats.add(int(given.get("numFmtId", "0")))
        elif name == "cellXfs":
            inside = True
        elif name == "cellStyles":
            inside = False
        elif name == "xf" and inside:
            place += 1
            if int(given.get("numFmtId", "0")) in formats:
                found.add(place)

    _parse_named(book, "xl/styles.xml", start)
    return found


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def _parse_named(
    book: zipfile.ZipFile, name: str, start: Callable[[str, Attributes], None]
) -> None:
    with book.open(name) as part:
        _parse(part, start, lambda _name: None, lambda: False)


def _parse(
    part: IO[bytes],
    start: Callable[[str, Attributes], None],
    end: Callable[[str], None],
    enough: Callable[[], bool],
) -> None:
    """Go through XML without a document type: none of a workbook has one."""

    def refuse(*_given: object) -> None:
        raise SheetUnreadable("A document type.")

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = lambda name, given: start(name.rpartition(":")[2], given)
    parser.EndElementHandler = lambda name: end(name.rpartition(":")[2])
    try:
        while chunk := part.read(CHUNK):
            parser.Parse(chunk, False)  # noqa: FBT003 - expat's own
            if enough():
                return
        parser.Parse(b"", True)  # noqa: FBT003
    except expat.ExpatError as broken:
        raise SheetUnreadable(str(broken)) from broken
