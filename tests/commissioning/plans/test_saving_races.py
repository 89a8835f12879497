"""Windows that save one plan at the same moment: one is written, the others are told.

Beside it a control that lacks the lock, in which each overwrites the one before.
"""

import time
from collections import Counter
from decimal import Decimal

import pytest
from django.db.models import QuerySet

from commissioning.models import Line
from commissioning.services.plans import editing
from commissioning.services.plans.line_rows import LineRow
from commissioning.services.plans.lines import save_lines
from tests.commissioning.plans.racing import at_once
from tests.factories.commissioning import UserFactory
from tests.factories.plans import LineFactory, PlanFactory

pytestmark = pytest.mark.django_db(transaction=True)
WINDOWS = 6


@pytest.fixture
def saves(monkeypatch):
    """A deed by which a window saves its own sum for line 1, all having seen revision 1.

    Between looking at the revision and raising it, there is time for another to do the same.
    """
    plan = PlanFactory()
    LineFactory(plan=plan)
    by = UserFactory(commissioner_of=plan.partnership)
    written = editing.require_written

    def slowly(held):
        written(held)
        time.sleep(0.05)

    monkeypatch.setattr(editing, "require_written", slowly)
    return lambda number: save_lines(
        plan=plan,
        rows=[LineRow("1", 1, {"plain_sum": Decimal(number)})],
        by=by,
        revision=1,
    )


def test_of_windows_that_save_at_once_one_is_written_and_the_others_are_told(saves):
    came = at_once(WINDOWS, WINDOWS, saves)

    told = Counter(came) - Counter(done=1)
    assert came["done"] == 1
    assert sum(told.values()) == WINDOWS - 1
    assert all(said.startswith("Somebody saved this plan after you opened it.") for said in told)
    assert Line.objects.get().revision == 2


def test_without_the_lock_each_would_overwrite_the_one_before(saves, monkeypatch):
    monkeypatch.setattr(QuerySet, "select_for_update", lambda rows, **_: rows)

    came = at_once(WINDOWS, WINDOWS, saves)

    assert came["done"] > 1
