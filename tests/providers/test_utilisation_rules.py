"""Formulas of utilisation, held against counting night by night."""

import datetime as dt
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from providers.rules import utilisation as rules
from providers.rules.contract_costs import Terms
from providers.rules.utilisation import ContractNights, PlaceNights

FIRST = dt.date(2006, 4, 1)
YEAR = (FIRST, dt.date(2007, 4, 1))
offsets = st.integers(min_value=-40, max_value=90)
lengths = st.one_of(st.none(), st.integers(min_value=1, max_value=60))
prices = st.decimals(min_value="0.01", max_value="2000", places=2)
# A night: places contracted, those of them out of service, and those that are used.
nights = st.integers(0, 9).flatmap(
    lambda held: st.tuples(st.just(held), st.integers(0, held)).flatmap(
        lambda one: st.tuples(st.just(one[0] - one[1]), st.integers(0, one[0] - one[1]))
    )
)


def day(offset):
    return FIRST + dt.timedelta(days=offset)


def terms(**words):
    return Terms(starts_on=YEAR[0], ends_on=YEAR[1], **words)


@given(st.lists(nights, max_size=31), prices, st.integers(0, 100))
def test_voids_cost_what_their_nights_cost_one_by_one(each, price, rate):
    together = sum(
        (ContractNights(contracted=held, in_service=held, used=used) for held, used in each),
        ContractNights(),
    )

    by_night = sum(
        (max(0, held - used) * Fraction(price) / 7 * Fraction(rate, 100) for held, used in each),
        Fraction(0),
    )

    found = rules.void_cost(together, weekly_price=price, terms=terms(void_rate=Decimal(rate)))
    assert found == by_night


@given(st.integers(0, 500), st.integers(0, 500), prices)
def test_a_block_without_a_void_rate_pays_for_every_night_in_service(held, used, price):
    both = ContractNights(contracted=held, in_service=held, used=min(held, used))

    paid = rules.void_cost(both, weekly_price=price, terms=terms()) + rules.used_cost(
        both, weekly_price=price
    )

    assert paid == Fraction(price) / 7 * held


@pytest.mark.parametrize(
    ("used", "cost"),
    [(0, 80 * 10 + 20 * 5), (50, 30 * 10 + 20 * 5), (80, 20 * 5), (90, 10 * 5), (100, 0)],
)
def test_up_to_the_take_up_a_void_costs_all_and_beyond_it_the_void_rate(used, cost):
    both = ContractNights(contracted=100, in_service=100, used=used)
    agreed = terms(take_up=Decimal(80), void_rate=Decimal(50))

    assert rules.void_cost(both, weekly_price=Decimal(70), terms=agreed) == cost


def test_nights_out_of_service_are_no_voids():
    both = ContractNights(contracted=30, in_service=20, used=20)

    assert rules.void_cost(both, weekly_price=Decimal(700), terms=terms()) == 0
    assert both.utilisation == pytest.approx(2 / 3)


@given(st.integers(0, 9), st.integers(0, 9), st.integers(0, 9))
def test_occupancy_is_occupied_of_available_bed_days(occupied, free, out):
    held = PlaceNights(open=occupied + free + out, out_of_service=out, occupied=occupied)

    if occupied + free:
        assert held.occupancy == pytest.approx(occupied / (occupied + free))
        assert held.void == free
    else:
        assert held.occupancy is None


@given(st.lists(nights, min_size=1, max_size=31), prices)
def test_a_fuller_block_is_never_dearer_by_the_week(each, price):
    held, used = (sum(one) for one in zip(*each, strict=True))
    cost = Fraction(price) / 7 * held

    found = rules.cost_per_occupied_week(cost, used)

    if not used:
        assert found is None
    else:
        assert found >= price.quantize(Decimal("0.01"))
        assert abs(Fraction(found) - Fraction(price) * held / used) <= Fraction(1, 200)


def test_a_block_at_four_fifths_of_the_spot_price_pays_from_four_fifths_used():
    assert rules.pays_from(Decimal(560), Decimal(700)) == pytest.approx(0.8)
    assert rules.pays_from(Decimal(800), Decimal(700)) == 1
    assert rules.pays_from(Decimal(800), None) is None
    assert rules.against_spot(Decimal(770), Decimal(700)) == pytest.approx(1.1)


def test_a_provider_lives_on_spot_by_its_share_of_income():
    assert rules.share_from_spot(Decimal(300), Decimal(100)) == 0.75
    assert rules.share_from_spot(Decimal(0), Decimal(0)) is None


def test_months_of_cover_are_what_is_promised_at_the_pace_of_what_came_in():
    assert rules.months_of_cover(Decimal(60_000), Decimal(120_000), days=365) == 6
    assert rules.months_of_cover(Decimal(60_000), Decimal(0), days=365) is None


def test_break_even_is_known_where_fixed_costs_are():
    found = rules.break_even_occupancy(Decimal(146_000), beds=10, weekly_income=Decimal(350))

    assert found == pytest.approx(0.8)
    assert rules.break_even_occupancy(None, beds=10, weekly_income=Decimal(350)) is None
