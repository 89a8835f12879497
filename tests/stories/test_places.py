"""A provider's minute: the board, one change, no change today, and the link in a letter."""

import datetime as dt
import re

import pytest
from django.core import mail

from commissioning.kernel.clock import business_day, technical_now
from commissioning.scoping import System
from providers.choices import PlaceKind
from providers.models import Board, Occupancy
from providers.services.places import admit, open_places
from providers.services.places.reminding import remind_of_boards
from tests.factories.commissioning import UserFactory
from tests.factories.places import BoardFactory
from tests.factories.providers import ServiceFactory
from tests.stories.everybody import assert_everybody_can_use, assert_fits, assert_in_sight

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
BY = System("a test")


@pytest.fixture
def service():
    service = ServiceFactory(name="Valley House", slug="valley")
    today = business_day()
    beds = open_places(
        service=service,
        labels=[f"Bed {n}" for n in range(1, 9)],
        kind=PlaceKind.BED,
        on=today - dt.timedelta(days=90),
        today=today,
        by=BY,
    )
    for bed in beds[:6]:
        admit(
            place=bed,
            on=today - dt.timedelta(days=20),
            planned_until=today + dt.timedelta(days=30),
            case=f"VH-{bed.label[-1]}",
            today=today,
            by=BY,
        )
    BoardFactory(service=service, stated_at=technical_now() - dt.timedelta(hours=32))
    return service


def test_a_board_is_brought_up_to_date_in_a_minute(sits_down, service):
    ann = UserFactory(name="Ann Ward", keyworker_of=service.provider.organisation)
    desk = sits_down(ann, f"/provider/{service.provider.code}/places/")
    assert_everybody_can_use(desk)

    desk.get_by_role("button", name=re.compile(r"Left\W+Bed 3$")).click()
    desk.get_by_text("Bed 3: they left. It is free.").wait_for()
    desk.get_by_role("button", name=re.compile(r"Admit\W+Bed 7$")).click()
    desk.get_by_text("Somebody is in Bed 7").wait_for()
    assert Occupancy.objects.on(business_day()).count() == 6
    desk.get_by_role("button", name="No change today, on any board").click()
    desk.get_by_text("said just now by Ann Ward").wait_for()

    desk.get_by_role("link", name="Bed 3", exact=True).click()
    desk.get_by_role("heading", name="History").wait_for()
    assert_everybody_can_use(desk)
    desk.get_by_role("link", name=re.compile(r"^Correct\W+Left")).click()
    desk.get_by_label("It did not happen").check()
    desk.get_by_label("How the mistake came about").fill("The wrong bed.")
    desk.get_by_role("button", name="Correct").click()
    desk.get_by_text("the history is put right").wait_for()
    assert Occupancy.objects.on(business_day()).count() == 7

    desk.goto(desk.url.split("/places/")[0] + "/places/")
    desk.get_by_role("link", name=re.compile(r"^Projected vacancies")).click()
    desk.get_by_role("heading", name="Projected vacancies: Valley House").wait_for()
    assert_everybody_can_use(desk)


def test_the_board_fits_a_telephone(sits_down, service):
    ann = UserFactory(keyworker_of=service.provider.organisation)
    desk = sits_down(ann, f"/provider/{service.provider.code}/places/")
    desk.set_viewport_size({"width": 390, "height": 800})

    assert_fits(desk)
    assert_everybody_can_use(desk)
    assert_in_sight(desk.get_by_role("row", name=re.compile("^Bed 3")).get_by_text("Occupied"))
    left = desk.get_by_role("button", name=re.compile(r"Left\W+Bed 3$"))
    assert_in_sight(left)
    left.click()
    desk.get_by_text("Bed 3: they left. It is free.").wait_for()
    assert_in_sight(desk.get_by_role("link", name=re.compile(r"^Hold\W+Bed 3$")))
    desk.get_by_role("link", name="Bed 4", exact=True).click()
    assert_in_sight(desk.get_by_role("link", name=re.compile(r"^Left\W+from")))


def test_a_letter_confirms_a_board_without_a_password(live_server, page, service):
    UserFactory(name="Ann Ward", keyworker_of=service.provider.organisation)
    remind_of_boards(on=business_day(), site=live_server.url)
    address = re.search(r"http\S+/places/confirm/\S+", mail.outbox[0].body)[0]

    page.goto(address)
    assert_everybody_can_use(page)
    page.get_by_role("button", name="Nothing changed").click()

    page.get_by_role("heading", name="Valley House: confirmed").wait_for()
    assert technical_now() - Board.objects.get().stated_at < dt.timedelta(minutes=1)
