"""How much of the places that contracts have bought is used, night by night."""

import datetime as dt
from dataclasses import dataclass

from django.db import connection

from providers.choices import OccupancyKind

# Nights sold in the period, and those of them on which somebody was there.
_USED = """
WITH sold AS (
  SELECT sold.contract_id, sold.place_id,
         sold.nights * daterange(%(from)s, %(until)s) AS nights
    FROM providers_contractplace sold
   WHERE sold.nights && daterange(%(from)s, %(until)s))
SELECT sold.contract_id,
       sum(upper(sold.nights) - lower(sold.nights))::int,
       coalesce(sum(used.nights), 0)::int
  FROM sold
  LEFT JOIN LATERAL (
       SELECT sum(upper(one.nights * sold.nights) - lower(one.nights * sold.nights)) AS nights
         FROM providers_occupancy one
        WHERE one.place_id = sold.place_id AND one.kind = %(kind)s
          AND one.nights && sold.nights) used ON true
 GROUP BY sold.contract_id
"""


@dataclass(frozen=True)
class PlaceUse:
    """Nights of places that were contracted, and used."""

    contracted: int
    used: int


def place_use(*, from_: dt.date, until: dt.date) -> dict[int, PlaceUse]:
    """Of every contract that has places in the days up to `until`, by id. One statement."""
    with connection.cursor() as asked:
        asked.execute(_USED, {"from": from_, "until": until, "kind": OccupancyKind.OCCUPIED.value})
        return {key: PlaceUse(held, used) for key, held, used in asked.fetchall()}
