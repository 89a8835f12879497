"""Parts of a version in words."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from functools import cached_property
from typing import Any

from commissioning.kernel.words import MISSING, day, pounds
from commissioning.models.plans import year_period
from commissioning.selectors.areas import partnerships_of
from commissioning.selectors.interventions import intervention_names
from providers.choices import ContractKind, PriceUnit, TenderRoute
from providers.models import Contract
from providers.reference.clauses import BY_CODE as CLAUSES
from providers.reference.measures import BY_CODE as MEASURES
from providers.selectors.contracts.performance import written
from providers.selectors.contracts.records import share_words


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
        f"{MEASURES[one].title}: {written(MEASURES[one], Decimal(target))}"
        for one, target in value.items()
        if one in MEASURES
    )


class Names:
    """What versions hold by code or number, by name; each kind is asked once, and partnerships
    that have a share not at all."""

    def __init__(self, contract: Contract) -> None:
        self._known = {one.partnership_id: str(one.partnership) for one in contract.shares.all()}

    def partnerships(self, keys: Iterable[int]) -> Mapping[int, str]:
        """Those of the numbers, by name in its order."""
        asked = set(keys)
        if asked - set(self._known):
            self._known |= {one.pk: str(one) for one in partnerships_of(asked)}
        by_name = sorted(self._known.items(), key=lambda one: one[1])
        return {key: name for key, name in by_name if key in asked}

    @cached_property
    def interventions(self) -> Mapping[str, str]:
        return intervention_names()

    def shares(self, value: Any) -> str:
        """Newham: 60 %; Hackney: 40 %."""
        return "; ".join(
            f"{name}: {share_words(Decimal(value[str(key)]))}"
            for key, name in self.partnerships(int(one) for one in value).items()
        )

    def covered(self, value: Any) -> str:
        """Interventions in the order of the framework."""
        return ", ".join(name for code, name in self.interventions.items() if code in value)


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


def part_words(part: str, value: Any, names: Names) -> str:
    """A value of a version or a variation as it reads on a page."""
    by_name = {"shares": names.shares, "interventions": names.covered}
    write = by_name.get(part) or _WRITTEN.get(part, _listed)
    return MISSING if value in (None, "", [], {}) else write(value)
