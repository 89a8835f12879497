"""What tests of several of the provider's parts ask for."""

import pytest

from tests.factories.call_offs import Market


@pytest.fixture
def market():
    """Two free beds, and a partnership that may buy them."""
    return Market()
