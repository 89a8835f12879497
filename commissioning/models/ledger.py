"""The money ledger: append-only entries against a line's part of a funding stream.

What is planned, committed and paid are sums over the entries. A trigger keeps the sums beside the
allocation and refuses a commitment that goes beyond them, whoever writes it.
"""

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal

import pgtrigger
from django.db import models
from django.db.models import Q

from commissioning.choices import EntryKind, VirementState
from commissioning.kernel.money import AMOUNT, MOST
from commissioning.models.funding import FundingStream
from commissioning.models.knowing_plans import of_its_plan, stays_with_its_line
from commissioning.models.lines import Line, Taken
from commissioning.models.organisations import Partnership
from commissioning.models.people import User
from commissioning.models.plan_sums import KEEPER_OF_ENTRIES, KEEPERS
from commissioning.models.plans import Plan
from commissioning.rules.posting import (
    POSTINGS,
    SUMS,
    Sums,
    kinds_of,
    reference_of,
    takes_headroom,
)
from commissioning.scoping import Permitted

_SIGNS: dict[str, Q] = {"any": Q(), "plus": Q(amount__gt=0), "minus": Q(amount__lt=0)}


def _listed(kinds: Iterable[str]) -> str:
    return ", ".join(f"'{kind}'" for kind in kinds)


def _keep_the_sums() -> str:
    """The trigger's body, from the posting table.

    Its update takes the lock on the allocation, so two promises cannot pass each other.
    """
    sums = ",\n       ".join(
        f"{name} = {name} + CASE WHEN NEW.kind IN ({_listed(kinds_of(name))})"
        " THEN NEW.amount ELSE 0 END"
        for name in SUMS
    )
    promises = [kind for kind, posting in POSTINGS.items() if not posting.is_a_fact]
    taken_by_more = [kind for kind in promises if takes_headroom(kind, Decimal(1))]
    taken_by_less = [kind for kind in promises if takes_headroom(kind, Decimal(-1))]
    return f"""
UPDATE commissioning_allocation
   SET {sums}
 WHERE id = NEW.allocation_id
RETURNING * INTO held;
IF held.planned < held.committed + held.paid
   AND (NEW.amount > 0 AND NEW.kind IN ({_listed(taken_by_more)})
        OR NEW.amount < 0 AND NEW.kind IN ({_listed(taken_by_less)})) THEN
    RAISE EXCEPTION 'The line cannot bear this.'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'promise_stays_within_its_line';
END IF;
RETURN NULL;
"""  # noqa: S608 - made from the posting table alone


def _signed_as_its_kind() -> Q:
    """Each kind of entry with the signs that the posting table lets it have."""
    allowed = Q()
    for kind, posting in POSTINGS.items():
        allowed |= Q(kind=kind) & _SIGNS[posting.sign]
    return allowed


# Written by hand, the sums are refused: a depth of one is a statement that no trigger made.
SUMS_BY_HAND = """
IF pg_trigger_depth() < 2 THEN
    RAISE EXCEPTION 'The sums of an allocation come from its entries.'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'sums_come_from_entries';
END IF;
RETURN NEW;
"""
_SUMS_CHANGE = (
    pgtrigger.Q(old__planned__df=pgtrigger.F("new__planned"))
    | pgtrigger.Q(old__committed__df=pgtrigger.F("new__committed"))
    | pgtrigger.Q(old__paid__df=pgtrigger.F("new__paid"))
)


class AllocationQuerySet(Permitted["Allocation"]):
    """Parts of lines."""

    partnership_path = "plan__partnership"

    def by_line(self) -> dict[int, list[Taken]]:
        """What each line takes, by its number in the database: values, since they are many."""
        found: dict[int, list[Taken]] = defaultdict(list)
        for line, stream, amount in self.order_by("pk").values_list("line", "stream", "amount"):
            found[line].append(Taken(stream, amount))
        return dict(found)


class Allocation(models.Model):
    """What a line takes from a stream: `amount` as it is being planned, pounds.

    `planned`, `committed` and `paid` are the sums of its ledger entries, kept by a trigger: what
    was agreed, promised and paid. `plan` is the line's, written by the database, which adds up
    what each plan takes: `PlanSum`.
    """

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="allocations", editable=False)
    # Found by its line through what is unique about it.
    line = models.ForeignKey(Line, models.CASCADE, related_name="allocations", db_index=False)
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
        triggers = [
            of_its_plan("allocation_is_of_its_lines_plan", parent="line", what="An allocation"),
            stays_with_its_line("allocation_stays_with_its_line"),
            pgtrigger.Trigger(
                name="sums_come_from_entries",
                operation=pgtrigger.Update,
                when=pgtrigger.Before,
                condition=_SUMS_CHANGE,
                func=SUMS_BY_HAND,
            ),
            pgtrigger.Trigger(
                name="sums_begin_with_nothing",
                operation=pgtrigger.Insert,
                when=pgtrigger.Before,
                condition=pgtrigger.Q(new__planned__gt=0)
                | pgtrigger.Q(new__committed__gt=0)
                | pgtrigger.Q(new__paid__gt=0),
                func=SUMS_BY_HAND.replace("sums_come_from_entries", "sums_begin_with_nothing"),
            ),
            *KEEPERS,
        ]

    def __str__(self) -> str:
        return f"{self.line} from {self.stream}"

    @property
    def sums(self) -> Sums:
        return Sums(self.planned, self.committed, self.paid)

    @property
    def headroom(self) -> Decimal:
        """Planned − committed − paid."""
        return self.sums.headroom


class EntryQuerySet(Permitted["Entry"]):
    """Entries of the ledger, in the order they were made."""

    partnership_path = "plan__partnership"


class Entry(models.Model):
    """One entry: so many pounds, of a kind, for a cause that is asked for once. Never changed.

    A release names the commitment it takes from; a commitment that is put back names the one it
    adds to again. What a payment released has the payment's own cause. `plan` is the allocation's,
    written by the database: a plan's ledger is read entry by entry without all of England's.
    """

    # Kept right by its trigger, and by the allocation, which stays with its plan.
    plan = models.ForeignKey(
        Plan,
        models.PROTECT,
        related_name="entries",
        editable=False,
        db_constraint=False,
        db_index=False,
    )
    allocation = models.ForeignKey(Allocation, models.PROTECT, related_name="entries")
    kind = models.CharField(max_length=10, choices=EntryKind.choices)
    amount = models.DecimalField(**AMOUNT)
    cause = models.CharField(max_length=160)
    commitment = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="later"
    )
    reason = models.CharField(max_length=300, blank=True)
    on = models.DateField()
    made_at = models.DateTimeField(auto_now_add=True)
    made_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    system = models.CharField(max_length=60, blank=True)

    objects = EntryQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["cause", "kind", "allocation", "commitment"],
                nulls_distinct=False,
                name="entry_is_made_once_a_cause",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=EntryKind.values), name="entry_kind_is_known"
            ),
            models.CheckConstraint(
                condition=Q(amount__range=(-MOST, MOST)), name="entry_is_an_amount"
            ),
            models.CheckConstraint(
                condition=~Q(amount=0) & _signed_as_its_kind(),
                name="sign_of_an_entry_is_its_kinds",
            ),
            models.CheckConstraint(condition=~Q(cause=""), name="entry_has_a_cause"),
            models.CheckConstraint(
                condition=Q(kind=EntryKind.RELEASE, commitment__isnull=False)
                | Q(kind=EntryKind.COMMITMENT)
                | Q(~Q(kind__in=[EntryKind.RELEASE, EntryKind.COMMITMENT]), commitment=None),
                name="release_names_its_commitment",
            ),
            models.CheckConstraint(
                condition=Q(made_by__isnull=False, system="")
                | (Q(made_by__isnull=True) & ~Q(system="")),
                name="entry_has_one_maker",
            ),
        ]
        indexes = [models.Index(fields=["plan", "id"], name="entries_of_a_plan")]
        triggers = [
            of_its_plan("entry_is_of_its_allocations_plan", parent="allocation", what="An entry"),
            pgtrigger.Protect(
                name="ledger_is_append_only", operation=pgtrigger.Update | pgtrigger.Delete
            ),
            pgtrigger.Trigger(
                name="promise_stays_within_its_line",
                operation=pgtrigger.Insert,
                when=pgtrigger.After,
                declare=[("held", "commissioning_allocation%ROWTYPE")],
                func=_keep_the_sums(),
            ),
            KEEPER_OF_ENTRIES,
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} of £{self.amount}: {self.cause}"

    @property
    def reference(self) -> str:
        """The cause as a person or the bank gave it."""
        return reference_of(self.cause)

    @property
    def maker(self) -> str:
        """Who made it: a person, or the service by the name of its task."""
        return str(self.made_by) if self.made_by else self.system


class VirementQuerySet(Permitted["Virement"]):
    """Moves of money between lines."""

    partnership_path = "partnership"


class Virement(models.Model):
    """Money moved from one line to another, asked for by one person and approved by another."""

    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="virements")
    source = models.ForeignKey(Allocation, models.PROTECT, related_name="+")
    target = models.ForeignKey(Allocation, models.PROTECT, related_name="+")
    amount = models.DecimalField(**AMOUNT)
    cause = models.CharField(max_length=160)
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
            models.UniqueConstraint(
                fields=["partnership", "cause"], name="virement_is_asked_for_once_a_cause"
            ),
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
            models.CheckConstraint(
                condition=Q(
                    state=VirementState.ASKED, decided_by__isnull=True, decided_at__isnull=True
                )
                | Q(
                    ~Q(state=VirementState.ASKED),
                    decided_by__isnull=False,
                    decided_at__isnull=False,
                ),
                name="virement_is_decided_by_somebody_at_some_time",
            ),
        ]

    def __str__(self) -> str:
        return f"£{self.amount} from {self.source} to {self.target}"


class CarriedForwardQuerySet(Permitted["CarriedForward"]):
    """What was left of years that were closed."""

    partnership_path = "partnership"


class CarriedForward(models.Model):
    """What was left of a stream when a partnership's year was closed; pounds. Once a year.

    Funding − paid, and what was left of it of what was carried into that year. It became part of
    the next year's stream “carried forward”, in which its ring-fence goes on.
    """

    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    stream = models.ForeignKey(FundingStream, models.PROTECT, related_name="+")
    amount = models.DecimalField(**AMOUNT)

    objects = CarriedForwardQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["partnership", "year", "stream"], name="stream_is_carried_forward_once"
            ),
            models.CheckConstraint(
                condition=Q(amount__range=("0.01", MOST)), name="something_is_carried_forward"
            ),
        ]

    def __str__(self) -> str:
        return f"£{self.amount} of {self.stream}, {self.year}"
