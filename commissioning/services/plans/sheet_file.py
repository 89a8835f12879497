"""A spreadsheet or a CSV file as rows of words, whichever program wrote it.

Of a formula its kept value is read; a cell whose formula has none, or shows an error, is told
with its row. What cannot be read as rows is refused with a sentence, before a small file can
unpack into a large one.
"""

import csv
import datetime as dt
import io
import re
import zipfile
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from python_calamine import CalamineError, load_workbook

from commissioning.kernel.errors import DomainError
from commissioning.services.plans.sheet_xml import (
    Looked,
    SheetUnreadable,
    cell_name,
    look_through,
)

MOST_BYTES = 10 * 1024 * 1024
MOST_UNPACKED = 100 * 1024 * 1024
MOST_ROWS, MOST_COLUMNS = 1000, 60
_ZIP, _OLD, _PDF = b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF"
_HARMLESS = re.compile(r"'(?=[=+\-@\t\r])")  # put there by our own files


class FileRefused(DomainError):
    """The file as a whole cannot be read."""


@dataclass(frozen=True)
class FileRow:
    """A row that says something; numbered as a spreadsheet does, from 1.

    So many of its cells are `formulas`, read by what they last showed. `unread` are cells, by
    their place from 0, that cannot be read, and why.
    """

    number: int
    cells: Sequence[str]
    formulas: int = 0
    unread: Mapping[int, str] = field(default_factory=dict)


def read_rows(content: bytes) -> list[FileRow]:
    """Every row of the file's first sheet that is not empty. Raises `FileRefused`."""
    if not content:
        raise FileRefused("The file is empty.")
    if len(content) > MOST_BYTES:
        raise FileRefused("The file is larger than 10 MB.")
    looked = Looked()
    if content.startswith(_ZIP):
        rows, looked = _from_xlsx(content)
    else:
        rows = _from_csv(content)
    unread = _unread(looked)
    found = [
        FileRow(at + 1, cells, looked.formulas.get(at, 0), unread.get(at, {}))
        for at, row in enumerate(rows)
        if any(cells := [_HARMLESS.sub("", cell.strip(), count=1) for cell in row]) or at in unread
    ]
    if not found:
        raise FileRefused("The file is empty.")
    return found


def _from_csv(content: bytes) -> list[list[str]]:
    if content.startswith(_OLD):
        raise FileRefused(
            "The file is an old spreadsheet, or has a password. Save it as XLSX without one and"
            " send that."
        )
    if content.startswith(_PDF) or b"\x00" in content:
        raise FileRefused("The file is neither a spreadsheet (XLSX) nor CSV.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    rows: list[list[str]] = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True):
            _refuse_too_much(len(rows) + 1 if any(row) else 0, _last(row))
            rows.append(row)
    except csv.Error as broken:
        raise FileRefused(
            f"The file is not CSV: something is wrong with a quotation mark after row {len(rows)}."
        ) from broken
    return rows


def _from_xlsx(content: bytes) -> tuple[list[list[str]], Looked]:
    """Its rows as words, and what else was seen of its cells."""
    looked = _looked_through(content)
    _refuse_too_much(looked.rows, looked.columns)
    try:
        with load_workbook(io.BytesIO(content)) as book:
            sheet = book.get_sheet_by_index(0)
            merged = sheet.merged_cell_ranges or []
            rows = sheet.to_python(skip_empty_area=False, nrows=MOST_ROWS + 1)
    except CalamineError as broken:
        raise FileRefused("The spreadsheet is damaged. Save it again and send that.") from broken
    if merged:
        (top, left), (bottom, right) = merged[0]
        more = " and others" if len(merged) > 1 else ""
        raise FileRefused(
            f"Cells {cell_name(top, left)}:{cell_name(bottom, right)}{more} are merged. Unmerge"
            " them and send the file again."
        )
    words = [
        [_word(cell, (at, place) in looked.per_cents) for place, cell in enumerate(row)]
        for at, row in enumerate([*rows, *([] for _more in range(len(rows), looked.rows))])
    ]
    for at, place in looked.without_value | looked.faults:
        if place < len(words[at]):
            words[at][place] = ""
    return words, looked


def _unread(looked: Looked) -> Mapping[int, Mapping[int, str]]:
    """By row and column, from 0, what is said of a cell that has no value."""
    found: dict[int, dict[int, str]] = defaultdict(dict)
    for at, place in looked.without_value:
        found[at][place] = (
            f"Cell {cell_name(at, place)} holds a formula without a value. Open the file, let it"
            " calculate and save it, or type the value."
        )
    for at, place in looked.faults:
        found[at][place] = (
            f"Cell {cell_name(at, place)} holds an error of a formula. Mend it or type the value."
        )
    return found


def _looked_through(content: bytes) -> Looked:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            if sum(one.file_size for one in book.infolist()) > MOST_UNPACKED:
                raise FileRefused("The spreadsheet is too large once it is unpacked.")
            return look_through(book, most_rows=MOST_ROWS + 1, most_columns=MOST_COLUMNS)
    except SheetUnreadable as broken:
        raise FileRefused("The file is neither a spreadsheet (XLSX) nor CSV.") from broken
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, ValueError) as broken:
        raise FileRefused("The spreadsheet is damaged. Save it again and send that.") from broken


def _refuse_too_much(rows: int, columns: int) -> None:
    if rows > MOST_ROWS + 1:
        raise FileRefused(f"The file has more than {MOST_ROWS:,} lines. A plan's file has fewer.")
    if columns > MOST_COLUMNS:
        raise FileRefused(f"The file has more than {MOST_COLUMNS} columns. Send the lines alone.")


def _last(row: Sequence[str]) -> int:
    """How many columns of the row there are up to the last that says something."""
    return max((at for at, cell in enumerate(row, start=1) if cell.strip()), default=0)


def _word(cell: Any, is_per_cent: bool) -> str:  # noqa: FBT001 - one cell and how it is shown
    """A cell as a person would type it; numbers to fifteen digits, as spreadsheets keep them."""
    match cell:
        case bool():
            return "yes" if cell else "no"
        case int() | float():
            number = Decimal(f"{cell * 100 if is_per_cent else cell:.15g}")
            return f"{number:f}%" if is_per_cent else f"{number:f}"
        case dt.datetime():
            return cell.date().isoformat() if cell.time() == dt.time() else cell.isoformat(" ")
        case dt.date() | dt.time():
            return cell.isoformat()
        case _:
            return str(cell)
