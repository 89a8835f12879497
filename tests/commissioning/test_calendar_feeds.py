"""The address of one's calendar: made, shown once, replaced and taken back."""

import pytest

from commissioning.kernel.errors import NotPermitted
from commissioning.models import AuditEvent, CalendarFeed
from commissioning.services.calendar_feeds import (
    NoCalendar,
    make_calendar,
    owner_of_calendar,
    revoke_calendar,
)
from tests.factories.commissioning import PartnershipFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead():
    return UserFactory(lead_of=PartnershipFactory())


def test_a_secret_opens_its_owners_calendar_and_no_other(lead):
    secret = make_calendar(by=lead)

    assert owner_of_calendar(secret) == lead
    assert owner_of_calendar(secret[:-1]) is None
    assert owner_of_calendar("") is None


def test_the_secret_itself_is_not_kept(lead):
    secret = make_calendar(by=lead)

    assert secret not in str(CalendarFeed.objects.values().get())
    assert secret not in str(list(AuditEvent.objects.values()))


def test_a_new_address_takes_the_place_of_the_earlier_one(lead):
    first, second = make_calendar(by=lead), make_calendar(by=lead)

    assert owner_of_calendar(first) is None
    assert owner_of_calendar(second) == lead


def test_an_address_taken_back_opens_nothing(lead):
    secret = make_calendar(by=lead)
    revoke_calendar(by=lead)

    assert owner_of_calendar(secret) is None
    with pytest.raises(NoCalendar):
        revoke_calendar(by=lead)


def test_nothing_is_shown_of_a_person_whose_access_ended(lead):
    secret = make_calendar(by=lead)
    type(lead).objects.filter(pk=lead.pk).update(is_active=False)

    assert owner_of_calendar(secret) is None
    with pytest.raises(NotPermitted):
        make_calendar(by=lead)


def test_the_page_shows_the_address_once(client, lead):
    client.force_login(lead)
    made = client.post("/account/calendar/").content.decode()
    address = made.partition("<code data-address>")[2].partition("</code>")[0]

    assert address.startswith("http")
    assert address.endswith(".ics")
    assert address not in client.get("/account/calendar/").content.decode()
    client.logout()
    assert client.get(address).status_code == 200
    client.force_login(lead)
    assert client.post("/account/calendar/revoke/").status_code == 302
    assert client.get(address).status_code == 404
