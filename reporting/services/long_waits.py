"""Finding waits of six weeks or longer: the list follows the current records.

`find_long_waits` lays the long waits that the records show now beside the list that is held, and
brings the list up to date, a statement at a time over sets. What a person wrote about a wait is
never deleted: a wait that the records no longer show is withdrawn, and its review comes back with
it. Only where the wait turns out to be another partnership's does the review begin afresh.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.db import connection, transaction

from commissioning.models import RuleSet
from commissioning.scoping import System
from reporting.models import LongWait

FINDER: Final = System("Refresh of the figures")
# Held while the list is brought up to date: two at once would wait for each other's rows.
FINDING_LOCK: Final = 7_204_602

# Adults in drug treatment in the community who were referred for a structured intervention. The
# wait runs to the offer; without one, to the end of the intervention or of the episode; else it
# is open and runs to the last day known of the agency. A start with no offer is a missing value.
_WAITS: Final = """
    SELECT episode.agency_id, episode.client_ref, episode.episode_ref,
           modality.ref AS modality_ref,
           episode.partnership_id, modality.kind, modality.referred_on,
           modality.first_offered_on AS offered_on,
           modality.first_offered_on IS NULL AND modality.ended_on IS NULL
             AND episode.discharged_on IS NULL AS is_open,
           COALESCE(modality.first_offered_on,
                    LEAST(modality.ended_on, episode.discharged_on),
                    LEAST(known.until, %(today)s))
             - modality.referred_on AS days
      FROM pathways_modality modality
      JOIN pathways_episode episode ON episode.id = modality.episode_id
      JOIN providers_agency agency ON agency.id = episode.agency_id
      LEFT JOIN (SELECT agency_id, max(cut_off) AS until
                   FROM pathways_return
                  WHERE state = 'LOADED'
                  GROUP BY agency_id) known ON known.agency_id = episode.agency_id
     WHERE episode.is_current
       AND (%(agencies)s::bigint[] IS NULL OR episode.agency_id = ANY(%(agencies)s))
       AND NOT agency.is_prison
       AND modality.kind = ANY(%(structured)s)
       AND episode.age_at_triage >= %(adult)s
       AND episode.main_drug <> ALL(%(alcohol)s)
       AND (modality.first_offered_on IS NOT NULL OR modality.started_on IS NULL)
"""

# Each wait with what it means for the list: NEW to it, BACK on it, MOVED to another partnership
# while it was on it, CHANGED, or the SAME.
_LAY: Final = f"""
    CREATE TEMP TABLE long_wait_now ON COMMIT DROP AS
    SELECT waits.*,
           CASE WHEN held.id IS NULL THEN 'NEW'
                WHEN held.partnership_id IS DISTINCT FROM waits.partnership_id THEN 'MOVED'
                WHEN held.withdrawn_on IS NOT NULL THEN 'BACK'
                WHEN (held.kind, held.referred_on, held.offered_on, held.is_open, held.days)
                     IS DISTINCT FROM (waits.kind, waits.referred_on, waits.offered_on,
                                       waits.is_open, waits.days) THEN 'CHANGED'
                ELSE 'SAME' END AS fate,
           held.id AS held_id
      FROM ({_WAITS}) waits
      LEFT JOIN reporting_longwait held
        ON (held.agency_id, held.client_ref, held.episode_ref, held.modality_ref)
         = (waits.agency_id, waits.client_ref, waits.episode_ref, waits.modality_ref)
     WHERE waits.days >= %(long)s
       AND waits.referred_on + waits.days >= %(reviewed_from)s
"""  # noqa: S608 - the other part is a constant of this module

_GONE: Final = """
    held.withdrawn_on IS NULL
    AND (%(agencies)s::bigint[] IS NULL OR held.agency_id = ANY(%(agencies)s))
    AND NOT EXISTS (SELECT FROM long_wait_now found WHERE found.held_id = held.id)
"""

# In the trail: what leaves the list, comes back or goes to another partnership, with what its
# review said until then. That stays with the partnership that wrote it.
_TRACE: Final = f"""
    INSERT INTO commissioning_auditevent (
        at, person_id, system, action, subject_type, subject_key, organisation_id, details)
    SELECT now(), NULL, %(finder)s, deed, %(subject)s, id::text, partnership_id, said
      FROM (SELECT held.id, held.partnership_id,
                   CASE found.fate WHEN 'BACK' THEN 'long_wait.returned'
                                   ELSE 'long_wait.moved' END AS deed,
                   CASE found.fate WHEN 'BACK' THEN '{{}}'::jsonb
                                   ELSE jsonb_build_object(
                                     'cause', held.cause, 'action', held.action,
                                     'outcome', held.outcome) END AS said
              FROM long_wait_now found
              JOIN reporting_longwait held ON held.id = found.held_id
             WHERE found.fate IN ('BACK', 'MOVED')
             UNION ALL
            SELECT held.id, held.partnership_id, 'long_wait.withdrawn', '{{}}'::jsonb
              FROM reporting_longwait held
             WHERE {_GONE}) traced
"""  # noqa: S608

_WITHDRAW: Final = f"UPDATE reporting_longwait held SET withdrawn_on = %(today)s WHERE {_GONE}"  # noqa: S608

_KEEP: Final = """
    INSERT INTO reporting_longwait AS held (
        agency_id, client_ref, episode_ref, modality_ref, partnership_id, kind, referred_on,
        offered_on, is_open, days, rule_set_id, found_on, reported_on, state,
        cause, action, outcome, version)
    SELECT agency_id, client_ref, episode_ref, modality_ref, partnership_id, kind, referred_on,
           offered_on, is_open, days, %(rule_set)s, %(today)s, %(today)s, 'FOUND', '', '', '', 1
      FROM long_wait_now
     WHERE fate IN ('NEW', 'CHANGED', 'BACK')
    ON CONFLICT (agency_id, client_ref, episode_ref, modality_ref) DO UPDATE
       SET kind = excluded.kind, referred_on = excluded.referred_on,
           offered_on = excluded.offered_on, is_open = excluded.is_open, days = excluded.days,
           withdrawn_on = NULL
"""

# For its new partnership the wait is found today, and nothing is said about it yet.
_MOVE: Final = """
    UPDATE reporting_longwait held
       SET partnership_id = found.partnership_id, kind = found.kind,
           referred_on = found.referred_on, offered_on = found.offered_on,
           is_open = found.is_open, days = found.days, withdrawn_on = NULL,
           rule_set_id = %(rule_set)s, found_on = %(today)s, reported_on = %(today)s,
           state = 'FOUND', owner_id = NULL, cause = '', action = '', outcome = '',
           closed_by_id = NULL, closed_on = NULL, version = held.version + 1
      FROM long_wait_now found
     WHERE found.held_id = held.id AND found.fate = 'MOVED'
"""

_NEW: Final = """
    SELECT found.partnership_id, count(*)
      FROM long_wait_now found
      LEFT JOIN reporting_longwait held ON held.id = found.held_id
     WHERE found.fate IN ('NEW', 'BACK', 'MOVED') AND found.partnership_id IS NOT NULL
       AND (held.id IS NULL OR held.state <> 'CLOSED')
     GROUP BY found.partnership_id
"""


@dataclass(frozen=True)
class FoundWaits:
    """What a look at the records changed.

    `new` counts, by the partnership's id, what is on its list since now and is to be reviewed.
    """

    new: Mapping[int, int]
    changed: int
    withdrawn: int


@transaction.atomic
def find_long_waits(
    *, rule_set: RuleSet, on: dt.date, agency_ids: Iterable[int] | None = None
) -> FoundWaits:
    """Bring the list up to date with the current records of these agencies, or of all."""
    rules = rule_set.read()
    values: dict[str, Any] = {
        "today": on,
        "rule_set": rule_set.pk,
        "agencies": None if agency_ids is None else sorted(agency_ids),
        "structured": list(rules.structured_modals),
        "alcohol": list(rules.alcohol_main_drug_codes),
        "adult": rules.adult_age,
        "long": rules.long_wait_days,
        "reviewed_from": rules.long_wait_reviewed_from,
        "finder": FINDER.name,
        "subject": LongWait._meta.label_lower,
    }
    with connection.cursor() as cursor:

        def run(statement: str) -> int:
            cursor.execute(statement, values)
            return int(cursor.rowcount)

        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [FINDING_LOCK])
        cursor.execute("DROP TABLE IF EXISTS long_wait_now")
        run(_LAY)
        cursor.execute("ANALYZE long_wait_now")
        run(_TRACE)
        withdrawn = run(_WITHDRAW)
        changed = run(_KEEP) + run(_MOVE)
        run(_NEW)
        rows: list[Any] = cursor.fetchall()
    return FoundWaits(new=dict(rows), changed=changed, withdrawn=withdrawn)
