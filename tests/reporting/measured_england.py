"""A small England that is measured: three partnerships of two regions, two of them with returns.

Bright meets the target for first waits and Dim misses it; Silent has no agency, so nobody told
anything of it. Each of forty clients waited, and began in July to December 2006.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from pathways.services.journeys import rebuild_all_journeys
from reporting.services.refresh import refresh_everything
from tests.factories.commissioning import NationFactory, PartnershipFactory, RegionFactory
from tests.factories.providers import AgencyFactory, ProviderFactory
from tests.factories.reporting import loaded_return, modality, rules

DAY = dt.timedelta(days=1)
BEFORE, LATEST = dt.date(2006, 8, 10), dt.date(2006, 11, 10)  # in 2006-Q2 and 2006-Q3
IN_TIME, LATE = 10, 30  # days


@dataclass
class MeasuredEngland:
    nation: Any
    region: Any
    elsewhere: Any
    bright: Any
    dim: Any
    silent: Any
    provider: Any


def measured_england(*, clients: int = 40) -> MeasuredEngland:
    """In each quarter half of the clients began; of Dim's fewer were in time in the second."""
    nation = NationFactory()
    region, elsewhere = RegionFactory(name="Northshire"), RegionFactory(name="Southshire")
    bright = PartnershipFactory(region=region, organisation__name="Bright", dip_intensive=True)
    dim = PartnershipFactory(region=region, organisation__name="Dim")
    silent = PartnershipFactory(region=elsewhere, organisation__name="Silent")
    provider = ProviderFactory(organisation__name="The Trust")
    for place, in_time in ((bright, (1.0, 1.0)), (dim, (0.9, 0.4))):
        agency = AgencyFactory(provider=provider, partnership=place)
        loaded_return(agency)
        for started, share in zip((BEFORE, LATEST), in_time, strict=True):
            for number in range(clients):
                _client(agency, started, IN_TIME if number < share * clients else LATE)
    rebuild_all_journeys(rule_set=rules())
    refresh_everything(cause="a test")
    return MeasuredEngland(nation, region, elsewhere, bright, dim, silent, provider)


def _client(agency, started, waited):
    modality(
        agency,
        referred_on=started - waited * DAY,
        first_offered_on=started,
        started_on=started,
        care_planned_on=started,
    )
