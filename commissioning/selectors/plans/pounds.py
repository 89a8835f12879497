"""A plan's money as values: what lines cost, what they take from streams, and sums of both.

A plan has hundreds of lines and parts of them: they are read as values and added up column by
column.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import NamedTuple

from commissioning.kernel.money import ZERO
from commissioning.reference import framework


class Pounds(NamedTuple):
    """Sums of parts of lines: as planned now, as agreed, committed and paid."""

    planned: Decimal = ZERO
    agreed: Decimal = ZERO
    committed: Decimal = ZERO
    paid: Decimal = ZERO

    @property
    def headroom(self) -> Decimal:
        """What of the agreed money is neither promised nor paid."""
        return self.agreed - self.committed - self.paid


def added(parts: Iterable[Pounds]) -> Pounds:
    """All of them together."""
    return Pounds(*(sum(column, ZERO) for column in zip(*parts, strict=True)))


class NamedLine(NamedTuple):
    """A line of a plan by its number and name."""

    number: int
    name: str

    def __str__(self) -> str:
        return f"{self.number}. {self.name}"


class NamedStream(NamedTuple):
    """A stream by its name, and where it stands among the others."""

    position: int
    name: str

    def __str__(self) -> str:
        return self.name


class CostedLine(NamedTuple):
    """A line as its money is added up; `key` tells it from the plan's others."""

    key: int
    cost: Decimal
    tier: int | None
    provider: str = ""
    priority: str = ""
    aftercare: bool = False


class Part(NamedTuple):
    """What a line takes from a stream, by the line's key and the stream's code."""

    line: int
    stream: str
    pounds: Pounds


@dataclass(frozen=True)
class Total:
    """A name, what the plan's lines under it cost, and what they take from streams.

    `joint` is what lines of joint plans under that name take of the partnership's streams: none
    of the plan's own lines is in it, and it is in none of the other sums.
    """

    name: str
    lines: int
    cost: Decimal
    pounds: Pounds
    joint: Decimal = ZERO
    share: Decimal | None = None  # of all such cost and joint money together, between 0 and 1

    @property
    def whole(self) -> Decimal:
        """The cost of the plan's own lines and the part of joint ones."""
        return self.cost + self.joint


def pays_for_aftercare(*, said: bool, intervention: str | None) -> bool:
    """Whether a line pays for drug-related aftercare: it says so, or is of that kind."""
    return said or bool(intervention and _kind_is_aftercare(intervention))


@cache
def _kind_is_aftercare(code: str) -> bool:
    return framework().intervention_type(code).aftercare
