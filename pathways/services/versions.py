"""Versions of episodes coming and going, as statements over sets, in the caller's transaction.

The temporary tables, beside those of `pathways.selectors.incoming`: `gone` (versions superseded by
nothing) and `touched` (people whose journeys may differ afterwards).
"""

from collections.abc import Sequence
from typing import Any, Final

from django.db import connection
from psycopg import sql

from pathways.models import Upload
from pathways.selectors.incoming import (
    EPISODE_VALUES,
    MODALITY_VALUES,
    STAGED_MODALITY,
    clear_away,
    columns,
    lay_out,
)

_GONE: Final = """
    CREATE TEMP TABLE gone ON COMMIT DROP AS
    SELECT return_id, episode_id FROM withdrawn
    UNION
    SELECT v.return_id, v.episode_id
    FROM vanished v JOIN pathways_return r ON r.id = v.return_id AND r.removal_confirmed
"""
_SUPERSEDE: Final = """
    UPDATE pathways_episode e SET is_current = false, superseded_by_id = s.return_id
    FROM (
        SELECT return_id, current_id AS episode_id FROM incoming WHERE fate = 'CHANGED'
        UNION ALL SELECT return_id, episode_id FROM gone
    ) s
    WHERE e.id = s.episode_id
"""
_BRING: Final = sql.SQL(
    """
    INSERT INTO pathways_episode
        (id, reported_in_id, agency_id, client_ref, episode_ref, is_current, {names})
    SELECT i.new_id, i.return_id, i.agency_id, i.client_ref, i.episode_ref, true, {values}
    FROM incoming i JOIN pathways_stagedrow s ON s.upload_id = %(upload)s AND s.row = i.row
    WHERE i.new_id IS NOT NULL
    """
).format(
    names=sql.SQL(", ").join(map(sql.Identifier, EPISODE_VALUES)),
    values=columns(EPISODE_VALUES, "s"),
)
_BRING_MODALITIES: Final = sql.SQL(
    """
    INSERT INTO pathways_modality (episode_id, {names})
    SELECT i.new_id, {values}
    FROM incoming i
    JOIN lines l ON l.first_row = i.row AND l.has_modality
    JOIN pathways_stagedrow s ON s.upload_id = %(upload)s AND s.row = l.row
    WHERE i.new_id IS NOT NULL
    """
).format(names=sql.SQL(", ").join(map(sql.Identifier, MODALITY_VALUES)), values=STAGED_MODALITY)
_REPEAT: Final = """
    INSERT INTO pathways_repeat (repeated_in_id, episode_id)
    SELECT i.return_id, i.current_id
    FROM incoming i
    WHERE i.fate IN ('SAME', 'LEFT_OUT') AND i.current_id IS NOT NULL
        AND NOT EXISTS (SELECT FROM gone g WHERE g.episode_id = i.current_id)
"""
# The returns take their places in their agencies' order, with what became of their episodes.
_NUMBER: Final = """
    WITH fates AS (
        SELECT return_id, count(*) FILTER (WHERE fate = 'ADDED') AS added,
            count(*) FILTER (WHERE fate = 'CHANGED') AS changed,
            count(*) FILTER (WHERE fate = 'SAME') AS same
        FROM incoming GROUP BY return_id
    ), gaps AS (
        SELECT return_id, count(*) AS vanished FROM vanished GROUP BY return_id
    )
    UPDATE pathways_return r SET
        state = 'LOADED', loaded_at = now(), sequence = n.following,
        episodes_added = n.added, episodes_changed = n.changed,
        episodes_unchanged = n.same, episodes_vanished = n.vanished
    FROM (
        SELECT t.id, coalesce(f.added, 0) AS added, coalesce(f.changed, 0) AS changed,
            coalesce(f.same, 0) AS same, coalesce(g.vanished, 0) AS vanished,
            1 + coalesce((
                SELECT max(o.sequence) FROM pathways_return o WHERE o.agency_id = t.agency_id
            ), 0) AS following
        FROM pathways_return t
        LEFT JOIN fates f ON f.return_id = t.id
        LEFT JOIN gaps g ON g.return_id = t.id
        WHERE t.upload_id = %(upload)s
    ) n
    WHERE r.id = n.id
"""

# What an agency's newest returns brought is current until they are undone, and found by agency.
_TOUCHED: Final = """
    CREATE TEMP TABLE touched ON COMMIT DROP AS
    SELECT e.person
    FROM pathways_return r JOIN pathways_episode e
        ON e.agency_id = r.agency_id AND e.is_current AND e.reported_in_id = r.id
    WHERE r.id = ANY(%(returns)s)
    UNION
    SELECT person FROM pathways_episode WHERE superseded_by_id = ANY(%(returns)s)
"""
# All that touched people have now or had before: a journey of theirs may join agencies.
_SCOPE: Final = """
    SELECT
        coalesce(array_agg(DISTINCT agency_id), '{}'),
        coalesce(array_agg(DISTINCT partnership_id)
            FILTER (WHERE partnership_id IS NOT NULL), '{}'),
        min(earliest),
        CASE WHEN bool_and(are_discharged) THEN max(latest) END
    FROM (
        SELECT e.agency_id, e.partnership_id, min(e.referred_on) AS earliest,
            max(e.discharged_on) AS latest,
            bool_and(e.discharged_on IS NOT NULL) AS are_discharged
        FROM touched t JOIN pathways_episode e USING (person)
        WHERE e.is_current OR e.reported_in_id = ANY(%(returns)s)
            OR e.superseded_by_id = ANY(%(returns)s)
        GROUP BY e.agency_id, e.partnership_id
    ) places
"""
_TAKE_BACK: Final = """
    UPDATE pathways_episode e SET is_current = false
    FROM pathways_return r
    WHERE r.id = %(return)s AND e.agency_id = r.agency_id AND e.is_current
        AND e.reported_in_id = r.id
"""
_BRING_BACK: Final = """
    UPDATE pathways_episode SET is_current = true, superseded_by_id = NULL
    WHERE superseded_by_id = %(return)s
"""
_OURS: Final = "DROP TABLE IF EXISTS pg_temp.gone"


def prepare_for_sets() -> None:
    """For this transaction: as long as it takes, and memory to sort what a country reports."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = '15min'")
        cursor.execute("SET LOCAL lock_timeout = '10min'")
        cursor.execute("SET LOCAL work_mem = '128MB'")


def bring_versions(*, upload: Upload) -> None:
    """Make what the checked file says current: its versions, what it supersedes and repeats, and
    its returns LOADED in their agencies' order."""
    lay_out(upload)
    given = {"upload": upload.pk}
    with connection.cursor() as cursor:
        cursor.execute(_OURS)
        cursor.execute(_GONE)
        for statement in (_SUPERSEDE, _BRING, _BRING_MODALITIES, _REPEAT, _NUMBER):
            cursor.execute(statement, given)
        cursor.execute(_OURS)
    clear_away()


def take_back_versions(*, return_id: int) -> None:
    """The versions the return brought are no longer current; those it superseded are again."""
    with connection.cursor() as cursor:
        cursor.execute(_TAKE_BACK, {"return": return_id})
        cursor.execute(_BRING_BACK, {"return": return_id})


def note_touched(*, returns: Sequence[int]) -> dict[str, Any]:
    """Write the people whose episodes the returns brought or superseded into `touched`.

    Gives what an event tells of them, and what they had before too: `agencies` and `partnerships`
    (ids), `earliest` and `latest` (ISO days of their first referral and last discharge; no
    `latest` while any of them is in treatment, no `earliest` when nobody was touched).
    """
    given = {"returns": list(returns)}
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS pg_temp.touched")
        cursor.execute(_TOUCHED, given)
        cursor.execute("ANALYZE touched")
        cursor.execute(_SCOPE, given)
        agencies, partnerships, earliest, latest = cursor.fetchone()
    return {
        "agencies": agencies,
        "partnerships": partnerships,
        "earliest": earliest and earliest.isoformat(),
        "latest": latest and latest.isoformat(),
    }
