"""What the map can show of each partnership, in numbers and in words."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.http import QueryDict

from commissioning.kernel.words import MISSING, count, percent
from providers.choices import PlaceKind
from providers.selectors.capacity import Standing
from reporting.selectors.figures import Figures
from reporting.selectors.market import Asked, estimates_of, reach_of
from reporting.selectors.members import Member
from reporting.views.areas.parts import HEADLINE
from reporting.views.indicators.choosing import chosen_period
from reporting.views.indicators.telling import Telling

FREE, OCCUPANCY, TIER_4, WAITS, STALE = "free", "occupancy", "tier4", "waits", "stale"
MEASURES = {
    FREE: "Beds free",
    OCCUPANCY: "Occupancy of beds",
    TIER_4: "Tier 4 beds per 1,000",
    WAITS: "Waits within target",
    STALE: "Stale boards",
}


@dataclass(frozen=True)
class Value:
    """A partnership's value, and how it is written; without a number `written` is its sign."""

    number: float | None
    written: str


@dataclass(frozen=True)
class Measured:
    """A measure of every partnership by id; `basis` says of when and on what it rests."""

    title: str
    basis: str
    values: Mapping[int, Value]
    write: Callable[[float], str]


def measured(asked: Asked, measure: str, address: QueryDict) -> Measured:
    """The measure of each partnership of the list."""
    if measure == WAITS:
        return _waits(asked, address)
    kind = PlaceKind.BED if measure in {FREE, OCCUPANCY} else ""
    standings = {one.area: one for one in asked.standings(kind=kind)}
    make = {FREE: _free, OCCUPANCY: _occupancy, TIER_4: _tier_4, STALE: _stale}[measure]
    return make(asked, standings)


def _tonight(asked: Asked) -> str:
    return f"on the night of {asked.today:%-d %B %Y}"


def _free(asked: Asked, standings: Mapping[int | None, Standing]) -> Measured:
    return Measured(
        "Beds free tonight",
        f"Of what stands in each partnership, {_tonight(asked)}. A board that was not stated"
        f" within {asked.rules.board_unknown_hours} hours is unknown.",
        {
            area: Value(held.free, _with_doubt(held)) if held.places else Value(None, MISSING)
            for area, held in _by_area(asked, standings)
        },
        count,
    )


def _with_doubt(held: Standing) -> str:
    """How many are free, and of how many of them nobody is sure."""
    if not held.free_unsure:
        return count(held.free)
    return f"{count(held.free)} ({count(held.free_unsure)} unknown)"


def _occupancy(asked: Asked, standings: Mapping[int | None, Standing]) -> Measured:
    return Measured(
        "Share of beds in service that are occupied",
        f"Of what stands in each partnership, {_tonight(asked)}.",
        {
            area: _written(held.share_occupied, percent)
            for area, held in _by_area(asked, standings)
        },
        percent,
    )


def _stale(asked: Asked, standings: Mapping[int | None, Standing]) -> Measured:
    hours = asked.rules.board_unknown_hours
    return Measured(
        "Boards that are not fresh",
        f"Not stated within {hours} hours.",
        {
            area: Value(held.stale, count(held.stale)) if held.boards else Value(None, MISSING)
            for area, held in _by_area(asked, standings)
        },
        count,
    )


def _tier_4(asked: Asked, standings: Mapping[int | None, Standing]) -> Measured:
    beds = {area: held.tier_4_beds for area, held in standings.items()}
    estimates = estimates_of(asked)
    return Measured(
        "Tier 4 beds per 1,000 problem drug users",
        "Where a finished needs assessment that you may read estimates how many there are.",
        {
            area: _written(reach_of(area, beds, estimates).per_1000, _one_decimal)
            for area in _ids(asked)
        },
        _one_decimal,
    )


def _waits(asked: Asked, address: QueryDict) -> Measured:
    """As released to everybody, whoever asks: the map of one reader is that of another."""
    figures = Figures.released()
    title = "First waits of voluntary clients within target"
    if not figures.periods():
        unknown = dict.fromkeys(_ids(asked), Value(None, MISSING))
        return Measured(title, "Nothing is measured yet.", unknown, percent)
    period = chosen_period(figures, address).period
    grid = figures.grid([HEADLINE], [one.area for one in asked.areas], [period])
    telling, values = Telling(figures), {}
    for one in asked.areas:
        figure = grid[HEADLINE.code, one.area, period]
        values[_id(one)] = Value(figure.rate, telling.with_unit(figure))
    return Measured(title, f"{period.label}, as released.", values, percent)


def _by_area(asked: Asked, standings: Mapping[int | None, Standing]) -> list[tuple[int, Standing]]:
    return [(area, standings.get(area, Standing(area, ""))) for area in _ids(asked)]


def _ids(asked: Asked) -> list[int]:
    return [_id(one) for one in asked.areas]


def _id(one: Member) -> int:
    return one.area.organisation_id or 0


def _written(value: float | None, write: Callable[[float], str]) -> Value:
    return Value(None, MISSING) if value is None else Value(value, write(value))


def _one_decimal(value: float) -> str:
    return f"{value:,.1f}"
