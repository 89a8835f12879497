"""What differs between two versions of a contract, part by part."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Difference:
    """A part of a contract by name, as it was and as it is."""

    part: str
    before: Any
    after: Any


def compared(
    before: Mapping[str, Any], after: Mapping[str, Any], parts: Sequence[str]
) -> list[Difference]:
    """The parts that differ, in the order given; what a version does not hold is None."""
    return [
        Difference(part, before.get(part), after.get(part))
        for part in parts
        if before.get(part) != after.get(part)
    ]
