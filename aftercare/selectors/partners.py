"""Partner agencies of a partnership or a provider."""

import datetime as dt

from django.db.models import Count, Q, QuerySet

from aftercare.models import PartnerAgency
from commissioning.models import Organisation


def partners_of(organisation: Organisation, *, on: dt.date) -> QuerySet[PartnerAgency]:
    """By name, each with `in_force`: how many of its links hold on the day."""
    held = Q(links__ended_on__isnull=True) | Q(links__ended_on__gt=on)
    return (
        PartnerAgency.objects.filter(organisation=organisation)
        .select_related("organisation")
        .annotate(in_force=Count("links", filter=held & Q(links__agreed_on__lte=on)))
        .order_by("name", "pk")
    )


def partners_to_link(organisation: Organisation, *, on: dt.date) -> QuerySet[PartnerAgency]:
    """Those that have not ended, to choose from."""
    return PartnerAgency.objects.filter(
        Q(ended_on__isnull=True) | Q(ended_on__gt=on), organisation=organisation
    ).order_by("name", "pk")
