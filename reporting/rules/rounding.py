"""Rounding as people expect it, halves up, in whole numbers so that nothing is lost on the way."""

from decimal import Decimal
from fractions import Fraction
from math import floor


def whole_percent(numerator: int, denominator: int) -> int:
    """The share as a whole per cent, halves up. Raises `ZeroDivisionError` of nobody."""
    return (200 * numerator + denominator) // (2 * denominator)


def rounded_to_multiple(count: int, base: int) -> int:
    """The count to the nearest multiple of `base`, halves up: 8 to 10, 12 to 10, 13 to 15."""
    return (2 * count + base) // (2 * base) * base


def rounded(value: Fraction | int, places: int = 1) -> Decimal:
    """An exact value to so many decimal places, halves away from nought."""
    exact = Fraction(value)
    units = floor(abs(exact) * Fraction(10) ** places + Fraction(1, 2))
    return Decimal(units if exact >= 0 else -units).scaleb(-places)
