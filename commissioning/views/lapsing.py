"""What ends by the real clock, told so that it is understood beside the service's day."""

import datetime as dt

from django.conf import settings

from commissioning.kernel import words
from commissioning.kernel.clock import technical_now
from commissioning.tables import moment


def until(at: dt.datetime) -> str:
    """When something lapses: “until 15 February 2007, 14:05”. Where the service's day is held
    still, as in a demonstration, the real day would say nothing beside it, and what is left does:
    “for another 47 hours”.
    """
    left = at - technical_now()
    if settings.BUSINESS_DAY is None or left <= dt.timedelta(0):
        return f"until {moment(at)}"
    return f"for another {words.time_left(left)}"
