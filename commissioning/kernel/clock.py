"""The two clocks, read at the edge only: views, tasks and commands pass what they read down."""

import datetime as dt

from django.conf import settings
from django.utils import timezone


def business_day() -> dt.date:
    """What the service calls today; `BUSINESS_DAY` may hold it still."""
    held: dt.date | None = settings.BUSINESS_DAY
    return held or timezone.localdate()


def technical_now() -> dt.datetime:
    """The real time, for leases, stamps and tokens. Never held."""
    return timezone.now()  # noqa: TID251
