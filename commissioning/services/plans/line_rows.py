"""What is asked of a plan's lines, row by row, and how a row is refused."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from commissioning.kernel.errors import DomainError

# What a row may say of a line, beside its stream money and trajectory.
PLAIN = (
    "name", "tier", "setting", "purchase", "planned_starts", "places", "unit", "unit_cost",
    "volume", "weeks", "plain_sum", "evenings", "weekends", "harm_reduction", "aftercare",
    "pathway", "ends_on", "note",
)  # fmt: skip
NAMED = ("intervention", "provider", "priority")
QUARTERS = (1, 2, 3, 4)


@dataclass(frozen=True)
class Reached:
    """Starts, and pounds spent, a line is meant to have reached by the end of a quarter."""

    starts: int | None = None
    spend: Decimal | None = None


@dataclass(frozen=True)
class LineRow:
    """A line as somebody means it to be.

    `key` is by what its errors are told. Without `number` it is a new line, added at the end.
    `values` holds fields of `PLAIN` as typed values, and `intervention` and `provider` by code,
    `priority` by its number; what is left out stays as it is. `amounts` are pounds by stream,
    of which those left out stay; `percents` by stream share the whole cost, and the others go to
    nought. `trajectory` replaces that of all four quarters.
    """

    key: str
    number: int | None = None
    values: Mapping[str, Any] = field(default_factory=dict)
    amounts: Mapping[str, Decimal] = field(default_factory=dict)
    percents: Mapping[str, Decimal] = field(default_factory=dict)
    trajectory: Mapping[int, Reached] | None = None
    remove: bool = False


@dataclass(frozen=True)
class RowError:
    """What is wrong with a row: `column` is a field's name, `stream-<code>`, or empty."""

    key: str
    column: str
    sentence: str


class LinesRefused(DomainError):
    """Some rows cannot be kept. Nothing was written; `errors` say which and why."""

    def __init__(self, errors: Sequence[RowError]) -> None:
        self.errors = tuple(errors)
        super().__init__(" ".join(dict.fromkeys(error.sentence for error in errors)))


@dataclass(frozen=True)
class SavedLines:
    """What a save did: numbers of lines, and the revision that the plan has now."""

    added: tuple[int, ...]
    changed: tuple[int, ...]
    removed: tuple[int, ...]
    revision: int
