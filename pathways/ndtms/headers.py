"""The header row: which column holds which field, and what is wrong with it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from commissioning.kernel.delimited import other_separator, separated_otherwise
from commissioning.kernel.words import joined
from pathways.ndtms.cells import shown
from pathways.ndtms.fields import BY_HEADER, CORE_HEADERS, KNOWN_HEADERS
from pathways.ndtms.refusals import FileRefused

_MOST_NAMED = 5


@dataclass(frozen=True)
class Layout:
    """Where each used header stands, the headers of the row, and those known and not used."""

    raw: tuple[str, ...]
    positions: dict[str, int]
    headers: tuple[str, ...]
    ignored: tuple[str, ...]


def read_header(raw: Sequence[str]) -> Layout:
    """The layout of a file from its first row. Raises `FileRefused` naming what is wrong."""
    headers = tuple(cell.strip().upper() for cell in raw)
    if len(headers) > len(KNOWN_HEADERS) * 2:
        raise FileRefused(
            "F07",
            f"The first line has {len(headers):,} columns; a return has at most"
            f" {len(KNOWN_HEADERS)}. Send the NDTMS export itself.",
            row=1,
        )
    _refuse_unknown(headers)
    _refuse_repeated(headers)
    if missing := [header for header in CORE_HEADERS if header not in headers]:
        raise FileRefused(
            "F09",
            f"The first line does not name {_some(missing)}, which every return needs."
            " Add the column, with its values or empty, and send the file again.",
            row=1,
            field=missing[0],
        )
    return Layout(
        raw=tuple(raw),
        positions={name: place for place, name in enumerate(headers) if name in BY_HEADER},
        headers=headers,
        ignored=tuple(name for name in headers if name not in BY_HEADER),
    )


def refuse_other_separators(line: str) -> None:
    """Raise `FileRefused` where the first line holds another separator and no comma."""
    if name := other_separator(line):
        raise FileRefused("F06", separated_otherwise(name), row=1)


def _refuse_unknown(headers: Sequence[str]) -> None:
    if "" in headers:
        raise FileRefused(
            "F07",
            f"Column {headers.index('') + 1} of the first line has no name. Name it, or take the"
            " column out.",
            row=1,
        )
    if unknown := [header for header in headers if header not in KNOWN_HEADERS]:
        named = [f"“{shown(header)[:20]}”" for header in unknown]
        raise FileRefused(
            "F07",
            f"The first line names {_some(named)}, which NDTMS does not know. The first line of a"
            " return holds the codes of its fields, such as CLIENTID.",
            row=1,
        )


def _refuse_repeated(headers: Sequence[str]) -> None:
    if repeated := [header for header, times in Counter(headers).items() if times > 1]:
        raise FileRefused(
            "F08",
            f"The first line names {_some(repeated)} twice or more. Keep one column of each.",
            row=1,
            field=repeated[0],
        )


def _some(names: Sequence[str]) -> str:
    if len(names) <= _MOST_NAMED:
        return joined(names)
    return f"{', '.join(names[:_MOST_NAMED])} and {len(names) - _MOST_NAMED:,} more"
