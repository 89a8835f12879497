"""The forecast of a year's spending, worked through by hand."""

from decimal import Decimal

import pytest

from reporting.rules.out_turn import Basis, out_turn


def pounds(*amounts):
    return [Decimal(one) for one in amounts]


def test_with_fewer_than_three_months_it_is_what_is_planned_without_limits():
    found = out_turn(
        planned=Decimal(1200), committed=Decimal(300), paid=Decimal(90), months=pounds(60, 30)
    )

    assert (found.basis, found.expected) == (Basis.PLAN, Decimal(1200))
    assert found.low is found.high is found.chance is None


def test_what_is_promised_beyond_the_plan_is_expected_from_the_start():
    found = out_turn(planned=Decimal(1200), committed=Decimal(1300), paid=Decimal(0), months=[])

    assert (found.basis, found.expected) == (Basis.PROMISED, Decimal(1300))


def test_an_even_run_rate_goes_on_with_no_doubt():
    found = out_turn(
        planned=Decimal(1200), committed=Decimal(0), paid=Decimal(600), months=pounds(*[100] * 6)
    )

    assert found.basis == Basis.RUN_RATE
    assert found.expected == found.low == found.high == Decimal("1200.00")
    assert found.chance == 0


def test_an_uneven_one_has_the_interval_of_students_t():
    # Months 90, 100, 110: mean 100, sd 10, nine to come.
    # Standard error 10 * sqrt(9 + 81 / 3) = 60; t(0.95, 2) = 4.302653.
    found = out_turn(
        planned=Decimal(1200), committed=Decimal(0), paid=Decimal(300), months=pounds(90, 100, 110)
    )

    assert found.expected == Decimal("1200.00")
    assert found.low == Decimal("941.84")
    assert found.high == Decimal("1458.16")
    assert found.chance == pytest.approx(0.5)


def test_the_chance_falls_with_the_room_there_is():
    months = pounds(90, 100, 110)
    chances = [
        out_turn(planned=Decimal(p), committed=Decimal(0), paid=Decimal(300), months=months).chance
        for p in (1000, 1200, 1400)
    ]

    assert chances[0] > chances[1] > chances[2]
    assert chances[0] + chances[2] == pytest.approx(1)


def test_nothing_below_what_is_paid_and_promised_is_expected():
    found = out_turn(
        planned=Decimal(2000),
        committed=Decimal(1500),
        paid=Decimal(300),
        months=pounds(90, 100, 110),
    )

    assert (found.basis, found.expected) == (Basis.PROMISED, Decimal(1800))
    assert found.low == Decimal(1800)


def test_promises_beyond_the_plan_are_an_overspend_for_certain():
    found = out_turn(
        planned=Decimal(1000),
        committed=Decimal(900),
        paid=Decimal(300),
        months=pounds(90, 100, 110),
    )

    assert found.chance == 1


def test_when_the_year_is_over_it_is_what_was_paid_and_promised():
    found = out_turn(
        planned=Decimal(1200),
        committed=Decimal(50),
        paid=Decimal(1100),
        months=pounds(*[100] * 12),
    )

    assert (found.basis, found.expected, found.chance) == (Basis.YEAR_OVER, Decimal(1150), 0)
