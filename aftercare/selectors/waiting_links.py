"""What links ask of somebody: one that is missing, and those to be confirmed again."""

import datetime as dt
from dataclasses import dataclass

from django.db.models.functions import Coalesce

from aftercare.selectors.links import Gap, gaps_in, gaps_of, links_of
from commissioning.choices import OrganisationKind
from commissioning.models import Organisation


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
