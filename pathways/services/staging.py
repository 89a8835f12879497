"""Reading a file into staged rows, as COPY."""

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.db import connection
from psycopg import sql

from commissioning.models import Partnership
from pathways.models import Return, StagedRow, Upload
from pathways.ndtms.cells import Registers
from pathways.ndtms.identity import Identities
from pathways.ndtms.reading import NdtmsFile
from pathways.ndtms.refusals import FileRefused
from pathways.ndtms.rows import staged_columns
from providers.models import Agency

# How far the work is: done, of how much, and what is being done.
Tell = Callable[[int, int, str], None]

_ENOUGH_SLASHED_DAYS = 20


@dataclass(frozen=True)
class Staged:
    """What reading a file found beside its rows."""

    rows: int
    ignored_headers: tuple[str, ...]
    repeated_headers: tuple[int, ...]
    days_are_ambiguous: bool


def quietly(*_: object) -> None:
    """Nobody is told."""


def stage_rows(*, upload: Upload, tell: Tell = quietly) -> Staged:
    """Read the stored file into staged rows, in place of any that are there.

    Belongs in the caller's transaction. Memory does not grow with the file. Raises `FileRefused`.
    """
    StagedRow.objects.filter(upload_id=upload.pk).delete()
    with upload.file.open("rb") as stored, connection.cursor() as cursor:
        # A large file takes longer than a page's statement may.
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute("SET LOCAL work_mem = '128MB'")
        file = NdtmsFile(
            raw=stored,
            upload_id=upload.pk,
            registers=registers_for(upload),
            identities=Identities(
                key=settings.CLIENT_KEY,
                latest=upload.cut_off,
                earliest_year=upload.rule_set.read().earliest_birth_year,
            ),
        )
        with cursor.copy(_copy()) as copy:
            for block in file.blocks():
                copy.write(block)
                tell(file.bytes_read, upload.size, _read(file.rows))
    return Staged(
        rows=file.rows,
        ignored_headers=file.ignored_headers,
        repeated_headers=tuple(file.repeated_headers),
        days_are_ambiguous=file.slashed.are_ambiguous(at_least=_ENOUGH_SLASHED_DAYS),
    )


def _read(rows: int) -> str:
    return f"{rows:,} {'row' if rows == 1 else 'rows'} read"


def registers_for(upload: Upload) -> Registers:
    """The agencies the sender may report for, and the partnerships by both their codes."""
    agencies = dict(Agency.objects.values_list("code", "pk"))
    ours = None
    if upload.provider_id is not None:
        ours = frozenset(
            Agency.objects.filter(provider=upload.provider_id).values_list("pk", flat=True)
        )
    partnerships: dict[str, int] = {}
    for pk, code, ndtms_code in Partnership.objects.values_list(
        "pk", "organisation__code", "ndtms_code"
    ):
        partnerships[code] = pk
        if ndtms_code:
            partnerships[ndtms_code] = pk
    return Registers(agencies=agencies, partnerships=partnerships, ours=ours)


def require_newest_month(upload: Upload) -> None:
    """Raise `FileRefused` when a newer month of an agency in the file is loaded already."""
    agencies = StagedRow.objects.filter(upload_id=upload.pk).values("agency_id").distinct()
    newer = (
        Return.objects.loaded()
        .filter(agency__in=agencies, month__gt=upload.month)
        .select_related("agency")
        .order_by("-month", "agency__code")
        .first()
    )
    if newer is not None:
        raise FileRefused(
            "F15",
            f"{newer.agency} ({newer.agency.code}) has its return for {newer.month:%B %Y} loaded,"
            f" which is after {upload.month:%B %Y}. Undo that return first, then send this one and"
            " that one again.",
        )


def _copy() -> sql.Composed:
    columns = sql.SQL(", ").join(map(sql.Identifier, staged_columns()))
    return sql.SQL("COPY pathways_stagedrow ({}) FROM STDIN").format(columns)
