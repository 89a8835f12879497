"""A part of a plan as a file: the rows its page shows."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from commissioning.exports import csv_response, xlsx_response
from commissioning.models import Plan


def as_file(
    request: HttpRequest,
    plan: Plan,
    part: str,
    header: Sequence[str],
    rows: Iterable[Sequence[Any]],
) -> HttpResponseBase | None:
    """The rows as CSV or as a spreadsheet, where `?format=` asks for one; else None."""
    wanted = request.GET.get("format")
    name = f"{plan.partnership.code}-{plan.slug}-{part}.{wanted}"
    match wanted:
        case "csv":
            return csv_response(name, header, rows)
        case "xlsx":
            return xlsx_response(name, header, rows, sheet=part.capitalize())
        case _:
            return None
