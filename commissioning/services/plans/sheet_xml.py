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
Place = tuple[int, int]  # row and column, from 0


class SheetUnreadable(Exception):
    """The archive is no workbook, or its XML is not what a workbook holds."""


@dataclass
class Looked:
    """What was seen: how many rows and columns say something, and where which cells are."""

    rows: int = 0
    columns: int = 0
    formulas: Counter[int] = field(default_factory=Counter)  # with a value; by row, from 0
    without_value: set[Place] = field(default_factory=set)  # formulas never calculated
    faults: set[Place] = field(default_factory=set)  # #REF! and the like
    per_cents: set[Place] = field(default_factory=set)


def look_through(book: zipfile.ZipFile, *, most_rows: int, most_columns: int) -> Looked:
    """The first sheet, up to the first cell beyond the limits. Raises `SheetUnreadable`."""
    try:
        outline = _outline(book)
        with book.open(outline.first_sheet) as sheet:
            looking = _Looking(
                _per_cent_styles(book),
                most_rows,
                most_columns,
                is_to_be_calculated=outline.is_to_be_calculated,
            )
            _parse(sheet, looking.start, looking.end, lambda: looking.is_over, looking.text)
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

    def __init__(
        self, styles: set[int], most_rows: int, most_columns: int, *, is_to_be_calculated: bool
    ) -> None:
        self.found = Looked()
        # What stands for a formula nobody calculated: nothing, or what a library puts there.
        self.uncalculated = {"", "0"} if is_to_be_calculated else {""}
        self.styles, self.limits = styles, (most_rows, most_columns)
        self.row, self.column = -1, -1
        self.cell: Attributes = {}
        self.has: set[str] = set()
        self.inside, self.value = "", ""

    @property
    def is_over(self) -> bool:
        return self.found.rows > self.limits[0] or self.found.columns > self.limits[1]

    def start(self, name: str, given: Attributes) -> None:
        if name == "row":
            number = given.get("r", "")
            self.row = int(number) - 1 if number.isdecimal() else self.row + 1
            self.column = -1
        elif name == "c":
            self.cell, self.has, self.value = given, set(), ""
            at = _CELL.fullmatch(given.get("r", ""))
            self.column = _column(at[1]) if at else self.column + 1
            self.row = int(at[2]) - 1 if at else self.row
        elif name in {"f", "v", "is"}:
            self.has.add(name)
        self.inside = name

    def text(self, words: str) -> None:
        if self.inside == "v":
            self.value += words

    def end(self, name: str) -> None:
        self.inside = ""
        if name != "c" or not self.has:
            return
        found = self.found
        found.rows = max(found.rows, self.row + 1)
        found.columns = max(found.columns, self.column + 1)
        here = (self.row, self.column)
        if self.cell.get("t") == "e":
            found.faults.add(here)
        elif "f" in self.has and self._is_uncalculated:
            found.without_value.add(here)
        else:
            found.formulas[self.row] += "f" in self.has
        if int(self.cell.get("s", "0")) in self.styles:
            found.per_cents.add(here)

    @property
    def _is_uncalculated(self) -> bool:
        """Words that are empty are a value; a number that is missing is none."""
        return self.cell.get("t") != "str" and self.value.strip() in self.uncalculated


@dataclass(frozen=True)
class _Outline:
    """Where the sheet lies that comes first, and whether the workbook asks to be calculated when
    it is opened: so do libraries that write formulas and cannot calculate.
    """

    first_sheet: str
    is_to_be_calculated: bool


def _outline(book: zipfile.ZipFile) -> _Outline:
    sheets: list[str] = []
    targets: dict[str, str] = {}
    asked: set[str] = set()

    def sheet(name: str, given: Attributes) -> None:
        if name == "sheet":
            sheets.append(next((one for key, one in given.items() if key.endswith(":id")), ""))
        elif name == "calcPr":
            asked.add(given.get("fullCalcOnLoad", ""))

    def relation(name: str, given: Attributes) -> None:
        if name == "Relationship":
            targets[given.get("Id", "")] = given.get("Target", "")

    _parse_named(book, "xl/workbook.xml", sheet)
    _parse_named(book, "xl/_rels/workbook.xml.rels", relation)
    if not sheets or not targets.get(sheets[0]):
        raise SheetUnreadable("No sheet.")
    target = targets[sheets[0]]
    path = target.lstrip("/") if target.startswith("/") else normpath(join("xl", target))
    return _Outline(path, is_to_be_calculated=not asked.isdisjoint({"1", "true"}))


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
    text: Callable[[str], None] | None = None,
) -> None:
    """Go through XML without a document type: none of a workbook has one."""

    def refuse(*_given: object) -> None:
        raise SheetUnreadable("A document type.")

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = lambda name, given: start(name.rpartition(":")[2], given)
    parser.EndElementHandler = lambda name: end(name.rpartition(":")[2])
    parser.CharacterDataHandler = text
    try:
        while chunk := part.read(CHUNK):
            parser.Parse(chunk, False)  # noqa: FBT003 - expat's own
            if enough():
                return
        parser.Parse(b"", True)  # noqa: FBT003
    except expat.ExpatError as broken:
        raise SheetUnreadable(str(broken)) from broken
