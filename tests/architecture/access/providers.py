"""Providers and their agencies."""

from tests.architecture.access_table import VIEWERS, Row, in_place, only, page_and_post

ADMINISTRATOR = only("administrator")


def at(place, **more):
    return lambda world: (
        {"code": getattr(world, place).code}
        | {name: getattr(world, thing).code for name, thing in more.items()}
    )


ROWS = [
    *page_and_post("providers:provider-add", ADMINISTRATOR),
    *(
        Row("providers:agency-list", in_place(place, *VIEWERS[place]), at(place), place)
        for place in ("provider", "other_provider")
    ),
    *page_and_post("providers:agency-add", in_place("provider", "administrator"), at("provider")),
    *page_and_post(
        "providers:agency-close",
        in_place("provider", "administrator"),
        at("provider", agency="agency"),
    ),
    *page_and_post(
        "providers:agency-close",
        in_place("provider", "administrator", then=404),
        at("provider", agency="other_agency"),
        about="another's",
    ),
]
