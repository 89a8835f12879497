"""Contracts: who buys what from whom, for how long, at what price, and from which money.

A contract is led by one partnership and shared by one or more. Awarded, it commits money to the
partnerships' plan lines through the ledger; changed, it gets a further dated version.
"""

import datetime as dt
from typing import ClassVar, Self

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q

from commissioning.kernel.money import AMOUNT, MOST
from commissioning.kernel.transitions import as_rows
from commissioning.models import (
    Document,
    FundingStream,
    InterventionType,
    Line,
    Partnership,
    User,
)
from commissioning.roles import Permission
from commissioning.scoping import Model_co, Permitted
from providers.choices import (
    CONTRACT_TRANSITIONS,
    IN_FORCE_IN,
    VARIATION_TRANSITIONS,
    ContractKind,
    ContractState,
    PriceUnit,
    Side,
    TenderRoute,
    VariationKind,
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
        """Whoever shares in a contract reads it; its lead keeps it."""
        shares = ContractShare.objects.filter(partnership__in=partnerships)
        return Q(pk__in=shares.values("contract"))

    def in_force(self) -> Self:
        return self.filter(state__in=IN_FORCE_IN)

    def holding_on(self, day: dt.date) -> Self:
        """Binding both sides, and within their term on the day."""
        return self.in_force().filter(in_term(day))

    def of_partnership(self, partnership: Partnership | int) -> Self:
        """Those it leads and those it shares in."""
        shares = ContractShare.objects.filter(partnership=partnership)
        return self.filter(Q(lead=partnership) | Q(pk__in=shares.values("contract")))

    def with_names(self) -> Self:
        return self.select_related("provider__organisation", "lead__organisation")


class Contract(models.Model):
    """One agreement with one provider. Pounds and per cents.

    `price` is for one `price_unit`; `places` how many of them at a time, `starts` how many a
    year. `take_up` is the least share of places that is paid for whatever is used, `void_rate`
    the share of the price paid for a place beyond it that is not used. `ceiling` bounds what a
    framework may call off. `ends_on` is the first day on which it no longer holds; `ended_on`
    likewise where it was ended early. `writers` are all who wrote its terms or its money: none of
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
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
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


class ContractShareQuerySet(Permitted["ContractShare"]):
    """What of contracts is whose."""

    partnership_path = "partnership"
    provider_path = "contract__provider"


class ContractShare(models.Model):
    """A partnership that buys with the contract, and how much of it is its own, in per cent."""

    contract = models.ForeignKey(Contract, models.CASCADE, related_name="shares")
    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="contract_shares")
    share = models.DecimalField(max_digits=6, decimal_places=3)

    objects = ContractShareQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["contract", "partnership"], name="partnership_shares_in_a_contract_once"
            ),
            models.CheckConstraint(
                condition=Q(share__range=("0.001", 100)), name="contract_share_is_a_percentage"
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
        shares = ContractShare.objects.filter(partnership__in=partnerships)
        return Q(**{f"{self.contract_path}__in": shares.values("contract")})


class ShareAgreementQuerySet(OfContract["ShareAgreement"]):
    """Reached as their contract is."""


class ShareAgreement(models.Model):
    """A partnership's yes to its part of a version of a contract that another one leads.

    Nobody commits another partnership's money: its own approver says yes first.
    """

    contract = models.ForeignKey(Contract, models.CASCADE, related_name="agreements")
    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="+")
    version = models.PositiveSmallIntegerField()
    agreed_at = models.DateTimeField(auto_now_add=True)
    agreed_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    objects = ShareAgreementQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["contract", "partnership", "version"],
                name="partnership_agrees_to_a_version_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.partnership} agrees to version {self.version} of {self.contract}"


class ContractMoneyQuerySet(OfContract["ContractMoney"]):
    """Reached as their contract is."""


class ContractMoney(models.Model):
    """What the contract takes from a stream of a plan's line, pounds; committed when awarded."""

    contract = models.ForeignKey(Contract, models.CASCADE, related_name="money")
    line = models.ForeignKey(Line, models.PROTECT, related_name="+")
    stream = models.ForeignKey(FundingStream, models.PROTECT, related_name="+")
    amount = models.DecimalField(**AMOUNT)

    objects = ContractMoneyQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["contract", "line", "stream"],
                name="contract_takes_from_a_stream_of_a_line_once",
            ),
            models.CheckConstraint(
                condition=Q(amount__range=(0, MOST)), name="contract_money_is_an_amount"
            ),
        ]

    def __str__(self) -> str:
        return f"£{self.amount} from {self.line}, {self.stream}"


class SubContractorQuerySet(OfContract["SubContractor"]):
    """Reached as their contract is."""


class SubContractor(models.Model):
    """A provider that does part of the work for the contract's own."""

    contract = models.ForeignKey(Contract, models.CASCADE, related_name="sub_contractors")
    provider = models.ForeignKey(Provider, models.PROTECT, related_name="sub_contracts")
    does = models.CharField(max_length=300)

    objects = SubContractorQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["contract", "provider"], name="provider_is_a_sub_contractor_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.provider}: {self.does}"


class ContractPlaceQuerySet(OfContract["ContractPlace"]):
    """Reached as their contract is."""


class ContractPlace(models.Model):
    """A place that a block contract has bought, night by night. One contract has it a night."""

    contract = models.ForeignKey(Contract, models.PROTECT, related_name="sold_places")
    place = models.ForeignKey(Place, models.PROTECT, related_name="sold")
    nights = DateRangeField()

    objects = ContractPlaceQuerySet.as_manager()

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="place_is_in_one_block_contract_a_night",
                expressions=[
                    ("place", RangeOperators.EQUAL),
                    ("nights", RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(
                condition=Q(nights__isempty=False, nights__lower_inf=False),
                name="place_is_sold_a_night_or_more",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.place} in {self.contract}"


class ContractClauseQuerySet(OfContract["ContractClause"]):
    """Reached as their contract is."""


class ContractClause(models.Model):
    """Whether a clause of the standard checklist is in the contract (NDTMS among them)."""

    contract = models.ForeignKey(Contract, models.CASCADE, related_name="clauses")
    clause = models.SlugField(max_length=40)
    is_included = models.BooleanField()
    note = models.CharField(max_length=300, blank=True)

    objects = ContractClauseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["contract", "clause"], name="clause_is_answered_once_a_contract"
            ),
        ]

    def __str__(self) -> str:
        return self.clause


class ContractDocumentQuerySet(OfContract["ContractDocument"]):
    """Reached as their contract is."""


class ContractDocument(models.Model):
    """A document kept with the contract, for both sides."""

    contract = models.ForeignKey(Contract, models.CASCADE, related_name="documents")
    document = models.ForeignKey(Document, models.PROTECT, related_name="+")

    objects = ContractDocumentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["contract", "document"], name="document_is_with_a_contract_once"
            ),
        ]

    def __str__(self) -> str:
        return str(self.document)


class ContractVersionQuerySet(OfContract["ContractVersion"]):
    """Reached as their contract is."""


class ContractVersion(models.Model):
    """The contract as it was agreed to hold from a day. Never changed.

    `content` holds every part of it by name, pounds as text, so that two can be compared.
    """

    contract = models.ForeignKey(Contract, models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    holds_from = models.DateField()
    reason = models.CharField(max_length=300)
    content = models.JSONField()
    taken_at = models.DateTimeField(auto_now_add=True)
    taken_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects = ContractVersionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["contract", "number"], name="contract_version_has_a_number"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="contract_version_has_a_reason"),
        ]
        triggers = [
            pgtrigger.Protect(
                name="contract_version_is_frozen",
                operation=pgtrigger.Update | pgtrigger.Delete,
            )
        ]

    def __str__(self) -> str:
        return f"Version {self.number}"


class VariationQuerySet(OfContract["Variation"]):
    """Reached as their contract is."""


class Variation(models.Model):
    """A change to a contract in force that one side proposes and the other decides.

    `changes` holds the new value of each part by name, as in a version. `proposed_on` is the
    business day from which notice counts. `agreed_by` is the
    provider's yes, which an extension by an option and notice in time do not need; `decided_by`
    the commissioner who put it into force, or whoever refused it.
    """

    contract = models.ForeignKey(Contract, models.PROTECT, related_name="variations")
    number = models.PositiveSmallIntegerField()
    state = models.CharField(
        max_length=9, choices=VariationState.choices, default=VariationState.PROPOSED
    )
    kind = models.CharField(
        max_length=9, choices=VariationKind.choices, default=VariationKind.CHANGE
    )
    side = models.CharField(max_length=12, choices=Side.choices)
    changes = models.JSONField()
    holds_from = models.DateField()
    reason = models.CharField(max_length=300)
    proposed_on = models.DateField()
    proposed_at = models.DateTimeField(auto_now_add=True)
    proposed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    agreed_at = models.DateTimeField(null=True, blank=True)
    agreed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    decision = models.CharField(max_length=300, blank=True)

    objects = VariationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["contract", "number"], name="variation_has_a_number"),
            models.UniqueConstraint(
                fields=["contract"],
                condition=Q(state=VariationState.PROPOSED),
                name="contract_has_one_variation_in_hand",
            ),
            models.CheckConstraint(
                condition=Q(state__in=VariationState.values), name="variation_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=VariationKind.values), name="variation_kind_is_known"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="variation_has_a_reason"),
            models.CheckConstraint(
                condition=~Q(state=VariationState.ACCEPTED)
                | Q(decided_by__isnull=False) & ~Q(decided_by=F("proposed_by")),
                name="variation_is_put_into_force_by_another_person",
            ),
        ]
        triggers = [
            pgtrigger.FSM(
                name="variation_state_follows",
                field="state",
                transitions=as_rows(VARIATION_TRANSITIONS),
            )
        ]

    def __str__(self) -> str:
        return f"Variation {self.number} of {self.contract}"


def in_term(day: dt.date, prefix: str = "") -> Q:
    """Contracts whose term holds the day, ended early or not."""
    return Q(**{f"{prefix}starts_on__lte": day, f"{prefix}ends_on__gt": day}) & (
        Q(**{f"{prefix}ended_on__isnull": True}) | Q(**{f"{prefix}ended_on__gt": day})
    )
