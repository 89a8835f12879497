"""A measure over time as an XmR chart: its limits, the points that signal, and what a target is.

Agrees with NHSRplotthedots. It never rebases by itself: whoever moves the baseline says so.
"""

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import mean as exact_mean

from commissioning.rules.proportions import Limits

REACH = 2.66  # mean moving ranges from the mean to a limit: 3 / 1.128
OUTER_THIRD = 2 / 3  # of the way to the limit, where the outer third begins
WILD_RANGE = 3.267  # times their mean: moving ranges this large say nothing of usual variation
RUN = 7  # points on one side, or in one direction
TRIAL_BELOW = 12  # points


class Signal(StrEnum):
    """Why a point stands out, in words. A point may have several; the first named leads."""

    ABOVE_LIMIT = "Above the upper limit"
    BELOW_LIMIT = "Below the lower limit"
    RISING = "One of seven or more rising in a row"
    FALLING = "One of seven or more falling in a row"
    TWO_OF_THREE_HIGH = "One of two in three near the upper limit"
    TWO_OF_THREE_LOW = "One of two in three near the lower limit"
    RUN_ABOVE = "One of seven or more in a row above the mean"
    RUN_BELOW = "One of seven or more in a row below the mean"


class Assurance(StrEnum):
    """Whether the process as it is reaches a target, in words."""

    PASSES = "Will reach the target unless something changes"
    FAILS = "Will miss the target unless something changes"
    VARIES = "Reaches and misses the target by chance"


@dataclass(frozen=True)
class XmRChart:
    """Limits of usual variation and what stands out from it.

    `signals` has an entry for each point, empty where it does not stand out. `trial`: too few
    points for firm limits.
    """

    points: tuple[float, ...]
    mean: float
    limits: Limits
    near: Limits
    signals: tuple[tuple[Signal, ...], ...]
    trial: bool


def xmr(
    points: Sequence[float], *, baseline: int | None = None, firm_from: int = TRIAL_BELOW
) -> XmRChart | None:
    """The chart of a measure over time; None with fewer than two points.

    `baseline`: how many of the first points the mean and limits are made from (all of them,
    when not given). Moving ranges over 3.267 times their mean are dropped and the mean moving
    range is made again, once.
    """
    made_from = list(points if baseline is None else points[:baseline])
    if len(made_from) < 2:  # noqa: PLR2004  # a moving range needs two
        return None
    mean = exact_mean(made_from)
    usual = _mean_moving_range(made_from)
    limits = Limits(mean - REACH * usual, mean + REACH * usual)
    near = Limits(mean - OUTER_THIRD * REACH * usual, mean + OUTER_THIRD * REACH * usual)
    return XmRChart(
        points=tuple(points),
        mean=mean,
        limits=limits,
        near=near,
        signals=_signals(points, mean, limits, near),
        trial=len(made_from) < firm_from,
    )


def _mean_moving_range(points: Sequence[float]) -> float:
    ranges = [abs(after - before) for before, after in itertools.pairwise(points)]
    ceiling = WILD_RANGE * exact_mean(ranges)
    return exact_mean([moved for moved in ranges if moved < ceiling] or [0.0])


def _signals(
    points: Sequence[float], mean: float, limits: Limits, near: Limits
) -> tuple[tuple[Signal, ...], ...]:
    sides = [_sign(point - mean) for point in points]
    outside = [point > limits.upper or point < limits.lower for point in points]
    in_outer_third = [
        not out and (point > near.upper or point < near.lower)
        for point, out in zip(points, outside, strict=True)
    ]
    steps = [_sign(after - before) for before, after in itertools.pairwise(points)]
    found: list[list[Signal]] = [[] for _ in points]

    def mark(indices: Iterable[int], high: Signal, low: Signal, up: Sequence[int]) -> None:
        for index in indices:
            found[index].append(high if up[index] > 0 else low)

    outsiders = [index for index, out in enumerate(outside) if out]
    mark(outsiders, Signal.ABOVE_LIMIT, Signal.BELOW_LIMIT, sides)
    trend = _trend(steps)
    mark(
        sorted(trend), Signal.RISING, Signal.FALLING, [trend.get(i, 0) for i in range(len(points))]
    )
    pairs = _two_of_three(sides, in_outer_third)
    mark(pairs, Signal.TWO_OF_THREE_HIGH, Signal.TWO_OF_THREE_LOW, sides)
    mark(_runs(sides, RUN), Signal.RUN_ABOVE, Signal.RUN_BELOW, sides)
    return tuple(tuple(signals) for signals in found)


def _sign(number: float) -> int:
    return (number > 0) - (number < 0)


def _runs(signs: Sequence[int], length: int) -> list[int]:
    """The places in a run of `length` or more of one sign."""
    found: set[int] = set()
    for start in range(len(signs) - length + 1):
        window = set(signs[start : start + length])
        if len(window) == 1 and 0 not in window:
            found.update(range(start, start + length))
    return sorted(found)


def _trend(steps: Sequence[int]) -> dict[int, int]:
    """The points of a trend with its direction; where one turns into another, the later."""
    runs = _runs(steps, RUN - 1)
    return {step + 1: steps[step] for step in runs} | {step: steps[step] for step in runs}


def _two_of_three(sides: Sequence[int], in_outer_third: Sequence[bool]) -> list[int]:
    """Points in the outer third, of three in a row on one side with two of them there."""
    found: set[int] = set()
    for start in range(len(sides) - 2):
        three = range(start, start + 3)
        close = [index for index in three if in_outer_third[index]]
        if abs(sum(sides[index] for index in three)) == len(three) and len(close) > 1:
            found.update(close)
    return sorted(found)


def assurance(limits: Limits, target: float, *, higher_is_better: bool = True) -> Assurance:
    """What the limits say of a target: beyond them on the good side or the bad, or inside."""
    if target > limits.upper:
        return Assurance.FAILS if higher_is_better else Assurance.PASSES
    if target < limits.lower:
        return Assurance.PASSES if higher_is_better else Assurance.FAILS
    return Assurance.VARIES
