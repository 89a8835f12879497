"""The money ledger: append-only entries against a line's part of a funding stream.

What is planned, committed and paid are sums over the entries. A trigger keeps the sums beside the
allocation and refuses a commitment that goes beyond them, whoever writes it.
"""

import pgtrigger
from django.db import models
from django.db.models import Q

from commissioning.choices import EntryKind, VirementState
from commissioning.kernel.money import AMOUNT, MOST
from commissioning.models.funding import FundingStream
from commissioning.models.lines import Line
from commissioning.models.organisations import Partnership
from commissioning.models.people import User
from commissioning.scoping import Permitted

# The update takes the lock on the allocation, so two commitments cannot pass each other.
KEEP_THE_SUMS = """
UPDATE commissioning_allocation
   SET planned = planned
         + CASE WHEN NEW.kind IN ('ALLOCATION', 'VIREMENT') THEN NEW.amount ELSE 0 END,
       committed = committed
         + CASE WHEN NEW.kind IN ('COMMITMENT', 'RELEASE') THEN NEW.amount ELSE 0 END,
       paid = paid
         + CASE WHEN NEW.kind IN ('PAYMENT', 'ACCRUAL') THEN NEW.amount ELSE 0 END
 WHERE id = NEW.allocation_id
RETURNING * INTO held;
IF NEW.kind = 'COMMITMENT' AND NEW.amount > 0
   AND held.planned < held.committed + held.paid THEN
    RAISE EXCEPTION 'The line cannot bear this commitment.'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'commitment_stays_within_its_line';
END IF;
RETURN NULL;
"""


class AllocationQuerySet(Permitted["Allocation"]):
    """Parts of lines."""

    partnership_path = "line__plan__partnership"


class Allocation(models.Model):
    """What a line takes from a stream: `amount` as it is being planned, pounds.

    `planned`, `committed` and `paid` are the sums of its ledger entries, kept by a trigger: what
    was agreed, promised and paid.
    """

    line = models.ForeignKey(Line, models.CASCADE, related_name="allocations")
    stream = models.ForeignKey(FundingStream, models.PROTECT, related_name="+")
    amount = models.DecimalField(**AMOUNT)
    planned = models.DecimalField(default=0, **AMOUNT)
    committed = models.DecimalField(default=0, **AMOUNT)
    paid = models.DecimalField(default=0, **AMOUNT)

    objects = AllocationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["line", "stream"], name="line_takes_from_a_stream_once"
            ),
            models.CheckConstraint(
                condition=Q(amount__range=(0, MOST)), name="allocation_is_an_amount"
            ),
            models.CheckConstraint(
                condition=Q(planned__range=(0, MOST)), name="planned_is_not_less_than_nothing"
            ),
            models.CheckConstraint(
                condition=Q(committed__range=(0, MOST)), name="committed_is_not_less_than_nothing"
            ),
            models.CheckConstraint(
                condition=Q(paid__range=(0, MOST)), name="paid_is_not_less_than_nothing"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.line} from {self.stream}"


class EntryQuerySet(Permitted["Entry"]):
    """Entries of the ledger, in the order they were made."""

    partnership_path = "allocation__line__plan__partnership"


class Entry(models.Model):
    """One entry: so many pounds, of a kind, for a cause that is asked for once. Never changed."""

    allocation = models.ForeignKey(Allocation, models.PROTECT, related_name="entries")
    kind = models.CharField(max_length=10, choices=EntryKind.choices)
    amount = models.DecimalField(**AMOUNT)
    cause = models.CharField(max_length=160)
    reason = models.CharField(max_length=300, blank=True)
    on = models.DateField()
    made_at = models.DateTimeField(auto_now_add=True)
    made_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    system = models.CharField(max_length=60, blank=True)

    objects = EntryQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["cause", "kind", "allocation"], name="entry_is_made_once_a_cause"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=EntryKind.values), name="entry_kind_is_known"
            ),
            models.CheckConstraint(
                condition=Q(amount__range=(-MOST, MOST)) & ~Q(amount=0),
                name="entry_is_an_amount",
            ),
            models.CheckConstraint(
                condition=Q(made_by__isnull=False, system="")
                | (Q(made_by__isnull=True) & ~Q(system="")),
                name="entry_has_one_maker",
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="ledger_is_append_only", operation=pgtrigger.Update | pgtrigger.Delete
            ),
            pgtrigger.Trigger(
                name="allocation_keeps_the_sums",
                operation=pgtrigger.Insert,
                when=pgtrigger.After,
                declare=[("held", "commissioning_allocation%ROWTYPE")],
                func=KEEP_THE_SUMS,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} of £{self.amount}: {self.cause}"


class VirementQuerySet(Permitted["Virement"]):
    """Moves of money between lines."""

    partnership_path = "partnership"


class Virement(models.Model):
    """Money moved from one line to another, asked for by one person and approved by another."""

    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="virements")
    source = models.ForeignKey(Allocation, models.PROTECT, related_name="+")
    target = models.ForeignKey(Allocation, models.PROTECT, related_name="+")
    amount = models.DecimalField(**AMOUNT)
    reason = models.CharField(max_length=300)
    state = models.CharField(
        max_length=10, choices=VirementState.choices, default=VirementState.ASKED
    )
    asked_at = models.DateTimeField(auto_now_add=True)
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    decision = models.CharField(max_length=300, blank=True)

    objects = VirementQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__range=("0.01", MOST)), name="virement_moves_something"
            ),
            models.CheckConstraint(
                condition=~Q(source=models.F("target")), name="virement_is_to_another_line"
            ),
            models.CheckConstraint(
                condition=Q(state__in=VirementState.values), name="virement_state_is_known"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="virement_has_a_reason"),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=models.F("asked_by")),
                name="virement_is_decided_by_another_person",
            ),
        ]

    def __str__(self) -> str:
        return f"£{self.amount} from {self.source} to {self.target}"
