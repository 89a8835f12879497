"""Utilisation: of a contract for both its sides, of places for whoever searches for some."""

from tests.architecture.access.contracts import READERS, at, code, seen
from tests.architecture.access_table import Row, everybody, in_place, only, page_and_post

BUYERS = ("lead", "commissioner", "approver", "analyst", "regional_reviewer", "national_reviewer")
KEEPERS = ("provider_manager", "provider_staff", "keyworker")
# Whoever searches for places sees how full any provider is; the rest only their own.
FINDERS = (*BUYERS, "care_manager")

ROWS = [
    *(
        row
        for url in ("providers:contract-utilisation", "providers:contract-utilisation-svg")
        for row in (
            Row(url, seen(*READERS), at(), "our own"),
            Row(
                url,
                seen("national_reviewer", by=("national_reviewer",)),
                at("other_contract"),
                "of others",
            ),
        )
    ),
    *(
        row
        for url in ("providers:provider-utilisation", "providers:provider-utilisation-svg")
        for row in (
            Row(url, only(*FINDERS, *KEEPERS), code("provider"), "our own"),
            Row(url, only(*FINDERS), code("other_provider"), "of others"),
        )
    ),
    *page_and_post(
        "providers:provider-fixed-costs",
        only("provider_manager"),
        code("provider"),
        about="our own",
        posted=302,  # nothing is stated, which it may
    ),
    *page_and_post(
        "providers:provider-fixed-costs", only(), code("other_provider"), about="of others"
    ),
    Row(
        "providers:partnership-utilisation",
        in_place("partnership", *BUYERS),
        code("partnership"),
        "our own",
    ),
    Row(
        "providers:partnership-utilisation",
        in_place("other_partnership", "national_reviewer"),
        code("other_partnership"),
        "of others",
    ),
    *(
        row
        for url in ("providers:region-utilisation", "providers:region-utilisation-svg")
        for row in (
            Row(
                url,
                in_place("region", "regional_reviewer", "national_reviewer"),
                code("region"),
                "our own",
            ),
            Row(
                url,
                in_place("other_region", "national_reviewer"),
                code("other_region"),
                "of others",
            ),
        )
    ),
    *(
        Row(
            url,
            everybody(404, national_reviewer=200, administrator=403),
        )
        for url in ("providers:england-utilisation", "providers:england-utilisation-svg")
    ),
]
