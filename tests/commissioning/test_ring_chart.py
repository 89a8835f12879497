"""The bullseye as an option, which is plain data, and as a picture."""

from xml.etree import ElementTree

import pytest

from commissioning.charts import Ring, Rings, draw, ring_chart
from commissioning.charts.rings import HEIGHT, NARROW_RADIUS, RADIUS, radii

BULLSEYE = Rings(
    title="Here: 46% of those estimated are in treatment",
    description="Rings.",
    rings=[
        Ring("In treatment now", 890),
        Ring("Left treatment this year", 240),
        Ring("Known, not in treatment", None, "*"),
        Ring("Estimated, known to nobody", 0),
    ],
)


def circles(option):
    return {one["name"]: one["symbolSize"] for one in option["series"][0]["data"]}


def labels(option):
    return [one["label"]["formatter"] for one in option["series"][1]["data"]]


def test_areas_are_as_the_numbers_and_the_outermost_is_whole():
    inner, outer = radii([100, 300], 10)

    assert inner**2 * 3 == pytest.approx(outer**2 - inner**2)
    assert outer == 10


def test_rings_of_nobody_have_no_size():
    assert radii([0, None], 10) == [0, 0]


def test_the_widest_is_drawn_first_so_that_none_is_hidden():
    sizes = list(circles(ring_chart(BULLSEYE)).values())

    assert sizes == sorted(sizes, reverse=True)
    assert sizes[0] == pytest.approx(2 * RADIUS)


def test_a_ring_without_people_is_not_drawn_and_is_labelled_all_the_same():
    option = ring_chart(BULLSEYE)

    assert set(circles(option)) == {"In treatment now", "Left treatment this year"}
    assert labels(option) == [
        "In treatment now: 890",
        "Left treatment this year: 240",
        "Known, not in treatment: *",
        "Estimated, known to nobody: 0",
    ]


def test_in_a_narrow_picture_the_labels_stand_below():
    option = ring_chart(BULLSEYE)["narrow"]

    places = [one["value"] for one in option["series"][1]["data"]]
    bottom = option["series"][0]["data"][0]["value"][1] - NARROW_RADIUS
    assert all(height < bottom for _, height in places)


def test_there_are_at_most_four_rings():
    with pytest.raises(ValueError, match="at most 4"):
        ring_chart(Rings("A", "B", [Ring(str(n), n) for n in range(5)]))


@pytest.mark.parametrize("width", [1090, 360])
def test_it_is_drawn_with_its_words(width):
    picture = draw(ring_chart(BULLSEYE), width=width, height=HEIGHT, titled=True)

    said = " ".join(ElementTree.fromstring(picture).itertext())  # noqa: S314 - drawn by us
    assert "In treatment now: 890" in said
    assert BULLSEYE.title in said
