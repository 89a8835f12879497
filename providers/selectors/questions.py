"""Questions in SQL about places, what was counted and what is to be reviewed, for a home page.

Their parameters are those of `providers.selectors.waiting.Asking`.
"""

from providers.selectors.contracts.questions import OURS

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
BOARDS = f"""
SELECT count(*) AS boards, count(*) FILTER (WHERE {_STALE}) AS stale,
       count(DISTINCT service.provider_id) FILTER (WHERE {_STALE}) AS providers,
       min(service.name) FILTER (WHERE {_STALE}) AS name
  FROM providers_service service
  LEFT JOIN providers_board board ON board.service_id = service.id
 WHERE {_HAS_PLACES} AND {{where}}
"""  # noqa: S608 - pieces of our own
OF_PROVIDER = "service.provider_id = %(here)s"
STANDING_HERE = f"""EXISTS (SELECT FROM providers_site site
   WHERE site.id = service.site_id AND site.partnership_id IN ({_IN_REGION}))"""
CONTRACTED = f"""EXISTS (
   SELECT FROM providers_contract contract
    WHERE contract.provider_id = service.provider_id AND contract.state = ANY(%(in_force)s)
      AND contract.starts_on <= %(today)s AND contract.ends_on > %(today)s AND {OURS}
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
   AND sold.nights @> %(today)s::date AND {OURS}
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
   AND call_off.starts_on > %(year_ago)s AND {STANDING_HERE}
   AND NOT EXISTS (SELECT FROM providers_contract contract
                    WHERE contract.provider_id = call_off.provider_id
                      AND contract.kind = %(block)s AND contract.state = ANY(%(in_force)s))
"""  # noqa: S608
