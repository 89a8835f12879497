"""In which order places are looked at: those that are paid for already come first. Pure."""

from enum import IntEnum


class Buying(IntEnum):
    """By what a partnership would buy a place; the first is looked at first."""

    OUR_BLOCK = 0
    CONSORTIUM = 1
    PREFERRED = 2
    FRAMEWORK = 3
    OTHER = 4

    @property
    def words(self) -> str:
        return _WORDS[self]


_WORDS = {
    Buying.OUR_BLOCK: "Our block",
    Buying.CONSORTIUM: "Our consortium's block",
    Buying.PREFERRED: "Preferred provider",
    Buying.FRAMEWORK: "Framework or spot contract",
    Buying.OTHER: "No contract",
}
