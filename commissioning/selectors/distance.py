"""The straight-line distance of `commissioning.rules.distance`, asked of the database."""

from typing import Any

from django.db.models import ExpressionWrapper, F, FloatField, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import ASin, Cast, Cos, Power, Radians, Sin, Sqrt

from commissioning.rules.distance import EARTH_MILES


def miles_between(
    latitude: str | Combinable,
    longitude: str | Combinable,
    *,
    other_latitude: Any,
    other_longitude: Any,
) -> Combinable:
    """Miles from the columns' position to another: columns, or numbers in degrees. Nothing where
    a position is not recorded."""
    here, there = _radians(latitude), _radians(other_latitude)
    apart = _radians(other_longitude) - _radians(longitude)
    chord = Power(Sin((there - here) / 2.0), 2) + Cos(here) * Cos(there) * Power(
        Sin(apart / 2.0), 2
    )
    miles = Value(2 * EARTH_MILES) * ASin(Sqrt(chord))
    return ExpressionWrapper(miles, output_field=FloatField())


def _radians(degrees: Any) -> Any:
    if isinstance(degrees, str):
        degrees = F(degrees)
    elif not isinstance(degrees, Combinable):
        degrees = Value(float(degrees))
    return Radians(Cast(degrees, FloatField()))
