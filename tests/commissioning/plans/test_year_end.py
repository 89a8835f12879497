"""What is left of a stream goes into the next year, once."""

from decimal import Decimal

import pytest

from commissioning.choices import FundingStanding, PlanKind
from commissioning.kernel.errors import NotPermitted
from commissioning.models import AuditEvent, CarriedForward, Funding, Plan, PlanMember
from commissioning.scoping import System
from commissioning.services.ledger import LedgerRefused, carry_forward, commit_funds, pay
from commissioning.services.ledger.year_end import paid_by_stream
from commissioning.services.plans.funding import FundingRefused, FundingRow, save_funding
from commissioning.services.plans.versions import freeze_version, restore_version
from tests.factories.commissioning import PartnershipFactory, UserFactory
from tests.factories.ledger import DAY, allocated, line_of, plan_of, stream

pytestmark = pytest.mark.django_db
BY = System("a test")


@pytest.fixture
def plan():
    plan = plan_of()
    for code, amount in (("pooled-treatment", 10_000), ("police", 500)):
        fund(plan, code, amount)
    return plan


def fund(plan, code, amount, year=2006):
    return Funding.objects.create(
        partnership=plan.partnership, year=year, stream=stream(code), amount=amount
    )


def spend(part, amount):
    pay(allocation=part, amount=Decimal(amount), cause=f"i{amount}", by=BY, on=DAY, reason="So.")


def close(plan):
    Plan.objects.filter(pk=plan.pk).update(state="CLOSED")
    return carry_forward(plan=plan, by=BY, on=DAY)


def next_year(plan):
    return Funding.objects.filter(partnership=plan.partnership, year=2007)


def test_what_was_had_and_not_paid_becomes_funding_of_the_next_year(plan):
    spend(allocated(line_of(plan), 9_000), 7_000)

    carried = close(plan)

    assert {one.stream_id: one.amount for one in carried} == {
        "pooled-treatment": 3_000,
        "police": 500,
    }
    made = next_year(plan).get()
    assert (made.stream_id, made.amount, made.standing) == ("carried-forward", 3_500, "CONFIRMED")
    assert made.note == "Left of 2006/07: £3,000 of Pooled treatment and £500 of Police."


def test_closed_again_it_is_carried_once(plan):
    first = close(plan)
    next_year(plan).update(amount=1)  # somebody corrected it since

    assert carry_forward(plan=plan, by=BY, on=DAY) == first
    assert next_year(plan).get().amount == 1


def test_what_was_expected_gives_way_and_is_kept_in_the_trail(plan):
    fund(plan, "carried-forward", 8_000, year=2007)

    close(plan)

    assert next_year(plan).get().amount == 10_500
    deed = AuditEvent.objects.get(action="funding.carried_forward")
    assert deed.details["expected"] == "8000.00"


def test_a_stream_that_was_overspent_carries_nothing_and_takes_from_no_other(plan):
    spend(allocated(line_of(plan), 9_000), 10_001)

    assert [(one.stream_id, one.amount) for one in close(plan)] == [("police", 500)]


class TestCarriedIntoAPlanThatIsThere:
    """What the end of a year gave is not the next plan's to change, nor an amendment's to lose."""

    @pytest.fixture
    def following(self, plan):
        made = plan_of(partnership=plan.partnership, year=2007, state="DRAFT")
        fund(made, "police", 200, year=2007)
        return made

    def test_a_plan_that_goes_back_to_an_older_version_keeps_it(self, plan, following):
        version = freeze_version(plan=following, reason="AGREED", by=BY)
        close(plan)
        Funding.objects.filter(year=2007, stream="police").update(amount=900)

        restore_version(plan=following, version=version)

        now = dict(next_year(plan).values_list("stream", "amount"))
        assert now == {"police": 200, "carried-forward": 10_500}

    def test_nor_does_an_older_estimate_come_back(self, plan, following):
        fund(following, "carried-forward", 8_000, year=2007)
        version = freeze_version(plan=following, reason="AGREED", by=BY)
        close(plan)

        restore_version(plan=following, version=version)

        assert next_year(plan).get(stream="carried-forward").amount == 10_500

    def test_its_amount_is_stated_by_nobody_and_who_holds_it_is(self, plan, following):
        close(plan)
        lead = UserFactory(lead_of=plan.partnership)

        def state(**words):
            row = FundingRow("carried-forward", **words)
            save_funding(plan=following, rows=[row], by=lead)

        for words in (
            {"amount": Decimal(12_000), "standing": "CONFIRMED"},
            {"amount": Decimal(10_500), "standing": "EXPECTED"},
            {"amount": None},
        ):
            with pytest.raises(FundingRefused, match="was closed with £10,500 left, confirmed"):
                state(**words)
        state(amount=Decimal(10_500), standing=FundingStanding.CONFIRMED, held_by="The PCT")
        assert next_year(plan).get(stream="carried-forward").held_by == "The PCT"


def test_where_nothing_is_left_nothing_is_carried():
    plan = plan_of()

    assert close(plan) == []
    assert not next_year(plan).exists()


def test_what_was_committed_and_not_paid_is_released(plan):
    part = allocated(line_of(plan), 9_000)
    commit_funds(allocation=part, amount=Decimal(4_000), cause="c", by=BY, on=DAY)

    close(plan)

    part.refresh_from_db()
    assert (part.committed, part.headroom) == (0, 9_000)


def test_a_plan_that_is_open_carries_nothing(plan):
    with pytest.raises(LedgerRefused, match="is not closed"):
        carry_forward(plan=plan, by=BY, on=DAY)


def test_who_may_not_close_may_not_carry(plan):
    Plan.objects.update(state="CLOSED")

    with pytest.raises(NotPermitted):
        carry_forward(plan=plan, by=UserFactory(analyst_of=plan.partnership), on=DAY)


class TestJointPlans:
    @pytest.fixture
    def other(self):
        return PartnershipFactory()

    @pytest.fixture
    def joint(self, plan, other):
        joint = plan_of(plan.partnership, kind=PlanKind.JOINT, slug="FY2006-j", name="Tier 4")
        for partnership, share in ((plan.partnership, "66.667"), (other, "33.333")):
            PlanMember.objects.create(plan=joint, partnership=partnership, share=share)
        spend(allocated(line_of(joint), 1_000), 100)
        return joint

    def test_each_member_paid_its_part_to_the_penny(self, plan, joint, other):
        parts = [paid_by_stream(one, 2006) for one in (plan.partnership, other)]

        assert [one["pooled-treatment"] for one in parts] == [
            Decimal("66.67"),
            Decimal("33.33"),
        ]

    def test_a_year_is_carried_when_the_last_of_its_plans_is_closed(self, plan, joint):
        assert close(plan) == []

        carried = close(joint)

        assert {one.stream_id: one.amount for one in carried} == {
            "pooled-treatment": Decimal("9933.33"),
            "police": 500,
        }
        assert CarriedForward.objects.count() == 2
