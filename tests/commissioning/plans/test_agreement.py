"""A plan from draft to closed: who may do what in which state, and what follows from it."""

import datetime as dt
from decimal import Decimal

import pytest

from commissioning.choices import (
    PLAN_TRANSITIONS,
    AmendmentState,
    EntryKind,
    PlanSection,
    PlanState,
)
from commissioning.kernel.errors import DomainError, NotPermitted, TransitionRefused
from commissioning.models import Entry, Notice, Plan
from commissioning.services.plans import agreement, amending, commenting
from commissioning.services.plans.agreement import NotReady
from commissioning.services.plans.editing import ChangedMeanwhile
from tests.commissioning.plans.written import written_plan

pytestmark = pytest.mark.django_db
DURING, AFTER = dt.date(2006, 10, 1), dt.date(2007, 4, 1)


@pytest.fixture(autouse=True)
def checks_hold(monkeypatch):
    """The checks are another page's; here a plan passes them unless a test says otherwise."""
    monkeypatch.setattr(agreement, "blocking_checks", lambda _: [])


def submit(made, plan):
    return agreement.submit_plan(plan=plan, by=made.lead, on=DURING)


def resubmit(made, plan):
    return agreement.resubmit_plan(plan=plan, by=made.lead, on=DURING)


def give_back(made, plan):
    return agreement.return_plan(plan=plan, by=made.reviewer, on=DURING, comment="Say more.")


def agree(made, plan):
    return agreement.agree_plan(plan=plan, by=made.reviewer, on=DURING)


def monitor(made, plan):
    return agreement.begin_monitoring(plan=plan, by=made.reviewer, on=DURING)


def close(made, plan):
    return agreement.close_plan(plan=plan, by=made.reviewer, on=AFTER)


DEEDS = {
    PlanState.SUBMITTED: submit,
    PlanState.COMMENTED: give_back,
    PlanState.RESUBMITTED: resubmit,
    PlanState.AGREED: agree,
    PlanState.MONITORED: monitor,
    PlanState.CLOSED: close,
}


@pytest.mark.parametrize("to", DEEDS)
@pytest.mark.parametrize("state", PlanState)
def test_the_table_says_what_may_follow_what(state, to):
    made = written_plan(state=state)

    if to in PLAN_TRANSITIONS[state]:
        assert DEEDS[to](made, made.plan).state == to
        assert Plan.objects.get(pk=made.plan.pk).state == to
    else:
        with pytest.raises(TransitionRefused, match=f"is “{state.label.lower()}”"):
            DEEDS[to](made, made.plan)


@pytest.mark.parametrize(
    ("to", "who"),
    [
        (PlanState.SUBMITTED, "reviewer"),
        (PlanState.SUBMITTED, "commissioner"),
        (PlanState.COMMENTED, "lead"),
        (PlanState.AGREED, "lead"),
        (PlanState.MONITORED, "lead"),
        (PlanState.CLOSED, "commissioner"),
    ],
)
def test_each_deed_is_of_one_side_only(to, who):
    before = next(state for state, after in PLAN_TRANSITIONS.items() if to in after)
    made = written_plan(state=before)
    made.lead = made.reviewer = getattr(made, who)

    with pytest.raises(NotPermitted):
        DEEDS[to](made, made.plan)


def test_a_plan_is_not_sent_while_a_check_fails(monkeypatch):
    made = written_plan()
    monkeypatch.setattr(agreement, "blocking_checks", lambda _: ["one", "two"])

    with pytest.raises(NotReady, match="2 checks do not hold yet"):
        submit(made, made.plan)
    assert made.plan.versions.count() == 0


def test_what_is_sent_is_frozen_and_the_region_is_told():
    made = written_plan()

    submit(made, made.plan)

    assert [(one.number, one.reason) for one in made.plan.versions.all()] == [(1, "SUBMITTED")]
    told = Notice.objects.all()
    assert {one.person for one in told} == {made.reviewer, made.colleague}
    assert "is submitted: comment on it or agree it" in told[0].sentence


def test_a_plan_that_changed_since_it_was_looked_at_is_not_sent():
    made = written_plan()

    with pytest.raises(ChangedMeanwhile):
        agreement.submit_plan(plan=made.plan, by=made.lead, on=DURING, revision=99)


def test_nothing_is_returned_without_a_word():
    made = written_plan(state=PlanState.SUBMITTED)

    with pytest.raises(NotReady, match="Say what is to be changed"):
        agreement.return_plan(plan=made.plan, by=made.reviewer, on=DURING)


def test_a_condition_is_answered_before_the_plan_comes_again_and_settled_before_it_is_agreed():
    made = written_plan(state=PlanState.SUBMITTED)
    line = made.plan.lines.get(number=2)
    comment = commenting.add_comment(
        plan=made.plan,
        section=PlanSection.SUMMARY,
        line=line,
        text="Show the pathway.",
        is_condition=True,
        by=made.reviewer,
    )
    assert (comment.section, comment.line_number) == ("LINES", 2)
    with pytest.raises(NotReady, match="1 condition is not settled"):
        agree(made, made.plan)
    plan = agreement.return_plan(plan=made.plan, by=made.reviewer, on=DURING)

    with pytest.raises(NotReady, match="1 condition is not answered"):
        resubmit(made, plan)
    with pytest.raises(commenting.CommentRefused, match="has to answer a condition"):
        commenting.settle_comment(comment=comment, by=made.reviewer, on=DURING)
    commenting.answer_comment(
        comment=comment, answer="It is in line 2.", by=made.commissioner, on=DURING
    )
    plan = resubmit(made, plan)
    with pytest.raises(NotReady, match="not settled"):
        agree(made, plan)
    commenting.settle_comment(comment=comment, by=made.colleague, on=DURING)

    assert agree(made, plan).state == PlanState.AGREED


def test_agreeing_posts_what_is_allocated_once():
    made = written_plan(state=PlanState.SUBMITTED)

    agree(made, made.plan)

    entries = Entry.objects.filter(allocation__line__plan=made.plan)
    assert {one.kind for one in entries} == {EntryKind.ALLOCATION}
    assert sum(one.amount for one in entries) == Decimal("120000.50")


def test_monitoring_does_not_begin_before_the_year_nor_end_within_it():
    made = written_plan(state=PlanState.AGREED)
    with pytest.raises(NotReady, match="begins on 1 April 2006"):
        agreement.begin_monitoring(plan=made.plan, by=made.reviewer, on=dt.date(2006, 3, 31))
    plan = monitor(made, made.plan)

    with pytest.raises(NotReady, match="ends on 31 March 2007"):
        agreement.close_plan(plan=plan, by=made.reviewer, on=DURING)


def test_of_two_reviewers_the_second_is_told_what_the_first_did():
    made = written_plan(state=PlanState.SUBMITTED)
    seen = Plan.objects.get(pk=made.plan.pk)
    give_back(made, made.plan)

    with pytest.raises(TransitionRefused, match="“returned with comments”: you cannot agree it"):
        agreement.agree_plan(plan=seen, by=made.colleague, on=DURING, revision=seen.revision)


class TestComments:
    def test_only_reviewers_make_them(self):
        made = written_plan(state=PlanState.SUBMITTED)

        with pytest.raises(NotPermitted):
            commenting.add_comment(
                plan=made.plan, section=PlanSection.MONEY, text="Why?", by=made.lead
            )

    def test_only_the_partnership_answers_and_only_reviewers_settle(self):
        made = written_plan(state=PlanState.SUBMITTED)
        comment = commenting.add_comment(
            plan=made.plan, section=PlanSection.MONEY, text="Why?", by=made.reviewer
        )

        with pytest.raises(NotPermitted):
            commenting.answer_comment(comment=comment, answer="So.", by=made.reviewer, on=DURING)
        with pytest.raises(NotPermitted):
            commenting.settle_comment(comment=comment, by=made.lead, on=DURING)

    @pytest.mark.parametrize("state", [PlanState.DRAFT, PlanState.CLOSED])
    def test_none_are_made_on_what_is_being_written_or_closed(self, state):
        made = written_plan(state=state)

        with pytest.raises(commenting.CommentRefused):
            commenting.add_comment(
                plan=made.plan, section=PlanSection.MONEY, text="Why?", by=made.reviewer
            )

    def test_what_one_reviewer_settled_another_does_not_settle_again(self):
        made = written_plan(state=PlanState.SUBMITTED)
        comment = commenting.add_comment(
            plan=made.plan, section=PlanSection.MONEY, text="Why?", by=made.reviewer
        )
        commenting.settle_comment(comment=comment, by=made.reviewer, on=DURING)

        with pytest.raises(commenting.CommentRefused, match="Rae Moss has settled"):
            commenting.settle_comment(comment=comment, by=made.colleague, on=DURING)
        with pytest.raises(commenting.CommentRefused, match="Rae Moss has settled"):
            commenting.answer_comment(comment=comment, answer="So.", by=made.lead, on=DURING)


class TestAmendments:
    @pytest.fixture
    def made(self):
        made = written_plan(state=PlanState.SUBMITTED)
        made.plan = agree(made, made.plan)
        return made

    def open(self, made):
        return amending.open_amendment(
            plan=made.plan, reason="A clinic opens late.", by=made.commissioner
        )

    def take(self, made, number, amount):
        """Plan another amount for the pooled part of a line."""
        line = made.plan.lines.get(number=number)
        line.allocations.filter(stream="ptb").update(amount=amount)
        made.plan.lines.filter(number=number).update(plain_sum=amount, cost=amount)

    def test_only_an_agreed_plan_is_amended(self):
        with pytest.raises(TransitionRefused, match="only an agreed plan is amended"):
            self.open(written_plan())

    def test_one_is_in_hand_at_a_time(self, made):
        self.open(made)

        with pytest.raises(TransitionRefused, match="in hand already"):
            self.open(made)

    def test_agreed_it_is_the_next_version_and_the_ledger_gets_the_difference(self, made):
        amendment = self.open(made)
        self.take(made, 1, "50000.00")
        amendment = amending.submit_amendment(amendment=amendment, by=made.lead, on=DURING)

        amending.agree_amendment(amendment=amendment, by=made.reviewer, on=DURING)

        assert made.plan.versions.latest("number").reason == "VARIED"
        last = Entry.objects.filter(allocation__line__plan=made.plan).latest("pk")
        assert (last.kind, last.amount) == (EntryKind.ALLOCATION, Decimal("-10000.00"))

    def test_a_line_keeps_what_is_promised_of_it(self, made):
        amendment = self.open(made)
        self.take(made, 1, "50000.00")
        amendment = amending.submit_amendment(amendment=amendment, by=made.lead, on=DURING)
        part = made.plan.lines.get(number=1).allocations.get()
        Entry.objects.create(
            allocation=part,
            kind=EntryKind.COMMITMENT,
            amount=Decimal("55000.00"),
            cause="contract:1",
            on=DURING,
            made_by=made.lead,
        )

        with pytest.raises(DomainError, match=r"(?i)prescribing.* £55,000"):
            amending.agree_amendment(amendment=amendment, by=made.reviewer, on=DURING)
        assert made.plan.versions.latest("number").reason == "AGREED"

    def test_it_is_not_sent_with_less_than_is_promised_since_it_could_not_be_agreed(self, made):
        Entry.objects.create(
            allocation=made.plan.lines.get(number=1).allocations.get(),
            kind=EntryKind.COMMITMENT,
            amount=Decimal("55000.00"),
            cause="contract:1",
            on=DURING,
            made_by=made.lead,
        )
        amendment = self.open(made)
        self.take(made, 1, "54999.99")

        with pytest.raises(DomainError, match=r"would have £54,999.99, and £55,000 of it is"):
            amending.submit_amendment(amendment=amendment, by=made.lead, on=DURING)
        self.take(made, 1, "55000.00")
        amending.submit_amendment(amendment=amendment, by=made.lead, on=DURING)

    @pytest.mark.parametrize("how", ["withdrawn", "refused"])
    def test_given_up_the_plan_says_again_what_was_agreed(self, made, how):
        amendment = self.open(made)
        self.take(made, 1, "50000.00")
        made.plan.lines.filter(number=2).update(name="Something else")

        if how == "withdrawn":
            amending.withdraw_amendment(amendment=amendment, by=made.commissioner)
        else:
            amendment = amending.submit_amendment(amendment=amendment, by=made.lead, on=DURING)
            amending.refuse_amendment(
                amendment=amendment, by=made.reviewer, on=DURING, decision="Not now."
            )

        first, second = made.plan.lines.order_by("number")
        assert first.allocations.get().amount == first.cost == Decimal("60000.00")
        assert second.name == "Rehabilitation"
        assert self.open(made).number == 2

    def test_given_up_it_keeps_the_money_that_was_moved_meanwhile(self, made):
        amendment = self.open(made)
        for number, amount in ((1, "-500.00"), (2, "500.00")):
            part = made.plan.lines.get(number=number).allocations.get(stream="ptb")
            Entry.objects.create(
                allocation=part,
                kind=EntryKind.VIREMENT,
                amount=Decimal(amount),
                cause="virement:1",
                reason="A quiet year.",
                on=DURING,
                made_by=made.lead,
            )

        amending.withdraw_amendment(amendment=amendment, by=made.commissioner)

        amounts = [
            line.allocations.get(stream="ptb").amount
            for line in made.plan.lines.order_by("number")
        ]
        assert amounts == [Decimal("59500.00"), Decimal("40500.00")]

    def test_returned_it_can_be_changed_and_sent_again(self, made):
        amendment = amending.submit_amendment(amendment=self.open(made), by=made.lead, on=DURING)
        with pytest.raises(NotReady, match="Say what is to be changed"):
            amending.return_amendment(amendment=amendment, by=made.reviewer, on=DURING)
        amendment = amending.return_amendment(
            amendment=amendment, by=made.reviewer, on=DURING, decision="Say which clinic."
        )

        assert amendment.state == AmendmentState.OPEN
        assert (
            amending.submit_amendment(amendment=amendment, by=made.lead, on=DURING).state
            == AmendmentState.SUBMITTED
        )

    def test_a_plan_with_one_in_hand_is_not_closed(self, made):
        plan = monitor(made, made.plan)
        self.open(made)

        with pytest.raises(NotReady, match="An amendment is in hand"):
            close(made, plan)
