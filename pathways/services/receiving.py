"""Taking a file in, and turning it away."""

import datetime as dt
import hashlib
import uuid
from collections.abc import Iterator
from typing import IO

from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction

from commissioning.kernel.errors import DomainError
from commissioning.kernel.transitions import require_transition
from commissioning.kernel.words import day as in_words
from commissioning.models import Organisation, RuleSet, User
from commissioning.roles import Permission
from commissioning.scoping import Actor
from commissioning.services.access import require
from commissioning.services.audit import record
from commissioning.services.jobs import announce
from pathways.choices import UPLOAD_TRANSITIONS, UploadState
from pathways.models import StagedRow, Upload
from providers.models import Provider

CHUNK = 1 << 20
LONGEST_FILENAME = 255


class TooLarge(DomainError):
    """The file is over the limit (bytes); what came of it was thrown away."""

    def __init__(self, limit: int) -> None:
        super().__init__(
            f"The file is larger than {limit // (1024 * 1024)} MB, the most that is taken. Send it"
            " in parts, some agencies in each."
        )


class AlreadyReceived(DomainError):
    """The same bytes are here already for the month, as `upload`. For another month they are
    another return: where nothing happened, an agency's file can be what it was."""

    def __init__(self, upload: Upload) -> None:
        self.upload = upload
        super().__init__(
            f"This file was already received as return {upload.number}"
            f" for {upload.month:%B %Y}. Open that return, or reject or undo it to send the file"
            " again."
        )


class WrongMonth(DomainError):
    """The month and the cut-off do not fit together or lie ahead."""


class _Measured(File):  # type: ignore[type-arg]  # generic in the stubs only
    """A stream that is counted, hashed and held to the limit while it is stored."""

    def __init__(self, stream: IO[bytes], limit: int) -> None:
        super().__init__(stream)
        self._limit = limit
        self._hashing = hashlib.sha256()
        self.bytes = 0

    def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:
        while block := self.file.read(CHUNK) if self.file else b"":
            self.bytes += len(block)
            if self.bytes > self._limit:
                raise TooLarge(self._limit)
            self._hashing.update(block)
            yield block

    @property
    def sha256(self) -> str:
        return self._hashing.hexdigest()


def receive_upload(
    *,
    stream: IO[bytes],
    filename: str,
    month: dt.date,
    cut_off: dt.date,
    provider: Provider | None,
    by: Actor,
    today: dt.date,
) -> Upload:
    """Store a file and announce it for checking.

    `month` is the reporting month (any day in it), `cut_off` the last day the file knows about,
    `provider` whose agencies it may hold; None, for the service itself, means any. `today` is the
    business day. Raises `TooLarge`, `AlreadyReceived`, `WrongMonth` or `NotPermitted`; then
    nothing is kept.
    """
    require(by, Permission.RETURN_SEND, organisation_id=provider.pk if provider else None)
    month = month.replace(day=1)
    _require_days(month=month, cut_off=cut_off, today=today)
    measured = _Measured(stream, settings.UPLOAD_LIMIT_BYTES)
    name = f"returns/{month:%Y/%m}/{uuid.uuid4().hex}.csv"
    try:
        name = default_storage.save(name, measured)
        return _receive(
            name=name,
            measured=measured,
            filename=filename,
            month=month,
            cut_off=cut_off,
            provider=provider,
            by=by,
            today=today,
        )
    except BaseException:  # whatever happened, no file is left behind
        default_storage.delete(name)
        raise


def _receive(
    *,
    name: str,
    measured: _Measured,
    filename: str,
    month: dt.date,
    cut_off: dt.date,
    provider: Provider | None,
    by: Actor,
    today: dt.date,
) -> Upload:
    try:
        with transaction.atomic():
            upload = Upload.objects.create(
                provider=provider,
                month=month,
                cut_off=cut_off,
                file=name,
                filename=safe_filename(filename),
                size=measured.bytes,
                sha256=measured.sha256,
                uploaded_by=by if isinstance(by, User) else None,
                received_on=today if provider else None,
                rule_set=RuleSet.objects.in_force_on(today),
            )
            organisation = _organisation(upload)
            record(
                "return.received",
                upload,
                by=by,
                organisation=organisation,
                month=f"{month:%Y-%m}",
                bytes=upload.size,
            )
            announce(
                "upload.received",
                cause=f"upload:{upload.number}:received",
                title=f"Check return {upload.number}",
                by=by,
                organisation=organisation,
                upload=upload.number,
            )
    except IntegrityError as error:
        if "file_is_received_once_for_a_month" not in str(error):
            raise
        earlier = Upload.objects.get(
            provider=provider,
            month=month,
            sha256=measured.sha256,
            state__in=UploadState.standing(),
        )
        raise AlreadyReceived(earlier) from None
    return upload


@transaction.atomic
def reject_upload(*, upload: Upload, reason: str, by: Actor) -> Upload:
    """Turn a checked file away before it is loaded: its rows and the file itself are removed."""
    require(by, Permission.RETURN_SEND, organisation_id=upload.provider_id)
    upload = Upload.objects.select_for_update(of=["self"]).get(pk=upload.pk)
    if not reason.strip():
        raise DomainError("Say why the return is rejected: the reason is kept.", field="reason")
    turn_away(upload=upload, sentence=reason.strip(), by=by)
    return upload


def turn_away(*, upload: Upload, sentence: str, by: Actor) -> None:
    """Reject a file that the caller has locked, with the sentence its sender is shown.

    The file goes too, once that is committed: it holds what identifies people.
    """
    require_transition(
        UPLOAD_TRANSITIONS,
        current=UploadState(upload.state),
        to=UploadState.REJECTED,
        sentence=f"{upload} can no longer be rejected: it is {upload.state.lower()}.",
    )
    stored = upload.file.name
    upload.state = UploadState.REJECTED
    upload.refusal = sentence
    upload.file.name = ""
    upload.save(update_fields=["state", "refusal", "file"])
    StagedRow.objects.filter(upload_id=upload.pk).delete()
    record("return.rejected", upload, by=by, organisation=_organisation(upload), reason=sentence)
    if stored:
        transaction.on_commit(lambda: default_storage.delete(stored))


def safe_filename(filename: str) -> str:
    """The name as it may be shown: no folders, nothing invisible, not too long."""
    last = filename.replace("\\", "/").rsplit("/", 1)[-1]
    visible = "".join(letter for letter in last if letter.isprintable()).strip()
    return visible[-LONGEST_FILENAME:] or "return.csv"


def _organisation(upload: Upload) -> Organisation | None:
    return upload.provider.organisation if upload.provider else None


def _require_days(*, month: dt.date, cut_off: dt.date, today: dt.date) -> None:
    if month > today:
        raise WrongMonth(f"{month:%B %Y} has not begun: choose a month up to {today:%B %Y}.")
    if cut_off < month:
        raise WrongMonth(
            f"The cut-off {in_words(cut_off)} is before {month:%B %Y}, the month reported."
        )
    if cut_off > today:
        raise WrongMonth(
            f"The cut-off {in_words(cut_off)} is still to come; the last day a return can know"
            f" about is {in_words(today)}."
        )
