"""Promising and paying: each deed once for its cause, nothing promised beyond the line."""

import datetime as dt
from decimal import Decimal

import pytest

from commissioning.choices import EntryKind, PlanState
from commissioning.kernel.errors import NotPermitted
from commissioning.models import AuditEvent, Entry
from commissioning.rules.posting import totalled
from commissioning.scoping import System
from commissioning.selectors.plans.ledger import money_of_plan, open_commitments
from commissioning.services.ledger import (
    OF_NONE,
    BeyondTheLine,
    LedgerRefused,
    NeverCommitted,
    OtherAmount,
    accrue,
    commit_funds,
    commit_line,
    pay,
    pay_back,
    post_plan,
    release_funds,
    reverse_accrual,
)
from tests.factories.commissioning import UserFactory
from tests.factories.ledger import DAY, allocated, line_of, plan_of

pytestmark = pytest.mark.django_db
BY = System("a test")


@pytest.fixture
def plan():
    return plan_of()


@pytest.fixture
def part(plan):
    """£10,000 of the pooled treatment budget on the plan's first line."""
    return allocated(line_of(plan), 10_000)


def commit(part, amount, cause="contract 1", **words):
    words = {"by": BY, "on": DAY} | words
    return commit_funds(allocation=part, amount=Decimal(amount), cause=cause, **words)


def paid(part, amount, cause="invoice 1", deed=pay, **words):
    words = {"by": BY, "on": DAY} | words
    return deed(allocation=part, amount=Decimal(amount), cause=cause, **words)


def sums(part):
    part.refresh_from_db()
    return tuple(int(one) for one in (part.planned, part.committed, part.paid, part.headroom))


class TestCommitting:
    def test_a_commitment_takes_from_the_headroom(self, part):
        commit(part, 4_000)

        assert sums(part) == (10_000, 4_000, 0, 6_000)

    def test_more_than_is_free_is_refused_in_a_sentence_that_names_the_line(self, part):
        commit(part, 9_000)

        with pytest.raises(BeyondTheLine) as refused:
            commit(part, "1000.01", "contract 2")

        assert str(refused.value) == (
            "£1,000.01 was asked for, and £1,000 is free on line 1. Community prescribing,"
            " Pooled treatment."
        )
        assert sums(part) == (10_000, 9_000, 0, 1_000)

    def test_the_last_penny_can_be_committed(self, part):
        commit(part, 10_000)

        assert sums(part)[3] == 0

    def test_asked_twice_for_one_cause_it_is_done_once(self, part):
        first = commit(part, 4_000)

        assert commit(part, 4_000) == first
        assert sums(part)[1] == 4_000
        assert AuditEvent.objects.filter(action="money.committed").count() == 1

    def test_another_amount_for_the_same_cause_is_refused(self, part):
        commit(part, 4_000)

        with pytest.raises(OtherAmount, match="1 June 2006 with £4,000 already"):
            commit(part, 5_000)

    @pytest.mark.parametrize("state", ["DRAFT", "SUBMITTED", "COMMENTED", "RESUBMITTED"])
    def test_nothing_is_committed_before_the_plan_is_agreed(self, plan, part, state):
        plan.state = state
        plan.save()

        with pytest.raises(LedgerRefused, match="not agreed yet"):
            commit(part, 1)

    def test_nothing_is_posted_to_a_year_that_is_closed(self, plan, part):
        commit(part, 5)
        plan.state = PlanState.CLOSED
        plan.save()

        for deed in (commit, paid):
            with pytest.raises(LedgerRefused, match="is closed"):
                deed(part, 1, "late")
        assert commit(part, 5).amount == 5  # what was done before is still what was done

    @pytest.mark.parametrize("amount", ["0", "-5", "1.234", "NaN", "Infinity", "10000000000"])
    def test_an_amount_is_pounds_and_pence_above_nothing(self, part, amount):
        with pytest.raises(LedgerRefused, match=r"above £0|whole pence|can hold"):
            commit(part, amount)

    def test_a_cause_has_words(self, part):
        with pytest.raises(LedgerRefused, match="cause"):
            commit(part, 5, "")

    def test_who_may_not_post_is_turned_away(self, plan, part):
        analyst = UserFactory(analyst_of=plan.partnership)

        with pytest.raises(NotPermitted):
            commit(part, 5, by=analyst)

    def test_a_person_is_named_in_the_entry_and_in_the_trail(self, plan, part):
        person = UserFactory(name="Ann Ward", commissioner_of=plan.partnership)

        entry = commit(part, 5, by=person)

        assert Entry.objects.get(pk=entry.pk).maker == "Ann Ward"
        deed = AuditEvent.objects.get(action="money.committed")
        assert (deed.person, deed.organisation) == (person, plan.partnership.organisation)


class TestCommittingALineOverStreams:
    def test_all_parts_or_none(self, plan):
        line = line_of(plan)
        pooled, care = allocated(line, 600), allocated(line, 400, "community-care")

        with pytest.raises(BeyondTheLine, match="Community care"):
            commit_line(
                line=line,
                parts={"pooled-treatment": Decimal(600), "community-care": Decimal(401)},
                cause="contract 1",
                by=BY,
                on=DAY,
            )

        assert sums(pooled)[1] == sums(care)[1] == 0

    def test_done_once_for_one_cause_with_the_same_split(self, plan):
        line = line_of(plan)
        pooled, care = allocated(line, 600), allocated(line, 400, "community-care")

        def asked(**parts):
            parts = {code.replace("_", "-"): Decimal(part) for code, part in parts.items()}
            return commit_line(line=line, parts=parts, cause="contract 1", by=BY, on=DAY)

        first = asked(pooled_treatment=600, community_care=300)

        assert asked(pooled_treatment=600, community_care=300) == first
        with pytest.raises(OtherAmount):
            asked(pooled_treatment=500, community_care=400)
        with pytest.raises(OtherAmount):
            asked(pooled_treatment=600)
        assert (sums(pooled)[1], sums(care)[1]) == (600, 300)

    def test_a_stream_the_line_takes_nothing_from_is_refused(self, part):
        with pytest.raises(LedgerRefused, match="takes nothing from “police”"):
            commit_line(
                line=part.line, parts={"police": Decimal(1)}, cause="contract 1", by=BY, on=DAY
            )


class TestPaying:
    def test_a_payment_releases_as_much_of_the_commitment(self, part):
        commit(part, 4_000)

        paid(part, 1_500)

        assert sums(part) == (10_000, 2_500, 1_500, 6_000)

    def test_it_releases_the_oldest_commitments_first(self, part):
        commit(part, 1_000, "contract 1")
        commit(part, 2_000, "contract 2")

        paid(part, 1_200)

        left = {one.cause: one.left for one in open_commitments(part.line.plan)}
        assert left == {"contract 2": 1_800}

    def test_it_releases_the_one_commitment_it_is_against(self, part):
        commit(part, 1_000, "contract 1")
        commit(part, 2_000, "contract 2")

        paid(part, 1_200, against="contract 2")

        left = {one.cause: one.left for one in open_commitments(part.line.plan)}
        assert left == {"contract 1": 1_000, "contract 2": 800}

    def test_what_was_never_committed_needs_a_reason(self, part):
        commit(part, 1_000)

        with pytest.raises(NeverCommitted, match="£500 was never committed on line 1"):
            paid(part, 1_500)
        paid(part, 1_500, reason="An urgent placement at the weekend.")

        assert sums(part) == (10_000, 0, 1_500, 8_500)

    def test_against_nothing_it_leaves_every_commitment(self, part):
        commit(part, 1_000)

        paid(part, 400, against=OF_NONE, reason="Rent, never committed.")

        assert sums(part) == (10_000, 1_000, 400, 8_600)

    def test_a_payment_is_a_fact_and_may_exceed_the_line(self, part):
        paid(part, 12_000, reason="The bank says so.")

        assert sums(part) == (10_000, 0, 12_000, -2_000)
        with pytest.raises(BeyondTheLine, match="£0 is free"):
            commit(part, 1)

    def test_asked_twice_for_one_cause_it_is_paid_once(self, part):
        commit(part, 4_000)
        first = paid(part, 1_000)

        assert paid(part, 1_000) == first
        assert sums(part) == (10_000, 3_000, 1_000, 6_000)
        with pytest.raises(OtherAmount):
            paid(part, 999)

    def test_nothing_is_paid_before_the_year_begins(self, part):
        with pytest.raises(LedgerRefused, match="31 March 2006 lies before the plan's year"):
            paid(part, 1, on=dt.date(2006, 3, 31), reason="Early.")

    def test_what_came_back_is_paid_with_a_minus(self, part):
        paid(part, 1_000, reason="So.")

        paid(part, 300, "credit note 1", deed=pay_back, reason="Two weeks not used.")

        assert sums(part) == (10_000, 0, 700, 9_300)
        with pytest.raises(LedgerRefused, match="£700 was paid"):
            paid(part, 701, "credit note 2", deed=pay_back, reason="So.")
        with pytest.raises(LedgerRefused, match="why"):
            paid(part, 1, "credit note 2", deed=pay_back, reason=" ")

    def test_an_accrual_cannot_come_back_for_it_never_left(self, part):
        paid(part, 100, reason="So.")
        paid(part, 900, "March", deed=accrue, reason="Not invoiced yet.")

        with pytest.raises(LedgerRefused, match="£100 was paid"):
            paid(part, 101, "credit note 1", deed=pay_back, reason="So.")


class TestReleasing:
    def test_what_is_no_longer_owed_is_free_again(self, part):
        commit(part, 4_000)

        paid(part, 1_000, "end of contract 1", deed=release_funds)
        paid(part, 1_000, "end of contract 1", deed=release_funds)

        assert sums(part) == (10_000, 3_000, 0, 7_000)

    def test_no_more_than_is_committed_and_not_paid(self, part):
        commit(part, 4_000)
        paid(part, 1_000)

        with pytest.raises(LedgerRefused, match="£3,000 is committed and not paid"):
            paid(part, 3_001, "end of contract 1", deed=release_funds)


class TestAccruing:
    def test_an_accrual_settles_and_its_reversal_commits_again(self, part):
        commit(part, 4_000)
        accrual = paid(part, 1_500, "march", deed=accrue)
        assert sums(part) == (10_000, 2_500, 1_500, 6_000)

        first = reverse_accrual(accrual=accrual, by=BY, on=DAY)

        assert reverse_accrual(accrual=accrual, by=BY, on=DAY) == first
        assert sums(part) == (10_000, 4_000, 0, 6_000)
        paid(part, 4_000)
        assert sums(part) == (10_000, 0, 4_000, 6_000)

    def test_only_an_accrual_is_reversed(self, part):
        payment = paid(part, 5, reason="So.")

        with pytest.raises(LedgerRefused):
            reverse_accrual(accrual=payment, by=BY, on=DAY)


class TestAgreeing:
    def agreed(self, plan, cause):
        return post_plan(plan=plan, cause=cause, by=BY, on=DAY)

    def test_what_is_planned_becomes_what_was_agreed(self, plan):
        one, other = allocated(line_of(plan), 0), allocated(line_of(plan), 300)
        type(one).objects.filter(pk=one.pk).update(amount=500)
        type(one).objects.filter(pk=other.pk).update(amount=200)

        made = self.agreed(plan, "amendment 1")

        assert sorted(entry.amount for entry in made) == [-100, 500]
        assert (sums(one)[0], sums(other)[0]) == (500, 200)
        assert self.agreed(plan, "amendment 1") == made

    def test_nothing_is_posted_where_nothing_changed(self, plan, part):
        assert self.agreed(plan, "agreed again") == []

    def test_the_same_cause_with_other_amounts_is_refused(self, plan, part):
        type(part).objects.update(amount=11_000)
        self.agreed(plan, "amendment 1")
        type(part).objects.update(amount=12_000)

        with pytest.raises(OtherAmount):
            self.agreed(plan, "amendment 1")

    def test_a_line_keeps_what_is_committed_or_paid_of_it(self, plan, part):
        commit(part, 4_000)
        paid(part, 1_000)
        type(part).objects.update(amount=3_999)

        with pytest.raises(LedgerRefused) as refused:
            self.agreed(plan, "amendment 1")

        assert str(refused.value) == (
            "Line 1. Community prescribing, Pooled treatment would have £3,999, and £4,000 of it"
            " is committed or paid. Plan at least that much."
        )

    def test_who_may_not_agree_plans_posts_none(self, plan, part):
        with pytest.raises(NotPermitted):
            post_plan(plan=plan, cause="own", by=UserFactory(lead_of=plan.partnership), on=DAY)


def test_the_money_of_a_plan_is_read_in_one_statement(plan, django_assert_num_queries):
    line = line_of(plan)
    allocated(line, 600), allocated(line, 400, "community-care")
    commit(allocated(line_of(plan), 1_000), 250)

    with django_assert_num_queries(1):
        rows = money_of_plan(plan)
        told = [(str(one.line), str(one.stream), one.headroom) for one in rows]

    assert told == [
        ("1. Community prescribing", "Pooled treatment", 600),
        ("1. Community prescribing", "Community care", 400),
        ("2. Community prescribing", "Pooled treatment", 750),
    ]
    total = totalled(rows)
    assert (total.planned, total.committed, total.headroom) == (2_000, 250, 1_750)


def test_a_release_has_the_cause_of_its_payment(part):
    commit(part, 10)
    paid(part, 10)

    release = Entry.objects.get(kind=EntryKind.RELEASE)
    assert (release.cause, release.commitment.cause) == ("invoice 1", "contract 1")
