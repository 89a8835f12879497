"""Plans, what they say beside their lines, and the judgement of one's own commissioning."""

import datetime as dt

from commissioning.models import (
    CompetenceAnswer,
    Coverage,
    Declaration,
    FrameworkItem,
    GridRow,
    Plan,
    PlanDocument,
    PlanMember,
    Priority,
    SelfAssessment,
    Target,
    Tier,
)
from tests.architecture.constraints import again
from tests.factories.commissioning import PartnershipFactory, UserFactory
from tests.factories.plans import PlanFactory


def plan(**words):
    return PlanFactory(**words)


def joint(**words):
    return PlanFactory(**{"kind": "JOINT", "name": "Tier 4", "slug": "FY2006-tier-4"} | words)


def member(**words):
    given = {"plan": joint(), "partnership": PartnershipFactory(), "share": 50}
    return PlanMember.objects.create(**given | words)


def declaration(**words):
    given = {"plan": plan(), "check_code": "shared-care", "holds": True, "grounds": "Seen"}
    return Declaration.objects.create(**given | words)


def priority(**words):
    return Priority.objects.create(**{"plan": plan(), "number": 1, "text": "Waits"} | words)


def target(**words):
    given = {"plan": plan(), "indicator": "retained", "source": "LOCAL"}
    return Target.objects.create(**given | words)


def grid_row(**words):
    given = {
        "plan": plan(),
        "grid": "ACCESS",
        "number": 1,
        "objective": "Waits",
        "action": "Open on Saturdays",
        "by_when": dt.date(2006, 9, 30),
        "by_whom": "The service",
    }
    return GridRow.objects.create(**given | words)


def coverage(**words):
    tier, _ = Tier.objects.get_or_create(number=1, defaults={"name": "Tier 1", "source": "x"})
    item, _ = FrameworkItem.objects.get_or_create(
        code="T1-01", defaults={"tier": tier, "position": 1, "name": "Screening", "mark": "R"}
    )
    return Coverage.objects.create(**{"plan": plan(), "item": item, "state": "HAVE"} | words)


def judgement(**words):
    given = {"partnership": PartnershipFactory(), "year": 2006}
    return SelfAssessment.objects.create(**given | words)


def answer(**words):
    given = {"assessment": judgement(), "head": "needs", "rating": 3}
    return CompetenceAnswer.objects.create(**given | words)


BREAKING = {
    "plan_has_an_address_of_its_own": lambda: again(joint()),
    "partnership_has_one_plan_of_its_own_a_year": lambda: again(plan(), slug="FY2006-again"),
    "plan_year_is_a_year": lambda: plan(year=1999),
    "plan_kind_is_known": lambda: plan(kind="OTHER"),
    "plan_state_is_known": lambda: Plan.objects.filter(pk=plan().pk).update(state="LOST"),
    "joint_plan_has_a_name": lambda: joint(name=""),
    "partnership_shares_in_a_joint_plan_once": lambda: again(member()),
    "share_is_a_percentage": lambda: member(share=0),
    "document_role_is_known": lambda: PlanDocument.objects.create(
        plan=plan(), role="LETTER", title="A letter"
    ),
    "declaration_is_made_once_a_check": lambda: again(declaration()),
    "declaration_has_grounds": lambda: declaration(grounds=""),
    "priority_has_a_number": lambda: again(priority()),
    "target_is_set_once_an_indicator": lambda: again(target()),
    "target_source_is_known": lambda: target(source="RUMOUR"),
    "grid_row_has_a_number": lambda: again(grid_row()),
    "grid_is_known": lambda: grid_row(grid="SIXTH"),
    "milestone_status_is_known": lambda: grid_row(status="PERHAPS"),
    "coverage_is_stated_once_an_item": lambda: again(coverage()),
    "coverage_state_is_known": lambda: coverage(state="MAYBE"),
    "partnership_judges_itself_once_a_year": lambda: again(judgement()),
    "finished_judgement_says_since_when": lambda: judgement(finished_by=UserFactory()),
    "head_is_answered_once": lambda: again(answer()),
    "rating_is_one_to_four": lambda: answer(rating=5),
}
