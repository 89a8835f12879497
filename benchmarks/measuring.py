"""Stopwatches: seconds, phases, peaks of memory; and what a measurement was held against."""

import resource
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

MEBIBYTE = 1024 * 1024
_STATUS = Path("/proc/self/status")
_FORGET = Path("/proc/self/clear_refs")


def tell(words: str) -> None:
    """Progress, on the error stream: the table alone goes to the output."""
    sys.stderr.write(f"{time.strftime('%H:%M:%S')} {words}\n")
    sys.stderr.flush()


class Watch:
    """Seconds since it was made, or since it was last asked."""

    def __init__(self) -> None:
        self._began = time.perf_counter()

    def lap(self) -> float:
        now = time.perf_counter()
        passed, self._began = now - self._began, now
        return passed


@dataclass
class Taken:
    """Seconds that passed inside a block."""

    seconds: float = 0.0


@contextmanager
def taken() -> Iterator[Taken]:
    watch, found = Watch(), Taken()
    try:
        yield found
    finally:
        found.seconds = watch.lap()


def median_of(times: int, work: Callable[[], object]) -> float:
    """The median number of seconds of so many runs."""
    found = []
    for _ in range(times):
        with taken() as run:
            work()
        found.append(run.seconds)
    return statistics.median(found)


def forget_peak() -> None:
    """From here on a new peak is kept, where the system can do that (Linux)."""
    try:
        _FORGET.write_text("5")
    except OSError:
        return


def peak_memory() -> int:
    """The most memory this process held since `forget_peak`, in bytes."""
    try:
        status = _STATUS.read_text()
    except OSError:
        unit = 1 if sys.platform == "darwin" else 1024
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
    line = next(line for line in status.splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) * 1024


@dataclass
class Phase:
    """A stretch of work: how long it took and the most memory held in it."""

    name: str
    seconds: float
    peak: int


@dataclass
class Phases:
    """Stretches of one piece of work, by the notes it tells of its progress."""

    found: list[Phase] = field(default_factory=list)
    _name: str = ""
    _watch: Watch = field(default_factory=Watch)

    def begin(self, name: str) -> None:
        self.end()
        self._name = name

    def end(self) -> None:
        """The stretch that runs is over."""
        seconds = self._watch.lap()
        if self._name:
            self._add(self._name, seconds, peak_memory())
        self._name = ""
        forget_peak()

    def _add(self, name: str, seconds: float, peak: int) -> None:
        for held in self.found:
            if held.name == name:
                held.seconds += seconds
                held.peak = max(held.peak, peak)
                return
        self.found.append(Phase(name, seconds, peak))

    def tell(self, _done: int, _total: int, note: str) -> None:
        """What services are given as `tell`."""
        name = "Reading and staging" if note.endswith("rows read") else note
        if name != self._name:
            self.begin(name)

    @property
    def seconds(self) -> float:
        return sum(phase.seconds for phase in self.found)

    @property
    def peak(self) -> int:
        return max(phase.peak for phase in self.found)


@dataclass(frozen=True)
class Line:
    """A line of the table: what was measured, and what it may be at most (None: told only)."""

    what: str
    measured: str
    held_against: str = ""
    value: float | None = None
    limit: float | None = None

    @property
    def verdict(self) -> str:
        if self.value is None or self.limit is None:
            return ""
        return "met" if self.value <= self.limit else "MISSED"


def ratio(what: str, seconds: float, bare: float, against: str, limit: float | None) -> Line:
    """Seconds as a multiple of the least the machine could have done."""
    value = seconds / bare
    most = "" if limit is None else f", at most {limit:g} ×"
    return Line(
        what,
        f"{seconds:.2f} s = {value:.2f} ×",
        f"{against}: {bare:.3f} s{most}",
        value,
        limit,
    )
