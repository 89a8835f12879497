"""A plan that keeps every check, and what is there to break it."""

import datetime as dt
from decimal import Decimal

from commissioning.checks import IN_FORCE, Answer
from commissioning.choices import CoverageState, DocumentRole, PlanKind
from commissioning.models import (
    CapacityNeed,
    Coverage,
    Declaration,
    FrameworkItem,
    FundingStream,
    GridRow,
    InterventionType,
    NeedsAssessment,
    Plan,
    PlanDocument,
    PlanMember,
    Priority,
    Target,
)
from commissioning.reference.planning import HARM_REDUCTION_ITEMS
from commissioning.scoping import System
from commissioning.services.reference import load_reference
from tests.factories.commissioning import PartnershipFactory
from tests.factories.plans import FundingFactory, LineFactory, PlanFactory

YEAR = 2006


def framework_rows():
    """The framework's tables, as the service starts with them."""
    load_reference(by=System("a test"))


def stream(code, **words):
    given = {"name": code.capitalize(), "position": 1, "source": "a test", "mark": "B"}
    return FundingStream.objects.update_or_create(code=code, defaults={**given, **words})[0]


def kind(code):
    return InterventionType.objects.get(code=code)


def sound_plan(**words):
    """A plan of 2006/07 that keeps every check: no reason is given anywhere."""
    framework_rows()
    plan = PlanFactory(summary="Fewer deaths, shorter waits.", has_prison=True, **words)
    _lines(plan)
    _coverage(plan)
    _targets(plan)
    _around(plan)
    return plan


def _lines(plan):
    ptb = stream("pooled-treatment", position=1)
    care = stream("community-care", position=2, pays_only=["residential-rehabilitation"])
    lines = [
        ("screening", 1, {"harm_reduction": True, "setting": "prison", "note": "In reception"}),
        ("needle-exchange", 2, {"evenings": True}),
        ("abstinence-support", 2, {}),
        ("aftercare", 2, {"aftercare": True}),
        ("carat", 2, {"setting": "prison"}),
        ("specialist-prescribing", 3, {"weekends": True, "harm_reduction": True}),
        ("prison-prescribing", 3, {"setting": "prison"}),
        ("therapeutic-community", 4, {"setting": "prison", "pathway": "From the wing"}),
        (
            "residential-rehabilitation",
            4,
            {"purchase": "BLOCK", "pathway": "After detoxification", "harm_reduction": True},
        ),
    ]
    for code, tier, more in lines:
        line(plan, code, tier=tier, **more, taking={ptb: Decimal("1000.00")})
    line(
        plan,
        "residential-rehabilitation",
        tier=4,
        purchase="SPOT",
        pathway="After detoxification",
        taking={care: Decimal("500.00"), ptb: Decimal("500.00")},
    )
    money = {"partnership": plan.partnership, "year": plan.year}
    FundingFactory(**money, stream=ptb, amount=Decimal("9500.00"))
    FundingFactory(**money, stream=care, amount=Decimal("500.00"))


def line(plan, code, *, taking=None, **more):
    """A line of £1,000."""
    plan.refresh_from_db()
    return LineFactory(plan=plan, intervention=kind(code), taking=taking or {}, **more)


def _coverage(plan):
    Coverage.objects.bulk_create(
        Coverage(
            plan=plan,
            item=item,
            state=CoverageState.HAVE,
            by_whom="The drug service",
            before_treatment=item.code in HARM_REDUCTION_ITEMS,
            during_treatment=item.code in HARM_REDUCTION_ITEMS,
            after_treatment=item.code in HARM_REDUCTION_ITEMS,
        )
        for item in FrameworkItem.objects.all()
    )


def _targets(plan):
    for indicator, source in (
        ("in-treatment", "LOCAL"),
        ("planned-exits", "LOCAL"),
        ("retained", "DELIVERY_PLAN"),
    ):
        Target.objects.create(
            plan=plan,
            indicator=indicator,
            source=source,
            baseline=0,
            baseline_source="Counted by hand",
            target=1,
            trajectory=[Decimal("0.25"), Decimal("0.5"), Decimal("0.75"), Decimal(1)],
            agreed_with="The trust and the authority",
        )


def _around(plan):
    priority = Priority.objects.create(plan=plan, number=1, text="Stimulant users")
    GridRow.objects.create(
        plan=plan,
        grid="ACCESS",
        number=1,
        priority=priority,
        objective="Stimulant users come",
        action="Open on Saturdays",
        by_when=dt.date(2006, 9, 30),
        by_whom="The drug service",
    )
    PlanDocument.objects.bulk_create(
        PlanDocument(plan=plan, role=role, title=role.label, where="The town hall")
        for role in DocumentRole
    )
    Declaration.objects.bulk_create(
        Declaration(
            plan=plan,
            check_code=check.code,
            holds=True,
            grounds="Seen by the board",
            items=[code for code, _ in check.asks],
        )
        for check in IN_FORCE.values()
        if check.answer is Answer.DECLARE
    )
    needs = NeedsAssessment.objects.create(partnership=plan.partnership, year=plan.year)
    CapacityNeed.objects.create(
        assessment=needs,
        intervention=kind("residential-rehabilitation"),
        need=100,
        penetration=10,
        weeks=12,
        occupancy=85,
    )
    share_in_a_joint_plan(plan)


def share_in_a_joint_plan(plan, share="40"):
    """A joint plan led by somebody else, in which the plan's partnership has a share."""
    lead = PartnershipFactory()
    joint = Plan.objects.create(
        partnership=lead, year=plan.year, kind=PlanKind.JOINT, slug="FY2006-tier-4", name="Tier 4"
    )
    PlanMember.objects.create(plan=joint, partnership=lead, share=100 - int(share))
    PlanMember.objects.create(plan=joint, partnership=plan.partnership, share=share)
    return joint
