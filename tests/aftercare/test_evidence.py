"""What plans are told of links to housing."""

import datetime as dt

import pytest

from aftercare.choices import LinkKind
from aftercare.services.evidence import write_housing_evidence
from commissioning.models import Evidence
from tests.factories.aftercare import LinkFactory
from tests.factories.commissioning import PartnershipFactory

pytestmark = pytest.mark.django_db
TODAY = dt.date(2007, 2, 15)


def test_each_partnership_that_keeps_links_is_told_of_and_no_other():
    housed, supported = PartnershipFactory(), PartnershipFactory()
    PartnershipFactory()
    LinkFactory(partnership=housed)
    LinkFactory(partnership=housed, kind=LinkKind.SUPPORT)
    LinkFactory(partnership=supported, kind=LinkKind.SUPPORT)

    assert write_housing_evidence(on=TODAY) == 2

    held = dict(Evidence.objects.values_list("subject", "value"))
    assert held == {housed.pk: 1, supported.pk: 0}


def test_it_holds_no_longer_once_the_link_ended_and_the_earlier_day_stays():
    link = LinkFactory()
    write_housing_evidence(on=TODAY)
    link.ended_on = TODAY + dt.timedelta(days=1)
    link.save()

    assert write_housing_evidence(on=TODAY) == 0
    assert write_housing_evidence(on=TODAY + dt.timedelta(days=1)) == 1

    assert [one.value for one in Evidence.objects.order_by("as_at")] == [1, 0]
