"""Parts of a version in words."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from commissioning.kernel.words import MISSING, day, pounds
from commissioning.models.plans import year_period
from providers.choices import ContractKind, PriceUnit, TenderRoute
from providers.reference.clauses import BY_CODE as CLAUSES
from providers.reference.measures import BY_CODE as MEASURES


def _costs(value: Any) -> str:
    return "; ".join(
        f"{year_period(int(year[2:])).label}: {_money(cost)}" for year, cost in value.items()
    )


def _money(value: Any) -> str:
    return pounds(Decimal(str(value)))


def _day(value: Any) -> str:
    return day(dt.date.fromisoformat(str(value)))


def _listed(value: Any) -> str:
    if isinstance(value, dict):
        return "; ".join(f"{name}: {one}" for name, one in value.items())
    return ", ".join(str(one) for one in value) if isinstance(value, list) else str(value)


def _schedule(value: Any) -> str:
    return "; ".join(
        f"{MEASURES[one].title}: {target}" for one, target in value.items() if one in MEASURES
    )


_WRITTEN: dict[str, Callable[[Any], str]] = {
    **dict.fromkeys(("price", "ceiling"), _money),
    **dict.fromkeys(("starts_on", "ends_on", "ended_on", "extend_by", "uplift_on"), _day),
    "kind": lambda value: str(ContractKind(value).label),
    "price_unit": lambda value: str(PriceUnit(value).label),
    "tender_route": lambda value: str(TenderRoute(value).label),
    "costs": _costs,
    "clauses": lambda value: ", ".join(CLAUSES[one].title for one in value if one in CLAUSES),
    "schedule": _schedule,
}


def part_words(part: str, value: Any) -> str:
    """A value of a version or a variation as it reads on a page."""
    return MISSING if value in (None, "", [], {}) else _WRITTEN.get(part, _listed)(value)
