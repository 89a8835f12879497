"""Laying the stays of a market: what was said of each place, and its nights, for five years.

Each place has a stay every 65 days. The newest quarter is laid first and measured by itself.
"""

import datetime as dt
from typing import Final, LiteralString

from psycopg.sql import SQL, Identifier

from benchmarks import systems
from commissioning.models import Partnership
from config.local import roles

CYCLE, CYCLES = 65, 28  # days from one stay in a place to the next; about five years of them
QUARTER = range(CYCLES // 4)
REST = range(CYCLES // 4, CYCLES)

# One row a stay: of 65 days 45 to 61 are slept through, so that some 82 % of nights are.
STAYS: Final[LiteralString] = """
CREATE TEMPORARY TABLE stay ON COMMIT DROP AS
SELECT row_number() OVER (ORDER BY p.id, n) AS number, p.id AS place_id, n,
       %(today)s::date - p.id::int %% 65 - n * 65 AS since,
       %(today)s::date - p.id::int %% 65 - n * 65 + 45 + (p.id::int * 7 + n * 13) %% 17 AS until,
       (p.id::int * 31 + n * 17) %% 25 = 0 AS is_out,
       (%(partnerships)s::bigint[])[1 + (p.id::int + n) %% %(many)s] AS partnership_id,
       (SELECT coalesce(max(id), 0) FROM providers_placeevent) AS base
  FROM providers_place p, generate_series(%(first)s::int, %(last)s::int) n;
INSERT INTO providers_placeevent (id, place_id, kind, "on", until, about_id, partnership_id,
       "case", move_on, reason, cause, is_anew, made_at, system)
SELECT base + 3 * number + step, place_id, e.kind, e."on", e.until,
       CASE WHEN step > 0 THEN base + 3 * number END, partnership_id,
       CASE WHEN is_out THEN '' ELSE 'M-' || number END,
       CASE WHEN e.kind = 'LEFT' THEN 'OWN_HOME' ELSE '' END,
       CASE WHEN is_out THEN 'Repairs' ELSE '' END, '', false, now(), 'benchmark'
  FROM stay
 CROSS JOIN LATERAL (VALUES
       (0, CASE WHEN is_out THEN 'OUT_OF_SERVICE' ELSE 'BOOKED' END, since, until),
       (1, CASE WHEN NOT is_out THEN 'ADMITTED' END, since, until),
       (2, CASE WHEN is_out THEN 'BACK' ELSE 'LEFT' END, until, NULL))
       AS e (step, kind, "on", until)
 WHERE e.kind IS NOT NULL AND e."on" <= %(today)s
 ORDER BY place_id, e."on", step;
INSERT INTO providers_occupancy (place_id, nights, kind, began_id, planned_until, is_ended,
                                 partnership_id, "case")
SELECT place_id, daterange(since, until),
       CASE WHEN is_out THEN 'OUT_OF_SERVICE' ELSE 'OCCUPIED' END, base + 3 * number, until,
       until <= %(today)s, CASE WHEN NOT is_out THEN partnership_id END,
       CASE WHEN is_out THEN '' ELSE 'M-' || number END
  FROM stay
 ORDER BY place_id, since;
SELECT setval(pg_get_serial_sequence('providers_placeevent', 'id'), max(id))
  FROM providers_placeevent
"""
# What is checked row by row is set aside and put back after the rows, where it is checked as one:
# keys by a join, and a tree over ranges is built faster than it grows.
HELD_BACK: Final[LiteralString] = """
SELECT conrelid::regclass::text, conname::text, pg_get_constraintdef(oid) FROM pg_constraint
 WHERE conrelid IN ('providers_occupancy'::regclass, 'providers_placeevent'::regclass)
   AND contype IN ('f', 'x')
"""


def forget_stays(database: str) -> None:
    """The history of places and what is bought by the night, so that a quarter can be laid."""
    with roles.connected(systems.owner_of(database)) as connection:
        connection.execute(
            "TRUNCATE providers_placeevent, providers_occupancy, providers_nightsum CASCADE"
        )


def lay_stays(database: str, cycles: range, *, today: dt.date) -> None:
    """The stays of each place in so many of its cycles, counted back from today."""
    partnerships = list(Partnership.objects.order_by("pk").values_list("pk", flat=True))
    given = {
        "today": today,
        "partnerships": partnerships,
        "many": len(partnerships),
        "first": cycles[0],
        "last": cycles[-1],
    }
    with roles.connected(systems.owner_of(database)) as connection:
        with connection.transaction():
            held_back = connection.execute(HELD_BACK).fetchall()
            for table, name, _ in held_back:
                connection.execute(
                    SQL("ALTER TABLE {} DROP CONSTRAINT {}").format(
                        Identifier(table), Identifier(name)
                    )
                )
            for statement in STAYS.split(";\n"):
                connection.execute(statement, given)
            for table, name, definition in held_back:
                connection.execute(
                    SQL("ALTER TABLE {} ADD CONSTRAINT {} {}").format(
                        Identifier(table), Identifier(name), SQL(definition)
                    )
                )
        connection.execute("VACUUM (ANALYZE) providers_occupancy, providers_placeevent")
