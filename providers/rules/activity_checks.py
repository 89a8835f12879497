"""What is wrong with the numbers of a quarter, and what needs a reason."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

Cell = tuple[int, str]  # what a service delivers, and what it counts
Part = tuple[int, int]  # what a service delivers, and the partnership whose residents had it
OFFERED, ACCEPTED = "VACCINATIONS_OFFERED", "VACCINATIONS_ACCEPTED"


class FindingGrade(StrEnum):
    """Whether a number has to be mended, or stands once somebody says why."""

    MEND = "mend"
    REASON = "reason"


MEND = FindingGrade.MEND


@dataclass(frozen=True)
class ActivityFinding:
    """One thing about a number. `now` and `before` are the numbers it is about."""

    grade: FindingGrade
    cell: Cell
    kind: str  # "missing", "accepted", "jump", "part missing" or "parts beyond"
    now: int | None = None
    before: int | None = None


def activity_findings(
    asked: Iterable[Cell],
    numbers: Mapping[Cell, int],
    before: Mapping[Cell, int],
    *,
    jump_factor: int,
    jump_from: int,
) -> Sequence[ActivityFinding]:
    """What has to be mended first: numbers that are missing, and more accepted than offered.

    A reason is asked where a number is more than `jump_factor` times that of the quarter before,
    or less than one part of so many of it, and either is at least `jump_from`.
    """
    asked = list(asked)
    return [
        *(ActivityFinding(MEND, cell, "missing") for cell in asked if cell not in numbers),
        *_accepted(asked, numbers),
        *_jumps(asked, numbers, before, jump_factor=jump_factor, jump_from=jump_from),
    ]


def _accepted(asked: Sequence[Cell], numbers: Mapping[Cell, int]) -> Iterator[ActivityFinding]:
    for delivered, measure in asked:
        if measure != ACCEPTED:
            continue
        offered = numbers.get((delivered, OFFERED))
        accepted = numbers.get((delivered, ACCEPTED))
        if offered is not None and accepted is not None and accepted > offered:
            yield ActivityFinding(MEND, (delivered, measure), "accepted", accepted, offered)


def _jumps(
    asked: Sequence[Cell],
    numbers: Mapping[Cell, int],
    before: Mapping[Cell, int],
    *,
    jump_factor: int,
    jump_from: int,
) -> Iterator[ActivityFinding]:
    for cell in asked:
        now, then = numbers.get(cell), before.get(cell)
        if now is None or then is None or max(now, then) < jump_from:
            continue
        if now > then * jump_factor or now * jump_factor < then:
            yield ActivityFinding(FindingGrade.REASON, cell, "jump", now, then)


def part_findings(
    firsts: Iterable[Cell],
    numbers: Mapping[Cell, int],
    parts: Mapping[Part, int],
    partnerships: Sequence[int],
) -> Iterator[ActivityFinding]:
    """What has to be mended of the parts by partnership. `firsts`: the number of each
    intervention that is split.

    An intervention is split between all the partnerships or not at all, and the parts come to no
    more than the whole; what is left was for people of elsewhere.
    """
    for cell in firsts:
        held = [parts[cell[0], one] for one in partnerships if (cell[0], one) in parts]
        whole = numbers.get(cell)
        if held and len(held) < len(partnerships):
            yield ActivityFinding(MEND, cell, "part missing", len(partnerships) - len(held))
        if whole is not None and sum(held) > whole:
            yield ActivityFinding(MEND, cell, "parts beyond", sum(held), whole)
