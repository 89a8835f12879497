"""The posting table: which kind of entry adds to which sum, with which sign."""

from decimal import Decimal

import pytest

from commissioning.choices import EntryKind
from commissioning.rules.posting import (
    POSTINGS,
    SUMS,
    Sums,
    kinds_of,
    reference_of,
    takes_headroom,
)


def test_every_kind_of_entry_is_posted_somewhere():
    assert set(POSTINGS) == set(EntryKind.values)
    assert sorted(kind for name in SUMS for kind in kinds_of(name)) == sorted(EntryKind.values)


@pytest.mark.parametrize(
    ("kind", "amount", "planned", "committed", "paid"),
    [
        ("ALLOCATION", 100, 1100, 500, 300),
        ("VIREMENT", -100, 900, 500, 300),
        ("COMMITMENT", 100, 1000, 600, 300),
        ("RELEASE", -100, 1000, 400, 300),
        ("PAYMENT", 100, 1000, 500, 400),
        ("ACCRUAL", -100, 1000, 500, 200),
    ],
)
def test_an_entry_adds_to_one_sum(kind, amount, planned, committed, paid):
    before = Sums(Decimal(1000), Decimal(500), Decimal(300))

    after = before.after(kind, Decimal(amount))

    assert after == Sums(Decimal(planned), Decimal(committed), Decimal(paid))


def test_headroom_is_what_is_planned_and_neither_committed_nor_paid():
    assert Sums(Decimal(1000), Decimal(500), Decimal(300)).headroom == 200


@pytest.mark.parametrize(
    ("kind", "plus", "minus"),
    [
        ("ALLOCATION", True, True),
        ("VIREMENT", True, True),
        ("COMMITMENT", True, False),
        ("RELEASE", False, True),
        ("PAYMENT", True, True),
        ("ACCRUAL", True, True),
    ],
)
def test_an_entry_has_the_sign_of_its_kind_and_is_never_nothing(kind, plus, minus):
    posting = POSTINGS[kind]

    assert (posting.allows(Decimal(1)), posting.allows(Decimal(-1))) == (plus, minus)
    assert not posting.allows(Decimal(0))


def test_a_smaller_plan_takes_headroom_and_a_larger_one_gives_it():
    assert takes_headroom("ALLOCATION", Decimal(-1))
    assert not takes_headroom("ALLOCATION", Decimal(1))
    assert takes_headroom("COMMITMENT", Decimal(1))
    assert not takes_headroom("RELEASE", Decimal(-1))


@pytest.mark.parametrize(
    ("cause", "reference"),
    [
        ("bank:1:INV 7", "INV 7"),
        ("bank:12:a:b", "a:b"),
        ("commitment:PO 3", "PO 3"),
        ("contract:12", "contract:12"),
    ],
)
def test_people_see_the_reference_they_gave(cause, reference):
    assert reference_of(cause) == reference
