"""Boards, places, the link that confirms, and the league."""

from tests.architecture.access_table import Row, everybody, in_place, page_and_post

KEEPERS = ("provider_manager", "provider_staff", "keyworker")
READERS = (*KEEPERS, "national_reviewer")


def place(**more):
    return lambda world: {
        "code": world.provider.code,
        **{name: getattr(world, thing) for name, thing in more.items()},
    }


def of_other(**more):
    return lambda world: {
        "code": world.other_provider.code,
        **{name: getattr(world, thing) for name, thing in more.items()},
    }


def number(world):
    return {"code": world.provider.code, "number": world.bed.pk}


def service(world):
    return {"code": world.provider.code, "service": world.bed.service.slug}


def others_number(world):
    """Our board's address, and a place that stands on another's."""
    return {"code": world.provider.code, "number": world.other_bed.pk}


def event(world):
    return number(world) | {"event": world.bed.events.earliest("pk").pk}


def deed(name):
    return lambda world: number(world) | {"deed": name}


def kind(name, kind="bed"):
    return Row(name, in_place("provider", *READERS), lambda world: service(world) | {"kind": kind})


def at_once(_world):
    return {"at-once": "1"}


ROWS = [
    Row("providers:board", in_place("provider", *READERS), place(), "our own"),
    Row(
        "providers:board",
        in_place("other_provider", "national_reviewer"),
        of_other(),
        "of others",
    ),
    Row("providers:place-detail", in_place("provider", *READERS), number, "our own"),
    Row(
        "providers:place-detail",
        in_place("provider", then=404) | dict.fromkeys(READERS, 404),
        others_number,
        "of others",
    ),
    *page_and_post("providers:place-open", in_place("provider", *KEEPERS), place()),
    *(
        row
        for name in ("admit", "leave", "departure", "out-of-service", "back", "close")
        for row in page_and_post(
            "providers:place-deed", in_place("provider", *KEEPERS), deed(name), about=name
        )
        if name != "departure" or row.method == "get"
    ),
    Row(
        "providers:place-deed",
        in_place("provider", *KEEPERS, then=302),
        deed("admit"),
        "at once",
        method="post",
        data=at_once,
    ),
    Row(
        "providers:place-deed",
        in_place("provider") | dict.fromkeys(KEEPERS, 404),
        lambda world: others_number(world) | {"deed": "admit"},
        "of others",
        method="post",
        data=at_once,
    ),
    *page_and_post("providers:place-event-correct", in_place("provider", *KEEPERS), event),
    Row(
        "providers:board-no-change-all",
        in_place("provider", *KEEPERS, then=302),
        place(),
        method="post",
    ),
    Row(
        "providers:board-no-change",
        in_place("provider", *KEEPERS, then=302),
        service,
        method="post",
    ),
    Row(
        "providers:board-occupied",
        in_place("provider", *KEEPERS, then=302),
        service,
        method="post",
    ),
    kind("providers:board-kind"),
    Row("providers:board-vacancies", in_place("provider", *READERS), service),
    kind("providers:board-vacancies-svg"),
    kind("providers:board-vacancies-json"),
    Row(
        "providers:board-confirm",
        everybody(200, nobody=200),
        lambda world: {"secret": world.board_link},
        "sent",
    ),
    Row(
        "providers:board-confirm",
        everybody(410, nobody=410),
        lambda _world: {"secret": "of-no-letter"},
        "made up",
    ),
    Row("providers:england-freshness", everybody(200)),
    Row(
        "providers:region-freshness",
        everybody(200),
        lambda world: {"code": world.region.code},
    ),
]
