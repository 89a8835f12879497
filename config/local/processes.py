"""Child processes that never outlive us, and servers that refuse to run as root."""

import ctypes
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import IO

PYTHON = sys.executable
NOBODY = 65534
PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None

Command = Sequence[str | Path]


class LocalError(Exception):
    """The system cannot run here; the message is one sentence that says what to do."""


def say(sentence: str) -> None:
    sys.stdout.write(f"{sentence}\n")
    sys.stdout.flush()


def start(
    command: Command,
    *,
    end_signal: signal.Signals = signal.SIGTERM,
    environ: Mapping[str, str] | None = None,
    output: IO[bytes] | None = None,
) -> subprocess.Popen[bytes]:
    """Start a child in a session of its own that is sent `end_signal` if we die, however we die.

    A session of its own keeps Ctrl-C at the terminal for us alone: we end children in order.
    """
    return subprocess.Popen(
        [str(word) for word in command],
        env=dict(environ) if environ is not None else None,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=output,
        start_new_session=True,
        preexec_fn=_dies_with(os.getpid(), end_signal),  # noqa: PLW1509 - we start no threads
    )


def _dies_with(parent: int, end_signal: signal.Signals) -> Callable[[], None]:
    def before_exec() -> None:
        if LIBC is not None:
            LIBC.prctl(PR_SET_PDEATHSIG, int(end_signal))
            if os.getppid() != parent:  # it died between fork and here
                os._exit(1)

    return before_exec


def end(
    process: subprocess.Popen[bytes], end_signal: signal.Signals = signal.SIGTERM, *, within: float
) -> None:
    """Ask a child to end; after `within` seconds kill it with everything it started."""
    if process.poll() is None:
        process.send_signal(end_signal)
    finish(process, within=within)


def finish(process: subprocess.Popen[bytes], *, within: float) -> None:
    try:
        process.wait(within)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def is_alive(pid: int) -> bool:
    """Whether a process runs; one that ended and was not yet collected by its parent does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        if Path("/proc/self/stat").exists():
            return False
    try:
        os.kill(pid, 0)
    except OSError:
        return False
    return True


def program_of(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/comm").read_text().strip()
    except OSError:
        return ""


def wait_until(ready: Callable[[], bool], *, within: float, every: float = 0.02) -> bool:
    deadline = time.monotonic() + within
    while not ready():
        if time.monotonic() > deadline:
            return False
        time.sleep(every)
    return True


def is_root() -> bool:
    return os.geteuid() == 0


@cache
def namespaces_work() -> bool:
    """Whether root may map itself to nobody; some containers forbid it."""
    if not shutil.which("unshare"):
        return False
    trial = subprocess.run([*_namespace(), "true"], capture_output=True, check=False)
    return trial.returncode == 0


def _namespace() -> list[str]:
    return ["unshare", "--user", f"--map-user={NOBODY}", f"--map-group={NOBODY}"]


def unprivileged(end_signal: signal.Signals = signal.SIGTERM) -> list[str]:
    """What to put before a command that PostgreSQL's tools would refuse to run as root.

    In a user namespace root looks like nobody from inside, while files outside stay root's: no
    new user, no changed owner. Where namespaces are forbidden the command truly becomes nobody,
    and its files must be nobody's (see `give_away`).
    """
    if not is_root():
        return []
    if namespaces_work():
        return _namespace()
    if not shutil.which("setpriv"):
        raise LocalError(
            "PostgreSQL does not run as root and neither unshare nor setpriv works here: "
            "run this as an ordinary user, or set DATABASE_URL and DATABASE_OWNER_URL."
        )
    # A change of user clears the death signal, so it is set again after it.
    asked = ["--pdeathsig", end_signal.name.removeprefix("SIG")]
    return ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", *asked]


def becomes_nobody() -> bool:
    """Whether servers run as nobody in earnest, who cannot enter our folders."""
    return is_root() and not namespaces_work()


def give_away(folder: Path) -> None:
    for path in (folder, *folder.rglob("*")):
        os.chown(path, NOBODY, NOBODY, follow_symlinks=False)


def is_open_to_all(folder: Path) -> bool:
    """Whether anybody may walk to this folder."""
    return all(parent.stat().st_mode & 0o001 for parent in (folder, *folder.parents))
