"""Whatever is said and corrected in whatever order, the counts are those of a naive replay, and
nobody is in a place that is not there, unless it was opened beyond capacity for a reason."""

import datetime as dt

import pytest
from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule

from commissioning.kernel.clock import technical_now
from commissioning.kernel.errors import DomainError
from commissioning.scoping import System
from providers.choices import MoveOn, PlaceKind
from providers.models import Occupancy, Place, PlaceEvent
from providers.selectors.boards import counts_of_services
from providers.services.places import (
    admit,
    back,
    book_place,
    close_place,
    correct,
    hold_place,
    leave,
    move,
    open_place,
    out_of_service,
    plan_departure,
    release_hold,
    run_on_stays,
    set_occupied,
)
from tests.factories.commissioning import PartnershipFactory
from tests.factories.providers import ServiceFactory
from tests.in_any_order import AS_FOUND, InAnyOrder, holds
from tests.providers.nights_told import counted, kept

BY = System("a test")
FIRST = dt.date(2007, 1, 1)
which = st.integers(0, 30)
days = st.integers(-6, 12)
lengths = st.one_of(st.none(), st.integers(-1, 14))


def naive(place, today):
    """Whether a place is open tonight, and what is in it; written a second time.

    It reads the history line by line and knows nothing of spells, ranges or rows.
    """
    stories = {}
    opened, closed = None, None
    for event, said in what_counts(place):
        if event.kind == "OPENED":
            opened = said.on
        elif event.kind == "CLOSED":
            closed = said.on
        else:
            tell(stories.setdefault(event.about_id or event.pk, {}), event, said)
    is_open = opened <= today and (closed is None or today < closed)
    in_it = [s for s in stories.values() if s["use"] and s["from"] <= today]
    tonight = [s["use"] for s in in_it if s["to"] is None or today < s["to"]]
    # Whoever came last is still there, if nobody said that they left.
    if is_open and not tonight and in_it:
        last = max(in_it, key=lambda s: s["from"])
        if last["use"] in {"occupied", "out"} and not last["over"]:
            tonight = [last["use"]]
    return is_open, tonight


def what_counts(place):
    """Each event that stands, with the last word on its days."""
    events = {one.pk: one for one in PlaceEvent.objects.filter(place=place).order_by("pk")}
    last_word = {}
    for event in events.values():
        origin = event
        while origin.corrects_id:
            origin = events[origin.corrects_id]
        last_word[origin] = event
    return [(origin, said) for origin, said in last_word.items() if origin is said or said.is_anew]


BEGINS = {"HELD": "held", "BOOKED": "booked", "ADMITTED": "occupied", "OUT_OF_SERVICE": "out"}


def tell(story, event, said):
    """One more thing of what began with the same event."""
    if event.kind == "BOOKED" and event.about_id:
        story["use"] = "booked"
    elif event.kind in BEGINS:
        story |= {"use": BEGINS[event.kind], "from": said.on, "to": said.until, "over": False}
    elif event.kind == "REPLANNED":
        story["to"] = said.until
    elif event.kind == "RELEASED":
        story["use"] = None
    else:
        story |= {"to": said.on, "over": True}


class Board(InAnyOrder):
    """A service of three beds and everything that can be said of them, day after day."""

    def __init__(self):
        super().__init__()
        self.today = FIRST
        self.service = ServiceFactory(opened_on=dt.date(2006, 1, 1))
        self.partnership = PartnershipFactory()
        for number in range(3):
            self.opens(number, "")

    def attempt(self, deed, **words):
        """Do it, or be refused with a sentence and leave everything as it was."""
        before = self.rows()
        try:
            with transaction.atomic():
                return deed(by=BY, **words)
        except DomainError:
            assert self.rows() == before
            return None

    def rows(self):
        return (
            PlaceEvent.objects.count(),
            list(Occupancy.objects.order_by("pk").values_list("pk", "nights", "kind")),
        )

    def day(self, offset):
        return self.today + dt.timedelta(days=offset)

    def until(self, start, length):
        return None if length is None else self.day(start + length)

    def place(self, chosen):
        places = list(Place.objects.filter(service=self.service).order_by("pk"))
        return places[chosen % len(places)]

    def row(self, chosen):
        rows = list(Occupancy.objects.filter(is_ended=False).order_by("pk"))
        return rows[chosen % len(rows)] if rows else None

    @rule(chosen=which, reason=st.sampled_from(["", "", "A fire next door."]))
    def opens(self, chosen, reason):
        self.attempt(
            open_place,
            service=self.service,
            label=f"Bed {chosen}",
            kind=PlaceKind.BED,
            on=self.today - dt.timedelta(days=20),
            today=self.today,
            overbooked_for=reason,
        )

    @rule(chosen=which, start=days, length=st.integers(-1, 9))
    def holds(self, chosen, start, length):
        self.attempt(
            hold_place,
            place=self.place(chosen),
            nights=(self.day(start), self.day(start + length)),
            partnership=self.partnership,
            case=f"C{chosen % 3}",
            hours=48,
            on=self.today,
        )

    @rule(chosen=which)
    def books(self, chosen):
        if row := self.row(chosen):
            self.attempt(book_place, occupancy=row, cause="", on=self.today)

    @rule(chosen=which)
    def releases(self, chosen):
        if row := self.row(chosen):
            self.attempt(release_hold, occupancy=row, reason="So.", on=self.today)

    @rule(chosen=which, on=days, length=lengths, case=st.sampled_from(["", "C0", "C1"]))
    def admits(self, chosen, on, length, case):
        self.attempt(
            admit,
            place=self.place(chosen),
            on=self.day(on),
            planned_until=self.until(on, length),
            case=case,
            today=self.today,
        )

    @rule(chosen=which, on=days)
    def leaves(self, chosen, on):
        self.attempt(
            leave,
            place=self.place(chosen),
            on=self.day(on),
            move_on=MoveOn.OWN_HOME,
            today=self.today,
        )

    @rule(chosen=which, length=lengths)
    def plans(self, chosen, length):
        if row := self.row(chosen):
            until = None if length is None else row.nights.lower + dt.timedelta(days=length)
            self.attempt(plan_departure, occupancy=row, until=until, today=self.today)

    @rule(chosen=which, to=which)
    def moves(self, chosen, to):
        if row := self.row(chosen):
            self.attempt(
                move, occupancy=row, to=self.place(to), today=self.today, reason="A quieter room."
            )

    @rule(chosen=which, on=days, length=lengths)
    def goes_out(self, chosen, on, length):
        self.attempt(
            out_of_service,
            place=self.place(chosen),
            on=self.day(on),
            until=self.until(on, length),
            reason="Painting.",
            today=self.today,
        )

    @rule(chosen=which, on=days)
    def comes_back(self, chosen, on):
        self.attempt(back, place=self.place(chosen), on=self.day(on), today=self.today)

    @rule(chosen=which, on=days)
    def closes(self, chosen, on):
        self.attempt(close_place, place=self.place(chosen), on=self.day(on), today=self.today)

    @rule(occupied=st.integers(0, 5))
    def is_so_full(self, occupied):
        self.attempt(
            set_occupied,
            service=self.service,
            kind=PlaceKind.BED,
            occupied=occupied,
            on=self.today,
        )

    @rule(chosen=st.integers(0, 200), on=st.one_of(st.none(), days), length=lengths)
    def corrects(self, chosen, on, length):
        events = list(PlaceEvent.objects.order_by("pk"))
        event = events[-1 - chosen % len(events)]
        self.attempt(
            correct,
            event=event,
            reason="A slip.",
            today=self.today,
            on=None if on is None else event.on + dt.timedelta(days=on),
            until=None if on is None or length is None else event.on + dt.timedelta(on + length),
        )

    @rule(nights=st.integers(1, 5))
    def time_goes_by(self, nights):
        self.today += dt.timedelta(days=nights)
        run_on_stays(on=self.today)
        before = self.rows()
        assert run_on_stays(on=self.today) == 0
        assert self.rows() == before

    @invariant()
    def the_board_counts_what_a_naive_replay_counts(self):
        expected = dict.fromkeys(
            ("open", "out_of_service", "held", "booked", "occupied", "overbooked"), 0
        )
        for place in Place.objects.filter(service=self.service):
            is_open, tonight = naive(place, self.today)
            assert len(tonight) <= 1
            if place.overbooked_for:
                expected["overbooked"] += is_open and tonight in (["occupied"], ["booked"])
                continue
            if not is_open:
                assert tonight == []
                continue
            expected["open"] += 1
            for use in tonight:
                expected["out_of_service" if use == "out" else use] += 1
        (board,) = counts_of_services([self.service.pk], night=self.today).values()
        shown = {name: getattr(board, name) for name in expected}
        assert shown == expected
        assert board.in_service == expected["open"] - expected["out_of_service"]
        assert board.free >= 0
        assert board.free + board.held + board.booked + board.occupied == board.in_service

    @invariant()
    def the_nights_added_up_are_those_counted_one_by_one(self):
        assert kept() == counted()

    @invariant()
    def more_are_in_than_places_only_with_a_reason(self):
        here = Occupancy.objects.filter(kind="OCCUPIED").on(self.today)
        in_service = counts_of_services([self.service.pk], night=self.today)
        ordinary = here.filter(place__overbooked_for="").count()
        assert ordinary <= in_service[self.service.pk].in_service
        assert all(row.place.overbooked_for for row in here if row.place.overbooked_for)

    @invariant()
    def a_free_place_of_the_search_is_one_that_can_be_held(self):
        free = Place.objects.free_between(self.today, self.day(3), now=technical_now())
        for place in free.filter(service=self.service)[:1]:
            with transaction.atomic():
                hold_place(
                    place=place,
                    nights=(self.today, self.day(3)),
                    partnership=self.partnership,
                    case="C",
                    hours=1,
                    by=BY,
                    on=self.today,
                )
                transaction.set_rollback(True)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("examples", "steps"), [(10, 20), pytest.param(400, 50, marks=pytest.mark.nightly)]
)
def test_the_board_holds_whatever_is_said(examples, steps):
    holds(Board, examples=examples, steps=steps, phases=AS_FOUND)
