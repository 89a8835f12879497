"""A held place is called off: on a block, or bought by the week and approved by another person."""

import datetime as dt
from decimal import Decimal

import pytest

from commissioning.choices import EntryKind
from commissioning.kernel.errors import NotPermitted, TransitionRefused
from commissioning.models import Entry, Notice
from commissioning.scoping import System
from commissioning.services.ledger import BeyondTheLine, pay
from providers.choices import CallOffState, ContractKind, ContractState, MoveOn, OccupancyKind
from providers.models import CallOff, Occupancy
from providers.selectors.call_offs.money import net_committed, promises_of
from providers.services.calling_off import (
    CallOffRefused,
    LimitTooLow,
    Purchase,
    accept_call_off,
    admit_person,
    approve_call_off,
    call_off_block,
    cancel_call_off,
    decide_extension,
    decline_call_off,
    extend_stay,
    follow_places,
    fund_later_year,
    refuse_call_off,
    request_call_off,
)
from providers.services.places import (
    PlaceRefused,
    PlaceTaken,
    leave,
    move,
    release_hold,
    run_on_stays,
)
from tests.factories.call_offs import FROM, TODAY, UNTIL, WEEK, Market
from tests.factories.contracts import ContractPlaceFactory
from tests.factories.ledger import allocated, line_of, plan_of
from tests.factories.providers import ContractFactory, ContractShareFactory
from tests.providers.calling_off import admitted, approved, asked, committed, left, spread

pytestmark = pytest.mark.django_db
A_DAY = dt.timedelta(days=1)


def a_block(market, *, beds=(), contract_state=ContractState.LIVE, **words):
    given = {
        "lead": market.partnership,
        "provider": market.provider,
        "kind": ContractKind.BLOCK,
        "state": contract_state,
        "price": Decimal(600),
        "price_unit": "BED_WEEK",
        "places": 1,
    } | words
    made = ContractFactory(**given)
    ContractShareFactory(contract=made, partnership=market.partnership)
    made.services.add(market.service)
    for bed in beds:
        ContractPlaceFactory(contract=made, place=bed)
    return made


def test_a_spot_purchase_is_paid_from_three_streams_once_it_is_approved(market):
    one = asked(market)

    assert (one.state, one.cost) == (CallOffState.REQUESTED, 8400)
    assert committed(market) == [0, 0, 0]

    approve_call_off(call_off=one, by=market.approver, on=TODAY)

    one.refresh_from_db()
    assert one.state == CallOffState.APPROVED
    assert one.occupancy.kind == OccupancyKind.BOOKED
    assert one.occupancy.held_until is None
    assert committed(market) == [4200, 2800, 1400]
    entries = Entry.objects.filter(kind=EntryKind.COMMITMENT)
    assert {entry.cause for entry in entries} == {f"call-off:{one.pk}"}


def test_the_approver_is_told_and_then_the_provider(market):
    one = asked(market)

    told = Notice.objects.get(person=market.approver)
    assert told.link == f"/call-offs/{one.pk}/"
    assert "£8,400" in told.sentence

    approve_call_off(call_off=one, by=market.approver, on=TODAY)

    assert Notice.objects.filter(person=market.keeper).count() == 1
    assert Notice.objects.filter(person=market.carer).count() == 1


def test_leaving_early_pays_the_nights_that_were_used_and_releases_the_rest(market):
    one = admitted(market)

    left(market, one, FROM + 4 * WEEK)

    one.refresh_from_db()
    assert (one.state, one.cost, one.nights) == (CallOffState.ENDED, 2800, 28)
    assert committed(market) == [1400, Decimal("933.33"), Decimal("466.67")]
    assert net_committed(promises_of(one)) == 2800
    releases = Entry.objects.filter(kind=EntryKind.RELEASE)
    assert {entry.cause for entry in releases} == {f"call-off:{one.pk}:left"}
    assert not Occupancy.objects.get(pk=one.occupancy_id).nights.upper > FROM + 4 * WEEK


def test_what_was_paid_for_nights_that_were_not_used_is_to_come_back(market):
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
    assert one.cost == 700
    assert one.overspent == 4200 - 350


def test_a_contract_can_say_what_is_the_least_to_pay(market):
    contract = ContractFactory(
        lead=market.partnership,
        provider=market.provider,
        kind=ContractKind.SPOT,
        state=ContractState.LIVE,
        price=Decimal(700),
        price_unit="BED_WEEK",
        take_up=Decimal(50),
    )
    one = admitted(market, contract=contract)

    left(market, one, FROM + WEEK)

    one.refresh_from_db()
    assert one.cost == 4200


def test_money_that_does_not_come_to_the_cost_is_refused(market):
    with pytest.raises(CallOffRefused, match=r"cost £8,400, and £8,399.99 is put .* £0.01 more"):
        asked(market, parts=(4200, 2800, "1399.99"))


def test_money_of_another_partnerships_plan_is_refused(market):
    strange = allocated(line_of(plan_of()), 10_000)
    purchase = Purchase(weekly_price=Decimal(700), parts={strange.pk: Decimal(8400)})

    with pytest.raises(CallOffRefused, match="your own agreed plan"):
        request_call_off(
            occupancy=market.hold(),
            intervention=market.kind,
            purchase=purchase,
            by=market.carer,
            on=TODAY,
        )


def test_who_asked_does_not_approve(market):
    one = asked(market, market.hold(by=market.lead), by=market.lead)

    with pytest.raises(CallOffRefused, match="another person approves"):
        approve_call_off(call_off=one, by=market.lead, on=TODAY)


def test_a_limit_that_is_too_low_names_who_may():
    market = Market(limit=8399)
    one = asked(market)

    with pytest.raises(LimitTooLow, match=r"You approve up to £8,399, .* £8,400. Bo Lee may."):
        approve_call_off(call_off=one, by=market.approver, on=TODAY)
    approve_call_off(call_off=one, by=market.lead, on=TODAY)

    assert not Notice.objects.filter(person=market.approver).exists()


def test_others_neither_approve_nor_answer(market):
    one = asked(market)

    with pytest.raises(NotPermitted):
        approve_call_off(call_off=one, by=market.carer, on=TODAY)
    with pytest.raises(NotPermitted):
        accept_call_off(call_off=one, by=market.carer)
    with pytest.raises(NotPermitted):
        cancel_call_off(call_off=one, reason="No.", by=market.keeper, on=TODAY)


def test_a_line_with_too_little_left_lets_nothing_happen():
    market = Market(money=3000)
    one = asked(market, parts=(3000, 3000, 2400))
    pay(
        allocation=market.parts[0],
        amount=Decimal(1),
        cause="INV 1",
        against="",
        reason="A taxi.",
        by=System("a test"),
        on=TODAY,
    )

    with pytest.raises(BeyondTheLine):
        approve_call_off(call_off=one, by=market.lead, on=TODAY)

    one.refresh_from_db()
    assert one.state == CallOffState.REQUESTED
    assert one.occupancy.kind == OccupancyKind.HELD


def test_a_refused_request_gives_the_place_back(market):
    one = asked(market)

    with pytest.raises(CallOffRefused, match="Say why"):
        refuse_call_off(call_off=one, decision=" ", by=market.approver, on=TODAY)
    refuse_call_off(call_off=one, decision="Too far.", by=market.approver, on=TODAY)

    one.refresh_from_db()
    assert (one.state, one.occupancy) == (CallOffState.REFUSED, None)
    assert not Occupancy.objects.exists()
    assert "Too far." in Notice.objects.get(person=market.carer).sentence


def test_a_declined_call_off_gives_place_and_money_back(market):
    one = approved(market)

    decline_call_off(call_off=one, answer="The bed is broken.", by=market.keeper, on=TODAY)

    assert committed(market) == [0, 0, 0]
    assert not Occupancy.objects.exists()
    with pytest.raises(TransitionRefused):
        cancel_call_off(call_off=one, reason="So.", by=market.carer, on=TODAY)


def test_a_cancelled_call_off_gives_place_and_money_back(market):
    one = approved(market)
    accept_call_off(call_off=one, by=market.keeper)

    cancel_call_off(call_off=one, reason="He went home.", by=market.carer, on=TODAY)

    assert committed(market) == [0, 0, 0]
    assert not Occupancy.objects.exists()


def test_a_free_place_of_our_block_is_used_or_there_is_a_reason(market):
    a_block(market, beds=market.beds[1:])

    with pytest.raises(CallOffRefused, match=r"paid for already is free .* Bed 2 at Valley"):
        asked(market)
    one = asked(
        market, market.hold(case="C-2", nights=(UNTIL, UNTIL + 12 * WEEK)), because="Near."
    )

    assert one.block_unused_because == "Near."


def test_a_place_of_our_block_costs_nothing_new_and_needs_no_approver(market):
    block = a_block(market, beds=market.beds[:1])

    one = call_off_block(
        occupancy=market.hold(),
        intervention=market.kind,
        contract=block,
        by=market.carer,
        on=TODAY,
    )

    assert (one.state, one.cost) == (CallOffState.APPROVED, 0)
    one.occupancy.refresh_from_db()
    assert one.occupancy.kind == OccupancyKind.BOOKED
    assert not Entry.objects.filter(kind=EntryKind.COMMITMENT).exists()
    assert Notice.objects.filter(person=market.keeper).exists()


def test_a_block_that_sold_another_bed_does_not_have_this_one(market):
    block = a_block(market, beds=market.beds[1:])

    with pytest.raises(CallOffRefused, match="no place left for these nights"):
        call_off_block(
            occupancy=market.hold(),
            intervention=market.kind,
            contract=block,
            by=market.carer,
            on=TODAY,
        )


def test_a_block_without_named_beds_has_as_many_people_as_places(market):
    block = a_block(market)
    words = {"intervention": market.kind, "contract": block, "by": market.carer, "on": TODAY}
    call_off_block(occupancy=market.hold(), **words)

    with pytest.raises(CallOffRefused, match="no place left"):
        call_off_block(occupancy=market.hold(1, case="C-2"), **words)
    after = market.hold(0, case="C-3", nights=(UNTIL, UNTIL + WEEK))
    assert call_off_block(occupancy=after, **words).state == CallOffState.APPROVED


def test_a_framework_is_not_called_off_beyond_its_ceiling(market):
    framework = ContractFactory(
        lead=market.partnership,
        provider=market.provider,
        kind=ContractKind.FRAMEWORK,
        state=ContractState.LIVE,
        price=Decimal(700),
        price_unit="BED_WEEK",
        ceiling=Decimal(10_000),
    )
    approved(market, contract=framework)

    with pytest.raises(CallOffRefused, match=r"£1,600 is left below the ceiling .* £8,400"):
        asked(market, market.hold(1, case="C-2"), contract=framework)
    with pytest.raises(CallOffRefused, match=r"says £700 a week, and £701 is more"):
        asked(
            market,
            market.hold(1, case="C-3", nights=(UNTIL, UNTIL + WEEK)),
            price=701,
            contract=framework,
        )
    with pytest.raises(CallOffRefused, match=r"says £700 a week, and £690 is less"):
        asked(
            market,
            market.hold(1, case="C-4", nights=(UNTIL + WEEK, UNTIL + 2 * WEEK)),
            price=690,
            contract=framework,
        )


def test_a_hold_that_ran_out_is_not_called_off(market):
    hold = market.hold(hours=0)

    with pytest.raises(PlaceRefused, match="ran out"):
        asked(market, hold)


def test_a_hold_that_runs_out_before_the_approval_is_taken_anew_if_the_place_is_free(market):
    one = asked(market)
    Occupancy.objects.all().delete()

    approve_call_off(call_off=one, by=market.approver, on=TODAY)

    one.refresh_from_db()
    assert one.occupancy.kind == OccupancyKind.BOOKED
    assert one.occupancy.planned_until == UNTIL


def test_a_place_that_went_to_somebody_else_before_the_approval_commits_nothing(market):
    one = asked(market)
    release_hold(occupancy=one.occupancy, by=System("a test"), reason="Ran out.")
    market.hold(case="C-2")

    with pytest.raises(PlaceTaken, match="Ring Valley House on 0191 498 0000"):
        approve_call_off(call_off=one, by=market.approver, on=TODAY)

    assert committed(market) == [0, 0, 0]


def test_one_hold_is_called_off_once(market):
    hold = market.hold()
    asked(market, hold)

    with pytest.raises(CallOffRefused, match="asked for this place already"):
        asked(market, hold)


def test_a_longer_stay_is_approved_again_and_commits_the_difference(market):
    one = admitted(market)

    more = extend_stay(
        call_off=one,
        until=UNTIL + WEEK,
        reason="The flat is not ready.",
        parts=spread(market, 700, 0, 0),
        by=market.carer,
        on=UNTIL - WEEK,
    )
    assert committed(market) == [4200, 2800, 1400]
    decide_extension(extension=more, approve=True, by=market.approver, on=UNTIL - WEEK)

    one.refresh_from_db()
    assert (one.ends_on, one.cost) == (UNTIL + WEEK, 9100)
    assert one.occupancy.planned_until == UNTIL + WEEK
    assert committed(market) == [4900, 2800, 1400]

    left(market, one, FROM + WEEK, today=UNTIL)
    assert net_committed(promises_of(one)) == 700


def test_a_longer_stay_is_not_approved_by_who_asked_nor_where_the_next_one_comes(market):
    one = admitted(market)
    more = extend_stay(
        call_off=one,
        until=UNTIL + WEEK,
        reason="The flat is not ready.",
        parts=spread(market, 700, 0, 0),
        by=market.lead,
        on=TODAY,
    )
    with pytest.raises(CallOffRefused, match="another person"):
        decide_extension(extension=more, approve=True, by=market.lead, on=TODAY)
    market.hold(case="C-2", nights=(UNTIL, UNTIL + WEEK))

    with pytest.raises(PlaceTaken):
        decide_extension(extension=more, approve=True, by=market.approver, on=TODAY)
    decide_extension(
        extension=more, approve=False, decision="Taken.", by=market.approver, on=TODAY
    )

    one.refresh_from_db()
    assert one.ends_on == UNTIL
    assert committed(market) == [4200, 2800, 1400]


def test_a_longer_stay_on_a_block_is_planned_at_once(market):
    block = a_block(market, beds=market.beds[:1])
    one = call_off_block(
        occupancy=market.hold(),
        intervention=market.kind,
        contract=block,
        by=market.carer,
        on=TODAY,
    )

    extend_stay(call_off=one, until=UNTIL + WEEK, reason="So.", by=market.carer, on=TODAY)

    one.refresh_from_db()
    assert one.ends_on == one.occupancy.planned_until == UNTIL + WEEK


def test_a_stay_over_the_end_of_the_year_is_funded_when_the_next_plan_is_agreed(market):
    nights = (dt.date(2007, 3, 18), dt.date(2007, 4, 15))  # two weeks in each year
    one = asked(market, market.hold(nights=nights), parts=(1400, 0, 0))
    approve_call_off(call_off=one, by=market.approver, on=TODAY)
    assert one.cost == 2800
    assert committed(market) == [1400, 0, 0]

    with pytest.raises(CallOffRefused, match="No later year"):
        fund_later_year(call_off=one, parts={}, by=market.approver, on=TODAY)
    later = allocated(line_of(plan_of(market.partnership, year=2007)), 5000)
    fund_later_year(call_off=one, parts={later.pk: Decimal(1400)}, by=market.approver, on=TODAY)

    later.refresh_from_db()
    assert later.committed == 1400
    accept_call_off(call_off=one, by=market.keeper)
    admit_person(call_off=one, came_on=nights[0], today=nights[0], by=market.keeper)
    left(market, one, dt.date(2007, 4, 8))
    later.refresh_from_db()
    assert later.committed == 700
    assert committed(market) == [1400, 0, 0]


def test_what_is_said_on_the_board_is_known_to_the_call_off(market):
    one = admitted(market)

    leave(
        place=market.beds[0],
        on=FROM + WEEK,
        today=FROM + WEEK,
        move_on=MoveOn.HOSPITAL,
        by=market.keeper,
    )
    assert follow_places(on=FROM + WEEK, places=[market.beds[0].pk], by=market.keeper) == 1

    one.refresh_from_db()
    assert (one.state, one.move_on, one.cost) == (CallOffState.ENDED, MoveOn.HOSPITAL, 700)
    assert follow_places(on=FROM + WEEK) == 0


def test_a_booking_to_which_nobody_came_gives_its_money_back(market):
    one = approved(market)

    run_on_stays(on=UNTIL)
    follow_places(on=UNTIL)

    one.refresh_from_db()
    assert one.state == CallOffState.CANCELLED
    assert committed(market) == [0, 0, 0]


def test_every_deed_is_done_once(market):
    one = approved(market)

    approve_call_off(call_off=one, by=market.approver, on=TODAY)

    assert committed(market) == [4200, 2800, 1400]
    assert CallOff.objects.count() == 1


def test_nobody_leaves_on_the_day_they_came(market):
    one = admitted(market)

    with pytest.raises(PlaceRefused, match="one night or more"):
        left(market, one, FROM)
    one.refresh_from_db()
    assert one.state == CallOffState.ADMITTED


def test_nights_beyond_those_approved_are_not_paid(market):
    one = admitted(market)
    run_on_stays(on=UNTIL + A_DAY)

    left(market, one, UNTIL + A_DAY, as_planned=True)

    one.refresh_from_db()
    assert (one.cost, one.nights) == (8400, 85)
    assert committed(market) == [4200, 2800, 1400]


def test_who_moves_to_another_bed_takes_the_call_off_along(market):
    one = approved(market)

    move(
        occupancy=one.occupancy,
        to=market.beds[1],
        today=TODAY,
        by=market.keeper,
        reason="A quieter room.",
    )

    one.refresh_from_db()
    assert one.place == market.beds[1]
    assert one.occupancy.place == market.beds[1]
    assert follow_places(on=TODAY) == 0
