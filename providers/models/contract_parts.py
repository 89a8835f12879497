"""What belongs to a contract: whose money it takes, who agreed, what it sold, its papers.

Awarded, a contract commits money to the partnerships' plan lines through the ledger.
"""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import Q

from commissioning.kernel.money import AMOUNT, MOST
from commissioning.models import Document, FundingStream, Line, Partnership, User
from providers.models.contracts import Contract, OfContract
from providers.models.places import Place
from providers.models.providers import Provider


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
