"""Rows that break the promises about call-offs, their money and longer stays."""

import datetime as dt

from django.db.models import DecimalField, F, Value
from django.db.models.functions import Cast

from providers.models import CallOff, CallOffExtension, CallOffMoney
from tests.architecture.constraints import again
from tests.factories.call_offs import (
    FROM,
    UNTIL,
    CallOffFactory,
    CallOffMoneyFactory,
    ExtensionFactory,
)
from tests.factories.commissioning import UserFactory

# Any comparison with `>=` alone lets it through.
NAN = Cast(Value("NaN"), DecimalField(max_digits=12, decimal_places=2))


def call_off(**words):
    CallOff.objects.filter(pk=CallOffFactory().pk).update(**words)


def extension(**words):
    CallOffExtension.objects.filter(pk=ExtensionFactory().pk).update(**words)


def _approved_by_who_asked():
    one = ExtensionFactory()
    CallOffExtension.objects.filter(pk=one.pk).update(state="APPROVED", decided_by=F("asked_by"))


def _two_in_hand():
    ExtensionFactory(call_off=ExtensionFactory().call_off, number=2)


def _money(**words):
    CallOffMoney.objects.filter(pk=CallOffMoneyFactory().pk).update(**words)


def approved_then(**words):
    """Through the states that come before, so that only the row is wrong."""
    came = {"admitted_on": FROM} if words["state"] == "ENDED" else {}
    state = "ADMITTED" if words["state"] == "ENDED" else "ACCEPTED"
    one = CallOffFactory(state=state, decided_by=UserFactory(), **came)
    CallOff.objects.filter(pk=one.pk).update(**words)


def _from_refused():
    one = ExtensionFactory(state="REFUSED")
    CallOffExtension.objects.filter(pk=one.pk).update(
        state="ASKED", until=one.until + dt.timedelta(1)
    )


BREAKING = {
    "call_off_kind_is_known": lambda: call_off(kind="LOAN"),
    "call_off_state_is_known": lambda: CallOffFactory(state="LOST"),
    "call_off_lasts_a_night_or_more": lambda: call_off(ends_on=FROM),
    "call_off_costs_an_amount": lambda: call_off(cost=NAN),
    "call_off_is_on_a_block_or_has_a_price": lambda: call_off(kind="BLOCK"),
    "spot_purchase_was_approved": lambda: call_off(state="APPROVED"),
    "call_off_is_approved_by_another_person": lambda: call_off(decided_by=F("requested_by")),
    "nobody_leaves_before_they_came": lambda: call_off(admitted_on=UNTIL, left_on=UNTIL),
    "who_is_there_came_on_a_day": lambda: approved_then(state="ADMITTED"),
    "stay_that_ended_says_when_and_where_to": lambda: approved_then(state="ENDED", left_on=UNTIL),
    "call_off_comes_to_nothing_for_a_reason": lambda: call_off(state="CANCELLED"),
    "call_off_is_for_a_case": lambda: call_off(case=""),
    "call_off_state_follows": lambda: call_off(state="ENDED"),
    "extension_has_a_number": lambda: again(ExtensionFactory(state="REFUSED")),
    "call_off_has_one_extension_in_hand": _two_in_hand,
    "extension_state_is_known": lambda: ExtensionFactory(state="LOST"),
    "extension_lasts_a_night_or_more": lambda: extension(until=UNTIL),
    "extension_costs_an_amount": lambda: extension(cost=NAN),
    "extension_has_a_reason": lambda: extension(reason=""),
    "extension_was_approved": lambda: extension(state="APPROVED"),
    "extension_is_approved_by_another_person": _approved_by_who_asked,
    "extension_state_follows": _from_refused,
    "call_off_takes_from_a_stream_of_a_line_once": lambda: again(CallOffMoneyFactory()),
    "call_off_money_is_an_amount": lambda: _money(amount=NAN),
}
