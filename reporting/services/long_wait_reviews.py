"""Reviewing a wait of six weeks or longer: what its partnership says and does about it."""

import datetime as dt

from django.db import transaction

from commissioning.kernel.errors import DomainError
from commissioning.kernel.transitions import require_transition
from commissioning.models import Organisation, User
from commissioning.roles import Permission
from commissioning.services.access import require
from commissioning.services.audit import record
from commissioning.services.notices import tell
from reporting.choices import LONG_WAIT_TRANSITIONS, LongWaitCause, LongWaitState
from reporting.models import LongWait
from reporting.selectors.long_waits import VIEWED


class ReviewRefused(DomainError):
    """The review cannot be kept as it was written."""


class ChangedSinceOpened(DomainError):
    """Somebody else saved this review after the page was opened."""


@transaction.atomic
def review_long_wait(
    *, wait: LongWait, version: int, owner: User | None, cause: str, action: str, by: User
) -> LongWait:
    """Keep who looks after the wait, why it came about and what is being done.

    Raises `ChangedSinceOpened` when `version` is not the one held.
    """
    wait = _locked(wait, version=version, by=by, to=LongWaitState.REVIEWING)
    is_new = owner is not None and owner.pk != wait.owner_id
    if owner is not None and is_new:
        _require_reviewer(owner, wait)
    wait.owner = owner
    wait = _keep(wait, cause=cause, action=action, by=by, deed="long_wait.reviewed")
    if owner is not None and is_new and owner != by:
        tell(
            people=[owner],
            sentence=f"{by} asks you to look after a wait of {wait.days} days in "
            f"{wait.partnership}: review it",
            link=f"/long-waits/{wait.pk}/",
            cause=f"long-wait:{wait.pk}:owner:{wait.version}",
        )
    return wait


@transaction.atomic
def close_long_wait(
    *, wait: LongWait, version: int, cause: str, action: str, outcome: str, on: dt.date, by: User
) -> LongWait:
    """Close the review with its cause and outcome. Only a person closes one.

    Who closes a wait that nobody owns becomes its owner.
    """
    wait = _locked(wait, version=version, by=by, to=LongWaitState.CLOSED)
    if not cause or not outcome.strip():
        raise ReviewRefused("Say the cause and the outcome before you close this wait.")
    wait.owner, wait.outcome = wait.owner or by, outcome.strip()
    wait.closed_by, wait.closed_on = by, on
    return _keep(wait, cause=cause, action=action, by=by, deed="long_wait.closed")


@transaction.atomic
def record_view(*, wait: LongWait, by: User) -> None:
    """Keep in the trail that somebody opened this case."""
    record(VIEWED, wait, by=by, organisation=_organisation(wait))


@transaction.atomic
def record_download(*, by: User, rows: int, form: str, asked: str) -> None:
    """Keep in the trail that somebody took the list away: how many rows, filtered how."""
    record("long_wait.downloaded", by, by=by, rows=rows, format=form, filter=asked)


def _locked(wait: LongWait, *, version: int, by: User, to: LongWaitState) -> LongWait:
    """The row, locked, on its way to `to`; refused in the order: who, when, which version."""
    locked = (
        LongWait.objects.select_for_update(of=["self"])
        .select_related("owner", "partnership__organisation")
        .get(pk=wait.pk)
    )
    require(by, Permission.LONG_WAIT_REVIEW, organisation_id=locked.partnership_id)
    if locked.withdrawn_on is not None:
        raise ReviewRefused("The records no longer show this wait: there is nothing to review.")
    require_transition(
        LONG_WAIT_TRANSITIONS,
        current=LongWaitState(locked.state),
        to=to,
        sentence="This wait is closed, so its review can no longer be changed.",
    )
    if locked.version != version:
        raise ChangedSinceOpened(
            "Somebody saved this review after you opened it. What they saved is beside what you "
            "wrote: save again if yours should stand."
        )
    locked.state = to
    return locked


def _require_reviewer(owner: User, wait: LongWait) -> None:
    reviews = owner.reach(Permission.LONG_WAIT_REVIEW)
    if not owner.is_active or wait.partnership_id not in reviews.partnerships:
        raise ReviewRefused(f"{owner} does not review waits of {wait.partnership}.")


def _keep(wait: LongWait, *, cause: str, action: str, by: User, deed: str) -> LongWait:
    wait.cause, wait.action = cause, action.strip()
    if cause and cause not in LongWaitCause.values:
        raise ReviewRefused("Choose a cause from the list.")
    if cause == LongWaitCause.OTHER and not wait.action:
        raise ReviewRefused("Say in the action what the cause is, or choose one from the list.")
    wait.version += 1
    wait.save()
    record(
        deed,
        wait,
        by=by,
        organisation=_organisation(wait),
        owner=str(wait.owner) if wait.owner else "",
        cause=LongWaitCause(cause).label if cause else "",
        action=wait.action,
        outcome=wait.outcome,
    )
    return wait


def _organisation(wait: LongWait) -> Organisation | None:
    return wait.partnership.organisation if wait.partnership else None
