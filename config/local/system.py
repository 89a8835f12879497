"""Servers and variables together: all that a process of ours needs to run on this machine."""

import fcntl
import os
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import redis

from config.local import postgres, processes, roles, valkey
from config.local.keys import kept_keys
from config.local.postgres import Postgres
from config.local.processes import LocalError, say
from config.local.roles import Address
from config.local.servers import Server
from config.local.valkey import Valkey

ROOT = Path(__file__).resolve().parent.parent.parent
OWNER, SERVING, DATABASE = "owner", "serving", "treatment"
# What a laptop's system says where the environment says nothing.
ORDINARY = {"BUSINESS_DAY": "2007-02-15", "DEMONSTRATION": "1", "SECURE": "0", "DEBUG": "0"}
KEPT_FOLDERS = ("static", "files", "mail")


@dataclass
class System:
    """What was found or will be started, and the variables that lead there."""

    var: Path
    variables: dict[str, str]
    servers: list[Server] = field(default_factory=list)

    def lay_database(self) -> None:
        """Roles and database of a private PostgreSQL; of another, only that it answers."""
        for server in self.servers:
            if isinstance(server, Postgres):
                lay_private(server, database=DATABASE)
                return
        for variable in ("DATABASE_OWNER_URL", "DATABASE_URL"):
            with roles.connected(Address.parse(self.variables[variable], variable=variable)):
                pass

    def check_queue(self) -> None:
        """That the server behind REDIS_URL answers."""
        url = self.variables["REDIS_URL"].replace("redis+socket://", "unix://")
        try:
            client: Any = redis.Redis.from_url(url, socket_connect_timeout=5, socket_timeout=5)
            with client:
                client.ping()
        except (redis.RedisError, ValueError) as error:
            raise LocalError(
                f"No Valkey or Redis answers at REDIS_URL: start it, or unset REDIS_URL and a "
                f"private one is started ({error})."
            ) from error

    @contextmanager
    def in_use(self) -> Iterator[None]:
        """While this holds, a command that started the servers waits before it ends them."""
        with (self.var / "use.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_SH)
            yield

    def wait_for_others(self) -> None:
        with (self.var / "use.lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                say("Another command still uses the servers: waiting for it (Ctrl-C ends them).")
                with suppress(KeyboardInterrupt):
                    fcntl.flock(lock, fcntl.LOCK_EX)


def local_system(environ: Mapping[str, str] = os.environ) -> System:
    """This machine's system as the environment asks for it; nothing is started yet."""
    var = Path(environ.get("VAR_DIR") or ROOT / "var").resolve()
    for name in KEPT_FOLDERS:
        (var / name).mkdir(parents=True, exist_ok=True)
    variables = {**ORDINARY, **environ, **kept_keys(var, environ), "VAR_DIR": str(var)}
    system = System(var, variables)
    if not environ.get("DATABASE_URL"):
        binaries = postgres.find_binaries(environ)
        database = Postgres(binaries, var / binaries.name, postgres.LAPTOP)
        system.servers.append(database)
        variables["DATABASE_URL"] = database.url(SERVING, DATABASE)
        variables["DATABASE_OWNER_URL"] = database.url(OWNER, DATABASE)
    elif not environ.get("DATABASE_OWNER_URL"):
        raise LocalError(
            "DATABASE_URL is set without DATABASE_OWNER_URL: set it to the address of the role "
            "that migrates, or unset both and a private PostgreSQL is started."
        )
    if not environ.get("REDIS_URL"):
        queue = Valkey(valkey.find_program(), var / "valkey")
        system.servers.append(queue)
        variables["REDIS_URL"] = queue.url
    return system


def lay_private(server: Postgres, *, database: str | None = None) -> None:
    """On a private server, as its superuser: both roles and, where named, a database for them."""
    superuser = Address.parse(server.url(postgres.SUPERUSER, roles.MAINTENANCE))
    with roles.connected(superuser) as connection:
        roles.create_role(connection, name=OWNER, password="", databases=True)
        roles.create_role(connection, name=SERVING, password="", databases=False)
        roles.put_over(connection, owner=OWNER, serving=SERVING)
        if database:
            roles.create_database(connection, name=database, owner=OWNER)
    if database:
        with roles.connected(superuser.of(database)) as connection:
            roles.open_to_serving(connection, owner=OWNER, serving=SERVING)


def run(command: list[str], environ: Mapping[str, str] = os.environ) -> int:
    """Run a command with the servers up; end those we started once nobody uses them."""
    system = local_system(environ)
    started: list[tuple[Server, subprocess.Popen[bytes]]] = []
    try:
        with system.in_use():
            started.extend(
                (server, child) for server in system.servers if (child := server.start())
            )
            system.lay_database()
            system.check_queue()
            return _run(command, system.variables)
    finally:
        if started:
            system.wait_for_others()
        for server, child in reversed(started):
            processes.end(child, server.end_signal, within=20)


def _run(command: list[str], variables: Mapping[str, str]) -> int:
    path = f"{Path(processes.PYTHON).parent}{os.pathsep}{variables.get('PATH', os.defpath)}"
    try:
        child = subprocess.Popen(command, env={**variables, "PATH": path})
    except FileNotFoundError as error:
        raise LocalError(f"There is no command {command[0]!r}.") from error
    try:
        while True:
            try:
                return child.wait()
            except KeyboardInterrupt:  # the command has had it too, and decides
                continue
    finally:
        child.terminate()
