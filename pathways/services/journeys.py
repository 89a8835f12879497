"""Deriving journeys: each person's episodes swept in order of begin, joined while they touch.

A journey holds adult drug episodes outside prison with a started structured modality. A new one
begins when an episode begins later than every earlier one has ended, so many days added (the
rule set's `journey_join_days`): the running maximum decides, not the row before.
"""

from typing import Any, Final

from django.db import connection, transaction
from psycopg import sql

from commissioning.models import RuleSet
from pathways.models import Journey

LOCK: Final = "SELECT pg_advisory_xact_lock(hashtext('pathways.journeys'))"

OF_THE_TOUCHED: Final = sql.SQL("JOIN touched USING (person)")
OF_EVERYBODY: Final = sql.SQL("")

# A journey is known by an episode of the person's, whether or not that is current still.
FORGET: Final = """
    DELETE FROM pathways_journey j
    USING touched JOIN pathways_episode e USING (person)
    WHERE j.id = e.id
"""

# Each episode of treatment once, with the structured modality of it that was asked for first.
TREATED: Final = sql.SQL(
    """
    CREATE TEMP TABLE treated ON COMMIT DROP AS
    SELECT DISTINCT ON (e.id) e.person, e.id AS episode_id, a.code COLLATE "C" AS agency,
        e.episode_ref COLLATE "C" AS episode_ref, e.client_ref COLLATE "C" AS client_ref,
        e.triaged_on, e.discharged_on, e.discharge_reason, e.partnership_id, e.residence,
        e.agency_id, m.id AS modality_id, m.ref COLLATE "C" AS modality_ref, m.referred_on,
        m.started_on, min(m.started_on) OVER (PARTITION BY e.id) AS first_treated_on
    FROM pathways_episode e
    {of_whom}
    JOIN providers_agency a ON a.id = e.agency_id AND NOT a.is_prison
    JOIN pathways_modality m ON m.episode_id = e.id
    WHERE e.is_current AND e.age_at_triage >= %(adult_age)s
        AND e.main_drug <> ALL(%(alcohol)s)
        AND m.started_on IS NOT NULL AND m.kind = ANY(%(structured)s)
    ORDER BY e.id, m.referred_on, m.started_on, m.ref COLLATE "C"
    """
)

# `number` counts a person's journeys. A journey is known by its first episode, its last says when
# and why it ended, and of its modalities the first that was asked for decides its wait. Most
# people have one episode, which is the whole of their journey: nothing there to put in order.
# Written in the order of the index, side by side.
JOURNEYS: Final = sql.SQL(
    """
    INSERT INTO pathways_journey (
        id, first_episode_id, person, partnership_id, residence, agency_id, started_on,
        first_treated_on, first_modality_id, last_episode_id, ended_on, discharge_reason,
        rule_set_id
    )
    WITH several AS (
        SELECT person FROM treated GROUP BY person HAVING count(*) > 1
    ), swept AS (
        SELECT t.*, coalesce(begins > max(joins_until) OVER (
            PARTITION BY person ORDER BY begins, episode_id
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ), true) AS is_new
        FROM (
            SELECT *, least(first_treated_on, triaged_on + %(join_days)s) AS begins,
                coalesce(discharged_on + %(join_days)s, 'infinity') AS joins_until
            FROM treated
            WHERE person IN (SELECT person FROM several)
        ) t
    ), numbered AS (
        SELECT s.*, count(*) FILTER (WHERE is_new) OVER (
            PARTITION BY person ORDER BY begins, episode_id
        ) AS number
        FROM swept s
    ), joined AS (
        SELECT DISTINCT ON (person, number) {first},
            min(first_treated_on) OVER by_end AS first_treated_on,
            first_value(modality_id) OVER by_request AS modality_id,
            first_value(episode_id) OVER by_end AS last_id,
            first_value(discharged_on) OVER by_end AS ended_on,
            first_value(discharge_reason) OVER by_end AS reason
        FROM numbered
        WINDOW by_request AS (
            PARTITION BY person, number
            ORDER BY referred_on, started_on, agency, episode_ref, modality_ref, client_ref
        ), by_end AS (
            PARTITION BY person, number
            ORDER BY coalesce(discharged_on, 'infinity') DESC, agency DESC, episode_ref DESC,
                client_ref DESC
            ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
        )
        ORDER BY person, number, triaged_on, agency, episode_ref, client_ref
    )
    SELECT episode_id, {first}, first_treated_on, modality_id, last_id, ended_on,
        CASE WHEN ended_on IS NOT NULL THEN reason ELSE '' END, %(rule_set)s
    FROM (
        SELECT * FROM joined
        UNION ALL
        SELECT {first}, first_treated_on, modality_id, episode_id, discharged_on,
            discharge_reason
        FROM treated
        WHERE person NOT IN (SELECT person FROM several)
    ) journeys
    ORDER BY episode_id
    """
).format(first=sql.SQL("episode_id, person, partnership_id, residence, agency_id, triaged_on"))


def lock_journeys() -> None:
    """Until this transaction ends nobody else derives journeys. Two returns may share a person."""
    with connection.cursor() as cursor:
        cursor.execute(LOCK)


def standing_rule_set(*, otherwise: RuleSet) -> RuleSet:
    """The rule set by which all journeys stand now. They change over together, by
    `rebuild_all_journeys`, and never a few at a time."""
    journey = Journey.objects.select_related("rule_set").order_by("pk").first()
    return journey.rule_set if journey else otherwise


def rebuild_journeys(*, rule_set: RuleSet) -> int:
    """Derive again the journeys of the people in the temporary table `touched(person)`.

    Within the caller's transaction, which first took `lock_journeys`. Gives how many journeys
    there are now.
    """
    with connection.cursor() as cursor:
        cursor.execute(FORGET)
    return _derive(OF_THE_TOUCHED, rule_set)


@transaction.atomic
def rebuild_all_journeys(*, rule_set: RuleSet) -> int:
    """Derive everybody's journeys by the rule set: nightly, and after a rule set is published."""
    lock_journeys()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = '15min'")
        cursor.execute("SET LOCAL work_mem = '128MB'")
        cursor.execute("DELETE FROM pathways_journey")
    return _derive(OF_EVERYBODY, rule_set)


def _derive(of_whom: sql.SQL, rule_set: RuleSet) -> int:
    settings = rule_set.read()
    given: dict[str, Any] = {
        "join_days": settings.journey_join_days,
        "adult_age": settings.adult_age,
        "alcohol": list(settings.alcohol_main_drug_codes),
        "structured": list(settings.structured_modals),
        "rule_set": rule_set.pk,
    }
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS pg_temp.treated")
        cursor.execute(TREATED.format(of_whom=of_whom), given)
        cursor.execute("ANALYZE treated")
        cursor.execute(JOURNEYS, given)
        journeys: int = cursor.rowcount
        cursor.execute("DROP TABLE treated")
    return journeys
