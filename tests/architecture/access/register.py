"""The register of services and primary care: open to read, kept by the provider or the area."""

from tests.architecture.access_table import Row, everybody, only, page_and_post

READS = everybody()
KEEPS = only("provider_manager")
AREA = only("lead", "commissioner")
NOBODY_OF_OURS = everybody(403)


def of(*steps):
    """What the world holds, by the names that lead to it."""

    def reached(world):
        for step in steps:
            world = getattr(world, step)
        return world

    return reached


def at(place, **more):
    """The address of what belongs to a place."""
    return lambda world: (
        {"code": getattr(world, place).code} | {name: get(world) for name, get in more.items()}
    )


def provider_side(**more):
    """Keywords of our provider's record, and of another's: `thing` leads to it."""
    return [
        at(place, **{name: of(f"{before}delivered", *steps) for name, steps in more.items()})
        for place, before in (("provider", ""), ("other_provider", "other_"))
    ]


def area_side(**more):
    return [
        at(place, **{name: of(f"{before}scheme_member", *steps) for name, steps in more.items()})
        for place, before in (("partnership", ""), ("other_partnership", "other_"))
    ]


def read(name, sides):
    ours, theirs = sides
    return [
        Row(f"providers:{name}", READS, ours, "our own"),
        Row(f"providers:{name}", READS, theirs, "another's"),
    ]


def kept(name, whose, sides, posted=200):
    ours, theirs = sides
    return [
        *page_and_post(f"providers:{name}", whose, ours, about="our own", posted=posted),
        *page_and_post(f"providers:{name}", NOBODY_OF_OURS, theirs, about="another's"),
    ]


SERVICE = provider_side(slug=("service", "slug"))
SITE = provider_side(slug=("service", "site", "slug"))
DELIVERY = provider_side(
    slug=("service", "slug"), intervention=("intervention_id",), setting=("setting",)
)
SCHEME = area_side(slug=("scheme", "slug"))
MEMBER = area_side(slug=("scheme", "slug"), practice=("provider", "code"))
PRACTICE = area_side(practice=("provider", "code"))

ROWS = [
    Row("providers:register", READS),
    *read("service-list", provider_side()),
    *read("site-list", provider_side()),
    *read("service-detail", SERVICE),
    *read("primary-care", area_side()),
    *read("scheme-detail", SCHEME),
    Row(
        "providers:service-detail",
        everybody(404),
        at("provider", slug=of("other_delivered", "service", "slug")),
        "another's under our name",
    ),
    *kept("service-add", KEEPS, provider_side()),
    *kept("site-add", KEEPS, provider_side()),
    # Nothing filled in says that nothing is known.
    *kept("prescribers", KEEPS, provider_side(), posted=302),
    *kept("service-waiting", KEEPS, SERVICE, posted=302),
    *kept("service-change", KEEPS, SERVICE),
    *kept("service-hours", KEEPS, SERVICE),
    *kept("service-close", KEEPS, SERVICE),
    *kept("delivery-add", KEEPS, SERVICE),
    *kept("delivery-change", KEEPS, DELIVERY),
    *kept("delivery-end", KEEPS, DELIVERY),
    *kept("site-change", KEEPS, SITE),
    *kept("site-close", KEEPS, SITE),
    *kept("practice-add", AREA, area_side()),
    *kept("scheme-add", AREA, area_side()),
    *kept("practice-change", AREA, PRACTICE),
    *kept("scheme-change", AREA, SCHEME),
    *kept("scheme-review", AREA, SCHEME),
    *kept("scheme-end", AREA, SCHEME),
    *kept("scheme-join", AREA, SCHEME),
    *kept("scheme-leave", AREA, MEMBER),
]
