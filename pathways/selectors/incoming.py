"""What a checked file would change: the statements that loading and its preview share.

All of them are about one upload (`%(upload)s`). An episode is named by agency, CLIENTID and
EPISODID; rows without consent name none.
"""

import datetime as dt
from typing import Any, Final, LiteralString

from django.db import connection
from psycopg import sql

from commissioning.kernel.periods import Grain, Period
from pathways.models import Upload

# Values of an episode, by the same names in the staging table.
EPISODE_VALUES: Final[tuple[LiteralString, ...]] = (
    "person",
    "partnership_id",
    "residence",
    "dat",
    "sex",
    "age_at_triage",
    "ethnic",
    "referral_source",
    "referred_on",
    "triaged_on",
    "discharged_on",
    "discharge_reason",
    "care_planned_on",
    "main_drug",
    "second_drug",
    "third_drug",
    "route",
    "injecting",
    "accommodation_need",
    "pregnant",
    "hepatitis_b_status",
    "hepatitis_b_vaccination",
    "hepatitis_c_status",
    "hepatitis_c_tested",
    "employment",
    "dual_diagnosis",
    "previously_treated",
)
# Values of a modality, and what the staging table calls them.
MODALITY_VALUES: Final[dict[LiteralString, LiteralString]] = {
    "ref": "modality_ref",
    "kind": "modality_kind",
    "referred_on": "modality_referred_on",
    "first_offered_on": "first_offered_on",
    "started_on": "modality_started_on",
    "ended_on": "modality_ended_on",
    "exit": "modality_exit",
}


def columns(names: "tuple[LiteralString, ...]", of: LiteralString) -> sql.Composed:
    """`of.name, of.name, ...`"""
    return sql.SQL(", ").join(sql.Identifier(of, name) for name in names)


STAGED_MODALITY: Final = columns(tuple(MODALITY_VALUES.values()), "s")
HELD_MODALITY: Final = columns(tuple(MODALITY_VALUES), "m")

# The file's rows that can be placed and have consent, each with the first row of its episode. A
# copy, since of a copy the planner knows how long it is: the staging table was filled a moment
# ago, and what it was like before misleads. In the order of the episodes' index, so that what is
# written from it goes in side by side; of the values no more than that needs.
_LINES: Final = """
    CREATE TEMP TABLE lines ON COMMIT DROP AS
    SELECT agency_id, client_ref, episode_ref, row,
        min(row) OVER (PARTITION BY agency_id, client_ref, episode_ref) AS first_row,
        modality_kind IS NOT NULL AS has_modality
    FROM pathways_stagedrow
    WHERE upload_id = %(upload)s AND agency_id IS NOT NULL AND consent <> 'N'
"""
# Every episode the file names: LEFT_OUT for its errors, ADDED, or SAME until compared. `new_id` is
# what the version it brings will be known by, so that nothing has to be copied to number it.
_NAMED: Final = """
    CREATE TEMP TABLE incoming ON COMMIT DROP AS
    WITH left_out AS (
        SELECT DISTINCT f.agency_id, f.client_ref, f.episode_ref
        FROM pathways_finding f
        WHERE f.upload_id = %(upload)s AND f.grade = 'VALIDITY' AND f.agency_id IS NOT NULL
    )
    SELECT r.id AS return_id, n.agency_id, n.client_ref, n.episode_ref, n.row,
        c.id AS current_id,
        CASE
            WHEN l.agency_id IS NOT NULL THEN 'LEFT_OUT'
            WHEN c.id IS NULL THEN 'ADDED'
            ELSE 'SAME'
        END AS fate,
        CASE WHEN l.agency_id IS NULL AND c.id IS NULL
            THEN nextval('pathways_episode_id_seq') END AS new_id
    FROM lines n
    JOIN pathways_return r ON r.upload_id = %(upload)s AND r.agency_id = n.agency_id
    LEFT JOIN pathways_episode c
        ON c.is_current AND c.agency_id = n.agency_id AND c.client_ref = n.client_ref
        AND c.episode_ref = n.episode_ref
    LEFT JOIN left_out l
        ON l.agency_id = n.agency_id AND l.client_ref = n.client_ref
        AND l.episode_ref = n.episode_ref
    WHERE n.row = n.first_row
"""
# Those that say something new of what is held, of the episode or of any of its modalities.
_CHANGED: Final = sql.SQL(
    """
    WITH said AS (
        SELECT i.current_id, {staged_modality}
        FROM incoming i
        JOIN lines l ON l.first_row = i.row AND l.has_modality
        JOIN pathways_stagedrow s ON s.upload_id = %(upload)s AND s.row = l.row
        WHERE i.fate = 'SAME'
    ), held AS (
        SELECT i.current_id, {held_modality}
        FROM incoming i JOIN pathways_modality m ON m.episode_id = i.current_id
        WHERE i.fate = 'SAME'
    ), changed AS (
        SELECT current_id
        FROM ((TABLE said EXCEPT TABLE held) UNION ALL (TABLE held EXCEPT TABLE said)) differing
        UNION
        SELECT i.current_id
        FROM incoming i
        JOIN pathways_stagedrow s ON s.upload_id = %(upload)s AND s.row = i.row
        JOIN pathways_episode e ON e.id = i.current_id
        WHERE i.fate = 'SAME' AND ({staged_episode}) IS DISTINCT FROM ({held_episode})
    )
    UPDATE incoming i SET fate = 'CHANGED', new_id = nextval('pathways_episode_id_seq')
    FROM changed c WHERE c.current_id = i.current_id
    """
).format(
    staged_modality=STAGED_MODALITY,
    held_modality=HELD_MODALITY,
    staged_episode=columns(EPISODE_VALUES, "s"),
    held_episode=columns(EPISODE_VALUES, "e"),
)

_REFUSED: Final = """
    CREATE TEMP TABLE refused ON COMMIT DROP AS
    SELECT DISTINCT s.agency_id, s.client_ref
    FROM pathways_stagedrow s
    WHERE s.upload_id = %(upload)s AND s.agency_id IS NOT NULL AND s.consent = 'N'
        AND s.client_ref <> ''
"""
# Current episodes of clients whose consent the file withdraws, unless it brings them anew with
# consent.
_WITHDRAWN: Final = """
    CREATE TEMP TABLE withdrawn ON COMMIT DROP AS
    SELECT r.id AS return_id, e.id AS episode_id
    FROM refused w
    JOIN pathways_return r ON r.upload_id = %(upload)s AND r.agency_id = w.agency_id
    JOIN pathways_episode e
        ON e.is_current AND e.agency_id = w.agency_id AND e.client_ref = w.client_ref
    WHERE NOT EXISTS (
        SELECT FROM incoming i WHERE i.current_id = e.id AND i.fate <> 'LEFT_OUT'
    )
"""

# Episodes of the agency's last return that this one ought to hold and does not name. A return
# holds its financial year so far, from `%(year_began)s` on (an assumption): what ended earlier
# has not vanished.
_VANISHED: Final = """
    CREATE TEMP TABLE vanished ON COMMIT DROP AS
    WITH last_return AS (
        SELECT DISTINCT ON (l.agency_id) l.agency_id, l.id, this.id AS return_id
        FROM pathways_return l
        JOIN pathways_return this
            ON this.upload_id = %(upload)s AND this.agency_id = l.agency_id
        WHERE l.state = 'LOADED' AND l.id <> this.id
        ORDER BY l.agency_id, l.sequence DESC
    ), was_in_it AS (
        SELECT l.return_id, e.id AS episode_id
        FROM last_return l JOIN pathways_episode e
            ON e.agency_id = l.agency_id AND e.is_current AND e.reported_in_id = l.id
        UNION ALL
        SELECT l.return_id, p.episode_id
        FROM last_return l JOIN pathways_repeat p ON p.repeated_in_id = l.id
    )
    SELECT w.return_id, w.episode_id
    FROM was_in_it w JOIN pathways_episode e ON e.id = w.episode_id
    WHERE e.is_current AND (e.discharged_on IS NULL OR e.discharged_on >= %(year_began)s)
        AND NOT EXISTS (SELECT FROM incoming i WHERE i.current_id = e.id)
        AND NOT EXISTS (
            SELECT FROM refused w
            WHERE w.agency_id = e.agency_id AND w.client_ref = e.client_ref
        )
"""
_CLEAR_AWAY: Final = sql.SQL("DROP TABLE IF EXISTS {}").format(
    sql.SQL(", ").join(
        sql.Identifier("pg_temp", name)
        for name in ("lines", "incoming", "refused", "withdrawn", "vanished")
    )
)
# Sent together: a page asks once for all of it.
_LAY_OUT: Final = sql.SQL(";\n").join(
    [
        _CLEAR_AWAY,
        # A sample of the rows is enough to tell how many there are of what.
        sql.SQL("SET LOCAL default_statistics_target = 20"),
        sql.SQL(_LINES),
        sql.SQL("ANALYZE lines"),
        sql.SQL(_NAMED),
        sql.SQL("CREATE INDEX ON incoming (current_id) WHERE current_id IS NOT NULL"),
        sql.SQL("ANALYZE incoming"),
        _CHANGED,
        sql.SQL(_REFUSED),
        sql.SQL("CREATE INDEX ON refused (agency_id, client_ref)"),
        sql.SQL(_WITHDRAWN),
        sql.SQL(_VANISHED),
    ]
)


def lay_out(upload: Upload) -> None:
    """Lay out what the file would change, in temporary tables of the caller's transaction.

    `lines` (agency_id, client_ref, episode_ref, row, first_row, has_modality): the file's rows
    that have an agency and consent, with the first row of the same episode. `incoming` (return_id,
    agency_id, client_ref, episode_ref, row, current_id, fate, new_id): every episode the file
    names, its first row, the version that is current now and the number of the one it brings.
    Fates are LEFT_OUT for its errors, ADDED, CHANGED and SAME.
    `withdrawn` and `vanished` (return_id, episode_id): current versions of clients who withdrew
    consent, and of episodes of the agency's last return that this one ought to hold and does not
    name.
    """
    given: dict[str, Any] = {"upload": upload.pk, "year_began": year_began(upload.month)}
    with connection.cursor() as cursor:
        cursor.execute(_LAY_OUT, given)


def clear_away() -> None:
    """Drop what `lay_out` laid out, where the transaction has more to do."""
    with connection.cursor() as cursor:
        cursor.execute(_CLEAR_AWAY)


def year_began(month: dt.date) -> dt.date:
    """First day of the financial year that a return for the month tells of."""
    return Period.containing(month, Grain.YEAR).start
