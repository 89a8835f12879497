"""Drawing one of several values by weight, from a number between 0 and 1."""

from bisect import bisect_right
from collections.abc import Mapping
from itertools import accumulate
from typing import Generic, TypeVar

Value = TypeVar("Value")


class Draw(Generic[Value]):
    """Values in proportion to their weights: `draw(rng.random())` is one of them."""

    __slots__ = ("_edges", "_values")

    def __init__(self, weights: Mapping[Value, float]) -> None:
        chosen = {value: weight for value, weight in weights.items() if weight > 0}
        total = sum(chosen.values())
        self._values = tuple(chosen)
        self._edges = [edge / total for edge in accumulate(chosen.values())][:-1]

    def __call__(self, number: float) -> Value:
        return self._values[bisect_right(self._edges, number)]
