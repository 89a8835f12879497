"""Reading the bank's actuals: a CSV of payments, every row checked before anything is done.

Columns, in any order: reference, date, line number, stream code (or name), amount, description.
"""

import csv
import datetime as dt
import io
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TypeVar

from commissioning.kernel.delimited import other_separator, separated_otherwise
from commissioning.kernel.errors import DomainError
from commissioning.kernel.money import NotMoney, read_pounds
from commissioning.kernel.words import day, joined
from commissioning.models import Allocation, Plan
from commissioning.services.ledger.book import LedgerRefused

T = TypeVar("T")
COLUMNS = ("reference", "date", "line number", "stream code", "amount", "description")
MOST_BYTES, MOST_ROWS = 1024 * 1024, 5000
LONGEST_REFERENCE = 60
SPREADSHEET = b"PK\x03\x04"
_DATES = (
    re.compile(r"(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})", re.ASCII),
    re.compile(r"(?P<day>\d{1,2})/(?P<month>\d{1,2})/(?P<year>\d{4})", re.ASCII),
)


class FileRefused(LedgerRefused):
    """The file as a whole cannot be read."""


@dataclass(frozen=True)
class Fault:
    """What is wrong in a row, and in which column; row 1 is the header."""

    row: int
    column: str
    said: str


@dataclass(frozen=True)
class Payment:
    """A row of the file: so much of a line's part of a stream was paid for a reference."""

    row: int
    reference: str
    on: dt.date
    allocation: Allocation
    amount: Decimal
    description: str


@dataclass
class Read:
    """What a file says: its payments, or its faults."""

    payments: list[Payment] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


def text_of(content: bytes) -> str:
    """The file as text, in UTF-8 or as older spreadsheets write it. Raises `FileRefused`."""
    if len(content) > MOST_BYTES:
        raise FileRefused("The file is larger than 1 MB. Send it in parts.")
    if content.startswith(SPREADSHEET):
        raise FileRefused("The file is a spreadsheet. Save it as CSV and send that.")
    if b"\x00" in content:
        raise FileRefused("The file is not text. Save it as CSV and send that.")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def read_payments(text: str, *, plan: Plan, today: dt.date) -> Read:
    """Every row, each checked by itself and against the rows before it.

    Raises `FileRefused` when there is no row to check or a column is missing.
    """
    try:
        rows = [row for row in csv.reader(io.StringIO(text)) if any(map(str.strip, row))]
    except csv.Error as broken:
        raise FileRefused("The file is not CSV: a quotation mark is not closed.") from broken
    if not rows:
        raise FileRefused("The file is empty.")
    if separator := other_separator(text.lstrip().partition("\n")[0]):
        raise FileRefused(separated_otherwise(separator))
    at = _places(rows[0])
    if len(rows) == 1:
        raise FileRefused("The file has a first row and no payment below it.")
    if len(rows) - 1 > MOST_ROWS:
        raise FileRefused(f"The file has more than {MOST_ROWS:,} payments. Send it in parts.")
    allocations = {
        (one.line.number, one.stream_id): one
        for one in Allocation.objects.filter(plan=plan).select_related("line", "stream")
    }
    reading = _Reading(plan, today, allocations)
    for number, row in enumerate(rows[1:], start=2):
        cells = {
            name: row[place].strip() if place < len(row) else "" for name, place in at.items()
        }
        reading.take(number, cells)
    return reading.found


def _places(header: list[str]) -> dict[str, int]:
    named = [" ".join(re.split(r"[\s_-]+", name.strip().lower())) for name in header]
    missing = [name for name in COLUMNS if name not in named]
    if len(missing) == len(COLUMNS):
        raise FileRefused(
            "The first row names no column of a file of payments. It has to name"
            f" {joined(f'“{name}”' for name in COLUMNS)}."
        )
    if missing:
        raise FileRefused(
            f"The first row does not name {joined(f'“{name}”' for name in missing)}. Add the"
            " column and send the file again."
        )
    return {name: named.index(name) for name in COLUMNS}


class _Reading:
    """The rows so far."""

    def __init__(
        self, plan: Plan, today: dt.date, allocations: Mapping[tuple[int, str], Allocation]
    ) -> None:
        self._plan, self._today, self._allocations = plan, today, allocations
        # A stream goes by its code, and by the name that pages show.
        self._streams = {
            said.casefold(): one.stream_id
            for one in allocations.values()
            for said in (one.stream_id, one.stream.name)
        }
        self._seen: dict[tuple[str, int], int] = {}
        self.found = Read()

    def take(self, number: int, cells: Mapping[str, str]) -> None:
        faults: list[Fault] = []

        def read(column: str, reader: Callable[[str], T]) -> T | None:
            try:
                return reader(cells[column])
            except DomainError as refused:
                faults.append(Fault(number, column, str(refused)))
                return None

        reference = read("reference", _reference)
        on = read("date", self._day)
        line = read("line number", self._line)
        stream = read("stream code", self._stream)
        amount = read("amount", _amount)
        if not (reference and on and line and stream and amount):
            self.found.faults += faults
            return
        allocation = self._allocations.get((line, stream))
        if allocation is None:
            said = f"Line {line} takes nothing from “{stream}”."
            self.found.faults.append(Fault(number, "stream code", said))
            return
        earlier = self._seen.setdefault((reference, allocation.pk), number)
        if earlier != number:
            said = f"“{reference}” is in row {earlier} already, for the same line and stream."
            self.found.faults.append(Fault(number, "reference", said))
            return
        description = cells["description"][:300]
        self.found.payments.append(Payment(number, reference, on, allocation, amount, description))

    def _day(self, typed: str) -> dt.date:
        on = _day_of(typed)
        if on > self._today:
            raise LedgerRefused(f"{day(on)} lies ahead. Post what has left the bank.")
        if on < self._plan.period.start:
            raise LedgerRefused(
                f"{day(on)} lies before the plan's year, which begins on"
                f" {day(self._plan.period.start)}."
            )
        return on

    def _line(self, typed: str) -> int:
        if not re.fullmatch(r"\d{1,6}", typed, re.ASCII):
            raise LedgerRefused(f"“{typed}” is not the number of a line.")
        if int(typed) not in {number for number, _ in self._allocations}:
            raise LedgerRefused(f"The plan has no line {int(typed)} with money.")
        return int(typed)

    def _stream(self, typed: str) -> str:
        stream = self._streams.get(" ".join(typed.split()).casefold())
        if stream is None:
            raise LedgerRefused(f"No line of the plan takes from a stream “{typed}”.")
        return stream


def _reference(typed: str) -> str:
    if not typed:
        raise LedgerRefused("Enter the reference of the payment.")
    if len(typed) > LONGEST_REFERENCE:
        raise LedgerRefused(f"The reference has more than {LONGEST_REFERENCE} characters.")
    return typed


def _amount(typed: str) -> Decimal:
    if not typed:
        raise NotMoney("Enter the amount.")
    amount = read_pounds(typed)
    if not amount:
        raise NotMoney("Nothing was paid: leave the row out.")
    return amount


def _day_of(typed: str) -> dt.date:
    for pattern in _DATES:
        if found := pattern.fullmatch(typed):
            try:
                return dt.date(int(found["year"]), int(found["month"]), int(found["day"]))
            except ValueError:
                break
    raise LedgerRefused(f"“{typed}” is not a date. Write it as 2006-05-31 or 31/05/2006.")
