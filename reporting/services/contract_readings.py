"""What the measures of contracts came to in a quarter, written down for both their sides.

A measure that is an indicator is read of the contract's provider, as it is released: a side of the
contract learns no exact figure of another partnership's residents. `places` is the contract's own:
nights on which a place had somebody from its partnerships, bought on the contract.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction

from commissioning.kernel.periods import Grain, Period
from providers.choices import Unread
from providers.models import PerformanceMeasure, PerformanceReading
from providers.reference.measures import PLACES
from providers.selectors.contracts.performance import (
    READ_BACK,
    is_agreed_in,
    performing_measures,
)
from providers.selectors.utilisation.blocks import use_of
from reporting.choices import AreaKind
from reporting.disclosure import Sign
from reporting.indicators.in_force import IN_FORCE
from reporting.selectors.areas import areas
from reporting.selectors.figures import Figures
from reporting.selectors.shown import Figure

STEP = Decimal("0.0001")


@dataclass(frozen=True)
class Reading:
    """A value and the counts it comes from, or why there is none."""

    value: Decimal | None = None
    numerator: int | None = None
    denominator: int | None = None
    unread: Unread | str = ""


@transaction.atomic
def write_contract_readings(*, on: dt.date) -> int:
    """Write the last quarters that are over; says how many readings, those included of which only
    is known why they have no value. Safe to run again.

    The number of statements does not grow with the contracts.
    """
    quarters = _quarters(on)
    measures = performing_measures(from_=quarters[-1].start, until=quarters[0].end)
    by_indicator = _of_indicators(measures, quarters, on)
    rows = [*_of_places(measures, quarters, on), *by_indicator]
    PerformanceReading.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["measure", "quarter"],
        update_fields=["value", "unread", "numerator", "denominator", "as_at"],
    )
    return len(rows)


def _quarters(on: dt.date) -> list[Period]:
    found = [Period.containing(on, Grain.QUARTER).previous()]
    while len(found) < READ_BACK:
        found.append(found[-1].previous())
    return found


def _of_places(
    measures: Sequence[PerformanceMeasure], quarters: Sequence[Period], on: dt.date
) -> Iterable[PerformanceReading]:
    mine = [one for one in measures if one.measure == PLACES]
    uses = use_of([one.contract for one in mine], [(one.start, one.end) for one in quarters])
    for one in mine:
        for number, quarter in enumerate(quarters):
            use = uses.get((one.contract_id, number))
            if not _is_read(one, quarter):
                continue
            if use and use.nights.contracted:
                used, sold = use.nights.used, use.nights.contracted
                share = (Decimal(used) / sold).quantize(STEP)
                yield _row(one, quarter, on, Reading(share, used, sold))
            else:
                yield _row(one, quarter, on, Reading(unread=Unread.NO_BEDS))


def _of_indicators(
    measures: Sequence[PerformanceMeasure], quarters: Sequence[Period], on: dt.date
) -> Iterable[PerformanceReading]:
    mine = [one for one in measures if one.measure in IN_FORCE]
    if not mine:
        return
    figures = Figures.released()
    wanted = {one.contract.provider_id for one in mine}
    providers = {
        area.organisation_id: area
        for area in areas(AreaKind.PROVIDER, on=on)
        if area.organisation_id in wanted
    }
    indicators = [IN_FORCE[code] for code in sorted({one.measure for one in mine})]
    measured = {one for one in quarters if figures.measured(one) is not None}
    grid = figures.grid(indicators, list(providers.values()), list(quarters))
    for one in mine:
        area = providers.get(one.contract.provider_id)
        for quarter in quarters:
            if not _is_read(one, quarter):
                continue
            found = (
                _read(grid[one.measure, area, quarter], is_measured=quarter in measured)
                if area is not None
                else Reading(unread=Unread.NO_RETURN)
            )
            yield _row(one, quarter, on, found)


def _is_read(line: PerformanceMeasure, quarter: Period) -> bool:
    """Whether the quarter is measured by the line, and the contract has days in it."""
    return is_agreed_in(line, line.contract, quarter) and line.contract.runs_in(quarter)


def _read(figure: Figure, *, is_measured: bool) -> Reading:
    """The figure as it is released, or why it is not."""
    top, bottom = figure.numerator.value, figure.denominator.value
    if figure.indicator.denominator:
        if figure.rate is not None and top is not None and bottom:
            return Reading((Decimal(top) / Decimal(bottom)).quantize(STEP), int(top), int(bottom))
    elif figure.value.value is not None:
        return Reading(Decimal(figure.value.value))
    if figure.value.sign is Sign.SUPPRESSED:
        return Reading(unread=Unread.TOO_FEW)
    if figure.value.sign is Sign.NOT_APPLICABLE:
        return Reading(unread=Unread.NOBODY)
    return Reading(unread=Unread.NO_RETURN if is_measured else Unread.AWAITED)


def _row(
    measure: PerformanceMeasure, quarter: Period, on: dt.date, read: Reading
) -> PerformanceReading:
    return PerformanceReading(
        measure=measure,
        quarter=quarter.code,
        value=read.value,
        unread=read.unread,
        numerator=read.numerator,
        denominator=read.denominator,
        as_at=on,
    )
