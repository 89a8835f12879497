"""Measuring again: what a return touched at once, everything nightly.

Every measurement is a pure function of the records and the rule set, so it can be killed and run
again at any time. One at a time: a lock keeps two from writing over each other, and whatever was
loaded meanwhile is measured by the job its own loading announced.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import LiteralString

from django.db import transaction
from django.db.models import Max
from psycopg import sql

from commissioning.kernel.clock import technical_now
from commissioning.models import Job
from commissioning.scoping import Actor
from commissioning.services.jobs import Run, announce
from pathways.models import Return
from reporting.choices import AreaKind, RefreshKind
from reporting.engine import scope as scopes
from reporting.engine.boundaries import find_changed, keep_boundaries, note_boundaries
from reporting.engine.counting import lay_names
from reporting.engine.measuring import NARROW, WIDE, add_up_family, keep_as_if, measure_family
from reporting.engine.people import keep_people_as_if, measure_people
from reporting.engine.scope import Measurement, Scope
from reporting.engine.spells import lay_spells
from reporting.engine.writing import Written, note_areas
from reporting.indicators.families import ADDITIVE
from reporting.indicators.in_treatment import InTreatment
from reporting.models import MeasuredPeriod, Refresh
from reporting.services.contract_readings import write_contract_readings
from reporting.services.evidence import write_evidence
from reporting.services.stretches import (
    Stretch,
    change_journeys_over,
    continue_what_is_shown,
    show,
    stretches_to_measure,
)
from reporting.services.touching import areas_beyond, near_areas, touched_areas

# Held while figures are written, to the end of the transaction.
REFRESH_LOCK = 7_204_601

# The areas a measurement covers, as the engine's temporary tables have them.
NARROW_AREAS: LiteralString = "SELECT area_kind, code AS area_code FROM place"
WIDE_AREAS: LiteralString = """
SELECT DISTINCT 'region' AS area_kind, region_code AS area_code FROM lies_in
 UNION ALL SELECT 'england', 'england'
"""


def refresh_everything(*, cause: str, run: Run | None = None) -> Refresh | None:
    """Measure every area and period. None when there is nothing to measure."""
    with transaction.atomic():
        _be_alone()
        stretches = stretches_to_measure()
        refresh = _begin(RefreshKind.EVERYTHING, cause) if stretches else None
        if refresh is None:
            return None
        change_journeys_over(stretches)
        written = Written()
        for stretch in stretches:
            written += _measure(stretch, Scope(), refresh, run)
            written += _add_up(stretch, refresh)
            written += _count_people(stretch, (*NARROW, *WIDE), Scope(), refresh, laid=True)
            keep_boundaries()
        show(stretches, refresh)
        note_areas(NARROW_AREAS, refresh_id=refresh.pk)
        note_areas(WIDE_AREAS, refresh_id=refresh.pk)
        if run:
            run.require_lease()
        return _end(refresh, written)


def refresh_touched(
    *,
    returned_by: Sequence[int],
    agency_ids: Iterable[int],
    partnership_ids: Iterable[int],
    cause: str,
    run: Run | None = None,
) -> Refresh | None:
    """Measure what was touched: `agency_ids` and `partnership_ids` are those of the people whose
    records changed, now and before; `returned_by` the agencies whose data reaches further now.

    In steps that are committed one after the other: the providers that returned and their own
    partnerships, then everywhere else the people touched were or are, then regions and England.
    When a rule set has changed, everything is measured instead.

    A month that begins after all that are shown is measured in the same way. No data but of the
    returns that begin it reach into it: nothing is dated after its agency's cut-off, and waits and
    stays that are open end with it. So of every area that is not touched a refresh of everything
    would find nothing there. It is shown once regions and England have it too.
    """
    with transaction.atomic():
        _be_alone()
        _expect_little()
        stretches = stretches_to_measure()
        if not continue_what_is_shown(stretches):
            return refresh_everything(cause=cause, run=run)
        refresh = _begin(RefreshKind.TOUCHED, cause) if stretches else None
        if refresh is None:
            return None
        near = near_areas(returned_by)
        written = _measure_areas(stretches, near, refresh, run)
    with transaction.atomic():
        _be_alone()
        touched = touched_areas(returned_by, {*agency_ids, *returned_by}, set(partnership_ids))
        written += _measure_areas(stretches, areas_beyond(near, touched), refresh, run)
        _end(refresh, written)
    with transaction.atomic():
        _be_alone()
        for stretch in stretches:
            written += _add_up(stretch, refresh)
            written += _count_people(stretch, WIDE, Scope(), refresh)
            keep_boundaries()
        show(stretches, refresh)
        note_areas(WIDE_AREAS, refresh_id=refresh.pk)
        if run:
            run.require_lease()
        return _end(refresh, written)


def _measure_areas(
    stretches: Sequence[Stretch], scope: Scope, refresh: Refresh, run: Run | None
) -> Written:
    """Partnerships, buckets and providers of the scope, in every stretch."""
    written = Written()
    for stretch in stretches:
        written += _measure(stretch, scope, refresh, run)
        written += _count_people(stretch, NARROW, scope, refresh, laid=True)
    note_areas(NARROW_AREAS, refresh_id=refresh.pk)
    if run:
        run.require_lease()
    return written


def refresh_by_job(run: Run, *, on: dt.date) -> None:
    """The job after `return.loaded` and `return.undone`; then plans are told, as of the day."""
    told = run.payload
    refresh_touched(
        returned_by=told["returned_by"],
        agency_ids=told["agencies"] or (),
        partnership_ids=told["partnerships"] or (),
        cause=run.job.event.cause,
        run=run,
    )
    write_evidence(on=on)
    write_contract_readings(on=on)


def refresh_everything_by_job(run: Run, *, on: dt.date) -> None:
    """The job after `refresh.asked`; then plans are told, as of the day."""
    refresh_everything(cause=run.job.event.cause, run=run)
    write_evidence(on=on, every_year=True)
    write_contract_readings(on=on)


@transaction.atomic
def ask_for_refresh(*, cause: str, by: Actor) -> list[Job]:
    """Have everything measured by a job. The same cause asked twice is one job."""
    return announce("refresh.asked", cause=cause, title="Measure every indicator", by=by)


def _be_alone() -> None:
    """Wait for whoever measures now; from here on, sort in memory and take the time it takes."""
    scopes.run("SET LOCAL lock_timeout = 0; SET LOCAL statement_timeout = 0")
    scopes.run("SET LOCAL work_mem = '192MB'")
    # A sample of the rows is enough to tell how many there are of what.
    scopes.run("SET LOCAL default_statistics_target = 20")
    scopes.run("SELECT pg_advisory_xact_lock(%(key)s)", {"key": REFRESH_LOCK})


def _expect_little() -> None:
    """Find the records of a few areas by their indexes: what is asked for often lies in memory."""
    scopes.run("SET LOCAL random_page_cost = 1.1")


def _measure(stretch: Stretch, scope: Scope, refresh: Refresh, run: Run | None) -> Written:
    """Partnerships, buckets and providers of one stretch."""
    scopes.lay_spans(stretch.periods)
    scopes.lay_places(scope)
    asked = Measurement(stretch.rule_set, stretch.periods, scope, _since(NARROW_AREAS))
    earlier = stretch.earlier(asked)
    written = Written()
    if not earlier:
        _lay(asked)
    for number, family in enumerate(ADDITIVE.values()):
        if run:
            run.tell(number, len(ADDITIVE) + 1, f"Counting {family.unit}")
        if earlier:
            _lay(earlier)
            keep_as_if(earlier, family)
            _lay(asked)
        written += measure_family(
            asked, family, refresh_id=refresh.pk, has_as_if=earlier is not None
        )
    return written


def _add_up(stretch: Stretch, refresh: Refresh) -> Written:
    """Regions and England of one stretch."""
    scopes.lay_spans(stretch.periods)
    scopes.lay_regions()
    find_changed()
    asked = Measurement(stretch.rule_set, stretch.periods, since=_since(WIDE_AREAS))
    lay_names(asked.settings())
    earlier = stretch.earlier(asked)
    written = Written()
    for family in ADDITIVE.values():
        written += add_up_family(
            asked, family, refresh_id=refresh.pk, has_as_if=earlier is not None
        )
        note_boundaries(asked, family, refresh_id=refresh.pk)
    return written


def _count_people(
    stretch: Stretch,
    kinds: Sequence[AreaKind],
    scope: Scope,
    refresh: Refresh,
    *,
    laid: bool = False,
) -> Written:
    """People in treatment, of one stretch: for these kinds of area and this scope.

    After `_measure` of the same scope its temporary tables are still there.
    """
    scopes.lay_places(scope)
    areas = WIDE_AREAS if set(kinds) == set(WIDE) else NARROW_AREAS
    asked = Measurement(stretch.rule_set, stretch.periods, scope, _since(areas))
    earlier = stretch.earlier(asked)
    if earlier:
        _lay(earlier)
        keep_people_as_if(earlier, kinds)
    if earlier or not laid:
        _lay(asked)
    written = measure_people(asked, kinds, refresh_id=refresh.pk, has_as_if=earlier is not None)
    if AreaKind.REGION in kinds:
        note_boundaries(asked, InTreatment, refresh_id=refresh.pk)
    return written


def _lay(asked: Measurement) -> None:
    lay_names(asked.settings())
    lay_spells(asked)


def _since(areas: LiteralString) -> dt.datetime | None:
    """When the area that was measured longest ago was last measured."""
    found = scopes.rows_of(
        sql.SQL(
            "SELECT min(refresh.began_at) FROM reporting_measuredarea held"
            " JOIN ({}) area USING (area_kind, area_code)"
            " JOIN reporting_refresh refresh ON refresh.id = held.refresh_id"
        ).format(sql.SQL(areas))
    )
    first: dt.datetime | None = found[0][0]
    return first


def _begin(kind: RefreshKind, cause: str) -> Refresh | None:
    now = technical_now()
    cut_off = Return.objects.loaded().aggregate(last=Max("cut_off"))["last"]
    held = MeasuredPeriod.objects.aggregate(last=Max("cut_off"))["last"]
    if not (cut_off or held):
        return None
    return Refresh.objects.create(
        kind=kind, cause=cause[:120], began_at=now, ended_at=now, cut_off=cut_off or held
    )


def _end(refresh: Refresh, written: Written) -> Refresh:
    refresh.cells_changed, refresh.cells_removed = written.changed, written.removed
    refresh.ended_at = technical_now()
    refresh.save()
    return refresh
