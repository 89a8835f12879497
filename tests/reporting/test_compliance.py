"""How a provider has kept to NDTMS: months told of, and whether they were told of in time."""

import datetime as dt

import pytest

from commissioning.models import RuleSet
from pathways.models import Upload
from reporting.selectors.compliance import compliance_of
from tests.factories.commissioning import UserFactory
from tests.factories.providers import AgencyFactory
from tests.factories.reporting import loaded_return

pytestmark = pytest.mark.django_db
TODAY = dt.date(2007, 2, 15)
DECEMBER = dt.date(2006, 12, 31)  # due, by the assumption, on 15 January


@pytest.fixture
def agency():
    """Open since December, so that it owes December and January."""
    return AgencyFactory(opened_on=dt.date(2006, 12, 1))


def came(agency, received_on, cut_off=DECEMBER):
    return_ = loaded_return(agency, cut_off=cut_off)
    Upload.objects.filter(pk=return_.upload_id).update(received_on=received_on)
    return return_


def judged(agency):
    found = compliance_of(agency.provider.organisation, today=TODAY, due_days=15)
    return found.in_time, found.judged


@pytest.mark.parametrize(
    ("received_on", "in_time"), [(dt.date(2007, 1, 15), 1), (dt.date(2007, 1, 16), 0)]
)
def test_it_is_in_time_up_to_the_due_day(agency, received_on, in_time):
    came(agency, received_on)

    assert judged(agency) == (in_time, 1)


def test_a_correction_sent_later_does_not_make_it_late(agency):
    came(agency, dt.date(2007, 1, 10))
    came(agency, dt.date(2007, 2, 10))

    assert judged(agency) == (1, 1)


def test_a_later_return_of_the_year_tells_of_the_month_too_and_may_be_late_for_it(agency):
    came(agency, dt.date(2007, 2, 14), cut_off=dt.date(2007, 1, 31))

    assert judged(agency) == (1, 2)  # January in time, December not


def test_a_file_that_the_service_loaded_says_nothing_of_when_it_was_sent(agency):
    came(agency, None)

    assert judged(agency) == (0, 0)


def test_a_return_that_was_undone_was_never_in_time(agency):
    return_ = came(agency, dt.date(2007, 1, 10))
    type(return_).objects.filter(pk=return_.pk).update(state="UNDONE")

    assert judged(agency) == (0, 0)


def test_the_page_says_what_the_due_day_rests_on(client, agency, settings):
    settings.BUSINESS_DAY = TODAY
    came(agency, dt.date(2007, 1, 10))
    assert RuleSet.objects.exists()
    client.force_login(UserFactory())

    page = client.get(f"/provider/{agency.provider.code}/quality/").text

    assert "1 of the 1 that can be judged came in time." in page
    assert "15 days are an assumption of the rule set [B]" in page
