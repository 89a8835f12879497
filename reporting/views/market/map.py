"""A map of equal tiles: one number of every partnership of a region or of England."""

from dataclasses import dataclass
from typing import Any

import django_tables2
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from commissioning.charts.answers import PICTURE_POLICY
from commissioning.charts.cartogram import (
    Cartogram,
    MapBlock,
    MapTile,
    bounds_of,
    cartogram,
    steps_of,
)
from commissioning.kernel.words import count
from commissioning.tables import NameColumn, Table
from commissioning.views.lists import list_response
from reporting.rules.tiles import BLOCKS, Centre, Tile, tiles
from reporting.selectors.market import Asked, centres_of
from reporting.selectors.members import Member, OfMember, members, regions_to_compare
from reporting.views.indicators.asked import (
    answers_plainly,
    choices,
    format_asked,
    link,
    one_of,
)
from reporting.views.indicators.named import area_or_404, overview_href
from reporting.views.market.capacity import asked_of, crumbs
from reporting.views.market.measures import FREE, MEASURES, Measured, Value, measured


@dataclass(frozen=True)
class MapLine(OfMember):
    """A partnership of the map, as a row."""

    value: Value

    @property
    def code(self) -> str:
        return self.member.area.code

    @property
    def number(self) -> float | None:
        return self.value.number


class MapTable(Table):
    """The numbers of the map."""

    caption = "The map as a table"
    counted = ("partnership", "partnerships")

    name = NameColumn(
        verbose_name="Partnership", href=lambda line: overview_href(line.member.area)
    )
    code = django_tables2.Column(verbose_name="Code")
    region = django_tables2.Column(verbose_name="Region")
    number = django_tables2.Column(verbose_name="Value", empty_values=())

    def __init__(self, lines: list[MapLine], *, measure: str, **kwargs: Any) -> None:
        super().__init__(lines, **kwargs)
        column = self.columns["number"].column
        column.verbose_name = measure
        column.header_class = "govuk-table__header--numeric"
        column.cell_class = "govuk-table__cell--numeric"

    def render_number(self, record: MapLine) -> str:
        return record.value.written

    def value_number(self, record: MapLine) -> Any:
        held = record.value
        return held.written if held.number is None else held.number


@require_safe
@answers_plainly
def market_map(request: HttpRequest, kind: str, code: str = "") -> HttpResponseBase:
    """For everybody who is signed in. Figures of returns are shown as released."""
    format_asked(request.GET, MapTable.downloads)
    asked, found, measure = _read(request, kind, code)
    area = asked.within
    lines = [MapLine(one, found.values[one.area.organisation_id or 0]) for one in asked.areas]
    picture = _picture(asked, found)
    return list_response(
        request,
        MapTable(lines, measure=MEASURES[measure]),
        heading=f"Map: {area.name}",
        breadcrumbs=crumbs(area, "Map"),
        template="reporting/market_map.html",
        picture=picture,
        drawn=cartogram(picture),
        measures=choices(_unsorted(request), "measure", MEASURES, measure),
        svg_href=f"../market.svg{link(request.GET, sort='')}",
        capacity_href=f"{overview_href(area)}capacity/",
    )


@require_safe
@answers_plainly
def market_map_svg(request: HttpRequest, kind: str, code: str = "") -> HttpResponseBase:
    """The map as a file of its own."""
    asked, found, measure = _read(request, kind, code)
    response = HttpResponse(
        cartogram(_picture(asked, found), as_file=True),
        content_type="image/svg+xml; charset=utf-8",
    )
    response["Content-Security-Policy"] = PICTURE_POLICY
    name = f"map-{measure}.svg"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _read(request: HttpRequest, kind: str, code: str) -> tuple[Asked, Measured, str]:
    area = area_or_404(kind, code)
    measure = one_of(request.GET.get("measure", FREE), [*MEASURES], what="measure of the map")
    asked = asked_of(request, area, by_region=False)
    return asked, measured(asked, measure, request.GET), measure


def _picture(asked: Asked, found: Measured) -> Cartogram:
    centres = centres_of(asked)
    codes = {one.area.name: one.area.code for one in members(regions_to_compare(on=asked.today))}
    placed = tiles(
        Centre(
            one.area.code,
            codes.get(one.region, ""),
            *centres.get(one.area.organisation_id or 0, (None, None)),
        )
        for one in asked.areas
    )
    drawn = [_tile(one, placed[one.area.code], found) for one in asked.areas]
    known = [one.value for one in drawn if one.value is not None]
    return Cartogram(
        title=f"{found.title}, {asked.within.name}",
        subtitle=found.basis,
        description=_described(drawn),
        measure=found.title if len(found.title) < 28 else "Shades",  # noqa: PLR2004 - fits
        tiles=drawn,
        blocks=_blocks(codes, asked),
        bounds=bounds_of(known),
        steps=[
            found.write(low) if low == high else f"{found.write(low)} to {found.write(high)}"
            for low, high in steps_of(known)
        ],
    )


def _tile(one: Member, at: Tile, found: Measured) -> MapTile:
    value = found.values[one.area.organisation_id or 0]
    return MapTile(
        at.column,
        at.row,
        one.area.code,
        one.area.name,
        value.number,
        value.written,
        overview_href(one.area),
    )


def _blocks(codes: dict[str, str], asked: Asked) -> list[MapBlock]:
    """The name of each region that has tiles in its block."""
    inside = {one.region for one in asked.areas}
    return [
        MapBlock(name, BLOCKS[code].column, BLOCKS[code].row)
        for name, code in codes.items()
        if name in inside and code in BLOCKS
    ]


def _described(drawn: list[MapTile]) -> str:
    """Where it is most and least, and of how many it is not known."""
    known = sorted(
        (one for one in drawn if one.value is not None), key=lambda one: (one.value, one.name)
    )
    if not known:
        return "Nothing is known of any partnership."
    most, least, unknown = known[-1], known[0], len(drawn) - len(known)
    words = f"Most in {most.name} ({most.written}), least in {least.name} ({least.written})."
    return f"{words} Not shown of {count(unknown)}." if unknown else words


def _unsorted(request: HttpRequest) -> Any:
    asked = request.GET.copy()
    asked.pop("sort", None)
    return asked
