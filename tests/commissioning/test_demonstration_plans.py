"""The demonstration's plans: every state there is, through the services people use."""

import datetime as dt
from collections import Counter

import pytest
from django.db.models import F, Sum

from commissioning.checks import CheckState
from commissioning.choices import PlanKind, PlanState
from commissioning.demonstration.book import CARRIED
from commissioning.demonstration.plans import NEXT, load_plans
from commissioning.models import (
    Allocation,
    Evidence,
    GridRow,
    Line,
    NeedsAssessment,
    Organisation,
    Partnership,
    Plan,
    Target,
)
from commissioning.rules.line_tiers import tier_wants_a_reason
from commissioning.scoping import System
from commissioning.selectors.plans.checking import blocking_checks, checks_of
from commissioning.selectors.plans.joint_ledger import joint_money_of
from commissioning.selectors.plans.money import money_of
from commissioning.services.reference import load_reference
from tests.factories.commissioning import UserFactory

pytestmark = pytest.mark.django_db
TODAY = dt.date(2007, 2, 15)
REGION = "E"


def wants_a_reason(line):
    return tier_wants_a_reason(
        line.intervention_id or "", line.tier, setting=line.setting, note=line.note
    )


def test_every_state_there_is_and_the_home_partnerships_next_year_is_its_own():
    load_reference(by=System("a test"))
    region = Organisation.objects.get(kind="REGION", code=REGION)
    places = Partnership.objects.by_name().filter(
        organisation__in=Organisation.objects.in_region(region, on=TODAY)
    )
    lead, reviewer = UserFactory(lead_of=places[0]), UserFactory(reviewer_of=region)
    for name, value in (("in-treatment", 1_492), ("retained", "0.84")):
        Evidence.objects.create(
            subject=places[0].organisation, name=name, period="FY2005", value=value,
            as_at=TODAY, source="Results of 2005/06",
        )  # fmt: skip
    load_plans(
        regions=[REGION],
        home=places[0].code,
        lead=lead,
        reviewers={REGION: reviewer},
        today=TODAY,
        tell=print,
        providers={},
    )

    states = Counter(Plan.objects.values_list("year", "state"))
    assert states[2005, PlanState.CLOSED] == len(places)
    assert states[2006, PlanState.MONITORED] == len(places) + 1
    joint = Plan.objects.get(kind=PlanKind.JOINT)
    own = Plan.objects.filter(year=2006, kind=PlanKind.OWN)
    assert joint.members.count() == len(places)
    parts = [one for plan in own for one in joint_money_of(plan)]
    held = joint.lines.aggregate(
        planned=Sum("allocations__planned"), paid=Sum("allocations__paid")
    )
    for name, whole in held.items():
        assert sum(getattr(one, name) for one in parts) == whole > 0
    streams = [one for plan in own for one in money_of(plan).by_stream]
    assert all(one.balance.standing == "even" for one in streams if one.stream.pk != CARRIED)
    assert {state for year, state in states if year == 2007} == set(NEXT)
    assert not Plan.objects.filter(partnership=places[0], year=2007).exists()
    agreed = Allocation.objects.filter(line__plan__state=PlanState.MONITORED)
    assert agreed.filter(planned__gt=0, paid__gt=0).exists()
    assert not agreed.filter(planned__lt=F("committed") + F("paid")).exists()
    home = Plan.objects.get(partnership=places[0], year=2006, kind=PlanKind.OWN)
    aimed = {one.indicator: one for one in home.targets.exclude(source="DELIVERY_PLAN")}
    assert aimed["in-treatment"].baseline == 1_492 < aimed["in-treatment"].target
    assert aimed["retained"].baseline_source == "Results of 2005/06"
    assert not any(one.is_passed for one in Target.objects.all())
    needs = NeedsAssessment.objects.get(partnership=places[0], year=2006)
    assert needs.rings.get(ring="ESTIMATE").value > 1_492 * 3 // 2
    running = Plan.objects.filter(state=PlanState.MONITORED, kind=PlanKind.OWN)
    kept = [one for plan in running for one in checks_of(plan) if one.code == "ring-fences"]
    assert {one.state for one in kept} == {CheckState.PASSES}
    assert Allocation.objects.filter(plan__in=running, stream=CARRIED, amount__gt=0).exists()
    statuses = Counter(GridRow.objects.filter(plan__in=running).values_list("status", flat=True))
    assert statuses["DONE"] > statuses["LATE"] > 0
    assert not GridRow.objects.filter(plan__state=PlanState.CLOSED).exclude(status="DONE").exists()
    assert not [line for line in Line.objects.all() if wants_a_reason(line)]
    drafts = Plan.objects.filter(state=PlanState.DRAFT)
    assert all(blocking_checks(plan) for plan in drafts)
