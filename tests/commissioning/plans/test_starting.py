"""Starting a plan from nothing."""

import pytest
from django.urls import reverse

from commissioning.models import Plan
from commissioning.services.plans.starting import PlanNotStarted, start_plan
from tests.factories.commissioning import PartnershipFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def partnership():
    return PartnershipFactory()


@pytest.fixture
def lead(partnership):
    return UserFactory(lead_of=partnership)


def test_a_year_that_has_a_plan_gets_no_second(partnership, lead):
    start_plan(partnership=partnership, year=2006, by=lead)

    with pytest.raises(PlanNotStarted, match="has a plan for 2006/07 already"):
        start_plan(partnership=partnership, year=2006, by=lead)

    assert Plan.objects.filter(partnership=partnership).count() == 1


def test_the_page_says_so(partnership, lead, client):
    start_plan(partnership=partnership, year=2006, by=lead)
    client.force_login(lead)

    page = client.post(
        reverse("commissioning:plan-start", args=[partnership.code]), {"year": "2006"}
    )

    assert "has a plan for 2006/07 already" in page.content.decode()
