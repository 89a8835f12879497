"""What a line costs, how it is split, and what is over or under."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commissioning.kernel.money import MOST, ZERO
from commissioning.rules.costs import (
    Balance,
    NotAPrice,
    NotAWhole,
    line_cost,
    portions,
    split_by_percent,
)

D = Decimal
PENNIES = st.decimals("0", MOST, places=2)


@pytest.mark.parametrize(
    ("priced", "cost"),
    [
        ({}, "0.00"),
        ({"plain_sum": D("66872.50")}, "66872.50"),
        ({"plain_sum": D("500.00"), "volume": D(12)}, "500.00"),
        ({"unit_cost": D("420.00"), "volume": D(8), "weeks": D(26)}, "87360.00"),
        ({"unit_cost": D("420.00"), "volume": D(8)}, "3360.00"),
        ({"unit_cost": D("33.33"), "volume": D("0.5")}, "16.67"),
        ({"unit_cost": D("10.00"), "volume": D(8), "weeks": D(0)}, "0.00"),
        ({"volume": D(8)}, "0.00"),
    ],
)
def test_a_line_costs_unit_times_volume_times_weeks_or_a_plain_sum(priced, cost):
    assert str(line_cost(**priced)) == cost


@pytest.mark.parametrize(
    ("priced", "sentence"),
    [
        ({"plain_sum": D(1), "unit_cost": D(1)}, "a unit cost or a plain sum, not both"),
        ({"unit_cost": D(1)}, "how many units"),
        ({"unit_cost": MOST, "volume": D(2)}, "more than this service can hold"),
        ({"unit_cost": MOST, "volume": D("99999999.99"), "weeks": D(53)}, "more than"),
    ],
)
def test_what_comes_to_no_cost_is_refused(priced, sentence):
    with pytest.raises(NotAPrice, match=sentence):
        line_cost(**priced)


@given(PENNIES, st.integers(0, 100))
def test_two_percentages_share_a_cost_to_the_penny(cost, share):
    parts = split_by_percent(cost, {"a": D(share), "b": D(100 - share)})

    assert sum(parts.values()) == cost
    assert all(part >= 0 and part == part.quantize(D("0.01")) for part in parts.values())


def test_thirds_of_a_pound_share_its_last_penny():
    parts = split_by_percent(D("1.00"), {"a": D("33.33"), "b": D("33.33"), "c": D("33.34")})

    assert sorted(parts.values()) == [D("0.33"), D("0.33"), D("0.34")]


@pytest.mark.parametrize(
    ("one", "other", "total"), [("60", "30", "90"), ("33.33", "66.66", "99.99")]
)
def test_percentages_that_make_no_hundred_are_refused_with_their_sum(one, other, total):
    with pytest.raises(NotAWhole, match=f"come to {total}%"):
        split_by_percent(D(100), {"a": D(one), "b": D(other)})


@pytest.mark.parametrize(
    ("have", "taken", "said"),
    [("10", "10", "In full"), ("10", "4", "£6 under"), ("10", "12.50", "£2.50 over")],
)
def test_what_is_over_or_under_is_said_in_words(have, taken, said):
    assert Balance(D(have), D(taken)).words == said


def test_nothing_is_allocated_of_nothing_in_full():
    assert Balance(ZERO, ZERO).standing == "even"


@pytest.mark.parametrize(
    ("shares", "come"), [((60, 30), ("6.00", "3.00")), ((60, 60), ("6.00", "6.00"))]
)
def test_percentages_that_make_no_hundred_come_to_what_each_is(shares, come):
    parts = portions(D(10), dict(enumerate(map(D, shares))))

    assert tuple(parts.values()) == tuple(map(D, come))


def test_percentages_that_make_a_hundred_come_to_the_whole():
    assert sum(portions(D("0.05"), {"a": D(50), "b": D(50)}).values()) == D("0.05")
