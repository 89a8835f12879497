"""Links to what follows treatment, and partner agencies."""

from tests.architecture.access_table import VIEWERS, Row, in_place, only, page_and_post

WRITERS = {"partnership": ("lead", "commissioner"), "provider": ("provider_manager",)}


def at(place, **more):
    """The keywords of an owner's address; `more` are given as functions of the world."""
    return lambda world: (
        {"code": getattr(world, place).code} | {name: value(world) for name, value in more.items()}
    )


def link(place):
    return lambda world: getattr(world, f"{place}_link").pk


def partner(place):
    return lambda world: getattr(world, f"{place}_link").partner.slug


def rows_of(kind):
    writers = WRITERS[kind]
    one, agency = at(kind, number=link(kind)), at(kind, slug=partner(kind))
    for place in (kind, f"other_{kind}"):
        for page in ("partners", "partner-list"):
            yield Row(
                f"aftercare:{kind}-{page}", in_place(place, *VIEWERS[place]), at(place), place
            )
    yield Row(f"aftercare:{kind}-link", in_place(kind, *VIEWERS[kind]), one)
    yield Row(
        f"aftercare:{kind}-link",
        in_place(kind, *VIEWERS[kind], then=404),
        at(kind, number=link(f"other_{kind}")),
        "another's",
    )
    for page in ("link-add", "partner-add"):
        yield from page_and_post(f"aftercare:{kind}-{page}", in_place(kind, *writers), at(kind))
    for page in ("link-change", "link-end"):
        yield from page_and_post(f"aftercare:{kind}-{page}", in_place(kind, *writers), one)
    for page in ("partner-change", "partner-end"):
        yield from page_and_post(f"aftercare:{kind}-{page}", in_place(kind, *writers), agency)
    yield Row(
        f"aftercare:{kind}-link-confirm", in_place(kind, *writers, then=302), one, method="post"
    )


ROWS = [
    *rows_of("partnership"),
    *rows_of("provider"),
    *(
        Row("aftercare:region-partners", in_place(place, *VIEWERS[place]), at(place), place)
        for place in ("region", "other_region")
    ),
    Row("aftercare:england-partners", only(*VIEWERS["nation"])),
]
