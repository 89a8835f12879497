"""Reading the environment, with a sentence that says what to do when something is missing."""

import datetime as dt
import os
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

HELP = "see the table of variables in README.md"


class MissingSetting(ImproperlyConfigured):
    """A required environment variable is not set, or cannot be read."""


def text(name: str, default: str | None = None) -> str:
    value = os.environ.get(name) or default
    if value is None:
        raise MissingSetting(f"Set {name}: {HELP}.")
    return value


def flag(name: str, *, default: bool = False) -> bool:
    value = os.environ.get(name, "").lower()
    if value in {"", "1", "0", "true", "false"}:
        return value in {"1", "true"} if value else default
    raise MissingSetting(f"{name} is {value!r}; make it 1 or 0: {HELP}.")


def number(name: str, default: int) -> int:
    value = os.environ.get(name) or str(default)
    if not value.isdecimal():
        raise MissingSetting(f"{name} is {value!r}; make it a whole number: {HELP}.")
    return int(value)


def words(name: str, default: str = "") -> list[str]:
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def day(name: str) -> dt.date | None:
    value = os.environ.get(name)
    if not value:
        return None
    try:
        return dt.date.fromisoformat(value)
    except ValueError as error:
        raise MissingSetting(f"{name} is {value!r}; write it as 2007-02-15: {HELP}.") from error


def folder(name: str, default: Path) -> Path:
    return Path(os.environ.get(name) or default)
