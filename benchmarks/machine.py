"""The machine a table was measured on."""

import datetime as dt
import os
import platform
import re
from pathlib import Path

from benchmarks.measuring import MEBIBYTE


def described(postgres: str) -> list[str]:
    """What ratios may depend on, a line each."""
    python = f"Python {platform.python_version()} on {platform.system()} {platform.release()}"
    return [
        f"{dt.datetime.now(tz=dt.UTC):%d %B %Y}",
        f"{os.cpu_count()} cores, {_processor()}",
        f"{_memory() // (1024 * MEBIBYTE)} GB of memory",
        f"PostgreSQL {postgres}",
        python,
        f"load when it began {os.getloadavg()[0]:.1f}",
    ]


def _processor() -> str:
    try:
        known = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        return platform.processor() or platform.machine()
    found = re.search(r"model name\s*:\s*(.+)", known)
    return found[1] if found else platform.machine()


def _memory() -> int:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
