"""Rows that break the promises about partner agencies and links."""

import datetime as dt

from tests.architecture.constraints import again
from tests.factories.aftercare import LinkFactory, PartnerAgencyFactory
from tests.factories.providers import ServiceFactory

DAY = dt.date(2006, 4, 1)


def of_both():
    link = LinkFactory()
    link.service = ServiceFactory()
    link.save()


BREAKING = {
    "partner_has_an_address_of_its_own": lambda: again(PartnerAgencyFactory()),
    "link_is_of_a_partnership_or_of_a_service": of_both,
    "link_kind_is_known": lambda: LinkFactory(kind="LUCK"),
    "link_says_what_is_offered_and_how_to_refer": lambda: LinkFactory(offers=""),
    "link_ends_after_it_is_agreed": lambda: LinkFactory(agreed_on=DAY, ended_on=DAY),
    "link_is_confirmed_by_somebody": lambda: LinkFactory(confirmed_on=DAY),
}
