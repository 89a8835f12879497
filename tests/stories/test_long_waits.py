"""A commissioner reviews a wait of six weeks, in a real browser."""

import pytest

from reporting.models import LongWait
from tests.factories.commissioning import PartnershipFactory, UserFactory
from tests.factories.providers import AgencyFactory
from tests.factories.reporting import ASKED_ON, DAY, long_wait, modality
from tests.stories.everybody import assert_everybody_can_use, assert_fits_every_width

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def wait():
    partnership = PartnershipFactory(organisation__name="Gateshead", organisation__code="H-01")
    agency = AgencyFactory(partnership=partnership, name="Bensham Road Clinic")
    for number in range(1, 9):
        modality(
            agency,
            kind=[2, 4, 6][number % 3],
            referred_on=ASKED_ON - number * 9 * DAY,
            first_offered_on=ASKED_ON + 40 * DAY if number % 2 else None,
        )
    return long_wait(agency)


@pytest.fixture
def desk(sits_down, wait):
    """A page at which Ann Ward, commissioner of the partnership, is signed in."""
    ann = UserFactory(name="Ann Ward", commissioner_of=wait.partnership)
    UserFactory(name="Bo Lee", lead_of=wait.partnership)
    return sits_down(ann, "/long-waits/")


def test_a_wait_is_found_in_the_list_reviewed_and_closed(desk, wait):
    assert_everybody_can_use(desk)
    desk.get_by_role("link", name=str(wait.pk), exact=True).click()
    assert_everybody_can_use(desk)

    desk.get_by_label("Owner").select_option(label="Bo Lee")
    desk.get_by_label("Cause").select_option(label="No place or appointment free")
    desk.get_by_label("Action (optional)").fill("A second clinic opens in March.")
    desk.get_by_role("button", name="Save review").click()

    desk.get_by_text("is saved. Bo Lee looks after it.").wait_for()
    desk.get_by_role("button", name="Close this wait").click()
    desk.get_by_role("button", name="Close this wait").click()
    desk.get_by_role("link", name="Enter the outcome").wait_for()
    assert_everybody_can_use(desk)
    desk.get_by_label("Outcome").fill("Offered a place in another clinic.")
    desk.get_by_role("button", name="Close this wait").click()

    desk.get_by_text(f"Wait {wait.pk} is closed.").wait_for()
    assert_everybody_can_use(desk)
    assert LongWait.objects.get(pk=wait.pk).state == "CLOSED"


def test_no_page_scrolls_sideways(desk, wait, live_server):
    for address in ("/long-waits/?wait=open", f"/long-waits/{wait.pk}/"):
        assert_fits_every_width(desk, f"{live_server.url}{address}")
