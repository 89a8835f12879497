"""Rolling a plan forward, joint plans, and lines as a file."""

from tests.architecture.access.plan_lines import READERS, WRITERS, _pages, plan, seen
from tests.architecture.access_table import Row

ROWS = [
    Row("commissioning:plan-roll", seen("partnership", *WRITERS), plan(), "our own"),
    Row(
        "commissioning:plan-roll",
        seen("partnership", *WRITERS, then=302),
        plan(),
        "our own",
        method="post",
    ),
    Row("commissioning:plan-roll", seen("other_partnership"), plan("other_plan"), "of others"),
    *_pages("commissioning:plan-contracts"),
]
