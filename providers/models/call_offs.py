"""Call-offs: a held place bought for somebody, on a block contract or as a spot purchase."""

import datetime as dt
from typing import Self

import pgtrigger
from django.db import models
from django.db.models import Case, Exists, ExpressionWrapper, F, OuterRef, Q, Value, When
from django.db.models.expressions import CombinedExpression
from django.db.models.functions import Coalesce, ExtractDay, Greatest, Least

from commissioning.kernel.money import AMOUNT, MOST
from commissioning.kernel.transitions import as_rows
from commissioning.models import FundingStream, InterventionType, Line, Partnership, User
from commissioning.scoping import Permitted
from providers.choices import (
    CALL_OFF_TRANSITIONS,
    CALLED_OFF_IN,
    EXTENSION_TRANSITIONS,
    STAYED_IN,
    CallOffKind,
    CallOffState,
    ExtensionState,
    MoveOn,
)
from providers.models.contracts import Contract
from providers.models.places import Occupancy, Place
from providers.models.providers import Provider


def _days(span: CombinedExpression) -> Greatest:
    """Of a difference of two days: how many, none where it is less than nothing."""
    passed = ExpressionWrapper(span, output_field=models.DurationField())
    return Greatest(ExtractDay(passed), Value(0))


class CallOffQuerySet(Permitted["CallOff"]):
    """Call-offs: of the partnership that buys and of the provider that has the place."""

    partnership_path = "partnership"
    provider_path = "provider"

    def with_names(self) -> Self:
        return self.select_related(
            "partnership__organisation",
            "provider__organisation",
            "place__service",
            "intervention",
            "contract",
        )

    def with_beyond(self, on: dt.date) -> Self:
        """Each with `beyond`: how many nights before those approved there are, and after
        them were stayed by the day."""
        until = Coalesce(F("left_on"), Value(on))
        early = _days(Least(F("starts_on"), F("left_on")) - F("admitted_on"))
        late = _days(until - Greatest(F("ends_on"), F("admitted_on")))
        return self.annotate(beyond=Case(When(state__in=STAYED_IN, then=early + late), default=0))

    def to_approve(self) -> Self:
        """Purchases that wait for approval, and stays for which a longer one does."""
        longer = CallOffExtension.objects.filter(
            call_off=OuterRef("pk"), state=ExtensionState.ASKED
        )
        return self.filter(Q(state=CallOffState.REQUESTED) | Exists(longer))

    def beyond_approved(self, on: dt.date) -> Self:
        """Stays with nights before or after those approved: going on `on` the day, or ended."""
        return self.filter(
            Q(state__in=STAYED_IN, admitted_on__lt=F("starts_on"))
            | Q(state=CallOffState.ADMITTED, ends_on__lt=on)
            | Q(state=CallOffState.ENDED, left_on__gt=F("ends_on"))
        )


class CallOff(models.Model):
    """A place bought for one person for some nights. The person is a case reference only.

    `weekly_price` and `cost` are pounds; on a block contract nothing new is to pay and the cost
    is nothing. `ends_on` is the day of leaving as it is planned: the first night that is free
    again. `occupancy` is the place's nights while it is kept. `cost` is what was agreed to, and
    once the stay ended what it comes to; `overspent` what of it was paid beyond that already and
    is to come back. `as_planned`: whether they left as their care plan says.
    """

    number = models.BigAutoField(primary_key=True)
    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="call_offs")
    provider = models.ForeignKey(Provider, models.PROTECT, related_name="call_offs")
    place = models.ForeignKey(Place, models.PROTECT, related_name="call_offs")
    occupancy = models.OneToOneField(
        Occupancy, models.SET_NULL, null=True, blank=True, related_name="call_off"
    )
    intervention = models.ForeignKey(InterventionType, models.PROTECT, related_name="+")
    case = models.CharField(max_length=40)
    kind = models.CharField(max_length=5, choices=CallOffKind.choices)
    contract = models.ForeignKey(
        Contract, models.PROTECT, null=True, blank=True, related_name="call_offs"
    )
    state = models.CharField(max_length=9, choices=CallOffState.choices)
    starts_on = models.DateField()
    ends_on = models.DateField()
    weekly_price = models.DecimalField(default=0, **AMOUNT)
    cost = models.DecimalField(default=0, **AMOUNT)
    block_unused_because = models.CharField(max_length=300, blank=True)
    requested_at = models.DateTimeField(auto_now_add=True)
    requested_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    decision = models.CharField(max_length=300, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    answer = models.CharField(max_length=300, blank=True)
    admitted_on = models.DateField(null=True, blank=True)
    left_on = models.DateField(null=True, blank=True)
    overspent = models.DecimalField(default=0, **AMOUNT)
    move_on = models.CharField(max_length=18, choices=MoveOn.choices, blank=True)
    as_planned = models.BooleanField(null=True, blank=True)

    objects = CallOffQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=CallOffKind.values), name="call_off_kind_is_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=CallOffState.values), name="call_off_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gt=F("starts_on")), name="call_off_lasts_a_night_or_more"
            ),
            models.CheckConstraint(
                condition=Q(
                    cost__range=(0, MOST),
                    weekly_price__range=(0, MOST),
                    overspent__range=(0, MOST),
                ),
                name="call_off_costs_an_amount",
            ),
            models.CheckConstraint(
                condition=Q(kind=CallOffKind.BLOCK, contract__isnull=False, cost=0)
                | ~Q(kind=CallOffKind.BLOCK) & Q(weekly_price__gt=0),
                name="call_off_is_on_a_block_or_has_a_price",
            ),
            models.CheckConstraint(
                condition=Q(kind=CallOffKind.BLOCK)
                | ~Q(state__in=CALLED_OFF_IN)
                | Q(decided_by__isnull=False),
                name="spot_purchase_was_approved",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("requested_by")),
                name="call_off_is_approved_by_another_person",
            ),
            models.CheckConstraint(
                condition=Q(left_on__isnull=True) | Q(left_on__gt=F("admitted_on")),
                name="nobody_leaves_before_they_came",
            ),
            models.CheckConstraint(
                condition=~Q(state=CallOffState.ADMITTED) | Q(admitted_on__isnull=False),
                name="who_is_there_came_on_a_day",
            ),
            models.CheckConstraint(
                condition=~Q(state=CallOffState.ENDED)
                | Q(left_on__isnull=False, as_planned__isnull=False) & ~Q(move_on=""),
                name="stay_that_ended_says_when_and_where_to",
            ),
            models.CheckConstraint(
                condition=~Q(
                    state__in=[
                        CallOffState.REFUSED,
                        CallOffState.DECLINED,
                        CallOffState.CANCELLED,
                    ]
                )
                | ~Q(decision="", answer=""),
                name="call_off_comes_to_nothing_for_a_reason",
            ),
            models.CheckConstraint(condition=~Q(case=""), name="call_off_is_for_a_case"),
        ]
        triggers = [
            pgtrigger.FSM(
                name="call_off_state_follows",
                field="state",
                transitions=as_rows(CALL_OFF_TRANSITIONS),
            )
        ]
        indexes = [models.Index(fields=["state", "starts_on"], name="call_off_by_state")]

    def __str__(self) -> str:
        return f"Call-off {self.number}"

    @property
    def nights(self) -> int:
        """How many are planned, from the day they came where that was earlier; once it ended,
        how many there were."""
        if self.left_on and self.admitted_on:
            return (self.left_on - self.admitted_on).days
        return (self.ends_on - min(self.admitted_on or self.starts_on, self.starts_on)).days

    @property
    def is_spot(self) -> bool:
        return self.kind == CallOffKind.SPOT

    @property
    def nights_early(self) -> int:
        """How many nights there are before those that were approved: the person came early."""
        if self.admitted_on is None:
            return 0
        until = min(self.starts_on, self.left_on or self.starts_on)
        return max((until - self.admitted_on).days, 0)

    def nights_late(self, on: dt.date) -> int:
        """How many nights were stayed by the day after those that were approved."""
        if self.admitted_on is None:
            return 0
        until = self.left_on or on
        return max((until - max(self.ends_on, self.admitted_on)).days, 0)


class CallOffExtensionQuerySet(Permitted["CallOffExtension"]):
    """Longer stays, reached as their call-off is."""

    partnership_path = "call_off__partnership"
    provider_path = "call_off__provider"


class CallOffExtension(models.Model):
    """A longer stay that is asked for: until when, and what it costs more, pounds.

    On a spot purchase another person approves the difference; on a block nothing is to approve.
    It may be asked for once the nights were stayed, and after the stay ended. Nights before those
    approved, of somebody who came early, are asked for likewise: `since` the day they came.
    """

    call_off = models.ForeignKey(CallOff, models.PROTECT, related_name="extensions")
    number = models.PositiveSmallIntegerField()
    since = models.DateField()
    until = models.DateField()
    cost = models.DecimalField(default=0, **AMOUNT)
    reason = models.CharField(max_length=300)
    state = models.CharField(
        max_length=9, choices=ExtensionState.choices, default=ExtensionState.ASKED
    )
    asked_at = models.DateTimeField(auto_now_add=True)
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    decision = models.CharField(max_length=300, blank=True)

    objects = CallOffExtensionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["call_off", "number"], name="extension_has_a_number"),
            models.UniqueConstraint(
                fields=["call_off"],
                condition=Q(state=ExtensionState.ASKED),
                name="call_off_has_one_extension_in_hand",
            ),
            models.CheckConstraint(
                condition=Q(state__in=ExtensionState.values), name="extension_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(until__gt=F("since")), name="extension_lasts_a_night_or_more"
            ),
            models.CheckConstraint(
                condition=Q(cost__range=(0, MOST)), name="extension_costs_an_amount"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="extension_has_a_reason"),
            models.CheckConstraint(
                condition=~Q(state=ExtensionState.APPROVED, cost__gt=0)
                | Q(decided_by__isnull=False),
                name="extension_was_approved",
            ),
            models.CheckConstraint(
                condition=~Q(state=ExtensionState.APPROVED, cost__gt=0)
                | ~Q(decided_by=F("asked_by")),
                name="extension_is_approved_by_another_person",
            ),
        ]
        triggers = [
            pgtrigger.FSM(
                name="extension_state_follows",
                field="state",
                transitions=as_rows(EXTENSION_TRANSITIONS),
            )
        ]

    def __str__(self) -> str:
        return f"Extension {self.number} of call-off {self.call_off_id}"

    @property
    def is_early(self) -> bool:
        """Whether it is of nights before those that were approved at first."""
        return self.since <= self.call_off.starts_on


class CallOffMoneyQuerySet(Permitted["CallOffMoney"]):
    """What call-offs take."""

    partnership_path = "call_off__partnership"
    provider_path = "call_off__provider"

    def bought(self) -> Self:
        """Without what was asked for longer stays that were not approved."""
        return self.filter(Q(extension=None) | Q(extension__state=ExtensionState.APPROVED))


class CallOffMoney(models.Model):
    """What a spot purchase takes from a stream of a plan's line, pounds; `extension` where it is
    for a longer stay."""

    call_off = models.ForeignKey(CallOff, models.CASCADE, related_name="money")
    extension = models.ForeignKey(
        CallOffExtension, models.CASCADE, null=True, blank=True, related_name="money"
    )
    line = models.ForeignKey(Line, models.PROTECT, related_name="+")
    stream = models.ForeignKey(FundingStream, models.PROTECT, related_name="+")
    amount = models.DecimalField(**AMOUNT)

    objects = CallOffMoneyQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["call_off", "extension", "line", "stream"],
                nulls_distinct=False,
                name="call_off_takes_from_a_stream_of_a_line_once",
            ),
            models.CheckConstraint(
                condition=Q(amount__range=("0.01", MOST)), name="call_off_money_is_an_amount"
            ),
        ]

    def __str__(self) -> str:
        return f"£{self.amount} from {self.line}, {self.stream}"
