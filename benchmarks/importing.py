"""A whole country's file received, checked, confirmed and loaded, against a bare COPY of it."""

import csv
import datetime as dt
from pathlib import Path
from typing import IO, Any

from psycopg import sql

from benchmarks.measuring import (
    MEBIBYTE,
    Line,
    Phases,
    forget_peak,
    median_of,
    peak_memory,
    ratio,
)
from benchmarks.systems import owner_of
from commissioning.scoping import System
from config.local import roles
from pathways.choices import UploadState
from pathways.models import Upload
from pathways.services.checking import check_file
from pathways.services.confirming import confirm_upload
from pathways.services.loading import load_file
from pathways.services.receiving import receive_upload
from providers.models import Provider

BY = System("benchmark")
CHUNK = 1 << 20
TIMES_THE_COPY, MOST_MEMORY = 15, 300 * MEBIBYTE
REASON = "Benchmark: accepted as it was sent."


def bare_copy(path: Path, database: str) -> float:
    """Seconds to COPY the file as it is into a table of text columns without an index."""
    with path.open(encoding="utf-8", newline="") as file:
        header = next(csv.reader(file))
    columns = sql.SQL(", ").join(sql.SQL("{} text").format(sql.Identifier(one)) for one in header)
    with roles.connected(owner_of(database)) as server:

        def copy() -> None:
            server.execute("DROP TABLE IF EXISTS benchmark_text")
            server.execute(sql.SQL("CREATE TABLE benchmark_text ({})").format(columns))
            with path.open("rb") as raw, server.cursor() as cursor:
                _copy(raw, cursor.copy("COPY benchmark_text FROM STDIN (FORMAT csv, HEADER)"))

        seconds = median_of(3, copy)
        server.execute("DROP TABLE benchmark_text")
    return seconds


def _copy(raw: IO[bytes], copying: Any) -> None:
    with copying as copy:
        while block := raw.read(CHUNK):
            copy.write(block)


def send(path: Path, *, cut_off: dt.date, provider: Provider | None, phases: Phases) -> Upload:
    """Receive, check, confirm and load one file as the service does, timed by phase."""
    upload = receive_and_check(path, cut_off=cut_off, provider=provider, phases=phases)
    phases.begin("Confirming")
    upload = confirm_upload(upload=upload, reason=REASON, remove_vanished=False, by=BY)
    phases.begin("Loading")
    upload = load_file(number=upload.number, by=BY, tell=phases.tell)
    phases.end()
    return upload


def receive_and_check(
    path: Path, *, cut_off: dt.date, provider: Provider | None, phases: Phases
) -> Upload:
    phases.begin("Receiving and hashing")
    with path.open("rb") as stream:
        upload = receive_upload(
            stream=stream,
            filename=path.name,
            month=cut_off.replace(day=1),
            cut_off=cut_off,
            provider=provider,
            by=BY,
            today=cut_off,
        )
    phases.begin("Reading and staging")
    upload = check_file(number=upload.number, by=BY, tell=phases.tell)
    phases.end()
    if upload.state != UploadState.CHECKED:
        raise RuntimeError(f"{path.name} was not taken: {upload.refusal}")
    return upload


def measure(path: Path, *, database: str, cut_off: dt.date) -> list[Line]:
    """The first load of a fresh system: no statistics but those of empty tables."""
    bare = bare_copy(path, database)
    forget_peak()
    idle = peak_memory()
    phases = Phases()
    send(path, cut_off=cut_off, provider=None, phases=phases)
    lines = [
        ratio("Import of the whole file", phases.seconds, bare, "bare COPY", TIMES_THE_COPY),
        Line(
            "Memory of the worker",
            f"{phases.peak / MEBIBYTE:.0f} MB at its peak, {idle / MEBIBYTE:.0f} MB idle",
            "at most 300 MB",
            phases.peak,
            MOST_MEMORY,
        ),
    ]
    lines += [
        Line(
            f"· {phase.name}",
            f"{phase.seconds:.2f} s = {phase.seconds / bare:.2f} ×",
            f"peak {phase.peak / MEBIBYTE:.0f} MB",
        )
        for phase in phases.found
    ]
    return lines
