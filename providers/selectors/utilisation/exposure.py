"""What providers live on: contracts that promise, and places bought one by one."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import connection

from commissioning.kernel.money import ZERO
from providers.choices import IN_FORCE_IN, CallOffKind, ContractState
from providers.rules import utilisation as rules
from providers.rules.contract_costs import PER_WEEK, Unit
from providers.selectors.contracts.content import BOUGHT_BY_USE
from providers.selectors.contracts.costs import SPENT_IN

# A contract as it stands: what a day of it costs before and from its uplift, the part of it that
# the partnerships asked about have, and the least share of it that is paid whatever is used.
_CONTRACTS = """
WITH part AS (
  SELECT contract_id, sum(share) / 100 AS of FROM providers_contractshare
   WHERE {partnerships} GROUP BY contract_id),
term AS (
  SELECT contract.provider_id, part.of, starts_on AS since,
         least(ended_on, ends_on) AS until,
         coalesce(CASE WHEN uplift IS NOT NULL THEN uplift_on END, DATE '9999-12-31') AS rise,
         1 + coalesce(uplift, 0) / 100 AS risen,
         price * CASE WHEN price_unit = ANY(%(weekly)s) THEN coalesce(places, 0) / 7.0
                      WHEN price_unit = %(start)s THEN coalesce(starts, 0) / 365.0
                      ELSE 1 / 365.0 END AS a_day,
         state = ANY(%(in_force)s) AS is_in_force,
         CASE WHEN take_up IS NOT NULL THEN take_up / 100
              WHEN void_rate IS NULL THEN 1 ELSE 0 END AS sure,
         coalesce(void_rate, 0) / 100 AS void_rate
    FROM providers_contract contract
    JOIN part ON part.contract_id = contract.id
   WHERE (state = ANY(%(in_force)s) OR state = %(ended)s)
     AND price IS NOT NULL AND NOT kind = ANY(%(by_use)s) AND {providers})
SELECT provider_id,
       sum(of * a_day * (greatest(least(until, rise, %(end)s) - greatest(since, %(first)s), 0)
           + risen * greatest(least(until, %(end)s) - greatest(since, rise, %(first)s), 0))),
       sum(CASE WHEN is_in_force THEN of * a_day * (sure + (1 - sure) * void_rate)
           * (greatest(least(until, rise) - greatest(since, %(today)s), 0)
              + risen * greatest(until - greatest(since, rise, %(today)s), 0)) ELSE 0 END)
  FROM term
 GROUP BY provider_id
"""
# Of each purchase the share of its nights that lie in the days.
_SPOT = """
SELECT provider_id,
       sum(cost * (least(until, %(end)s) - greatest(since, %(first)s)) / (until - since)),
       sum(least(until, %(end)s) - greatest(since, %(first)s))
  FROM (SELECT contract.provider_id, cost,
               coalesce(admitted_on, starts_on) AS since,
               greatest(coalesce(left_on, ends_on), coalesce(admitted_on, starts_on) + 1) AS until
          FROM providers_calloff contract
         WHERE contract.kind = %(spot)s AND state = ANY(%(spent)s)
           AND {partnerships} AND {providers}) AS bought
 WHERE since < %(end)s AND until > %(first)s
 GROUP BY provider_id
"""


@dataclass(frozen=True)
class Income:
    """What a provider took in from some partnerships over some days, and what they still owe.

    `contracts` is what contracts cost as they stand, all used; `promised` what those in force pay
    from today on whatever is used; pounds.
    """

    spot: Decimal = ZERO
    contracts: Decimal = ZERO
    promised: Decimal = ZERO
    spot_nights: int = 0

    @property
    def total(self) -> Decimal:
        return self.spot + self.contracts

    @property
    def from_spot(self) -> float | None:
        return rules.share_from_spot(self.spot, self.contracts)

    def months_of_cover(self, days: int) -> float | None:
        return rules.months_of_cover(self.promised, self.total, days=days)


def income_of(
    *,
    first: dt.date,
    end: dt.date,
    today: dt.date,
    partnerships: Collection[int] | None = None,
    providers: Collection[int] | None = None,
) -> dict[int, Income]:
    """Provider → income from the partnerships (None: from all) over the days. Two queries."""
    values = {
        "first": first,
        "end": end,
        "today": today,
        "partnerships": list(partnerships or ()),
        "providers": list(providers or ()),
        "weekly": [one.value for one in PER_WEEK],
        "start": Unit.START.value,
        "in_force": [one.value for one in IN_FORCE_IN],
        "ended": ContractState.ENDED.value,
        "by_use": [one.value for one in BOUGHT_BY_USE],
        "spot": CallOffKind.SPOT.value,
        "spent": [one.value for one in SPENT_IN],
    }
    narrowed = {
        "partnerships": "true"
        if partnerships is None
        else "partnership_id = ANY(%(partnerships)s)",
        "providers": "true" if providers is None else "contract.provider_id = ANY(%(providers)s)",
    }
    found: dict[int, Income] = defaultdict(Income)
    spot = {key: (cost, nights) for key, cost, nights in _ask(_SPOT.format(**narrowed), values)}
    contracts = {key: more for key, *more in _ask(_CONTRACTS.format(**narrowed), values)}
    for key in {*spot, *contracts}:
        bought, nights = spot.get(key, (ZERO, 0))
        paid, promised = contracts.get(key, (ZERO, ZERO))
        found[key] = Income(_pennies(bought), _pennies(paid), _pennies(promised), int(nights))
    return dict(found)


def _pennies(amount: Decimal) -> Decimal:
    return amount.quantize(Decimal("0.01"))


def _ask(statement: str, values: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as asked:
        asked.execute(statement, values)
        return list(asked.fetchall())
