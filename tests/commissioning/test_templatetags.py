"""How numbers, days and boxes are written."""

import datetime as dt
from decimal import Decimal

import pytest
from django.http import QueryDict
from django.template import Context, Template

from commissioning.filter_chips import chips_of
from commissioning.kernel import words
from commissioning.views import lapsing
from reporting.views.gallery_samples import SampleFilter


def rendered(source, **context):
    return Template("{% load gds %}" + source).render(Context(context))


@pytest.mark.parametrize(
    ("write", "value", "written"),
    [
        (words.pounds, Decimal("1174983.00"), "£1,174,983"),
        (words.pounds, Decimal("1174983.50"), "£1,174,983.50"),
        (words.pounds, -20, "−£20"),
        (words.pounds, 0, "£0"),
        (words.weeks, 2.44, "2.4"),
        (words.weeks, Decimal("2.45"), "2.5"),
        (words.weeks_of_days, 17, "2.4"),
        (words.percent, 0.834, "83%"),
        (words.percent, Decimal("0.835"), "84%"),
        (words.percent, 1, "100%"),
        (words.points, 0.04, "+4"),
        (words.points, -0.07, "−7"),
        (words.points, 0.001, "0"),
        (words.count, 12480, "12,480"),
        (words.day, dt.date(2006, 5, 6), "6 May 2006"),
        (words.joined, ["a", "b", "c"], "a, b and c"),
        (words.joined, [], ""),
    ],
)
def test_a_value_is_written_as_the_pages_say(write, value, written):
    assert write(value) == written


@pytest.mark.parametrize("write", [words.pounds, words.weeks, words.percent, words.count])
@pytest.mark.parametrize(
    ("value", "sign"),
    [(None, "–"), ("", "–"), ("*", "*"), ("n/a", "n/a"), ("five", "–"), (float("nan"), "–")],
)
def test_what_is_no_number_is_a_sign_of_the_legend(write, value, sign):
    assert write(value) == sign


def test_a_day_carries_its_date_for_machines():
    day = rendered("{{ when|day }}", when=dt.date(2006, 5, 6))

    assert day == '<time datetime="2006-05-06">6 May 2006</time>'


def test_a_moment_is_written_in_london_time():
    summer = dt.datetime(2006, 7, 1, 11, 5, tzinfo=dt.UTC)

    assert "1 July 2006, 12:05" in rendered("{{ when|day_and_time }}", when=summer)


def test_a_missing_day_is_a_dash():
    assert rendered("{{ when|day }}", when=None) == "–"


def test_words_given_to_a_box_are_escaped_and_its_body_is_not():
    box = rendered('{% panel title=name tone="watch" %}<b>in</b>{% endpanel %}', name="<script>")

    assert "&lt;script&gt;" in box
    assert "<b>in</b>" in box
    assert "app-panel--watch" in box


def test_a_tone_nobody_knows_is_refused():
    with pytest.raises(ValueError, match="'red' is no tone"):
        rendered('{% verdict "Below target" "red" %}')


def test_a_verdict_says_its_word():
    assert ">Below target<" in rendered('{% verdict "Below target" "bad" %}')


def test_a_component_of_the_design_system_escapes_its_text():
    inset = rendered('{% gds "inset-text" text=text %}', text="<b>Late</b>")

    assert "govuk-inset-text" in inset
    assert "&lt;b&gt;Late" in inset


def test_content_kept_once_is_shown_twice():
    page = rendered("{% keep as heading %} A &amp; B {% endkeep %}{{ heading }}|{{ heading }}")

    assert page == "A &amp; B|A &amp; B"


class TestChips:
    def chips(self, query):
        return chips_of(SampleFilter(QueryDict(query), queryset=_Rows()))

    def test_each_value_in_use_is_a_chip_in_words(self):
        chips = self.chips("region=NW&region=LON&value_min=1000&value_max=&state=")

        assert [(chip.name, chip.value) for chip in chips] == [
            ("Region", "North West"),
            ("Region", "London"),
            ("Value in pounds", "from 1000"),
        ]

    def test_its_address_is_the_list_without_it_on_the_first_page(self):
        north_west, *_ = self.chips("region=NW&region=LON&sort=-value&page=3")

        assert QueryDict(north_west.href[1:]) == QueryDict("region=LON&sort=-value")

    def test_a_value_that_is_no_choice_makes_no_chip(self):
        assert self.chips("region=MARS") == []


class _Rows:
    model = None

    def all(self):
        return []


class TestWhatLapses:
    @pytest.fixture
    def at(self, monkeypatch):
        now = dt.datetime(2026, 11, 22, 14, 5, tzinfo=dt.UTC)
        monkeypatch.setattr(lapsing, "technical_now", lambda: now)
        return now + dt.timedelta(hours=47, minutes=59)

    def test_ends_at_an_hour(self, settings, at):
        settings.BUSINESS_DAY = None

        assert lapsing.until(at) == "until 24 November 2026, 14:04"

    def test_where_the_day_is_held_still_says_how_long_it_lasts_yet(self, settings, at):
        settings.BUSINESS_DAY = dt.date(2007, 2, 15)

        assert lapsing.until(at) == "for another 47 hours"
        assert lapsing.until(at - dt.timedelta(hours=46, minutes=59)) == "for another 1 hour"
        assert lapsing.until(at - dt.timedelta(hours=47, minutes=29)) == "for another 30 minutes"

    def test_what_is_over_keeps_its_day(self, settings, at):
        settings.BUSINESS_DAY = dt.date(2007, 2, 15)

        ended = at - dt.timedelta(days=3)
        assert lapsing.until(ended) == "until 21 November 2026, 14:04"
