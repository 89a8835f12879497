"""How the places that contracts have bought are used, and what the voids cost."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from django.db import connection

from commissioning.kernel.money import ZERO
from providers.choices import CallOffKind, OccupancyKind
from providers.models import Contract, ContractVersion
from providers.rules.contract_costs import PER_WEEK, Terms
from providers.rules.utilisation import (
    ContractNights,
    cost_per_occupied_week,
    pennies,
    used_cost,
    void_cost,
)
from providers.selectors.contracts.content import fields_of
from providers.selectors.contracts.costs import terms_in_order

Days = tuple[dt.date, dt.date]  # the first, and the day after the last
# Of each stretch of a contract's days: nights sold, open and sold, and what was on those.
_NIGHTS = """
WITH stretch AS (
  SELECT * FROM unnest(%(contracts)s::bigint[], %(from)s::date[], %(until)s::date[])
           WITH ORDINALITY AS one (contract_id, since, until, number)),
sold AS (
  SELECT stretch.number, one.contract_id, one.place_id,
         one.nights * daterange(since, until) AS nights,
         one.nights * daterange(since, until) * daterange(place.opened_on, place.closed_on)
           AS open_nights
    FROM stretch
    JOIN providers_contractplace one USING (contract_id)
    JOIN providers_place place ON place.id = one.place_id
   WHERE one.nights && daterange(since, until))
SELECT number,
       sum(upper(sold.nights) - lower(sold.nights))::int,
       coalesce(sum(upper(open_nights) - lower(open_nights)), 0)::int
         - coalesce(sum(taken.out_of_service), 0)::int,
       coalesce(sum(taken.ours), 0)::int,
       coalesce(sum(taken.outside), 0)::int
  FROM sold
  LEFT JOIN LATERAL (
       SELECT sum(held.nights) FILTER (WHERE kind = %(out)s) AS out_of_service,
              sum(held.nights) FILTER (WHERE kind = %(occupied)s AND bought.is_ours) AS ours,
              sum(held.nights) FILTER (WHERE kind = %(occupied)s AND NOT bought.is_ours) AS outside
         FROM providers_occupancy taken
        CROSS JOIN LATERAL (
              SELECT upper(taken.nights * open_nights) - lower(taken.nights * open_nights)
             ) AS held (nights)
        CROSS JOIN LATERAL (
              SELECT EXISTS (SELECT FROM providers_contractshare part
                              WHERE part.contract_id = sold.contract_id
                                AND part.partnership_id = taken.partnership_id)
                 AND NOT EXISTS (SELECT FROM providers_calloff spot
                                  WHERE spot.occupancy_id = taken.id AND spot.kind = %(spot)s)
             ) AS bought (is_ours)
        WHERE taken.place_id = sold.place_id AND taken.nights && open_nights
          AND taken.kind IN (%(occupied)s, %(out)s)) taken ON true
 GROUP BY number
"""


@dataclass(frozen=True)
class Use:
    """Nights of a contract's places over some days, and what they cost; pounds, unrounded."""

    nights: ContractNights
    used_cost: Fraction
    void_cost: Fraction

    @property
    def voids(self) -> Decimal:
        return pennies(self.void_cost)

    @property
    def cost(self) -> Decimal:
        """What was used and what was void, together."""
        return pennies(self.used_cost + self.void_cost)

    @property
    def weekly_cost(self) -> Decimal | None:
        """The effective price of a week in which somebody was there."""
        return cost_per_occupied_week(self.used_cost + self.void_cost, self.nights.used)

    def __add__(self, other: "Use") -> "Use":
        return Use(
            self.nights + other.nights,
            self.used_cost + other.used_cost,
            self.void_cost + other.void_cost,
        )


NOTHING = Use(ContractNights(), Fraction(0), Fraction(0))


def terms_by_contract(contracts: Iterable[Contract]) -> dict[int, list[Terms]]:
    """The terms by which each day of each contract is paid, in order. One query."""
    held = list(contracts)
    versions: dict[int, list[tuple[dt.date, Mapping[str, object]]]] = defaultdict(list)
    rows = ContractVersion.objects.filter(contract__in=[one.pk for one in held])
    for row in rows.order_by("contract", "number").only("contract", "holds_from", "content"):
        versions[row.contract_id].append((row.holds_from, row.content))
    return {
        one.pk: terms_in_order(versions[one.pk] or [(one.starts_on, fields_of(one))])
        for one in held
    }


def use_of(contracts: Sequence[Contract], days: Sequence[Days]) -> dict[tuple[int, int], Use]:
    """(contract, place in `days`) → how its places were used in them. Two queries.

    Each stretch of days is cut where a price or another term changes, so that every night is
    priced as it was agreed. Contracts that bought no places are not there.
    """
    stretches = [
        (one.pk, number, piece, since, until)
        for one, pieces in zip(contracts, _pieces(contracts), strict=True)
        for number, asked in enumerate(days)
        for piece in pieces
        for since, until in _cut(piece, *asked)
    ]
    nights = _nights([(contract, since, until) for contract, _, _, since, until in stretches])
    found: dict[tuple[int, int], Use] = {}
    for at, (contract, number, terms, since, _) in enumerate(stretches, start=1):
        if at in nights:
            use = _priced(nights[at], terms, since)
            found[contract, number] = found.get((contract, number), NOTHING) + use
    return found


def _pieces(contracts: Sequence[Contract]) -> list[list[Terms]]:
    by_contract = terms_by_contract(contracts)
    return [by_contract[one.pk] for one in contracts]


def _cut(terms: Terms, first: dt.date, end: dt.date) -> list[Days]:
    """The days that the terms hold within others, cut where the price rises."""
    held = terms.within(first, end)
    if held is None:
        return []
    rise = terms.uplift_on if terms.uplift is not None else None
    if rise is None or not held.starts_on < rise < held.ends_on:
        return [(held.starts_on, held.ends_on)]
    return [(held.starts_on, rise), (rise, held.ends_on)]


def _priced(nights: ContractNights, terms: Terms, on: dt.date) -> Use:
    price = terms.price_on(on) if terms.unit in PER_WEEK else ZERO
    return Use(
        nights,
        used_cost(nights, weekly_price=price),
        void_cost(nights, weekly_price=price, terms=terms),
    )


def _nights(stretches: Sequence[tuple[int, dt.date, dt.date]]) -> dict[int, ContractNights]:
    """By the place of the stretch in the list, from one. One query, where there are any."""
    if not stretches:
        return {}
    contracts, since, until = zip(*stretches, strict=True)
    with connection.cursor() as asked:
        asked.execute(
            _NIGHTS,
            {
                "contracts": list(contracts),
                "from": list(since),
                "until": list(until),
                "occupied": OccupancyKind.OCCUPIED.value,
                "out": OccupancyKind.OUT_OF_SERVICE.value,
                "spot": CallOffKind.SPOT.value,
            },
        )
        return {
            number: ContractNights(sold, served, ours, outside)
            for number, sold, served, ours, outside in asked.fetchall()
        }
