"""Figures as files: what a reader may be shown of each, as CSV, as a spreadsheet and as JSON."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.http import JsonResponse
from django.http.response import HttpResponseBase
from django.utils.text import slugify

from commissioning.exports import csv_response, xlsx_response
from reporting.indicators.declared import Form
from reporting.selectors.shown import Figure
from reporting.selectors.spreads import STEPS, Spread
from reporting.views.indicators.telling import plain

HEADER = (
    "indicator", "area kind", "area code", "area", "period", "breakdown", "group", "value", "unit",
    "numerator", "denominator", "lower limit", "upper limit", "target", "verdict", "as if",
    "not yet known", "provisional", "rule set",
)  # fmt: skip


def lines_of(figures: Iterable[Figure]) -> list[list[Any]]:
    """A line a figure, with the columns of `HEADER`; signs where there is no figure."""
    return [_line(one) for one in figures]


def _line(one: Figure) -> list[Any]:
    low, high = one.limits or (None, None)
    has_denominator = one.indicator.form is not Form.COUNT
    return [
        one.indicator.code,
        one.area.kind.value,
        one.area.code,
        one.area.name,
        one.period.code,
        one.breakdown,
        one.value_code,
        plain(one.value),
        one.indicator.unit,
        plain(one.numerator),
        plain(one.denominator) if has_denominator else None,
        None if low is None else round(100 * low, 1),
        None if high is None else round(100 * high, 1),
        one.target,
        one.verdict.words if one.verdict else None,
        "as if" if one.is_as_if else None,
        plain(one.not_yet_known),
        "provisional" if one.is_partial or one.value.provisional else None,
        one.rule_set,
    ]


def spread_lines(spread: Spread) -> tuple[tuple[str, str], list[list[Any]]]:
    """Header and lines: one for each number of days that somebody waited, or, for those who may
    not know of one person's wait, the steps of the chart."""
    if spread.days:
        return ("days waited", "waits"), [[day, plain(shown)] for day, shown in spread.days]
    steps = zip(STEPS, spread.weeks, strict=True)
    return ("weeks waited", "waits"), [[step, plain(shown)] for step, shown in steps]


def file_of(
    form: str, name: str, header: Sequence[str], rows: Sequence[Sequence[Any]]
) -> HttpResponseBase:
    """The rows as `csv`, `xlsx` or `json`."""
    filename = f"{slugify(name)}.{form}"
    if form == "csv":
        return csv_response(filename, header, rows)
    if form == "xlsx":
        return xlsx_response(filename, header, rows, sheet="Figures")
    keys = [one.replace(" ", "_") for one in header]
    return JsonResponse({"results": [dict(zip(keys, row, strict=True)) for row in rows]})
