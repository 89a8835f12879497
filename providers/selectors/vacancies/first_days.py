"""When a service that is full has a place free for as many nights."""

import datetime as dt
from collections.abc import Collection
from typing import Any

from django.db import connection

from providers.selectors.vacancies.asked import Asking, Wanted

# Before each spell of a place, and before it closes, lies a gap since the spell before; what has
# no end leaves none. Nobody knows a day of a place that stays taken until something is said.
_FIRST_DAYS = """
WITH held AS MATERIALIZED (
  SELECT id, service_id, greatest(opened_on, %(start)s) AS since,
         coalesce(closed_on, 'infinity') AS until
    FROM providers_place
   WHERE service_id = ANY(%(services)s) AND overbooked_for = ''
     AND (closed_on IS NULL OR closed_on > %(start)s)),
taken AS (
  SELECT held.id, service_id, since, lower(nights) AS begins,
         coalesce(upper(nights), 'infinity') AS ends
    FROM held
    JOIN providers_occupancy one ON one.place_id = held.id
   WHERE nights && daterange(%(start)s, NULL)
     AND (held_until IS NULL OR held_until > %(now)s)
   UNION ALL
  SELECT id, service_id, since, until, 'infinity' FROM held)
SELECT service_id, min(free_from)
  FROM (SELECT service_id, begins,
               greatest(since, max(ends) OVER (PARTITION BY id ORDER BY begins, ends
                        ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)) AS free_from
          FROM taken) gap
 WHERE isfinite(free_from) AND free_from + %(nights)s <= begins
 GROUP BY service_id
"""


def first_free_days(
    services: Collection[int], wanted: Wanted, asking: Asking
) -> dict[int, dt.date]:
    """The first day on which each service has a place free for as many nights; those of which
    nobody knows one are left out. One statement."""
    values: dict[str, Any] = {
        "services": list(services),
        "start": wanted.start,
        "nights": wanted.nights,
        "now": asking.now,
    }
    with connection.cursor() as asked:
        asked.execute(_FIRST_DAYS, values)
        return dict(asked.fetchall())
