"""Finding, holding and calling off places: who buys, who approves, who answers."""

from tests.architecture.access_table import Row, in_place, only, page_and_post

FINDERS = (
    "lead",
    "commissioner",
    "care_manager",
    "approver",
    "analyst",
    "regional_reviewer",
    "national_reviewer",
)
HOLDERS = ("lead", "commissioner", "care_manager")
READERS = ("lead", "commissioner", "care_manager", "approver", "analyst")
APPROVERS = ("lead", "approver")
KEEPERS = ("provider_manager", "provider_staff", "keyworker")


def at(place):
    return lambda world: {"code": getattr(world, place).code}


def service(world):
    one = world.bed.service
    return {"code": one.provider.code, "service": one.slug}


def call_off(name="call_off", **more):
    return lambda world: {"number": getattr(world, name).pk} | more


def hold(name="hold"):
    return lambda world: {"number": getattr(world, name).began_id}


def seen(*allowed, then=200):
    """Both sides view it; those named may."""
    both = dict.fromkeys((*READERS, *KEEPERS), 403)
    return only(otherwise=404) | both | dict.fromkeys(allowed, then)


def nobody():
    return only(otherwise=404)


def deeds(name, *allowed, where=call_off):
    return [
        *page_and_post(f"providers:{name}", seen(*allowed), where()),
        Row(f"providers:{name}", nobody(), where("other_call_off"), "another's"),
    ]


def longer(name="call_off"):
    return call_off(name, extension=1)


ROWS = [
    Row("providers:vacancies", only(*FINDERS)),
    Row("providers:vacancy-compare", only(*FINDERS)),
    *page_and_post("providers:vacancy-hold", only(*HOLDERS), service),
    Row("providers:partnership-call-offs", in_place("partnership", *READERS), at("partnership")),
    Row(
        "providers:partnership-call-offs",
        in_place("other_partnership"),
        at("other_partnership"),
        "another's",
    ),
    Row("providers:provider-call-offs", in_place("provider", *KEEPERS), at("provider")),
    Row(
        "providers:provider-call-offs",
        in_place("other_provider"),
        at("other_provider"),
        "another's",
    ),
    *page_and_post("providers:hold-release", only(*HOLDERS, otherwise=404), hold()),
    Row("providers:hold-release", nobody(), hold("other_hold"), "another's"),
    *page_and_post("aftercare:hold-call-off", only(*HOLDERS, otherwise=404), hold()),
    Row("aftercare:hold-call-off", nobody(), hold("other_hold"), "another's"),
    Row("aftercare:hold-call-off-money", only(*HOLDERS, then=302, otherwise=404), hold()),
    Row("aftercare:hold-call-off-money", nobody(), hold("other_hold"), "another's"),
    Row("aftercare:call-off", seen(*READERS, *KEEPERS), call_off()),
    Row("aftercare:call-off", nobody(), call_off("other_call_off"), "another's"),
    *page_and_post("aftercare:call-off-end", seen(*KEEPERS), call_off()),
    Row("aftercare:call-off-end", nobody(), call_off("other_call_off"), "another's"),
    *deeds("call-off-refuse", *APPROVERS),
    *deeds("call-off-cancel", *HOLDERS),
    *deeds("call-off-decline", *KEEPERS),
    *deeds("call-off-admit", *KEEPERS),
    Row("providers:call-off-approve", seen(*APPROVERS), call_off()),
    Row(
        "providers:call-off-approve",
        seen(*APPROVERS) | {"lead": 302},  # the limit of the approver here is nothing
        call_off(),
        "our own",
        method="post",
        data=lambda _world: {"reason": "So."},
    ),
    Row("providers:call-off-approve", nobody(), call_off("other_call_off"), "another's"),
    *deeds("call-off-accept", *KEEPERS),
    *deeds("call-off-want-longer", *KEEPERS),
    *deeds("call-off-longer", *HOLDERS),
    Row("providers:call-off-longer-money", seen(*HOLDERS, then=302), call_off()),
    Row("providers:call-off-longer-money", nobody(), call_off("other_call_off"), "another's"),
    *deeds("call-off-longer-decide", *APPROVERS, where=longer),
    Row("providers:call-off-fund", seen(), call_off(), "not approved yet"),
    Row("providers:call-off-fund", nobody(), call_off("other_call_off"), "another's"),
]
