"""What a figure says of its target, in a colour and always in words."""

from dataclasses import dataclass
from enum import StrEnum

from commissioning.rules.proportions import Limits, wilson


class Colour(StrEnum):
    GREEN = "green"
    AMBER = "amber"
    RED = "red"


WORDS = {
    Colour.GREEN: "Meets the target",
    Colour.AMBER: "Not clearly met or missed",
    Colour.RED: "Misses the target",
}


@dataclass(frozen=True)
class Verdict:
    """A colour with its words; the words stand wherever the colour does."""

    colour: Colour
    words: str
    limits: Limits


def verdict(
    numerator: int,
    denominator: int,
    *,
    target_percent: float,
    higher_is_better: bool = True,
    confidence: float = 0.95,
) -> Verdict | None:
    """Green when even the worse limit reaches the target, red when even the better one misses it.

    Otherwise amber: chance alone could put the figure on either side. None of nobody.
    """
    if denominator == 0:
        return None
    limits = wilson(numerator, denominator, confidence=confidence)
    target = target_percent / 100
    worse, better = limits if higher_is_better else (-limits.upper, -limits.lower)
    aim = target if higher_is_better else -target
    colour = Colour.GREEN if worse >= aim else Colour.RED if better < aim else Colour.AMBER
    return Verdict(colour, WORDS[colour], limits)
