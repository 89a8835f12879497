"""Rules over the rows of one episode, or over rows that should not both be there."""

from psycopg import sql

from pathways.checks.declarations import Rule, SetRule
from pathways.choices import Grade
from pathways.ndtms.fields import STAGED, Kind

# Rows of this return in the episode `e` of the doubtful that tell something of it.
_ROWS_OF_EPISODE = sql.SQL("""
    s.upload_id = %(upload)s AND NOT coalesce(s.unreadable ? '', false)
    AND s.agency_id IS NOT DISTINCT FROM e.agency_id
    AND s.client_ref = e.client_ref AND s.episode_ref = e.episode_ref
""")

_TWICE = SetRule(
    code="V04",
    grade=Grade.VALIDITY,
    sentence="Two rows are about the same modality (AGNCY, CLIENTID, EPISODID and MODID).",
    example="two rows for client C17, episode 2, modality 1",
    statement=sql.SQL("""
        SELECT agency_id, row, 'MODID', modality_ref, client_ref, episode_ref, ''
        FROM (
            SELECT s.agency_id, s.row, s.modality_ref, s.client_ref, s.episode_ref,
                count(*) OVER (
                    PARTITION BY s.agency_id, s.client_ref, s.episode_ref, s.modality_ref
                ) AS times
            FROM doubtful e JOIN pathways_stagedrow s ON {rows_of_episode}
            WHERE e.may_repeat AND s.consent <> 'N'
        ) keyed
        WHERE times > 1
    """).format(rows_of_episode=_ROWS_OF_EPISODE),
)

_OF_EPISODE = [used for used in STAGED if used.of_episode]


def _value(column: str, kind: Kind) -> sql.Composable:
    """The column where rows are compared; a day that is not given is a value like any other."""
    if kind is Kind.DAY:
        return sql.SQL("coalesce(s.{}, '-infinity')").format(sql.Identifier(column))
    return sql.SQL("s.{}").format(sql.Identifier(column))


# The hash of all episode values, made while reading, finds the episodes; the columns are compared
# only there. Where no column tells the rows apart it is the attributor.
_DISAGREE = SetRule(
    code="V26",
    grade=Grade.VALIDITY,
    sentence="The rows of one episode do not agree on a value that belongs to the episode.",
    example="DISD 4 May 2006 in one row of episode 2 and empty in another",
    statement=sql.SQL("""
        SELECT c.agency_id, c.row, f.field, '', c.client_ref, c.episode_ref, ''
        FROM (
            SELECT s.agency_id, s.client_ref, s.episode_ref, max(s.row) AS row, {compared}
            FROM doubtful e JOIN pathways_stagedrow s ON {rows_of_episode}
            WHERE e.disagrees
            GROUP BY s.agency_id, s.client_ref, s.episode_ref
        ) c CROSS JOIN LATERAL (
            SELECT field FROM (VALUES {fields}) f (field, differs) WHERE differs
            UNION ALL SELECT '' WHERE NOT ({any_field})
        ) f
    """).format(
        rows_of_episode=_ROWS_OF_EPISODE,
        compared=sql.SQL(", ").join(
            sql.SQL("count(DISTINCT {}) {} > 1 AS {}").format(
                _value(used.column, used.kind),
                sql.SQL("" if used.header == "CONSENT" else "FILTER (WHERE s.consent <> 'N')"),
                sql.Identifier(used.header),
            )
            for used in _OF_EPISODE
        ),
        fields=sql.SQL(", ").join(
            sql.SQL("({}, c.{})").format(sql.Literal(used.header), sql.Identifier(used.header))
            for used in _OF_EPISODE
        ),
        any_field=sql.SQL(" OR ").join(
            sql.SQL("c.{}").format(sql.Identifier(used.header)) for used in _OF_EPISODE
        ),
    ),
)

_WITHOUT_MODALITY = SetRule(
    code="Q05",
    grade=Grade.QUALITY,
    sentence="The episode has no modality (MODAL).",
    example="one row for episode 2, with MODAL and its dates empty",
    statement=sql.SQL("""
        SELECT e.agency_id, e.first_row, 'MODAL', '', e.client_ref, e.episode_ref, ''
        FROM reported e
        WHERE e.is_named AND e.is_without_modality
    """),
)

RULES: tuple[Rule, ...] = (_TWICE, _DISAGREE, _WITHOUT_MODALITY)
