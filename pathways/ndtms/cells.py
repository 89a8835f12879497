"""One table a column: from the raw text of a value to its cell in COPY's text format.

A value that cannot be read is `UNREADABLE`.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from commissioning.reference.tables import codes
from pathways.choices import Residence
from pathways.ndtms.days import may_be_american, read_day
from pathways.ndtms.fields import NOT_SUPPLIED, Field, Kind
from pathways.ndtms.identity import COPY_NULL
from pathways.ndtms.memory import Remembered

UNREADABLE = "\0"  # refused in a file, so no value is mistaken for it
LONGEST_SHOWN = 80

# References are printed and typed: plain letters, digits and a few signs, none that begins a
# formula. Anything else is a sign of damage, or of something that does not belong there.
_REFERENCE = re.compile(r"[0-9A-Za-z#(][0-9A-Za-z #()./:_&*-]{0,39}\Z", re.ASCII)
_BETWEEN = "\x1f"
_PLAIN_REFERENCES = re.compile(r"(?:[0-9A-Za-z][0-9A-Za-z./:_-]{0,39}(?:\x1f|\Z))+\Z", re.ASCII)
_DRUG = re.compile(r"[0-9A-Z]{1,6}\Z", re.ASCII)
_RESIDENCE = re.compile(r"[0-9A-Z]{1,4}\Z", re.ASCII)
_OUTSIDE = "Z00B"
# Postcodes, e-mail addresses, telephone and NHS numbers: never shown, never kept.
_PERSONAL = re.compile(
    r"[A-Z]{1,2}\d[0-9A-Z]?\s*\d[A-Z]{2}\Z|.*@|(?:[\s()+-]*\d){9}", re.ASCII | re.IGNORECASE
)


@dataclass(frozen=True)
class Registers:
    """What codes are looked up in: agencies and partnerships by their codes.

    `ours` are the ids of agencies that the sender may report for; None where it may for all.
    """

    agencies: Mapping[str, int]
    partnerships: Mapping[str, int]
    ours: frozenset[int] | None = None

    def agency(self, code: str) -> int | None:
        found = self.agencies.get(code)
        return found if self.ours is None or found in self.ours else None

    def partnership(self, code: str) -> int | None:
        """By NDTMS or partnership code; zeros that a spreadsheet took away are put back."""
        found = self.partnerships.get(code)
        if found is not None or not code.isdecimal():
            return found
        return next(
            (
                held
                for width in (2, 3, 4)
                if (held := self.partnerships.get(code.zfill(width))) is not None
            ),
            None,
        )


class Cells(Remembered[str, str]):
    """A table from the raw text of a value to its cell, for one column or several of a kind."""

    def __init__(self, read: Callable[[str], str]) -> None:
        super().__init__(lambda raw: read(raw.strip()))
        self._same: set[str] = set()  # texts that are their own cells

    def __missing__(self, raw: str) -> str:
        made = super().__missing__(raw)
        if len(self) == 1:  # the first, also after all were forgotten
            self._same.clear()
        if made == raw:
            self._same.add(raw)
        return made

    def of(self, column: Sequence[str]) -> Sequence[str]:
        """The cells of a column, in its order."""
        if self._same.issuperset(column):
            return column
        return list(map(self.__getitem__, column))


class References(Cells):
    """Nearly all different and nearly all plain: a column of plain ones is its own cells."""

    def of(self, column: Sequence[str]) -> Sequence[str]:
        joined = _BETWEEN.join(column)
        if (
            _PLAIN_REFERENCES.match(joined)
            and joined.count(_BETWEEN) == len(column) - 1
            and NOT_SUPPLIED.isdisjoint(column)
        ):
            return column
        return super().of(column)


@dataclass
class SlashedDays:
    """Different days written with slashes, until one shows that days come before months."""

    seen: set[str] = field(default_factory=set)
    certain: bool = False

    def note(self, written: str) -> None:
        if self.certain or "/" not in written:
            return
        self.seen.add(written)
        if not may_be_american(written):
            self.certain = True
            self.seen.clear()

    def are_ambiguous(self, *, at_least: int) -> bool:
        """Whether so many different days could all be read month first."""
        return not self.certain and len(self.seen) >= at_least


def cells_of_each(
    used: Sequence[Field], registers: Registers, slashed: SlashedDays
) -> list[Cells]:
    """The table of each field. All days share one: it is the same days again and again."""
    days = Cells(lambda value: _day(value, slashed))
    return [days if one.kind is Kind.DAY else _cells_of(one, registers) for one in used]


def _cells_of(used: Field, registers: Registers) -> Cells:
    match used.kind:
        case Kind.AGENCY:
            return Cells(lambda value: _agency(value, registers))
        case Kind.RESIDENCE:
            return Cells(lambda value: _residence(value, registers))
        case Kind.CODE | Kind.MODALITY:
            known = frozenset(codes(used.code_list))
            missing = absent(used)
            return Cells(lambda value: _code(value, known) or missing)
        case Kind.DRUG:
            return Cells(_drug)
        case _:
            return References(reference)


def absent(used: Field) -> str:
    """The cell of a value that is not supplied."""
    match used.kind:
        case Kind.AGENCY:
            return f"\t{COPY_NULL}"
        case Kind.RESIDENCE:
            return f"\t{Residence.MISSING.value}\t{COPY_NULL}"
        case Kind.DAY | Kind.MODALITY:
            return COPY_NULL
        case _:
            return ""


def reference(value: str) -> str:
    """An agency's own number for a client, an episode or a modality."""
    if value in NOT_SUPPLIED:
        return ""
    return value if _REFERENCE.match(value) else UNREADABLE


def shown(value: str, *, hidden: frozenset[str] = frozenset()) -> str:
    """The raw text as a finding may show it: short, visible, and nothing personal."""
    value = "".join(letter if letter.isprintable() else "\ufffd" for letter in value.strip())
    if value in hidden or _PERSONAL.match(value):
        return ""
    return value[:LONGEST_SHOWN]


def _agency(value: str, registers: Registers) -> str:
    if value in NOT_SUPPLIED:
        return f"\t{COPY_NULL}"
    code = value.upper()
    found = registers.agency(code)
    return UNREADABLE if found is None else f"{code}\t{found}"


def _residence(value: str, registers: Registers) -> str:
    if value in NOT_SUPPLIED:
        return f"\t{Residence.MISSING.value}\t{COPY_NULL}"
    code = value.upper()
    if code == _OUTSIDE:
        return f"{code}\t{Residence.OUTSIDE.value}\t{COPY_NULL}"
    found = registers.partnership(code)
    if found is not None:
        return f"{code}\t{Residence.KNOWN.value}\t{found}"
    kept = code if _RESIDENCE.match(code) else "?"
    return f"{kept}\t{Residence.UNKNOWN.value}\t{COPY_NULL}"


def _day(value: str, slashed: SlashedDays) -> str:
    if value in NOT_SUPPLIED:
        return COPY_NULL
    found = read_day(value)
    if found is None:
        return UNREADABLE
    slashed.note(value)
    return found.isoformat()


def _code(value: str, known: frozenset[str]) -> str:
    """A code of its list, as the list writes it: capitals, no zeros in front."""
    if value in NOT_SUPPLIED:
        return ""
    code = value.upper()
    if code in known:
        return code
    return bare if (bare := code.lstrip("0")) in known else UNREADABLE


def _drug(value: str) -> str:
    if value in NOT_SUPPLIED:
        return ""
    code = value.upper()
    return code if _DRUG.match(code) else UNREADABLE
