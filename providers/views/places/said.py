"""What can be said of one place: the form of each, its words, and what it does."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms

from commissioning.models import User
from commissioning.selectors.areas import partnership_at
from commissioning.selectors.rule_sets import settings_in_force
from providers.choices import MoveOn, OccupancyKind
from providers.forms import places as asked
from providers.models import Occupancy, Place
from providers.selectors.boards import next_nights
from providers.services import places as services

EXPECTED = (OccupancyKind.HELD, OccupancyKind.BOOKED)


@dataclass(frozen=True)
class Deed:
    """One thing that can be said: its form, its words and what it does.

    `about` names what of a place it is about: the row of nights `?about=` names, or else that of
    tonight. `at_once`: what a tap on the board says without a form.
    """

    form: type[forms.Form]
    heading: str
    done: str
    run: Callable[..., object]
    kinds: tuple[str, ...] = ()  # of occupancy, where it is about one
    at_once: Callable[["At"], Mapping[str, Any]] | None = None
    lead: str = ""


@dataclass(frozen=True)
class At:
    """Where and when something is said, and about which nights."""

    place: Place
    about: Occupancy | None
    today: dt.date
    person: User

    @property
    def usual_end(self) -> dt.date:
        """Where nobody says when they mean to leave: after the usual stay of such a place, or
        when the place is kept for something else, or closes, if that is sooner."""
        usual = settings_in_force(on=self.today).usual_stay_days[self.place.kind]
        following = next_nights([self.place.pk], night=self.today).get(self.place.pk)
        ends = [self.today + dt.timedelta(days=usual), self.place.closed_on]
        if following is not None:
            ends.append(following.nights.lower)
        return min(end for end in ends if end is not None)


def _admit(at: At, *, on: dt.date, case: str, planned_until: dt.date | None) -> object:
    return services.admit(
        place=at.place,
        on=on,
        planned_until=planned_until,
        case=case,
        occupancy=at.about,
        today=at.today,
        by=at.person,
    )


def _hold(
    at: At, *, on: dt.date, until: dt.date, partnership: str, case: str, ends: dt.datetime
) -> object:
    theirs = partnership_at(partnership)
    assert theirs is not None  # noqa: S101 - the form offers partnerships alone
    return services.hold_for(
        place=at.place,
        nights=(on, until),
        partnership=theirs,
        case=case,
        ends=ends,
        by=at.person,
        on=at.today,
    )


def _leave(at: At, *, on: dt.date, move_on: str, reason: str) -> object:
    return services.leave(
        place=at.place, on=on, move_on=move_on, reason=reason, today=at.today, by=at.person
    )


def _plan(at: At, *, until: dt.date | None, reason: str) -> object:
    return services.plan_departure(
        occupancy=_needed(at), until=until, reason=reason, today=at.today, by=at.person
    )


def _out(at: At, *, on: dt.date, reason: str, until: dt.date | None) -> object:
    return services.out_of_service(
        place=at.place, on=on, until=until, reason=reason, today=at.today, by=at.person
    )


def _back(at: At, *, on: dt.date) -> object:
    services.back(place=at.place, on=on, today=at.today, by=at.person)
    return True


def _close(at: At, *, on: dt.date, reason: str) -> object:
    return services.close_place(place=at.place, on=on, reason=reason, today=at.today, by=at.person)


def _release(at: At, *, reason: str) -> object:
    services.release_hold(occupancy=_needed(at), reason=reason, by=at.person, on=at.today)
    return True


def _move(at: At, *, to: Place, reason: str) -> object:
    return services.move(occupancy=_needed(at), to=to, reason=reason, today=at.today, by=at.person)


def _needed(at: At) -> Occupancy:
    if at.about is None:
        raise services.PlaceRefused(f"{at.place}: there is nothing that this could be about.")
    return at.about


DEEDS = {
    "admit": Deed(
        form=asked.AdmitForm,
        heading="Admit to",
        done="Somebody is in {place}{until}.",
        run=_admit,
        kinds=EXPECTED,
        at_once=lambda at: {
            "on": at.today,
            "case": "",
            "planned_until": at.about.planned_until if at.about else at.usual_end,
        },
    ),
    "hold": Deed(
        form=asked.HoldForm,
        heading="Hold",
        done="{place} is held {ends}. Nobody else is offered it until then.",
        run=_hold,
        lead="For somebody who rang. The partnership finds the hold among its call-offs, and calls"
        " the place off before it ends.",
    ),
    "leave": Deed(
        form=asked.LeaveForm,
        heading="Somebody left",
        done="{place}: they left. It is free.",
        run=_leave,
        at_once=lambda at: {"on": at.today, "move_on": MoveOn.NOT_KNOWN, "reason": ""},
    ),
    "departure": Deed(
        form=asked.PlanForm,
        heading="Plan the departure from",
        done="{place}: the departure is planned anew.",
        run=_plan,
        kinds=(OccupancyKind.OCCUPIED, OccupancyKind.BOOKED, OccupancyKind.OUT_OF_SERVICE),
        lead="Left empty, the place is taken until you say that they left.",
    ),
    "out-of-service": Deed(
        form=asked.OutOfServiceForm,
        heading="Take out of service:",
        done="{place} is out of service.",
        run=_out,
    ),
    "back": Deed(
        form=asked.BackForm,
        heading="Back in service:",
        done="{place} is back in service.",
        run=_back,
        at_once=lambda at: {"on": at.today},
    ),
    "close": Deed(
        form=asked.CloseForm,
        heading="Close",
        done="{place} is closed from that day on. Its history stays.",
        run=_close,
    ),
    "release": Deed(
        form=asked.ReleaseForm,
        heading="Release",
        done="{place}: released.",
        run=_release,
        kinds=EXPECTED,
        lead="Whoever had it finds it released. Ring them first.",
    ),
    "move": Deed(
        form=asked.MoveForm,
        heading="Move from",
        done="They moved from {place}.",
        run=_move,
        kinds=(OccupancyKind.OCCUPIED, OccupancyKind.BOOKED),
    ),
}
