"""How contracts change: dated versions, what either side proposes, which lines pay for more."""

from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import F, Q

from commissioning.kernel.money import AMOUNT, MOST
from commissioning.kernel.transitions import as_rows
from commissioning.models import FundingStream, Line, User
from providers.choices import VARIATION_TRANSITIONS, Side, VariationKind, VariationState
from providers.models.contracts import Contract, OfContract


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


class VariationMoneyQuerySet(OfContract["VariationMoney"]):
    """Reached as the contract that is varied."""

    partnership_path: ClassVar[str | None] = "variation__contract__lead"
    provider_path: ClassVar[str | None] = "variation__contract__provider"
    contract_path: ClassVar[str] = "variation__contract"


class VariationMoney(models.Model):
    """What a variation takes more from a stream of a plan's line, pounds; committed when it is
    put into force. `put_by` chose it: another person puts the variation into force.
    """

    variation = models.ForeignKey(Variation, models.CASCADE, related_name="money")
    line = models.ForeignKey(Line, models.PROTECT, related_name="+")
    stream = models.ForeignKey(FundingStream, models.PROTECT, related_name="+")
    amount = models.DecimalField(**AMOUNT)
    put_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    objects = VariationMoneyQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["variation", "line", "stream"],
                name="variation_takes_from_a_stream_of_a_line_once",
            ),
            models.CheckConstraint(
                condition=Q(amount__range=("0.01", MOST)), name="variation_money_is_an_amount"
            ),
        ]

    def __str__(self) -> str:
        return f"£{self.amount} more from {self.line}, {self.stream}"
