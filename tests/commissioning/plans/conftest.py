"""What tests of several parts of a plan ask for."""

import pytest

from tests.factories.plans import FundingFactory, PlanFactory, StreamFactory


@pytest.fixture
def plan():
    return PlanFactory(partnership__organisation__name="Blackpool")


@pytest.fixture
def streams(plan):
    """Two streams the partnership has."""
    made = [StreamFactory(code="ptb", name="Pooled"), StreamFactory(code="pct", name="PCT")]
    for stream in made:
        FundingFactory(partnership=plan.partnership, stream=stream)
    return made
