"""Looking values up instead of reading them again, within bounds.

A file of a million rows has few different values in most columns, so each is read once.
"""

from collections.abc import Callable
from typing import TypeVar

Value = TypeVar("Value")

MOST_REMEMBERED = 60_000


class Remembered(dict[str, Value]):
    """What raw texts were read as. Reads a text the first time; forgets all when it grows."""

    def __init__(self, read: Callable[[str], Value]) -> None:
        super().__init__()
        self._read = read

    def __missing__(self, raw: str) -> Value:
        if len(self) >= MOST_REMEMBERED:
            self.clear()
        made = self[raw] = self._read(raw)
        return made
