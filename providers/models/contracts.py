"""Contracts: who buys what from whom, for how long and at what price.

A contract is led by one partnership and shared by one or more.
"""

import datetime as dt
from typing import ClassVar, Self

import pgtrigger
from django.db import models
from django.db.models import F, Q

from commissioning.kernel.money import AMOUNT, MOST
from commissioning.kernel.periods import Period
from commissioning.kernel.transitions import as_rows
from commissioning.models import (
    InterventionType,
    Partnership,
    User,
)
from commissioning.roles import Permission
from commissioning.scoping import Model_co, Permitted
from providers.choices import (
    CONTRACT_TRANSITIONS,
    IN_FORCE_IN,
    ContractKind,
    ContractState,
    PriceUnit,
    Side,
    TenderRoute,
    VariationState,
)
from providers.models.places import Place
from providers.models.providers import Provider
from providers.models.register import Service


class ContractQuerySet(Permitted["Contract"]):
    """Contracts, reached by their provider and by every partnership that shares in them."""

    provider_path = "provider"
    partnership_path = "lead"

    def shared_with(self, partnerships: frozenset[int], permission: Permission) -> Q:
        """Whoever shares in a contract reads it, and whoever is asked to; its lead keeps it."""
        return shared_by(partnerships)

    def in_force(self) -> Self:
        return self.filter(state__in=IN_FORCE_IN)

    def holding_on(self, day: dt.date) -> Self:
        """Binding both sides, and within their term on the day."""
        return self.in_force().filter(in_term(day))

    def of_partnership(self, partnership: Partnership | int) -> Self:
        """Those it leads and those it shares in."""
        shares = ContractShare.objects.filter(partnership=partnership)
        return self.filter(Q(lead=partnership) | Q(pk__in=shares.values("contract")))

    def bought_by(
        self, partnership: Partnership | int, *, nights: tuple[dt.date, dt.date]
    ) -> Self:
        """Those by which it may buy for all of the nights (`from`, `until`): it leads them, or
        shares in them by then and still."""
        shares = ContractShare.objects.filter(partnership=partnership).holding(*nights)
        return self.filter(Q(lead=partnership) | Q(pk__in=shares.values("contract")))

    def with_names(self) -> Self:
        return self.select_related("provider__organisation", "lead__organisation")


class Contract(models.Model):
    """One agreement with one provider. Pounds and per cents.

    `price` is for one `price_unit`; `places` how many of them at a time, `starts` how many a
    year. `take_up` is the least share of places that is paid for whatever is used, `void_rate`
    the share of the price paid for a place beyond it that is not used. `ceiling` bounds what a
    framework may call off. `ends_on` is the first day on which it no longer holds; `ended_on`
    likewise where it was ended early. `accepted_on` and `awarded_on` are business days; when it
    was written down is beside them. `writers` are all who wrote its terms or its money: none of
    them awards it. `wanted_places` are the places a block contract is to buy, where they are
    chosen.
    """

    reference = models.SlugField(max_length=30, unique=True)
    title = models.CharField(max_length=160)
    kind = models.CharField(max_length=16, choices=ContractKind.choices)
    state = models.CharField(
        max_length=10, choices=ContractState.choices, default=ContractState.DRAFT
    )
    proposed_by = models.CharField(max_length=12, choices=Side.choices)
    provider = models.ForeignKey(Provider, models.PROTECT, related_name="contracts")
    lead = models.ForeignKey(Partnership, models.PROTECT, related_name="led_contracts")
    partnerships = models.ManyToManyField(
        Partnership, through="ContractShare", related_name="contracts"
    )
    interventions = models.ManyToManyField(InterventionType, related_name="+")
    services = models.ManyToManyField(Service, related_name="contracts", blank=True)
    starts_on = models.DateField()
    ends_on = models.DateField()
    notice_weeks = models.PositiveSmallIntegerField(default=13)
    extension_months = models.PositiveSmallIntegerField(default=0)
    extensions_left = models.PositiveSmallIntegerField(default=0)
    extend_by = models.DateField(null=True, blank=True)
    price = models.DecimalField(null=True, blank=True, **AMOUNT)
    price_unit = models.CharField(max_length=10, choices=PriceUnit.choices, blank=True)
    places = models.PositiveSmallIntegerField(null=True, blank=True)
    starts = models.PositiveIntegerField(null=True, blank=True)
    take_up = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    void_rate = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    ceiling = models.DecimalField(null=True, blank=True, **AMOUNT)
    uplift = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    uplift_on = models.DateField(null=True, blank=True)
    monitoring = models.CharField(max_length=300, blank=True)
    tender_route = models.CharField(max_length=12, choices=TenderRoute.choices, blank=True)
    waiver_reason = models.CharField(max_length=300, blank=True)
    waiver_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    wanted_places = models.ManyToManyField(Place, related_name="+", blank=True)
    drafted_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    writers = models.ManyToManyField(User, related_name="+", blank=True)
    accepted_on = models.DateField(null=True, blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    awarded_on = models.DateField(null=True, blank=True)
    awarded_at = models.DateTimeField(null=True, blank=True)
    awarded_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    ended_on = models.DateField(null=True, blank=True)
    ended_for = models.CharField(max_length=300, blank=True)
    revision = models.PositiveIntegerField(default=1)

    objects = ContractQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=ContractKind.values), name="contract_kind_is_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=ContractState.values), name="contract_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gt=F("starts_on")), name="contract_ends_after_it_starts"
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("starts_on")),
                name="contract_does_not_end_before_it_starts",
            ),
            models.CheckConstraint(
                condition=Q(price__isnull=True) | Q(price__range=("0.01", MOST)),
                name="contract_price_is_an_amount",
            ),
            models.CheckConstraint(
                condition=Q(price__isnull=True) | ~Q(price_unit=""),
                name="contract_price_is_for_something",
            ),
            models.CheckConstraint(
                condition=Q(ceiling__isnull=True) | Q(ceiling__range=("0.01", MOST)),
                name="contract_ceiling_is_an_amount",
            ),
            models.CheckConstraint(
                condition=Q(take_up__isnull=True) | Q(take_up__range=(0, 100)),
                name="contract_take_up_is_a_percentage",
            ),
            models.CheckConstraint(
                condition=Q(void_rate__isnull=True) | Q(void_rate__range=(0, 100)),
                name="contract_void_rate_is_a_percentage",
            ),
            models.CheckConstraint(
                condition=Q(uplift__isnull=True) | Q(uplift__range=(-100, 100)),
                name="contract_uplift_is_a_percentage",
            ),
            models.CheckConstraint(
                condition=~Q(kind=ContractKind.BLOCK)
                | Q(state=ContractState.DRAFT)
                | Q(price__isnull=False, places__gte=1),
                name="block_contract_has_places_at_a_price",
            ),
            models.CheckConstraint(
                condition=~Q(tender_route=TenderRoute.WAIVER)
                | ~Q(state__in=IN_FORCE_IN)
                | Q(~Q(waiver_reason=""), waiver_by__isnull=False),
                name="waiver_has_a_reason_and_an_approver",
            ),
            models.CheckConstraint(
                condition=Q(waiver_by__isnull=True) | ~Q(waiver_by=F("drafted_by")),
                name="waiver_is_approved_by_another_person",
            ),
            models.CheckConstraint(
                condition=Q(awarded_by__isnull=True) | ~Q(awarded_by=F("drafted_by")),
                name="contract_is_awarded_by_another_person",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=IN_FORCE_IN)
                | Q(accepted_at__isnull=False, awarded_at__isnull=False),
                name="contract_in_force_was_accepted_and_awarded",
            ),
        ]
        triggers = [
            pgtrigger.FSM(
                name="contract_state_follows",
                field="state",
                transitions=as_rows(CONTRACT_TRANSITIONS),
            )
        ]
        indexes = [models.Index(fields=["state", "ends_on"], name="contract_by_end")]

    def __str__(self) -> str:
        return f"{self.reference} {self.title}"

    @property
    def holds_until(self) -> dt.date:
        """The first day on which it no longer holds: where it was ended, or as its term says."""
        return self.ended_on or self.ends_on

    @property
    def agreed_shares(self) -> "dict[int, ContractShare]":
        """The shares of the newest terms, by partnership. No query where it was read with them."""
        return {one.partnership_id: one for one in self.shares.all() if one.left_on is None}

    def runs_in(self, period: Period) -> bool:
        """Whether the contract has days in the period."""
        return self.starts_on < period.end and period.start < self.holds_until


class ContractShareQuerySet(Permitted["ContractShare"]):
    """What of contracts is whose."""

    partnership_path = "partnership"
    provider_path = "contract__provider"

    def agreed(self) -> Self:
        """Those of the newest terms: together they make 100 per cent."""
        return self.filter(left_on=None)

    def holding(self, from_: dt.date, until: dt.date) -> Self:
        """Those that hold on all of the nights from a day up to another."""
        return self.filter(
            Q(joined_on=None) | Q(joined_on__lte=from_), Q(left_on=None) | Q(left_on__gte=until)
        )


class ContractShare(models.Model):
    """A partnership that buys with the contract, and how much of it is its own, in per cent.

    `share` is that of the newest terms; what held before stands in the versions. `joined_on` is
    the first day of a share that began later than the contract, `left_on` the first day of which
    it has none any more (it may be the same): its row stays, since its part of what was before
    does.
    """

    contract = models.ForeignKey(Contract, models.CASCADE, related_name="shares")
    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="contract_shares")
    share = models.DecimalField(max_digits=6, decimal_places=3)
    joined_on = models.DateField(null=True, blank=True)
    left_on = models.DateField(null=True, blank=True)

    objects = ContractShareQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["contract", "partnership"], name="partnership_shares_in_a_contract_once"
            ),
            models.CheckConstraint(
                condition=Q(share__range=("0.001", 100)), name="contract_share_is_a_percentage"
            ),
            models.CheckConstraint(
                condition=Q(joined_on__isnull=True)
                | Q(left_on__isnull=True)
                | Q(left_on__gte=F("joined_on")),
                name="contract_share_does_not_end_before_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.partnership}: {self.share} %"


class OfContract(Permitted[Model_co]):
    """Rows of a contract: reached by its provider, its lead and whoever shares in it."""

    partnership_path: ClassVar[str | None] = "contract__lead"
    provider_path: ClassVar[str | None] = "contract__provider"
    contract_path: ClassVar[str] = "contract"

    def shared_with(self, partnerships: frozenset[int], permission: Permission) -> Q:
        return shared_by(partnerships, self.contract_path)


def shared_by(partnerships: frozenset[int], path: str = "pk") -> Q:
    """Contracts that one of the partnerships shares or shared in, or that a variation in hand
    asks it to share in."""
    shares = ContractShare.objects.filter(partnership__in=partnerships)
    asked = Contract.objects.filter(
        variations__state=VariationState.PROPOSED,
        variations__changes__shares__has_any_keys=sorted(str(one) for one in partnerships),
    )
    return Q(**{f"{path}__in": shares.values("contract")}) | Q(
        **{f"{path}__in": asked.values("pk")}
    )


def in_term(day: dt.date, prefix: str = "") -> Q:
    """Contracts whose term holds the day, ended early or not."""
    return Q(**{f"{prefix}starts_on__lte": day, f"{prefix}ends_on__gt": day}) & (
        Q(**{f"{prefix}ended_on__isnull": True}) | Q(**{f"{prefix}ended_on__gt": day})
    )
