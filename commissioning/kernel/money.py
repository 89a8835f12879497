"""Pounds: exact, read from what people type, and shared without losing a penny."""

import re
from collections.abc import Sequence
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from typing import Any

from commissioning.kernel.errors import DomainError

PENNY = Decimal("0.01")
ZERO = Decimal("0.00")
MOST = Decimal("9999999999.99")
# How every column of pounds is declared; its constraint is `BETWEEN … AND MOST`, which NaN fails.
AMOUNT: dict[str, Any] = {"max_digits": 12, "decimal_places": 2}

# ASCII digits only: thousands in groups of three or not at all, pence in two places or one.
_POUNDS = re.compile(r"(\d{1,3}(?:,\d{3})+|\d+)(?:\.(\d{1,2}))?", re.ASCII)
_SPACES = re.compile(r"[\s\u00a0\u2009\u202f]+")


class NotMoney(DomainError):
    """What was typed is not an amount of pounds and pence."""


def read_pounds(typed: str) -> Decimal:
    """`£1,174,983`, `1 174 983` and `66872.50` as exact pounds.

    Raises `NotMoney` for letters, a negative amount, commas in the wrong place, parts of a penny
    and anything beyond ten digits of pounds.
    """
    text = _SPACES.sub("", typed).removeprefix("£")
    if text.startswith(("-", "−", "(")):
        raise NotMoney(f"“{typed.strip()}” is less than nothing. Enter an amount of £0 or more.")
    found = _POUNDS.fullmatch(text)
    if found is None:
        if re.fullmatch(r"[\d,]+\.\d{3,}", text, re.ASCII):
            raise NotMoney(f"“{typed.strip()}” has parts of a penny. Enter pounds and pence.")
        raise NotMoney(f"“{typed.strip()}” is not an amount. Enter pounds, such as 12,500.")
    amount = Decimal(f"{found[1].replace(',', '')}.{found[2] or '0'}").quantize(PENNY)
    if amount > MOST:
        raise NotMoney(f"“{typed.strip()}” is more than this service can hold.")
    return amount


def whole_pennies(amount: Decimal) -> Decimal:
    """The amount to the nearest penny, halves up."""
    return amount.quantize(PENNY, rounding=ROUND_HALF_UP)


def shared(amount: Decimal, weights: Sequence[Decimal]) -> list[Decimal]:
    """The amount in parts as the weights are, each in whole pennies, that add up to it exactly.

    Pennies left over go to the largest remainders, the earlier part first. Raises `ValueError`
    when there is nothing to share by.
    """
    total = sum(weights, Decimal(0))
    if not total:
        raise ValueError("Nothing to share by.")
    exact = [amount * weight / total for weight in weights]
    parts = [one.quantize(PENNY, rounding=ROUND_DOWN) for one in exact]
    short = amount - sum(parts, ZERO)
    if short:
        over = [part - one for part, one in zip(parts, exact, strict=True)]
        for at in sorted(range(len(parts)), key=over.__getitem__)[: int(short / PENNY)]:
            parts[at] += PENNY
    return parts
