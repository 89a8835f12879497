"""For whose residents a service works, and how much of what it counted was for each of them.

A number of a service that works for several partnerships counts for none of them as a whole: what
it said was for each does, and what it did not split is told as such.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from django.db import connection

from commissioning.kernel.periods import Period
from commissioning.models import Organisation
from providers.choices import IN_FORCE_IN, ContractState
from providers.models import ActivityPart, ActivityReturn
from providers.rules.activity_checks import Part

# Where it stands, whom it takes, and who has a contract for it on some day of the time.
_WORKS_FOR = """
SELECT service.id, site.partnership_id
  FROM providers_service service JOIN providers_site site ON site.id = service.site_id
 WHERE service.id = ANY(%(services)s) AND site.partnership_id IS NOT NULL
UNION
SELECT service_id, partnership_id FROM providers_service_catchment
 WHERE service_id = ANY(%(services)s)
UNION
SELECT service.id, share.partnership_id
  FROM providers_service service
  JOIN providers_contract contract ON contract.provider_id = service.provider_id
  JOIN providers_contractshare share ON share.contract_id = contract.id
 WHERE service.id = ANY(%(services)s) AND contract.state = ANY(%(bound)s)
   AND contract.starts_on < %(end)s
   AND least(contract.ends_on, contract.ended_on) > %(first)s
   AND (NOT EXISTS (SELECT FROM providers_contract_services named
                     WHERE named.contract_id = contract.id)
        OR EXISTS (SELECT FROM providers_contract_services named
                    WHERE named.contract_id = contract.id AND named.service_id = service.id))
"""


def works_for(
    services: Collection[int], *, first: dt.date, end: dt.date
) -> dict[int, frozenset[int]]:
    """Service → partnerships it worked for on some day from `first` to before `end`. One query."""
    found: dict[int, set[int]] = defaultdict(set)
    with connection.cursor() as asked:
        asked.execute(
            _WORKS_FOR,
            {
                "services": list(services),
                "bound": [*(one.value for one in IN_FORCE_IN), ContractState.ENDED.value],
                "first": first,
                "end": end,
            },
        )
        for service, partnership in asked.fetchall():
            found[service].add(partnership)
    return {service: frozenset(held) for service, held in found.items()}


def split_between(service: int, quarter: Period) -> Sequence[Organisation]:
    """The partnerships between which a return is split, by name; none where it is for one alone.
    Two queries."""
    held = works_for([service], first=quarter.start, end=quarter.end).get(service, frozenset())
    if len(held) <= 1:
        return []
    return list(Organisation.objects.filter(pk__in=held).order_by("name", "pk"))


def parts_of(activity: ActivityReturn | None) -> Mapping[Part, int]:
    """What a return says was for whom, by what is delivered and the partnership. One query."""
    if activity is None:
        return {}
    rows = ActivityPart.objects.filter(activity=activity)
    return {(one.delivered_id, one.partnership_id): one.number for one in rows}
