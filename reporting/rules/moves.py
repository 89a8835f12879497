"""Which records move a share, and by how much: two lists of records compared.

A record is good (in the numerator and the denominator), bad (in the denominator alone) or
uncounted (in neither, for something it lacks). A group of records that changed alike moved the
share by the difference between what it is and what it were, had only they stayed as before.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

GOOD, BAD, UNCOUNTED, ABSENT = "good", "bad", "uncounted", "absent"
Key = tuple[str, ...]


@dataclass(frozen=True)
class Share:
    """So many of so many."""

    numerator: int
    denominator: int

    @classmethod
    def of(cls, records: Mapping[Key, str]) -> "Share":
        good = sum(one == GOOD for one in records.values())
        return cls(good, good + sum(one == BAD for one in records.values()))

    @property
    def value(self) -> Fraction | None:
        """From 0 to 1; None of nobody."""
        return Fraction(self.numerator, self.denominator) if self.denominator else None

    def without(self, change: "Share") -> "Share":
        return Share(self.numerator - change.numerator, self.denominator - change.denominator)

    def plus(self, change: "Share") -> "Share":
        return Share(self.numerator + change.numerator, self.denominator + change.denominator)


@dataclass(frozen=True)
class Move:
    """Records that changed alike: from what, to what, by how much they moved the share (-1 to 1).

    `effect` is None where the share were of nobody without them.
    """

    before: str
    after: str
    records: Sequence[Key]
    effect: Fraction | None


WEIGHT = {GOOD: Share(1, 1), BAD: Share(0, 1), UNCOUNTED: Share(0, 0), ABSENT: Share(0, 0)}


def moves_between(before: Mapping[Key, str], after: Mapping[Key, str]) -> list[Move]:
    """Every group of records that changed alike, those that move the share most first."""
    groups: dict[tuple[str, str], list[Key]] = {}
    for key in sorted({*before, *after}):
        change = (before.get(key, ABSENT), after.get(key, ABSENT))
        if change[0] != change[1]:
            groups.setdefault(change, []).append(key)
    share = Share.of(after)
    moves = [
        Move(old, new, records, _effect(share, old, new, len(records)))
        for (old, new), records in groups.items()
    ]
    return sorted(moves, key=lambda move: -abs(float(move.effect or 0)))


def if_put_right(share: Share, count: int, *, counted: bool) -> Fraction | None:
    """How much the share would rise if so many faulty records were good.

    `counted`: they are bad ones that are counted already, not uncounted ones.
    """
    better = share.plus(Share(count, 0 if counted else count))
    if share.value is None or better.value is None:
        return None
    return better.value - share.value


def _effect(share: Share, old: str, new: str, count: int) -> Fraction | None:
    was, now = WEIGHT[old], WEIGHT[new]
    change = Share(
        count * (now.numerator - was.numerator), count * (now.denominator - was.denominator)
    )
    otherwise = share.without(change).value
    if share.value is None or otherwise is None:
        return None
    return share.value - otherwise
