"""The checks of a plan: each is kept by a sound plan and broken by what it is about."""

import datetime as dt
from decimal import Decimal

import pytest

from commissioning.checks import IN_FORCE, CheckState
from commissioning.choices import PlanKind
from commissioning.models import (
    Allocation,
    CapacityNeed,
    Coverage,
    Declaration,
    Evidence,
    Funding,
    GridRow,
    Line,
    Plan,
    PlanDocument,
    PlanMember,
    Target,
)
from commissioning.selectors.plans.checking import blocking_checks, checks_of, still_to_do
from tests.commissioning.plans.sound import line, share_in_a_joint_plan, sound_plan, stream
from tests.factories.plans import LineFactory, PlanFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan():
    return sound_plan()


def state_of(plan, code):
    return result_of(plan, code).state


def result_of(plan, code):
    return next(one for one in checks_of(Plan.objects.get(pk=plan.pk)) if one.code == code)


def lines(plan, **having):
    return Line.objects.filter(plan=plan, **having)


def rehabilitation(plan):
    return lines(plan, intervention="residential-rehabilitation")


def forget(code):
    return lambda plan: Declaration.objects.filter(plan=plan, check_code=code).delete()


def unset(indicator):
    return lambda plan: Target.objects.filter(plan=plan, indicator=indicator).delete()


def unstated(item):
    return lambda plan: Coverage.objects.filter(plan=plan, item=item).delete()


def only_community_care(plan):
    care = stream("community-care")
    Allocation.objects.filter(line__in=rehabilitation(plan)).delete()
    for one in rehabilitation(plan):
        Allocation.objects.create(line=one, stream=care, amount=1000)


def no_abstinence(plan):
    lines(
        plan,
        intervention__in=["abstinence-support", "therapeutic-community"],
    ).delete()
    rehabilitation(plan).delete()
    Coverage.objects.filter(plan=plan, item="T2-07").update(state="MISSING", reason="No money")


FAILS, NEEDS_REASON = CheckState.FAILS, CheckState.NEEDS_REASON
# check: how a sound plan is broken, and how it stands to the check then.
BREAKING = {
    "summary": (lambda plan: Plan.objects.filter(pk=plan.pk).update(summary=" "), FAILS),
    "linked-documents": (
        lambda plan: PlanDocument.objects.filter(plan=plan, role="WORKFORCE").delete(),
        NEEDS_REASON,
    ),
    "priorities": (lambda plan: GridRow.objects.filter(plan=plan).delete(), NEEDS_REASON),
    "numbers-set": (unset("in-treatment"), FAILS),
    "retention-set": (unset("retained"), FAILS),
    "exits-set": (
        lambda plan: Target.objects.filter(plan=plan, indicator="planned-exits").update(
            trajectory=[Decimal(1), None, None, None]
        ),
        FAILS,
    ),
    "delivery-plan": (
        lambda plan: Target.objects.filter(plan=plan, indicator="retained").update(source="LOCAL"),
        NEEDS_REASON,
    ),
    "targets-ahead": (
        lambda plan: Target.objects.filter(plan=plan, indicator="in-treatment").update(
            baseline=1_560, target=868
        ),
        NEEDS_REASON,
    ),
    "tier-1-list": (unstated("T1-01"), FAILS),
    "tier-2-list": (
        lambda plan: Coverage.objects.filter(plan=plan, item="T2-01").update(state="WEAK"),
        FAILS,
    ),
    "tier-3-range": (
        lambda plan: Coverage.objects.filter(plan=plan, item="T3-01").update(by_whom=""),
        FAILS,
    ),
    "tier-4-range": (unstated("T4-04"), FAILS),
    "both-aims": (no_abstinence, NEEDS_REASON),
    "harm-reduction-throughout": (
        lambda plan: Coverage.objects.filter(plan=plan).update(after_treatment=False),
        NEEDS_REASON,
    ),
    "harm-reduction-tiers": (
        lambda plan: lines(plan, tier=4).update(harm_reduction=False),
        NEEDS_REASON,
    ),
    "outside-office-hours": (
        lambda plan: lines(plan, tier=3).update(weekends=False),
        NEEDS_REASON,
    ),
    "prison": (lambda plan: lines(plan, intervention="carat").update(setting=""), NEEDS_REASON),
    "aftercare-funded": (
        lambda plan: lines(plan, aftercare=True).update(cost=0),
        NEEDS_REASON,
    ),
    "tiers-of-lines": (
        lambda plan: lines(plan, intervention="abstinence-support").update(tier=1),
        NEEDS_REASON,
    ),
    "primary-care": (forget("primary-care"), NEEDS_REASON),
    "shared-care": (forget("shared-care"), NEEDS_REASON),
    "tier-4-needs": (lambda _: CapacityNeed.objects.all().delete(), NEEDS_REASON),
    "tier-4-pathways": (lambda plan: lines(plan, tier=4).update(pathway=""), NEEDS_REASON),
    "tier-4-joint": (
        lambda plan: PlanMember.objects.filter(partnership=plan.partnership).delete(),
        NEEDS_REASON,
    ),
    "block-and-spot": (lambda plan: rehabilitation(plan).update(purchase="SPOT"), NEEDS_REASON),
    "preferred-providers": (forget("preferred-providers"), NEEDS_REASON),
    "standard-contracts": (forget("standard-contracts"), NEEDS_REASON),
    "housing-link": (forget("housing-link"), NEEDS_REASON),
    "rehabilitation-money": (only_community_care, NEEDS_REASON),
    "stream-sums": (
        lambda plan: Funding.objects.filter(partnership=plan.partnership).update(amount=500),
        FAILS,
    ),
    "line-sums": (lambda plan: lines(plan, number=1).update(cost="999.99"), FAILS),
    "ring-fences": (
        lambda plan: Allocation.objects.filter(line__plan=plan, line__number=1).update(
            stream="community-care"
        ),
        FAILS,
    ),
}


def test_a_sound_plan_keeps_every_check(plan):
    kept = {CheckState.PASSES, CheckState.DECLARED}

    assert {one.code: one.said for one in checks_of(plan) if one.state not in kept} == {}
    assert blocking_checks(plan) == []


@pytest.mark.parametrize("code", IN_FORCE)
def test_each_check_is_broken_by_what_it_is_about(plan, code):
    break_it, state = BREAKING[code]

    break_it(plan)

    assert state_of(plan, code) is state
    assert code in {one.code for one in blocking_checks(Plan.objects.get(pk=plan.pk))}


@pytest.mark.parametrize(
    "code", [code for code, (_, state) in BREAKING.items() if state is NEEDS_REASON]
)
def test_a_reason_lets_the_plan_be_sent_where_one_is_allowed(plan, code):
    BREAKING[code][0](plan)
    Declaration.objects.update_or_create(
        plan=plan, check_code=code, defaults={"holds": False, "grounds": "Next year"}
    )

    assert state_of(plan, code) is CheckState.REASON_GIVEN


def test_a_declaration_does_not_overrule_what_the_plan_shows(plan):
    lines(plan, tier=3).update(weekends=False)
    Declaration.objects.create(
        plan=plan, check_code="outside-office-hours", holds=True, grounds="They are open"
    )

    assert state_of(plan, "outside-office-hours") is NEEDS_REASON


def test_a_reason_does_not_settle_what_has_to_be_mended(plan):
    lines(plan, number=1).update(cost="999.99")
    Declaration.objects.create(plan=plan, check_code="line-sums", holds=False, grounds="A penny")

    assert state_of(plan, "line-sums") is FAILS


@pytest.mark.parametrize(("value", "state"), [(1, CheckState.PASSES), (0, NEEDS_REASON)])
def test_evidence_is_read_before_a_declaration(plan, value, state):
    Evidence.objects.create(
        subject=plan.partnership.organisation,
        name="shared-care",
        value=value,
        as_at=dt.date(2006, 5, 1),
        source="Contracts",
    )

    assert state_of(plan, "shared-care") is state
    assert "Contracts" in result_of(plan, "shared-care").said


def test_the_newest_evidence_counts(plan):
    for month, value in ((5, 0), (6, 1)):
        Evidence.objects.create(
            subject=plan.partnership.organisation,
            name="housing-link",
            value=value,
            as_at=dt.date(2006, month, 1),
            source="Contracts",
        )

    assert state_of(plan, "housing-link") is CheckState.PASSES


def test_nothing_is_asked_about_prison_where_there_is_none(plan):
    Plan.objects.filter(pk=plan.pk).update(has_prison=False)

    assert state_of(plan, "prison") is CheckState.NOT_ASKED


def test_a_stream_says_how_many_pounds_are_not_planned(plan):
    Funding.objects.filter(stream="community-care").update(amount="600.50")

    assert result_of(plan, "stream-sums").finding.items == ("Community-care: £100.50 not planned",)


def test_the_share_of_a_joint_plan_counts_against_the_stream(plan):
    joint = share_in_a_joint_plan(
        PlanFactory(partnership=plan.partnership, year=2007, slug="FY2007"), share="33"
    )
    Plan.objects.filter(pk=joint.pk).update(year=2006, slug="FY2006-more")
    LineFactory(
        plan=joint, tier=4, pathway="Out", taking={stream("pooled-treatment"): Decimal("100.01")}
    )

    # 33 per cent of £100.01 is £33.0033.
    assert result_of(plan, "stream-sums").finding.items == (
        "Pooled-treatment: £33 more than there is",
    )


def test_a_joint_plan_is_asked_only_what_it_can_answer(plan):
    joint = Plan.objects.get(kind=PlanKind.JOINT)

    asked = {one.code for one in checks_of(joint) if one.state is not CheckState.NOT_ASKED}

    assert asked == {code for code, check in IN_FORCE.items() if check.of_joint}
    assert "stream-sums" not in asked


def test_lines_of_a_joint_plan_answer_for_tier_4_of_its_members(plan):
    rehabilitation(plan).delete()
    joint = Plan.objects.get(kind=PlanKind.JOINT)
    for purchase in ("BLOCK", "SPOT"):
        line(joint, "residential-rehabilitation", tier=4, purchase=purchase)

    assert state_of(plan, "block-and-spot") is CheckState.PASSES


def test_an_empty_plan_can_be_checked(db):
    empty = PlanFactory()

    assert {one.code for one in blocking_checks(empty)} >= {"summary", "line-sums", "stream-sums"}


def test_what_is_still_to_do_is_told_by_the_part_of_the_plan(plan):
    unset("retained")(plan)
    lines(plan, number=1).update(cost=1)

    parts = still_to_do(checks_of(plan))

    assert [(part.section, [one.code for one in part.results]) for part in parts] == [
        ("TARGETS", ["retention-set", "delivery-plan"]),
        ("MONEY", ["line-sums"]),
    ]


def test_the_number_of_statements_does_not_grow_with_the_plan(plan, django_assert_max_num_queries):
    for _ in range(20):
        line(plan, "outreach", tier=2, taking={stream("pooled-treatment"): Decimal("1.00")})
    plan = Plan.objects.with_names().get(pk=plan.pk)

    with django_assert_max_num_queries(8):
        checks_of(plan)


def test_each_check_has_a_sentence_a_source_and_a_place_to_mend_it():
    for check in IN_FORCE.values():
        assert check.__doc__.strip().endswith(".")
        assert check.source
        assert check.mend.startswith("commissioning:plan-")
    assert set(BREAKING) == set(IN_FORCE)
