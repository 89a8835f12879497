"""Confirming a checked file: the deed by which an agency answers for what it sent."""

from django.db import transaction
from django.db.models.functions import Now

from commissioning.kernel.errors import DomainError
from commissioning.kernel.transitions import require_transition
from commissioning.kernel.words import joined
from commissioning.models import User
from commissioning.roles import Permission
from commissioning.scoping import Actor
from commissioning.services.access import require
from commissioning.services.audit import record
from commissioning.services.jobs import announce
from pathways.choices import UPLOAD_TRANSITIONS, Grade, UploadState
from pathways.models import Finding, Return, Upload
from providers.models import Agency

# Findings of these grades load, once someone has said why they are as they are.
CONFIRMED_WITH_A_REASON = (Grade.QUALITY, Grade.RETURN)


class ReasonMissing(DomainError):
    """There are findings to confirm and nothing was said about them."""


class NothingToLoad(DomainError):
    """Every episode of the file is left out."""


class OvertakenByAnother(DomainError):
    """Another return of the agency came in between."""


@transaction.atomic
def confirm_upload(*, upload: Upload, reason: str, remove_vanished: bool, by: Actor) -> Upload:
    """Accept a checked file with its findings; it is loaded by a job.

    `reason` answers the findings of quality and of the whole return, and is kept.
    `remove_vanished`: the episodes of the agency's last return that this one no longer names are
    to be removed; otherwise they stay. Raises a `DomainError` with the sentence to show.
    """
    require(by, Permission.RETURN_SEND, organisation_id=upload.provider_id)
    upload = (
        Upload.objects.select_for_update(of=["self"])
        .select_related("provider__organisation")
        .get(pk=upload.pk)
    )
    require_transition(
        UPLOAD_TRANSITIONS,
        current=UploadState(upload.state),
        to=UploadState.CONFIRMED,
        sentence=_why_not(upload),
    )
    reason = reason.strip()
    _require_something_to_load(upload)
    _require_reason(upload, reason)
    _require_its_turn(upload)
    upload.state = UploadState.CONFIRMED
    upload.confirmed_at = Now()
    upload.confirmed_by = by if isinstance(by, User) else None
    upload.confirmed_reason = reason
    upload.save(update_fields=["state", "confirmed_at", "confirmed_by", "confirmed_reason"])
    upload.returns.update(removal_confirmed=remove_vanished)
    organisation = upload.provider.organisation if upload.provider else None
    record(
        "return.confirmed",
        upload,
        by=by,
        organisation=organisation,
        reason=reason,
        remove_vanished=remove_vanished,
    )
    announce(
        "upload.confirmed",
        cause=f"upload:{upload.number}:confirmed",
        title=f"Load return {upload.number}",
        by=by,
        organisation=organisation,
        upload=upload.number,
    )
    upload.refresh_from_db(fields=["confirmed_at"])
    return upload


def _why_not(upload: Upload) -> str:
    if upload.state in {UploadState.CONFIRMED, UploadState.LOADED}:
        who = f" by {upload.confirmed_by}" if upload.confirmed_by else ""
        return f"{upload} was already confirmed{who}."
    return {
        UploadState.UPLOADED: f"{upload} is still being checked. Confirm it once that is done.",
        UploadState.REJECTED: f"{upload} was rejected. Send a corrected file.",
        UploadState.UNDONE: f"{upload} was undone. Send the file again.",
    }.get(UploadState(upload.state), "")


def _require_something_to_load(upload: Upload) -> None:
    if not any(
        one.episodes > one.episodes_rejected or one.rows_without_consent
        for one in upload.returns.all()
    ):
        raise NothingToLoad(
            f"Every episode of {upload.filename} is left out for its errors, so there is nothing "
            "to load. Correct the file and send it again."
        )


def _require_reason(upload: Upload, reason: str) -> None:
    if reason:
        return
    rules = (
        Finding.objects.filter(upload=upload, grade__in=CONFIRMED_WITH_A_REASON)
        .order_by("rule")
        .values_list("rule", flat=True)
        .distinct()
    )
    if rules:
        raise ReasonMissing(
            f"Say why the findings of {joined(rules)} are right as they are: the reason is kept "
            "with the return."
        )


def _require_its_turn(upload: Upload) -> None:
    """An agency's returns are loaded in the order they were sent, each after the one before.

    Asked before the agencies are locked too, since a load holds them until it is done.
    """
    for last_look in (False, True):
        others = (
            Return.objects.filter(agency__in=upload.returns.values("agency"))
            .exclude(upload=upload)
            .select_related("upload", "agency")
        )
        if other := others.filter(upload__state=UploadState.CONFIRMED).first():
            raise OvertakenByAnother(
                f"{other.upload} of {other.agency} is being loaded. Confirm this one once that "
                "is done."
            )
        if other := others.loaded().filter(upload__number__gt=upload.number).first():
            raise OvertakenByAnother(
                f"{other.upload} of {other.agency} was sent after this one and is loaded already. "
                "Undo that one first, or send this file again."
            )
        if not last_look:
            lock_agencies(upload)


def lock_agencies(upload: Upload) -> None:
    """Until this transaction ends no other return of the file's agencies changes what they hold.

    Always after the upload's own row, in order of agency.
    """
    held = Agency.objects.filter(returns__upload=upload).order_by("pk")
    list(held.select_for_update(of=["self"], no_key=True).values_list("pk", flat=True))
