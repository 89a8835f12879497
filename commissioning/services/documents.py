"""Documents: kept once they are known to be small, of an allowed kind, and what they claim."""

import hashlib
from collections.abc import Mapping
from pathlib import PurePosixPath

from django.core.files.base import File
from django.db import transaction

from commissioning.kernel.errors import DomainError
from commissioning.models import Document, Organisation, User
from commissioning.models.documents import LARGEST
from commissioning.roles import Permission
from commissioning.services.access import require
from commissioning.services.audit import record

# Suffix → content type, and how such a file begins (nothing: any text).
KINDS: Mapping[str, tuple[str, bytes]] = {
    ".pdf": ("application/pdf", b"%PDF-"),
    ".csv": ("text/csv", b""),
    ".txt": ("text/plain", b""),
    ".png": ("image/png", b"\x89PNG\r\n"),
    ".jpg": ("image/jpeg", b"\xff\xd8\xff"),
    ".jpeg": ("image/jpeg", b"\xff\xd8\xff"),
    ".docx": (
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        b"PK\x03\x04",
    ),
    ".xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", b"PK\x03\x04"),
    ".odt": ("application/vnd.oasis.opendocument.text", b"PK\x03\x04"),
    ".ods": ("application/vnd.oasis.opendocument.spreadsheet", b"PK\x03\x04"),
}


class DocumentRefused(DomainError):
    """The file is empty, too large, or not of a kind that is kept."""


@transaction.atomic
def add_document(*, organisation: Organisation, file: File, by: User) -> Document:  # type: ignore[type-arg]  # bytes, however it came
    """Keep a file of at most 10 MB for an organisation."""
    require(by, Permission.DOCUMENT_ADD, organisation_id=organisation.pk)
    name = PurePosixPath((file.name or "").replace("\\", "/")).name[:200]
    content_type = _kind_of(name, file)
    document = Document.objects.create(
        organisation=organisation,
        name=name,
        file=file,
        content_type=content_type,
        size=file.size,
        sha256=_digest(file),
        added_by=by,
    )
    record("document.added", document, by=by, organisation=organisation, name=name)
    return document


def _kind_of(name: str, file: File) -> str:  # type: ignore[type-arg]
    if not file.size:
        raise DocumentRefused(f"“{name}” is empty.")
    if file.size > LARGEST:
        raise DocumentRefused(f"“{name}” is larger than 10 MB.")
    suffix = PurePosixPath(name).suffix.lower()
    if suffix not in KINDS:
        kinds = ", ".join(kind.lstrip(".") for kind in KINDS)
        raise DocumentRefused(f"“{name}” is not of a kind that is kept: {kinds}.")
    content_type, beginning = KINDS[suffix]
    file.seek(0)
    head = file.read(512)
    file.seek(0)
    if not head.startswith(beginning) or (not beginning and b"\x00" in head):
        raise DocumentRefused(f"“{name}” is not what its name says.")
    return content_type


def _digest(file: File) -> str:  # type: ignore[type-arg]
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    file.seek(0)
    return digest.hexdigest()
