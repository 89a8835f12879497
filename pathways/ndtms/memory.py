"""Looking values up instead of reading them again, within bounds.

A file of a million rows has few different values in most columns, so each is read once.
"""

from collections.abc import Callable
from typing import TypeVar

Raw = TypeVar("Raw")
Value = TypeVar("Value")

MOST_REMEMBERED = 60_000


class Remembered(dict[Raw, Value]):
    """What raw texts were read as. Reads a text the first time; forgets all when it grows."""

    def __init__(self, read: Callable[[Raw], Value]) -> None:
        super().__init__()
        self._read = read

    def __missing__(self, raw: Raw) -> Value:
        if len(self) >= MOST_REMEMBERED:
            self.clear()
        made = self[raw] = self._read(raw)
        return made
