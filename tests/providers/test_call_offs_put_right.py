"""Nights beyond those approved, and admissions and departures that were not so."""

import datetime as dt
from decimal import Decimal

import pytest

from commissioning.choices import EntryKind, PlanState
from commissioning.models import AuditEvent, Entry, Notice, Plan
from commissioning.scoping import System
from commissioning.services.ledger import commit_funds, pay
from providers.choices import CallOffState, ExtensionState, MoveOn, OccupancyKind, PlaceEventKind
from providers.models import CallOff, Occupancy, PlaceEvent
from providers.selectors.call_offs.money import net_committed, promises_of
from providers.services.calling_off import (
    CallOffRefused,
    LimitTooLow,
    accept_call_off,
    admit_person,
    approve_call_off,
    correct_place,
    decide_extension,
    end_stay,
    extend_stay,
    follow_places,
)
from providers.services.calling_off.extending import costs_of_more, early_to_ask
from providers.services.places import PlaceRefused, admit, move, run_on_stays
from tests.factories.call_offs import FROM, TODAY, UNTIL, WEEK, Market
from tests.providers.calling_off import admitted, approved, committed, left, nights_beyond, spread
from tests.providers.calling_off import asked as ask_for_a_place

pytestmark = pytest.mark.django_db
A_DAY = dt.timedelta(days=1)


def ask(market, one, until, amount, *, by=None, on=UNTIL + WEEK):
    return extend_stay(
        call_off=one,
        until=until,
        reason="The flat was not ready.",
        parts=spread(market, amount, 0, 0),
        by=by or market.carer,
        on=on,
    )


def last(place, kind):
    return PlaceEvent.objects.filter(place=place, kind=kind).order_by("-pk").first()


def taken_back(market, kind, *, place=None, today, **words):
    return correct_place(
        event=last(place or market.beds[0], kind),
        reason="It was not so.",
        by=market.keeper,
        today=today,
        **words,
    )


class TestNightsBeyond:
    def test_a_stay_that_goes_on_is_found_and_made_longer(self, market):
        one = admitted(market)
        on = UNTIL + 3 * A_DAY
        assert list(CallOff.objects.beyond_approved(UNTIL)) == []
        assert list(CallOff.objects.beyond_approved(on)) == [one]
        assert nights_beyond(one, on) == 3

        asked = ask(market, one, UNTIL + WEEK, 700, on=on)
        decide_extension(extension=asked, approve=True, by=market.approver, on=on)

        assert list(CallOff.objects.beyond_approved(on)) == []

    def test_nights_stayed_are_approved_after_the_stay_ended(self, market):
        one = admitted(market)
        run_on_stays(on=UNTIL + WEEK)
        left(market, one, UNTIL + WEEK)
        one.refresh_from_db()
        assert (one.cost, nights_beyond(one, UNTIL + 9 * WEEK)) == (8400, 7)

        asked = ask(market, one, UNTIL + WEEK, 700, by=market.lead)
        with pytest.raises(CallOffRefused, match="another person"):
            decide_extension(extension=asked, approve=True, by=market.lead, on=UNTIL + WEEK)
        decide_extension(extension=asked, approve=True, by=market.approver, on=UNTIL + WEEK)

        one.refresh_from_db()
        assert (one.state, one.cost, one.ends_on) == (CallOffState.ENDED, 9100, UNTIL + WEEK)
        assert (nights_beyond(one, UNTIL + 9 * WEEK), net_committed(promises_of(one))) == (0, 9100)
        assert committed(market) == [4900, 2800, 1400]

    def test_nights_of_who_came_early_are_flagged_and_approved_by_another_person(self, market):
        early = FROM - 3 * A_DAY
        one = admitted(market, came_on=early)
        one.refresh_from_db()
        assert (one.nights, one.cost, nights_beyond(one, early)) == (87, 8400, 3)
        assert list(CallOff.objects.beyond_approved(early)) == [one]
        assert CallOff.objects.with_beyond(early).get().beyond == 3
        assert Notice.objects.filter(sentence__contains="3 nights before those approved").exists()

        asked = ask(market, one, FROM, 300, by=market.lead)
        with pytest.raises(CallOffRefused, match="another person"):
            decide_extension(extension=asked, approve=True, by=market.lead, on=early)
        decide_extension(extension=asked, approve=True, by=market.approver, on=early)

        one.refresh_from_db()
        assert (one.starts_on, one.ends_on, one.cost) == (early, UNTIL, 8700)
        assert (nights_beyond(one, UNTIL), net_committed(promises_of(one))) == (0, 8700)
        left(market, one, UNTIL)
        one.refresh_from_db()
        assert (one.cost, one.nights) == (8700, 87)

    def test_nights_before_those_approved_are_not_paid_where_they_are_refused(self, market):
        early = FROM - 3 * A_DAY
        one = admitted(market, came_on=early)
        asked = ask(market, one, FROM, 300)
        decide_extension(
            extension=asked, approve=False, by=market.approver, on=early, decision="Too soon."
        )
        left(market, one, FROM + WEEK)

        one.refresh_from_db()
        assert (one.cost, nights_beyond(one, UNTIL)) == (700, 3)
        assert not early_to_ask(one)

    def test_nights_before_those_approved_are_in_their_own_year(self):
        one = CallOff(
            starts_on=dt.date(2007, 2, 19),
            ends_on=dt.date(2007, 5, 14),
            admitted_on=dt.date(2007, 2, 15),
            weekly_price=Decimal(540),
        )

        assert costs_of_more(one, one.starts_on) == {2006: Decimal("308.57")}

    def test_it_takes_a_limit_that_covers_them(self):
        market = Market(limit=9000)
        one = admitted(market)
        run_on_stays(on=UNTIL + 13 * WEEK)
        left(market, one, UNTIL + 13 * WEEK)
        one.refresh_from_db()
        asked = extend_stay(
            call_off=one,
            until=UNTIL + 13 * WEEK,
            reason="So.",
            parts=spread(market, 2000, 3100, 4000),
            by=market.carer,
            on=TODAY,
        )

        with pytest.raises(LimitTooLow, match=r"up to £9,000, and this comes to £9,100"):
            decide_extension(extension=asked, approve=True, by=market.approver, on=TODAY)

    def test_who_is_told_has_a_limit_that_covers_the_difference(self):
        market = Market(limit=700)
        one = approve_call_off(call_off=ask_for_a_place(market), by=market.lead, on=TODAY)
        Notice.objects.all().delete()

        ask(market, one, UNTIL + WEEK, 700, on=TODAY)

        assert Notice.objects.filter(person=market.approver).exists()

    def test_refused_they_stay_unpaid_and_the_provider_is_told(self, market):
        one = admitted(market)
        run_on_stays(on=UNTIL + WEEK)
        left(market, one, UNTIL + WEEK)
        asked = ask(market, one, UNTIL + WEEK, 700)

        decide_extension(
            extension=asked, approve=False, decision="No.", by=market.approver, on=UNTIL + WEEK
        )

        one.refresh_from_db()
        assert (one.cost, one.ends_on) == (8400, UNTIL)
        told = Notice.objects.filter(person=market.keeper).order_by("-pk").first()
        assert told.sentence.endswith("stay unpaid")

    def test_who_came_late_and_stayed_on_pays_for_the_nights_there_were(self, market):
        one = admitted(market, came_on=FROM + WEEK)
        run_on_stays(on=UNTIL + WEEK)
        left(market, one, UNTIL + WEEK)
        one.refresh_from_db()
        assert one.cost == 7700

        asked = ask(market, one, UNTIL + WEEK, 700)
        decide_extension(extension=asked, approve=True, by=market.approver, on=UNTIL + WEEK)

        one.refresh_from_db()
        assert (one.cost, net_committed(promises_of(one))) == (8400, 8400)

    def test_nights_after_they_left_are_not_asked_for(self, market):
        one = admitted(market)
        left(market, one, UNTIL - WEEK)
        one.refresh_from_db()
        with pytest.raises(CallOffRefused, match="approved already"):
            ask(market, one, UNTIL + WEEK, 700)

        other = Market()
        beyond = admitted(other)
        run_on_stays(on=UNTIL + WEEK)
        left(other, beyond, UNTIL + WEEK)
        with pytest.raises(CallOffRefused, match="They left on 4 December 2006"):
            ask(other, beyond, UNTIL + 2 * WEEK, 1400)

    def test_what_was_asked_for_nights_that_were_stayed_outlives_the_end(self, market):
        one = admitted(market)
        run_on_stays(on=UNTIL + WEEK)
        asked = ask(market, one, UNTIL + WEEK, 700)

        left(market, one, UNTIL + WEEK)

        asked.refresh_from_db()
        assert asked.state == ExtensionState.ASKED
        decide_extension(extension=asked, approve=True, by=market.approver, on=UNTIL + WEEK)
        one.refresh_from_db()
        assert one.cost == 9100


class TestAnAdmissionThatWasNotSo:
    def test_leaves_the_call_off_accepted_and_it_is_admitted_again(self, market):
        one = admitted(market)

        taken_back(market, PlaceEventKind.ADMITTED, today=FROM)

        one.refresh_from_db()
        assert (one.state, one.admitted_on) == (CallOffState.ACCEPTED, None)
        assert one.occupancy.kind == OccupancyKind.BOOKED
        assert committed(market) == [4200, 2800, 1400]
        assert AuditEvent.objects.filter(action="call_off.admission_taken_back").count() == 1
        assert Notice.objects.filter(
            person=market.carer, sentence__contains="did not come"
        ).exists()
        admit_person(call_off=one, came_on=FROM + A_DAY, today=FROM + A_DAY, by=market.keeper)
        one.refresh_from_db()
        one.occupancy.refresh_from_db()
        assert (one.state, one.admitted_on) == (CallOffState.ADMITTED, FROM + A_DAY)
        assert one.occupancy.kind == OccupancyKind.OCCUPIED

    def test_leaves_what_nobody_had_answered_to_be_answered(self, market):
        one = approved(market)
        admit(place=market.beds[0], on=FROM, today=FROM, case="C-1", by=market.keeper)
        follow_places(on=FROM)

        taken_back(market, PlaceEventKind.ADMITTED, today=FROM)

        one.refresh_from_db()
        assert one.state == CallOffState.APPROVED
        assert accept_call_off(call_off=one, by=market.keeper).state == CallOffState.ACCEPTED

    def test_on_another_day_is_a_day_put_right(self, market):
        one = admitted(market)

        taken_back(
            market, PlaceEventKind.ADMITTED, today=FROM + WEEK, on=FROM + A_DAY, until=UNTIL
        )

        one.refresh_from_db()
        assert (one.state, one.admitted_on) == (CallOffState.ADMITTED, FROM + A_DAY)

    def test_after_a_move_the_nights_are_those_before_it(self, market):
        one = admitted(market)
        move(
            occupancy=Occupancy.objects.get(call_off=one),
            to=market.beds[1],
            today=FROM + WEEK,
            by=market.keeper,
            reason="A quieter room.",
        )

        taken_back(market, PlaceEventKind.ADMITTED, place=market.beds[1], today=FROM + WEEK)
        taken_back(market, PlaceEventKind.LEFT, today=FROM + WEEK)

        one.refresh_from_db()
        assert (one.state, one.place, one.admitted_on) == (
            CallOffState.ADMITTED,
            market.beds[0],
            FROM,
        )
        assert one.occupancy.is_ended is False
        assert committed(market) == [4200, 2800, 1400]


class TestADepartureThatWasNotSo:
    def test_puts_the_call_off_back_with_its_cost(self, market):
        one = admitted(market)
        left(market, one, FROM + 4 * WEEK)
        assert committed(market) == [1400, Decimal("933.33"), Decimal("466.67")]

        taken_back(market, PlaceEventKind.LEFT, today=FROM + 4 * WEEK)

        one.refresh_from_db()
        assert (one.state, one.left_on, one.move_on) == (CallOffState.ADMITTED, None, "")
        assert (one.cost, one.overspent) == (8400, 0)
        assert committed(market) == [4200, 2800, 1400]
        again = Entry.objects.filter(kind=EntryKind.COMMITMENT, commitment__isnull=False)
        assert {entry.cause for entry in again} == {f"call-off:{one.pk}:back"}

    def test_they_leave_again_and_what_is_not_used_is_released_again(self, market):
        one = admitted(market)
        left(market, one, FROM + 4 * WEEK)
        taken_back(market, PlaceEventKind.LEFT, today=FROM + 4 * WEEK)

        left(market, one, FROM + 6 * WEEK)

        one.refresh_from_db()
        assert (one.state, one.cost, net_committed(promises_of(one))) == (
            CallOffState.ENDED,
            4200,
            4200,
        )
        assert committed(market) == [2100, 1400, 700]

    @pytest.mark.parametrize(("weeks", "cost"), [(2, 1400), (4, 2800), (6, 4200), (12, 8400)])
    def test_on_another_day_it_costs_the_nights_there_were(self, market, weeks, cost):
        one = admitted(market)
        left(market, one, FROM + 4 * WEEK)

        taken_back(market, PlaceEventKind.LEFT, today=UNTIL, on=FROM + weeks * WEEK)

        one.refresh_from_db()
        assert (one.state, one.left_on, one.cost) == (
            CallOffState.ENDED,
            FROM + weeks * WEEK,
            cost,
        )
        assert net_committed(promises_of(one)) == cost

    def test_is_refused_where_the_money_went_elsewhere(self):
        market = Market(money=4200)
        one = admitted(market)
        left(market, one, FROM + 4 * WEEK)
        commit_funds(
            allocation=market.parts[0],
            amount=Decimal(2800),
            cause="another",
            by=System("a test"),
            on=FROM,
        )

        with pytest.raises(CallOffRefused, match=r"£2,800 of Call-off .* promised it elsewhere"):
            taken_back(market, PlaceEventKind.LEFT, today=FROM + 4 * WEEK)

        one.refresh_from_db()
        assert one.state == CallOffState.ENDED
        assert one.occupancy.is_ended

    def test_in_a_closed_year_it_is_said_what_to_do_instead(self, market):
        one = admitted(market)
        left(market, one, FROM + 4 * WEEK)
        plan = Plan.objects.filter(allocations=market.parts[0])
        for state in (PlanState.MONITORED, PlanState.CLOSED):
            plan.update(state=state)
        entries = Entry.objects.count()

        with pytest.raises(CallOffRefused) as refused:
            taken_back(market, PlaceEventKind.LEFT, today=dt.date(2007, 5, 10))

        assert str(refused.value) == (
            f"£2,800 of {one} was released in 2006/07, and that plan is closed: nothing is posted"
            f" to it now. The departure stays as it was said. Ring {market.partnership}: what is"
            " owed for those nights it commits on its plan of 2007/08, under Ledger, as an entry"
            " of today that names this call-off. Nights from today on are held and called off"
            " anew."
        )
        one.refresh_from_db()
        assert (one.state, Entry.objects.count()) == (CallOffState.ENDED, entries)

    def test_an_admission_is_not_taken_back_while_the_departure_stands(self, market):
        one = admitted(market)
        left(market, one, FROM + WEEK)

        with pytest.raises(PlaceRefused, match="stands in the way"):
            taken_back(market, PlaceEventKind.ADMITTED, today=FROM + WEEK)
        taken_back(market, PlaceEventKind.LEFT, today=FROM + WEEK)
        taken_back(market, PlaceEventKind.ADMITTED, today=FROM + WEEK)

        one.refresh_from_db()
        assert (one.state, one.cost) == (CallOffState.ACCEPTED, 8400)

    def test_what_was_paid_for_nights_not_used_is_no_longer_to_come_back(self, market):
        one = admitted(market)
        pay(
            allocation=market.parts[0],
            amount=Decimal(4200),
            cause="INV 1",
            against=f"call-off:{one.pk}",
            by=System("a test"),
            on=FROM,
        )
        left(market, one, FROM + WEEK)
        one.refresh_from_db()
        assert one.overspent == 3850

        taken_back(market, PlaceEventKind.LEFT, today=FROM + WEEK)

        one.refresh_from_db()
        assert (one.overspent, one.cost) == (0, 8400)
        assert committed(market) == [0, 2800, 1400]

    def test_move_on_is_said_anew_when_they_leave(self, market):
        one = admitted(market)
        left(market, one, FROM + WEEK)
        taken_back(market, PlaceEventKind.LEFT, today=FROM + WEEK)

        end_stay(
            call_off=one,
            left_on=FROM + WEEK,
            move_on=MoveOn.HOSPITAL,
            as_planned=False,
            today=FROM + WEEK,
            by=market.keeper,
        )

        one.refresh_from_db()
        assert one.move_on == MoveOn.HOSPITAL
