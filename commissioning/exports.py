"""Lists as files: CSV that streams and a spreadsheet, safe to open.

A spreadsheet program runs a text cell that begins with `=`, `+`, `-`, `@`, a tab or a carriage
return as a formula. Such a cell gets an apostrophe in front, unless it is a number.
"""

import csv
import datetime as dt
import re
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import islice
from typing import Any

import xlsxwriter
from django.http import FileResponse, StreamingHttpResponse

XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_NUMBER = re.compile(r"[+-]?(\d+|\d{1,3}(,\d{3})+)(\.\d+)?\Z")
_LARGEST_SHEET = 1_048_576  # rows a spreadsheet can hold
_ROWS_AT_ONCE = 200  # each piece is written to the network by itself: a row is too little


class _Echo:
    """A file that hands back what is written to it."""

    def write(self, line: str) -> str:
        return line


def harmless(value: Any) -> Any:
    """The cell as it may be opened: text that would run as a formula begins with an apostrophe."""
    if not isinstance(value, str) or not value.startswith(_STARTS_A_FORMULA):
        return value
    return value if _NUMBER.match(value) else f"'{value}"


def csv_response(
    filename: str, header: Sequence[str], rows: Iterable[Sequence[Any]]
) -> StreamingHttpResponse:
    """The rows as CSV in UTF-8 with a byte order mark, some hundred rows at a time."""
    return StreamingHttpResponse(
        _lines(header, rows),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{_safe_name(filename)}"'},
    )


def xlsx_response(
    filename: str, header: Sequence[str], rows: Iterable[Sequence[Any]], *, sheet: str = "List"
) -> FileResponse:
    """The rows as a spreadsheet: written through to disk, so that memory does not grow."""
    # Closed, and with it removed, by the response.
    file = tempfile.NamedTemporaryFile(suffix=".xlsx")  # noqa: SIM115
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(file.name, options) as book:
        _fill(book, sheet, header, rows)
    return FileResponse(
        file, as_attachment=True, filename=_safe_name(filename), content_type=XLSX_TYPE
    )


def _lines(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    writer, left = csv.writer(_Echo()), iter(rows)
    yield "\ufeff" + writer.writerow([harmless(cell) for cell in header])
    while piece := list(islice(left, _ROWS_AT_ONCE)):
        yield "".join(writer.writerow([harmless(_plain(cell)) for cell in row]) for row in piece)


def _plain(cell: Any) -> Any:
    """Days as 2006-05-06, so that they sort; nothing as an empty cell."""
    if isinstance(cell, dt.datetime | dt.date):
        return cell.isoformat()
    return "" if cell is None else cell


def _fill(
    book: xlsxwriter.Workbook, sheet: str, header: Sequence[str], rows: Iterable[Sequence[Any]]
) -> None:
    page = book.add_worksheet(sheet[:31])
    bold, days = book.add_format({"bold": True}), book.add_format({"num_format": "d mmm yyyy"})
    page.freeze_panes(1, 0)
    for column, words in enumerate(header):
        page.set_column(column, column, max(10, min(40, len(words) + 2)))
    for column, words in enumerate(header):
        page.write_string(0, column, str(harmless(words)), bold)
    for number, row in enumerate(rows, start=1):
        if number >= _LARGEST_SHEET:
            raise ValueError(
                f"A spreadsheet holds {_LARGEST_SHEET:,} rows; this list is longer. Use CSV."
            )
        for column, cell in enumerate(row):
            _write(page, number, column, cell, days)


def _write(page: Any, row: int, column: int, cell: Any, days: Any) -> None:
    match cell:
        case None | "":
            return
        case bool():
            page.write_boolean(row, column, cell)
        case int() | float() | Decimal():
            page.write_number(row, column, cell)
        case dt.datetime():
            page.write_string(row, column, cell.isoformat(sep=" ", timespec="minutes"))
        case dt.date():
            page.write_datetime(row, column, dt.datetime.combine(cell, dt.time()), days)
        case _:
            page.write_string(row, column, str(harmless(str(cell))))


def _safe_name(filename: str) -> str:
    return re.sub(r"[^\w.-]+", "-", filename).strip("-.") or "list"
