"""The nights that the database adds up by month, and the same counted one by one."""

from collections import Counter
from datetime import timedelta

from django.db.models import Sum

from providers.models import NightSum, Occupancy

DAY = timedelta(days=1)


def kept():
    """Service, kind of place, month → nights occupied and out of service, as they are kept."""
    rows = NightSum.objects.order_by().values_list("service", "kind", "month")
    added = rows.annotate(Sum("occupied"), Sum("out_of_service"))
    return {
        (service, kind, month): tuple(nights)
        for service, kind, month, *nights in added
        if any(nights)
    }


def counted():
    """The same from every night of every spell that ended."""
    nights = Counter()
    ended = Occupancy.objects.filter(is_ended=True, place__overbooked_for="")
    for row in ended.select_related("place"):
        night = row.nights.lower
        while night < row.nights.upper:
            key = (row.place.service_id, row.place.kind, night.replace(day=1))
            nights[key, row.kind] += 1
            night += DAY
    told = {
        key: (nights[key, "OCCUPIED"], nights[key, "OUT_OF_SERVICE"]) for key, _ in set(nights)
    }
    return {key: both for key, both in told.items() if any(both)}
