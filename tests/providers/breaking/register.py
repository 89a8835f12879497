"""Rows that break the promises about sites, services, hours and what services deliver."""

import datetime as dt
from decimal import Decimal

from django.db.models import DecimalField, Value
from django.db.models.functions import Cast

from providers.models import DeliveredIntervention
from tests.architecture.constraints import again
from tests.factories.providers import DeliveredFactory, ServiceFactory, SiteFactory
from tests.factories.register import HoursFactory

OPENED = dt.date(2004, 4, 1)
# Any comparison with `>=` alone lets it through.
NAN = Cast(Value("NaN"), DecimalField(max_digits=12, decimal_places=2))


def delivered_changed(**words):
    DeliveredIntervention.objects.filter(pk=DeliveredFactory().pk).update(**words)


BREAKING = {
    "site_has_an_address_of_its_own": lambda: again(SiteFactory()),
    "site_outcode_is_the_first_half_of_a_postcode": lambda: SiteFactory(outcode="8NE"),
    "site_stands_in_england": lambda: SiteFactory(
        latitude=Decimal("57.1"), longitude=Decimal("-2.1")
    ),
    "site_closes_after_it_opens": lambda: SiteFactory(closed_on=OPENED),
    "service_has_an_address_of_its_own": lambda: again(ServiceFactory()),
    "service_says_whom_it_takes": lambda: ServiceFactory(sex="CATS"),
    "service_ages_are_in_order": lambda: ServiceFactory(age_from=18, age_to=17),
    "work_with_offenders_is_known": lambda: ServiceFactory(
        justice_work="COURT", responsible_commissioner=ServiceFactory().provider.organisation
    ),
    "approach_is_known": lambda: ServiceFactory(approach="HYPNOSIS"),
    "work_with_offenders_has_a_responsible_commissioner": lambda: ServiceFactory(
        justice_work="CARAT"
    ),
    "waiting_estimate_has_its_day": lambda: ServiceFactory(waiting_days=14),
    "service_closes_after_it_opens": lambda: ServiceFactory(closed_on=OPENED),
    "service_opens_once_at_a_time": lambda: again(HoursFactory(), closes=dt.time(20)),
    "weekday_is_one_of_seven": lambda: HoursFactory(weekday=7),
    "service_shuts_after_it_opens": lambda: HoursFactory(opens=dt.time(9), closes=dt.time(9)),
    "service_delivers_an_intervention_once_in_a_setting": lambda: again(DeliveredFactory()),
    "delivered_tier_is_one_to_four": lambda: DeliveredFactory(
        tier=5, proposed_tier=4, tier_reason="More than all."
    ),
    "proposed_tier_is_one_to_four": lambda: DeliveredFactory(
        proposed_tier=0, tier_reason="Less than all."
    ),
    "tier_is_overruled_with_a_reason": lambda: DeliveredFactory(tier=3, proposed_tier=4),
    "structured_treatment_is_care_planned_or_has_a_reason": lambda: DeliveredFactory(
        is_care_planned=False
    ),
    "weekly_price_is_an_amount": lambda: delivered_changed(weekly_price=NAN),
    "delivery_ends_after_it_begins": lambda: DeliveredFactory(closed_on=OPENED),
}
