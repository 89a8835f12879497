"""Reading a return line by line into rows for COPY, in memory that does not grow with the file."""

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, chain, islice
from typing import IO, TYPE_CHECKING

from pathways.ndtms.cells import Registers, SlashedDays
from pathways.ndtms.headers import Layout, read_header, refuse_other_separators
from pathways.ndtms.identity import Identities
from pathways.ndtms.refusals import FileRefused
from pathways.ndtms.rows import RowMaker
from pathways.ndtms.stream import opened, wrong_encoding

if TYPE_CHECKING:
    from _csv import Reader

ROWS_IN_A_BLOCK = 400  # measured: smaller and larger are slower
_LINE_END = re.compile(r"\r\n|\r|\n")


@dataclass
class NdtmsFile:
    """One file being read. What is counted is complete once `blocks` has come to its end."""

    raw: IO[bytes]
    upload_id: int
    registers: Registers
    identities: Identities
    rows: int = 0
    ignored_headers: tuple[str, ...] = ()
    repeated_headers: list[int] = field(default_factory=list)
    slashed: SlashedDays = field(default_factory=SlashedDays)

    def __post_init__(self) -> None:
        self._watched, self._text = opened(self.raw)
        self._following = 1  # the line on which the next record begins
        self._reader: Reader | None = None

    @property
    def bytes_read(self) -> int:
        return self._watched.bytes_read

    def blocks(self) -> Iterator[bytes]:
        """Blocks of lines for COPY. Raises `FileRefused` where the file cannot be a return."""
        try:
            yield from self._blocks()
        except UnicodeDecodeError as error:
            raise wrong_encoding(error, line=self._following) from None
        except csv.Error as error:
            raise self._unreadable(error) from None
        if not self.rows:
            raise FileRefused(
                "F12",
                "The file holds a header and no rows. Send the export with its rows; if there is"
                " nothing to report, there is nothing to send.",
            )

    def _blocks(self) -> Iterator[bytes]:
        reader = self._reader = csv.reader(self._from_the_header(), strict=True)
        layout = read_header(next(cells for cells in reader if cells))
        self.ignored_headers = layout.ignored
        maker = RowMaker(
            upload_id=self.upload_id,
            layout=layout,
            registers=self.registers,
            identities=self.identities,
            slashed=self.slashed,
        )
        for lines, rows in self._records(reader, layout):
            yield maker.block(rows, lines)
        maker.refuse_nhs_numbers()

    def _from_the_header(self) -> Iterator[str]:
        """The lines of the text, once the first that is not blank is known to hold commas."""
        blank: list[str] = []
        for line in self._text:
            if line.strip():
                refuse_other_separators(line)
                return chain(blank, [line], self._text)
            blank.append(line)
        raise FileRefused("F01", "The file is empty. Export the return again and send that.")

    def _records(
        self, reader: "Reader", layout: Layout
    ) -> Iterator[tuple[Sequence[int], list[list[str]]]]:
        """Some records at a time, with the lines they begin on; blank ones and repeated headers
        passed over."""
        while True:
            first = self._following = reader.line_num + 1
            rows: list[list[str]] = []
            try:
                rows.extend(islice(reader, ROWS_IN_A_BLOCK))
            except (csv.Error, UnicodeDecodeError):
                self._following += sum(map(_lines_of, rows))
                raise
            if not rows:
                return
            lines: Sequence[int] = range(first, reader.line_num + 1)
            if len(lines) != len(rows):
                lines = list(accumulate(map(_lines_of, rows), initial=first))[:-1]
            lines, rows = self._telling(lines, rows, layout)
            self.rows += len(rows)
            if rows:
                yield lines, rows

    def _telling(
        self, lines: Sequence[int], rows: list[list[str]], layout: Layout
    ) -> tuple[Sequence[int], list[list[str]]]:
        """Without blank records and repeated headers; of these the lines are noted."""
        heading = list(layout.raw)
        odd = ("", heading[0])
        passed_over = set()
        for at in [at for at, row in enumerate(rows) if not row or row[0] in odd]:
            if rows[at] == heading:
                self.repeated_headers.append(lines[at])
            elif any(rows[at]):
                continue
            passed_over.add(at)
        if not passed_over:
            return lines, rows
        kept = [at for at in range(len(rows)) if at not in passed_over]
        return [lines[at] for at in kept], [rows[at] for at in kept]

    def _unreadable(self, error: csv.Error) -> FileRefused:
        """Why a record cannot be told apart into values.

        A value beyond the limit that runs over lines comes of a quotation mark left open; within
        one line it is what it seems.
        """
        line = self._following
        last = self._reader.line_num if self._reader else line
        too_long = "field limit" in str(error)  # the only way that csv tells its errors apart
        return _long_value(line) if too_long and last <= line else _broken_quote(line)


def _lines_of(row: list[str]) -> int:
    """How many lines a record runs over: values in quotation marks may hold the ends of some."""
    return 1 + sum(len(_LINE_END.findall(value)) for value in row)


def _long_value(line: int) -> FileRefused:
    return FileRefused(
        "F11",
        f"A value in the row on line {line} is longer than {csv.field_size_limit():,} characters,"
        " which no value of a return is. Correct that row, or export the return again.",
        row=line,
    )


def _broken_quote(line: int) -> FileRefused:
    return FileRefused(
        "F10",
        f"A quotation mark in the row that begins on line {line} is not closed, or a mark inside a"
        " value is not doubled. Correct that row, or export the return again.",
        row=line,
    )
