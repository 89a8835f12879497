"""What our private servers have in common: a folder, a socket, a start that two cannot share."""

import fcntl
import hashlib
import os
import signal
import subprocess
import tempfile
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import ClassVar

from config.local import processes
from config.local.processes import Command, LocalError

LONGEST_SOCKET_PATH = 107  # bytes, a limit of the kernel
PAUSE = 0.5  # seconds between attempts to start
PATIENCE = 60.0  # seconds for a server to come up, a repair after a crash included


class Server(ABC):
    """A server of our own in `folder`, reached by a unix socket only."""

    name: ClassVar[str]
    title: ClassVar[str]
    socket_name: ClassVar[str]
    end_signal: ClassVar[signal.Signals] = signal.SIGTERM
    attempts: ClassVar[int] = 1

    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()

    @property
    @abstractmethod
    def command(self) -> Command: ...

    @abstractmethod
    def is_ready(self) -> bool:
        """Whether it answers now, whoever started it."""

    @property
    def log(self) -> Path:
        return self.folder / "log"

    @property
    def sockets(self) -> Path:
        """The folder of the socket: the server's, or a short one where its path is too long."""
        if len(os.fsencode(self.folder / self.socket_name)) <= LONGEST_SOCKET_PATH:
            return self.folder
        return elsewhere(self.folder, Path(tempfile.gettempdir()))

    def prepare(self) -> None:
        """Everything that has to be there before the start."""
        for folder in (self.folder, self.sockets):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if folder.stat().st_uid not in {os.geteuid(), processes.NOBODY}:
                raise LocalError(f"{folder} belongs to somebody else: remove it.")

    def start(self) -> subprocess.Popen[bytes] | None:
        """Start the server and wait until it answers; None when one already does."""
        with self._held():
            if self.is_ready():
                return None
            for attempt in range(self.attempts):
                time.sleep(PAUSE if attempt else 0)
                self.prepare()
                if child := self._try():
                    return child
            raise LocalError(self._why_not())

    def _try(self) -> subprocess.Popen[bytes] | None:
        with self.log.open("ab") as log:
            child = processes.start(self.command, end_signal=self.end_signal, output=log)

        def settled() -> bool:
            return child.poll() is not None or self.is_ready()

        processes.wait_until(settled, within=PATIENCE)
        if child.poll() is None and self.is_ready():
            return child
        processes.end(child, within=1)
        return None

    def _why_not(self) -> str:
        last = self.log.read_text(errors="replace").strip().splitlines()[-3:]
        words = " / ".join(last) or "none"
        return f"{self.title} does not start: read {self.log} (its last words: {words})."

    @contextmanager
    def _held(self) -> Iterator[None]:
        """Only one process at a time starts this server; the next one finds it running."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with (self.folder / "start.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def elsewhere(folder: Path, root: Path) -> Path:
    """A short folder under `root` that belongs to this one and to nobody else's."""
    mark = hashlib.sha256(os.fsencode(folder)).hexdigest()[:12]
    return root / f"treatment-{os.geteuid()}-{mark}"
