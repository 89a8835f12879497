"""What is read of a cell, and the sentence for what cannot be."""

from decimal import Decimal

import pytest

from commissioning.rules.line_cells import Listed, read_cells

LISTS = {
    "intervention": Listed({"outreach": "Outreach and re-engagement"}, "an intervention"),
    "provider": Listed({"PR1": "Addaction"}, "a provider", frozenset({"to be commissioned"})),
}


def read(**typed):
    return read_cells(typed, LISTS)


def error(**typed):
    (found,) = read(**typed).errors
    return found.sentence


@pytest.mark.parametrize("typed", ["66872", "£66,872", " £ 66 872 ", "66872.00", "66\u00a0872"])
def test_pounds_are_read_with_their_sign_commas_and_spaces(typed):
    assert read(plain_sum=typed).values == {"plain_sum": Decimal("66872.00")}


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("about 500", "is not an amount"),
        ("1,234.567", "parts of a penny"),
        ("12,34", "is not an amount"),
        ("-5", "less than nothing"),
        ("99999999999", "more than this service can hold"),
        ("NaN", "is not an amount"),
        ("\uff11\uff12", "is not an amount"),
    ],
)
def test_what_is_no_amount_is_said(typed, sentence):
    assert sentence in error(plain_sum=typed)
    assert sentence in error(**{"stream-ptb": typed})


@pytest.mark.parametrize(
    ("column", "typed", "sentence"),
    [
        ("name", "  ", "Enter what the line is called"),
        ("name", "x" * 161, "161 letters"),
        ("name", "a\x00b", "cannot be kept"),
        ("tier", "5", "There is no Tier 5"),
        ("tier", "two", "There is no Tier two"),
        ("planned_starts", "12.5", "is not a whole number"),
        ("planned_starts", "-1", "less than nothing"),
        ("places", "9" * 40, "more than this service can hold"),
        ("volume", "0.123", "at most two decimals"),
        ("volume", "-2", "less than nothing"),
        ("weeks", "54", "enter 53 or less"),
        ("intervention", "Yoga", "“Yoga” is not an intervention"),
        ("stream-ptb", "140%", "is not a percentage"),
        ("stream-ptb", "x%", "is not a percentage"),
    ],
)
def test_each_column_says_what_it_does_not_hold(column, typed, sentence):
    assert sentence in error(**{column: typed})


def test_a_listed_cell_is_read_by_name_or_code_in_any_case():
    assert read(intervention="outreach AND  re-engagement").values["intervention"] == "outreach"
    assert read(intervention="OUTREACH").values["intervention"] == "outreach"
    assert read(provider="To be commissioned").values["provider"] == ""


def test_a_streams_cell_takes_pounds_or_a_percentage():
    found = read(**{"stream-a": "40%", "stream-b": "60 %", "stream-c": ""})

    assert found.percents == {"a": Decimal(40), "b": Decimal(60)}
    assert found.amounts == {"c": Decimal(0)}


def test_pounds_and_percentages_do_not_mix_on_a_line():
    assert "not both" in error(**{"stream-a": "40%", "stream-b": "500"})


def test_a_column_that_is_not_there_is_not_emptied():
    assert read(tier="2").values == {"tier": 2}


def test_every_error_of_a_row_is_told_in_the_order_of_the_grid():
    found = read(**{"stream-a": "x", "weeks": "x", "name": ""})

    assert [one.column for one in found.errors] == ["name", "weeks", "stream-a"]
