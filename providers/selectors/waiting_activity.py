"""Which returns of Tier 1 and Tier 2 work wait for a provider."""

import datetime as dt

from commissioning.models import Organisation
from providers.selectors.activity import ServiceQuarter, service_quarters

LOOKED_BACK = 4  # quarters


def activity_to_send(
    provider: Organisation, *, today: dt.date, due_days: int
) -> list[ServiceQuarter]:
    """Quarters of the last year that a provider's services have not confirmed, or are filling in
    anew; the first due on top. Two queries."""
    lines = service_quarters(provider, today=today, due_days=due_days, how_many=LOOKED_BACK)
    return sorted((one for one in lines if one.is_open), key=lambda one: one.due_on)
