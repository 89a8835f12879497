"""What happens to a place, and what is refused with a sentence."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from commissioning.kernel.errors import NotPermitted
from commissioning.scoping import System
from providers.choices import MoveOn, OccupancyKind, PlaceEventKind, PlaceKind
from providers.models import Board, Occupancy, PlaceEvent
from providers.rules.place_history import Kind
from providers.rules.spells import Use
from providers.services.places import (
    PlaceRefused,
    PlaceTaken,
    admit,
    back,
    book_place,
    close_place,
    correct,
    hold_place,
    leave,
    move,
    open_place,
    open_places,
    out_of_service,
    plan_departure,
    release_expired_holds,
    release_hold,
    run_on_stays,
    set_occupied,
    state_no_change,
)
from tests.factories.commissioning import PartnershipFactory, UserFactory
from tests.factories.providers import ServiceFactory

pytestmark = pytest.mark.django_db
BY = System("a test")
TODAY = dt.date(2007, 2, 15)


def later(days):
    return TODAY + dt.timedelta(days=days)


@pytest.fixture
def service():
    return ServiceFactory(name="Valley House", telephone="0191 498 0000")


@pytest.fixture
def bed(service):
    return bed_of(service)


def bed_of(service, label="Bed 1", **more):
    words = {"kind": PlaceKind.BED, "on": later(-300), "today": TODAY, "by": BY} | more
    return open_place(service=service, label=label, **words)


def held(place, start=0, until=7, **more):
    words = {"partnership": PartnershipFactory(), "case": "C1", "hours": 48} | more
    return hold_place(place=place, nights=(later(start), later(until)), by=BY, on=TODAY, **words)


def admitted(place, on=0, until=10, **more):
    planned = None if until is None else later(until)
    words = {"today": TODAY, "by": BY} | more
    return admit(place=place, on=later(on), planned_until=planned, **words)


def left(place, on=0, **more):
    words = {"today": TODAY, "by": BY, "move_on": MoveOn.OWN_HOME} | more
    return leave(place=place, on=later(on), **words)


def nights(row):
    row.refresh_from_db()
    return (row.nights.lower - TODAY).days, row.nights.upper and (row.nights.upper - TODAY).days


def kinds(place):
    return list(
        PlaceEvent.objects.filter(place=place).order_by("pk").values_list("kind", flat=True)
    )


class TestFromHoldToDeparture:
    def test_one_row_goes_from_hold_to_booking_to_stay_to_its_end(self, bed):
        row = held(bed, 0, 28)
        book_place(occupancy=row, cause="call-off:1", by=BY, on=TODAY)
        stay = admit(place=bed, on=later(1), today=later(1), by=BY, occupancy=row)

        assert stay.pk == row.pk
        assert nights(stay) == (1, 28)
        left(bed, 5, today=later(5))
        stay.refresh_from_db()

        assert (stay.kind, stay.is_ended, nights(stay)) == ("OCCUPIED", True, (1, 5))
        assert kinds(bed) == ["OPENED", "HELD", "BOOKED", "ADMITTED", "LEFT"]

    def test_who_comes_for_a_case_comes_for_what_is_booked_for_it(self, bed):
        row = held(bed, 0, 28, case="NT-7")

        stay = admitted(bed, until=28, case="NT-7")

        assert stay.pk == row.pk
        assert stay.partnership_id == row.partnership_id

    def test_on_the_day_that_somebody_leaves_the_next_may_come(self, bed):
        admitted(bed, -10)
        left(bed)

        assert nights(admitted(bed)) == (0, 10)

    def test_a_departure_is_planned_later_and_earlier(self, bed):
        stay = admitted(bed)

        assert nights(plan_departure(occupancy=stay, until=later(20), today=TODAY, by=BY))[1] == 20
        assert nights(plan_departure(occupancy=stay, until=later(3), today=TODAY, by=BY))[1] == 3

    def test_a_stay_goes_on_in_another_bed(self, service, bed):
        stay = admitted(bed, -3, case="C9")
        other = bed_of(service, "Bed 2")

        moved = move(occupancy=stay, to=other, today=TODAY, by=BY, reason="A quieter room.")

        assert nights(stay) == (-3, 0)
        assert (nights(moved), moved.case, moved.place) == ((0, 10), "C9", other)


class TestRefusals:
    def test_who_comes_too_late_is_told_whom_to_ring_and_when_it_falls_free(self, bed):
        held(bed, 0, 7)

        with pytest.raises(PlaceTaken) as refused:
            held(bed, 3, 5)

        assert str(refused.value) == (
            "Bed 1 is not free on these nights. It is held from 18 February 2007 to"
            " 22 February 2007. It falls free on 22 February 2007 at the earliest. Ring Valley"
            " House on 0191 498 0000."
        )
        assert refused.value.free_from == later(7)
        assert refused.value.telephone == "0191 498 0000"

    def test_who_keeps_the_place_is_not_told_to_ring_themselves(self, service, bed):
        admitted(bed, 0, 7)
        keeper = UserFactory(keyworker_of=service.provider.organisation)

        with pytest.raises(PlaceTaken) as refused:
            admitted(bed, by=keeper)

        assert "Ring" not in str(refused.value)

    def test_nobody_knows_when_an_open_stay_ends(self, bed):
        admitted(bed, until=None)

        with pytest.raises(PlaceTaken, match="Nobody has said when it falls free") as refused:
            held(bed, 30, 37)

        assert refused.value.free_from is None

    @pytest.mark.parametrize(
        ("deed", "sentence"),
        [
            (lambda bed: admitted(bed, on=1), "16 February 2007 is to come: book the place"),
            (lambda bed: left(bed, on=1), "is to come: say when they mean to leave"),
            (left, "nobody is in it who could leave"),
            (lambda bed: back(place=bed, on=TODAY, today=TODAY, by=BY), "Bed 1 is in service"),
            (lambda bed: held(bed, -1, 5), "held for nights to come"),
            (lambda bed: held(bed, 2, 2), "a night or more after"),
            (lambda bed: admitted(bed, on=-1, until=-1), "a night or more after"),
            (lambda bed: admitted(bed, on=-301), "The place opened on 21 April 2006"),
            (
                lambda bed: out_of_service(place=bed, on=TODAY, today=TODAY, reason=" ", by=BY),
                "Say why the place is out of service",
            ),
        ],
    )
    def test_what_makes_no_sense_gets_a_sentence_and_leaves_no_trace(self, bed, deed, sentence):
        with pytest.raises(PlaceRefused, match=sentence):
            deed(bed)

        assert kinds(bed) == ["OPENED"]
        assert not Occupancy.objects.exists()

    def test_a_departure_before_the_admission_is_refused(self, bed):
        admitted(bed, -2)

        with pytest.raises(PlaceRefused, match="admitted on 13 February 2007"):
            left(bed, -5)
        with pytest.raises(PlaceRefused, match="one night or more"):
            left(bed, -2)

    def test_a_place_is_not_back_before_it_went_out_of_service(self, bed):
        out_of_service(place=bed, on=TODAY, today=TODAY, reason="A leak.", by=BY)

        with pytest.raises(PlaceRefused, match="out of service from 15 February 2007: it is back"):
            back(place=bed, on=later(-14), today=TODAY, by=BY)
        assert Occupancy.objects.exists()
        back(place=bed, on=TODAY, today=TODAY, by=BY)
        assert not Occupancy.objects.exists()

    def test_that_it_came_back_is_not_corrected_to_before_it_went(self, bed):
        out_of_service(place=bed, on=later(-5), today=TODAY, reason="A leak.", by=BY)
        back(place=bed, on=later(-2), today=TODAY, by=BY)
        said = PlaceEvent.objects.get(kind=PlaceEventKind.BACK)

        with pytest.raises(PlaceRefused, match="it is back on that day or later"):
            correct(event=said, on=later(-7), reason="Misread.", by=BY, today=TODAY)

    def test_a_repair_to_come_is_called_off(self, bed):
        out_of_service(place=bed, on=later(5), today=TODAY, reason="Painting.", by=BY)

        with pytest.raises(PlaceRefused, match="out of service from 20 February 2007"):
            back(place=bed, on=later(-1), today=TODAY, by=BY)
        back(place=bed, on=TODAY, today=TODAY, by=BY)

        assert not Occupancy.objects.exists()

    def test_nobody_comes_before_the_last_has_left(self, bed):
        admitted(bed, -20, until=-5)

        with pytest.raises(PlaceTaken, match="taken"):
            admitted(bed)

    def test_a_place_with_somebody_in_it_does_not_close(self, bed):
        admitted(bed)

        with pytest.raises(PlaceRefused, match="say first that this ended"):
            close_place(place=bed, on=later(20), today=TODAY, by=BY)

    def test_a_closed_place_takes_nobody(self, bed):
        close_place(place=bed, on=later(3), today=TODAY, by=BY)

        with pytest.raises(PlaceRefused, match="closes on 18 February 2007"):
            held(bed, 2, 4)
        with pytest.raises(PlaceRefused, match="is closed from"):
            close_place(place=bed, on=later(5), today=TODAY, by=BY)

    def test_two_places_of_one_name_are_refused(self, service, bed):
        with pytest.raises(PlaceRefused, match="Give others"):
            open_places(
                service=service,
                labels=["Bed 7", "Bed 1"],
                kind=PlaceKind.BED,
                on=TODAY,
                today=TODAY,
                by=BY,
            )

    def test_strangers_hold_and_keep_nothing(self, bed):
        stranger = UserFactory(commissioner_of=PartnershipFactory().organisation)

        with pytest.raises(NotPermitted):
            hold_place(
                place=bed,
                nights=(later(8), later(9)),
                partnership=PartnershipFactory(),
                case="C",
                hours=1,
                by=stranger,
                on=TODAY,
            )
        with pytest.raises(NotPermitted):
            admitted(bed, by=stranger)


class TestOverbooking:
    def test_a_place_beyond_capacity_takes_somebody_but_is_never_held(self, service, bed):
        extra = bed_of(service, "Sofa bed", on=TODAY, overbooked_for="A fire next door.")

        assert nights(admitted(extra)) == (0, 10)
        with pytest.raises(PlaceRefused, match="never free"):
            held(extra, 20, 30)


class TestTheSameAgain:
    def test_a_cause_happens_once(self, bed):
        first = held(bed, cause="request:1")

        assert held(bed, cause="request:1") == first
        stay = admitted(bed, case="C1", until=7, cause="call-off:1")
        assert admitted(bed, case="C1", until=7, cause="call-off:1") == stay
        left(bed, 3, today=later(3), cause="call-off:1")
        left(bed, 3, today=later(3), cause="call-off:1")
        assert kinds(bed) == ["OPENED", "HELD", "ADMITTED", "LEFT"]

    def test_a_hold_is_released_once(self, bed):
        row = held(bed)

        release_hold(occupancy=row, by=BY, reason="Not needed.")
        release_hold(occupancy=row, by=BY, reason="Not needed.")

        assert kinds(bed) == ["OPENED", "HELD", "RELEASED"]
        assert not Occupancy.objects.exists()


class TestByItself:
    def test_a_hold_that_is_over_is_released_once(self, bed):
        held(bed, hours=-1)

        assert release_expired_holds(on=TODAY) == 1
        assert release_expired_holds(on=TODAY) == 0
        assert kinds(bed) == ["OPENED", "HELD", "RELEASED"]

    def test_a_hold_that_is_over_stands_in_nobodys_way_before_the_sweeper_comes(self, bed):
        held(bed, hours=-1)

        assert nights(held(bed, 0, 3)) == (0, 3)

    def test_a_booking_does_not_end_by_itself(self, bed):
        book_place(occupancy=held(bed), cause="call-off:1", by=BY, on=TODAY)

        assert release_expired_holds(on=TODAY) == 0

    def test_who_was_not_said_to_leave_is_here_one_night_more_each_night(self, bed):
        stay = admitted(bed, -5, until=1)

        assert run_on_stays(on=TODAY) == 0
        assert run_on_stays(on=later(1)) == 1
        assert nights(stay) == (-5, 2)
        assert run_on_stays(on=later(1)) == 0
        run_on_stays(on=later(4))
        assert nights(stay) == (-5, 5)
        left(bed, 3, today=later(4))
        assert nights(stay) == (-5, 3)

    def test_the_next_booking_is_not_run_over(self, bed):
        stay = admitted(bed, -5, until=1)
        row = held(bed, 3, 9)
        book_place(occupancy=row, cause="call-off:1", by=BY, on=TODAY)

        run_on_stays(on=later(5))

        assert nights(stay) == (-5, 3)
        with pytest.raises(PlaceTaken, match="taken since 10 February 2007"):
            admitted(bed, 5, until=9, today=later(5), occupancy=row)

    def test_a_repair_runs_on_until_the_place_is_said_to_be_back(self, bed):
        row = out_of_service(
            place=bed, on=later(-3), today=TODAY, until=later(-1), reason="Painting", by=BY
        )

        assert nights(row) == (-3, 1)
        back(place=bed, on=TODAY, today=TODAY, by=BY)
        assert nights(row) == (-3, 0)

    def test_a_booking_to_which_nobody_came_is_released(self, bed):
        book_place(occupancy=held(bed, 0, 3), cause="call-off:1", by=BY, on=TODAY)

        assert run_on_stays(on=later(2)) == 0
        assert run_on_stays(on=later(3)) == 1
        assert kinds(bed)[-1] == "RELEASED"


class TestCorrections:
    def event(self, place, kind):
        return PlaceEvent.objects.get(place=place, kind=kind)

    def corrected(self, event, **more):
        words = {"reason": "A slip.", "by": BY, "today": TODAY} | more
        return correct(event=event, **words)

    def test_an_admission_that_never_was_is_taken_back(self, bed):
        admitted(bed)

        self.corrected(self.event(bed, "ADMITTED"))

        assert not Occupancy.objects.exists()
        assert kinds(bed) == ["OPENED", "ADMITTED", "CORRECTED"]

    def test_a_day_is_said_anew_and_the_row_stays_the_same(self, bed):
        stay = admitted(bed, -3)
        left(bed)

        self.corrected(self.event(bed, "ADMITTED"), on=later(-4), until=later(10))
        self.corrected(self.event(bed, "LEFT"), on=later(-1))

        assert nights(stay) == (-4, -1)

    def test_what_rests_on_it_stands_in_the_way(self, bed):
        admitted(bed, -3)
        left(bed)

        with pytest.raises(PlaceRefused, match="left, 15 February 2007"):
            self.corrected(self.event(bed, "ADMITTED"))

        assert PlaceEvent.objects.filter(kind="CORRECTED").count() == 0

    def test_a_correction_is_corrected(self, bed):
        stay = admitted(bed, -3)
        gone = self.corrected(self.event(bed, "ADMITTED"))
        with pytest.raises(PlaceRefused, match="correct the correction"):
            self.corrected(self.event(bed, "ADMITTED"))

        self.corrected(gone, on=later(-2), until=later(9))

        now = Occupancy.objects.get()
        assert (nights(now), now.began_id) == ((-2, 9), stay.began_id)

    def test_a_departure_taken_back_lets_the_stay_run_on(self, bed):
        stay = admitted(bed, -9, until=-2)
        left(bed, -1)

        self.corrected(self.event(bed, "LEFT"))

        assert nights(stay) == (-9, 1)

    def test_two_stays_that_were_said_the_wrong_way_round_change_places(self, bed):
        admitted(bed, -20, until=-10)
        left(bed, -10)
        second = admitted(bed, -10, until=5)

        self.corrected(self.event(bed, "LEFT"), on=later(-12))
        self.corrected(second.began, on=later(-12), until=later(5))

        assert nights(second) == (-12, 5)

    @pytest.mark.parametrize(
        ("words", "sentence"),
        [
            ({"reason": " "}, "Say why"),
            ({}, "Say anew when the place opened"),
            ({"on": later(1)}, "is to come"),
        ],
    )
    def test_an_opening_is_said_anew_for_a_reason(self, bed, words, sentence):
        with pytest.raises(PlaceRefused, match=sentence):
            self.corrected(self.event(bed, "OPENED"), **words)

    def test_a_place_opened_earlier_than_was_said(self, bed):
        self.corrected(self.event(bed, "OPENED"), on=later(-310))

        bed.refresh_from_db()
        assert bed.opened_on == later(-310)


class TestManyAtOnce:
    @pytest.fixture
    def slots(self, service):
        return open_places(
            service=service,
            labels=[f"Slot {n}" for n in range(1, 13)],
            kind=PlaceKind.PRESCRIBING,
            on=later(-9),
            today=TODAY,
            by=BY,
        )

    def set(self, service, number, on=TODAY):
        return set_occupied(
            service=service, kind=PlaceKind.PRESCRIBING, occupied=number, on=on, by=BY
        )

    def test_a_number_becomes_admissions_and_departures(self, service, slots):
        assert self.set(service, 10) == 10
        assert self.set(service, 10) == 0
        labels = Occupancy.objects.values_list("place__label", flat=True)
        assert set(labels) == {f"Slot {n}" for n in range(1, 11)}

        assert self.set(service, 7, on=later(1)) == -3

        assert Occupancy.objects.on(later(1)).count() == 7
        assert PlaceEvent.objects.filter(kind=PlaceEventKind.LEFT).count() == 3

    def test_more_than_there_are_places_is_refused(self, service, slots):
        held(slots[0])

        with pytest.raises(PlaceRefused, match="At most 11 can be in these places tonight"):
            self.set(service, 12)

    def test_nobody_is_put_where_a_place_is_about_to_close(self, service, slots):
        close_place(place=slots[0], on=later(9), today=TODAY, by=BY)

        with pytest.raises(PlaceRefused, match=r"At most 11 .* about to close"):
            self.set(service, 12)

    def test_hundreds_are_a_constant_number_of_statements(self, service, slots):
        asked = []
        for number in (3, 12):
            with CaptureQueriesContext(connection) as queries:
                self.set(service, number)
            asked.append(len(queries))

        assert asked[0] == asked[1] <= 12


class TestFreshness:
    def test_what_the_provider_says_states_the_board(self, service, bed):
        keeper = UserFactory(keyworker_of=service.provider.organisation)

        admitted(bed, by=keeper)

        assert Board.objects.get().stated_by == keeper

    def test_what_others_do_does_not(self, bed):
        held(bed)

        assert not Board.objects.exists()

    def test_no_change_states_it_too_and_again(self, service, bed):
        keeper = UserFactory(keyworker_of=service.provider.organisation)
        state_no_change(service=service, by=keeper)
        first = Board.objects.get().stated_at

        state_no_change(service=service, by=keeper)

        assert Board.objects.get().stated_at > first


def test_an_admission_is_few_statements(bed, django_assert_max_num_queries):
    keeper = UserFactory(keyworker_of=bed.service.provider.organisation)
    keeper.held_memberships()

    with django_assert_max_num_queries(7):  # two of them begin and end the deed
        admitted(bed, by=keeper)


def test_kinds_of_the_rules_are_those_of_the_records():
    assert [one.value for one in Kind] == PlaceEventKind.values
    assert [one.value for one in Use] == OccupancyKind.values
