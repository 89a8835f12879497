"""What the stories have in common: people who sit down at the page."""

import pytest

from tests.stories.desk import Desk


@pytest.fixture
def desk(live_server, page, settings):
    return Desk(page, live_server, settings)


@pytest.fixture
def sits_down(live_server, page, settings):
    """Somebody signs in at the page and opens an address: the page."""
    return Desk(page, live_server, settings).sit
