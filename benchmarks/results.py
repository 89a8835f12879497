"""The table: printed, and kept in RESULTS.md."""

import sys
import textwrap
from collections.abc import Mapping, Sequence
from pathlib import Path

from benchmarks.measuring import Line

WIDEST = 80  # signs of a cell
KEPT = Path(__file__).with_name("RESULTS.md")
HEAD = """# How fast

Measured by `make bench` on a synthetic England of {size}. Seconds are those of one machine; what
counts are the ratios, each within one run. Lines that begin with a point are parts of the line
above them, and promise nothing.

{machine}
"""


def written(sections: Mapping[str, Sequence[Line]], *, machine: Sequence[str], size: str) -> str:
    """The whole of RESULTS.md."""
    parts = [HEAD.format(size=size, machine="\n".join(f"- {line}" for line in machine))]
    for title, lines in sections.items():
        parts.append(f"## {title}\n\n{_table(lines)}\n")
    return "\n".join(parts)


def keep(text: str) -> None:
    KEPT.write_text(text, encoding="utf-8")
    sys.stdout.write(text)


def _table(lines: Sequence[Line]) -> str:
    """The lines as a table; what is too long for a cell is said of its line below."""
    rows = [("What", "Measured", "Held against", "")]
    rows += [
        (
            one.what,
            one.measured,
            "see below" if len(one.held_against) > WIDEST else one.held_against,
            one.verdict,
        )
        for one in lines
    ]
    widths = [max(len(row[at]) for row in rows) for at in range(4)]
    rows.insert(1, tuple("-" * width for width in widths))  # type: ignore[arg-type]
    table = "\n".join(
        "| "
        + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        + " |"
        for row in rows
    )
    below = [
        textwrap.fill(f"{one.what}: {one.held_against}", 99, break_long_words=False)
        for one in lines
        if len(one.held_against) > WIDEST
    ]
    return "\n\n".join([table, *below])
