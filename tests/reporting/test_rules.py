"""The arithmetic of figures, held to published worked values and to what must always be true."""

import math
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from statistics import median, pstdev

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reporting.rules import (
    Assurance,
    Colour,
    Distribution,
    FunnelPosition,
    Limits,
    Signal,
    assurance,
    byar,
    funnel_limits,
    funnel_position,
    mean_limits,
    normal_quantile,
    poisson_exact,
    rate_limits,
    rounded,
    rounded_to_multiple,
    student_t_cdf,
    student_t_quantile,
    verdict,
    whole_percent,
    wilson,
    xmr,
)

shares = st.integers(1, 100_000).flatmap(
    lambda below: st.tuples(st.integers(0, below), st.just(below))
)


class TestQuantiles:
    def test_z_at_95_per_cent(self):
        assert normal_quantile(0.95) == pytest.approx(1.959964, abs=5e-7)

    @pytest.mark.parametrize(
        ("degrees", "t"),
        [
            (1, 12.70620474),
            (2, 4.30265273),
            (10, 2.22813885),
            (30, 2.04227246),
            (1000, 1.96233908),
        ],
    )
    def test_t_as_the_tables_have_it(self, degrees, t):
        assert student_t_quantile(0.95, degrees) == pytest.approx(t, abs=5e-8)

    @pytest.mark.parametrize("t", [-3, -0.5, 0, 0.1, 1, 7])
    def test_t_agrees_with_its_closed_forms(self, t):
        assert student_t_cdf(t, 1) == pytest.approx(0.5 + math.atan(t) / math.pi, abs=1e-12)
        assert student_t_cdf(t, 2) == pytest.approx(
            0.5 + t / (2 * math.sqrt(2 + t * t)), abs=1e-12
        )

    def test_t_of_very_many_is_z(self):
        assert student_t_quantile(0.95, 10**7) == pytest.approx(normal_quantile(0.95), abs=1e-6)

    @pytest.mark.parametrize("confidence", [0, 1, 95])
    def test_a_confidence_lies_between_nought_and_one(self, confidence):
        with pytest.raises(ValueError, match="between 0 and 1"):
            normal_quantile(confidence)


class TestWilson:
    @pytest.mark.parametrize(
        ("numerator", "lower", "upper"),
        [(1, 0.0017674, 0.0544862), (65, 0.5525444, 0.7363575)],
    )
    def test_worked_checks_of_100(self, numerator, lower, upper):
        assert wilson(numerator, 100) == pytest.approx((lower, upper), abs=5e-8)

    @given(shares)
    def test_lies_around_the_share_and_within_nought_and_one(self, share):
        numerator, denominator = share

        lower, upper = wilson(*share)

        assert 0 <= lower <= numerator / denominator <= upper <= 1

    @given(shares)
    def test_those_left_over_have_the_mirrored_limits(self, share):
        numerator, denominator = share
        lower, upper = wilson(denominator - numerator, denominator)

        assert wilson(*share) == pytest.approx((1 - upper, 1 - lower), abs=1e-9)

    @given(shares)
    def test_surer_limits_are_wider(self, share):
        usual, sure = wilson(*share), wilson(*share, confidence=0.998)

        assert sure.lower <= usual.lower
        assert usual.upper <= sure.upper

    @pytest.mark.parametrize("share", [(0, 0), (2, 1), (-1, 5)])
    def test_refuses_what_is_no_share(self, share):
        with pytest.raises(ValueError, match="numerator within a denominator"):
            wilson(*share)


class TestRateLimits:
    def test_byar_worked_check(self):
        assert rate_limits(20, 100, per=100) == pytest.approx((12.2114, 30.8899), abs=5e-5)

    def test_exact_worked_check_under_ten(self):
        assert rate_limits(5, 100, per=100) == pytest.approx((1.6235, 11.6683), abs=5e-5)

    def test_ten_events_is_byar_and_nine_exact(self):
        assert rate_limits(10, 1) == byar(10)
        assert rate_limits(9, 1) == poisson_exact(9)

    def test_no_events_has_a_lower_limit_of_nought(self):
        assert poisson_exact(0) == pytest.approx((0, -math.log(0.025)))

    @given(st.integers(0, 60), st.sampled_from([0.9, 0.95, 0.998]))
    def test_exact_limits_are_where_the_count_is_just_improbable(self, events, confidence):
        lower, upper = poisson_exact(events, confidence=confidence)
        tail = (1 - confidence) / 2

        def at_most(count, mean):
            return sum(
                math.exp(k * math.log(mean) - mean - math.lgamma(k + 1)) for k in range(count + 1)
            )

        assert at_most(events, upper) == pytest.approx(tail, rel=1e-6)
        if events:
            assert 1 - at_most(events - 1, lower) == pytest.approx(tail, rel=1e-6)

    @given(st.integers(10, 200))
    def test_byar_is_close_to_exact_from_ten_on(self, events):
        assert byar(events) == pytest.approx(poisson_exact(events), rel=0.01)

    def test_needs_an_exposure(self):
        with pytest.raises(ValueError, match="exposure"):
            rate_limits(1, 0)


class TestMeanLimits:
    def test_of_a_few_waits_by_hand(self):
        waits = [10, 12, 14, 20]
        limits = mean_limits(count=4, total=56, squares=sum(w * w for w in waits))

        reach = 3.182446 * pstdev(waits) / math.sqrt(3)
        assert limits == pytest.approx((14 - reach, 14 + reach), abs=1e-5)

    @pytest.mark.parametrize("count", [0, 1])
    def test_one_value_has_no_spread(self, count):
        assert mean_limits(count=count, total=7 * count, squares=49 * count) is None

    @given(st.lists(st.integers(0, 400), min_size=2, max_size=50))
    def test_lies_evenly_around_the_mean(self, waits):
        lower, upper = mean_limits(
            count=len(waits), total=sum(waits), squares=sum(w * w for w in waits)
        )

        assert (lower + upper) / 2 == pytest.approx(sum(waits) / len(waits), abs=1e-6)
        assert lower <= upper


class TestFunnel:
    def test_worked_check(self):
        limits = funnel_limits(0.80642448, 24)

        assert limits.inner == pytest.approx((0.648354, 0.964495), abs=5e-7)

    def test_is_clamped(self):
        limits = funnel_limits(0.95, 4)

        assert limits.outer.upper == 1
        assert funnel_limits(0.05, 4).outer.lower == 0

    @given(st.floats(0, 1), st.integers(1, 10**6))
    def test_the_outer_limits_hold_the_inner(self, share, denominator):
        limits = funnel_limits(share, denominator)

        assert 0 <= limits.outer.lower <= limits.inner.lower <= share
        assert share <= limits.inner.upper <= limits.outer.upper <= 1

    @pytest.mark.parametrize(
        ("numerator", "position"),
        [
            (500, FunnelPosition.WITHIN),
            (535, FunnelPosition.ABOVE_INNER),
            (560, FunnelPosition.ABOVE_OUTER),
            (465, FunnelPosition.BELOW_INNER),
            (440, FunnelPosition.BELOW_OUTER),
        ],
    )
    def test_says_where_a_share_stands(self, numerator, position):
        assert funnel_position(numerator, 1000, funnel_limits(0.5, 1000)) is position


class TestXmr:
    def signals(self, points):
        return xmr(points).signals

    def test_limits_are_2_66_mean_moving_ranges_from_the_mean(self):
        chart = xmr([10, 12, 10, 12, 10, 12])

        assert chart.mean == 11
        assert chart.limits == pytest.approx((11 - 2.66 * 2, 11 + 2.66 * 2))
        assert chart.near == pytest.approx((11 - 5.32 * 2 / 3, 11 + 5.32 * 2 / 3))
        assert chart.signals == ((),) * 6

    def test_a_wild_moving_range_is_dropped_once(self):
        points = [10, 11] * 10 + [60] + [10, 11] * 10
        chart = xmr(points)

        ranges = [abs(b - a) for a, b in pairwise(points)]
        kept = [r for r in ranges if r < 3.267 * sum(ranges) / len(ranges)]
        assert len(kept) == len(ranges) - 2
        reach = 2.66 * sum(kept) / len(kept)
        assert chart.limits == pytest.approx((chart.mean - reach, chart.mean + reach))
        assert chart.signals[20] == (Signal.ABOVE_LIMIT,)

    @pytest.mark.parametrize(("points", "trial"), [(11, True), (12, False)])
    def test_limits_are_trial_under_12_points(self, points, trial):
        assert xmr(list(range(points))).trial is trial

    @pytest.mark.parametrize("points", [[], [5]])
    def test_one_point_makes_no_chart(self, points):
        assert xmr(points) is None

    def test_points_that_never_move_do_not_signal(self):
        assert self.signals([0.1] * 20) == ((),) * 20

    def test_seven_on_one_side_signal_and_six_do_not(self):
        seven = self.signals([10, 12] * 3 + [9, 10.5] * 5 + [14, 15, 14, 15, 14, 15, 14])
        six = self.signals([10, 12] * 3 + [12.5, 9] * 5 + [14, 15, 14, 15, 14, 15])

        assert [Signal.RUN_ABOVE in s for s in seven] == [False] * 16 + [True] * 7
        assert not any(Signal.RUN_ABOVE in s for s in six)

    @pytest.mark.parametrize(("length", "found"), [(7, 7), (6, 0)])
    def test_seven_in_a_row_rising_signal_and_six_do_not(self, length, found):
        points = [50, 52] * 5 + [47 + step for step in range(length)] + [50, 51, 50]

        signals = self.signals(points)

        assert sum(Signal.RISING in s for s in signals) == found

    def test_falling_is_told_from_rising(self):
        signals = self.signals([20 - step for step in range(8)])

        assert all(Signal.FALLING in s for s in signals)

    def test_where_a_rise_turns_into_a_fall_the_later_names_the_point(self):
        signals = self.signals([*range(7), *range(5, -1, -1)])

        assert Signal.FALLING in signals[6]
        assert Signal.RISING not in signals[6]

    def test_two_of_three_in_the_outer_third_on_one_side_signal(self):
        points = [10, 12] * 8 + [15.4, 12.1, 15.4] + [10, 12] * 3
        chart = xmr(points, baseline=16)

        assert chart.near.upper < 15.4 <= chart.limits.upper
        assert Signal.TWO_OF_THREE_HIGH in chart.signals[16]
        assert Signal.TWO_OF_THREE_HIGH not in chart.signals[17]
        assert Signal.TWO_OF_THREE_HIGH in chart.signals[18]

    def test_a_baseline_is_kept_however_the_later_points_move(self):
        calm = [10, 12] * 6
        chart = xmr([*calm, 40, 41, 42], baseline=12)

        assert chart.limits == xmr(calm).limits
        assert [s[:1] for s in chart.signals[12:]] == [(Signal.ABOVE_LIMIT,)] * 3

    @given(st.lists(st.integers(-1000, 1000), min_size=2, max_size=40))
    def test_upside_down_the_signals_are_upside_down(self, points):
        swap = {
            Signal.ABOVE_LIMIT: Signal.BELOW_LIMIT,
            Signal.RISING: Signal.FALLING,
            Signal.TWO_OF_THREE_HIGH: Signal.TWO_OF_THREE_LOW,
            Signal.RUN_ABOVE: Signal.RUN_BELOW,
        }
        swap |= {low: high for high, low in swap.items()}

        mirrored = self.signals([-point for point in points])

        assert mirrored == tuple(tuple(swap[s] for s in point) for point in self.signals(points))

    @pytest.mark.parametrize(
        ("target", "higher", "lower"),
        [
            (95, Assurance.FAILS, Assurance.PASSES),
            (80, Assurance.VARIES, Assurance.VARIES),
            (60, Assurance.PASSES, Assurance.FAILS),
        ],
    )
    def test_a_target_is_above_inside_or_below_the_limits(self, target, higher, lower):
        limits = Limits(70, 90)

        assert assurance(limits, target) is higher
        assert assurance(limits, target, higher_is_better=False) is lower


class TestVerdict:
    @pytest.mark.parametrize(
        ("numerator", "colour"),
        [(920, Colour.GREEN), (850, Colour.AMBER), (860, Colour.AMBER), (800, Colour.RED)],
    )
    def test_is_green_red_or_amber_by_the_95_per_cent_limits(self, numerator, colour):
        found = verdict(numerator, 1000, target_percent=85)

        assert found.colour is colour
        assert found.words

    def test_few_people_are_not_judged_hastily(self):
        assert verdict(6, 8, target_percent=85).colour is Colour.AMBER

    def test_a_target_to_stay_under_is_judged_the_other_way(self):
        judged = [verdict(n, 1000, target_percent=10, higher_is_better=False) for n in (50, 150)]

        assert [found.colour for found in judged] == [Colour.GREEN, Colour.RED]

    def test_of_nobody_there_is_none(self):
        assert verdict(0, 0, target_percent=85) is None

    def test_words_differ_with_the_colour(self):
        words = {verdict(n, 1000, target_percent=85).words for n in (920, 850, 800)}

        assert len(words) == 3

    @given(shares, st.integers(0, 100))
    def test_never_green_with_a_share_below_target_nor_red_with_one_above(self, share, target):
        numerator, denominator = share
        found = verdict(numerator, denominator, target_percent=target)

        if 100 * numerator < target * denominator:
            assert found.colour is not Colour.GREEN
        if 100 * numerator > target * denominator:
            assert found.colour is not Colour.RED


class TestRounding:
    @pytest.mark.parametrize(
        ("numerator", "denominator", "percent"),
        [(1, 8, 13), (1, 200, 1), (1, 201, 0), (2, 3, 67), (5, 5, 100), (0, 9, 0), (29, 200, 15)],
    )
    def test_whole_per_cents_are_halves_up(self, numerator, denominator, percent):
        assert whole_percent(numerator, denominator) == percent

    @given(shares)
    def test_a_per_cent_is_within_half_of_the_share(self, share):
        numerator, denominator = share

        off = whole_percent(numerator, denominator) - Fraction(100 * numerator, denominator)

        assert Fraction(-1, 2) < off <= Fraction(1, 2)

    @pytest.mark.parametrize(
        ("count", "shown"), [(0, 0), (8, 10), (12, 10), (13, 15), (1000, 1000)]
    )
    def test_counts_go_to_the_nearest_five(self, count, shown):
        assert rounded_to_multiple(count, 5) == shown

    @pytest.mark.parametrize(
        ("value", "places", "shown"),
        [
            (Fraction(1, 20), 1, "0.1"),
            (Fraction(-1, 20), 1, "-0.1"),
            (Fraction(49, 1000), 1, "0.0"),
            (Fraction(17, 7), 1, "2.4"),
            (3, 1, "3.0"),
            (Fraction(5, 2), 0, "3"),
        ],
    )
    def test_decimals_are_halves_away_from_nought(self, value, places, shown):
        assert rounded(value, places) == Decimal(shown)
        assert str(rounded(value, places)) == shown


waits = st.lists(st.integers(0, 400), min_size=1, max_size=60)


def spread(days):
    return Distribution.of({day: days.count(day) for day in days})


class TestDistribution:
    @given(waits)
    def test_agrees_with_the_waits_written_out(self, days):
        spreads = spread(days)

        assert spreads.total == len(days)
        assert spreads.mean == Fraction(sum(days), len(days))
        assert spreads.median == Fraction(median(map(Fraction, days)))
        assert (spreads.shortest, spreads.longest) == (min(days), max(days))
        assert spreads.squares == sum(day * day for day in days)

    @given(waits, st.integers(0, 400))
    def test_thresholds_are_exact(self, days, threshold):
        spreads = spread(days)

        assert spreads.at_most(threshold) == sum(day <= threshold for day in days)
        assert spreads.at_least(threshold) == sum(day >= threshold for day in days)

    @given(waits, st.integers(1, 100))
    def test_a_percentile_is_the_fewest_days_that_cover_the_share(self, days, percent):
        spreads = spread(days)

        found = spreads.percentile(percent)

        assert 100 * spreads.at_most(found) >= percent * len(days)
        assert 100 * spreads.at_most(found - 1) < percent * len(days)

    @given(waits, waits)
    def test_areas_together_are_one_area(self, one, other):
        assert Distribution.together([spread(one), spread(other)]) == spread(one + other)

    def test_of_nobody_there_is_no_median(self):
        nobody = Distribution.of({3: 0})

        assert (nobody.total, nobody.median, nobody.mean, nobody.longest) == (0, None, None, None)
        assert nobody.percentile(90) is None

    def test_the_middle_of_two_is_half_way(self):
        assert spread([20, 23]).median == Fraction(43, 2)

    @pytest.mark.parametrize("percent", [0, 101])
    def test_a_percentile_lies_above_nought_and_up_to_100(self, percent):
        with pytest.raises(ValueError, match="percentile"):
            spread([1]).percentile(percent)

    def test_a_count_is_not_negative(self):
        with pytest.raises(ValueError, match="negative"):
            Distribution.of({1: -1})
