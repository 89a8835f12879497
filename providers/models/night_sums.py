"""Nights of spells that ended, added up by the database: a region's year is told without them.

Each statement that writes spells adds the difference it makes to a row of the service, kind of
place and month which nobody else is writing, or to a new one. So nobody waits for anybody, and two
who write of many services cannot cross. Rows of one service, kind and month add up.
"""

import pgtrigger
from django.db import models

from commissioning.scoping import Permitted
from providers.choices import OccupancyKind, PlaceKind
from providers.models.register import Service

_NEW, _OLD = "written", "gone"
_OCCUPIED, _OUT = OccupancyKind.OCCUPIED.value, OccupancyKind.OUT_OF_SERVICE.value


def _nights(*, new: bool = False, old: bool = False) -> str:
    """Each month of each ended spell that a statement wrote, less those it replaced. Places
    beyond capacity are counted nowhere."""
    spells = " UNION ALL ".join(
        f"SELECT place_id, kind, nights, {sign} AS sign FROM {table} WHERE is_ended"  # noqa: S608
        for table, sign, is_there in ((_NEW, 1, new), (_OLD, -1, old))
        if is_there
    )
    return f"""
    SELECT place.service_id, place.kind, month::date AS month, spell.kind = '{_OUT}' AS is_out,
           sign * (least(upper(nights), (month + interval '1 month')::date)
                   - greatest(lower(nights), month::date)) AS nights
      FROM ({spells}) spell
      JOIN providers_place place ON place.id = spell.place_id AND place.overbooked_for = ''
     CROSS JOIN LATERAL generate_series(date_trunc('month', lower(nights)::timestamp),
                                        upper(nights)::timestamp - interval '1 day',
                                        interval '1 month') AS month
     WHERE spell.kind IN ('{_OCCUPIED}', '{_OUT}')"""  # noqa: S608 - names and words of our own


def _add_up(difference: str) -> str:
    """The body of what follows a statement. A row that holds nothing any more goes."""
    return f"""
FOR change IN
    SELECT service_id, kind, month,
           coalesce(sum(nights) FILTER (WHERE NOT is_out), 0) AS occupied,
           coalesce(sum(nights) FILTER (WHERE is_out), 0) AS out_of_service
      FROM ({difference}) each_one
     GROUP BY service_id, kind, month
     ORDER BY month, service_id
LOOP
    CONTINUE WHEN (change.occupied, change.out_of_service) = (0, 0);
    SELECT id INTO free FROM providers_nightsum
     WHERE month = change.month AND service_id = change.service_id AND kind = change.kind
     LIMIT 1 FOR UPDATE SKIP LOCKED;
    IF NOT FOUND THEN
        INSERT INTO providers_nightsum (service_id, kind, month, occupied, out_of_service)
        VALUES (change.service_id, change.kind, change.month, change.occupied,
                change.out_of_service);
        CONTINUE;
    END IF;
    UPDATE providers_nightsum
       SET occupied = occupied + change.occupied,
           out_of_service = out_of_service + change.out_of_service
     WHERE id = free;
    DELETE FROM providers_nightsum WHERE id = free AND (occupied, out_of_service) = (0, 0);
END LOOP;
RETURN NULL;
"""  # noqa: S608 - names and words of our own


def _keeper(
    name: str, operation: pgtrigger.Operation, *, new: bool = False, old: bool = False
) -> pgtrigger.Trigger:
    return pgtrigger.Trigger(
        name=name,
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=operation,
        referencing=pgtrigger.Referencing(  # type: ignore[no-untyped-call]
            **({"new": _NEW} if new else {}), **({"old": _OLD} if old else {})
        ),
        declare=[("change", "record"), ("free", "providers_nightsum.id%TYPE")],
        func=_add_up(_nights(new=new, old=old)),
    )


# Of the spells.
KEEPERS = [
    _keeper("night_sums_take_in_spells", pgtrigger.Insert, new=True),
    _keeper("night_sums_follow_spells", pgtrigger.Update, new=True, old=True),
    _keeper("night_sums_let_spells_go", pgtrigger.Delete, old=True),
]
# Written by hand, the sums are refused: a depth of one is a statement that no trigger made.
_BY_HAND = """
IF pg_trigger_depth() < 2 THEN
    RAISE EXCEPTION 'The sums of nights come from spells.'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'night_sums_come_from_spells';
END IF;
RETURN coalesce(NEW, OLD);
"""


class NightSumQuerySet(Permitted["NightSum"]):
    """Sums of nights, in parts."""

    provider_path = "service__provider"


class NightSum(models.Model):
    """Part of the nights of a month on which places of a service had a spell that ended: all its
    rows add up to them.

    `month` is its first day. Kept by the triggers of spells, and not by a foreign key; it goes
    with the last of them.
    """

    service = models.ForeignKey(
        Service, models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False
    )
    kind = models.CharField(max_length=14, choices=PlaceKind.choices)
    month = models.DateField()
    occupied = models.IntegerField()
    out_of_service = models.IntegerField()

    objects = NightSumQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["month", "service"],
                include=["kind", "occupied", "out_of_service"],
                name="nights_of_a_month",
            )
        ]
        triggers = [
            pgtrigger.Trigger(
                name="night_sums_come_from_spells",
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                when=pgtrigger.Before,
                func=_BY_HAND,
            ),
        ]

    def __str__(self) -> str:
        return f"Part of {self.service} in {self.month:%b %Y}"
