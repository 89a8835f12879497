"""A map of equal tiles, drawn here as SVG: shades of one hue, and each value in words too.

A tile shows its code and its value, so that the shade is never all there is to go by. On a page a
tile leads to its area and is reached by the keyboard; in a file of its own it does not.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from commissioning.charts.option import FONT, INK, QUIET
from commissioning.kernel.words import MISSING

# From light to dark, for the smallest to the largest values. Each has ink that can be read on it.
SHADES = (
    ("#e6f0fa", INK),
    ("#b5d3ee", INK),
    ("#7fb2de", INK),
    ("#2f74b5", "#ffffff"),
    ("#003d78", "#ffffff"),
)
WIDTH, HEIGHT, GAP = 56, 44, 4  # pixels of a tile, and between two
MARGIN, ABOVE = 4, 26  # around the map; over its first row, for the names of regions
LEGEND_WIDTH, LEGEND_LINE = 190, 24
TITLE_HEIGHT = 56
LEGEND_ROWS = 5  # rows of tiles that the legend stands beside


@dataclass(frozen=True)
class MapTile:
    """An area as a tile: `label` stands in it, `name` and `written` are read out.

    Without a `value` the tile is left white and `written` says why: –, * or n/a.
    """

    column: int
    row: int
    label: str
    name: str
    value: float | None
    written: str
    href: str = ""


@dataclass(frozen=True)
class MapBlock:
    """A name over a group of tiles, at the first of them."""

    name: str
    column: int
    row: int


@dataclass(frozen=True)
class Cartogram:
    """The tiles of a map, and what their shades mean. `steps` are the sizes in words, one for
    each of `bounds`: the largest value of each shade."""

    title: str
    description: str
    measure: str
    tiles: Sequence[MapTile]
    blocks: Sequence[MapBlock]
    bounds: Sequence[float]
    steps: Sequence[str]
    subtitle: str = ""

    @property
    def has_unknown(self) -> bool:
        return any(one.value is None for one in self.tiles)

    def shade(self, value: float) -> int:
        """The place of the value's shade; with fewer steps than shades the lightest are used
        last, so that two steps are light and dark."""
        place = min(bisect_left(self.bounds, value), len(self.bounds) - 1)
        if len(self.bounds) == 1:
            return len(SHADES) // 2
        return round(place * (len(SHADES) - 1) / (len(self.bounds) - 1))


def bounds_of(values: Sequence[float]) -> list[float]:
    """The largest value of each of at most five steps with about as many areas in each."""
    ordered = sorted(values)
    if not ordered:
        return []
    if len(set(ordered)) <= len(SHADES):
        return sorted(set(ordered))
    cuts = [ordered[len(ordered) * step // len(SHADES) - 1] for step in range(1, len(SHADES))]
    return sorted({*cuts, ordered[-1]})


def steps_of(values: Sequence[float]) -> list[tuple[float, float]]:
    """The smallest and the largest value in each step."""
    bounds = bounds_of(values)
    within: list[list[float]] = [[] for _ in bounds]
    for one in values:
        within[bisect_left(bounds, one)].append(one)
    return [(min(held), max(held)) for held in within]


def cartogram(chart: Cartogram, *, as_file: bool = False) -> SafeString:
    """The map as SVG: for a page with links, or titled as a file of its own."""
    left = min((one.column for one in chart.tiles), default=0)
    top = min((one.row for one in chart.tiles), default=0)
    above = ABOVE + (TITLE_HEIGHT if as_file else 0)
    across = max((one.column for one in chart.tiles), default=0) - left + 1
    down = max((one.row for one in chart.tiles), default=0) - top + 1
    beside = max(
        (one.column - left + 1 for one in chart.tiles if one.row - top < LEGEND_ROWS), default=0
    )
    legend_x = MARGIN + beside * (WIDTH + GAP) + 20
    width = max(MARGIN * 2 + across * (WIDTH + GAP), legend_x + LEGEND_WIDTH)
    height = max(
        above + down * (HEIGHT + GAP) + MARGIN,
        above + LEGEND_LINE * (len(chart.bounds) + 3),
    )
    place = _Place(left, top, above)
    parts = [
        *([_heading(chart)] if as_file else []),
        _legend(chart, legend_x, above),
        *(_block(one, place) for one in chart.blocks),
        *(_tile(one, chart, place, linked=not as_file) for one in chart.tiles),
    ]
    return format_html(
        '<svg xmlns="http://www.w3.org/2000/svg" class="app-map__picture" width="{}" height="{}" '
        'viewBox="0 0 {} {}" font-family="{}" role="{}" aria-label="{}">{}{}</svg>',
        width,
        height,
        width,
        height,
        FONT,
        "img" if as_file else "group",
        f"{chart.title}. {chart.description}",
        format_html("<title>{}</title>", chart.title) if as_file else "",
        format_html_join("", "{}", ((one,) for one in parts)),
    )


@dataclass(frozen=True)
class _Place:
    """Where tiles lie in the picture."""

    left: int
    top: int
    above: int

    def of(self, column: int, row: int) -> tuple[int, int]:
        return (
            MARGIN + (column - self.left) * (WIDTH + GAP),
            self.above + (row - self.top) * (HEIGHT + GAP),
        )


def _tile(one: MapTile, chart: Cartogram, place: _Place, *, linked: bool) -> SafeString:
    x, y = place.of(one.column, one.row)
    known = one.value is not None
    fill, ink = SHADES[chart.shade(one.value)] if one.value is not None else ("#ffffff", INK)
    said = f"{one.name}: {one.written if one.written != MISSING else 'not known'}"
    drawn = format_html(
        '<title>{}</title><rect x="{}" y="{}" width="{}" height="{}" fill="{}" stroke="{}"{}/>'
        '<text x="{}" y="{}" font-size="12" font-weight="600" text-anchor="middle" fill="{}" '
        'aria-hidden="true">{}</text>'
        '<text x="{}" y="{}" font-size="13" text-anchor="middle" fill="{}" aria-hidden="true">'
        "{}</text>",
        said,
        *(x + 0.5, y + 0.5, WIDTH, HEIGHT, fill, QUIET),
        "" if known else format_html(' stroke-dasharray="{}"', "3 3"),
        *(x + WIDTH / 2, y + 18, ink, one.label),
        *(x + WIDTH / 2, y + 35, ink, one.written),
    )
    if linked and one.href:
        return format_html(
            '<a class="app-map__tile" href="{}" aria-label="{}">{}</a>', one.href, said, drawn
        )
    return format_html("<g>{}</g>", drawn)


def _block(one: MapBlock, place: _Place) -> SafeString:
    x, y = place.of(one.column, one.row)
    return _words(one.name, x, y - 8, size=13, weight=600)


def _legend(chart: Cartogram, x: int, above: int) -> SafeString:
    lines = [_words(chart.measure, x, above + 6, size=13, weight=600)]
    at = above + 18
    for fill, words, dashed in _keys(chart):
        lines += [
            format_html(
                '<rect x="{}" y="{}" width="24" height="16" fill="{}" stroke="{}"{}/>',
                *(x + 0.5, at + 0.5, fill, QUIET),
                format_html(' stroke-dasharray="{}"', "3 3") if dashed else "",
            ),
            _words(words, x + 34, at + 13, size=13),
        ]
        at += LEGEND_LINE
    return format_html("<g>{}</g>", format_html_join("", "{}", ((one,) for one in lines)))


def _keys(chart: Cartogram) -> Iterator[tuple[str, str, bool]]:
    for bound, words in zip(chart.bounds, chart.steps, strict=True):
        yield SHADES[chart.shade(bound)][0], words, False
    if chart.has_unknown:
        yield "#ffffff", "– not known, * held back", True


def _heading(chart: Cartogram) -> SafeString:
    return format_html(
        "{}{}",
        _words(chart.title, MARGIN, 22, size=18, weight=600),
        _words(chart.subtitle, MARGIN, 42, size=13),
    )


def _words(words: str, x: float, y: float, *, size: int, weight: int = 400) -> SafeString:
    return format_html(
        '<text x="{}" y="{}" font-size="{}" font-weight="{}" fill="{}">{}</text>',
        *(x, y, size, weight, INK, words),
    )
