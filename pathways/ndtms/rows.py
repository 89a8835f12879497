"""From records of a file to staged rows in COPY's text format, a block at a time.

A block is turned on its side, each column looked up in its own table, and turned back: a country's
three years pass in seconds. Only rows with something amiss are opened one by one.
"""

import json
from collections.abc import Sequence
from itertools import repeat

from pathways.ndtms.cells import UNREADABLE, Registers, SlashedDays, absent, cells_of_each, shown
from pathways.ndtms.fields import STAGED, Kind, columns_of
from pathways.ndtms.headers import Layout
from pathways.ndtms.identity import ATTRIBUTOR, COPY_NULL, NOBODY, Identities
from pathways.ndtms.nhs_numbers import NhsNumberWatch
from pathways.ndtms.refusals import FileRefused, NamesAnotherAgency

WHOLE_ROW = ""  # the name under which a fault of the row itself is noted
_PLACE = {used.header: place for place, used in enumerate(STAGED)}
_OF_EPISODE = tuple(place for place, used in enumerate(STAGED) if used.of_episode)
_OF_ROW = tuple(place for place, used in enumerate(STAGED) if not used.of_episode)
_KEPT_WITHOUT_CONSENT = frozenset({"AGNCY", "CLIENTID", "EPISODID", "CONSENT"})
_ABSENT = tuple(absent(used) for used in STAGED)


def staged_columns() -> list[str]:
    """The columns of a staged row, in the order in which lines hold them."""
    first = ["upload_id", "row", "person", "age_at_triage", "identity_faults"]
    of_episode = [column for at in _OF_EPISODE for column in columns_of(STAGED[at])]
    of_row = [column for at in _OF_ROW for column in columns_of(STAGED[at])]
    return [*first, *of_episode, "episode_values", "unreadable", *of_row]


class RowMaker:
    """Makes the staged rows of one file whose layout is known."""

    def __init__(
        self,
        *,
        upload_id: int,
        layout: Layout,
        registers: Registers,
        identities: Identities,
        slashed: SlashedDays,
    ) -> None:
        self._upload = str(upload_id)
        self._layout = layout
        self._registers = registers
        self._identities = identities
        self._tables = cells_of_each(STAGED, registers, slashed)
        self._at = [layout.positions.get(used.header) for used in STAGED]
        self._nhs_numbers = NhsNumberWatch()

    def block(self, records: Sequence[Sequence[str]], lines: Sequence[int]) -> bytes:
        """The staged rows of some records, given the line that each begins on."""
        width = len(self._layout.headers)
        made: list[str] = []
        if set(map(len, records)) != {width}:
            shaped = []
            for line, record in zip(lines, records, strict=True):
                if len(record) < width or any(record[width:]):
                    made.append(self._misshapen(record, line))
                else:
                    shaped.append((line, record[:width]))
            lines, records = [line for line, _ in shaped], [record for _, record in shaped]
        if records:
            made += self._shaped(records, lines)
        made.append("")
        return "\n".join(made).encode()

    def refuse_nhs_numbers(self) -> None:
        """Raise `FileRefused` when the client numbers seen can only be NHS numbers."""
        self._nhs_numbers.refuse_if_likely()

    def _shaped(self, records: Sequence[Sequence[str]], lines: Sequence[int]) -> list[str]:
        raw = list(zip(*records, strict=True))
        columns = [
            [nothing] * len(records) if at is None else table.of(raw[at])
            for table, at, nothing in zip(self._tables, self._at, _ABSENT, strict=True)
        ]
        identities = self._identities.cells(
            [raw[self._layout.positions[header]] for header in ATTRIBUTOR]
        )
        of_episode = list(
            map("\t".join, zip(identities, *(columns[at] for at in _OF_EPISODE), strict=True))
        )
        made = list(
            map(
                "\t".join,
                zip(
                    repeat(self._upload),
                    map(str, lines),
                    of_episode,
                    map(str, map(hash, of_episode)),
                    repeat(COPY_NULL),
                    *(columns[at] for at in _OF_ROW),
                ),
            )
        )
        self._nhs_numbers.note(columns[_PLACE["CLIENTID"]])
        for number in self._amiss(made, columns[_PLACE["CONSENT"]]):
            cells = [column[number] for column in columns]
            made[number] = self._mended(
                cells, records[number], lines[number], identities[number], hash(of_episode[number])
            )
        return made

    def _amiss(self, made: Sequence[str], consents: Sequence[str]) -> list[int]:
        """The rows of a block with a value that cannot be read, or without consent."""
        found = {number for number, row in enumerate(made) if UNREADABLE in row}
        if "N" in consents:
            found.update(number for number, consent in enumerate(consents) if consent == "N")
        return sorted(found)

    def _mended(
        self, cells: list[str], record: Sequence[str], line: int, identity: str, values: int
    ) -> str:
        """The row again, saying what cannot be read, or bare where there is no consent."""
        faults = self._faults(cells, record, line)
        if cells[_PLACE["CONSENT"]] == "N":
            return self._without_consent(cells, line)
        return self._row(cells, line, identity, str(values), _json_cell(faults))

    def _faults(self, cells: list[str], record: Sequence[str], line: int) -> dict[str, str]:
        """What cannot be read, by header, as it may be shown; the cells are emptied."""
        faults: dict[str, str] = {}
        hidden = frozenset({record[self._layout.positions["DOB"]].strip()})
        for place, used in enumerate(STAGED):
            if cells[place] != UNREADABLE:
                continue
            value = record[self._layout.positions[used.header]]
            if used.kind is Kind.AGENCY:
                raise self._foreign_agency(value, line)
            faults[used.header] = (
                "" if used.kind is Kind.REFERENCE else shown(value, hidden=hidden)
            )
            cells[place] = _ABSENT[place]
        return faults

    def _foreign_agency(self, value: str, line: int) -> FileRefused:
        code = shown(value)[:20]
        ask = "Take its rows out, or ask an administrator to add the agency"
        if self._registers.ours is None:
            return FileRefused(
                "F13",
                f"AGNCY “{code}” on line {line} is not an agency in our register. {ask}.",
                row=line,
                field="AGNCY",
            )
        return NamesAnotherAgency(
            "F13",
            f"AGNCY “{code}” on line {line} is not one of your agencies. {ask} to yours.",
            row=line,
            field="AGNCY",
        )

    def _without_consent(self, cells: Sequence[str], line: int) -> str:
        """Who the row is of within the agency, and nothing else."""
        kept = [
            cell if STAGED[place].header in _KEPT_WITHOUT_CONSENT else _ABSENT[place]
            for place, cell in enumerate(cells)
        ]
        return self._bare(kept, line, COPY_NULL)

    def _misshapen(self, record: Sequence[str], line: int) -> str:
        """A row with too few or too many values: no value can be trusted to be in its place."""
        cells = list(_ABSENT)
        for header in ("AGNCY", "CLIENTID", "EPISODID"):
            place, at = _PLACE[header], self._layout.positions[header]
            found = self._tables[place][record[at]] if at < len(record) else UNREADABLE
            if found != UNREADABLE:
                cells[place] = found
        fault = f"{len(record)} values where the header has {len(self._layout.headers)}"
        return self._bare(cells, line, _json_cell({WHOLE_ROW: fault}))

    def _bare(self, cells: Sequence[str], line: int, unreadable: str) -> str:
        return self._row(cells, line, NOBODY, COPY_NULL, unreadable)

    def _row(
        self, cells: Sequence[str], line: int, identity: str, values: str, unreadable: str
    ) -> str:
        of_episode = [cells[at] for at in _OF_EPISODE]
        of_row = [cells[at] for at in _OF_ROW]
        first = [self._upload, str(line), identity]
        return "\t".join([*first, *of_episode, values, unreadable, *of_row])


def _json_cell(faults: dict[str, str]) -> str:
    return json.dumps(faults).replace("\\", "\\\\")
