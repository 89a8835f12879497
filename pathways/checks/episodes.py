"""The episodes a file names, gathered once for all checks that ask about more than one row."""

from typing import Final

from psycopg import sql

# A row whose shape is wrong tells nothing of its episode; a row without consent says it has none.
_TELLS: Final = sql.SQL("s.consent <> 'N' AND NOT coalesce(s.unreadable ? '', false)")

FORGET_EPISODES: Final = sql.SQL("DROP TABLE IF EXISTS pg_temp.reported, pg_temp.doubtful")

# One line an episode. `rows`, `first_row` and `is_open` are of rows with consent; it `disagrees`
# where values of the episode itself differ between its rows, and it `may_repeat` a modality where
# two rows are of the same or more than two may be.
GATHER_EPISODES: Final = sql.SQL("""
    CREATE TEMP TABLE reported ON COMMIT DROP AS
    SELECT s.agency_id, s.client_ref, s.episode_ref,
        count(*) FILTER (WHERE s.consent <> 'N') AS rows,
        min(s.row) FILTER (WHERE s.consent <> 'N') AS first_row,
        coalesce(bool_and(s.discharged_on IS NULL) FILTER (WHERE s.consent <> 'N'), false)
            AS is_open,
        min(s.episode_values) IS DISTINCT FROM max(s.episode_values)
            OR (bool_or(s.consent = 'N') AND bool_or(s.consent <> 'N')) AS disagrees,
        count(*) FILTER (WHERE s.consent <> 'N') > 2
            OR (count(*) FILTER (WHERE s.consent <> 'N') = 2
                AND min(s.modality_ref) FILTER (WHERE s.consent <> 'N')
                    = max(s.modality_ref) FILTER (WHERE s.consent <> 'N')) AS may_repeat,
        coalesce(
            bool_and(s.modality_kind IS NULL AND NOT coalesce(s.unreadable ? 'MODAL', false))
            FILTER (WHERE {tells}), false) AS is_without_modality,
        s.client_ref <> '' AND s.episode_ref <> '' AS is_named
    FROM pathways_stagedrow s
    WHERE s.upload_id = %(upload)s
    GROUP BY s.agency_id, s.client_ref, s.episode_ref
""").format(tells=_TELLS)

# The few whose rows have to be compared with each other.
GATHER_DOUBTFUL: Final = sql.SQL("""
    CREATE TEMP TABLE doubtful ON COMMIT DROP AS
    SELECT agency_id, client_ref, episode_ref, disagrees, may_repeat
    FROM reported
    WHERE is_named AND (disagrees OR may_repeat)
""")
KNOW_DOUBTFUL: Final = sql.SQL("ANALYZE doubtful")

COUNT_EPISODES: Final = sql.SQL("""
    UPDATE pathways_return r SET episodes = n.episodes, episodes_rejected = n.rejected
    FROM (
        SELECT e.agency_id, count(*) AS episodes, count(f.agency_id) AS rejected
        FROM reported e LEFT JOIN (
            SELECT DISTINCT agency_id, client_ref, episode_ref
            FROM pathways_finding
            WHERE upload_id = %(upload)s AND grade = 'VALIDITY'
        ) f USING (agency_id, client_ref, episode_ref)
        WHERE e.rows > 0
        GROUP BY e.agency_id
    ) n
    WHERE r.upload_id = %(upload)s AND r.agency_id = n.agency_id
""")
