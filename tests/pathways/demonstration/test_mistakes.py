"""Each mistake does what it says: kept out, or accepted with a question."""

from dataclasses import replace

import pytest

from pathways.demonstration.calibration import BUSINESS_DAY, Calibration
from pathways.demonstration.draws import Draw
from pathways.demonstration.england import england
from pathways.demonstration.geography import chosen_partnerships
from pathways.demonstration.mistakes import QUESTIONED, REJECTED
from pathways.demonstration.population import episodes_of
from pathways.demonstration.rows import HEADER_LINE, lines
from tests.pathways.demonstration.reading import read_episodes, read_rows

TODAY = BUSINESS_DAY.toordinal()
CLEAN = replace(Calibration(), rejected=0, questioned=0, no_consent=0)


@pytest.fixture(scope="module")
def episodes():
    register = england(chosen_partnerships(["00EH", "09"]))
    people = episodes_of(clients=250, seed=3, register=register, calibration=CLEAN, last_day=TODAY)
    return [one for mine in people for one in mine]


def written(episodes, path, mistake=None):
    for one in episodes:
        one.mistake, one.mistake_until = mistake, TODAY if mistake else 0
    path.write_text(HEADER_LINE + "".join(lines(one, TODAY) for one in episodes))
    return path


def changed(episodes, mistake, path):
    """The episodes whose rows the mistake changes, written with it."""
    bitten = []
    for one in episodes:
        one.mistake = None
        clean = lines(one, TODAY)
        one.mistake, one.mistake_until = mistake, TODAY
        if lines(one, TODAY) != clean:
            bitten.append(one)
    return bitten, written(bitten, path, mistake)


def test_without_mistakes_every_episode_is_accepted(episodes, tmp_path):
    accepted, refused, withdrawn = read_episodes(
        written(episodes, tmp_path / "clean.csv"), BUSINESS_DAY
    )

    assert len(accepted) == len(episodes)
    assert refused == []
    assert withdrawn == set()


@pytest.mark.parametrize("mistake", REJECTED, ids=lambda one: one.name)
def test_a_mistake_that_rejects_keeps_the_episode_out(episodes, tmp_path, mistake):
    bitten, path = changed(episodes, mistake, tmp_path / "file.csv")

    accepted, refused, _ = read_episodes(path, BUSINESS_DAY)

    assert bitten
    assert accepted == {}
    assert len(refused) == len(bitten)


@pytest.mark.parametrize("mistake", QUESTIONED, ids=lambda one: one.name)
def test_a_questioned_mistake_leaves_the_episode_in(episodes, tmp_path, mistake):
    bitten, path = changed(episodes, mistake, tmp_path / "file.csv")

    accepted, refused, _ = read_episodes(path, BUSINESS_DAY)

    assert bitten
    assert refused == []
    assert len(accepted) == len(bitten)


def test_lost_zeros_leave_a_code_that_can_be_recognised(episodes, tmp_path):
    (zeros,) = (one for one in QUESTIONED if one.name == "leading zeros lost")

    _, path = changed(episodes, zeros, tmp_path / "file.csv")

    assert {row["DAT"] for row in read_rows(path)} == {"EH", "9"}


def test_a_draw_gives_values_in_proportion_to_their_weights():
    draw = Draw({"often": 3.0, "never": 0.0, "once": 1.0})

    assert [draw(at) for at in (0.0, 0.74, 0.76, 0.999)] == ["often", "often", "once", "once"]
