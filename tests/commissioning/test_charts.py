"""Charts as options, which are plain data, and as pictures."""

import json
import threading
from dataclasses import replace
from xml.etree import ElementTree

import pytest

from commissioning.charts import (
    Annotation,
    Bar,
    Bars,
    Distribution,
    DrawingFailed,
    Funnel,
    FunnelPoint,
    HeatMap,
    HeatRow,
    Limits,
    Point,
    Series,
    TimeSeries,
    TooManySeries,
    as_json,
    as_svg,
    bar_chart,
    distribution_chart,
    draw,
    funnel_chart,
    heat_map,
    time_series_chart,
)
from commissioning.charts.option import OURS, SIGNAL


def time_series(**changes):
    told = {
        "title": "Waits fell",
        "description": "Ours fell <below> the target.",
        "periods": ["Q1", "Q2", "Q3"],
        "unit": "percent",
        "target": 90,
        "series": [
            Series("Ours", [Point(80), Point(None), Point(83, n=412, provisional=True)], "ours"),
            Series("England", [Point(81), Point(82), Point(83)]),
        ],
        "annotations": [Annotation("Q2", "Service closed")],
    }
    return TimeSeries(**{**told, **changes})


BARS = Bars(
    title="Salford is lowest",
    description="Bars.",
    unit="percent",
    bars=[Bar("Bolton", 94), Bar("Salford", 72, "signal", 200, 66, 78), Bar("Bury", None)],
    target=90,
)
WAITED = Distribution(
    title="Few wait long",
    description="Columns.",
    steps=["0–1", "1–2", "2–3", "3 or more"],
    counts=[4, 3, 2, 1],
    beyond=3,
    markers=[(3, "Target 3 weeks")],
)
FUNNEL = Funnel(
    title="One is outside",
    description="Funnel.",
    points=[
        FunnelPoint("Ours", 400, 80, ours=True),
        FunnelPoint("Salford", 600, 60, outside=True),
    ],
    limits=[Limits(100, 70, 86, 65, 91), Limits(1000, 75, 81, 74, 82)],
    centre=78,
    centre_words="England 78%",
)
OPTIONS = [
    pytest.param(time_series_chart(time_series()), id="time series"),
    pytest.param(bar_chart(BARS), id="bars"),
    pytest.param(distribution_chart(WAITED), id="distribution"),
    pytest.param(funnel_chart(FUNNEL), id="funnel"),
]


def line(option, name):
    return next(one for one in option["series"] if one["name"] == name)


class TestTimeSeries:
    def test_names_its_target_and_what_happened(self):
        marks = [mark for one in time_series_chart(time_series())["series"] if "markLine" in one
                 for mark in one["markLine"]["data"]]  # fmt: skip

        assert [mark["label"]["formatter"] for mark in marks] == ["Target 90%", "Service closed"]

    def test_leaves_a_gap_where_a_value_is_missing(self):
        ours = line(time_series_chart(time_series()), "Ours")

        assert ours["data"][1]["value"] is None
        assert ours["connectNulls"] is False

    def test_says_value_number_and_standing_under_the_pointer(self):
        last = line(time_series_chart(time_series()), "Ours")["data"][2]

        assert last["tooltip"]["formatter"] == "Ours, Q3\n83%\nn = 412\nprovisional"

    def test_names_each_line_at_its_end_and_keeps_names_apart(self):
        option = time_series_chart(time_series())
        labels = [one["data"][2]["label"] for one in option["series"]]

        assert {label["formatter"] for label in labels} == {"Ours 83%", "England 83%"}
        assert abs(labels[0]["offset"][1] - labels[1]["offset"][1]) >= 17

    def test_draws_ours_in_blue_on_top(self):
        option = time_series_chart(time_series())

        assert option["series"][-1]["name"] == "Ours"
        assert option["series"][-1]["lineStyle"]["color"] == OURS

    def test_counts_start_at_zero(self):
        assert time_series_chart(time_series(unit="count", target=None))["yAxis"]["min"] == 0

    def test_has_a_legend_instead_of_labels_on_a_narrow_screen(self):
        narrow = time_series_chart(time_series())["narrow"]

        assert narrow["legend"]["show"] is True
        assert all("label" not in point for one in narrow["series"] for point in one["data"])

    def test_refuses_an_eighth_series(self):
        series = [Series(f"Area {n}", [Point(n)] * 3) for n in range(8)]

        with pytest.raises(TooManySeries, match="at most 7 series; this one has 8"):
            time_series_chart(time_series(series=series))


def test_bars_show_the_signal_in_orange_and_a_dash_where_nothing_is_known():
    option = bar_chart(BARS)

    assert option["series"][0]["data"][1]["itemStyle"]["color"] == SIGNAL
    assert option["yAxis"]["data"] == ["Bolton", "Salford", "Bury  –"]


def test_a_distribution_turns_orange_beyond_its_threshold():
    colours = [
        one["itemStyle"]["color"] for one in distribution_chart(WAITED)["series"][0]["data"]
    ]

    assert colours == [OURS, OURS, OURS, SIGNAL]


def test_a_funnel_names_ours_and_those_outside_by_shape_too():
    looks = {
        one["name"]: look
        for look in funnel_chart(FUNNEL)["series"]
        if look["type"] == "scatter"
        for one in look["data"]
    }

    assert looks["Salford"]["symbol"] == "diamond"
    assert looks["Salford"]["label"]["show"] is True
    assert looks["Ours"]["symbol"] == "circle"


@pytest.mark.parametrize("option", OPTIONS)
class TestEveryChart:
    def test_is_plain_data(self, option):
        assert json.loads(json.dumps(option)) == option

    @pytest.mark.parametrize("width", [360, 1090])
    def test_is_drawn_as_a_picture_with_a_name_and_a_description(self, option, width):
        picture = ElementTree.fromstring(draw(option, width=width))  # noqa: S314 - our own

        assert picture.get("width") == str(width)
        assert picture.get("role") == "img"
        assert picture[0].text == option["title"]["text"]
        assert picture[1].text == option["aria"]["label"]["description"]

    def test_has_its_title_in_the_file_and_not_on_the_page(self, option):
        title = f">{option['title']['text']}</text>"

        assert title not in draw(option)
        assert title in draw(option, titled=True)


def test_threads_share_one_engine():
    option = time_series_chart(time_series())
    pictures = []

    def one_of(width):
        pictures.append(draw(option, width=width))

    threads = [threading.Thread(target=one_of, args=[600 + 10 * n]) for n in range(6)]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(pictures) == 6
    assert all(picture.startswith("<svg") and "Ours 83%" in picture for picture in pictures)


def test_a_picture_is_drawn_again_as_soon_as_anything_in_it_changes():
    chart = time_series()
    picture = draw(time_series_chart(chart))

    assert draw(time_series_chart(chart)) == picture
    assert draw(time_series_chart(replace(chart, target=71))) != picture
    assert draw(time_series_chart(chart), width=760) != picture
    assert draw(time_series_chart(replace(chart, description="Other words."))) != picture


def test_an_option_that_cannot_be_drawn_says_so_and_spoils_nothing():
    good = time_series_chart(time_series())

    with pytest.raises(DrawingFailed):
        draw({**good, "series": [{"type": "no such type"}], "xAxis": {"type": "nonsense"}})

    assert draw(good).startswith("<svg")


class TestAnswers:
    def test_a_picture_may_style_itself_and_nothing_else(self, rf):
        answer = as_svg(rf.get("/chart.svg"), time_series_chart(time_series()), name="waits")

        assert answer["Content-Type"].startswith("image/svg+xml")
        assert "default-src 'none'" in answer["Content-Security-Policy"]

    @pytest.mark.parametrize(("asked", "width"), [("360", 360), ("99999", 1090), ("x", 1090)])
    def test_a_width_is_one_of_those_we_draw(self, rf, asked, width):
        request = rf.get("/chart.svg", {"width": asked})

        picture = as_svg(request, time_series_chart(time_series()), name="waits").content.decode()

        assert f'<svg width="{width}"' in picture

    def test_a_download_has_a_name(self, rf):
        request = rf.get("/chart.svg", {"download": "1"})

        answer = as_svg(request, time_series_chart(time_series()), name="waits")

        assert answer["Content-Disposition"] == 'attachment; filename="waits.svg"'

    def test_the_browser_gets_the_same_option_and_its_height(self):
        option = time_series_chart(time_series())

        assert json.loads(as_json(option, height=300).content) == {**option, "height": 300}


def test_every_kind_of_chart_is_in_the_gallery_with_its_table(client, settings):
    settings.DEBUG = True

    page = client.get("/gallery/").content.decode()

    for name, cell in (
        ("waits", "92%"), ("areas", "Rochdale"), ("distribution", "People"), ("funnel", "Salford"),
        ("rings", "Left treatment this year"), ("stacked", "£239,000"),
    ):  # fmt: skip
        assert f'id="{name}-chart"' in page
        assert cell in page
        assert client.get(f"/gallery/chart.svg?chart={name}").content.startswith(b"<svg")


class TestHeatMap:
    CHART = HeatMap(
        title="Half full",
        description="Rows of services.",
        columns=["1", "2", "3"],
        rows=[HeatRow("The House", [0, 0.5, None]), HeatRow("The Mill", [1, 1, 1])],
    )

    def test_each_cell_is_the_share_of_its_row_and_column(self):
        option = heat_map(self.CHART)

        cells = [one["value"] for one in option["series"][0]["data"]]
        assert cells == [[0, 0, 0], [1, 0, 50], [0, 1, 100], [1, 1, 100], [2, 1, 100]]
        assert option["series"][0]["data"][1]["tooltip"]["formatter"] == "The House, 2: 50%"

    def test_what_is_not_known_is_crossed_and_not_nought(self):
        assert heat_map(self.CHART)["series"][1]["data"] == [[2, 0]]

    def test_it_is_drawn_in_both_widths_with_room_for_each_row(self):
        for width in (360, 1090):
            picture = draw(heat_map(self.CHART), width=width, height=self.CHART.height)
            assert picture.startswith("<svg")
            assert "The House" in picture
