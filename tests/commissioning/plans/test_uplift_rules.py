"""Uplift and shares, to the penny."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commissioning.kernel.money import shared
from commissioning.rules.shares import member_part, parts_of_member, shares_by_need
from commissioning.rules.uplift import Price, Uplifts, raised, uplifted

D = Decimal


def price(amounts, *, plain_sum=None, unit_cost=None, volume=None, weeks=None):
    return Price(
        unit_cost, volume, weeks, plain_sum, {one: D(sum_) for one, sum_ in amounts.items()}
    )


def lifted(before, *, provider="", intervention="", **rates):
    return uplifted(before, Uplifts(**rates), provider=provider, intervention=intervention)


class TestUplift:
    def test_a_stream_moves_only_its_own_part(self):
        after = lifted(
            price({"ptb": "60000", "pct": "40000"}, plain_sum=D(100000)), streams={"ptb": D("2.5")}
        )

        assert after.amounts == {"ptb": D("61500.00"), "pct": D("40000.00")}
        assert after.plain_sum == after.cost == D("101500.00")

    def test_a_provider_comes_before_its_intervention_and_both_before_streams(self):
        before = price({"ptb": "100"}, plain_sum=D(100))
        rates = {
            "providers": {"addaction": D(1)},
            "interventions": {"outreach": D(2)},
            "streams": {"ptb": D(3)},
        }

        assert lifted(before, provider="addaction", intervention="outreach", **rates).cost == 101
        assert lifted(before, provider="other", intervention="outreach", **rates).cost == 102
        assert lifted(before, **rates).cost == 103

    def test_a_unit_price_is_rounded_and_what_was_paid_in_full_stays_so(self):
        before = price(
            {"ptb": "5241.60", "pct": "3494.40"}, unit_cost=D(42), volume=D(8), weeks=D(26)
        )

        after = lifted(before, interventions={"outreach": D("1.33")}, intervention="outreach")

        assert after.unit_cost == D("42.56")  # 42.5586
        assert after.cost == D("8852.48") == sum(after.amounts.values())
        assert after.amounts == {"ptb": D("5311.49"), "pct": D("3540.99")}

    def test_what_no_stream_paid_is_not_paid_by_the_uplift_either(self):
        after = lifted(price({"ptb": "40"}, plain_sum=D(100)), streams={"ptb": D(10)})

        assert (after.cost, after.amounts) == (D("104.00"), {"ptb": D("44.00")})

    def test_less_and_nothing_at_all(self):
        before = price({"ptb": "99.99"}, plain_sum=D("99.99"))

        assert lifted(before, streams={"ptb": D(-3)}).cost == D("96.99")
        assert lifted(before, streams={"ptb": D(-100)}).cost == 0
        assert lifted(price({}), streams={"ptb": D(5)}).cost == 0

    def test_half_a_penny_goes_up(self):
        assert raised(D("0.50"), D(1)) == D("0.51")

    @given(
        pennies=st.dictionaries(st.sampled_from("abcd"), st.integers(1, 99999999), min_size=1),
        hundredths=st.dictionaries(st.sampled_from("abcd"), st.integers(-10000, 99900)),
    )
    def test_a_line_paid_in_full_is_so_again(self, pennies, hundredths):
        amounts = {stream: D(number) / 100 for stream, number in pennies.items()}
        rates = {stream: D(number) / 100 for stream, number in hundredths.items()}

        after = lifted(price(amounts, plain_sum=sum(amounts.values())), streams=rates)

        assert sum(after.amounts.values()) == after.cost
        for stream, amount in after.amounts.items():
            exact = amounts[stream] * (100 + rates.get(stream, D(0))) / 100
            # A penny for the share, half a penny for the cost that is shared.
            assert abs(amount - exact) <= D("0.015")


class TestShares:
    def test_three_thirds_of_a_pound_lose_no_penny(self):
        shares = {7: D("33.333"), 3: D("33.333"), 9: D("33.334")}

        assert [member_part(D("1.00"), shares, one) for one in (3, 7, 9)] == [
            D("0.33"),
            D("0.33"),
            D("0.34"),
        ]

    def test_a_members_lines_add_up_to_its_part_of_the_stream(self):
        taken = [(1, "ptb", D("100.01")), (2, "ptb", D("50.00")), (2, "care", D("10.00"))]
        shares = {1: D(60), 2: D(40)}

        parts = {one: parts_of_member(taken, shares, one) for one in shares}

        for stream, total in (("ptb", D("150.01")), ("care", D("10.00"))):
            sums = [
                sum(of_line.get(stream, D(0)) for of_line in lines.values())
                for lines in parts.values()
            ]
            assert sums == shared(total, [D(60), D(40)])
            assert sum(sums) == total

    @given(st.lists(st.integers(0, 50000), min_size=2, max_size=20).filter(any))
    def test_shares_by_need_make_a_hundred(self, needs):
        assert sum(shares_by_need(needs)) == 100

    def test_nobody_in_need_is_nothing_to_share_by(self):
        with pytest.raises(ValueError, match="Nothing"):
            shares_by_need([0, 0])
