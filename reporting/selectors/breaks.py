"""Changes of boundaries, which break a line over time: the figures before are of other places."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Q

from commissioning.choices import FactKind, SuccessionKind
from commissioning.models import OrganisationFact, Succession
from reporting.choices import AreaKind
from reporting.selectors.areas import Area


@dataclass(frozen=True)
class Break:
    """What changed on a day."""

    on: dt.date
    words: str


def breaks_of(area: Area, *, since: dt.date, until: dt.date) -> list[Break]:
    """Mergers, splits and moves between regions within the days, in order. One query.

    England's boundary does not change.
    """
    if area.organisation_id is None:
        return []
    if area.kind is AreaKind.REGION:
        return _moves(area, since, until)
    took_part = Q(predecessor=area.organisation_id) | Q(successor=area.organisation_id)
    rows = (
        Succession.objects.filter(took_part, on__gt=since, on__lte=until)
        .exclude(kind=SuccessionKind.RENAME)
        .order_by("on", "pk")
    )
    return [Break(row.on, row.get_kind_display()) for row in rows]


def _moves(region: Area, since: dt.date, until: dt.date) -> list[Break]:
    rows = (
        OrganisationFact.objects.filter(kind=FactKind.IN_REGION, other=region.organisation_id)
        .filter(
            Q(from_on__gt=since, from_on__lte=until) | Q(until_on__gt=since, until_on__lte=until)
        )
        .select_related("organisation")
        .order_by("from_on", "pk")
    )
    found = []
    for row in rows:
        if since < row.from_on <= until:
            found.append(Break(row.from_on, f"{row.organisation} joins"))
        if row.until_on and since < row.until_on <= until:
            found.append(Break(row.until_on, f"{row.organisation} leaves"))
    return sorted(found, key=lambda one: one.on)
