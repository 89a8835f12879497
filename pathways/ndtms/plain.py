"""Telling plain lines apart at once: those whose quotation marks do nothing but enclose values.

Exports are like that from end to end, all values in marks or none. What `csv` would read from such
lines can be had in a few passes over a block of them; whatever is not plain is left to `csv`.
"""

import csv
from collections.abc import Sequence

from pathways.ndtms.headers import Layout

_MARK = '"'


def columns_of_plain(lines: Sequence[str], layout: Layout) -> list[list[str]] | None:
    """The values of the lines, column by column, or None where these lines need `csv`.

    None as well where a line is one to pass over: blank, or the header again.
    """
    end = "\r\n" if lines[0].endswith("\r\n") else "\n"
    text = "".join(lines)
    if not text.endswith(end):
        text += end  # of the last line of the file
    width = len(layout.raw)
    mark = _MARK if _MARK in text else ""
    if not _are_plain(lines, text, end) or (
        mark
        and not (
            text.startswith(mark)
            and text.endswith(mark + end)
            and text.count(mark) == 2 * width * len(lines)
        )
    ):
        return None
    between = f"{mark},{mark}"
    rows = text[len(mark) : -len(mark + end)].split(f"{mark}{end}{mark}")
    # Every mark is accounted for: two between values, two between rows, the first and the last.
    if len(rows) != len(lines) or any(row.count(between) != width - 1 for row in rows):
        return None
    if not {between * (width - 1), between.join(layout.raw)}.isdisjoint(rows):
        return None
    values = between.join(rows).split(between)
    return [values[place::width] for place in range(width)]


def _are_plain(lines: Sequence[str], text: str, end: str) -> bool:
    """Whether each line ends alike and none can hold a value longer than is allowed."""
    return (
        text.count("\n") == len(lines)
        and text.count("\r") == (len(lines) if end == "\r\n" else 0)
        and max(map(len, lines)) <= csv.field_size_limit()
    )
