"""From what was said about a place to the nights on which it is not free. Pure.

A history is told in the order in which it was said. Each thing said is taken up only if it makes
sense after what was said before; so whoever writes history asks `take_up` first, and whoever
corrects it replays the whole with `replay`.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from commissioning.kernel.words import day
from providers.rules.spells import History, HistoryRefused, Spell, Taken, Use


class Kind(StrEnum):
    """What can be said of a place."""

    OPENED = "OPENED"
    OUT_OF_SERVICE = "OUT_OF_SERVICE"
    BACK = "BACK"
    HELD = "HELD"
    RELEASED = "RELEASED"
    BOOKED = "BOOKED"
    ADMITTED = "ADMITTED"
    REPLANNED = "REPLANNED"
    LEFT = "LEFT"
    CLOSED = "CLOSED"
    CORRECTED = "CORRECTED"


_BEGINS = {
    Kind.HELD: Use.HELD,
    Kind.BOOKED: Use.BOOKED,
    Kind.ADMITTED: Use.OCCUPIED,
    Kind.OUT_OF_SERVICE: Use.OUT_OF_SERVICE,
}


@dataclass(frozen=True, kw_only=True)
class Said:
    """One event of a place. `corrects` and `is_anew`: see `replay`."""

    key: int
    kind: Kind
    on: dt.date
    until: dt.date | None = None
    about: int | None = None
    partnership: int | None = None
    case: str = ""
    held_until: dt.datetime | None = None
    corrects: int | None = None
    is_anew: bool = False


def take_up(history: History, said: Said) -> History:
    """The history with one more thing said. Raises `HistoryRefused` when it makes no sense."""
    return _DEEDS[said.kind](history, said)


def _opened(history: History, said: Said) -> History:
    first = min((one.start for one in history.spells), default=said.on)
    if first < said.on:
        raise HistoryRefused(f"The place was in use on {day(first)}.")
    if history.closed_on is not None and history.closed_on < said.on:
        raise HistoryRefused(f"The place closed on {day(history.closed_on)}.")
    return replace(history, opened_on=said.on)


def _closed(history: History, said: Said) -> History:
    if said.on < history.opened_on:
        raise HistoryRefused(f"The place opened on {day(history.opened_on)}: close it later.")
    for one in history.spells:
        if one.awaits_word:
            raise HistoryRefused(
                f"It is {one.said} since {day(one.start)}: say first that this ended."
            )
        if one.until is None or one.until > said.on:
            raise Taken(one.why_taken(said.on), free_from=one.until)
    return replace(history, closed_on=said.on)


def _begins(history: History, said: Said) -> History:
    """A hold, a booking without one, somebody comes unannounced, or it goes out of service."""
    use = _BEGINS[said.kind]
    if use in {Use.HELD, Use.BOOKED} and said.until is None:
        raise HistoryRefused("Say until when the place is kept.")
    if said.until is not None and said.until <= said.on:
        raise HistoryRefused("Give an end that is a night or more after the beginning.")
    if use is Use.OCCUPIED:
        _nobody_is_left(history, said.on)
    history.free(said.on, said.until)
    return history.with_spell(
        Spell(
            began=said.key,
            use=use,
            start=said.on,
            until=said.until,
            partnership=said.partnership,
            case=said.case,
            held_until=said.held_until if use is Use.HELD else None,
        )
    )


def _nobody_is_left(history: History, on: dt.date, *, but: int | None = None) -> None:
    """Before somebody comes, whoever was there has to have left."""
    for one in history.spells:
        if one.awaits_word and one.began != but and one.start <= on:
            raise Taken(
                f"It is {one.said} since {day(one.start)}: say first when this ended.",
                free_from=one.until,
            )


def _booked(history: History, said: Said) -> History:
    if said.about is None:
        return _begins(history, said)
    spell = history.spell(said.about)
    if spell.use is not Use.HELD:
        raise HistoryRefused("Only what is held can be booked.")
    return history.with_spell(
        replace(spell, use=Use.BOOKED, held_until=None, case=said.case or spell.case)
    )


def _admitted(history: History, said: Said) -> History:
    if said.about is None:
        return _begins(history, said)
    spell = history.spell(said.about)
    if spell.use not in {Use.HELD, Use.BOOKED}:
        raise HistoryRefused("Whoever is expected can be admitted once.")
    if said.until is not None and said.until <= said.on:
        raise HistoryRefused("Give a departure that is a night or more after the admission.")
    _nobody_is_left(history, said.on, but=spell.began)
    history.free(said.on, said.until, but=spell.began)
    return history.with_spell(
        replace(
            spell,
            use=Use.OCCUPIED,
            start=said.on,
            until=said.until,
            held_until=None,
            case=said.case or spell.case,
        )
    )


def _released(history: History, said: Said) -> History:
    spell = history.spell(said.about)
    if spell.use not in {Use.HELD, Use.BOOKED}:
        raise HistoryRefused("Only what is held or booked can be released.")
    return history.without(spell)


def _replanned(history: History, said: Said) -> History:
    spell = history.spell(said.about)
    if spell.is_ended:
        raise HistoryRefused("This ended: there is nothing to plan.")
    if spell.use is Use.HELD or (spell.use is Use.BOOKED and said.until is None):
        raise HistoryRefused("Say until when the place is kept, with a hold or booking anew.")
    if said.until is not None and said.until <= spell.start:
        raise HistoryRefused("Give an end that is a night or more after the beginning.")
    history.free(spell.start, said.until, but=spell.began)
    return history.with_spell(replace(spell, until=said.until))


def _left(history: History, said: Said) -> History:
    spell = history.spell(said.about)
    if spell.use is not Use.OCCUPIED or spell.is_ended:
        raise HistoryRefused("Nobody is in the place who could leave.")
    if said.on <= spell.start:
        raise HistoryRefused(
            f"A stay has one night or more: they were admitted on {day(spell.start)}."
            " If nobody came, correct the admission."
        )
    history.free(spell.start, said.on, but=spell.began)
    return history.with_spell(replace(spell, until=said.on, is_ended=True))


def _back(history: History, said: Said) -> History:
    spell = history.spell(said.about)
    if spell.use is not Use.OUT_OF_SERVICE or spell.is_ended:
        raise HistoryRefused("The place is in service.")
    if said.on < spell.start:
        raise HistoryRefused(
            f"It is out of service from {day(spell.start)}: it is back on that day or later."
            " If it never was, correct that it went out of service."
        )
    if said.on == spell.start:
        return history.without(spell)
    history.free(spell.start, said.on, but=spell.began)
    return history.with_spell(replace(spell, until=said.on, is_ended=True))


_DEEDS = {
    Kind.OPENED: _opened,
    Kind.CLOSED: _closed,
    Kind.HELD: _begins,
    Kind.OUT_OF_SERVICE: _begins,
    Kind.BOOKED: _booked,
    Kind.ADMITTED: _admitted,
    Kind.RELEASED: _released,
    Kind.REPLANNED: _replanned,
    Kind.LEFT: _left,
    Kind.BACK: _back,
}


def as_corrected(events: Sequence[Said]) -> list[Said]:
    """What counts, in the order in which it was first said: the last correction of each thing.

    A correction says the thing anew, with its own days, or takes it back; it can itself be
    corrected.
    """
    corrected_by = {one.corrects: one for one in events if one.corrects is not None}
    counts = []
    for one in events:
        if one.corrects is not None:
            continue
        last = one
        while last.key in corrected_by:
            last = corrected_by[last.key]
        if last is one:
            counts.append(one)
        elif last.is_anew:
            counts.append(replace(one, on=last.on, until=last.until, case=last.case or one.case))
    return counts


def replay(events: Iterable[Said]) -> History:
    """What the whole history comes to. Raises `HistoryRefused` when it contradicts itself."""
    counts = as_corrected(list(events))
    history = History(opened_on=counts[0].on if counts else dt.date.min)
    for said in counts:
        try:
            history = take_up(history, said)
        except HistoryRefused as refused:
            name = said.kind.lower().replace("_", " ")
            raise HistoryRefused(
                f"What follows stands in the way ({name}, {day(said.on)}). {refused}"
            ) from refused
    return history
