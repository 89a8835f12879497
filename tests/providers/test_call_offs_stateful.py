"""Whatever is decided and answered in whatever order, money and place agree with the call-off."""

import datetime as dt
from decimal import Decimal
from fractions import Fraction

import pytest
from django.db import transaction
from hypothesis import Phase
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule

from commissioning.choices import EntryKind
from commissioning.kernel.errors import DomainError
from commissioning.models import Entry
from providers.choices import ExtensionState, MoveOn
from providers.models import CallOff, Occupancy, PlaceEvent
from providers.services.calling_off import (
    Purchase,
    accept_call_off,
    admit_person,
    approve_call_off,
    cancel_call_off,
    correct_place,
    decide_extension,
    decline_call_off,
    end_stay,
    extend_stay,
    follow_places,
    refuse_call_off,
    request_call_off,
)
from providers.services.places import run_on_stays
from tests.factories.call_offs import TODAY, Market
from tests.in_any_order import InAnyOrder, holds

A_DAY = dt.timedelta(days=1)
which = st.integers(0, 5)
few = st.integers(1, 20)
ahead = st.integers(0, 4)
prices = st.sampled_from(["700", "349.99", "1000.01", "0.05"])


def nightly(nights, price):
    """So many nights, written a second time: a seventh of a week each, halves up to the penny."""
    pennies = Fraction(price) * 100 * nights / 7
    return Decimal(int(pennies + Fraction(1, 2))) / 100


class CallingOff(InAnyOrder):
    """Two beds, some people who want them, and everything that is decided, day after day."""

    def __init__(self):
        super().__init__()
        self.market = Market(money=8_000, limit=3_000)
        self.today = TODAY
        self.asked = []

    def tries(self, deed):
        try:
            with transaction.atomic():
                return deed()
        except DomainError:
            return None

    def one(self, number):
        rows = list(CallOff.objects.order_by("pk"))
        return rows[number % len(rows)] if rows else None

    @rule(bed=st.integers(0, 1), start=ahead, nights=few, price=prices, cut=st.integers(0, 100))
    def asks(self, bed, start, nights, price, cut):
        first = self.today + start * A_DAY
        cost = nightly(nights, price)
        part = (cost * cut / 100).quantize(Decimal("0.01"))
        parts = {self.market.parts[0].pk: part, self.market.parts[1].pk: cost - part}

        def deed():
            hold = self.market.hold(
                bed,
                nights=(first, first + nights * A_DAY),
                case=f"C-{len(self.asked)}",
                on=self.today,
            )
            return request_call_off(
                occupancy=hold,
                intervention=self.market.kind,
                purchase=Purchase(weekly_price=Decimal(price), parts=parts),
                by=self.market.carer,
                on=self.today,
            )

        made = self.tries(deed)
        if made:
            self.asked.append(made.pk)

    @rule(number=which, by=st.sampled_from(["approver", "lead", "carer", "keeper"]))
    def approves(self, number, by):
        if one := self.one(number):
            who = getattr(self.market, by)
            self.tries(lambda: approve_call_off(call_off=one, by=who, on=self.today))

    @rule(number=which, deed=st.sampled_from(["refuse", "decline", "cancel"]))
    def comes_to_nothing(self, number, deed):
        if not (one := self.one(number)):
            return
        market, on = self.market, self.today
        deeds = {
            "refuse": lambda: refuse_call_off(
                call_off=one, decision="No.", by=market.approver, on=on
            ),
            "decline": lambda: decline_call_off(
                call_off=one, answer="No.", by=market.keeper, on=on
            ),
            "cancel": lambda: cancel_call_off(call_off=one, reason="No.", by=market.carer, on=on),
        }
        self.tries(deeds[deed])

    @rule(number=which)
    def accepts(self, number):
        if one := self.one(number):
            self.tries(lambda: accept_call_off(call_off=one, by=self.market.keeper))

    @rule(number=which, late=st.integers(-2, 1))
    def comes(self, number, late):
        if one := self.one(number):
            self.tries(
                lambda: admit_person(
                    call_off=one,
                    came_on=self.today + late * A_DAY,
                    today=self.today,
                    by=self.market.keeper,
                )
            )

    @rule(number=which, ago=st.integers(0, 3))
    def leaves(self, number, ago):
        if one := self.one(number):
            self.tries(
                lambda: end_stay(
                    call_off=one,
                    left_on=self.today - ago * A_DAY,
                    move_on=MoveOn.OWN_HOME,
                    as_planned=False,
                    today=self.today,
                    by=self.market.keeper,
                )
            )

    @rule(number=which, more=few, approve=st.booleans())
    def stays_longer(self, number, more, approve):
        if not (one := self.one(number)):
            return
        until = one.ends_on + more * A_DAY
        before = nightly((one.ends_on - one.starts_on).days, one.weekly_price)
        cost = nightly((until - one.starts_on).days, one.weekly_price) - before

        def deed():
            asked = extend_stay(
                call_off=one,
                until=until,
                reason="So.",
                parts={self.market.parts[2].pk: cost},
                by=self.market.carer,
                on=self.today,
            )
            return decide_extension(
                extension=asked,
                approve=approve,
                decision="So.",
                by=self.market.lead,
                on=self.today,
            )

        self.tries(deed)

    @rule(number=which, kind=st.sampled_from(["ADMITTED", "LEFT"]), later=st.integers(-1, 3))
    def is_put_right(self, number, kind, later):
        """Taken back (-1), or so many days later than was said."""
        if not (one := self.one(number)):
            return
        said = PlaceEvent.objects.filter(place=one.place_id, kind=kind, corrected_by=None)
        if not (event := said.order_by("-pk").first()):
            return
        words = {"on": event.on + later * A_DAY, "until": event.until} if later >= 0 else {}
        self.tries(
            lambda: correct_place(
                event=event, reason="So.", by=self.market.keeper, today=self.today, **words
            )
        )

    @rule(nights=st.integers(1, 4))
    def nights_go_by(self, nights):
        self.today += nights * A_DAY
        run_on_stays(on=self.today)
        follow_places(on=self.today)

    @invariant()
    def money_is_what_the_nights_cost(self):
        for one in CallOff.objects.all():
            rows = Entry.objects.filter(
                kind__in=[EntryKind.COMMITMENT, EntryKind.RELEASE],
                cause__regex=rf"^call-off:{one.pk}(:|$)",
            )
            net = sum((entry.amount for entry in rows), Decimal(0))
            assert net == self.due(one), one.state
            assert one.state != "ENDED" or one.cost == net

    def due(self, one):
        if one.state in {"APPROVED", "ACCEPTED", "ADMITTED"}:
            return nightly((one.ends_on - one.starts_on).days, one.weekly_price)
        if one.state != "ENDED":
            return 0
        planned = nightly((one.ends_on - one.starts_on).days, one.weekly_price)
        until = min(one.left_on, max(one.ends_on, one.admitted_on))
        used = max((until - max(one.admitted_on, one.starts_on)).days, 0)
        return min(nightly(used, one.weekly_price), planned)

    @invariant()
    def no_line_gives_more_than_it_has(self):
        for part in self.market.parts:
            part.refresh_from_db()
            assert 0 <= part.committed <= part.planned

    @invariant()
    def the_place_agrees(self):
        said = {
            "REQUESTED": {"HELD"},
            "APPROVED": {"BOOKED"},
            "ACCEPTED": {"BOOKED"},
            "ADMITTED": {"OCCUPIED"},
            "ENDED": {"OCCUPIED"},
        }
        for one in CallOff.objects.select_related("occupancy"):
            if one.state not in said:
                assert not Occupancy.objects.filter(case=one.case, is_ended=False).exists()
                continue
            assert one.occupancy.kind in said[one.state]
            assert one.occupancy.is_ended is (one.state == "ENDED")
            assert one.occupancy.planned_until == (one.left_on or one.ends_on)

    @invariant()
    def nobody_decides_their_own(self):
        for one in CallOff.objects.exclude(decided_by=None):
            assert one.decided_by_id != one.requested_by_id
            for asked in one.extensions.filter(state=ExtensionState.APPROVED):
                assert asked.decided_by_id != asked.asked_by_id


@pytest.mark.django_db
@pytest.mark.parametrize(
    "examples", [6, pytest.param(200, marks=pytest.mark.nightly)], ids=["ci", "nightly"]
)
def test_money_and_place_agree_with_every_call_off(examples):
    holds(CallingOff, examples=examples, steps=25, phases=(Phase.generate, Phase.shrink))
