"""Questions in SQL about contracts that wait for somebody, to be asked with those of a home page.

Their parameters are those of `providers.selectors.waiting.Asking`.
"""

from providers.selectors.contracts.uncommitted import UNCOMMITTED

OURS = """
(contract.lead_id = %(here)s OR EXISTS (
   SELECT FROM providers_contractshare share
    WHERE share.contract_id = contract.id AND share.partnership_id = %(here)s
      AND (share.left_on IS NULL OR share.left_on > %(today)s)))
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
    f"contract.state = ANY(%(in_force)s) AND ({OURS} OR {_ASKED})"
    " AND variation.agreed_at IS NOT NULL AND variation.proposed_by_id <> %(person)s",
    joins=_VARIED,
)
TO_COMMIT = f"{UNCOMMITTED.format(where='plan.partnership_id = %(here)s')} LIMIT %(listed)s"
DATES_OF_PROVIDER = _contracts(f"{_DEADLINES} AND {_THEIRS}", more=_TERM)
DATES_OF_PARTNERSHIP = _contracts(f"{_DEADLINES} AND {OURS}", more=_TERM)
_NOT_PUT_RIGHT = """JOIN providers_performancecomment said ON said.contract_id = contract.id
   AND said.remedy <> '' AND said.done_on IS NULL AND said.due_on < %(today)s"""
TO_PUT_RIGHT, TO_SEE_PUT_RIGHT = (
    _contracts(
        f"contract.state = ANY(%(in_force)s) AND {of}",
        more="said.due_on, said.remedy,",
        joins=_NOT_PUT_RIGHT,
    )
    for of in (_THEIRS, OURS)
)
TO_MONITOR = _contracts(
    f"""contract.state = ANY(%(in_force)s) AND {_THEIRS}
    AND contract.starts_on < %(quarter_end)s
    AND coalesce(contract.ended_on, contract.ends_on) > %(quarter_start)s
    AND NOT EXISTS (SELECT FROM providers_monitoringreturn sent
                     WHERE sent.contract_id = contract.id AND sent.quarter = %(quarter)s)"""
)
