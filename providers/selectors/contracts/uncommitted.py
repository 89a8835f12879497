"""Years of contracts in force whose plan is agreed and whose money is not committed yet."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.db import connection

from commissioning.choices import AT_WORK_IN, EntryKind, PlanKind
from commissioning.models.plans import year_period
from commissioning.selectors.together import sql
from providers.choices import IN_FORCE_IN, PriceUnit
from providers.models import Contract
from providers.selectors.contracts.content import BOUGHT_BY_USE

# Where money of the contract stands on a joint plan its lead leads, that plan carries the year.
_ON_JOINT = """EXISTS (
   SELECT FROM providers_contractmoney put
     JOIN commissioning_line line ON line.id = put.line_id
     JOIN commissioning_plan joint ON joint.id = line.plan_id
    WHERE put.contract_id = contract.id AND joint.kind = %(joint)s AND joint.year = plan.year
      AND joint.partnership_id = contract.lead_id AND joint.state = ANY(%(at_work)s) {more})"""
_CARRIES = f"""(plan.kind = %(own)s AND NOT {_ON_JOINT.format(more="")}
   OR plan.kind = %(joint)s AND plan.partnership_id = contract.lead_id
      AND {_ON_JOINT.format(more="AND joint.id = plan.id")})"""

# What is bought by use promises nothing beforehand; what has no price or volume costs nothing.
UNCOMMITTED = f"""
SELECT contract.id, contract.reference, contract.title, plan.id AS plan, plan.year,
       plan.partnership_id AS partnership, count(*) OVER () AS total
  FROM providers_contract contract
  JOIN providers_contractshare share ON share.contract_id = contract.id
  JOIN commissioning_plan plan
    ON plan.partnership_id = share.partnership_id AND plan.state = ANY(%(at_work)s)
   AND make_date(plan.year, 4, 1) < coalesce(contract.ended_on, contract.ends_on)
   AND make_date(plan.year + 1, 4, 1) > contract.starts_on
   AND (share.left_on IS NULL OR share.left_on > make_date(plan.year, 4, 1))
   AND (share.joined_on IS NULL OR share.joined_on < make_date(plan.year + 1, 4, 1))
 WHERE contract.state = ANY(%(in_force)s) AND contract.kind <> ALL(%(by_use)s)
   AND contract.price IS NOT NULL
   AND (contract.price_unit = %(a_year)s OR coalesce(contract.places, contract.starts, 0) > 0)
   AND {_CARRIES}
   AND NOT EXISTS (
       SELECT FROM commissioning_entry entry
         JOIN commissioning_allocation allocation ON allocation.id = entry.allocation_id
        WHERE allocation.plan_id = plan.id AND entry.kind = %(commitment)s
          AND starts_with(entry.cause, 'contract:' || contract.reference || ':'))
   AND {{where}}
 ORDER BY plan.year, contract.id, plan.id
"""  # noqa: S608 - pieces of our own

VALUES: Mapping[str, object] = {
    "at_work": sorted(AT_WORK_IN),
    "in_force": sorted(IN_FORCE_IN),
    "by_use": sorted(BOUGHT_BY_USE),
    "a_year": PriceUnit.YEAR.value,
    "own": PlanKind.OWN.value,
    "joint": PlanKind.JOINT.value,
    "commitment": EntryKind.COMMITMENT.value,
}


@dataclass(frozen=True)
class YearToCommit:
    """A contract, and the plan on which its year's money waits to be committed."""

    contract: Contract
    plan: int
    partnership: int
    year: int

    @property
    def label(self) -> str:
        return year_period(self.year).label


def years_to_commit(
    contracts: Collection[Contract], *, partnership: int | None = None
) -> list[YearToCommit]:
    """Of these contracts, on the plans of a partnership or of all that share. One query."""
    held = {one.pk: one for one in contracts}
    where = "contract.id = ANY(%(contracts)s)"
    if partnership is not None:
        where += " AND plan.partnership_id = %(here)s"
    values = {**VALUES, "contracts": list(held), "here": partnership}
    words, parameters = sql(UNCOMMITTED.format(where=where), **values)
    with connection.cursor() as cursor:
        cursor.execute(words, parameters)
        return [
            YearToCommit(held[contract], plan, whose, year)
            for contract, _, _, plan, year, whose, _ in cursor.fetchall()
        ]
