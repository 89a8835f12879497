"""What links ask of somebody: one that is missing, and those to be confirmed again."""

import datetime as dt
from dataclasses import dataclass

from django.db.models.functions import Coalesce

from aftercare.selectors.links import Gap, gaps_in, gaps_of, links_of
from commissioning.choices import OrganisationKind
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


@dataclass(frozen=True)
class LinksAsk:
    """The gaps of an organisation, or of a region, and how many links have grown old.

    `oldest` is the day on which the oldest of those was last sure.
    """

    gaps: list[Gap]
    to_confirm: int = 0
    oldest: dt.date | None = None

    def __bool__(self) -> bool:
        return bool(self.gaps or self.to_confirm)


def waiting_for_links(organisation: Organisation, *, on: dt.date, confirm_days: int) -> LinksAsk:
    """For a partnership, a provider, a region or the nation. At most two queries."""
    if organisation.kind == OrganisationKind.REGION:
        return LinksAsk(gaps_in(organisation, on=on))
    if organisation.kind == OrganisationKind.NATION:
        return LinksAsk(gaps_in(None, on=on))
    before = on - dt.timedelta(days=confirm_days)
    sure = (
        links_of(organisation)
        .in_force(on)  # type: ignore[attr-defined]  # the queryset's own word
        .annotate(sure_on=Coalesce("confirmed_on", "agreed_on"))
        .filter(sure_on__lt=before)
        .values_list("sure_on", flat=True)
    )
    days = list(sure)
    return LinksAsk(gaps_of(organisation, on=on), len(days), min(days, default=None))
