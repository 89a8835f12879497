"""Call-offs: a held place bought for somebody, on a block contract or as a spot purchase."""

from django.db import models
from django.db.models import F, Q

from commissioning.kernel.money import AMOUNT, MOST
from commissioning.models import FundingStream, InterventionType, Line, Partnership, User
from commissioning.scoping import Permitted
from providers.choices import CALLED_OFF_IN, CallOffKind, CallOffState, MoveOn
from providers.models.contracts import Contract
from providers.models.places import Occupancy, Place
from providers.models.providers import Provider


class CallOffQuerySet(Permitted["CallOff"]):
    """Call-offs: of the partnership that buys and of the provider that has the place."""

    partnership_path = "partnership"
    provider_path = "provider"


class CallOff(models.Model):
    """A place bought for one person for some nights. The person is a case reference only.

    `weekly_price` and `cost` are pounds; on a block contract nothing new is to pay and the cost
    is nothing. `ends_on` is the day of leaving: the first night that is free again. `occupancy`
    is the place's nights while it is kept.
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
    left_on = models.DateField(null=True, blank=True)
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
                condition=Q(cost__range=(0, MOST), weekly_price__range=(0, MOST)),
                name="call_off_costs_an_amount",
            ),
            models.CheckConstraint(
                condition=Q(kind=CallOffKind.BLOCK, contract__isnull=False, cost=0)
                | Q(kind=CallOffKind.SPOT, weekly_price__gt=0),
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
                condition=Q(left_on__isnull=True) | Q(left_on__gte=F("starts_on")),
                name="nobody_leaves_before_they_came",
            ),
            models.CheckConstraint(condition=~Q(case=""), name="call_off_is_for_a_case"),
        ]

    def __str__(self) -> str:
        return f"Call-off {self.number}"


class CallOffMoneyQuerySet(Permitted["CallOffMoney"]):
    """What call-offs take."""

    partnership_path = "call_off__partnership"
    provider_path = "call_off__provider"


class CallOffMoney(models.Model):
    """What a spot purchase takes from a stream of a plan's line, pounds."""

    call_off = models.ForeignKey(CallOff, models.CASCADE, related_name="money")
    line = models.ForeignKey(Line, models.PROTECT, related_name="+")
    stream = models.ForeignKey(FundingStream, models.PROTECT, related_name="+")
    amount = models.DecimalField(**AMOUNT)

    objects = CallOffMoneyQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["call_off", "line", "stream"],
                name="call_off_takes_from_a_stream_of_a_line_once",
            ),
            models.CheckConstraint(
                condition=Q(amount__range=("0.01", MOST)), name="call_off_money_is_an_amount"
            ),
        ]

    def __str__(self) -> str:
        return f"£{self.amount} from {self.line}, {self.stream}"
