"""Activity of Tiers 1 and 2: who counts, and who buys."""

from tests.architecture.access_table import Row, in_place, page_and_post

SEES = ("provider_manager", "provider_staff", "keyworker", "national_reviewer")
SENDS = ("provider_manager", "provider_staff", "keyworker")
BUYS = (
    "lead",
    "commissioner",
    "care_manager",
    "approver",
    "analyst",
    "regional_reviewer",
    "national_reviewer",
)


def at(place):
    return lambda world: {"code": getattr(world, place).code}


def quarter(world):
    service = world.draft_activity.service
    return {"code": service.provider.code, "quarter": "2006-Q1", "service": service.slug}


def others(world):
    """Our provider's address with the other's service in it."""
    return quarter(world) | {"service": world.other_counted.service.slug}


ROWS = [
    Row("providers:activity-list", in_place("provider", *SEES), at("provider")),
    Row(
        "providers:activity-list",
        in_place("other_provider", "national_reviewer"),
        at("other_provider"),
        "another's",
    ),
    Row("providers:activity-quarter", in_place("provider", *SEES), quarter),
    Row("providers:activity-quarter", in_place("provider", *SEES, then=404), others, "another's"),
    *page_and_post("providers:activity-fill", in_place("provider", *SENDS), quarter),
    *page_and_post("providers:activity-check", in_place("provider", *SENDS), quarter),
    Row(
        "providers:activity-discard",
        in_place("provider", *SENDS, then=302),
        quarter,
        method="post",
    ),
    *(
        Row(f"providers:{page}", in_place("partnership", *BUYS), at("partnership"))
        for page in ("area-activity", "area-activity-planned")
    ),
    *(
        Row(
            f"providers:{page}",
            in_place("other_partnership", "national_reviewer"),
            at("other_partnership"),
            "another's",
        )
        for page in ("area-activity", "area-activity-planned")
    ),
]
