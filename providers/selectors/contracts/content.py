"""A contract written out whole, as a version keeps it, and read back as terms that cost."""

import datetime as dt
from collections.abc import Callable, Collection, Mapping
from decimal import Decimal
from typing import Any, cast

from django.db.models import Field

from providers.choices import ContractKind
from providers.models import Contract
from providers.rules.contract_costs import Terms, Unit

# Parts that are values of the contract itself, in the order in which they are shown.
FIELDS: Mapping[str, str] = {
    "title": "Title",
    "kind": "Kind",
    "starts_on": "Starts on",
    "ends_on": "Ends before",
    "ended_on": "Ended early, from",
    "notice_weeks": "Notice, weeks",
    "extension_months": "Each extension, months",
    "extensions_left": "Extensions left",
    "extend_by": "Extend by",
    "price": "Price",
    "price_unit": "Price is for",
    "places": "Places",
    "starts": "Starts a year",
    "take_up": "Minimum take-up, per cent",
    "void_rate": "Void payment, per cent",
    "ceiling": "Ceiling",
    "uplift": "Uplift, per cent",
    "uplift_on": "Uplift from",
    "monitoring": "Monitoring",
    "tender_route": "Tender route",
    "waiver_reason": "Reason of the waiver",
}
LISTS: Mapping[str, str] = {
    "shares": "Shares",
    "interventions": "Interventions",
    "services": "Services",
    "sub_contractors": "Sub-contractors",
    "clauses": "Clauses",
    "schedule": "Performance schedule",
    "costs": "Cost by year",
}
PARTS: Mapping[str, str] = {**FIELDS, **LISTS}
# Values of the contract itself that a variation may change.
VARIABLE = (
    "title",
    "ends_on",
    "notice_weeks",
    "price",
    "places",
    "starts",
    "take_up",
    "void_rate",
    "ceiling",
    "uplift",
    "uplift_on",
    "monitoring",
)
# Lists that a variation may change, each as a version keeps it.
VARIABLE_LISTS = ("interventions", "schedule", "shares")
# Nothing is promised beforehand: each use is bought by itself.
BOUGHT_BY_USE = frozenset({ContractKind.SPOT, ContractKind.FRAMEWORK})


def content_of(contract: Contract, costs: Mapping[int, Decimal]) -> dict[str, Any]:
    """Every part of the contract as it stands, plain enough to be kept as JSON. Seven queries."""
    lists: dict[str, Any] = {
        **variable_lists(contract),
        "services": sorted(contract.services.values_list("name", flat=True)),
        "sub_contractors": {
            str(one.provider): one.does
            for one in contract.sub_contractors.select_related("provider__organisation")
        },
        "clauses": sorted(
            contract.clauses.filter(is_included=True).values_list("clause", flat=True)
        ),
        "costs": {f"FY{year}": str(cost) for year, cost in costs.items()},
    }
    return {**fields_of(contract), **lists}


def variable_lists(contract: Contract, which: Collection[str] = VARIABLE_LISTS) -> dict[str, Any]:
    """Shares by the partnership's id, interventions by code and targets by measure. A query each,
    but for what the contract was read with."""
    return {name: _LISTED[name](contract) for name in VARIABLE_LISTS if name in which}


_LISTED: Mapping[str, Callable[[Contract], Any]] = {
    "interventions": lambda contract: sorted(one.code for one in contract.interventions.all()),
    "schedule": lambda contract: {
        one.measure: str(one.target) for one in contract.schedule.agreed().order_by("measure")
    },
    "shares": lambda contract: {
        str(key): str(one.share) for key, one in sorted(contract.agreed_shares.items())
    },
}


def fields_of(contract: Contract) -> dict[str, Any]:
    """The values of the contract itself: days and pounds as text."""
    return {name: plain(getattr(contract, name)) for name in FIELDS}


def plain(value: Any) -> Any:
    """A value as JSON keeps it."""
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    return value if value is None or isinstance(value, int) else str(value)


def read(name: str, value: Any) -> Any:
    """A value of a version or a variation as the contract's field holds it."""
    field = cast("Field[Any, Any]", Contract._meta.get_field(name))
    return field.to_python(value)


def terms_of(held: Mapping[str, Any]) -> Terms:
    """What a content costs by; the early end goes before the end of the term."""
    read_in = {name: read(name, held.get(name)) for name in FIELDS}
    unit = read_in["price_unit"]
    return Terms(
        starts_on=read_in["starts_on"],
        ends_on=read_in["ended_on"] or read_in["ends_on"],
        price=read_in["price"],
        unit=Unit(unit) if unit else None,
        places=read_in["places"],
        starts=read_in["starts"],
        uplift=read_in["uplift"],
        uplift_on=read_in["uplift_on"],
        take_up=read_in["take_up"],
        void_rate=read_in["void_rate"],
        pays_by_use=read_in["kind"] in BOUGHT_BY_USE,
    )
