"""Keeps processes running: starts again what fell, backs off, ends all in order."""

import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from types import TracebackType
from typing import IO, Self

from config.local import processes
from config.local.processes import Command, LocalError, say
from config.local.servers import Server

FIRST_PAUSE, LONGEST_PAUSE = 0.5, 15.0  # seconds before a fallen process is started again
STEADY = 30.0  # seconds after which a process counts as well again
GLANCE, LOOK = 0.2, 2.0  # seconds between looks at our children, and at servers of others
PATIENCE_WITH_SERVICES, PATIENCE_WITH_SERVERS = 5.0, 15.0  # seconds to end by themselves


@dataclass
class Charge:
    """One process under supervision; without `process` somebody else's server is in use."""

    name: str
    start: Callable[[], subprocess.Popen[bytes] | None]
    end_signal: signal.Signals = signal.SIGTERM
    is_up: Callable[[], bool] | None = None
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)
    started_at: float = field(default=0.0, init=False)
    looked_at: float = field(default=0.0, init=False)
    falls: int = field(default=0, init=False)
    again_at: float | None = field(default=None, init=False)

    @property
    def is_server(self) -> bool:
        return self.is_up is not None

    def has_fallen(self) -> bool:
        if self.process is not None:
            return self.process.poll() is not None
        if self.is_up is None or time.monotonic() - self.looked_at < LOOK:
            return False
        self.looked_at = time.monotonic()
        return not self.is_up()

    def how(self) -> str:
        code = self.process.returncode if self.process is not None else None
        if code is None:
            return "is gone"
        return f"was killed by signal {-code}" if code < 0 else f"ended with code {code}"


class Supervisor:
    """Used as a context: leaving it, for whatever reason, ends everything it started."""

    def __init__(self, tell: Callable[[str], None] = say) -> None:
        self.charges: list[Charge] = []
        self.tell = tell

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.end()

    def serve(self, server: Server) -> None:
        """Have a server run, ours or one that answers already."""
        charge = Charge(server.name, server.start, server.end_signal, server.is_ready)
        self._start(charge)
        self.charges.append(charge)

    def keep(
        self,
        name: str,
        command: Command,
        environ: dict[str, str],
        output: IO[bytes] | None = None,
    ) -> None:
        """Have a command run for as long as we do; it speaks to our terminal or to `output`."""
        charge = Charge(name, lambda: processes.start(command, environ=environ, output=output))
        self._start(charge)
        self.charges.append(charge)

    def watch(self, until: Callable[[], bool] = lambda: False) -> None:
        """Start again whatever falls, until told otherwise."""
        while not until():
            for charge in self.charges:
                self._look_after(charge)
            time.sleep(GLANCE)

    def end(self) -> None:
        """End the services at once, then the servers they stood on."""
        services = [charge for charge in self.charges if not charge.is_server]
        servers = [charge for charge in self.charges if charge.is_server]
        _end_together(services, within=PATIENCE_WITH_SERVICES)
        _end_together(servers, within=PATIENCE_WITH_SERVERS)
        self.charges = []

    def _look_after(self, charge: Charge) -> None:
        now = time.monotonic()
        if charge.again_at is None and charge.has_fallen():
            charge.falls = 1 if now - charge.started_at > STEADY else charge.falls + 1
            pause = min(FIRST_PAUSE * 2 ** (charge.falls - 1), LONGEST_PAUSE)
            self.tell(f"{charge.name} {charge.how()}; it is started again in {pause:g} s.")
            charge.again_at = now + pause
        if charge.again_at is not None and now >= charge.again_at:
            charge.again_at = None
            try:
                self._start(charge)
            except LocalError as error:
                self.tell(str(error))

    def _start(self, charge: Charge) -> None:
        charge.started_at = charge.looked_at = time.monotonic()
        charge.process = charge.start()


def _end_together(charges: list[Charge], *, within: float) -> None:
    running = [charge for charge in charges if charge.process is not None]
    for charge in running:
        if charge.process is not None and charge.process.poll() is None:
            charge.process.send_signal(charge.end_signal)
    deadline = time.monotonic() + within
    for charge in running:
        if charge.process is not None:
            processes.finish(charge.process, within=max(0.0, deadline - time.monotonic()))
