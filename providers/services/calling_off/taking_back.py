"""An admission or a departure that was not so: the call-off stands again as it did before."""

import datetime as dt

from commissioning.kernel.money import ZERO
from commissioning.kernel.words import day, pounds
from commissioning.scoping import Actor
from providers.choices import CallOffState
from providers.models import CallOff
from providers.services.calling_off.guard import CallOffRefused, step, tell_deed
from providers.services.calling_off.money import commit_again, settle_stay
from providers.services.calling_off.telling import tell_requester


def take_back_admission(held: CallOff, *, by: Actor) -> None:
    """A locked call-off whose person did not come: accepted as before, or not answered yet."""
    came_on, held.admitted_on = held.admitted_on, None
    before = CallOffState.ACCEPTED if held.answered_at else CallOffState.APPROVED
    step(held, before, "admitted_on")
    tell_deed("admission_taken_back", held, by, on=came_on.isoformat() if came_on else None)
    said = f"{held.case} did not come to {held.place.service} after all: it is put right"
    tell_requester(held, said, f"admission-taken-back:{came_on}", by=by)


def take_back_departure(held: CallOff, *, by: Actor, on: dt.date) -> None:
    """A locked call-off whose person did not leave: admitted, at the cost of all its nights.

    Raises `CallOffRefused` where the money that was released is there no more.
    """
    left_on = held.left_on
    held.left_on, held.move_on, held.as_planned = None, "", None
    again = commit_again(held, by=by, on=on) if held.is_spot else ZERO
    step(
        held,
        CallOffState.ADMITTED,
        *("left_on", "move_on", "as_planned", "cost", "overspent"),
    )
    tell_deed(
        "departure_taken_back",
        held,
        by,
        on=left_on.isoformat() if left_on else None,
        committed=pounds(again) if again > 0 else None,
    )
    said = f"{held.case} did not leave {held.place.service} after all"
    money = f": {pounds(again)} is committed again" if again > 0 else ""
    tell_requester(held, f"{said}{money}", f"departure-taken-back:{left_on}", by=by)


def say_days_anew(
    held: CallOff, *, came_on: dt.date, left_on: dt.date | None, by: Actor, on: dt.date
) -> None:
    """A locked call-off whose person came or left on another day than was said.

    Of a stay that ended, what it comes to is worked out anew.
    """
    if (held.admitted_on, held.left_on) == (came_on, left_on):
        return
    if left_on is not None and left_on <= came_on:
        raise CallOffRefused(f"They came on {day(came_on)}, and left after that.")
    held.admitted_on, held.left_on = came_on, left_on
    if left_on is not None and held.is_spot:
        settle_stay(held, by=by, on=on)
    held.save(update_fields=["admitted_on", "left_on", "cost", "overspent"])
    tell_deed(
        "days_put_right",
        held,
        by,
        came=came_on.isoformat(),
        left=left_on.isoformat() if left_on else None,
        cost=pounds(held.cost) if held.is_spot and left_on else None,
    )
    said = f"The days of {held.case} at {held.place.service} are put right"
    tell_requester(held, said, f"days:{came_on}:{left_on}", by=by)
