"""Which areas a return touches: those of its own providers first, then wherever its people are."""

from collections.abc import Sequence
from typing import Final

from django.db import connection

from pathways.models import Episode
from providers.models import Agency
from reporting.engine.scope import Scope, bucket_id

# A journey is known by its first episode, which is found by its person's: not by a look through
# the journeys of the country.
_JOURNEYS_ENDED_BY: Final = """
    SELECT DISTINCT journey.partnership_id, journey.agency_id
    FROM pathways_episode ending
    JOIN pathways_episode beginning USING (person)
    JOIN pathways_journey journey
        ON journey.id = beginning.id AND journey.last_episode_id = ending.id
    WHERE ending.is_current AND ending.agency_id = ANY(%(agencies)s)
"""


def touched_areas(
    returned_by: Sequence[int], agency_ids: set[int], partnership_ids: set[int]
) -> Scope:
    """The areas of the people touched, and those a later cut-off reaches.

    A cut-off reaches the agency's own episodes, and the journeys that end with one of them,
    wherever they began.
    """
    current = Episode.objects.current().filter(agency__in=returned_by)
    partnership_ids |= set(current.values_list("partnership_id", flat=True).distinct())
    with connection.cursor() as cursor:
        cursor.execute(_JOURNEYS_ENDED_BY, {"agencies": list(returned_by)})
        for partnership_id, agency_id in cursor:
            partnership_ids.add(partnership_id)
            agency_ids.add(agency_id)
    outside = Episode.objects.filter(agency__in=agency_ids, partnership=None)
    buckets = {
        bucket_id(residence)
        for residence in outside.values_list("residence", flat=True).distinct()
    }
    providers = Agency.objects.filter(pk__in=agency_ids).values_list("provider_id", flat=True)
    return _scope({one for one in partnership_ids if one is not None} | buckets, set(providers))


def near_areas(returned_by: Sequence[int]) -> Scope:
    """The providers that returned, and the partnerships in which their agencies lie."""
    returned = Agency.objects.filter(pk__in=returned_by)
    return _scope(
        {one for one in returned.values_list("partnership_id", flat=True) if one is not None},
        set(returned.values_list("provider_id", flat=True)),
    )


def areas_beyond(near: Scope, touched: Scope) -> Scope:
    """What of the areas touched is not near."""
    return _scope(
        set((touched.partnerships or frozenset()) - (near.partnerships or frozenset())),
        set((touched.providers or frozenset()) - (near.providers or frozenset())),
    )


def _scope(partnerships: set[int], providers: set[int]) -> Scope:
    agencies = Agency.objects.filter(provider__in=providers).values_list("pk", flat=True)
    return Scope(frozenset(partnerships), frozenset(providers), frozenset(agencies))
