"""What links ask of somebody: to be confirmed again."""

import datetime as dt

from commissioning.models import Organisation
from commissioning.selectors.together import Asked, sql
from providers.choices import CallOffState

SOON = dt.timedelta(days=14)
LISTED = 6

# Links nobody has asked about since the day, and since when the oldest of them is sure.
_TO_CONFIRM = """
SELECT count(*) AS to_confirm, min(coalesce(link.confirmed_on, link.agreed_on)) AS oldest
  FROM aftercare_aftercarelink link
  LEFT JOIN providers_service service ON service.id = link.service_id
 WHERE (link.partnership_id = %(here)s OR service.provider_id = %(here)s)
   AND link.agreed_on <= %(today)s AND (link.ended_on IS NULL OR link.ended_on > %(today)s)
   AND coalesce(link.confirmed_on, link.agreed_on) < %(before)s
"""

# Stays that end soon, where nothing that follows was agreed or confirmed lately.
_LEAVING = """
SELECT call_off.number, call_off.ends_on, service.name, count(*) OVER () AS total
  FROM providers_calloff call_off
  JOIN providers_place place ON place.id = call_off.place_id
  JOIN providers_service service ON service.id = place.service_id
 WHERE call_off.partnership_id = %(here)s AND call_off.state = %(admitted)s
   AND call_off.ends_on BETWEEN %(today)s AND %(soon)s
   AND NOT EXISTS (
       SELECT FROM aftercare_aftercarelink link
        WHERE (link.partnership_id = %(here)s OR link.service_id = service.id)
          AND link.agreed_on <= %(today)s AND (link.ended_on IS NULL OR link.ended_on > %(today)s)
          AND coalesce(link.confirmed_on, link.agreed_on) >= %(before)s)
 ORDER BY call_off.ends_on, call_off.number LIMIT %(listed)s
"""


def leaving_question(organisation: Organisation, *, on: dt.date, confirm_days: int) -> Asked:
    """Stays a partnership bought that end soon without a link to what follows that is sure, to be
    asked with other questions."""
    return sql(
        _LEAVING,
        here=organisation.pk,
        admitted=CallOffState.ADMITTED.value,
        today=on,
        soon=on + SOON,
        before=on - dt.timedelta(days=confirm_days),
        listed=LISTED,
    )


def links_question(organisation: Organisation, *, on: dt.date, confirm_days: int) -> Asked:
    """How many links of a partnership or provider have grown old, to be asked with other
    questions: `to_confirm` and `oldest`."""
    before = on - dt.timedelta(days=confirm_days)
    return sql(_TO_CONFIRM, here=organisation.pk, today=on, before=before)
