"""Figures in the order of a column, on the page of an indicator and over the API.

All that figures are told apart by is as they are shown.
"""

from collections.abc import Callable, Iterable
from typing import Any, Final, TypeVar

from reporting.rules import Colour
from reporting.selectors.shown import Figure

COLUMNS: Final = ("name", "value", "among", "limits", "verdict")
_WORST_FIRST: Final = {Colour.RED: 0, Colour.AMBER: 1, Colour.GREEN: 2}
Row = TypeVar("Row")


def key_of(figure: Figure, column: str) -> Any:
    """What a figure has in a column; None where nothing is shown.

    Of limits the lower edge counts; among: of how many.
    """
    match column:
        case "name":
            return figure.area.name.lower()
        case "value":
            absent, value = figure.sort_key
            return None if absent else value
        case "among":
            among = figure.denominator.value
            return None if among is None else float(among)
        case "limits":
            return figure.limits.lower if figure.limits else None
    return _WORST_FIRST[figure.verdict.colour] if figure.verdict else None


def in_order(rows: Iterable[Row], key: Callable[[Row], Any], *, down: bool) -> list[Row]:
    """Rows by their key; those that have none come last, either way round."""
    keyed = [(key(row), row) for row in rows]
    known = sorted(
        (pair for pair in keyed if pair[0] is not None), key=lambda pair: pair[0], reverse=down
    )
    return [row for _, row in known] + [row for found, row in keyed if found is None]


def figures_in_order(figures: Iterable[Figure], written: str) -> list[Figure]:
    """By a column, `-value` the other way round."""
    column = written.removeprefix("-")
    return in_order(figures, lambda one: key_of(one, column), down=written.startswith("-"))
