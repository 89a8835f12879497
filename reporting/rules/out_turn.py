"""What will have been spent by the end of the year, how sure that is, and the chance of too much.

An assumption of this service [B]: spending goes on at the mean of the complete months so far, and
whatever is promised will be paid. With fewer than three complete months nothing is known of the
spread, and the forecast is what is planned, or what is promised where that is more.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from commissioning.kernel.money import ZERO, whole_pennies
from reporting.rules.quantiles import student_t_cdf, student_t_quantile

MONTHS_IN_A_YEAR = 12
FEWEST_MONTHS = 3


class Basis(StrEnum):
    """What a forecast rests on."""

    PLAN = "PLAN"
    RUN_RATE = "RUN_RATE"
    PROMISED = "PROMISED"
    YEAR_OVER = "YEAR_OVER"


@dataclass(frozen=True)
class OutTurn:
    """The year's spending as it looks now; pounds. `chance` of overspend is between 0 and 1.

    Without limits and chance it is too early to say.
    """

    basis: Basis
    expected: Decimal
    low: Decimal | None = None
    high: Decimal | None = None
    chance: float | None = None


def out_turn(
    *,
    planned: Decimal,
    committed: Decimal,
    paid: Decimal,
    months: Sequence[Decimal],
    confidence: float = 0.95,
) -> OutTurn:
    """The forecast of a line, a stream or a plan from its sums.

    `months` is what was paid in each complete month since April; `paid` all that was paid so far;
    `committed` what is promised and not paid. The interval is that of the sum of the months to
    come, by Student's t; nothing below what is paid and promised can come of it.
    """
    floor = paid + committed
    left = MONTHS_IN_A_YEAR - len(months)
    if left == 0:
        return OutTurn(Basis.YEAR_OVER, floor, floor, floor, float(floor > planned))
    if len(months) < FEWEST_MONTHS:
        early = max(planned, floor)
        return OutTurn(Basis.PROMISED if floor > planned else Basis.PLAN, early)
    spent = sum(months, ZERO)
    rate = spent / len(months)
    going_on = spent + rate * left
    reach = _reach(months, left)
    wide = Decimal(student_t_quantile(confidence, len(months) - 1) * reach)
    return OutTurn(
        Basis.RUN_RATE if going_on > floor else Basis.PROMISED,
        whole_pennies(max(floor, going_on)),
        whole_pennies(max(floor, going_on - wide)),
        whole_pennies(max(floor, going_on + wide)),
        _chance(float(planned - going_on), reach, len(months)) if floor <= planned else 1.0,
    )


def _reach(months: Sequence[Decimal], left: int) -> float:
    """The standard error of the sum of so many months to come, from those that were."""
    count = len(months)
    mean = math.fsum(map(float, months)) / count
    variance = math.fsum((float(one) - mean) ** 2 for one in months) / (count - 1)
    return math.sqrt(variance * (left + left * left / count))


def _chance(room: float, reach: float, count: int) -> float:
    """That spending goes beyond what is planned by then."""
    if reach == 0:
        return float(room < 0)
    return 1 - student_t_cdf(room / reach, count - 1)
