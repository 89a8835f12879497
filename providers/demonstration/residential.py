"""The houses of the national market put on the register, and what each can take."""

from collections.abc import Mapping, Sequence

from providers.choices import PlaceKind
from providers.demonstration.capacity import Capacity
from providers.demonstration.community import REFER
from providers.demonstration.houses import House, Known, houses
from providers.demonstration.registrar import Delivery, Registrar
from providers.models import Agency, Service

SETTING = "residential-unit"
DETOX_MORE = 120  # pounds a week that a bed costs more while somebody is detoxified there [B]
DEAREST = 1_000
LEAST = 26  # beds of the houses that the home region buys from
# Which houses, by their place in the list, opened beds in the autumn, closed some, or have one
# beyond what they can take.
GREW, SHRANK, BEYOND = 31, 44, 57
PRICE_SOURCE = (
    "An invented house at an invented price, within the range of £300 to £1,000 a week that was"
    " published for residential rehabilitation in 2002."
)


def known_houses(agencies: Sequence[Agency]) -> list[Known]:
    """The houses that send returns already."""
    return [
        Known(
            agency=one.code,
            name=one.name,
            provider_code=one.provider.code,
            provider_name=str(one.provider),
            town=one.partnership.code,
        )
        for one in agencies
        if one.code[1:3] == "RH" and one.partnership is not None
    ]


def write_houses(
    registrar: Registrar,
    agencies: Sequence[Agency],
    *,
    regions: Mapping[str, Sequence[int]],
    blocks: Mapping[str, tuple[int, Sequence[int]]],
    kept: Mapping[str, frozenset[int]],
    seed: int,
) -> list[Capacity]:
    """Put every house on the register. `blocks`: how many of an agency's first beds which
    partnerships bought together, by the agency's code; `kept`: the numbers of its free beds.
    """
    by_code = {one.code: one for one in agencies}
    found = []
    least = dict.fromkeys(kept, LEAST)
    for at, house in enumerate(houses(known_houses(agencies), seed=seed, least=least)):
        service = write_house(registrar, house, by_code.get(house.agency))
        sold, block = blocks.get(house.agency, (0, ()))
        found.append(
            Capacity(
                service=service.pk,
                kind=PlaceKind.BED,
                pool="rehabilitation",
                number=house.beds,
                label="Bed",
                favour=2.5 if sold else house.favour,
                sex=house.sex,
                accessible=2 if house.is_accessible else 0,
                near=regions[house.town.region],
                block=block,
                sold=sold,
                later=6 if at == GREW else 0,
                closed=5 if at == SHRANK else 0,
                beyond=at == BEYOND,
                kept=kept.get(house.agency, frozenset()),
            )
        )
    return found


def write_house(registrar: Registrar, house: House, agency: Agency | None) -> Service:
    provider = registrar.provider(house.provider_code, house.provider_name)
    site = registrar.site(provider, house.name, house.town)
    return registrar.service(
        site,
        house.name,
        _deliveries(house),
        all_hours=True,
        waiting=registrar.rng.choice((7, 14, 21, 28)),
        agency=agency,
        sex=house.sex,
        takes_children=house.takes_children,
        takes_couples=house.takes_couples,
        is_accessible=house.is_accessible,
        access_note="Two rooms on the ground floor." if house.is_accessible else "",
        takes_justice_clients=house.takes_justice_clients,
        has_detox_attached=house.has_detox,
        approach=house.approach,
        client_groups=list(house.groups),
        languages=list(house.languages),
        is_national=True,
        how_to_refer=REFER["bed"],
        description=PRICE_SOURCE,
    )


def _deliveries(house: House) -> list[Delivery]:
    more = min(house.price + DETOX_MORE, type(house.price)(DEAREST))
    found = [Delivery("residential-rehabilitation", SETTING, house.price, house.weeks)]
    if house.has_detox:
        found.append(Delivery("rehabilitation-detoxification", SETTING, more, 3))
    if house.weeks >= 24:  # noqa: PLR2004 - a long stay ends in a house of its own
        found.append(Delivery("halfway-house", "supported-housing", house.price - 60, 12))
    return found
