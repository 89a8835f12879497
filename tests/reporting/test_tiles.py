"""The tile map: a place for every partnership, the same one every time."""

import random

from hypothesis import given
from hypothesis import strategies as st

from commissioning.reference.tables import partnership_centres, partnerships, regions
from reporting.rules.tiles import BLOCKS, Centre, Tile, tiles

REGIONS = st.sampled_from([*BLOCKS, "Z"])
CENTRES = st.lists(
    st.builds(
        Centre,
        code=st.integers(0, 9999).map(str),
        region=REGIONS,
        latitude=st.none() | st.floats(49.8, 55.9),
        longitude=st.floats(-6.5, 1.8),
    ),
    unique_by=lambda one: one.code,
    max_size=120,
)


def all_of_england():
    where = {one.code: one for one in partnership_centres()}
    return [
        Centre(
            one.code,
            one.region_code,
            float(where[one.code].latitude),
            float(where[one.code].longitude),
        )
        for one in partnerships()
    ]


def test_every_region_of_the_reference_table_has_a_block():
    assert set(BLOCKS) == set(regions())


def test_all_149_partnerships_have_a_tile_of_their_own_in_their_regions_block():
    england = all_of_england()

    found = tiles(england)

    assert len(found) == len(set(found.values())) == 149
    for one in england:
        block, tile = BLOCKS[one.region], found[one.code]
        assert block.column <= tile.column < block.column + block.width
        assert tile.row >= block.row
        assert block.rows is None or tile.row < block.row + block.rows


def test_regions_do_not_touch_each_others_blocks_up_or_down():
    for one in BLOCKS.values():
        for other in BLOCKS.values():
            beside = one.column < other.column + other.width and other.column < (
                one.column + one.width
            )
            if other is not one and beside and other.row > one.row:
                assert one.rows is not None
                assert one.row + one.rows <= other.row


def test_a_row_runs_from_west_to_east_and_rows_from_north_to_south():
    found = tiles(
        [
            Centre("east", "A", 55.0, -1.2),
            Centre("west", "A", 54.9, -1.8),
            Centre("middle", "A", 54.8, -1.5),
            Centre("south", "A", 54.5, -1.9),
            Centre("unknown", "A"),
        ]
    )

    assert found == {
        "west": Tile(6, 0),
        "middle": Tile(7, 0),
        "east": Tile(8, 0),
        "south": Tile(6, 1),
        "unknown": Tile(7, 1),
    }


def test_one_of_a_region_without_a_block_stands_below_the_map():
    found = tiles([Centre("one", "A", 55.0, -1.2), Centre("other", "Z", 50.0, -1.0)])

    assert found == {"one": Tile(6, 0), "other": Tile(0, 2)}


@given(CENTRES, st.randoms())
def test_nobody_shares_a_tile_and_the_order_given_does_not_matter(centres, chance):
    shuffled = list(centres)
    chance.shuffle(shuffled)

    found = tiles(centres)

    assert set(found) == {one.code for one in centres}
    assert len(set(found.values())) == len(centres)
    assert tiles(shuffled) == found


def test_england_is_drawn_alike_whoever_asks():
    england = all_of_england()
    assert tiles(england) == tiles(random.Random(1).sample(england, len(england)))
