"""The engine against the slow and obvious way: every area, period and breakdown at once."""

import pytest

from reporting.services.refresh import refresh_everything
from tests.reporting.by_hand import ByHand
from tests.reporting.drawn import SmallEngland
from tests.reporting.measured import held_cells, held_days

pytestmark = pytest.mark.django_db


def without_noughts(cells):
    return {
        cell: {name: number for name, number in counts.items() if number}
        for cell, counts in cells.items()
    }


@pytest.fixture(scope="module", params=[1, 2006])
def seed(request):
    return request.param


def test_every_cell_of_every_family_agrees(seed):
    SmallEngland(seed)

    refresh_everything(cause="test")

    by_hand = ByHand()
    for family, cells in held_cells().items():
        expected = without_noughts(by_hand.cells[family])
        assert cells.keys() == expected.keys(), family
        wrong = {
            cell: (cells[cell], expected[cell]) for cell in cells if cells[cell] != expected[cell]
        }
        assert not wrong, family


def test_every_distribution_of_waits_agrees(seed):
    SmallEngland(seed)

    refresh_everything(cause="test")

    assert held_days() == {cell: dict(days) for cell, days in ByHand().days.items()}
