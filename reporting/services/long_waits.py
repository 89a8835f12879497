"""Finding waits of six weeks or longer, and reviewing them one by one.

`find_long_waits` brings the list up to date with the current records in two statements;
`review_long_wait` and `close_long_wait` are what a partnership does about a row of it.
"""

import datetime as dt

from django.db import connection, transaction

from commissioning.kernel.errors import DomainError
from commissioning.kernel.transitions import require_transition
from commissioning.models import RuleSet, User
from commissioning.roles import Permission
from commissioning.services.access import require
from commissioning.services.audit import record
from reporting.choices import LONG_WAIT_TRANSITIONS, LongWaitCause, LongWaitState
from reporting.models import LongWait

# Adults in drug treatment in the community who were referred for a structured intervention. The
# wait runs to the offer, else to the discharge, else (open) to the day of looking. A start with
# no date of offer is a missing value, not a wait.
WAITS = """
    SELECT episode.agency_id, episode.client_ref, episode.episode_ref,
           modality.ref AS modality_ref,
           episode.partnership_id, modality.kind, modality.referred_on,
           modality.first_offered_on AS offered_on,
           modality.first_offered_on IS NULL AND episode.discharged_on IS NULL AS is_open,
           COALESCE(modality.first_offered_on, episode.discharged_on, %(today)s)
             - modality.referred_on AS days
      FROM pathways_modality modality
      JOIN pathways_episode episode ON episode.id = modality.episode_id
      JOIN providers_agency agency ON agency.id = episode.agency_id
     WHERE episode.is_current
       AND NOT agency.is_prison
       AND modality.kind = ANY(%(structured)s)
       AND episode.age_at_triage >= %(adult)s
       AND NOT episode.main_drug = ANY(%(alcohol)s)
       AND (modality.first_offered_on IS NOT NULL OR modality.started_on IS NULL)
       AND modality.referred_on IS NOT NULL
"""

FIND = f"""
    INSERT INTO reporting_longwait AS held (
        agency_id, client_ref, episode_ref, modality_ref, partnership_id, kind, referred_on,
        offered_on, is_open, days, rule_set_id, found_on, reported_on, state,
        cause, action, outcome, version)
    SELECT waits.*, %(rule_set)s, %(today)s, %(today)s, 'FOUND', '', '', '', 1
      FROM ({WAITS}) waits
     WHERE days >= %(long)s
    ON CONFLICT (agency_id, client_ref, episode_ref, modality_ref) DO UPDATE
       SET partnership_id = excluded.partnership_id, kind = excluded.kind,
           referred_on = excluded.referred_on, offered_on = excluded.offered_on,
           is_open = excluded.is_open, days = excluded.days, withdrawn_on = NULL
     WHERE (held.partnership_id, held.kind, held.referred_on, held.offered_on, held.is_open,
            held.days, held.withdrawn_on)
           IS DISTINCT FROM
           (excluded.partnership_id, excluded.kind, excluded.referred_on, excluded.offered_on,
            excluded.is_open, excluded.days, NULL)
"""  # noqa: S608  # both parts are constants of this module

WITHDRAW = f"""
    UPDATE reporting_longwait held
       SET withdrawn_on = %(today)s
     WHERE held.withdrawn_on IS NULL
       AND NOT EXISTS (
           SELECT FROM ({WAITS}) waits
            WHERE waits.days >= %(long)s
              AND (waits.agency_id, waits.client_ref, waits.episode_ref, waits.modality_ref)
                  = (held.agency_id, held.client_ref, held.episode_ref, held.modality_ref))
"""  # noqa: S608


class ReviewRefused(DomainError):
    """The review cannot be kept as it was written."""


class ChangedSinceOpened(DomainError):
    """Somebody else saved this review after the page was opened."""


@transaction.atomic
def find_long_waits(*, rule_set: RuleSet, on: dt.date) -> int:
    """Bring the list up to date with the current records. Returns how many rows changed.

    A wait that the records no longer show is withdrawn, never deleted: its review stays.
    """
    settings = rule_set.read()
    values = {
        "today": on,
        "rule_set": rule_set.pk,
        "structured": [int(code) for code in settings.structured_modal_codes],
        "alcohol": list(settings.alcohol_main_drug_codes),
        "adult": settings.adult_age,
        "long": settings.long_wait_days,
    }
    with connection.cursor() as cursor:
        cursor.execute(FIND, values)
        changed = cursor.rowcount
        cursor.execute(WITHDRAW, values)
        return changed + cursor.rowcount


@transaction.atomic
def review_long_wait(
    *, wait: LongWait, version: int, owner: User | None, cause: str, action: str, by: User
) -> LongWait:
    """Keep who looks after the wait, why it came about and what is being done.

    Raises `ChangedSinceOpened` when `version` is not the one held.
    """
    wait = _locked(wait, version=version, by=by)
    _require_state(wait, to=LongWaitState.REVIEWING)
    wait.state = LongWaitState.REVIEWING
    _keep(wait, owner=owner, cause=cause, action=action, by=by, deed="long_wait.reviewed")
    return wait


@transaction.atomic
def close_long_wait(
    *, wait: LongWait, version: int, cause: str, action: str, outcome: str, on: dt.date, by: User
) -> LongWait:
    """Close the review with its cause and outcome. Only a person closes one."""
    wait = _locked(wait, version=version, by=by)
    _require_state(wait, to=LongWaitState.CLOSED)
    if not cause or not outcome.strip():
        raise ReviewRefused("Say the cause and the outcome before you close this wait.")
    wait.state, wait.outcome = LongWaitState.CLOSED, outcome.strip()
    wait.closed_by, wait.closed_on = by, on
    _keep(wait, owner=wait.owner or by, cause=cause, action=action, by=by, deed="long_wait.closed")
    return wait


def _locked(wait: LongWait, *, version: int, by: User) -> LongWait:
    require(by, Permission.LONG_WAIT_REVIEW, organisation_id=wait.partnership_id)
    locked = LongWait.objects.select_for_update(of=["self"]).get(pk=wait.pk)
    if locked.version != version:
        raise ChangedSinceOpened(
            "Somebody saved this review after you opened it. What you wrote is below, and what "
            "they saved is beside it: save again if yours should stand."
        )
    return locked


def _require_state(wait: LongWait, *, to: LongWaitState) -> None:
    require_transition(
        LONG_WAIT_TRANSITIONS,
        current=LongWaitState(wait.state),
        to=to,
        sentence="This wait is closed, so its review can no longer be changed.",
    )


def _keep(
    wait: LongWait, *, owner: User | None, cause: str, action: str, by: User, deed: str
) -> None:
    if cause and cause not in LongWaitCause.values:
        raise ReviewRefused("Choose a cause from the list.")
    wait.owner, wait.cause, wait.action = owner, cause, action.strip()
    wait.version += 1
    wait.save()
    record(
        deed,
        wait,
        by=by,
        organisation=wait.partnership.organisation if wait.partnership else None,
        cause=cause,
        action=wait.action,
        outcome=wait.outcome,
        owner=str(owner) if owner else "",
    )
