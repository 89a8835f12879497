"""The map of tiles as a picture."""

from xml.etree import ElementTree

from commissioning.charts.cartogram import (
    SHADES,
    Cartogram,
    MapBlock,
    MapTile,
    bounds_of,
    cartogram,
    steps_of,
)

SVG = "{http://www.w3.org/2000/svg}"


def drawn(tiles, *, as_file=False, bounds=(10.0, 20.0)):
    chart = Cartogram(
        title="Places free <tonight>",
        description="Two areas.",
        measure="Places free",
        tiles=tiles,
        blocks=[MapBlock("North East", 6, 0)],
        bounds=bounds,
        steps=["1 to 10", "11 to 20"][: len(bounds)],
    )
    return ElementTree.fromstring(cartogram(chart, as_file=as_file))  # noqa: S314 - our own


LOW = MapTile(6, 0, "00EH", "Darlington", 5.0, "5", "/partnership/00EH/")
HIGH = MapTile(7, 0, "20", "Durham", 20.0, "20", "/partnership/20/")
UNKNOWN = MapTile(8, 0, "35", "Northumberland", None, "–", "/partnership/35/")


def test_each_tile_is_a_link_that_says_its_value_in_words():
    links = drawn([LOW, UNKNOWN]).findall(f"{SVG}a")

    assert [one.get("href") for one in links] == ["/partnership/00EH/", "/partnership/35/"]
    assert [one.find(f"{SVG}title").text for one in links] == [
        "Darlington: 5",
        "Northumberland: not known",
    ]
    assert [one.text for one in links[0].findall(f"{SVG}text")] == ["00EH", "5"]


def test_the_larger_value_is_the_darker_and_what_is_not_known_is_dashed():
    rects = [one.find(f"{SVG}rect") for one in drawn([LOW, HIGH, UNKNOWN]).findall(f"{SVG}a")]

    assert [one.get("fill") for one in rects] == [SHADES[0][0], SHADES[-1][0], "#ffffff"]
    assert [one.get("stroke-dasharray") for one in rects] == [None, None, "3 3"]


def test_a_file_has_its_title_and_no_links():
    file = drawn([LOW], as_file=True)

    assert file.find(f"{SVG}title").text == "Places free <tonight>"
    assert list(file.iter(f"{SVG}a")) == []
    assert file.get("role") == "img"


def test_a_map_without_tiles_is_a_picture_all_the_same():
    assert drawn([], bounds=()).tag == f"{SVG}svg"


def test_steps_hold_about_as_many_areas_each():
    values = [float(one) for one in range(1, 101)]

    assert bounds_of(values) == [20.0, 40.0, 60.0, 80.0, 100.0]
    assert steps_of(values)[0] == (1.0, 20.0)
    assert steps_of([3.0, 3.0, 5.0]) == [(3.0, 3.0), (5.0, 5.0)]
    assert bounds_of([]) == []


def test_one_step_alone_is_of_a_middle_shade():
    (link,) = drawn([LOW], bounds=(5.0,)).findall(f"{SVG}a")

    assert link.find(f"{SVG}rect").get("fill") == SHADES[2][0]
