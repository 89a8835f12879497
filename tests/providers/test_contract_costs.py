"""What contracts cost, by year and partnership, to the penny."""

import datetime as dt
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from providers.rules.contract_costs import (
    Terms,
    Unit,
    ceiling_left,
    differences,
    fill,
    least_costs,
    partnership_costs,
    spread,
    uplifted,
    year_costs,
)

D = Decimal
DAY = dt.date
YEAR = (DAY(2006, 4, 1), DAY(2007, 4, 1))
BLOCK = Terms(*YEAR, price=D("560.00"), unit=Unit.BED_WEEK, places=8)
PRICES = st.decimals("0.01", "5000", places=2)
DAYS = st.dates(DAY(2004, 1, 1), DAY(2012, 12, 31))
CUTS = st.integers(1, 900)


@pytest.mark.parametrize(
    ("terms", "costs"),
    [
        # 8 beds at £80 a day for 365 days.
        (BLOCK, {2006: "233600.00"}),
        # A week of seven days, whichever year it lies in.
        (Terms(DAY(2006, 3, 29), DAY(2006, 4, 5), D("700.00"), Unit.BED_WEEK, 1),
         {2005: "300.00", 2006: "400.00"}),
        (Terms(*YEAR, price=D("100.00"), unit=Unit.PLACE_WEEK, places=3), {2006: "15642.86"}),
        (Terms(*YEAR, price=D("250.00"), unit=Unit.START, starts=120), {2006: "30000.00"}),
        # Half a year of starts: 183 days of 365.
        (Terms(DAY(2006, 4, 1), DAY(2006, 10, 1), D("250.00"), Unit.START, starts=120),
         {2006: "15041.10"}),
        (Terms(DAY(2006, 4, 1), DAY(2008, 4, 1), D("50000.00"), Unit.YEAR),
         {2006: "50000.00", 2007: "50000.00"}),
        # Nothing is promised where each use is bought by itself.
        (Terms(*YEAR, price=D("600.00"), unit=Unit.BED_WEEK, pays_by_use=True), {2006: "0.00"}),
        (Terms(*YEAR), {2006: "0.00"}),
    ],
)  # fmt: skip
def test_a_contract_costs_its_price_for_the_days_of_each_year(terms, costs):
    assert {year: str(cost) for year, cost in year_costs([terms]).items()} == costs


def test_an_uplift_counts_from_its_day():
    terms = Terms(*YEAR, D("700.00"), Unit.BED_WEEK, 1, uplift=D("10"), uplift_on=DAY(2007, 3, 31))

    assert year_costs([terms]) == {2006: D("36510.00")}  # 364 days at £100 and one at £110


def test_an_uplift_makes_a_price_of_whole_pennies():
    assert uplifted(D("533.33"), D("2.5")) == D("546.66")


def test_an_early_end_releases_the_days_that_are_left():
    ended = BLOCK.within(BLOCK.starts_on, DAY(2007, 1, 1))

    assert year_costs([BLOCK])[2006] - year_costs([ended])[2006] == D("57600.00")  # 90 days


def test_a_later_version_costs_from_its_day():
    before = BLOCK.within(YEAR[0], DAY(2006, 10, 1))
    after = Terms(DAY(2006, 10, 1), YEAR[1], D("560.00"), Unit.BED_WEEK, 6)

    assert year_costs([before, after]) == {2006: D("204480.00")}


def test_the_least_of_a_year_is_take_up_and_voids():
    terms = Terms(*YEAR, D("560.00"), Unit.BED_WEEK, 8, take_up=D(80), void_rate=D(50))

    assert least_costs([terms]) == {2006: D("210240.00")}  # nine tenths


def test_what_is_left_of_a_ceiling_is_never_less_than_nothing():
    assert ceiling_left(None, D(5)) is None
    assert ceiling_left(D(100), D(30)) == 70
    assert ceiling_left(D(100), D(130)) == 0


@given(price=PRICES, places=st.integers(0, 40), start=DAYS, days=CUTS, cut=CUTS)
def test_however_a_term_is_cut_its_parts_cost_the_same(price, places, start, days, cut):
    end = start + dt.timedelta(days=days)
    at = min(start + dt.timedelta(days=cut), end)
    whole = Terms(start, end, price, Unit.BED_WEEK, places)
    pieces = [one for one in (whole.within(start, at), whole.within(at, end)) if one]

    assert year_costs(pieces) == year_costs([whole])


@given(price=PRICES, places=st.integers(1, 40), start=DAYS, days=CUTS)
def test_the_years_are_within_half_a_penny_each_of_price_places_and_weeks(
    price, places, start, days
):
    costs = year_costs(
        [Terms(start, start + dt.timedelta(days=days), price, Unit.BED_WEEK, places)]
    )
    exact = Fraction(price) * places * days / 7

    assert abs(Fraction(sum(costs.values())) - exact) <= Fraction(len(costs), 200)


@given(
    price=PRICES,
    weights=st.lists(st.integers(1, 999), min_size=1, max_size=8),
    later=st.lists(st.integers(0, 999), min_size=8, max_size=8).filter(any),
    days=st.integers(1, 364),
)
def test_what_is_whose_adds_up_to_the_penny_also_where_shares_change(price, weights, later, days):
    first = dt.date(2006, 4, 1)
    cut, end = first + dt.timedelta(days=days), dt.date(2007, 4, 1)
    pieces = [
        (Terms(first, cut, price, Unit.BED_WEEK, 3), per_cents(weights)),
        (Terms(cut, end, price, Unit.BED_WEEK, 3), per_cents(later)),
    ]

    parts = partnership_costs(pieces, range(8))

    assert sum(parts.values()) == year_costs([terms for terms, _ in pieces])[2006]
    assert all(part >= 0 for part in parts.values())
    exact = [
        Fraction(price) * 3 / 7 * (share_of(weights, one, days) + share_of(later, one, 365 - days))
        for one in range(8)
    ]
    assert all(abs(Fraction(parts[one, 2006]) - exact[one]) < Fraction(2, 100) for one in range(8))


def per_cents(weights):
    return {key: D(weight) * 100 / sum(weights) for key, weight in enumerate(weights)}


def share_of(weights, one, days):
    return Fraction(weights[one], sum(weights)) * days if one < len(weights) else 0


def test_shares_that_stay_are_shared_as_if_nothing_had_been_cut():
    year = (dt.date(2006, 4, 1), dt.date(2007, 4, 1))
    shares = {1: D("33.333"), 2: D("33.333"), 3: D("33.334")}
    whole = Terms(*year, D(701), Unit.BED_WEEK, 3)
    cut = [whole.within(year[0], dt.date(2006, 9, 9)), whole.within(dt.date(2006, 9, 9), year[1])]

    assert partnership_costs([(one, shares) for one in cut], shares) == partnership_costs(
        [(whole, shares)], shares
    )


def test_a_difference_names_what_rises_and_what_falls():
    before = {(1, 2006): D(10), (2, 2006): D(10), (1, 2007): D(5)}
    after = {(1, 2006): D(12), (2, 2006): D(10)}

    assert differences(before, after) == {(1, 2006): D(2), (1, 2007): D(-5)}


def test_a_total_is_spread_as_the_parts_stand_or_evenly():
    assert spread(D("100.00"), {1: D(30), 2: D(60)}) == {1: D("33.33"), 2: D("66.67")}
    assert spread(D("1.00"), {1: D(0), 2: D(0)}) == {1: D("0.50"), 2: D("0.50")}


def test_a_total_fills_what_is_free_in_its_order():
    assert fill(D(100), {1: D(30), 2: D(0), 3: D(90)}) == {1: D(30), 3: D(70)}
