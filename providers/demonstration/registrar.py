"""Keeping the register of the demonstration through the services that pages call."""

import datetime as dt
import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from commissioning.choices import OrganisationKind
from commissioning.models import Organisation, Partnership
from commissioning.reference.framework import framework
from commissioning.rules.tiers import STRUCTURED_TIERS, OpeningHours
from commissioning.scoping import System
from commissioning.services.reference import BEGINNING
from providers.demonstration.towns import Town, telephone
from providers.models import Provider, Service, Site
from providers.services.providers import add_provider
from providers.services.register.delivered import DeliveryFacts, deliver
from providers.services.register.services import (
    ServiceFacts,
    add_service,
    set_hours,
    state_waiting,
)
from providers.services.register.sites import SiteFacts, add_site

BY = System("load_demonstration")
NINE, FIVE = dt.time(9), dt.time(17)
WEEKDAYS, ALL_DAYS = range(5), range(7)


def _each(days: Iterable[int], opens: dt.time, closes: dt.time) -> list[OpeningHours]:
    return [OpeningHours(day, opens, closes) for day in days]


OFFICE = tuple(_each(WEEKDAYS, NINE, FIVE))
EVENINGS = (
    *_each((0, 2, 4), NINE, FIVE),
    *_each((1, 3), NINE, dt.time(20)),
)
SATURDAYS = (*EVENINGS, OpeningHours(5, dt.time(10), dt.time(14)))
DAYTIME = tuple(_each(WEEKDAYS, dt.time(9, 30), dt.time(16)))
EVERY_DAY = tuple(_each(ALL_DAYS, dt.time(8), dt.time(20)))
SHOPS = (*_each(range(6), NINE, dt.time(18)), OpeningHours(6, dt.time(10), dt.time(16)))


@dataclass(frozen=True)
class Delivery:
    """An intervention in a setting; a bed's price a week in pounds, and how long a stay is."""

    intervention: str
    setting: str
    price: Decimal | None = None
    weeks: int | None = None


class Registrar:
    """Writes sites and services as a provider's people would."""

    def __init__(self, today: dt.date, rng: random.Random) -> None:
        self.today, self.rng = today, rng
        self.providers: dict[str, Provider] = {one.code: one for one in Provider.objects.by_name()}
        self.partnerships: dict[str, Partnership] = {
            one.code: one for one in Partnership.objects.by_name()
        }
        # An authority has the code of the partnership whose area is its own.
        self.authorities = {
            one.code: one
            for one in Organisation.objects.filter(kind=OrganisationKind.LOCAL_AUTHORITY)
        }

    def provider(self, code: str, name: str) -> Provider:
        if code not in self.providers:
            self.providers[code] = add_provider(code=code, name=name, opened_on=BEGINNING, by=BY)
        return self.providers[code]

    def site(self, provider: Provider, name: str, town: Town) -> Site:
        """An address near the centre of a partnership's main town."""
        latitude, longitude = town.position(self.rng)
        return add_site(
            provider=provider,
            facts=SiteFacts(
                name=name,
                address=town.address(self.rng),
                outcode=town.outcode,
                partnership=self.partnerships[town.code],
                local_authority=self.authorities.get(town.code),
                latitude=latitude,
                longitude=longitude,
            ),
            opened_on=BEGINNING,
            by=BY,
        )

    def service(
        self,
        site: Site,
        name: str,
        deliveries: Sequence[Delivery],
        *,
        hours: Sequence[OpeningHours] = OFFICE,
        all_hours: bool = False,
        catchment: Sequence[Partnership] = (),
        waiting: int | None = None,
        **facts: object,
    ) -> Service:
        """A service with its hours, its wait and what it delivers."""
        said: Mapping[str, object] = {"telephone": telephone(self.rng), **facts}
        service = add_service(
            provider=site.provider,
            facts=ServiceFacts(name=name, site=site, **said),  # type: ignore[arg-type]  # by name
            catchment=catchment,
            opened_on=BEGINNING,
            by=BY,
        )
        service = set_hours(
            service=service,
            openings=list(hours),
            open_all_hours=all_hours,
            revision=service.revision,
            by=BY,
        )
        for one in deliveries:
            self.deliver(service, one)
        if waiting is not None:
            stated = self.today - dt.timedelta(days=self.rng.randint(2, 40))
            service = state_waiting(service=service, days=waiting, on=stated, by=BY)
        return service

    def deliver(self, service: Service, one: Delivery) -> None:
        """Structured treatment is care-planned; what is open to everybody is not."""
        kind = framework().intervention_type(one.intervention)
        structured = kind.tier in STRUCTURED_TIERS or kind.needs_care_plan
        deliver(
            service=service,
            facts=DeliveryFacts(
                intervention=one.intervention,
                setting=one.setting,
                is_care_planned=structured,
                after_assessment=structured,
                with_consent=structured,
                weekly_price=one.price,
                usual_weeks=one.weeks,
            ),
            from_on=BEGINNING,
            by=BY,
        )
