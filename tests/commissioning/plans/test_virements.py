"""One person asks to move money, another approves it within a limit."""

from decimal import Decimal

import pytest
from django.urls import reverse

from commissioning.kernel.errors import NotPermitted, TransitionRefused
from commissioning.models import AuditEvent, Entry, InterventionType, Notice, Plan, Tier
from commissioning.roles import Permission
from commissioning.scoping import System
from commissioning.selectors.plans.ledger import approves_up_to, virements_waiting_for
from commissioning.services.ledger import (
    BeyondTheLine,
    LedgerRefused,
    OtherAmount,
    ask_for_virement,
    commit_funds,
    decide_virement,
)
from commissioning.services.plans.versions import freeze_version
from tests.factories.commissioning import MembershipFactory, UserFactory
from tests.factories.ledger import DAY, allocated, line_of, plan_of, stream

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan():
    return plan_of()


@pytest.fixture
def source(plan):
    return allocated(line_of(plan), 10_000)


@pytest.fixture
def target(plan):
    return line_of(plan, "Needle exchange")


@pytest.fixture
def asker(plan):
    return UserFactory(name="Ann Ward", commissioner_of=plan.partnership)


@pytest.fixture
def lead(plan):
    return UserFactory(name="Bo Lee", lead_of=plan.partnership)


def approver_up_to(plan, limit):
    place = plan.partnership.organisation
    held = MembershipFactory(organisation=place, role="FINANCE_APPROVER", approval_limit=limit)
    return held.user


def ask(source, target, by, amount=1_000, **words):
    given = {"reason": "Fewer places than planned.", "cause": "form 1", "on": DAY}
    return ask_for_virement(
        source=source, target=target, amount=Decimal(amount), by=by, **given | words
    )


def decide(virement, by, approve=True, **words):
    return decide_virement(virement=virement, approve=approve, by=by, on=DAY, **words)


def planned(plan):
    rows = plan.lines.values_list("name", "allocations__planned", "allocations__amount")
    return {name: (planned, amount) for name, planned, amount in rows}


def test_nothing_moves_until_another_person_approves(plan, source, target, asker, lead):
    virement = ask(source, target, asker)
    assert planned(plan)["Needle exchange"] == (0, 0)

    decide(virement, lead)

    assert planned(plan) == {
        "Community prescribing": (9_000, 9_000),
        "Needle exchange": (1_000, 1_000),
    }
    entries = Entry.objects.filter(kind="VIREMENT").order_by("amount")
    assert [(one.amount, one.cause, one.reason) for one in entries] == [
        (-1_000, f"virement:{virement.pk}", "Fewer places than planned."),
        (1_000, f"virement:{virement.pk}", "Fewer places than planned."),
    ]
    assert set(
        AuditEvent.objects.filter(action__startswith="virement.").values_list("action", "person")
    ) == {("virement.asked", asker.pk), ("virement.approved", lead.pk)}


def test_a_grid_that_is_open_elsewhere_is_told_of_it(plan, source, target, asker, lead):
    decide(ask(source, target, asker), lead)

    assert Plan.objects.get(pk=plan.pk).revision == plan.revision + 1


def test_who_asked_does_not_approve(source, target, lead):
    virement = ask(source, target, lead)

    with pytest.raises(LedgerRefused, match="another person approves"):
        decide(virement, lead)


def test_who_may_not_approve_is_turned_away(plan, source, target, asker):
    virement = ask(source, target, asker)

    with pytest.raises(NotPermitted):
        decide(virement, UserFactory(commissioner_of=plan.partnership))


def test_a_finance_approver_approves_up_to_a_limit(plan, source, target, asker):
    virement = ask(source, target, asker)

    with pytest.raises(LedgerRefused, match=r"up to £999\.99, and this moves £1,000"):
        decide(virement, approver_up_to(plan, Decimal("999.99")))
    assert decide(virement, approver_up_to(plan, 1_000)).state == "APPROVED"


def test_an_approver_without_a_limit_approves_nothing(plan, source, target, asker):
    with pytest.raises(LedgerRefused, match="up to £0"):
        decide(ask(source, target, asker), approver_up_to(plan, None))


def test_what_is_committed_cannot_be_taken(source, target, asker, lead):
    virement = ask(source, target, asker)
    commit_funds(
        allocation=source, amount=Decimal("9000.01"), cause="c", by=System("a test"), on=DAY
    )

    with pytest.raises(BeyondTheLine) as refused:
        decide(virement, lead)

    assert str(refused.value) == (
        "£1,000 was to be moved, and £999.99 is free on line 1. Community prescribing, Pooled"
        " treatment: what is committed or paid stays."
    )
    with pytest.raises(BeyondTheLine):
        ask(source, target, asker, cause="form 2")


def test_a_refusal_says_why_and_moves_nothing(plan, source, target, asker, lead):
    virement = ask(source, target, asker)

    with pytest.raises(LedgerRefused, match="why"):
        decide(virement, lead, approve=False)
    decide(virement, lead, approve=False, decision="Wait for June's figures.")

    assert planned(plan)["Community prescribing"] == (10_000, 10_000)
    with pytest.raises(TransitionRefused, match="Bo Lee decided this virement on"):
        decide(virement, approver_up_to(plan, 5_000))


def test_decided_twice_alike_it_moves_once(plan, source, target, asker, lead):
    virement = ask(source, target, asker)

    decide(virement, lead)
    decide(virement, lead)

    assert planned(plan)["Needle exchange"] == (1_000, 1_000)


def test_asked_twice_for_one_cause_it_is_asked_once(source, target, asker):
    assert ask(source, target, asker) == ask(source, target, asker)
    with pytest.raises(OtherAmount):
        ask(source, target, asker, amount=5)


@pytest.mark.parametrize("state", ["DRAFT", "CLOSED"])
def test_only_in_a_plan_that_is_agreed_and_open(plan, source, target, asker, state):
    Plan.objects.update(state=state)

    with pytest.raises(LedgerRefused):
        ask(source, target, asker)


def test_neither_to_itself_nor_to_another_plan_nor_without_reason(plan, source, target, asker):
    with pytest.raises(LedgerRefused, match="another line"):
        ask(source, source.line, asker)
    with pytest.raises(LedgerRefused, match="one plan"):
        ask(source, line_of(plan_of(plan.partnership, year=2007)), asker)
    with pytest.raises(LedgerRefused, match="why"):
        ask(source, target, asker, reason="  ")


def test_a_ring_fence_goes_with_the_money(plan, target, asker):
    stream("community-care", pays_only=["residential-rehabilitation"], rule="Residential only.")
    care = allocated(line_of(plan, "Rehabilitation"), 500, "community-care")
    tier = Tier.objects.create(
        number=4, name="", definition="", settings="", competence="", source=""
    )
    kind = InterventionType.objects.create(
        code="residential-rehabilitation",
        name="",
        normal_tier=tier,
        is_structured=True,
        position=1,
    )

    with pytest.raises(LedgerRefused, match=r"cannot pay for line 1\. Needle exchange\. Resid"):
        ask(care, target, asker)
    ask(care, line_of(plan, "Another house", intervention=kind), asker, amount=100)


def test_what_an_amendment_in_hand_no_longer_leaves_is_not_moved(
    plan, source, target, asker, lead
):
    virement = ask(source, target, asker)
    type(source).objects.filter(pk=source.pk).update(amount=10)

    with pytest.raises(LedgerRefused, match="amendment in hand leaves £10"):
        decide(virement, lead)


def test_work_lists_hold_what_a_person_may_decide(plan, source, target, asker, lead):
    virement = ask(source, target, asker)
    stranger = UserFactory(lead_of=plan_of().partnership)
    small, large = approver_up_to(plan, 999), approver_up_to(plan, 1_000)

    def waits_for(person):
        reach = person.reach(Permission.MONEY_APPROVE)
        return virements_waiting_for(reach, person=person)

    assert waits_for(lead) == waits_for(large) == [virement]
    assert waits_for(asker) == waits_for(stranger) == waits_for(small) == []
    assert virements_waiting_for(small.reach(Permission.MONEY_APPROVE)) == [virement]
    assert approves_up_to(small, plan.partnership) == 999
    assert approves_up_to(asker, plan.partnership) is None


class TestNotices:
    """People are told of what waits for them and of what became of what they asked."""

    def told(self, person):
        return [one.sentence for one in Notice.objects.for_person(person)]

    def test_those_whose_limit_covers_it_are_told_that_it_waits(
        self, plan, source, target, asker, lead
    ):
        small, large = approver_up_to(plan, 999), approver_up_to(plan, 1_000)
        elsewhere = approver_up_to(plan_of(), 1_000)

        virement = ask(source, target, asker)
        ask(source, target, asker)

        said = f"Ann Ward asks you to approve a virement of £1,000 from line 1 to line 2, {plan}"
        assert self.told(lead) == self.told(large) == [said]
        assert self.told(small) == self.told(elsewhere) == self.told(asker) == []
        link = Notice.objects.for_person(lead).get().link
        assert link == f"/partnership/{plan.partnership.code}/plan/FY2006/virements/{virement.pk}/"

    def test_who_asks_and_approves_elsewhere_is_not_asked_to_approve_it(
        self, source, target, lead
    ):
        ask(source, target, lead)

        assert self.told(lead) == []

    def test_who_asked_is_told_when_it_is_approved(self, source, target, asker, lead):
        virement = ask(source, target, asker)

        decide(virement, lead)
        decide(virement, lead)

        assert self.told(asker) == [
            "Bo Lee approved your virement of £1,000 from line 1 to line 2"
        ]

    def test_who_asked_is_told_why_it_is_refused(self, source, target, asker, lead):
        decide(ask(source, target, asker), lead, approve=False, decision="Wait for June.")

        assert self.told(asker) == [
            "Bo Lee refused your virement of £1,000 from line 1 to line 2: Wait for June."
        ]

    def test_a_refused_approval_tells_nobody(self, plan, source, target, asker):
        virement = ask(source, target, asker)

        with pytest.raises(LedgerRefused):
            decide(virement, approver_up_to(plan, 1))

        assert self.told(asker) == []


class TestWhatTheLinesSay:
    """A virement moves what streams pay at once; what a line costs waits for an amendment."""

    @pytest.fixture
    def moved(self, plan, source, target, asker, lead):
        freeze_version(plan=plan, reason="AGREED", by=System("a test"))
        virement = ask(source, target, asker)
        return decide_virement(virement=virement, approve=True, by=lead, on=DAY)

    def page(self, client, plan, name, *more):
        where = reverse(f"commissioning:{name}", args=[plan.partnership.code, plan.slug, *more])
        return client.get(where).content.decode()

    def test_the_page_of_each_line_tells_which_virement_moved_what(
        self, client, plan, moved, lead
    ):
        client.force_login(lead)
        where = reverse(
            "commissioning:plan-virement", args=[plan.partnership.code, plan.slug, moved.pk]
        )
        by = f"by virement {moved.pk}, after the plan was agreed</a>."

        for number, said in ((1, "£1,000 moved out"), (2, "£1,000 moved in")):
            page = self.page(client, plan, "plan-line", number)
            assert f'href="{where}">{said} {by}' in page
            assert "The cost of the line is the one that was agreed" in page

    def test_the_grid_tells_it_beside_the_line(self, client, plan, moved, lead):
        client.force_login(lead)

        page = self.page(client, plan, "plan-lines")

        by = f"by virement {moved.pk}, after the plan was agreed"
        assert page.index(f"£1,000 moved out {by}") < page.index(f"£1,000 moved in {by}")

    def test_what_is_asked_for_only_moved_nothing(self, client, plan, moved, lead):
        type(moved).objects.update(state="ASKED", decided_by=None, decided_at=None, decision="")
        client.force_login(lead)

        assert "by virement" not in self.page(client, plan, "plan-lines")

    def test_what_an_amendment_agreed_since_is_no_longer_told(self, client, plan, moved, lead):
        freeze_version(plan=plan, reason="VARIED", by=System("a test"))
        client.force_login(lead)

        assert "by virement" not in self.page(client, plan, "plan-line", 2)
        assert "by virement" not in self.page(client, plan, "plan-lines")
