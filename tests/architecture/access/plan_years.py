"""Rolling a plan forward, joint plans, and lines as a file."""

from commissioning.models import Plan, PlanMember
from tests.architecture.access.plan_lines import READERS, WRITERS, _pages, plan, seen
from tests.architecture.access_table import Row, page_and_post


def joint(place):
    """A joint plan that the place leads."""

    def at(world):
        lead = getattr(world, place).partnership
        made, _ = Plan.objects.get_or_create(
            partnership=lead, year=2006, kind="JOINT", slug="FY2006-tier-4", name="Tier 4"
        )
        PlanMember.objects.get_or_create(plan=made, partnership=lead, share=100)
        return {"code": lead.code, "slug": made.slug}

    return at


def place(name):
    return lambda world: {"code": getattr(world, name).code}


ROWS = [
    Row("reporting:plan-roll", seen("partnership", *WRITERS), plan(), "our own"),
    Row(
        "reporting:plan-roll",
        seen("partnership", *WRITERS, then=302),
        plan(),
        "our own",
        method="post",
    ),
    Row("reporting:plan-roll", seen("other_partnership"), plan("other_plan"), "of others"),
    *_pages("reporting:plan-contracts"),
    *page_and_post(
        "commissioning:plan-start-joint",
        seen("partnership", *WRITERS),
        place("partnership"),
        about="our own",
    ),
    *page_and_post(
        "commissioning:plan-start-joint",
        seen("other_partnership"),
        place("other_partnership"),
        about="of others",
    ),
    Row("commissioning:plan-shares", seen("partnership", *READERS), joint("partnership"), "ours"),
    Row(
        "commissioning:plan-shares",
        seen("other_partnership", "national_reviewer"),
        joint("other_partnership"),
        "of others",
    ),
    *page_and_post(
        "commissioning:plan-shares-change",
        seen("partnership", *WRITERS),
        joint("partnership"),
        about="ours",
    ),
    *page_and_post(
        "commissioning:plan-shares-change",
        seen("other_partnership"),
        joint("other_partnership"),
        about="of others",
    ),
    *page_and_post(
        "commissioning:plan-line-file", seen("partnership", *WRITERS), plan(), about="ours"
    ),
    *page_and_post(
        "commissioning:plan-line-file",
        seen("other_partnership"),
        plan("other_plan"),
        about="theirs",
    ),
]
