"""Every figure measured, against the least the same rows could cost."""

import datetime as dt
from collections.abc import Callable
from typing import Any
from unittest.mock import patch

from django.db import connection, transaction

from benchmarks.measuring import Line, Phases, median_of, ratio, taken
from reporting.engine.people import measure_people
from reporting.models import MeasuredPeriod
from reporting.services import refresh

TIMES_A_GROUP_BY, TIMES_A_COUNT = 60, 3
# How often that is run which it is held against: half a second often, twenty seconds a few times.
GROUP_BY_RUNS, COUNT_RUNS = 9, 3

GROUP_BY = """
SELECT episode.partnership_id, date_trunc('quarter', modality.started_on), modality.kind, count(*)
  FROM pathways_modality modality
  JOIN pathways_episode episode ON episode.id = modality.episode_id
 WHERE episode.is_current
 GROUP BY 1, 2, 3
"""
# Each person in each month, quarter and year of each stay, as the definition lists them.
COUNT_DISTINCT = """
WITH stay AS (
    SELECT episode.person, episode.partnership_id, min(modality.started_on) AS began,
           greatest(min(modality.started_on), coalesce(episode.discharged_on, %(until)s)) AS ended
      FROM pathways_episode episode
      JOIN pathways_modality modality ON modality.episode_id = episode.id
     WHERE episode.is_current AND modality.started_on IS NOT NULL
     GROUP BY episode.id
)
SELECT partnership_id, grain, period, count(DISTINCT person)
  FROM stay
 CROSS JOIN (VALUES ('month'), ('quarter'), ('year')) AS each (grain)
 CROSS JOIN LATERAL generate_series(
       date_trunc(grain, greatest(began, %(since)s)), ended,
       CASE grain WHEN 'quarter' THEN interval '3 months' ELSE ('1 ' || grain)::interval END
     ) AS met (period)
 GROUP BY 1, 2, 3
"""


class Watched:
    """What a refresh is given in place of a job: it notes when what was told."""

    def __init__(self) -> None:
        self.phases = Phases()

    def tell(self, done: int, total: int, note: str) -> None:
        self.phases.tell(done, total, note)

    def require_lease(self) -> None:
        self.phases.begin("Adding up and committing")


class People:
    """Seconds spent counting people, by kind of area."""

    def __init__(self, count: Callable[..., Any]) -> None:
        self._count = count
        self.seconds = 0.0

    def __call__(self, *given: Any, **named: Any) -> Any:
        with taken() as run:
            found = self._count(*given, **named)
        self.seconds += run.seconds
        return found


def bare(statement: str, *, times: int, **given: dt.date) -> float:
    """The median of some runs of a statement that reads and groups and keeps nothing."""

    def run() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = 0")
            cursor.execute("SET LOCAL work_mem = '192MB'")
            cursor.execute(statement, given or None)
            cursor.fetchall()

    return median_of(times, run)


def measure(cause: str, title: str) -> tuple[list[Line], float]:
    """One refresh of everything; its lines and its seconds."""
    people, watched = People(measure_people), Watched()
    with patch.object(refresh, "measure_people", people), taken() as whole:
        done = refresh.refresh_everything(cause=cause, run=watched)  # type: ignore[arg-type]
    watched.phases.end()
    assert done is not None  # noqa: S101 - a system with returns has figures
    group_by = bare(GROUP_BY, times=GROUP_BY_RUNS)
    count = bare(COUNT_DISTINCT, times=COUNT_RUNS, until=done.cut_off, since=_first_day())
    additive = whole.seconds - people.seconds
    lines = [
        ratio(
            f"{title}: additive families",
            additive,
            group_by,
            "bare GROUP BY by partnership, quarter and intervention",
            TIMES_A_GROUP_BY,
        ),
        ratio(
            f"{title}: people",
            people.seconds,
            count,
            "bare count(DISTINCT person) by partnership",
            TIMES_A_COUNT,
        ),
        Line(f"· {done.cells_changed:,} cells written", f"{whole.seconds:.1f} s together"),
    ]
    lines += [Line(f"· {phase.name}", f"{phase.seconds:.1f} s") for phase in watched.phases.found]
    return lines, whole.seconds


def _first_day() -> dt.date:
    return MeasuredPeriod.objects.order_by("start").values_list("start", flat=True)[0]
