"""The kinds of setting: what each accepts, how it is kept as JSON and how a person writes it."""

import datetime as dt
import re
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Generic, NamedTuple, TypeVar

from commissioning.reference.framework import Mark
from commissioning.reference.tables import codes

Value = TypeVar("Value")

WHOLE = re.compile(r"-?[0-9]{1,9}", re.ASCII)
DECIMAL = re.compile(r"-?[0-9]{1,9}(\.[0-9]{1,6})?", re.ASCII)
CODE = re.compile(r"[0-9A-Z]{1,6}", re.ASCII)
SPAN = re.compile(r"([0-9]{4})(-([0-9]{4})?)?", re.ASCII)


class Unreadable(ValueError):
    """A value that cannot be a setting's; the message is a sentence for the person."""


class YearSpan(NamedTuple):
    """Financial years from `first` to `last`, both inside; no `last`: until further notice."""

    first: int
    last: int | None

    def includes(self, year: int) -> bool:
        return self.first <= year and (self.last is None or year <= self.last)


@dataclass(frozen=True, kw_only=True)
class Setting(ABC, Generic[Value]):
    """What a person is told about a setting, and what it takes."""

    label: str
    help: str
    source: str
    mark: Mark
    group: str
    unit: str = ""

    @abstractmethod
    def from_plain(self, raw: object) -> Value:
        """The value kept as this JSON. Raises `Unreadable`."""

    @abstractmethod
    def read(self, text: str) -> Value:
        """The value a person wrote. Raises `Unreadable`."""

    def to_plain(self, value: Value) -> Any:
        """The value as JSON keeps it."""
        return value

    def write(self, value: Value) -> str:
        """The value as a person would write it."""
        return str(value)


@dataclass(frozen=True, kw_only=True)
class Whole(Setting[int]):
    """A whole number from `low` to `high`."""

    low: int = 0
    high: int = 3650

    def from_plain(self, raw: object) -> int:
        if isinstance(raw, bool) or not isinstance(raw, int):
            raise Unreadable("Give a whole number.")
        if not self.low <= raw <= self.high:
            raise Unreadable(f"Give a whole number from {self.low} to {self.high}.")
        return raw

    def read(self, text: str) -> int:
        if not WHOLE.fullmatch(text.strip()):
            raise Unreadable("Give a whole number.")
        return self.from_plain(int(text))


@dataclass(frozen=True, kw_only=True)
class Number(Setting[Decimal]):
    """A decimal number from `low` to `high`; JSON keeps it as text, so that nothing is lost."""

    low: Decimal
    high: Decimal

    def from_plain(self, raw: object) -> Decimal:
        if not isinstance(raw, str) or not DECIMAL.fullmatch(raw):
            raise Unreadable("Give a number such as 95 or 99.8.")
        value = Decimal(raw)
        if not self.low <= value <= self.high:
            raise Unreadable(f"Give a number from {self.low} to {self.high}.")
        return value

    def read(self, text: str) -> Decimal:
        return self.from_plain(text.strip())

    def to_plain(self, value: Decimal) -> str:
        return str(value)


@dataclass(frozen=True, kw_only=True)
class Codes(Setting[tuple[str, ...]]):
    """NDTMS codes, each once. `of` names the list they come from; of the drug list only heads
    are held, so any four digits may stand there."""

    of: str = ""
    may_be_empty: bool = False

    def from_plain(self, raw: object) -> tuple[str, ...]:
        if not isinstance(raw, list | tuple):
            raise Unreadable("Give a list of codes.")
        if not raw and not self.may_be_empty:
            raise Unreadable("Give at least one code.")
        for code in raw:
            self._refuse_unknown(code)
        if len(set(raw)) != len(raw):
            raise Unreadable("Give each code once.")
        return tuple(raw)

    def _refuse_unknown(self, code: object) -> None:
        if not isinstance(code, str) or not CODE.fullmatch(code):
            raise Unreadable(f"{code!r} is not a code: codes are digits and capital letters.")
        if self.of == "DRUG":
            if not re.fullmatch(r"[0-9]{4}", code, re.ASCII):
                raise Unreadable(f"{code} is not a drug code: those have four digits.")
        elif self.of and code not in codes(self.of):
            raise Unreadable(f"{code} is not on the list of {self.of} codes.")

    def read(self, text: str) -> tuple[str, ...]:
        return self.from_plain([code for code in re.split(r"[,\s]+", text.strip()) if code])

    def to_plain(self, value: tuple[str, ...]) -> list[str]:
        return list(value)

    def write(self, value: tuple[str, ...]) -> str:
        return ", ".join(value)


@dataclass(frozen=True, kw_only=True)
class Years(Setting[YearSpan]):
    """A span of financial years, each named by the year it begins in."""

    def from_plain(self, raw: object) -> YearSpan:
        if not isinstance(raw, list | tuple) or len(raw) != 2:  # noqa: PLR2004  # first, last
            raise Unreadable("Give the first and the last financial year.")
        first, last = raw
        if not _is_year(first) or not (last is None or _is_year(last)):
            raise Unreadable("Give years such as 2006.")
        if last is not None and last < first:
            raise Unreadable("The last year comes before the first.")
        return YearSpan(first, last)

    def read(self, text: str) -> YearSpan:
        found = SPAN.fullmatch(text.strip().replace(" ", ""))
        if not found:
            raise Unreadable("Give years as 2005-2007, or 2008- until further notice.")
        first, dash, last = int(found[1]), found[2], found[3]
        return self.from_plain([first, int(last) if last else None if dash else first])

    def to_plain(self, value: YearSpan) -> list[int | None]:
        return list(value)

    def write(self, value: YearSpan) -> str:
        return f"{value.first}-{value.last or ''}"


def _is_year(raw: object) -> bool:
    return isinstance(raw, int) and not isinstance(raw, bool) and raw in range(1990, 2100)


@dataclass(frozen=True, kw_only=True)
class Day(Setting[dt.date]):
    """A day, kept and written as 2008-03-31."""

    def from_plain(self, raw: object) -> dt.date:
        sentence = "Give a day as 2008-03-31."
        if not isinstance(raw, str) or not re.fullmatch(r"\d{4}-\d\d-\d\d", raw, re.ASCII):
            raise Unreadable(sentence)
        try:
            return dt.date.fromisoformat(raw)
        except ValueError as error:
            raise Unreadable(sentence) from error

    def read(self, text: str) -> dt.date:
        return self.from_plain(text.strip())

    def to_plain(self, value: dt.date) -> str:
        return value.isoformat()


@dataclass(frozen=True, kw_only=True)
class Choice(Setting[str]):
    """One of a few named ways."""

    options: Mapping[str, str] = field(default_factory=dict)

    def from_plain(self, raw: object) -> str:
        if not isinstance(raw, str) or raw not in self.options:
            raise Unreadable(f"Choose one of {', '.join(self.options)}.")
        return raw

    def read(self, text: str) -> str:
        return self.from_plain(text.strip())
