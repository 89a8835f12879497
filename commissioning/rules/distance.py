"""How far it is from one place to another in a straight line. Pure arithmetic."""

import math
from decimal import ROUND_UP, Decimal

# The mean radius of the earth (6,371.0088 km) in miles of 1,609.344 metres.
EARTH_MILES = 6_371_008.8 / 1_609.344
# Degrees: no place in England lies further north, where degrees of longitude are narrowest.
NORTHERNMOST = 55.9
PRECISION = Decimal("0.00001")  # of a recorded position


def degrees_around(miles: float) -> tuple[Decimal, Decimal]:
    """Degrees of latitude and of longitude to either side of a place in England within which all
    lies that is at most so many miles away, and some that is further."""
    angle = miles / EARTH_MILES
    east = math.asin(min(1.0, math.sin(angle) / math.cos(math.radians(NORTHERNMOST))))
    return _up(math.degrees(angle)), _up(math.degrees(east))


def _up(degrees: float) -> Decimal:
    return Decimal(degrees).quantize(PRECISION, rounding=ROUND_UP)
