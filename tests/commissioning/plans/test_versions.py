"""What a plan said can be frozen, and brought back as it was."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from commissioning.choices import EntryKind, VersionReason
from commissioning.models import (
    Allocation,
    Coverage,
    Declaration,
    Entry,
    Funding,
    GridRow,
    Line,
    LineTrajectory,
    Plan,
    PlanComment,
    PlanDocument,
    PlanMember,
    Priority,
    Target,
)
from commissioning.scoping import System
from commissioning.selectors.plans.content import PARTS, content_of
from commissioning.services.plans.versions import freeze_version, restore_version
from tests.commissioning.plans.written import line, written_plan

pytestmark = pytest.mark.django_db
US = System("a test")


def frozen(plan):
    return freeze_version(plan=plan, reason=VersionReason.SUBMITTED, by=US)


def test_a_version_holds_the_whole_plan_with_pounds_as_text():
    plan = written_plan().plan

    content = frozen(plan).content

    assert content["plan"]["summary"] == "More people, sooner, for longer."
    assert [
        (row["line"], row["stream"]["code"], row["amount"]) for row in content["allocations"]
    ] == [
        (1, "ptb", "60000.00"),
        (2, "ptb", "40000.00"),
        (2, "community-care", "20000.50"),
    ]
    assert content["lines"][0]["priority"] == {"code": 1, "name": "Stimulant users"}
    assert all(content[part.name] for part in PARTS if part.model is not PlanMember)


def test_every_model_that_belongs_to_a_plan_is_a_part_of_its_content():
    course = {
        "PlanVersion", "Amendment", "PlanComment", "QuarterReport", "LineReport", "Plan",
        "Entry", "Virement", "CarriedForward",
    }  # fmt: skip
    belonging = {
        one.related_model.__name__
        for model in (Plan, Line, Allocation)
        for one in model._meta.related_objects
        if one.related_model._meta.app_label == "commissioning"
    }

    assert belonging - course - {part.model.__name__ for part in PARTS} == set()


def test_versions_are_numbered_and_never_changed():
    plan = written_plan().plan

    assert [frozen(plan).number, frozen(plan).number] == [1, 2]


def test_freezing_and_restoring_ask_as_much_of_a_long_plan_as_of_a_short_one():
    short, long = written_plan().plan, written_plan(name="Long").plan
    for number in range(3, 40):
        line(long, number, f"Line {number}", {"ptb": "100.00"})

    assert len(asked(frozen, long)) == len(asked(frozen, short))
    counted = []
    for plan in (short, long):
        version = frozen(plan)
        Line.objects.filter(plan=plan).delete()
        counted.append(len(asked(lambda p=plan, v=version: restore_version(plan=p, version=v))))
    assert counted[0] == counted[1]


def asked(deed, *given):
    with CaptureQueriesContext(connection) as queries:
        deed(*given)
    return queries.captured_queries


TEXT = st.text(
    st.characters(codec="utf-8", exclude_characters="\0", exclude_categories=["Cs"]),
    min_size=1,
    max_size=20,
)
POUNDS = st.decimals(0, 9999, places=2)
NUMBER = st.integers(1, 6)


def _line(plan, number):
    return Line.objects.filter(plan=plan, number=number).first()


@dataclass
class Edit:
    """Which plan is edited, which of its rows, and what is written there."""

    plan: Plan
    n: int
    text: str
    amount: Decimal


EDITS = {
    "summary": lambda e: Plan.objects.filter(pk=e.plan.pk).update(
        summary=e.text, has_prison=bool(e.n % 2)
    ),
    "line added": lambda e: line(
        e.plan, Line.objects.filter(plan=e.plan).count() + 10 + e.n, e.text, {"ptb": e.amount}
    ) if not _line(e.plan, Line.objects.filter(plan=e.plan).count() + 10 + e.n) else None,
    "line deleted": lambda e: Line.objects.filter(
        plan=e.plan, number=e.n, allocations__entries=None
    ).delete(),
    "line changed": lambda e: Line.objects.filter(
        plan=e.plan, number=e.n
    ).update(name=e.text, plain_sum=e.amount, cost=e.amount, position=e.n, priority=None),
    "allocation changed": lambda e: Allocation.objects.filter(
        line__plan=e.plan, line__number=e.n
    ).update(amount=e.amount),
    "allocation deleted": lambda e: Allocation.objects.filter(
        line__plan=e.plan, line__number=e.n, entries=None
    ).delete(),
    "trajectory": lambda e: (
        LineTrajectory.objects.update_or_create(
            line=_line(e.plan, e.n), quarter=e.n % 4 + 1, defaults={"spend": e.amount}
        ) if _line(e.plan, e.n) else None
    ),
    "priority deleted": lambda e: Priority.objects.filter(
        plan=e.plan, number=e.n
    ).delete(),
    "priority": lambda e: Priority.objects.update_or_create(
        plan=e.plan, number=e.n, defaults={"text": e.text}
    ),
    "grid row": lambda e: GridRow.objects.update_or_create(
        plan=e.plan, grid="HARM", number=e.n,
        defaults={"objective": e.text, "action": e.text, "by_when": dt.date(2006, e.n, 1)},
    ),
    "grid rows deleted": lambda e: GridRow.objects.filter(
        plan=e.plan
    ).delete(),
    "target": lambda e: Target.objects.filter(plan=e.plan).update(
        target=e.amount, trajectory=[e.amount, None]
    ),
    "target deleted": lambda e: Target.objects.filter(plan=e.plan).delete(),
    "coverage": lambda e: Coverage.objects.filter(plan=e.plan).update(
        state="MISSING", reason=e.text
    ),
    "coverage deleted": lambda e: Coverage.objects.filter(
        plan=e.plan
    ).delete(),
    "funding": lambda e: Funding.objects.filter(
        partnership=e.plan.partnership
    ).update(amount=e.amount, standing="CONFIRMED"),
    "funding deleted": lambda e: Funding.objects.filter(
        partnership=e.plan.partnership, stream="ptb"
    ).delete(),
    "document": lambda e: PlanDocument.objects.create(
        plan=e.plan, role="OTHER", title=e.text
    ),
    "documents deleted": lambda e: PlanDocument.objects.filter(
        plan=e.plan
    ).delete(),
    "declaration": lambda e: Declaration.objects.update_or_create(
        plan=e.plan, check_code=f"check-{e.n}", defaults={"holds": False, "grounds": e.text}
    ),
    "declaration deleted": lambda e: Declaration.objects.filter(
        plan=e.plan
    ).delete(),
}  # fmt: skip


@settings(max_examples=25)
@given(st.lists(st.tuples(st.sampled_from(sorted(EDITS)), NUMBER, TEXT, POUNDS), max_size=8))
def test_whatever_is_edited_restoring_brings_back_what_was_frozen(edits):
    with transaction.atomic():
        plan = written_plan().plan
        entered = Entry.objects.create(
            allocation=Allocation.objects.get(line__plan=plan, line__number=1),
            kind=EntryKind.ALLOCATION,
            amount=Decimal("60000.00"),
            cause="a test",
            on=dt.date(2006, 4, 1),
            system="a test",
        )
        version = frozen(plan)
        before = set(Line.objects.filter(plan=plan).values_list("pk", "number"))

        for name, number, text, amount in edits:
            EDITS[name](Edit(plan, number, text, amount))
        kept = set(Line.objects.filter(plan=plan).values_list("pk", "number"))
        restore_version(plan=plan, version=version)

        assert content_of(plan) == version.content
        now = set(Line.objects.filter(plan=plan).values_list("pk", "number"))
        assert kept & before <= now
        assert Allocation.objects.get(pk=entered.allocation_id).line.number == 1
        transaction.set_rollback(True)


def test_restoring_raises_the_revision_so_that_an_older_window_is_told():
    plan = written_plan().plan
    version, before = frozen(plan), plan.revision

    restore_version(plan=plan, version=version)

    assert plan.revision == before + 1


def test_a_line_that_the_version_does_not_know_stays_empty_when_the_ledger_names_it():
    plan = written_plan().plan
    version = frozen(plan)
    paid = line(plan, 3, "Late", {"ptb": "500.00"})
    Entry.objects.create(
        allocation=paid.allocations.get(),
        kind=EntryKind.PAYMENT,
        amount=Decimal("20.00"),
        cause="bank:1",
        reason="Paid before it was planned.",
        on=dt.date(2006, 5, 1),
        system="a test",
    )

    restore_version(plan=plan, version=version)

    paid.refresh_from_db()
    assert (paid.cost, paid.allocations.get().amount) == (0, 0)
    assert content_of(plan)["allocations"] == version.content["allocations"]


def test_a_line_that_was_deleted_comes_back_with_its_comments():
    written = written_plan()
    plan = written.plan
    version = frozen(plan)
    rehab = plan.lines.get(number=2)
    said = PlanComment.objects.create(
        plan=plan, section="LINES", line=rehab, line_number=2, text="Why?",
        made_by=written.reviewer,
    )  # fmt: skip
    rehab.delete()

    restore_version(plan=plan, version=version)

    said.refresh_from_db()
    assert said.line == plan.lines.get(number=2)


def test_milestones_keep_what_has_become_of_them():
    plan = written_plan().plan
    version = frozen(plan)
    GridRow.objects.filter(plan=plan).update(status="DONE", action="Open a third clinic")

    restore_version(plan=plan, version=version)

    row = GridRow.objects.get(plan=plan)
    assert (row.status, row.action) == ("DONE", "Open a second clinic")
