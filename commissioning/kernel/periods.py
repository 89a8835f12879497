"""Months, financial quarters and financial years, held half-open and shown inclusive."""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from commissioning.kernel.errors import DomainError

FIRST_MONTH_OF_YEAR = 4  # April


class Grain(StrEnum):
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"

    @property
    def months(self) -> int:
        return _MONTHS[self]


_MONTHS = {Grain.MONTH: 1, Grain.QUARTER: 3, Grain.YEAR: 12}
_GRAINS = {months: grain for grain, months in _MONTHS.items()}


class UnknownPeriod(DomainError):
    """The words do not name a period."""


@dataclass(frozen=True, order=True)
class Period:
    """The days from `start` up to but not including `end`."""

    start: dt.date
    end: dt.date

    @classmethod
    def containing(cls, day: dt.date, grain: Grain) -> Self:
        """The month, financial quarter or financial year that `day` falls in."""
        since_april = (day.month - FIRST_MONTH_OF_YEAR) % 12
        back = since_april % grain.months
        start = add_months(day.replace(day=1), -back)
        return cls(start, add_months(start, grain.months))

    @classmethod
    def parse(cls, words: str) -> Self:
        """Read `2006-05`, `2006-Q1` (April to June 2006) or `FY2006` (2006/07).

        Raises `UnknownPeriod` for anything else.
        """
        if month := re.fullmatch(r"(\d{4})-(0[1-9]|1[0-2])", words):
            return cls.containing(dt.date(int(month[1]), int(month[2]), 1), Grain.MONTH)
        if quarter := re.fullmatch(r"(\d{4})-Q([1-4])", words):
            april = dt.date(int(quarter[1]), FIRST_MONTH_OF_YEAR, 1)
            return cls.containing(add_months(april, 3 * (int(quarter[2]) - 1)), Grain.QUARTER)
        if year := re.fullmatch(r"FY(\d{4})", words):
            return cls.containing(dt.date(int(year[1]), FIRST_MONTH_OF_YEAR, 1), Grain.YEAR)
        raise UnknownPeriod(
            f"“{words}” is not a period. Write a month as 2006-05, a quarter as 2006-Q1 "
            "(April to June 2006) or a financial year as FY2006 (2006/07)."
        )

    @property
    def grain(self) -> Grain:
        months = (self.end.year - self.start.year) * 12 + self.end.month - self.start.month
        return _GRAINS[months]

    @property
    def last_day(self) -> dt.date:
        return self.end - dt.timedelta(days=1)

    @property
    def days(self) -> int:
        return (self.end - self.start).days

    @property
    def code(self) -> str:
        """As in addresses and files: `2006-05`, `2006-Q1`, `FY2006`."""
        if self.grain is Grain.MONTH:
            return f"{self.start:%Y-%m}"
        if self.grain is Grain.YEAR:
            return f"FY{self.start.year}"
        april = add_months(self.start, 1 - FIRST_MONTH_OF_YEAR)
        return f"{april.year}-Q{(april.month - 1) // 3 + 1}"

    @property
    def label(self) -> str:
        """As on a page: `May 2006`, `April to June 2006`, `2006/07`."""
        if self.grain is Grain.MONTH:
            return f"{self.start:%B %Y}"
        if self.grain is Grain.YEAR:
            return f"{self.start.year}/{self.end.year % 100:02d}"
        return f"{self.start:%B} to {self.last_day:%B %Y}"

    def __contains__(self, day: dt.date) -> bool:
        return self.start <= day < self.end

    def previous(self) -> Self:
        return type(self).containing(self.start - dt.timedelta(days=1), self.grain)

    def following(self) -> Self:
        return type(self).containing(self.end, self.grain)


def periods_between(first: dt.date, last: dt.date, grain: Grain) -> Iterator[Period]:
    """Every period of the grain that holds a day from `first` to `last`, in order."""
    period = Period.containing(first, grain)
    while period.start <= last:
        yield period
        period = period.following()


def add_months(day: dt.date, months: int) -> dt.date:
    """The first of a month, so many months later."""
    ordinal = day.year * 12 + day.month - 1 + months
    return dt.date(ordinal // 12, ordinal % 12 + 1, day.day)
