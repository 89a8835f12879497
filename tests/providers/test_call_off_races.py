"""Several decide and several want at once: each call-off is decided once, each pound once."""

import datetime as dt
import threading
from decimal import Decimal

import pytest

from commissioning.choices import EntryKind
from commissioning.models import Entry
from commissioning.scoping import System
from providers.choices import CallOffState, OccupancyKind
from providers.models import CallOff, Occupancy
from providers.services.calling_off import (
    Purchase,
    accept_call_off,
    approve_call_off,
    cancel_call_off,
    guard,
    refuse_call_off,
    request_call_off,
)
from providers.services.places import hold_place, release_expired_holds
from tests.commissioning.plans.racing import at_once
from tests.factories.call_offs import FROM, TODAY, UNTIL, Market

pytestmark = pytest.mark.django_db(transaction=True)


def asked(market, bed=0, case="C-1"):
    return request_call_off(
        occupancy=market.hold(bed, case=case),
        intervention=market.kind,
        purchase=Purchase(weekly_price=Decimal(700), parts={market.parts[0].pk: Decimal(8400)}),
        by=market.carer,
        on=TODAY,
    )


def commitments():
    return Entry.objects.filter(kind=EntryKind.COMMITMENT).count()


def faults(came):
    return [said for said in came if " " not in said and said != "done"]


def test_two_approvals_at_once_commit_the_money_once():
    market = Market()
    people = (market.approver, market.lead)
    for trial in range(5):
        one = asked(market, case=f"C-{trial}")

        came = at_once(
            8,
            16,
            lambda number, one=one: approve_call_off(
                call_off=one, by=people[number % 2], on=TODAY
            ),
        )

        assert faults(came) == []
        assert came["done"] >= 1
        market.parts[0].refresh_from_db()
        assert market.parts[0].committed == 8400
        cancel_call_off(call_off=one, reason="The next trial.", by=market.carer, on=TODAY)


def test_an_approval_a_refusal_and_a_cancellation_at_once_leave_one_answer():
    market = Market()
    deeds = (
        lambda one: approve_call_off(call_off=one, by=market.approver, on=TODAY),
        lambda one: refuse_call_off(call_off=one, decision="No.", by=market.lead, on=TODAY),
        lambda one: cancel_call_off(call_off=one, reason="No.", by=market.carer, on=TODAY),
    )
    for trial in range(5):
        one = asked(market, case=f"C-{trial}")
        came = at_once(6, 12, lambda number, one=one: deeds[number % 3](one))

        assert faults(came) == []
        one.refresh_from_db()
        market.parts[0].refresh_from_db()
        kept = one.state == CallOffState.APPROVED
        assert market.parts[0].committed == (8400 if kept else 0)
        assert Occupancy.objects.filter(place=market.beds[0]).exists() is kept
        if kept:
            cancel_call_off(call_off=one, reason="Next.", by=market.carer, on=TODAY)


def test_two_that_together_exceed_the_line_are_not_both_approved():
    market = Market(beds=4)
    calls = [asked(market, bed, f"C-{bed}") for bed in range(2)]

    came = at_once(
        2, 2, lambda number: approve_call_off(call_off=calls[number], by=market.lead, on=TODAY)
    )

    assert came["done"] == 1
    assert faults(came) == []
    market.parts[0].refresh_from_db()
    assert market.parts[0].committed == 8400
    assert Occupancy.objects.filter(kind=OccupancyKind.BOOKED).count() == 1


def test_a_hold_that_ends_while_it_is_called_off_is_had_or_released_and_nobody_waits_for_ever():
    market = Market()
    for trial in range(8):
        hold = market.hold(case=f"C-{trial}")
        Occupancy.objects.filter(pk=hold.pk).update(
            held_until=dt.datetime.now(dt.UTC) + dt.timedelta(milliseconds=15 * trial)
        )
        hold.refresh_from_db()

        def either(number, hold=hold, trial=trial):
            if number % 2:
                release_expired_holds(on=TODAY)
                return
            request_call_off(
                occupancy=hold,
                intervention=market.kind,
                purchase=Purchase(
                    weekly_price=Decimal(700), parts={market.parts[0].pk: Decimal(8400)}
                ),
                by=market.carer,
                on=TODAY,
            )

        came = at_once(4, 8, either)

        assert faults(came) == []
        assert CallOff.objects.filter(case=f"C-{trial}").count() <= 1
        Occupancy.objects.all().delete()


def test_a_hold_that_ends_while_it_is_approved_books_the_place_or_nothing():
    market = Market()
    for trial in range(6):
        one = asked(market, case=f"C-{trial}")
        Occupancy.objects.filter(pk=one.occupancy_id).update(
            held_until=dt.datetime.now(dt.UTC) + dt.timedelta(milliseconds=10 * trial)
        )

        def deed(number, one=one):
            if number % 3 == 0:
                release_expired_holds(on=TODAY)
            elif number % 3 == 1:
                approve_call_off(call_off=one, by=market.approver, on=TODAY)
            else:
                hold_place(
                    place=market.beds[0],
                    nights=(FROM, UNTIL),
                    partnership=market.partnership,
                    case="Another",
                    hours=48,
                    by=System("a test"),
                    on=TODAY,
                )

        came = at_once(6, 12, deed)

        assert faults(came) == []
        one.refresh_from_db()
        market.parts[0].refresh_from_db()
        booked = Occupancy.objects.filter(kind=OccupancyKind.BOOKED, case=one.case).count()
        assert (one.state == CallOffState.APPROVED) is (booked == 1)
        assert market.parts[0].committed == 8400 * booked
        if booked:
            accept_call_off(call_off=one, by=market.keeper)
        cancel_call_off(call_off=one, reason="Next.", by=market.carer, on=TODAY)
        Occupancy.objects.all().delete()


def test_without_the_locks_two_refusals_of_an_approved_request_would_pass(monkeypatch):
    """The control: whoever reads before and writes after decides what was decided already."""
    market = Market()
    one = asked(market)
    read = threading.Barrier(2, timeout=20)

    def unlocked(call_off):
        held = CallOff.objects.with_names().get(pk=call_off.pk)
        read.wait()
        return held

    monkeypatch.setattr("providers.services.calling_off.deciding.lock_call_off", unlocked)
    deeds = (
        lambda: refuse_call_off(call_off=one, decision="No.", by=market.lead, on=TODAY),
        lambda: refuse_call_off(call_off=one, decision="Never.", by=market.approver, on=TODAY),
    )

    came = at_once(2, 2, lambda number: deeds[number]())

    assert guard.lock_call_off is not unlocked
    assert came["done"] == 2 or faults(came)
