"""The cells of the budget grid: what each column holds, and reading what people type into it.

The grid, the page of one line, a pasted block and a file all write the same words, and are read
here. A stream's cell takes pounds or, with a per cent sign, a share of the line's cost.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal

from commissioning.kernel.errors import DomainError
from commissioning.kernel.money import read_pounds
from commissioning.kernel.words import pounds

Kind = Literal["words", "listed", "tier", "count", "number", "pounds"]
STREAM = "stream-"  # what the name of a stream's column begins with
MOST_COUNTED = 2_147_483_647
_COUNT = re.compile(r"\d{1,3}(?:,\d{3})+|\d+", re.ASCII)
_NUMBER = re.compile(r"(\d{1,3}(?:,\d{3})+|\d+)(\.\d{1,2})?", re.ASCII)


class NotRead(DomainError):
    """What was typed is not what the cell holds."""


@dataclass(frozen=True)
class Column:
    """A column of the grid; `most` is its largest number, or how many letters it takes."""

    name: str
    heading: str
    kind: Kind
    most: int = 0
    required: bool = False


# In the order of the grid and of the file.
COLUMNS = (
    Column("name", "Line", "words", 160, required=True),
    Column("tier", "Tier", "tier"),
    Column("intervention", "Intervention", "listed"),
    Column("provider", "Provider", "listed"),
    Column("setting", "Setting", "listed"),
    Column("purchase", "How bought", "listed"),
    Column("planned_starts", "Planned starts", "count", MOST_COUNTED),
    Column("places", "Places", "count", MOST_COUNTED),
    Column("unit_cost", "Unit cost", "pounds"),
    Column("volume", "Volume", "number", 99_999_999),
    Column("weeks", "Weeks", "number", 53),
    Column("plain_sum", "Plain sum", "pounds"),
)
BY_NAME = {column.name: column for column in COLUMNS}
NO_PROVIDER = "To be commissioned"


@dataclass(frozen=True)
class Listed:
    """What may stand in a listed cell: code to name, in order. Read by either, in any case."""

    names: Mapping[str, str]
    what: str  # "an intervention"
    nothing: frozenset[str] = frozenset()  # words that mean an empty cell
    codes: Mapping[str, str] = field(init=False)

    def __post_init__(self) -> None:
        found = {name.casefold(): code for code, name in self.names.items()}
        found |= {code.casefold(): code for code in self.names}
        object.__setattr__(self, "codes", found)

    def read(self, typed: str) -> str:
        wanted = " ".join(typed.split()).casefold()
        if wanted in self.nothing:
            return ""
        if wanted not in self.codes:
            raise NotRead(f"“{typed}” is not {self.what}. Choose one from the list.")
        return self.codes[wanted]


@dataclass(frozen=True)
class CellError:
    """What is wrong with one cell, in a sentence."""

    column: str
    sentence: str


@dataclass(frozen=True)
class ReadCells:
    """A row as it was read: typed values, pounds by stream, or per cents by stream."""

    values: dict[str, Any]
    amounts: dict[str, Decimal]
    percents: dict[str, Decimal]
    errors: tuple[CellError, ...]


def read_cells(typed: Mapping[str, str], lists: Mapping[str, Listed]) -> ReadCells:
    """A row of cells by column name. Columns that are not there are not read, nor emptied."""
    values: dict[str, Any] = {}
    errors: list[CellError] = []
    for name in typed.keys() & BY_NAME.keys():
        try:
            values[name] = read_cell(BY_NAME[name], typed[name], lists)
        except DomainError as refused:
            errors.append(CellError(name, str(refused)))
    amounts: dict[str, Decimal] = {}
    percents: dict[str, Decimal] = {}
    for name, text in typed.items():
        if not name.startswith(STREAM):
            continue
        stream = name.removeprefix(STREAM)
        try:
            if text.strip().endswith("%"):
                percents[stream] = read_percent(text)
            else:
                amounts[stream] = read_pounds(text) if text.strip() else Decimal("0.00")
        except DomainError as refused:
            errors.append(CellError(name, str(refused)))
    if percents and any(amounts.values()):
        first = next(name for name, amount in amounts.items() if amount)
        errors.append(CellError(STREAM + first, "Enter pounds or percentages, not both."))
    return ReadCells(values, amounts, percents, _in_order(errors))


def read_cell(column: Column, typed: str, lists: Mapping[str, Listed]) -> Any:
    """The value of one cell; nothing typed is None, or an empty word. Raises `DomainError`."""
    text = typed.strip()
    if not text:
        if column.required:
            raise NotRead("Enter what the line is called.")
        return "" if column.kind in {"words", "listed"} else None
    if column.kind == "listed":
        return lists[column.name].read(text)
    return _READ[column.kind](column, text)


def said_of_cell(column: str, text: str) -> str:
    """A cell in words: pounds with their sign, numbers with their commas."""
    kind = BY_NAME[column].kind if column in BY_NAME else "pounds"
    if not text or text.endswith("%"):
        return text
    try:
        if kind == "pounds":
            return pounds(read_pounds(text))
        if kind in {"count", "number"}:
            return f"{read_cell(BY_NAME[column], text, {}):,}"
    except DomainError:
        pass
    return text


def read_percent(typed: str) -> Decimal:
    """`40%` or `33.33%`, up to 100. Raises `NotRead`."""
    text = typed.strip().removesuffix("%").strip()
    if _NUMBER.fullmatch(text) is None or Decimal(text.replace(",", "")) > Decimal(100):
        raise NotRead(f"“{typed.strip()}” is not a percentage. Enter one from 0% to 100%.")
    return Decimal(text)


def _words(column: Column, text: str) -> str:
    if len(text) > column.most:
        raise NotRead(f"It is {len(text)} letters long. Use {column.most} or fewer.")
    if "\x00" in text:
        raise NotRead("It holds a letter that cannot be kept. Type it again.")
    return text


def _tier(_column: Column, text: str) -> int:
    number = text.casefold().removeprefix("tier").strip()
    if number not in {"1", "2", "3", "4"}:
        raise NotRead(f"There is no Tier {text}: enter 1, 2, 3 or 4.")
    return int(number)


def _count(column: Column, text: str) -> int:
    if text.startswith(("-", "−")):
        raise NotRead(f"“{text}” is less than nothing. Enter a whole number of 0 or more.")
    if _COUNT.fullmatch(text) is None:
        raise NotRead(f"“{text}” is not a whole number. Enter one such as 120.")
    number = int(text.replace(",", "")) if len(text) < 20 else column.most + 1  # noqa: PLR2004
    if number > column.most:
        raise NotRead(f"“{text}” is more than this service can hold.")
    return number


def _number(column: Column, text: str) -> Decimal:
    if text.startswith(("-", "−")):
        raise NotRead(f"“{text}” is less than nothing. Enter a number of 0 or more.")
    if _NUMBER.fullmatch(text) is None:
        raise NotRead(f"“{text}” is not a number with at most two decimals, such as 52 or 0.5.")
    number = Decimal(text.replace(",", ""))
    if number > column.most:
        raise NotRead(f"“{text}” is too large: enter {column.most:,} or less.")
    return number


_READ: Mapping[Kind, Callable[[Column, str], Any]] = {
    "words": _words,
    "tier": _tier,
    "count": _count,
    "number": _number,
    "pounds": lambda _column, text: read_pounds(text),
}


def _in_order(errors: list[CellError]) -> tuple[CellError, ...]:
    place = {column.name: at for at, column in enumerate(COLUMNS)}
    return tuple(sorted(errors, key=lambda error: place.get(error.column, len(place))))
