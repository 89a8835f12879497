"""Rules over a whole return, held against what the agency reported before.

The agency's last return is the versions it brought and the episodes it repeated. A return tells
of its financial year so far (an assumption): what ended before `year_began` has not vanished. What
a file leaves out stays as it is until the agency confirms the removal.
"""

from psycopg import sql

from pathways.checks.declarations import ReadingRule, Rule, SetRule
from pathways.choices import Grade

# One line an agency of the file: its episodes and those open, without rows that cannot be placed.
_NOW = sql.SQL("""
    now AS (
        SELECT agency_id, count(*) AS episodes, count(*) FILTER (WHERE is_open) AS open
        FROM reported
        WHERE agency_id IS NOT NULL AND is_named AND rows > 0
        GROUP BY agency_id
    )
""")
# The newest loaded return of each agency of the file.
_LAST = sql.SQL("""
    last AS (
        SELECT DISTINCT ON (r.agency_id) r.agency_id, r.id, r.month, r.episodes
        FROM pathways_return r JOIN now USING (agency_id)
        WHERE r.state = 'LOADED'
        ORDER BY r.agency_id, r.sequence DESC
    )
""")

_OPEN_JUMP = SetRule(
    code="R01",
    grade=Grade.RETURN,
    sentence="The number of open episodes has jumped since the last return.",
    example="120 episodes open in April, 40 in May",
    statement=sql.SQL("""
        WITH {now}, {last}, before AS (
            SELECT e.agency_id, count(*) AS open
            FROM pathways_episode e JOIN last USING (agency_id)
            WHERE e.is_current AND e.discharged_on IS NULL
            GROUP BY e.agency_id
        )
        SELECT now.agency_id, NULL::integer, 'DISD', '', '', '',
            format('%%s episodes are open; before this return %%s were.', now.open, before.open)
        FROM now JOIN before USING (agency_id)
        WHERE greatest(now.open, before.open) >= %(whole_return_from_episodes)s
            AND abs(now.open - before.open) * 100 >= %(open_episodes_jump_percent)s * before.open
    """).format(now=_NOW, last=_LAST),
)

_VANISHED = SetRule(
    code="R02",
    grade=Grade.RETURN,
    sentence="Episodes of the last return are not in this one. They stay as they were unless you"
    " confirm that they are to be removed.",
    example="12 episodes of April are not in May",
    statement=sql.SQL("""
        WITH {now}, {last}, held AS (
            SELECT last.agency_id, e.id
            FROM last JOIN pathways_episode e
                ON e.agency_id = last.agency_id AND e.is_current AND e.reported_in_id = last.id
            UNION ALL
            SELECT last.agency_id, p.episode_id
            FROM last JOIN pathways_repeat p ON p.repeated_in_id = last.id
        ), named AS (
            SELECT DISTINCT agency_id, client_ref, episode_ref
            FROM pathways_stagedrow WHERE upload_id = %(upload)s
        ), withdrawn AS (
            SELECT DISTINCT agency_id, client_ref
            FROM pathways_stagedrow WHERE upload_id = %(upload)s AND consent = 'N'
        ), compared AS (
            SELECT held.agency_id, count(*) AS held, count(*) FILTER (
                WHERE named.agency_id IS NULL AND withdrawn.agency_id IS NULL
            ) AS gone
            FROM held JOIN pathways_episode e ON e.id = held.id
            LEFT JOIN named ON (named.agency_id, named.client_ref, named.episode_ref)
                = (held.agency_id, e.client_ref, e.episode_ref)
            LEFT JOIN withdrawn ON (withdrawn.agency_id, withdrawn.client_ref)
                = (held.agency_id, e.client_ref)
            WHERE e.is_current AND (e.discharged_on IS NULL OR e.discharged_on >= %(year_began)s)
            GROUP BY held.agency_id
        )
        SELECT agency_id, NULL::integer, 'EPISODID', '', '', '',
            format('%%s of the %%s episodes of your last return are not in this one.', gone, held)
        FROM compared
        WHERE gone > 0 AND gone * 100 > %(vanished_episodes_percent)s * held
    """).format(now=_NOW, last=_LAST),
)

_MISSING = SetRule(
    code="R03",
    grade=Grade.RETURN,
    sentence="Many values of a field are missing.",
    example="FAOMODDT is missing from 31 % of modalities",
    statement=sql.SQL("""
        SELECT r.agency_id, NULL::integer, missing.key, '', '', '',
            format('%%s is missing where it should be given in %%s of %%s rows.', missing.key,
                missing.value, r.rows - r.rows_without_consent)
        FROM pathways_return r CROSS JOIN jsonb_each_text(r.missing_by_field) missing
        WHERE r.upload_id = %(upload)s AND r.episodes >= %(whole_return_from_episodes)s
            AND missing.value::integer * 100
                > %(missing_values_percent)s * (r.rows - r.rows_without_consent)
    """),
)

_UNUSUAL = SetRule(
    code="R04",
    grade=Grade.RETURN,
    sentence="The return is much larger than usual.",
    example="900 episodes where earlier returns had 280 to 310",
    statement=sql.SQL("""
        WITH {now}, usual AS (
            SELECT agency_id, avg(episodes) AS episodes
            FROM (
                SELECT r.agency_id, r.episodes,
                    row_number() OVER (PARTITION BY r.agency_id ORDER BY r.sequence DESC) AS nth
                FROM pathways_return r JOIN now USING (agency_id)
                WHERE r.state = 'LOADED'
            ) earlier
            WHERE nth <= %(usual_volume_returns)s
            GROUP BY agency_id
        )
        SELECT now.agency_id, NULL::integer, '', '', '', '',
            format('It holds %%s episodes; the returns before it held %%s on average.',
                now.episodes, round(usual.episodes))
        FROM now JOIN usual USING (agency_id)
        WHERE now.episodes >= %(whole_return_from_episodes)s
            AND now.episodes >= %(unusual_volume_times)s * usual.episodes
    """).format(now=_NOW),
)

_AMBIGUOUS_DAYS = ReadingRule(
    code="R05",
    grade=Grade.RETURN,
    sentence="Every date could be read month first: check that days come before months.",
    example="03/04/2006 and no date after the twelfth of a month",
)

RULES: tuple[Rule, ...] = (_OPEN_JUMP, _VANISHED, _MISSING, _UNUSUAL, _AMBIGUOUS_DAYS)
