"""Whatever is posted in whatever order, the sums are those of a naive replay of the entries, and
no promise takes the headroom below nothing."""

import itertools
from collections import defaultdict
from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule

from commissioning.choices import EntryKind
from commissioning.kernel.errors import DomainError
from commissioning.models import Allocation, Entry
from commissioning.scoping import System
from commissioning.selectors.plans.ledger import open_accruals, open_commitments
from commissioning.services.ledger import (
    OF_NONE,
    accrue,
    ask_for_virement,
    commit_funds,
    decide_virement,
    pay,
    pay_back,
    post_plan,
    release_funds,
    reverse_accrual,
)
from tests.factories.commissioning import UserFactory
from tests.factories.ledger import DAY, allocated, line_of, plan_of
from tests.in_any_order import AS_FOUND, InAnyOrder, holds

BY = System("a test")
SUM_OF = {  # written down here a second time, on purpose
    "ALLOCATION": "planned",
    "VIREMENT": "planned",
    "COMMITMENT": "committed",
    "RELEASE": "committed",
    "PAYMENT": "paid",
    "ACCRUAL": "paid",
}
amounts = st.integers(1, 60_000).map(lambda pence: Decimal(pence) / 100)
lines = st.integers(0, 2)
reasons = st.sampled_from(["", "So."])


class Ledger(InAnyOrder):
    """Three lines of £500 and everything that can be done to them."""

    def __init__(self):
        super().__init__()
        self.causes = itertools.count()
        self.plan = plan_of()
        self.parts = [allocated(line_of(self.plan), 500) for _ in range(3)]
        self.asker = UserFactory(commissioner_of=self.plan.partnership)
        self.lead = UserFactory(lead_of=self.plan.partnership)
        self.done = []

    def attempt(self, deed, **words):
        """Do it, or be refused with a sentence and leave everything as it was."""
        before = self.rows()
        try:
            with transaction.atomic():
                return deed(by=words.pop("by", BY), on=DAY, **words)
        except DomainError:
            assert self.rows() == before
            return None

    def rows(self):
        return list(Entry.objects.order_by("pk").values_list("pk", "amount"))

    def allocations(self):
        return list(Allocation.objects.order_by("pk"))

    def cause(self):
        return f"cause {next(self.causes)}"

    def post(self, deed, at, amount, **words):
        words = {"allocation": self.parts[at], "amount": amount, "cause": self.cause()} | words
        if self.attempt(deed, **words):
            self.done.append((deed, words))

    @rule(at=lines, amount=amounts)
    def commit(self, at, amount):
        free = self.allocations()[at].headroom
        self.post(commit_funds, at, amount)
        assert (self.allocations()[at].headroom == free - amount) == (amount <= free)

    @rule(at=lines, amount=amounts, reason=reasons, against=st.sampled_from([None, OF_NONE]))
    def pays(self, at, amount, reason, against):
        self.post(pay, at, amount, reason=reason, against=against)

    @rule(at=lines, amount=amounts, reason=reasons)
    def accrues(self, at, amount, reason):
        self.post(accrue, at, amount, reason=reason)

    @rule(at=lines, amount=amounts)
    def releases(self, at, amount):
        self.post(release_funds, at, amount)

    @rule(at=lines, amount=amounts)
    def pays_back(self, at, amount):
        self.post(pay_back, at, amount, reason="So.")

    @rule()
    def reverses(self):
        for accrual in open_accruals(self.plan)[:1]:
            self.attempt(reverse_accrual, accrual=accrual)

    @rule(at=lines, amount=amounts)
    def amends(self, at, amount):
        Allocation.objects.filter(pk=self.parts[at].pk).update(amount=amount)
        if self.attempt(post_plan, plan=self.plan, cause=self.cause()) is None:
            for part in self.allocations():
                Allocation.objects.filter(pk=part.pk).update(amount=part.planned)

    @rule(at=lines, to=lines, amount=amounts)
    def moves(self, at, to, amount):
        total = sum(part.planned for part in self.allocations())
        words = {"source": self.parts[at], "target": self.parts[to].line, "amount": amount}
        asked = self.attempt(
            ask_for_virement, **words, reason="So.", cause=self.cause(), by=self.asker
        )
        if asked:
            self.attempt(decide_virement, virement=asked, approve=True, by=self.lead)
        assert sum(part.planned for part in self.allocations()) == total

    @rule(chosen=st.integers(0, 1000))
    def asks_again(self, chosen):
        """What was done once is not done a second time."""
        if self.done:
            deed, words = self.done[chosen % len(self.done)]
            before = self.rows()
            deed(by=BY, on=DAY, **words)
            assert self.rows() == before

    @invariant()
    def the_sums_are_those_of_a_replay(self):
        replayed = defaultdict(Decimal)
        for entry in Entry.objects.order_by("pk"):
            replayed[entry.allocation_id, SUM_OF[entry.kind]] += entry.amount
        for part in self.allocations():
            for name in ("planned", "committed", "paid"):
                assert getattr(part, name) == replayed[part.pk, name] >= 0

    @invariant()
    def what_is_open_is_what_is_committed(self):
        left = defaultdict(Decimal)
        for entry in open_commitments(self.plan):
            left[entry.allocation_id] += entry.left
        assert all(left[part.pk] == part.committed for part in self.allocations())

    @invariant()
    def no_promise_takes_headroom_that_is_not_there(self):
        """Entry by entry: only what was paid or accrued leaves less than nothing."""
        sums = defaultdict(Decimal)
        for entry in Entry.objects.order_by("pk"):
            signed = -entry.amount if SUM_OF[entry.kind] != "planned" else entry.amount
            sums[entry.allocation_id] += signed
            if signed < 0 and entry.kind not in {EntryKind.PAYMENT, EntryKind.ACCRUAL}:
                assert sums[entry.allocation_id] >= 0


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("examples", "steps"), [(12, 20), pytest.param(300, 50, marks=pytest.mark.nightly)]
)
def test_the_ledger_holds_whatever_is_posted(examples, steps):
    holds(Ledger, examples=examples, steps=steps, phases=AS_FOUND)
