"""Loading a confirmed file and undoing an agency's newest return: one transaction each.

Order of locks: the upload, its agencies in order, then the journeys of everybody.
"""

from collections.abc import Callable

from django.core.files.storage import default_storage
from django.db import transaction

from commissioning.kernel.errors import DomainError
from commissioning.kernel.transitions import require_transition
from commissioning.models import Organisation
from commissioning.roles import Permission
from commissioning.scoping import Actor, System
from commissioning.services.access import require
from commissioning.services.audit import record
from commissioning.services.jobs import Run, announce
from pathways.choices import UPLOAD_TRANSITIONS, ReturnState, UploadState
from pathways.models import Return, StagedRow, Upload
from pathways.services.confirming import lock_agencies
from pathways.services.journeys import lock_journeys, rebuild_journeys, standing_rule_set
from pathways.services.staging import Tell, quietly, stage_rows
from pathways.services.versions import (
    bring_versions,
    note_touched,
    prepare_for_sets,
    take_back_versions,
)

STEPS = 4


class NotTheNewest(DomainError):
    """Only an agency's newest return can be undone."""


def load_upload(run: Run) -> None:
    """The job: load the file its event names. Safe to run again."""
    load_file(
        number=run.payload["upload"],
        by=run.job.person or System("load_upload"),
        tell=run.tell,
        before_commit=run.require_lease,
    )


@transaction.atomic
def load_file(
    *,
    number: int,
    by: Actor,
    tell: Tell = quietly,
    before_commit: Callable[[], None] = lambda: None,
) -> Upload:
    """Make a confirmed file's returns current and derive the journeys of the people in them.

    Only episodes with an error of validity stay out. `tell` is told of progress, `before_commit`
    may raise to give everything up. A file that is not waiting to be loaded is left as it is.
    """
    upload = _locked(number)
    if upload.state != UploadState.CONFIRMED:
        return upload
    lock_agencies(upload)
    prepare_for_sets()
    tell(0, STEPS, "Reading what is new")
    if upload.rows and not StagedRow.objects.filter(upload_id=upload.pk).exists():
        stage_rows(upload=upload)  # a crash of the database empties the staging table
    bring_versions(upload=upload)
    returns = list(upload.returns.order_by("pk").values_list("pk", "agency"))
    touched = _derive_again([pk for pk, _ in returns], upload, tell=tell)
    tell(3, STEPS, "Clearing up")
    StagedRow.objects.filter(upload_id=upload.pk).delete()
    _forget_file(upload)
    upload.state = UploadState.LOADED
    upload.save(update_fields=["state", "file"])
    organisation = _organisation(upload)
    record("return.loaded", upload, by=by, organisation=organisation)
    announce(
        "return.loaded",
        cause=f"upload:{upload.number}:loaded",
        title=f"Measure what return {upload.number} changed",
        by=by,
        organisation=organisation,
        upload=upload.number,
        returned_by=[agency for _, agency in returns],
        **touched,
    )
    before_commit()
    tell(STEPS, STEPS, "Loaded")
    return upload


@transaction.atomic
def undo_return(*, return_: Return, reason: str, by: Actor) -> Return:
    """Take back an agency's newest return: the versions before it are current again.

    `reason` is kept. Raises a `DomainError` with the sentence to show.
    """
    upload = _locked(return_.upload_id)
    return_ = Return.objects.select_related("agency__provider__organisation").get(pk=return_.pk)
    require(by, Permission.RETURN_SEND, organisation_id=return_.agency.provider_id)
    lock_agencies(upload)
    return_.refresh_from_db(fields=["state", "sequence"])
    _require_newest(return_)
    reason = reason.strip()
    if not reason:
        raise DomainError("Say why the return is undone: the reason is kept.", field="reason")
    prepare_for_sets()
    touched = _derive_again([return_.pk], upload, undoing=return_)
    return_.state = ReturnState.UNDONE
    return_.save(update_fields=["state"])
    if not upload.returns.exclude(state=ReturnState.UNDONE).exists():
        require_transition(
            UPLOAD_TRANSITIONS,
            current=UploadState(upload.state),
            to=UploadState.UNDONE,
            sentence=f"{upload} is not loaded.",
        )
        upload.state = UploadState.UNDONE
        upload.save(update_fields=["state"])
    organisation = return_.agency.provider.organisation
    record("return.undone", return_, by=by, organisation=organisation, reason=reason)
    announce(
        "return.undone",
        cause=f"return:{return_.pk}:undone",
        title=f"Measure what undoing {return_} changed",
        by=by,
        organisation=organisation,
        upload=upload.number,
        returned_by=[return_.agency_id],
        **touched,
    )
    return return_


def _derive_again(
    returns: list[int], upload: Upload, *, undoing: Return | None = None, tell: Tell = quietly
) -> dict[str, object]:
    """Journeys of the people the returns touched, and what the event tells of them."""
    lock_journeys()
    touched = note_touched(returns=returns)
    if undoing:
        take_back_versions(return_id=undoing.pk)
    tell(2, STEPS, "Joining journeys")
    rebuild_journeys(rule_set=standing_rule_set(otherwise=upload.rule_set))
    return touched


def _require_newest(return_: Return) -> None:
    if return_.state != ReturnState.LOADED:
        raise NotTheNewest(f"{return_} is not loaded, so there is nothing to undo.")
    newer = (
        Return.objects.loaded()
        .filter(agency=return_.agency, sequence__gt=return_.sequence)
        .order_by("-sequence")
        .first()
    )
    if newer:
        raise NotTheNewest(
            f"{newer} (return {newer.upload_id}) was loaded after it. Undo that one first."
        )


def _locked(number: int) -> Upload:
    return (
        Upload.objects.select_for_update(of=["self"])
        .select_related("rule_set", "provider__organisation")
        .get(pk=number)
    )


def _forget_file(upload: Upload) -> None:
    """The stored file goes once its contents are committed: it holds what identifies people."""
    stored = upload.file.name
    upload.file.name = ""
    if stored:
        transaction.on_commit(lambda: default_storage.delete(stored))


def _organisation(upload: Upload) -> Organisation | None:
    return upload.provider.organisation if upload.provider else None
