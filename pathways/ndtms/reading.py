"""Reading a return line by line into rows for COPY, in memory that does not grow with the file."""

import csv
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain
from operator import getitem, itemgetter
from typing import IO

from pathways.ndtms.cells import (
    UNREADABLE,
    Registers,
    SlashedDays,
    absent,
    cells_of,
    shown,
)
from pathways.ndtms.fields import STAGED, Kind, columns_of
from pathways.ndtms.headers import Layout, read_header, refuse_other_separators
from pathways.ndtms.identity import COPY_NULL, Identities
from pathways.ndtms.nhs_numbers import NhsNumberWatch
from pathways.ndtms.refusals import FileRefused, NamesAnotherAgency
from pathways.ndtms.stream import opened, wrong_encoding

ROWS_IN_A_BLOCK = 2000
NOT_THERE = ""
WHOLE_ROW = ""  # the name under which a fault of the row itself is noted
_ATTRIBUTOR = ("FINITIAL", "SINITIAL", "DOB", "SEX", "REFLD", "TRIAGED")
_PLACE = {used.header: place for place, used in enumerate(STAGED)}
_OF_EPISODE = tuple(place for place, used in enumerate(STAGED) if used.of_episode)
_KEPT_WITHOUT_CONSENT = frozenset({"AGNCY", "CLIENTID", "EPISODID", "CONSENT"})
_ABSENT = tuple(absent(used) for used in STAGED)


def staged_columns() -> list[str]:
    """The columns of a staged row, in the order in which lines hold them."""
    first = ["upload_id", "row", "person", "age_at_triage", "identity_faults"]
    last = [column for used in STAGED for column in columns_of(used)]
    return [*first, "episode_values", "unreadable", *last]


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
        self._tables = [cells_of(used, self.registers, self.slashed) for used in STAGED]
        self._nhs_numbers = NhsNumberWatch()
        self._line = self._following = 1  # where the record in hand begins, and the one after it

    @property
    def bytes_read(self) -> int:
        return self._watched.bytes_read

    def blocks(self) -> Iterator[bytes]:
        """Blocks of lines for COPY. Raises `FileRefused` where the file cannot be a return."""
        try:
            yield from self._blocks()
        except UnicodeDecodeError as error:
            raise wrong_encoding(error, line=self._following) from None
        except csv.Error:
            raise _broken_quote(self._following) from None
        self._nhs_numbers.refuse_if_likely()
        if not self.rows:
            raise FileRefused(
                "F12",
                "The file holds a header and no rows. Send the export with its rows; if there is"
                " nothing to report, there is nothing to send.",
            )

    def _blocks(self) -> Iterator[bytes]:
        reader = csv.reader(self._from_the_header(), strict=True)
        layout = self._header(reader)
        block: list[str] = []
        for line in self._lines(reader, layout):
            block.append(line)
            if len(block) == ROWS_IN_A_BLOCK:
                yield "".join(block).encode()
                block.clear()
        if block:
            yield "".join(block).encode()

    def _from_the_header(self) -> Iterator[str]:
        """The lines of the text, once the first that is not blank is known to hold commas."""
        blank = []
        for line in self._text:
            if line.strip():
                refuse_other_separators(line)
                return chain(blank, [line], self._text)
            blank.append(line)
        raise FileRefused("F01", "The file is empty. Export the return again and send that.")

    def _header(self, reader: Iterator[list[str]]) -> Layout:
        layout = read_header(next(cells for cells in reader if cells))
        self.ignored_headers = layout.ignored
        return layout

    def _lines(self, reader: "csv._reader", layout: Layout) -> Iterator[str]:  # type: ignore[name-defined]
        width, heading = len(layout.headers), layout.raw[0]
        assemble = self._assembler(layout)
        self._following = reader.line_num + 1
        for raw in reader:
            self._line, self._following = self._following, reader.line_num + 1
            if not any(raw):
                continue
            if raw[0] == heading and tuple(raw) == layout.raw:
                self.repeated_headers.append(self._line)
                continue
            self.rows += 1
            if len(raw) < width or any(raw[width:]):
                yield self._misshapen(raw, layout)
                continue
            yield assemble([*raw[:width], NOT_THERE])

    def _assembler(self, layout: Layout) -> Callable[[list[str]], str]:
        """The function from a row to its line, with everything that does not change looked up."""
        beyond = len(layout.headers)  # where each row is given the value of columns not there
        pick = itemgetter(*(layout.positions.get(used.header, beyond) for used in STAGED))
        attributor = itemgetter(*(layout.positions[header] for header in _ATTRIBUTOR))
        tables = self._tables
        of_episode = itemgetter(*_OF_EPISODE)
        identify = self.identities.cells
        watch = self._nhs_numbers.note
        client, consent = _PLACE["CLIENTID"], _PLACE["CONSENT"]
        start = f"{self.upload_id}\t"

        def assemble(raw: list[str]) -> str:
            cells = list(map(getitem, tables, pick(raw)))
            line = "\t".join(cells)
            unreadable = COPY_NULL
            if UNREADABLE in line:
                unreadable = self._explained(cells, raw, layout)
                line = "\t".join(cells)
            watch(cells[client])
            if cells[consent] == "N":
                return self._withheld(cells)
            identity = identify(attributor(raw))
            values = hash((identity, of_episode(cells)))
            return f"{start}{self._line}\t{identity}\t{values}\t{unreadable}\t{line}\n"

        return assemble

    def _explained(self, cells: list[str], raw: list[str], layout: Layout) -> str:
        """Note the values that cannot be read and empty their cells. Answers a JSON cell."""
        faults: dict[str, str] = {}
        hidden = frozenset({raw[layout.positions["DOB"]].strip()})
        for place, used in enumerate(STAGED):
            if cells[place] != UNREADABLE:
                continue
            value = raw[layout.positions[used.header]]
            if used.kind is Kind.AGENCY:
                raise self._foreign_agency(value)
            faults[used.header] = (
                "" if used.kind is Kind.REFERENCE else shown(value, hidden=hidden)
            )
            cells[place] = _ABSENT[place]
        return _json_cell(faults)

    def _foreign_agency(self, value: str) -> FileRefused:
        code = shown(value)[:20]
        ask = "Take its rows out, or ask an administrator to add the agency"
        if self.registers.ours is None:
            return FileRefused(
                "F13",
                f"AGNCY “{code}” on line {self._line} is not an agency in our register. {ask}.",
                row=self._line,
                field="AGNCY",
            )
        return NamesAnotherAgency(
            "F13",
            f"AGNCY “{code}” on line {self._line} is not one of your agencies. {ask} to yours.",
            row=self._line,
            field="AGNCY",
        )

    def _withheld(self, cells: list[str]) -> str:
        """A row without consent: who it is of within the agency, and nothing else."""
        kept = [
            cell if STAGED[place].header in _KEPT_WITHOUT_CONSENT else _ABSENT[place]
            for place, cell in enumerate(cells)
        ]
        return self._bare(kept, COPY_NULL)

    def _misshapen(self, raw: Sequence[str], layout: Layout) -> str:
        """A row with too few or too many values: no value can be trusted to be in its place."""
        cells = list(_ABSENT)
        for header in ("AGNCY", "CLIENTID", "EPISODID"):
            place, at = _PLACE[header], layout.positions[header]
            found = self._tables[place][raw[at]] if at < len(raw) else UNREADABLE
            if found != UNREADABLE:
                cells[place] = found
        fault = f"{len(raw)} values where the header has {len(layout.headers)}"
        return self._bare(cells, _json_cell({WHOLE_ROW: fault}))

    def _bare(self, cells: Sequence[str], unreadable: str) -> str:
        identity = f"{COPY_NULL}\t{COPY_NULL}\t"
        line = "\t".join(cells)
        return f"{self.upload_id}\t{self._line}\t{identity}\t{COPY_NULL}\t{unreadable}\t{line}\n"


def _json_cell(faults: dict[str, str]) -> str:
    return json.dumps(faults).replace("\\", "\\\\")


def _broken_quote(line: int) -> FileRefused:
    return FileRefused(
        "F10",
        f"A quotation mark in the row that begins on line {line} is not closed, or a mark inside a"
        " value is not doubled. Correct that row, or export the return again.",
        row=line,
    )
