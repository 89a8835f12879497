"""From the stays of a place to what was said of it, event by event, as rules take it up. Pure."""

import datetime as dt
import random
from collections.abc import Sequence
from dataclasses import dataclass, replace

from providers.choices import MoveOn
from providers.demonstration.stays import Course, Outage, Stay
from providers.rules.place_history import Kind, Said
from providers.rules.spells import NIGHT

# Of those who leave when they planned to, and of those who leave before.
AS_PLANNED = (MoveOn.OWN_HOME, MoveOn.SUPPORTED_HOUSING, MoveOn.SUPPORTED_HOUSING,
              MoveOn.OTHER_TREATMENT, MoveOn.REHABILITATION)  # fmt: skip
BEFORE = (MoveOn.NOT_KNOWN, MoveOn.NOT_KNOWN, MoveOn.OWN_HOME, MoveOn.HOSPITAL, MoveOn.CUSTODY)
BOOKED_BEFORE = 0.15  # of admissions to beds, those that were booked
WITH_CASE = 0.5


@dataclass(frozen=True, kw_only=True)
class Told:
    """One event, with what the rules do not read: where somebody moved on to, and why."""

    said: Said
    move_on: str = ""
    reason: str = ""

    def keyed(self, keys: Sequence[int]) -> "Told":
        """The same with the keys of rows for its own, which count from nought."""
        said = self.said
        return replace(
            self,
            said=replace(
                said,
                key=keys[said.key],
                about=None if said.about is None else keys[said.about],
                corrects=None if said.corrects is None else keys[said.corrects],
            ),
        )


class Teller:
    """Tells the history of one place in the order in which it was said."""

    def __init__(self, opened_on: dt.date, *, beds: bool, rng: random.Random) -> None:
        self.rng, self.beds = rng, beds
        self.told: list[Told] = []
        self.say(Kind.OPENED, opened_on)

    def say(self, kind: Kind, on: dt.date, **more: object) -> int:
        """Append an event; gives its number, by which later ones are about it."""
        words = {name: str(more.pop(name)) for name in ("move_on", "reason") if name in more}
        number = len(self.told)
        said = Said(key=number, kind=kind, on=on, **more)  # type: ignore[arg-type]  # by name
        self.told.append(Told(said=said, **words))
        return number

    def course(self, course: Course, wanted: Sequence[int]) -> None:
        """Its stays and outages; `wanted` are the partnerships that send people, in turn."""
        happened: list[Stay | Outage] = sorted(
            [*course.stays, *course.outages], key=lambda one: one.start
        )
        for number, one in enumerate(happened):
            if isinstance(one, Stay):
                self.stay(one, partnership=wanted[number % len(wanted)] if wanted else None)
            else:
                self.outage(one)

    def stay(self, stay: Stay, *, partnership: int | None) -> None:
        case = f"P-{self.rng.randrange(1_000, 9_999)}" if self.rng.random() < WITH_CASE else ""
        words = {"until": stay.planned_until, "partnership": partnership, "case": case}
        if self.beds and stay.planned_until and self.rng.random() < BOOKED_BEFORE:
            began = self.say(Kind.BOOKED, stay.start, **words)
            self.say(Kind.ADMITTED, stay.start, about=began, **words)
        else:
            began = self.say(Kind.ADMITTED, stay.start, **words)
        if stay.left is not None:
            planned = stay.planned_until is None or stay.left >= stay.planned_until - 3 * NIGHT
            self.say(
                Kind.LEFT,
                stay.left,
                about=began,
                move_on=self.rng.choice(AS_PLANNED if planned else BEFORE),
            )

    def outage(self, out: Outage) -> None:
        began = self.say(Kind.OUT_OF_SERVICE, out.start, until=out.until, reason=out.reason)
        if out.back is not None:
            self.say(Kind.BACK, out.back, about=began)

    def close(self, on: dt.date) -> None:
        self.say(Kind.CLOSED, on, reason="The room became a clinic.")

    def admit(self, on: dt.date, *, until: dt.date, partnership: int) -> None:
        """Somebody who came unannounced."""
        self.say(Kind.ADMITTED, on, until=until, partnership=partnership)

    @property
    def leaves_on(self) -> dt.date | None:
        """The day on which who is there means to leave; None where nobody is, or nobody knows."""
        last = self.told[-1].said
        return last.until if last.kind is Kind.ADMITTED else None

    @property
    def is_free(self) -> bool:
        return self.told[-1].said.kind in {Kind.OPENED, Kind.LEFT, Kind.BACK}

    def hold(
        self, nights: tuple[dt.date, dt.date], *, partnership: int, case: str, until: dt.datetime
    ) -> None:
        start, end = nights
        self.say(Kind.HELD, start, until=end, partnership=partnership, case=case, held_until=until)

    def book(self, nights: tuple[dt.date, dt.date], *, partnership: int, case: str) -> None:
        """A hold that was booked."""
        start, end = nights
        self.say(Kind.BOOKED, start, until=end, partnership=partnership, case=case)

    def correct_last_departure(self) -> None:
        """Somebody left a night earlier than was said first."""
        for one in reversed(self.told):
            about = one.said.about
            if one.said.kind is not Kind.LEFT or about is None:
                continue
            if one.said.on > self.told[about].said.on + NIGHT:
                self.say(
                    Kind.CORRECTED,
                    one.said.on - NIGHT,
                    corrects=one.said.key,
                    is_anew=True,
                    reason="They left a day earlier than was said.",
                )
                return
