"""The arithmetic of a needs assessment: worked examples by hand."""

from decimal import Decimal

import pytest

from commissioning.rules.bullseye import Bullseye, Estimate, penetration
from commissioning.rules.capacity import Capacity, compared


def capacity(need, penetration, weeks, occupancy):
    return Capacity(
        need=need,
        penetration=Decimal(penetration),
        weeks=Decimal(weeks),
        occupancy=Decimal(occupancy),
    )


class TestCapacity:
    def test_420_people_of_whom_60_per_cent_stay_12_weeks_need_69_places(self):
        worked = capacity(420, "60", "12", "85")

        assert (worked.starts, worked.places) == (252, 69)
        assert worked.arithmetic == (
            "420 people × 60% = 252 starts; 252 × 12 weeks ÷ 52 ÷ 85% = 69 places"
        )

    @pytest.mark.parametrize(
        ("inputs", "starts", "places"),
        [
            ((100, "50", "52", "100"), 50, 50),  # a year each: as many places as people
            ((100, "50", "26", "100"), 50, 25),
            ((1, "30", "1", "100"), 1, 1),  # a part of a person is a person
            ((10, "0", "12", "85"), 0, 0),
            ((0, "60", "12", "85"), 0, 0),
            ((300, "33.33", "12.5", "90"), 100, 27),  # 99.99 people; 26.7 places
            ((52, "100", "1", "100"), 52, 1),  # exactly one place is one
        ],
    )
    def test_every_part_is_rounded_up_and_nothing_else(self, inputs, starts, places):
        worked = capacity(*inputs)

        assert (worked.starts, worked.places) == (starts, places)

    def test_decimals_are_written_as_typed(self):
        assert "× 33.5%" in capacity(10, "33.50", "12.00", "85.00").starts_sum
        assert "× 12 weeks ÷ 52 ÷ 85%" in capacity(10, "33.50", "12.00", "85.00").places_sum

    def test_what_is_held_is_short_enough_or_more(self):
        assert compared(69, 27) == "Short by 42"
        assert compared(69, 69) == "As needed"
        assert compared(69, 72) == "3 more than needed"
        assert compared(69, None) == "Nothing planned"


class TestPenetration:
    def test_of_a_plain_count_it_has_wilson_s_limits(self):
        found = penetration(65, Estimate(value=100))

        assert found.share == 0.65
        assert found.limits == pytest.approx((0.5525443, 0.7363575), abs=1e-6)
        assert not found.of_estimate

    def test_the_interval_of_the_estimate_is_carried(self):
        found = penetration(600, Estimate(value=1200, lower=1000, upper=1500))

        assert found.share == 0.5
        assert found.limits == (0.4, 0.6)
        assert found.of_estimate

    def test_more_in_treatment_than_estimated_has_no_limits(self):
        found = penetration(120, Estimate(value=100))

        assert (found.share, found.limits) == (1.2, None)

    @pytest.mark.parametrize(
        ("people", "estimate"),
        [(None, Estimate(value=5)), (5, None), (5, Estimate(value=0))],
    )
    def test_there_is_none_where_a_number_is_missing(self, people, estimate):
        assert penetration(people, estimate) is None

    def test_an_interval_down_to_nought_gives_no_upper_limit_to_carry(self):
        found = penetration(5, Estimate(value=10, lower=0, upper=20))

        assert not found.of_estimate


class TestBullseye:
    def test_what_is_left_of_the_estimate_is_known_to_nobody(self):
        rings = Bullseye(estimate=1943, known=310, left=240, in_treatment=890)

        assert rings.unknown == 503
        assert not rings.overfull

    def test_a_missing_ring_leaves_the_rest_unknown(self):
        assert Bullseye(estimate=100, known=None, left=1, in_treatment=2).unknown is None

    def test_more_known_than_estimated_is_said(self):
        rings = Bullseye(estimate=100, known=60, left=20, in_treatment=30)

        assert rings.overfull
        assert rings.unknown is None
