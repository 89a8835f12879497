"""What should have been reached by now, from steps stated by quarter. Pure arithmetic."""

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal

from commissioning.kernel.money import ZERO, whole_pennies
from commissioning.kernel.words import percent, pounds

QUARTERS = 4


def money_meant_by(quarter: int, *, steps: Mapping[int, Decimal], planned: Decimal) -> Decimal:
    """The pounds a line is meant to have spent by the end of the quarter, since April.

    `steps` are its profile as it was planned; a quarter that is left out counts as the one before.
    A line without a profile is spent evenly.
    """
    if not steps:
        return whole_pennies(planned * quarter / QUARTERS)
    return max((amount for at, amount in steps.items() if at <= quarter), default=ZERO)


def people_meant_by(quarter: int, *, steps: Mapping[int, int], planned: int | None) -> int | None:
    """The starts a line is meant to have by the end of the quarter; None without a plan."""
    if steps:
        return max((people for at, people in steps.items() if at <= quarter), default=0)
    if planned is None:
        return None
    even = Decimal(planned * quarter) / QUARTERS
    return int(even.to_integral_value(rounding=ROUND_HALF_UP))


def share_spent(spent: Decimal, meant: Decimal) -> Decimal | None:
    """What was spent as a share of what was meant, to four places; None of nothing."""
    return round(spent / meant, 4) if meant else None


def _share(part: Decimal) -> str:
    said = percent(part)
    return "less than 1%" if said == "0%" else said


def against_profile(spent: Decimal, meant: Decimal) -> str:
    """The difference in a sentence: £1,200 over the profile, 12%."""
    over = spent - meant
    if not over:
        return "As the profile"
    side = "over" if over > 0 else "under"
    share = f", {_share(abs(over) / meant)}" if meant else ""
    return f"{pounds(abs(over))} {side} the profile{share}"
