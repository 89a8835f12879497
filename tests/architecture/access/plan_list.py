"""A partnership's plans, and starting one."""

from tests.architecture.access.plan_lines import READERS, WRITERS, plan, seen
from tests.architecture.access_table import Row, page_and_post


def of(place):
    return lambda world: {"code": getattr(world, place).code}


ROWS = [
    Row("commissioning:plan-list", seen("partnership", *READERS), of("partnership"), "our own"),
    Row(
        "commissioning:plan-list",
        seen("other_partnership", "national_reviewer"),
        of("other_partnership"),
        "of others",
    ),
    *page_and_post(
        "commissioning:plan-start",
        seen("partnership", *WRITERS),
        of("partnership"),
        about="our own",
    ),
    *page_and_post(
        "commissioning:plan-start",
        seen("other_partnership"),
        of("other_partnership"),
        about="of others",
    ),
    Row("commissioning:plan-detail", seen("partnership", *READERS), plan(), "our own"),
    Row(
        "commissioning:plan-detail",
        seen("other_partnership", "national_reviewer"),
        plan("other_plan"),
        "of others",
    ),
]
