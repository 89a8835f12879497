"""What the market asks of those who act for a provider, a partnership, a region or England.

Questions in SQL, to be asked together with those of other apps in one statement
(`commissioning.selectors.together`): a home page shows counts and the first few rows of each.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from commissioning.choices import FactKind, OrganisationKind
from commissioning.kernel.money import MOST, ZERO
from commissioning.kernel.periods import Period
from commissioning.models import Organisation
from commissioning.roles import Permission, Role, roles_with
from commissioning.rule_settings import RuleSettings
from commissioning.selectors.together import Asked, sql
from providers.choices import (
    CALLED_OFF_IN,
    IN_FORCE_IN,
    ActivityState,
    CallOffKind,
    CallOffState,
    ContractKind,
    ContractState,
    ExtensionState,
    OccupancyKind,
    PlaceKind,
    Side,
    VariationState,
)
from providers.selectors.activity import COUNTED_TIERS, quarters_until
from providers.selectors.call_offs.waiting import (
    BEYOND_ALL,
    HOLDS,
    NOT_GOT,
    PAST_NIGHTS,
    TO_ACCEPT,
    TO_APPROVE,
    TO_END,
)
from providers.selectors.contracts.uncommitted import UNCOMMITTED, VALUES
from providers.selectors.contracts.waiting import SOON

LOOKED_BACK = 4  # quarters that are over
LISTED = 6  # of each kind, with how many there are in all
COMING = dt.timedelta(days=14)  # admissions and departures that are planned
LATELY = dt.timedelta(days=91)  # in which nights beyond those approved are asked about

TOLD = dt.timedelta(days=14)  # for which a refusal stands

_OPEN = "{0}.opened_on <= %(today)s AND ({0}.closed_on IS NULL OR {0}.closed_on > %(today)s)"
_HAS_PLACES = f"""
      {_OPEN.format("service")}
  AND EXISTS (SELECT FROM providers_place place
               WHERE place.service_id = service.id AND {_OPEN.format("place")})
"""
# What holds tonight has not ended: an end that was said ends the nights before it.
_TONIGHT = "NOT tonight.is_ended AND tonight.nights @> %(today)s::date"
_STALE = "(board.stated_at IS NULL OR board.stated_at < %(fresh_since)s)"
_IN_REGION = """
SELECT fact.organisation_id FROM commissioning_organisationfact fact
 WHERE fact.kind = %(in_region)s AND fact.other_id = %(here)s
   AND fact.from_on <= %(today)s AND (fact.until_on IS NULL OR fact.until_on > %(today)s)
"""
_OURS = """
(contract.lead_id = %(here)s OR EXISTS (
   SELECT FROM providers_contractshare share
    WHERE share.contract_id = contract.id AND share.partnership_id = %(here)s
      AND (share.left_on IS NULL OR share.left_on > %(today)s)))
"""

BOARDS = f"""
SELECT count(*) AS boards, count(*) FILTER (WHERE {_STALE}) AS stale,
       count(DISTINCT service.provider_id) FILTER (WHERE {_STALE}) AS providers,
       min(service.name) FILTER (WHERE {_STALE}) AS name
  FROM providers_service service
  LEFT JOIN providers_board board ON board.service_id = service.id
 WHERE {_HAS_PLACES} AND {{where}}
"""  # noqa: S608 - pieces of our own
_OF_PROVIDER = "service.provider_id = %(here)s"
_STANDING_HERE = f"""EXISTS (SELECT FROM providers_site site
   WHERE site.id = service.site_id AND site.partnership_id IN ({_IN_REGION}))"""
_CONTRACTED = f"""EXISTS (
   SELECT FROM providers_contract contract
    WHERE contract.provider_id = service.provider_id AND contract.state = ANY(%(in_force)s)
      AND contract.starts_on <= %(today)s AND contract.ends_on > %(today)s AND {_OURS}
      AND (NOT EXISTS (SELECT FROM providers_contract_services named
                        WHERE named.contract_id = contract.id)
           OR EXISTS (SELECT FROM providers_contract_services named
                       WHERE named.contract_id = contract.id
                         AND named.service_id = service.id)))"""  # noqa: S608

# Who is to come and to leave, by the day it was planned for; nights whose end was said are over.
MOVES = """
SELECT day AS "on", count(*) FILTER (WHERE kind = %(booked)s) AS come,
       count(*) FILTER (WHERE kind = %(occupied)s) AS go
  FROM (SELECT one.kind, CASE WHEN one.kind = %(booked)s THEN lower(one.nights)
                              ELSE one.planned_until END AS day
          FROM providers_occupancy one
          JOIN providers_place place ON place.id = one.place_id
          JOIN providers_service service ON service.id = place.service_id
         WHERE service.provider_id = %(here)s AND NOT one.is_ended
           AND one.kind IN (%(booked)s, %(occupied)s)) planned
 WHERE day <= %(coming)s GROUP BY day ORDER BY day
"""
_CONTRACTS = """
SELECT contract.id, contract.reference, contract.title, {more} count(*) OVER () AS total
  FROM providers_contract contract {joins} WHERE {where}
 ORDER BY {order}, contract.id LIMIT %(listed)s
"""
_DEADLINES = """contract.state = ANY(%(in_force)s) AND contract.ended_on IS NULL AND (
       contract.ends_on BETWEEN %(today)s AND %(soon)s
    OR contract.ends_on - 7 * contract.notice_weeks::int BETWEEN %(today)s AND %(soon)s
    OR contract.extensions_left > 0 AND contract.extend_by BETWEEN %(today)s AND %(soon)s)"""
_TERM = """contract.starts_on, contract.ends_on, contract.notice_weeks, contract.extensions_left,
       contract.extend_by,"""


def _contracts(where: str, *, more: str = "", joins: str = "", order: str = "ends_on") -> str:
    return _CONTRACTS.format(where=where, more=more, joins=joins, order=f"contract.{order}")


_VARIED = """JOIN providers_variation variation ON variation.contract_id = contract.id
   AND variation.state = %(proposed)s"""
_THEIRS = "contract.provider_id = %(here)s"
_OFFERED = "contract.state = %(offered)s AND contract.accepted_at IS {null} AND {of}"
TO_ANSWER = _contracts(_OFFERED.format(null="NULL", of=_THEIRS), order="starts_on")
TO_AGREE = _contracts(
    f"contract.state = ANY(%(in_force)s) AND {_THEIRS} AND variation.agreed_at IS NULL"
    " AND variation.side = %(commissioner)s",
    joins=_VARIED,
)
# A provider's own proposal has its yes: what is missing is how it was found, and whose money.
_NOT_FUNDED = """(contract.kind <> ALL(%(by_use)s)
   AND NOT EXISTS (SELECT FROM providers_contractmoney put WHERE put.contract_id = contract.id)
   AND EXISTS (SELECT FROM commissioning_plan plan
                WHERE plan.partnership_id = contract.lead_id AND plan.state = ANY(%(at_work)s)
                  AND make_date(plan.year, 4, 1) < contract.ends_on
                  AND make_date(plan.year + 1, 4, 1) > contract.starts_on))"""
PROPOSED_TO_US = _contracts(
    "contract.state = %(offered)s AND contract.lead_id = %(here)s"
    f" AND contract.proposed_by = %(provider)s AND (contract.tender_route = '' OR {_NOT_FUNDED})",
    order="starts_on",
)
TO_AWARD = _contracts(
    _OFFERED.format(null="NOT NULL", of="contract.lead_id = %(here)s")
    + """ AND (contract.tender_route <> '' OR contract.proposed_by <> %(provider)s)
          AND NOT EXISTS (SELECT FROM providers_contract_writers wrote
                        WHERE wrote.contract_id = contract.id AND wrote.user_id = %(person)s)""",
    order="starts_on",
)
_ASKED = "variation.changes -> 'shares' ? %(here)s::text"  # to have a share, which it may not yet
TO_PUT_IN_FORCE = _contracts(
    f"contract.state = ANY(%(in_force)s) AND ({_OURS} OR {_ASKED})"
    " AND variation.agreed_at IS NOT NULL AND variation.proposed_by_id <> %(person)s",
    joins=_VARIED,
)
TO_COMMIT = f"{UNCOMMITTED.format(where='plan.partnership_id = %(here)s')} LIMIT %(listed)s"
DATES_OF_PROVIDER = _contracts(f"{_DEADLINES} AND {_THEIRS}", more=_TERM)
DATES_OF_PARTNERSHIP = _contracts(f"{_DEADLINES} AND {_OURS}", more=_TERM)
_NOT_PUT_RIGHT = """JOIN providers_performancecomment said ON said.contract_id = contract.id
   AND said.remedy <> '' AND said.done_on IS NULL AND said.due_on < %(today)s"""
TO_PUT_RIGHT, TO_SEE_PUT_RIGHT = (
    _contracts(
        f"contract.state = ANY(%(in_force)s) AND {of}",
        more="said.due_on, said.remedy,",
        joins=_NOT_PUT_RIGHT,
    )
    for of in (_THEIRS, _OURS)
)
TO_MONITOR = _contracts(
    f"""contract.state = ANY(%(in_force)s) AND {_THEIRS}
    AND contract.starts_on < %(quarter_end)s
    AND coalesce(contract.ended_on, contract.ends_on) > %(quarter_start)s
    AND NOT EXISTS (SELECT FROM providers_monitoringreturn sent
                     WHERE sent.contract_id = contract.id AND sent.quarter = %(quarter)s)"""
)

ENDING = f"""
SELECT count(*) AS contracts, min(contract.ends_on) AS first
  FROM providers_contract contract
 WHERE contract.state = ANY(%(in_force)s) AND contract.ended_on IS NULL
   AND contract.ends_on BETWEEN %(today)s AND %(soon)s
   AND EXISTS (SELECT FROM providers_contractshare share
                WHERE share.contract_id = contract.id
                  AND share.partnership_id IN ({_IN_REGION}))
"""  # noqa: S608

# Of the places our block contracts have bought for tonight: in service, and in use.
VOIDS = f"""
SELECT count(*) AS sold,
       count(*) FILTER (WHERE tonight.kind IS NULL) AS void,
       count(*) FILTER (WHERE tonight.kind = %(out)s) AS out_of_service
  FROM providers_contractplace sold
  JOIN providers_contract contract ON contract.id = sold.contract_id
  LEFT JOIN providers_occupancy tonight
         ON tonight.place_id = sold.place_id AND {_TONIGHT}
 WHERE contract.state = %(live)s AND contract.kind = %(block)s
   AND sold.nights @> %(today)s::date AND {_OURS}
"""  # noqa: S608

# Lists, providers on them and schemes whose review falls soon or has passed.
REVIEWS = """
SELECT what, count(*) AS number, min(review_by) AS first
  FROM (SELECT 'preferred' AS what, held.review_by
          FROM providers_preferredprovider held
          JOIN providers_preferredlist list ON list.id = held.preferred_list_id
         WHERE list.organisation_id = %(here)s AND held.until_on IS NULL
           AND (list.ended_on IS NULL OR list.ended_on > %(today)s)
         UNION ALL
        SELECT 'list', list.review_by FROM providers_preferredlist list
         WHERE list.organisation_id = %(here)s
           AND (list.ended_on IS NULL OR list.ended_on > %(today)s)
         UNION ALL
        SELECT 'scheme', scheme.review_by FROM providers_sharedcarescheme scheme
         WHERE scheme.partnership_id = %(here)s
           AND (scheme.ended_on IS NULL OR scheme.ended_on > %(today)s)) reviewed
 WHERE review_by <= %(reviewed_within)s GROUP BY what
"""

# Quarters that are over and the services that have not confirmed what they counted in them.
ACTIVITY = """
SELECT asked.code, count(DISTINCT service.id) AS services
  FROM unnest(%(codes)s::text[], %(starts)s::date[], %(ends)s::date[]) AS asked(code, s, e)
  JOIN providers_deliveredintervention one
    ON one.tier = ANY(%(tiers)s) AND one.opened_on < e
   AND (one.closed_on IS NULL OR one.closed_on > s)
  JOIN providers_service service
    ON service.id = one.service_id AND service.opened_on < e
   AND (service.closed_on IS NULL OR service.closed_on > s)
 WHERE service.provider_id = %(here)s AND (
       NOT EXISTS (SELECT FROM providers_activityreturn sent
                    WHERE sent.service_id = service.id AND sent.quarter = asked.code
                      AND sent.state = %(confirmed)s)
    OR EXISTS (SELECT FROM providers_activityreturn begun
                WHERE begun.service_id = service.id AND begun.quarter = asked.code
                  AND begun.state = %(draft)s))
 GROUP BY asked.code ORDER BY asked.code
"""

# Places that stand in the region tonight; those beyond capacity are left out.
CAPACITY = f"""
SELECT count(*) AS places,
       count(*) FILTER (WHERE tonight.kind IS DISTINCT FROM %(out)s) AS in_service,
       count(*) FILTER (WHERE tonight.kind = %(occupied)s) AS occupied,
       count(*) FILTER (WHERE tonight.kind IS NULL) AS free,
       count(*) FILTER (WHERE tonight.kind IS NULL
                          AND (board.stated_at >= %(fresh_since)s) IS NOT TRUE) AS unsure
  FROM providers_place place
  JOIN providers_service service ON service.id = place.service_id
  LEFT JOIN providers_board board ON board.service_id = service.id
  JOIN providers_site site ON site.id = service.site_id
  LEFT JOIN providers_occupancy tonight
         ON tonight.place_id = place.id AND {_TONIGHT}
 WHERE {_OPEN.format("place")} AND {_OPEN.format("service")} AND place.overbooked_for = ''
   AND place.kind = %(bed)s AND site.partnership_id IN ({_IN_REGION})
"""  # noqa: S608

# Providers in the region that live on spot purchases: bought in the last year, on no block now.
EXPOSED = f"""
SELECT count(DISTINCT call_off.provider_id) AS providers
  FROM providers_calloff call_off
  JOIN providers_place place ON place.id = call_off.place_id
  JOIN providers_service service ON service.id = place.service_id
 WHERE call_off.kind = %(spot)s AND call_off.state = ANY(%(bought)s)
   AND call_off.starts_on > %(year_ago)s AND {_STANDING_HERE}
   AND NOT EXISTS (SELECT FROM providers_contract contract
                    WHERE contract.provider_id = call_off.provider_id
                      AND contract.kind = %(block)s AND contract.state = ANY(%(in_force)s))
"""  # noqa: S608


@dataclass(frozen=True, kw_only=True)
class Asking:
    """For whom and when it is asked: the role's permissions there, business day and instant.

    `limit`: up to which amount the person approves there, pounds.
    """

    organisation: Organisation
    person: int
    may: frozenset[Permission]
    today: dt.date
    now: dt.datetime
    rules: RuleSettings
    limit: Decimal = ZERO
    values: dict[str, object] = field(init=False)

    def __post_init__(self) -> None:
        quarters = quarters_until(self.today, how_many=LOOKED_BACK)
        object.__setattr__(self, "values", self._values(quarters))

    def _values(self, quarters: list[Period]) -> dict[str, object]:
        fresh = dt.timedelta(hours=self.rules.board_unknown_hours)
        return {
            **VALUES,
            "here": self.organisation.pk,
            "person": self.person,
            "today": self.today,
            "soon": self.today + SOON,
            "coming": self.today + COMING,
            "reviewed_within": self.today + dt.timedelta(days=self.rules.quality_warning_days),
            "fresh_since": self.now - fresh,
            "listed": LISTED,
            "in_region": FactKind.IN_REGION.value,
            "in_force": sorted(IN_FORCE_IN),
            "live": ContractState.LIVE.value,
            "block": ContractKind.BLOCK.value,
            "offered": ContractState.OFFERED.value,
            "proposed": VariationState.PROPOSED.value,
            "commissioner": Side.COMMISSIONER.value,
            "provider": Side.PROVIDER.value,
            "booked": OccupancyKind.BOOKED.value,
            "occupied": OccupancyKind.OCCUPIED.value,
            "out": OccupancyKind.OUT_OF_SERVICE.value,
            "bed": PlaceKind.BED.value,
            "approved": CallOffState.APPROVED.value,
            "spot": CallOffKind.SPOT.value,
            "bought": sorted({*CALLED_OFF_IN, CallOffState.ENDED}),
            "year_ago": self.today - dt.timedelta(days=365),
            "requested": CallOffState.REQUESTED.value,
            "admitted": CallOffState.ADMITTED.value,
            "ended": CallOffState.ENDED.value,
            "lately": self.today - LATELY,
            "now": self.now,
            "told_since": self.now - TOLD,
            "held": OccupancyKind.HELD.value,
            "not_approved": CallOffState.REFUSED.value,
            "declined": CallOffState.DECLINED.value,
            "asked": ExtensionState.ASKED.value,
            "refused": ExtensionState.REFUSED.value,
            "limit": min(self.limit, MOST),
            "approving": sorted(roles_with(Permission.MONEY_APPROVE)),
            "finance_approver": Role.FINANCE_APPROVER.value,
            "confirmed": ActivityState.CONFIRMED.value,
            "draft": ActivityState.DRAFT.value,
            "tiers": list(COUNTED_TIERS),
            "codes": [one.code for one in quarters],
            "starts": [one.start for one in quarters],
            "ends": [one.end for one in quarters],
            "quarter": quarters[0].code,
            "quarter_start": quarters[0].start,
            "quarter_end": quarters[0].end,
        }


def market_questions(asking: Asking) -> dict[str, Asked]:
    """What is asked for who acts there, by name, as far as the role may see the answer."""
    kind = asking.organisation.kind
    if kind == OrganisationKind.PROVIDER:
        named = _of_provider(asking.may)
    elif kind == OrganisationKind.PARTNERSHIP:
        named = _of_partnership(asking.may)
    elif kind == OrganisationKind.REGION:
        named = _of_region(asking.may)
    else:
        named = iter([("boards", BOARDS.format(where="true"))])
    return {name: sql(words, **asking.values) for name, words in named}


def _of_provider(may: frozenset[Permission]) -> Iterator[tuple[str, str]]:
    if Permission.PLACES_KEEP in may:
        yield "boards", BOARDS.format(where=_OF_PROVIDER)
        yield "moves", MOVES
    if Permission.CALL_OFF_ANSWER in may:
        yield "to_accept", TO_ACCEPT
        yield "to_end", TO_END
    if Permission.CONTRACT_ANSWER in may:
        yield "to_answer", TO_ANSWER
        yield "to_agree", TO_AGREE
        yield "to_monitor", TO_MONITOR
        yield "to_put_right", TO_PUT_RIGHT
        yield "deadlines", DATES_OF_PROVIDER
    if Permission.ACTIVITY_SEND in may:
        yield "activity", ACTIVITY


def _of_partnership(may: frozenset[Permission]) -> Iterator[tuple[str, str]]:
    if Permission.CONTRACT_VIEW in may:
        yield "boards", BOARDS.format(where=_CONTRACTED)
        yield "voids", VOIDS
        yield "deadlines", DATES_OF_PARTNERSHIP
    if Permission.CONTRACT_EDIT in may:
        yield "to_answer", PROPOSED_TO_US
        yield "to_put_right", TO_SEE_PUT_RIGHT
    if Permission.CONTRACT_AWARD in may:
        yield "to_award", TO_AWARD
        yield "to_put_in_force", TO_PUT_IN_FORCE
    if may & {Permission.CONTRACT_EDIT, Permission.CONTRACT_AWARD}:
        yield "to_commit", TO_COMMIT
    yield from _stays_bought(may)
    if Permission.AREA_EDIT in may:
        yield "reviews", REVIEWS


def _stays_bought(may: frozenset[Permission]) -> Iterator[tuple[str, str]]:
    if Permission.CALL_OFF_APPROVE in may:
        yield "to_approve", TO_APPROVE
    if {Permission.CALL_OFF_APPROVE, Permission.PEOPLE_MANAGE} <= may:  # who lets others approve
        yield "beyond_all", BEYOND_ALL
    if Permission.PLACE_HOLD in may:
        yield "past_nights", PAST_NIGHTS
        yield "holds", HOLDS
        yield "not_got", NOT_GOT


def _of_region(may: frozenset[Permission]) -> Iterator[tuple[str, str]]:
    yield "boards", BOARDS.format(where=_STANDING_HERE)
    yield "capacity", CAPACITY
    if Permission.CONTRACT_VIEW in may:
        yield "ending", ENDING
        yield "exposed", EXPOSED
    if Permission.REGION_EDIT in may:
        yield "reviews", REVIEWS
