"""Evidence that the results no longer give: marked as not measured, from the day on.

A return is undone, a month is no longer complete, a share has nobody left in it: what was written
of it before would stand for ever. The earlier rows stay; a row without a value follows them.
"""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from commissioning.kernel.periods import Grain, Period
from commissioning.kernel.words import day
from commissioning.models import Evidence
from commissioning.reference.evidence import EVIDENCE
from reporting.engine.scope import run
from reporting.selectors.figures import Figures

MEASURED = [name for name, meant in EVIDENCE.items() if meant.by_year]

TAKE_AWAY = """
WITH held AS (
     SELECT DISTINCT ON (subject_id, name, period) subject_id, name, period, value
       FROM commissioning_evidence
      WHERE subject_id = ANY (%(subjects)s) AND name = ANY (%(names)s)
        AND period = ANY (%(periods)s) AND as_at <= %(on)s
      ORDER BY subject_id, name, period, as_at DESC)
INSERT INTO commissioning_evidence (subject_id, name, period, source, as_at)
SELECT held.subject_id, held.name, held.period, %(why)s, %(on)s
  FROM held
  LEFT JOIN unnest(%(subject)s::bigint[], %(name)s::text[], %(period)s::text[])
       AS given (subject_id, name, period) USING (subject_id, name, period)
 WHERE held.value IS NOT NULL AND given.name IS NULL
    ON CONFLICT (subject_id, name, period, as_at) DO UPDATE
   SET value = NULL, numerator = NULL, denominator = NULL, shown_value = NULL,
       shown_numerator = NULL, shown_denominator = NULL, source = excluded.source
"""


@dataclass(frozen=True)
class KnownPeriods:
    """What the results can be asked about: years as far as they go, and what of them is whole."""

    periods: Sequence[Period]
    reach: dt.date | None  # the last day that any return reaches

    def of(self, grain: Grain) -> list[Period]:
        return [one for one in self.periods if one.grain is grain]


def known_periods(figures: Figures) -> KnownPeriods:
    """Years that have begun, and months and quarters that are complete."""
    periods = figures.periods()
    shown = [figures.measured(one) for one in periods]
    reach = max((one.cut_off for one in shown if one), default=None)
    if reach is None:
        return KnownPeriods([], None)
    return KnownPeriods(
        [
            one
            for one in periods
            if (one.start if one.grain is Grain.YEAR else one.last_day) <= reach
        ],
        reach,
    )


def take_away(
    known: KnownPeriods,
    *,
    asked: Sequence[Period],
    given: Collection[tuple[int, str, str]],
    subjects: Collection[int],
    on: dt.date,
) -> int:
    """Mark what is held of the subjects and was not given this time; says how many rows.

    Looked at are the periods that were `asked` about, and those held of which nothing is known
    any more. An organisation that is none of the subjects keeps its last row: it has closed.
    """
    rows = Evidence.objects.filter(name__in=MEASURED).exclude(period="")
    held = set(rows.order_by().values_list("period", flat=True).distinct())
    lost = held - {one.code for one in known.periods}
    looked_at = [*lost, *(one.code for one in asked if one.code in held)]
    if not looked_at:
        return 0
    whose, called, period = zip(*given, strict=True) if given else ((), (), ())
    reach = f"returns to {day(known.reach)}" if known.reach else "no return is measured"
    return run(
        TAKE_AWAY,
        {
            "subjects": list(subjects),
            "names": MEASURED,
            "periods": looked_at,
            "subject": list(whose),
            "name": list(called),
            "period": list(period),
            "why": f"the results no longer give it; {reach}",
            "on": on,
        },
    )
