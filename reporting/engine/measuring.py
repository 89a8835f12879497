"""One family measured and written for some areas; then the wider areas from it."""

from reporting.choices import AreaKind
from reporting.engine import counting, distributing, wider
from reporting.engine.counting import CELL
from reporting.engine.moving import note_movements
from reporting.engine.scope import Measurement, make, run
from reporting.engine.writing import (
    Written,
    is_any_held,
    table_of,
    write_cells,
    write_first_cells,
)
from reporting.indicators.words import Family
from reporting.models import WaitResult

NARROW = (AreaKind.PARTNERSHIP, AreaKind.PROVIDER)
WIDE = (AreaKind.REGION, AreaKind.ENGLAND)


def keep_as_if(asked: Measurement, family: type[Family]) -> None:
    """Make `measured_as_if`: what another, earlier rule set makes of today's records."""
    counting.count_family(asked, family)
    run("DROP TABLE IF EXISTS measured_as_if")
    run("ALTER TABLE measured RENAME TO measured_as_if")


def measure_family(
    asked: Measurement, family: type[Family], *, refresh_id: int, has_as_if: bool = False
) -> Written:
    """Measure an additive family for partnerships, buckets and providers, and write its cells."""
    if asked.since is None and not is_any_held(asked, table_of(family.results), NARROW):
        return _measure_first(asked, family)
    counting.count_family(asked, family)
    if asked.since is not None:
        make("measured_new", counting.new_statement(family), asked)
        note_movements(asked, family, NARROW, refresh_id=refresh_id, has_as_if=has_as_if)
    written = write_cells(asked, family, NARROW)
    if family.results is WaitResult:
        make("measured_days", distributing.distribution_statement(), asked, statistics=CELL)
        written += distributing.write_distributions(asked, NARROW)
    return written


def _measure_first(asked: Measurement, family: type[Family]) -> Written:
    """The same where nothing is held and nothing can have moved."""
    counting.lay_facts(asked, family)
    written = write_first_cells(asked, family, counting.measured_statement(family))
    if family.results is WaitResult:
        statement = distributing.distribution_statement()
        written += distributing.write_first_distributions(asked, NARROW, statement)
    return written


def add_up_family(
    asked: Measurement, family: type[Family], *, refresh_id: int, has_as_if: bool = False
) -> Written:
    """Measure an additive family for regions and England from what is held of partnerships."""
    make("measured", wider.wider_statement(family), asked, statistics=CELL)
    if asked.since is not None:
        values = {"refresh": refresh_id, "family": family.code}
        make("measured_new", wider.wider_new_statement(family), asked, values)
        if has_as_if:
            make("measured_as_if", wider.wider_as_if_statement(family), asked, values)
        note_movements(asked, family, WIDE, refresh_id=refresh_id, has_as_if=has_as_if)
    written = write_cells(asked, family, WIDE)
    if family.results is WaitResult:
        make("measured_days", wider.wider_distribution_statement(), asked, statistics=CELL)
        written += distributing.write_distributions(asked, WIDE)
    return written
