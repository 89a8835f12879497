"""A tile for each partnership: a map of equal squares, region by region.

Area on an ordinary map says nothing about people; here every partnership is as large as any
other. A region is a block of tiles about where it lies in England; inside it partnerships stand
from north to south, and in a row from west to east, by their recorded centres. The picture is a
reading aid of our own, not a boundary map.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple


class Block(NamedTuple):
    """Where a region's tiles begin, how many stand in a row, and how many rows there are room
    for; None: as many as it takes."""

    column: int
    row: int
    width: int
    rows: int | None = None

    @property
    def room(self) -> int | None:
        return None if self.rows is None else self.rows * self.width


# By the region's code in the reference tables.
BLOCKS: dict[str, Block] = {
    "A": Block(6, 0, 3, 4),  # North East
    "B": Block(1, 2, 4, 6),  # North West
    "D": Block(6, 5, 4, 4),  # Yorkshire and The Humber
    "F": Block(3, 9, 3, 5),  # West Midlands
    "E": Block(7, 10, 3, 4),  # East Midlands
    "G": Block(11, 10, 4, 4),  # East of England
    "K": Block(0, 15, 4),  # South West
    "J": Block(4, 15, 4),  # South East
    "H": Block(9, 15, 6),  # London
}
ELSEWHERE_WIDTH = 15  # of the row for those that no block has room for


@dataclass(frozen=True)
class Centre:
    """A partnership by its code, the code of its region, and the centre of its area in degrees."""

    code: str
    region: str
    latitude: float | None = None
    longitude: float | None = None


class Tile(NamedTuple):
    """A square of the map, counted from the north-western corner."""

    column: int
    row: int


def tiles(centres: Iterable[Centre]) -> dict[str, Tile]:
    """The tile of each partnership by its code; no two have the same.

    The order in which they are given does not matter. One without a recorded centre stands last
    in its region; one whose region has no block, or no room left, stands below the map.
    """
    by_region: dict[str, list[Centre]] = defaultdict(list)
    for one in centres:
        by_region[one.region].append(one)
    found: dict[str, Tile] = {}
    elsewhere: list[Centre] = []
    for region, members in sorted(by_region.items()):
        block = BLOCKS.get(region)
        ordered = sorted(members, key=_from_north)
        room = 0 if block is None else block.room
        if block is not None:
            found |= _in_rows(ordered[:room], block)
        elsewhere += ordered[room:] if room is not None else []
    if elsewhere:
        below = max((one.row for one in found.values()), default=-2) + 2
        found |= _in_rows(elsewhere, Block(0, below, ELSEWHERE_WIDTH))
    return found


def _in_rows(ordered: Sequence[Centre], block: Block) -> dict[str, Tile]:
    found = {}
    for start in range(0, len(ordered), block.width):
        row = sorted(ordered[start : start + block.width], key=_from_west)
        for place, one in enumerate(row):
            found[one.code] = Tile(block.column + place, block.row + start // block.width)
    return found


def _from_north(one: Centre) -> tuple[bool, float, float, str]:
    known = one.latitude is not None and one.longitude is not None
    return (not known, -(one.latitude or 0.0), one.longitude or 0.0, one.code)


def _from_west(one: Centre) -> tuple[bool, float, str]:
    return (one.longitude is None, one.longitude or 0.0, one.code)
