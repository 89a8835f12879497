"""Contracts: both sides and their reviewers read them; each side writes its own part."""

from providers.models import ContractMoney
from tests.architecture.access_table import Row, everybody
from tests.architecture.access_table import in_place as seen_in
from tests.factories.ledger import line_of, stream

BUYERS = ("lead", "commissioner")
AWARDERS = ("lead", "approver")
READERS = (
    *BUYERS,
    "approver",
    "analyst",
    "provider_manager",
    "regional_reviewer",
    "national_reviewer",
)


def seen(*allowed, then=200, by=READERS):
    """Of a contract: those named may; who reads it gets 403; to the rest it does not exist."""
    return everybody(404, **(dict.fromkeys(by, 403) | dict.fromkeys(allowed, then)))


def at(name="contract", **more):
    return lambda world: (
        {"reference": getattr(world, name).reference}
        | {key: value(getattr(world, name)) for key, value in more.items()}
    )


def code(name):
    return lambda world: {"code": getattr(world, name).code}


def fixed(value):
    return lambda _: value


def read(url, **more):
    return [
        Row(url, seen(*READERS), at(**more), "our own"),
        Row(
            url,
            seen("national_reviewer", by=("national_reviewer",)),
            at("other_contract", **more),
            "of others",
        ),
    ]


def written(url, *allowed, then=200, methods=("get", "post"), **more):
    return [
        row
        for method in methods
        for row in (
            Row(url, seen(*allowed, then=then), at(**more), "our own", method=method),
            Row(
                url,
                seen(by=("national_reviewer",)),
                at("other_contract", **more),
                "of others",
                method=method,
            ),
        )
    ]


def _number(contract):
    return contract.documents.get().pk


ROWS = [
    Row(
        "providers:partnership-contracts",
        seen_in(
            "partnership", *BUYERS, "approver", "analyst", "regional_reviewer", "national_reviewer"
        ),
        code("partnership"),
        "our own",
    ),
    Row(
        "providers:provider-contracts",
        seen_in("provider", "provider_manager", "national_reviewer"),
        code("provider"),
        "our own",
    ),
    *(
        Row(
            "providers:partnership-contract-start",
            seen_in("partnership", *BUYERS),
            code("partnership"),
            "our own",
            method=method,
        )
        for method in ("get", "post")
    ),
    *(
        Row(
            "providers:provider-contract-start",
            seen_in("provider", "provider_manager"),
            code("provider"),
            "our own",
            method=method,
        )
        for method in ("get", "post")
    ),
    *(
        Row(
            f"providers:{url}",
            seen_in(
                "partnership",
                *BUYERS,
                "approver",
                "analyst",
                "regional_reviewer",
                "national_reviewer",
            ),
            code("partnership"),
            "our own",
        )
        for url in ("partnership-contract-dates", "partnership-contract-dates-svg")
    ),
    *(
        Row(
            f"providers:{url}",
            seen_in("region", "regional_reviewer", "national_reviewer"),
            code("region"),
            "our own",
        )
        for url in ("region-contract-dates", "region-contract-dates-svg")
    ),
    *(
        Row(
            f"providers:{url}",
            seen_in("provider", "provider_manager", "national_reviewer"),
            code("provider"),
            "our own",
        )
        for url in ("provider-contract-dates", "provider-contract-dates-svg")
    ),
    *read("providers:contract-detail"),
    *read("providers:contract-money"),
    *read("providers:contract-performance"),
    *read("providers:contract-versions"),
    *read("providers:contract-history"),
    *read("providers:contract-documents"),
    *read("providers:contract-document", number=_number),
    *read("providers:contract-variation", number=fixed(1)),
    *written("providers:contract-documents", *BUYERS, "provider_manager", methods=("post",)),
    *written("providers:contract-edit", *BUYERS, part=fixed("term")),
    *written("providers:contract-edit", *BUYERS, part=fixed("shares")),
    *written("providers:contract-deed", *BUYERS, deed=fixed("suspend")),
    *written("providers:contract-deed", *BUYERS, "provider_manager", deed=fixed("end")),
    *written("providers:contract-deed", deed=fixed("award")),
    *written("providers:contract-vary", *BUYERS, "provider_manager"),
    *written("providers:contract-variation", methods=("post",), number=fixed(1)),
    *written("providers:contract-comment", *BUYERS, "provider_manager", quarter=fixed("2006-Q1")),
    *written("providers:contract-return", "provider_manager", quarter=fixed("2006-Q1")),
    *written("providers:contract-settle", *BUYERS, then=404, methods=("post",)),
]


def plan_of(name):
    """A contract and an agreed plan of its lead."""

    def where(world):
        report = world.report if name == "contract" else world.other_report
        contract = getattr(world, name)
        type(contract).objects.filter(pk=contract.pk).update(starts_on=report.plan.period.start)
        return {
            "reference": contract.reference,
            "code": contract.lead.code,
            "slug": report.plan.slug,
        }

    return where


def more_of(name):
    """The same, of which money of the contract is on a line; its variation takes more."""

    def where(world):
        where_to = plan_of(name)(world)
        report = world.report if name == "contract" else world.other_report
        contract = getattr(world, name)
        year = report.plan.period
        terms = {"kind": "BLOCK", "price": "700.00", "price_unit": "BED_WEEK", "places": 2}
        term = {"starts_on": year.start.isoformat(), "ends_on": year.end.isoformat()}
        contract.variations.update(changes=terms | term, holds_from=year.start)
        ContractMoney.objects.get_or_create(
            contract=contract, line=line_of(report.plan), stream=stream(), amount=1
        )
        return where_to | {"number": 1}

    return where


# Money is of plans, which a provider does not see.
_OF_PLANS = tuple(one for one in READERS if one != "provider_manager")
ROWS += [
    row
    for url, allowed, where in (
        ("providers:contract-fund", BUYERS, plan_of),
        ("providers:contract-commit", AWARDERS, plan_of),
        ("providers:contract-variation-money", BUYERS, more_of),
    )
    for method in ("get", "post")
    for row in (
        Row(url, seen(*allowed, by=_OF_PLANS), where("contract"), "our own", method=method),
        Row(
            url,
            seen(by=("national_reviewer",)),
            where("other_contract"),
            "of others",
            method=method,
        ),
    )
]
