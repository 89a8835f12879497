"""A plan with something in every part of it, and people around it."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from commissioning.choices import PlanState
from commissioning.models import (
    Allocation,
    Coverage,
    Declaration,
    FrameworkItem,
    Funding,
    FundingStream,
    GridRow,
    InterventionType,
    Line,
    LineTrajectory,
    Organisation,
    Plan,
    PlanDocument,
    Priority,
    Target,
    Tier,
    User,
)
from tests.factories.commissioning import PartnershipFactory, RegionFactory, UserFactory
from tests.factories.plans import judged

YEAR = 2006


@dataclass
class Written:
    """A plan and who has to do with it."""

    plan: Plan
    region: Organisation
    lead: User
    commissioner: User
    reviewer: User
    colleague: User  # another reviewer of the region

    @property
    def partnership(self):
        return self.plan.partnership


def streams():
    """The pooled treatment budget and community care."""
    return [
        FundingStream.objects.get_or_create(
            code=code,
            defaults={"name": name, "position": place, "source": "a test", "mark": "B"},
        )[0]
        for place, (code, name) in enumerate(
            [("ptb", "Pooled treatment budget"), ("community-care", "Community care")]
        )
    ]


def intervention(code="residential-rehabilitation", name="Residential rehabilitation"):
    return InterventionType.objects.get_or_create(
        code=code, defaults={"name": name, "is_structured": True, "position": 1}
    )[0]


def framework_item():
    words = {"definition": "", "settings": "", "competence": "", "source": "a test"}
    tier, _ = Tier.objects.get_or_create(number=1, defaults={"name": "Tier 1", **words})
    return FrameworkItem.objects.get_or_create(
        code="1.1",
        defaults={
            "tier": tier,
            "position": 1,
            "name": "Information",
            "text": "",
            "source": "a test",
            "mark": "B",
        },
    )[0]


def line(plan, number, name, amounts, **more):
    """A line bought for a plain sum, with its parts by the code of the stream."""
    cost = sum(map(Decimal, amounts.values()), Decimal(0))
    made = Line.objects.create(
        plan=plan,
        number=number,
        position=number,
        name=name,
        **{"plain_sum": cost, "cost": cost, "tier": 3, **more},
    )
    Allocation.objects.bulk_create(
        Allocation(line=made, stream_id=stream, amount=amount)
        for stream, amount in amounts.items()
    )
    Plan.objects.filter(pk=plan.pk, last_line_number__lt=number).update(last_line_number=number)
    return made


def written_plan(*, state=PlanState.DRAFT, year=YEAR, region=None, name="Gateshead", code=None):
    """A plan of a partnership in a region, written out."""
    region = region or RegionFactory(name="North East")
    words = {"organisation__code": code} if code else {}
    partnership = PartnershipFactory(region=region, organisation__name=name, **words)
    judged(partnership, year=year)
    ptb, care = streams()
    plan = Plan.objects.create(
        partnership=partnership,
        year=year,
        slug=f"FY{year}",
        state=state,
        summary="More people, sooner, for longer.",
    )
    for stream in (ptb, care):
        Funding.objects.create(
            partnership=partnership, year=year, stream=stream, amount="100000.00"
        )
    first = Priority.objects.create(plan=plan, number=1, text="Stimulant users", need="Unmet")
    Priority.objects.create(plan=plan, number=2, text="Aftercare")
    line(
        plan,
        1,
        "Prescribing",
        {"ptb": "60000.00"},
        priority=first,
        provider=partnership.organisation,
    )
    rehab = line(
        plan,
        2,
        "Rehabilitation",
        {"ptb": "40000.00", "community-care": "20000.50"},
        tier=4,
        intervention=intervention(),
        aftercare=True,
    )
    LineTrajectory.objects.create(line=rehab, quarter=1, starts=4, spend="15000.00")
    Target.objects.create(
        plan=plan,
        indicator="TREATMENT",
        source="NATIONAL",
        target="412",
        trajectory=[Decimal(100), Decimal(200), None, Decimal(412)],
    )
    GridRow.objects.create(
        plan=plan,
        grid="ACCESS",
        number=1,
        priority=first,
        objective="Shorter waits",
        action="Open a second clinic",
        by_when=dt.date(year, 9, 30),
        by_whom="A. Ward",
    )
    Coverage.objects.create(plan=plan, item=framework_item(), state="HAVE", by_whom="Pharmacies")
    PlanDocument.objects.create(plan=plan, role="WORKFORCE", title="Workforce strategy")
    Declaration.objects.create(
        plan=plan, check_code="shared-care", holds=True, grounds="Reviewed in May."
    )
    plan.refresh_from_db()
    return Written(
        plan,
        region,
        lead=UserFactory(name="Bo Lee", lead_of=partnership),
        commissioner=UserFactory(name="Ann Ward", commissioner_of=partnership),
        reviewer=UserFactory(name="Rae Moss", reviewer_of=region),
        colleague=UserFactory(name="Kit Hall", reviewer_of=region),
    )
