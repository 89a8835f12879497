"""The way from a baseline to a target, quarter by quarter. Pure arithmetic."""

from decimal import ROUND_HALF_UP, Decimal

QUARTERS = 4
_WHOLE_PER_CENT = Decimal("0.01")


def straight_line(*, baseline: Decimal, target: Decimal, step: Decimal) -> list[Decimal]:
    """What each of the four quarters ends with when the way is even; the last is the target.

    Values are rounded to `step` (1 for people, 0.01 for whole per cents), halves up.
    """
    ways = (
        (baseline + (target - baseline) * quarter / QUARTERS) for quarter in range(1, QUARTERS)
    )
    return [*(way.quantize(step, rounding=ROUND_HALF_UP) for way in ways), target]


def is_passed(*, baseline: Decimal | None, target: Decimal | None) -> bool:
    """Whether a baseline is beyond its target: of every subject more is meant.

    Shares are compared in whole per cents, as they are written.
    """
    if baseline is None or target is None:
        return False
    return target.quantize(_WHOLE_PER_CENT) < baseline.quantize(_WHOLE_PER_CENT)
