"""The national market of residential rehabilitation, drawn from one seed. Pure.

About 130 services with 2,565 beds together (published, November 2009); a week costs between £300
and £1,000 (published, 2002). Everything else about them is supposed [B]: how large each is, what
it builds on, whom it takes.
"""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import TypeVar

from providers.choices import Approach, SexTaken
from providers.demonstration.towns import Town, towns
from providers.demonstration.words import (
    CHARITIES,
    FIRST_SYLLABLES,
    HOUSES_BY_REGION,
    KINDS_OF_HOUSE,
    LAST_SYLLABLES,
    SEASIDE,
)

Drawn = TypeVar("Drawn")
SERVICES, BEDS = 130, 2_565
SMALLEST, LARGEST = 6, 62
PRICES = (Decimal(300), Decimal(1_000))
WITH_DETOX, WITH_COUPLES, ACCESSIBLE, TAKES_OFFENDERS = 0.28, 0.08, 0.36, 0.7
WITH_CHILDREN = {SexTaken.ANY: 0.04, SexTaken.MEN: 0.0, SexTaken.WOMEN: 0.35}
BY_CHARITIES = 36  # new houses that one of the charities runs, and not a body of its own

APPROACHES: Mapping[Approach, float] = {
    Approach.TWELVE_STEP: 0.34,
    Approach.THERAPEUTIC_COMMUNITY: 0.15,
    Approach.COGNITIVE: 0.2,
    Approach.FAITH: 0.1,
    Approach.MIXED: 0.21,
}
SEXES: Mapping[SexTaken, float] = {SexTaken.ANY: 0.72, SexTaken.MEN: 0.17, SexTaken.WOMEN: 0.11}
GROUPS: Mapping[str, float] = {
    "abstinence": 0.85, "stimulant-users": 0.6, "offenders": 0.45, "mental-illness": 0.3,
    "homeless": 0.4, "pregnant": 0.08, "families": 0.08, "sex-workers": 0.1,
    "liver-problems": 0.15,
}  # fmt: skip
LANGUAGES: Mapping[str, float] = {"Urdu": 0.05, "Bengali": 0.04, "Portuguese": 0.04}


@dataclass(frozen=True, kw_only=True)
class House:
    """One residential service. `agency`: the NDTMS agency it is, where one sends returns.

    `price` is of a bed a week, pounds; `weeks` how long a stay usually is. `favour` is how readily
    a free bed there is taken, against one on average.
    """

    provider_code: str
    provider_name: str
    name: str
    town: Town
    agency: str = ""
    beds: int = 0
    approach: Approach
    sex: SexTaken
    takes_children: bool
    takes_couples: bool
    is_accessible: bool
    has_detox: bool
    takes_justice_clients: bool
    price: Decimal
    weeks: int
    groups: tuple[str, ...] = field(default=())
    languages: tuple[str, ...] = field(default=())
    favour: float = 1.0


@dataclass(frozen=True)
class Known:
    """A house that sends returns already: its agency, and the provider that runs it."""

    agency: str
    name: str
    provider_code: str
    provider_name: str
    town: str


def houses(known: Sequence[Known], *, seed: int, least: Mapping[str, int]) -> list[House]:
    """All of them: those that are known, then new ones until there are enough. `least`: how many
    beds an agency has at least.
    """
    rng = random.Random(f"houses {seed}")  # noqa: S311 (not a secret)
    places = towns()
    found = [
        _house(
            rng,
            provider_code=one.provider_code,
            provider_name=one.provider_name,
            name=one.name,
            town=places[one.town],
            agency=one.agency,
        )
        for one in known
    ]
    names = _names(rng, SERVICES)
    runners = _runners(rng)
    for number, town in enumerate(_sites(rng, SERVICES - len(found)), start=1):
        name = next(names)
        code, provider = next(runners, (f"RS{number:03}", f"{name.split()[0]} Trust"))
        found.append(_house(rng, provider_code=code, provider_name=provider, name=name, town=town))
    return _with_beds(rng, found, least)


def _house(rng: random.Random, **named: object) -> House:
    approach = _drawn(rng, APPROACHES)
    sex = _drawn(rng, SEXES)
    children = rng.random() < WITH_CHILDREN[sex]
    detox = rng.random() < WITH_DETOX
    low, high = PRICES
    price = 455 * rng.lognormvariate(0, 0.24) * (1.25 if detox else 1) * (1.3 if children else 1)
    groups = {group for group, share in GROUPS.items() if rng.random() < share}
    return House(
        **named,  # type: ignore[arg-type]  # by name, above
        approach=approach,
        sex=sex,
        takes_children=children,
        takes_couples=sex is SexTaken.ANY and rng.random() < WITH_COUPLES,
        is_accessible=rng.random() < ACCESSIBLE,
        has_detox=detox,
        takes_justice_clients=rng.random() < TAKES_OFFENDERS,
        price=min(high, max(low, Decimal(round(price / 5) * 5))),
        weeks=rng.choice((12, 12, 12, 16, 24, 26)),
        groups=tuple(sorted(groups | ({"families"} if children else set()))),
        languages=tuple(one for one, share in LANGUAGES.items() if rng.random() < share),
        favour=rng.lognormvariate(0, 0.9),
    )


def _drawn(rng: random.Random, shares: Mapping[Drawn, float]) -> Drawn:
    return rng.choices([*shares], [*shares.values()])[0]


def _names(rng: random.Random, number: int) -> Iterator[str]:
    pairs = [first + last for first in FIRST_SYLLABLES for last in LAST_SYLLABLES]
    for word in rng.sample(pairs, number):
        yield f"{word} {rng.choice(KINDS_OF_HOUSE)}"


def _runners(rng: random.Random) -> Iterator[tuple[str, str]]:
    """The charities that run several houses, in turn; then every house has a body of its own."""
    for _ in range(BY_CHARITIES):
        at = rng.randrange(len(CHARITIES))
        yield f"RC{at + 1:02}", CHARITIES[at]


def _sites(rng: random.Random, number: int) -> list[Town]:
    """A town for each new house: by region, by the sea rather than not."""
    found: list[Town] = []
    for region, wanted in HOUSES_BY_REGION.items():
        near = [one for one in towns().values() if one.region == region]
        weights = [4.0 if one.code in SEASIDE else 1.0 for one in near]
        found.extend(rng.choices(near, weights, k=wanted))
    if len(found) < number:
        found.extend(rng.choices(list(towns().values()), k=number - len(found)))
    rng.shuffle(found)
    return found[:number]


def _with_beds(
    rng: random.Random, found: Sequence[House], least: Mapping[str, int]
) -> list[House]:
    """So many beds each that they come to what England had."""
    wanted = [rng.lognormvariate(0, 0.5) for _ in found]
    scale = BEDS / sum(wanted)
    floors = [least.get(house.agency, SMALLEST) for house in found]
    beds = [
        min(LARGEST, max(floor, round(scale * one)))
        for one, floor in zip(wanted, floors, strict=True)
    ]
    at = 0
    while sum(beds) != BEDS:
        step = 1 if sum(beds) < BEDS else -1
        here = at % len(beds)
        if floors[here] <= beds[here] + step <= LARGEST:
            beds[here] += step
        at += 1
    return [replace(house, beds=number) for house, number in zip(found, beds, strict=True)]
