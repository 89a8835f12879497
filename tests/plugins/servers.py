"""One private PostgreSQL and one Valkey for a test session, there before the settings are read.

Loaded by name from pyproject.toml (`-p tests.plugins.servers`), since a conftest comes too late:
pytest-django reads the settings first. With DATABASE_URL and DATABASE_OWNER_URL set that server is
used instead; with PG_BINDIR=/usr/lib/postgresql/15/bin the private one is the system's.

Migrating is the slow part, so it is done once: the template database is kept between sessions as
the data folder of a stopped server, under a name that changes with any migration.
"""

import hashlib
import os
import shutil
from pathlib import Path

import pytest

from config.local import postgres, processes, roles, valkey
from config.local.keys import kept_keys
from config.local.postgres import Binaries, Postgres
from config.local.processes import LocalError
from config.local.roles import Address
from config.local.servers import Server
from config.local.system import OWNER, ROOT, SERVING, lay_private
from config.local.valkey import Valkey

TESTS_VAR = Path(os.environ.get("VAR_DIR") or ROOT / "var").resolve() / "test"
# Whatever the shell says, tests see an ordinary installation on the demonstration's day.
SETTLED = {
    "BUSINESS_DAY": "2007-02-15",
    "DEMONSTRATION": "0",
    "SECURE": "0",
    "DEBUG": "0",
    "ALLOWED_HOSTS": "localhost,127.0.0.1,testserver",
    "DJANGO_ALLOW_ASYNC_UNSAFE": "1",  # Playwright's event loop shares the thread of the test
}
RUNS_NOTHING = {"--version", "-V", "--help", "-h", "--markers", "--fixtures", "--collect-only"}
KEPT_TEMPLATES = 3


class Session:
    """The servers of one test session and the folder they live in."""

    def __init__(self) -> None:
        self.folder = TESTS_VAR / f"run-{os.getpid()}"
        self.started: list[tuple[Server, object]] = []
        self.database: Postgres | None = None

    def begin(self, *, with_servers: bool) -> None:
        _sweep(TESTS_VAR)
        self.folder.mkdir(parents=True)
        os.environ.update({**kept_keys(TESTS_VAR, {}), **SETTLED})
        os.environ["TEST_RUN_DIR"] = str(self.folder)
        # One name for the session, whatever is edited while it runs.
        os.environ["TEST_TEMPLATE"] = template_name()
        if not os.environ.get("DATABASE_URL"):
            self.database = self._own_database()
            os.environ["DATABASE_URL"] = self.database.url(SERVING, roles.MAINTENANCE)
            os.environ["DATABASE_OWNER_URL"] = self.database.url(OWNER, roles.MAINTENANCE)
        elif not os.environ.get("DATABASE_OWNER_URL"):
            raise LocalError("DATABASE_URL is set without DATABASE_OWNER_URL: set or unset both.")
        queue = Valkey(valkey.find_program(), self.folder / "valkey", valkey.KEEPING_NOTHING)
        own_queue = not os.environ.get("REDIS_URL")
        if own_queue:
            os.environ["REDIS_URL"] = queue.url
        if with_servers:
            self._start(self.database, queue if own_queue else None)

    def _own_database(self) -> Postgres:
        binaries = postgres.find_binaries()
        server = Postgres(binaries, self.folder / binaries.name, postgres.THROWAWAY)
        kept = self._kept(binaries)
        if kept.exists():
            shutil.copytree(kept, server.data, symlinks=True)
        return server

    def _start(self, *servers: Server | None) -> None:
        for server in servers:
            if server and (child := server.start()):
                self.started.append((server, child))
        if self.database:
            lay_private(self.database)

    def end(self) -> None:
        keep = self.database is not None and self._has_new_template()
        for server, child in reversed(self.started):
            processes.end(child, server.end_signal, within=20)
        if keep:
            _keep(self.database.data, self._kept(self.database.binaries))
        for folder in {self.folder, *(server.sockets for server, _ in self.started)}:
            shutil.rmtree(folder, ignore_errors=True)

    def _has_new_template(self) -> bool:
        """Whether this session migrated a template worth keeping; leaves nothing else behind."""
        name = os.environ["TEST_TEMPLATE"]
        if (
            not self.started
            or name != template_name()
            or self._kept(self.database.binaries).exists()
        ):
            return False
        owner = Address.parse(self.database.url(OWNER, roles.MAINTENANCE))
        with roles.connected(owner) as connection:
            names = {row[0] for row in connection.execute("SELECT datname FROM pg_database")}
            for left in names - {roles.MAINTENANCE, "template0", "template1", name}:
                roles.drop_database(connection, name=left)
        return name in names

    @staticmethod
    def _kept(binaries: Binaries) -> Path:
        return TESTS_VAR / f"{binaries.name}-{os.environ['TEST_TEMPLATE']}"


def template_name() -> str:
    """The template database's name: another whenever a migration or a dependency changes."""
    mark = hashlib.sha256()
    migrations = sorted(ROOT.glob("*/migrations/*.py"))
    for file in (*migrations, ROOT / "requirements.txt", ROOT / "config/local/roles.py"):
        mark.update(file.name.encode() + file.read_bytes())
    return f"test_template_{mark.hexdigest()[:16]}"


def _keep(data: Path, kept: Path) -> None:
    """Keep a stopped server's data; the oldest kept ones go."""
    try:
        data.rename(kept)
    except OSError:  # another session kept the same a moment ago
        return
    older = sorted(TESTS_VAR.glob("pg-*-test_template_*"), key=lambda path: path.stat().st_mtime)
    for path in older[:-KEPT_TEMPLATES]:
        shutil.rmtree(path, ignore_errors=True)


def _sweep(folder: Path) -> None:
    """Remove what sessions that were killed left behind."""
    for left in folder.glob("run-*"):
        pid = left.name.removeprefix("run-")
        if pid.isdecimal() and not processes.is_alive(int(pid)):
            shutil.rmtree(left, ignore_errors=True)


SESSION: Session | None = None


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(early_config, parser, args):
    """Before pytest-django reads the settings: servers and variables, once a session."""
    global SESSION  # noqa: PLW0603 - pytest has one session a process
    if "PYTEST_XDIST_WORKER" not in os.environ:
        SESSION = Session()
        try:
            SESSION.begin(with_servers=not RUNS_NOTHING.intersection(args))
        except LocalError as error:
            raise pytest.UsageError(str(error)) from error
    _own_folders()
    try:
        return (yield)
    except BaseException:  # the settings or an app do not load: there will be no session to end
        pytest_unconfigure(early_config)
        raise


def _own_folders() -> None:
    """Each process of a session writes its files to a folder of its own."""
    var = Path(os.environ["TEST_RUN_DIR"]) / os.environ.get("PYTEST_XDIST_WORKER", "main")
    (var / "static").mkdir(parents=True, exist_ok=True)
    os.environ["VAR_DIR"] = str(var)


def pytest_unconfigure(config):
    global SESSION  # noqa: PLW0603
    if SESSION:
        SESSION.end()
    SESSION = None
