"""A provider's quality, open to read, and lists of preferred providers."""

from tests.architecture.access_table import VIEWERS, Row, everybody, in_place, page_and_post

MANAGES = everybody(403, provider_manager=200)
DECIDES = {
    "partnership": ("lead", "commissioner"),
    "region": ("regional_reviewer", "national_reviewer"),
}


def at(place, **more):
    return lambda world: (
        {"code": getattr(world, place).code} | {name: value(world) for name, value in more.items()}
    )


def record(world):
    return world.quality_record.pk


def on_list(place):
    """The address of who is on a list of the place."""

    def where(world):
        held = getattr(world, f"{place}_preferred")
        return {
            "code": getattr(world, place).code,
            "slug": held.preferred_list.slug,
            "number": held.pk,
        }

    return where


def of_list(place):
    return lambda world: {
        name: value for name, value in on_list(place)(world).items() if name != "number"
    }


def preferred(place):
    name, decides = f"providers:{place}-preferred", DECIDES[place]
    for one in (place, f"other_{place}"):
        yield Row(f"{name}-list", in_place(one, *VIEWERS[one]), at(one), one)
    yield from page_and_post(f"{name}-list-add", in_place(place, *decides), at(place))
    for page in ("add", "list-end"):
        yield from page_and_post(f"{name}-{page}", in_place(place, *decides), of_list(place))
    yield Row(f"{name}-record", in_place(place, *VIEWERS[place]), on_list(place))
    for page in ("review", "remove"):
        yield from page_and_post(f"{name}-{page}", in_place(place, *decides), on_list(place))


ROWS = [
    *(
        Row("reporting:provider-quality", everybody(), at(place), place)
        for place in ("provider", "other_provider")
    ),
    *(
        row
        for page in ("staff", "competence", "record-add")
        for row in page_and_post(f"providers:quality-{page}", MANAGES, at("provider"))
    ),
    *page_and_post("providers:quality-record", MANAGES, at("provider", number=record)),
    *page_and_post(
        "providers:quality-requirement",
        MANAGES,
        at("provider", slug=lambda _: "workforce"),
    ),
    Row("providers:quality-staff", everybody(403), at("other_provider"), "another's"),
    Row(
        "providers:quality-document",
        everybody(),
        at("provider", number=lambda world: world.quality_document.pk),
        "behind a record",
    ),
    Row(
        "providers:quality-document",
        everybody(404),
        at("provider", number=lambda world: world.provider_document.pk),
        "another of the provider's",
    ),
    Row(
        "providers:quality-document",
        everybody(404),
        at("other_provider", number=lambda world: world.quality_document.pk),
        "at another provider's address",
    ),
    *preferred("partnership"),
    *preferred("region"),
]
