"""What links ask of somebody: to be confirmed again."""

import datetime as dt

from commissioning.models import Organisation
from commissioning.selectors.together import Asked, sql

# Links nobody has asked about since the day, and since when the oldest of them is sure.
_TO_CONFIRM = """
SELECT count(*) AS to_confirm, min(coalesce(link.confirmed_on, link.agreed_on)) AS oldest
  FROM aftercare_aftercarelink link
  LEFT JOIN providers_service service ON service.id = link.service_id
 WHERE (link.partnership_id = %(here)s OR service.provider_id = %(here)s)
   AND link.agreed_on <= %(today)s AND (link.ended_on IS NULL OR link.ended_on > %(today)s)
   AND coalesce(link.confirmed_on, link.agreed_on) < %(before)s
"""


def links_question(organisation: Organisation, *, on: dt.date, confirm_days: int) -> Asked:
    """How many links of a partnership or provider have grown old, to be asked with other
    questions: `to_confirm` and `oldest`."""
    before = on - dt.timedelta(days=confirm_days)
    return sql(_TO_CONFIRM, here=organisation.pk, today=on, before=before)
