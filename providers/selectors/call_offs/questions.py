"""Questions in SQL about call-offs that wait for somebody, to be asked with those of a home page.

Their parameters are those of `providers.selectors.waiting.Asking`.
"""

_CALL_OFFS = """
SELECT call_off.number, call_off.starts_on, call_off.kind, service.name, {more}
       partnership.name AS partnership, count(*) OVER () AS total
  FROM providers_calloff call_off
  JOIN providers_place place ON place.id = call_off.place_id
  JOIN providers_service service ON service.id = place.service_id
  JOIN commissioning_organisation partnership ON partnership.id = call_off.partnership_id
  {joins}
 WHERE {where}
 ORDER BY call_off.starts_on, call_off.number LIMIT %(listed)s
"""


def _call_offs(where: str, *, more: str = "call_off.cost,", joins: str = "") -> str:
    return _CALL_OFFS.format(where=where, more=more, joins=joins)


TO_ACCEPT = _call_offs("call_off.provider_id = %(here)s AND call_off.state = %(approved)s")
# What waits to be approved: a purchase, or a longer stay; by whom it was asked, and how much.
_ASKED = """JOIN LATERAL (
      SELECT call_off.requested_by_id AS by, call_off.cost, false AS longer
       WHERE call_off.state = %(requested)s
       UNION ALL
      SELECT longer.asked_by_id, longer.cost, true FROM providers_calloffextension longer
       WHERE longer.call_off_id = call_off.number AND longer.state = %(asked)s) asked ON true"""
TO_APPROVE = _call_offs(
    "call_off.partnership_id = %(here)s AND asked.by <> %(person)s AND asked.cost <= %(limit)s",
    more="asked.cost, asked.longer,",
    joins=_ASKED,
)
# Nobody of the partnership may: whoever else approves here has a limit that is too low.
BEYOND_ALL = _call_offs(
    """call_off.partnership_id = %(here)s AND NOT EXISTS (
       SELECT FROM commissioning_membership able
         JOIN commissioning_user person ON person.id = able.user_id AND person.is_active
        WHERE able.organisation_id = call_off.partnership_id AND able.user_id <> asked.by
          AND able.role = ANY(%(approving)s) AND able.from_on <= %(today)s
          AND (able.until_on IS NULL OR able.until_on > %(today)s)
          AND (able.role <> %(finance_approver)s
               OR coalesce(able.approval_limit, 0) >= asked.cost))""",
    more="asked.cost, asked.longer,",
    joins=_ASKED,
)
# Somebody is there after the nights that were approved, and no longer stay is asked for.
_GOES_ON = """call_off.state = %(admitted)s AND call_off.ends_on < %(today)s AND NOT EXISTS (
       SELECT FROM providers_calloffextension longer
        WHERE longer.call_off_id = call_off.number AND longer.state = %(asked)s)"""
# Or was, and left lately, and nobody said yet whether those nights are paid.
_WENT_ON = """call_off.state = %(ended)s AND call_off.left_on > call_off.ends_on
   AND call_off.left_on > %(lately)s AND NOT EXISTS (
       SELECT FROM providers_calloffextension longer
        WHERE longer.call_off_id = call_off.number
          AND (longer.state = %(asked)s
               OR longer.state = %(refused)s AND longer.until >= call_off.left_on))"""
# Or came before the first night that is approved, and nobody asked for those, or refused them.
_CAME_EARLY = """call_off.state IN (%(admitted)s, %(ended)s)
   AND call_off.admitted_on < call_off.starts_on
   AND (call_off.left_on IS NULL OR call_off.left_on > %(lately)s) AND NOT EXISTS (
       SELECT FROM providers_calloffextension longer
        WHERE longer.call_off_id = call_off.number AND longer.since <= call_off.admitted_on
          AND longer.state IN (%(asked)s, %(refused)s))"""
_BEYOND = "call_off.ends_on, call_off.left_on, call_off.admitted_on,"
TO_END = _call_offs(f"call_off.provider_id = %(here)s AND {_GOES_ON}", more=_BEYOND)
PAST_NIGHTS = _call_offs(
    f"call_off.partnership_id = %(here)s AND ({_GOES_ON} OR {_WENT_ON} OR {_CAME_EARLY})",
    more=_BEYOND,
)

# Places that are held and not called off yet: the first to lapse on top.
HOLDS = """
SELECT held.began_id AS began, held."case", held.held_until, place.label, service.name,
       count(*) OVER () AS total
  FROM providers_occupancy held
  JOIN providers_place place ON place.id = held.place_id
  JOIN providers_service service ON service.id = place.service_id
 WHERE held.partnership_id = %(here)s AND held.kind = %(held)s AND held.held_until > %(now)s
   AND NOT EXISTS (SELECT FROM providers_calloff asked WHERE asked.occupancy_id = held.id)
 ORDER BY held.held_until, held.began_id LIMIT %(listed)s
"""
# What the person asked for and did not get lately, until it is asked for again: which is looked up
# of those few alone.
NOT_GOT = _call_offs(
    "call_off.partnership_id = %(here)s AND told.at > %(told_since)s",
    more="told.why, told.what, told.longer,",
    joins="""JOIN LATERAL (
      SELECT CASE call_off.state WHEN %(declined)s THEN call_off.answer
                                 ELSE call_off.decision END AS why,
             CASE call_off.state WHEN %(declined)s THEN call_off.answered_at
                                 ELSE call_off.decided_at END AS at,
             lower(call_off.state) AS what, false AS longer
       WHERE CASE WHEN call_off.state IN (%(not_approved)s, %(declined)s)
                       AND call_off.requested_by_id = %(person)s
                  THEN NOT EXISTS (
                       SELECT FROM providers_calloff again
                        WHERE again.partnership_id = call_off.partnership_id
                          AND again."case" = call_off."case" AND again.number > call_off.number)
             END
       UNION ALL
      SELECT longer.decision, longer.decided_at, lower(longer.state), true
        FROM providers_calloffextension longer
       WHERE longer.call_off_id = call_off.number AND longer.state = %(refused)s
         AND longer.asked_by_id = %(person)s
         AND NOT EXISTS (SELECT FROM providers_calloffextension again
                          WHERE again.call_off_id = call_off.number
                            AND again.number > longer.number)) told ON true""",
)
