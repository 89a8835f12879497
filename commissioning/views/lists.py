"""A list as a page, as CSV and as a spreadsheet: the same rows, filtered and sorted alike."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.text import slugify
from django_tables2 import RequestConfig

from commissioning.exports import csv_response, xlsx_response
from commissioning.filter_chips import is_in_use
from commissioning.tables import Table

PER_PAGE = 50
Crumbs = Sequence[tuple[str, str]]


def list_asked(request: HttpRequest, first: Table, *more: Table) -> Table:
    """Of a page with several lists, the one whose file is asked for."""
    return next((one for one in more if one.file_of == request.GET.get("of")), first)


def list_response(
    request: HttpRequest,
    table: Table,
    *,
    heading: str,
    breadcrumbs: Crumbs = (),
    filterset: Any = None,
    template: str = "components/list_page.html",
    per_page: int = PER_PAGE,
    **context: Any,
) -> HttpResponseBase:
    """The page of a list, or with `?format=csv` or `xlsx` all of it as a file.

    Where a filter was given a value it does not know, the page says so: a file could not.
    `per_page` is less where a row is much to read.
    """
    wanted = request.GET.get("format", "")
    if wanted in table.downloads and not (filterset and filterset.form.errors):
        RequestConfig(request, paginate=False).configure(table)
        name = f"{slugify(heading)}.{wanted}"
        if wanted == "csv":
            return csv_response(name, table.file_header(), table.file_rows())
        return xlsx_response(name, table.file_header(), table.file_rows())
    RequestConfig(request, paginate={"per_page": per_page}).configure(table)
    table.is_filtered = bool(filterset) and is_in_use(filterset)
    words = {
        "table": table,
        "filter": filterset,
        "page_heading": heading,
        "breadcrumbs": breadcrumbs,
        **context,
    }
    return render(request, template, words)
