"""What can be made from the code is made from it: the documents say what the code does."""

from pathlib import Path

import pytest

from commissioning.checks import as_table as checks_table
from commissioning.choices import (
    AMENDMENT_TRANSITIONS,
    NEEDS_TRANSITIONS,
    PLAN_TRANSITIONS,
    VIREMENT_TRANSITIONS,
)
from commissioning.kernel.transitions import as_mermaid
from commissioning.roles import GRANTS, Permission, Role
from commissioning.rules.posting import as_table
from pathways.choices import UPLOAD_TRANSITIONS
from providers.choices import (
    CALL_OFF_TRANSITIONS,
    CONTRACT_TRANSITIONS,
    EXTENSION_TRANSITIONS,
    VARIATION_TRANSITIONS,
)
from reporting.choices import LONG_WAIT_TRANSITIONS

DOCS = Path(__file__).resolve().parents[2] / "docs"


@pytest.mark.parametrize(
    "table",
    [
        UPLOAD_TRANSITIONS,
        PLAN_TRANSITIONS,
        NEEDS_TRANSITIONS,
        AMENDMENT_TRANSITIONS,
        VIREMENT_TRANSITIONS,
        LONG_WAIT_TRANSITIONS,
        CONTRACT_TRANSITIONS,
        VARIATION_TRANSITIONS,
        CALL_OFF_TRANSITIONS,
        EXTENSION_TRANSITIONS,
    ],
)
def test_the_diagrams_are_those_of_the_transition_tables(table):
    assert as_mermaid(table) in (DOCS / "states.md").read_text()


def test_the_policy_on_paper_is_the_policy_in_force():
    """A row a role; on disagreement the test says the rows to paste."""
    written = (DOCS / "roles.md").read_text()
    rows = [
        f"| {role.label} | {', '.join(one.value for one in Permission if one in GRANTS[role])} |"
        for role in Role
    ]

    assert [row for row in rows if row not in written] == []


def test_the_posting_table_on_paper_is_the_one_in_force():
    assert as_table() in (DOCS / "ledger.md").read_text()


def test_the_checks_on_paper_are_those_in_force():
    assert checks_table() in (DOCS / "plan-checks.md").read_text()


def test_decisions_are_numbered_once_and_in_order():
    numbers = [path.name[:4] for path in sorted((DOCS / "adr").glob("*.md"))]

    assert numbers == [f"{n:04}" for n in range(1, len(numbers) + 1)]
