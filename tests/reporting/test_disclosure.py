"""The disclosure gate: nothing that could tell of few people gets through."""

from dataclasses import replace
from fractions import Fraction
from itertools import product
from random import Random

import pytest
from django.template.loader import render_to_string
from hypothesis import given
from hypothesis import strategies as st

from commissioning.rule_settings import DEFAULTS
from reporting.disclosure import (
    MISSING,
    NOBODY,
    NOT_APPLICABLE,
    SUPPRESSED,
    Gate,
    Shown,
    Sign,
)
from reporting.rules import Colour, wilson

GATE = Gate(DEFAULTS.suppression_rule)
PERIOD = Gate(replace(DEFAULTS, suppression="PERIOD").suppression_rule)

people = st.integers(0, 3000)
shares = people.flatmap(lambda below: st.tuples(st.integers(0, below), st.just(below)))


class TestCount:
    @given(people)
    def test_is_nought_a_star_or_a_multiple_of_five_from_ten(self, count):
        shown = GATE.count(count)

        if 1 <= count <= 7:
            assert shown is SUPPRESSED
        elif count == 0:
            assert shown is NOBODY
        else:
            assert shown.value % 5 == 0
            assert shown.value >= 10
            assert abs(shown.value - count) <= 2

    @pytest.mark.parametrize(
        ("count", "text"),
        [(0, "0"), (1, "*"), (7, "*"), (8, "10"), (12, "10"), (13, "15"), (1234, "1,235")],
    )
    def test_edges(self, count, text):
        assert str(GATE.count(count)) == text

    def test_unknown_is_not_nought(self):
        assert GATE.count(None) is MISSING
        assert GATE.count(None) != GATE.count(0)

    def test_national_totals_are_exact(self):
        assert str(GATE.national.count(125_543)) == "125,543"
        assert str(GATE.national.count(3)) == "3"

    def test_a_negative_count_is_an_error(self):
        with pytest.raises(ValueError, match="negative"):
            GATE.count(-1)


class TestRates:
    @given(shares)
    def test_a_per_cent_follows_from_what_is_shown_of_both_sides(self, share):
        numerator, denominator = map(GATE.count, share)
        shown = GATE.percent(*share)

        if share[1] == 0:
            assert shown is NOT_APPLICABLE
        elif not numerator.is_figure or not denominator.is_figure or denominator.value < 30:
            assert shown is SUPPRESSED
        else:
            exact = Fraction(100 * numerator.value, denominator.value)
            assert abs(shown.value - exact) <= Fraction(1, 2)

    @given(shares)
    def test_equal_releases_give_equal_rates_limits_and_verdicts(self, share):
        pair = GATE.pair(*share)

        if pair is None:
            assert GATE.limits(*share) is None
            assert GATE.verdict(*share, target_percent=85) is None
        else:
            assert GATE.limits(*share) == wilson(*pair)
            assert GATE.verdict(*share, target_percent=85) == Gate.exact().verdict(
                *pair, target_percent=85
            )

    def test_12_of_13_shows_no_rate(self):
        assert GATE.percent(12, 13) is SUPPRESSED

    @pytest.mark.parametrize(("denominator", "shown"), [(27, "*"), (28, "33%"), (30, "33%")])
    def test_the_rounded_denominator_has_to_be_30(self, denominator, shown):
        assert str(GATE.percent(10, denominator)) == shown

    def test_a_hidden_numerator_hides_the_rate(self):
        assert GATE.percent(7, 500) is SUPPRESSED

    def test_nobody_of_many_is_nought_per_cent(self):
        assert str(GATE.percent(0, 40)) == "0%"

    @pytest.mark.parametrize("share", [(None, 40), (10, None), (None, None)])
    def test_unknown_is_missing(self, share):
        assert GATE.percent(*share) is MISSING
        assert GATE.pair(*share) is None

    def test_national_rates_are_of_exact_counts(self):
        assert str(GATE.national.percent(12, 13)) == "92%"

    def test_a_verdict_is_of_what_is_shown(self):
        assert GATE.verdict(98, 102, target_percent=85).colour is Colour.GREEN
        assert GATE.verdict(26, 27, target_percent=85) is None


class TestMeasures:
    @pytest.mark.parametrize(("count", "text"), [(27, "*"), (28, "16.5"), (3, "*"), (500, "16.5")])
    def test_a_median_needs_as_many_people_as_a_rate(self, count, text):
        assert str(GATE.measure(Fraction(33, 2), count)) == text

    def test_a_median_of_nought_days_is_a_figure(self):
        shown = GATE.measure(0, 100, unit=" days")

        assert (shown.sign, str(shown)) == (Sign.FIGURE, "0.0 days")

    def test_of_nobody_it_is_not_applicable_and_of_an_unknown_number_missing(self):
        assert GATE.measure(None, 0) is NOT_APPLICABLE
        assert GATE.measure(None, None) is MISSING

    @given(st.none() | st.integers(0, 1000))
    def test_the_longest_wait_is_never_released(self, longest):
        assert GATE.extreme(longest) is SUPPRESSED
        assert PERIOD.extreme(longest) is SUPPRESSED
        assert GATE.national.extreme(longest) is SUPPRESSED

    def test_those_it_concerns_see_the_longest_wait(self):
        assert str(Gate.exact().extreme(211, unit=" days")) == "211 days"


class TestExact:
    @given(shares)
    def test_hides_and_rounds_nothing(self, share):
        numerator, denominator = share

        assert Gate.exact().count(numerator).value == numerator
        assert Gate.exact().pair(*share) == (share if denominator else None)


class TestPeriodRule:
    @given(people)
    def test_hides_below_five_and_leaves_the_rest_exact(self, count):
        shown = PERIOD.count(count)

        assert shown is SUPPRESSED if 1 <= count <= 4 else shown.value == count

    def test_gives_rates_of_few_as_the_period_did(self):
        assert str(PERIOD.percent(12, 13)) == "92%"
        assert PERIOD.percent(4, 13) is SUPPRESSED


class TestShown:
    def test_signs_are_told_apart(self):
        cells = [NOBODY, SUPPRESSED, MISSING, NOT_APPLICABLE, Shown.figure(10)]

        assert len({cell.sign for cell in cells}) == 5
        assert len({cell.text for cell in cells}) == 5

    def test_provisional_marks_a_figure_and_not_an_empty_cell(self):
        assert str(GATE.count(1234).as_provisional()) == "1,235 (p)"
        assert str(NOBODY.as_provisional()) == "0 (p)"
        assert SUPPRESSED.as_provisional() is SUPPRESSED
        assert GATE.count(10).as_provisional() != GATE.count(10)

    def test_provisional_twice_is_marked_once(self):
        assert str(GATE.count(10).as_provisional().as_provisional()) == "10 (p)"

    def test_every_sign_has_its_legend(self):
        legend = render_to_string("components/legend.html")
        for sign in set(Sign) - {Sign.FIGURE}:
            assert f"<dt>{sign}</dt>" in legend


def table(seed):
    """A small table of people, with many small cells."""
    random = Random(seed)
    return [[random.choice([0, 1, 2, 3, 5, 6, 8, 9, 14, 30]) for _ in range(4)] for _ in range(5)]


def released(gate, cells):
    """What is published of a table: its cells, its margins and its total."""
    rows = [sum(row) for row in cells]
    columns = [sum(column) for column in zip(*cells, strict=True)]
    published = [count for row in cells for count in row] + rows + columns + [sum(rows)]
    return [str(gate.count(count)) for count in published]


def moves(row, column):
    """Small changes to a table that touch the cell: alone, or made up for beside and below it."""
    others = [(r, c) for r, c in product(range(5), range(4)) if r != row and c != column]
    for by in (1, -1):
        yield {(row, column): by}
        for r, c in others:
            yield {(row, column): by, (row, c): -by}
            yield {(row, column): by, (r, column): -by}
            yield {(row, column): by, (r, c): -by}
            yield {(row, column): by, (row, c): -by, (r, column): -by, (r, c): by}


def told(gate, cells):
    """Hidden cells for which no other table gives the same release: those are told."""
    release = released(gate, cells)
    found = []
    for row, column in product(range(5), range(4)):
        if gate.count(cells[row][column]) is not SUPPRESSED:
            continue
        for move in moves(row, column):
            twin = [list(line) for line in cells]
            for (r, c), by in move.items():
                twin[r][c] += by
            if min(map(min, twin)) >= 0 and released(gate, twin) == release:
                break
        else:
            found.append((row, column))
    return found


class TestTwinTables:
    """A hidden cell could have been another number and the release the same."""

    def test_of_200_tables_next_to_no_hidden_cell_is_told_by_its_margins(self):
        tables = [table(seed) for seed in range(200)]
        hidden = sum(GATE.hides(count) for cells in tables for row in cells for count in row)

        assert sum(len(told(GATE, cells)) for cells in tables) <= hidden * 0.005

    def test_hiding_below_five_with_exact_totals_does_tell(self):
        assert told(PERIOD, [[3, 20, 20, 20], *([30] * 4 for _ in range(4))]) == [(0, 0)]

    def test_the_known_limit_is_one_person_beside_figures_at_the_edge_of_their_rounding(self):
        """Each 10 is at least 8 and the total of 15 at most 17, so the star can only be 1."""
        edge = [[0, 1, 8, 8], *([30] * 4 for _ in range(4))]

        assert told(GATE, edge) == [(0, 1)]
