"""What loading a checked file would change, against what its agencies' records say now."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from django.db import connection, transaction
from psycopg import sql

from pathways.models import Upload
from pathways.selectors.incoming import EPISODE_VALUES, columns, lay_out

_COUNTS: Final = """
    WITH ours AS (
        SELECT id FROM pathways_return
        WHERE upload_id = %(upload)s AND (%(agency)s::bigint IS NULL OR agency_id = %(agency)s)
    )
    SELECT
        count(*) FILTER (WHERE fate = 'ADDED'),
        count(*) FILTER (WHERE fate = 'CHANGED'),
        count(*) FILTER (WHERE fate = 'SAME'),
        count(*) FILTER (WHERE fate = 'LEFT_OUT'),
        (SELECT count(*) FROM vanished v JOIN ours ON ours.id = v.return_id),
        (SELECT count(*) FROM withdrawn w JOIN ours ON ours.id = w.return_id)
    FROM incoming i JOIN ours ON ours.id = i.return_id
"""
# The first of each kind, by its name: those that are new, vanished and withdrawn.
_NAMED: Final = """
    (
        SELECT 'added', agency_id, client_ref, episode_ref FROM incoming
        WHERE fate = 'ADDED' AND (%(agency)s::bigint IS NULL OR agency_id = %(agency)s)
        ORDER BY row LIMIT %(first)s
    ) UNION ALL (
        SELECT 'vanished', e.agency_id, e.client_ref, e.episode_ref
        FROM vanished v JOIN pathways_episode e ON e.id = v.episode_id
        WHERE %(agency)s::bigint IS NULL OR e.agency_id = %(agency)s
        ORDER BY e.agency_id, e.client_ref, e.episode_ref LIMIT %(first)s
    ) UNION ALL (
        SELECT 'withdrawn', e.agency_id, e.client_ref, e.episode_ref
        FROM withdrawn w JOIN pathways_episode e ON e.id = w.episode_id
        WHERE %(agency)s::bigint IS NULL OR e.agency_id = %(agency)s
        ORDER BY e.agency_id, e.client_ref, e.episode_ref LIMIT %(first)s
    )
"""
_CHANGED: Final = sql.SQL(
    """
    SELECT i.agency_id, i.client_ref, i.episode_ref, {held}, {said},
        (SELECT array_agg(ARRAY[m.ref, m.kind::text, m.referred_on::text,
                m.first_offered_on::text, m.started_on::text, m.ended_on::text, m.exit]
            ORDER BY m.ref)
            FROM pathways_modality m WHERE m.episode_id = i.current_id),
        (SELECT array_agg(ARRAY[x.modality_ref, x.modality_kind::text,
                x.modality_referred_on::text, x.first_offered_on::text,
                x.modality_started_on::text, x.modality_ended_on::text, x.modality_exit]
            ORDER BY x.modality_ref)
            FROM lines l
            JOIN pathways_stagedrow x ON x.upload_id = %(upload)s AND x.row = l.row
            WHERE l.first_row = i.row AND l.has_modality)
    FROM incoming i
    JOIN pathways_episode e ON e.id = i.current_id
    JOIN pathways_stagedrow s ON s.upload_id = %(upload)s AND s.row = i.row
    WHERE i.fate = 'CHANGED' AND (%(agency)s::bigint IS NULL OR i.agency_id = %(agency)s)
    ORDER BY i.row LIMIT %(first)s
    """
).format(held=columns(EPISODE_VALUES, "e"), said=columns(EPISODE_VALUES, "s"))
_VANISHED: Final = """
    SELECT a.code, e.client_ref, e.episode_ref, e.triaged_on, e.discharged_on, r.upload_id
    FROM vanished v
    JOIN pathways_episode e ON e.id = v.episode_id
    JOIN pathways_return r ON r.id = e.reported_in_id
    JOIN providers_agency a ON a.id = e.agency_id
    ORDER BY a.code, e.client_ref, e.episode_ref
"""


@dataclass(frozen=True)
class Named:
    """An episode by the codes it has at its agency."""

    agency_id: int
    client_ref: str
    episode_ref: str


@dataclass(frozen=True)
class Vanished:
    """An episode of the last return that the file does not name. `number`: who said so last."""

    agency: str
    client_ref: str
    episode_ref: str
    triaged_on: dt.date | None
    discharged_on: dt.date | None
    number: int


@dataclass(frozen=True)
class Change:
    """An episode that says something new: the values before and now, by the field's name.

    `modalities` are lists of ref, kind, referred, first offered, started, ended and exit.
    """

    episode: Named
    fields: Mapping[str, tuple[Any, Any]]


@dataclass(frozen=True)
class Difference:
    """Counts are of everything; the lists hold the first of each. `left_out`: for their errors."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    left_out: int = 0
    vanished: int = 0
    withdrawn: int = 0
    first_added: Sequence[Named] = field(default_factory=list)
    first_changed: Sequence[Change] = field(default_factory=list)
    first_vanished: Sequence[Named] = field(default_factory=list)
    first_withdrawn: Sequence[Named] = field(default_factory=list)


@transaction.atomic(savepoint=False)
def difference_of(upload: Upload, *, agency_id: int | None = None, first: int = 50) -> Difference:
    """What loading the checked file would change, of all its agencies or of one.

    The caller has seen to it that the reader may see the records of the return. A file that is
    loaded has no difference any more: its returns keep the counts.
    """
    given = {"upload": upload.pk, "agency": agency_id, "first": first}
    lay_out(upload)
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS, given)
        added, changed, unchanged, left_out, vanished, withdrawn = cursor.fetchone()
        cursor.execute(_NAMED, given)
        named: dict[str, list[Named]] = {}
        for kind, *codes in cursor.fetchall():
            named.setdefault(kind, []).append(Named(*codes))
        cursor.execute(_CHANGED, given)
        first_changed = [_change(row) for row in cursor.fetchall()]
    return Difference(
        added=added,
        changed=changed,
        unchanged=unchanged,
        left_out=left_out,
        vanished=vanished,
        withdrawn=withdrawn,
        first_added=named.get("added", []),
        first_changed=first_changed,
        first_vanished=named.get("vanished", []),
        first_withdrawn=named.get("withdrawn", []),
    )


@transaction.atomic(savepoint=False)
def vanished_from(upload: Upload) -> list[Vanished]:
    """Every episode that the checked file ought to hold and does not name, by its codes.

    The caller has seen to it that the reader may see the records of the return.
    """
    lay_out(upload)
    with connection.cursor() as cursor:
        cursor.execute(_VANISHED)
        return [Vanished(*row) for row in cursor.fetchall()]


def _change(row: tuple[Any, ...]) -> Change:
    agency_id, client_ref, episode_ref, *values = row
    size = len(EPISODE_VALUES)
    held, said = values[:size], values[size : 2 * size]
    before, now = values[2 * size :]
    fields = {
        name: (old, new)
        for name, old, new in zip(EPISODE_VALUES, held, said, strict=True)
        if old != new
    }
    if before != now:
        fields["modalities"] = (before or [], now or [])
    return Change(Named(agency_id, client_ref, episode_ref), fields)
