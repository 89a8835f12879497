"""The national figures that a needs assessment stands beside: published numbers, and loaded."""

from decimal import Decimal

import pytest

from commissioning.models import NationalComparator
from commissioning.reference import comparators
from commissioning.reference.framework import MARKS
from commissioning.scoping import System
from commissioning.services.reference import load_reference

ROWS = {one.code: one for one in comparators()}


@pytest.mark.parametrize("row", ROWS.values(), ids=lambda row: row.code)
def test_each_names_its_source_mark_and_unit(row):
    assert row.source
    assert row.mark in MARKS
    assert row.unit in {"people", "%"}
    assert row.unit == "people" or 0 < row.value <= 100


@pytest.mark.parametrize(
    ("code", "value"),
    [
        ("problem-drug-users", "287670"),
        ("problem-drug-users-mean", "1943"),
        ("needles-shared", "28"),
        ("equipment-shared", "50"),
        ("hepatitis-c-1998", "36"),
        ("hepatitis-c-2003", "41"),
        ("hepatitis-b-2004", "21"),
        ("hepatitis-b-vaccinated-2004", "54"),
        ("hiv-elsewhere", "0.6"),
        ("deaths-2004", "1427"),
        ("prison-throughflow", "130000"),
        ("workforce-2005", "10000"),
    ],
)
def test_the_published_number_is_held(code, value):
    assert ROWS[code].value == Decimal(value)


def test_an_older_figure_does_not_compare_where_there_is_a_newer_one():
    assert not ROWS["hepatitis-c-1998"].compares
    assert ROWS["hepatitis-c-2003"].compares


@pytest.mark.django_db
def test_they_are_loaded_in_order_and_brought_up_to_date():
    load_reference(by=System("a test"))
    NationalComparator.objects.filter(code="deaths-2004").update(value=1)

    load_reference(by=System("a test"))

    assert [one.code for one in NationalComparator.objects.all()] == list(ROWS)
    assert NationalComparator.objects.get(code="deaths-2004").value == 1427
