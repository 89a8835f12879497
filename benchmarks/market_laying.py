"""Laying a market of all England: who offers what, on which contracts, and what was bought.

1,500 providers with 4,000 services, 5,000 beds and 20,000 other units of capacity, and 10,000
contracts over five financial years. What varies does so by arithmetic on the rows' own numbers,
so that two runs lay the same.
"""

import datetime as dt
from typing import Any

from benchmarks import systems
from benchmarks.market_details import lay_details
from benchmarks.market_stays import CYCLE, CYCLES
from benchmarks.measuring import tell
from commissioning.choices import OrganisationKind
from commissioning.kernel.clock import technical_now
from commissioning.kernel.periods import Period
from commissioning.models import InterventionType, Organisation, Partnership, User
from providers.choices import (
    CallOffKind,
    CallOffState,
    ContractKind,
    ContractState,
    PlaceKind,
    PriceUnit,
)
from providers.models import (
    Board,
    CallOff,
    Contract,
    ContractPlace,
    ContractShare,
    DeliveredIntervention,
    Place,
    Provider,
    Service,
    Site,
)

PROVIDERS, SERVICES, RESIDENTIAL = 1_500, 4_000, 130
BEDS, UNITS = 5_000, 20_000
CONTRACTS, YEARS, SPOTS = 10_000, 5, 20_000
BLOCKS_A_YEAR, BEDS_OF_BLOCK = 5, 4  # of each residential provider
MARK = "market-"


def lay_register(database: str, *, today: dt.date) -> None:
    """Providers, services, places and contracts, with their details, unless they are there."""
    if not Organisation.objects.filter(code=f"{MARK}1").exists():
        _providers()
        _services(today)
        _places(today)
        _contracts(today)
    lay_details(list(_laid(Provider)), list(_laid(Service)), today=today)
    systems.know_the_data(database)
    tell(f"{Place.objects.count():,} places, {Contract.objects.count():,} contracts")


def lay_purchases(*, today: dt.date) -> None:
    """Spot purchases that ended, one a provider and month or so."""
    people = list(User.objects.order_by("pk")[:2])
    kind = _rehabilitation()
    partnerships = list(Partnership.objects.order_by("pk"))
    beds = list(_laid(Place).filter(kind=PlaceKind.BED).select_related("service"))
    rows = []
    for at in range(SPOTS):
        bed = beds[at * 7 % len(beds)]
        starts = today - dt.timedelta(days=90 + at * 13 % (365 * YEARS))
        ends = starts + dt.timedelta(days=56 + at % 29)
        rows.append(
            CallOff(
                partnership=partnerships[at % len(partnerships)],
                provider_id=bed.service.provider_id,
                place=bed,
                intervention=kind,
                case=f"M-{at}",
                kind=CallOffKind.SPOT,
                state=CallOffState.ENDED,
                starts_on=starts,
                ends_on=ends,
                admitted_on=starts,
                left_on=ends,
                weekly_price=500 + at % 400,
                cost=(500 + at % 400) * ((ends - starts).days // 7),
                move_on="OWN_HOME",
                as_planned=True,
                requested_by=people[0],
                decided_by=people[1],
            )
        )
    CallOff.objects.bulk_create(rows, batch_size=2_000)


def fullest() -> Provider:
    """A residential provider: those have the most places."""
    found: Provider = _laid(Provider).select_related("organisation")[0]
    return found


def _laid(model: Any) -> Any:
    """The rows of the market alone, in order."""
    path = {Place: "service__provider__", Service: "provider__", Provider: ""}[model]
    return model.objects.filter(**{f"{path}organisation__code__startswith": MARK}).order_by("pk")


def _rehabilitation() -> InterventionType:
    return InterventionType.objects.get(code="residential-rehabilitation")


def _providers() -> None:
    made = Organisation.objects.bulk_create(
        Organisation(
            kind=OrganisationKind.PROVIDER, code=f"{MARK}{number}", name=f"Provider {number}"
        )
        for number in range(1, PROVIDERS + 1)
    )
    Provider.objects.bulk_create(Provider(organisation=one) for one in made)


def _services(today: dt.date) -> None:
    """One site a provider; the first providers are residential, and have one service each."""
    opened = _opened(today)
    providers, partnerships = list(_laid(Provider)), list(Partnership.objects.order_by("pk"))
    sites = Site.objects.bulk_create(
        Site(
            provider=one,
            slug="main",
            name="Main site",
            address="1 High Street",
            outcode="NE8",
            partnership=partnerships[at % len(partnerships)],
            latitude=51 + at % 40 / 10,
            longitude=-3 + at % 44 / 10,
            opened_on=opened,
        )
        for at, one in enumerate(providers)
    )
    community = len(providers) - RESIDENTIAL
    of = [*range(RESIDENTIAL)] + [
        RESIDENTIAL + at % community for at in range(SERVICES - RESIDENTIAL)
    ]
    services = Service.objects.bulk_create(
        Service(
            provider=providers[at],
            site=sites[at],
            slug=f"service-{number}",
            name=f"Service {number}",
            is_national=at < RESIDENTIAL,
            opened_on=opened,
        )
        for number, at in enumerate(of)
    )
    kinds = list(InterventionType.objects.filter(normal_tier=3).order_by("position"))
    house = _rehabilitation()
    DeliveredIntervention.objects.bulk_create(
        DeliveredIntervention(
            service=one,
            intervention=house if at < RESIDENTIAL else kinds[at % len(kinds)],
            setting="residential-unit" if at < RESIDENTIAL else "community",
            tier=4 if at < RESIDENTIAL else 3,
            proposed_tier=4 if at < RESIDENTIAL else 3,
            is_care_planned=True,
            weekly_price=500 + at % 400 if at < RESIDENTIAL else None,
            opened_on=opened,
        )
        for at, one in enumerate(services)
    )


def _places(today: dt.date) -> None:
    opened, services = _opened(today), list(_laid(Service))
    houses, others = services[:RESIDENTIAL], services[RESIDENTIAL:]
    kinds = (PlaceKind.PRESCRIBING, PlaceKind.DAY_PROGRAMME, PlaceKind.CASELOAD)
    beds = ((houses[at % len(houses)], PlaceKind.BED) for at in range(BEDS))
    units = ((others[at % len(others)], kinds[at % 3]) for at in range(UNITS))
    Place.objects.bulk_create(
        (
            Place(service=service, label=f"{kind.label} {at}", kind=kind, opened_on=opened)
            for at, (service, kind) in enumerate([*beds, *units])
        ),
        batch_size=5_000,
    )
    now = technical_now()
    Board.objects.bulk_create(Board(service=one, stated_at=now) for one in services)


def _contracts(today: dt.date) -> None:
    """Of each year: blocks of the residential providers with their beds, and the rest by lot."""
    providers, partnerships = list(_laid(Provider)), list(Partnership.objects.order_by("pk"))
    running = Period.parse(f"FY{today.year - (today.month < 4)}")  # noqa: PLR2004 - April
    years = [running]
    for _ in range(YEARS - 1):
        years.append(years[-1].previous())
    beds: dict[int, list[Place]] = {}
    for bed in _laid(Place).filter(kind=PlaceKind.BED).select_related("service"):
        beds.setdefault(bed.service.provider_id, []).append(bed)
    blocks = [
        _contract(
            f"{at}-{number}",
            providers[at],
            partnerships[(at + number) % len(partnerships)],
            kind=ContractKind.BLOCK,
            year=year,
            lives=year == running,
        )
        for year in years
        for at in range(RESIDENTIAL)
        for number in range(BLOCKS_A_YEAR)
    ]
    kinds = (
        ContractKind.SPOT,
        ContractKind.FRAMEWORK,
        ContractKind.COST_AND_VOLUME,
        ContractKind.SLA,
    )
    others = [
        _contract(
            f"o{at}",
            providers[at % len(providers)],
            partnerships[at * 3 % len(partnerships)],
            kind=kinds[at % 4],
            year=years[at % YEARS],
            lives=at % YEARS == 0,
        )
        for at in range(CONTRACTS - len(blocks))
    ]
    made = Contract.objects.bulk_create([*blocks, *others], batch_size=2_000)
    ContractShare.objects.bulk_create(
        ContractShare(contract=one, partnership_id=one.lead_id, share=100) for one in made
    )
    ContractPlace.objects.bulk_create(
        (
            ContractPlace(contract=one, place=bed, nights=(one.starts_on, one.ends_on))
            for at, one in enumerate(made[: len(blocks)])
            for bed in _beds_of(beds[one.provider_id], at % BLOCKS_A_YEAR)
        ),
        batch_size=2_000,
    )


def _beds_of(beds: list[Place], block: int) -> list[Place]:
    return beds[block * BEDS_OF_BLOCK : (block + 1) * BEDS_OF_BLOCK]


def _contract(
    name: str,
    provider: Provider,
    lead: Partnership,
    *,
    kind: ContractKind,
    year: Period,
    lives: bool,
) -> Contract:
    agreed = technical_now()
    is_block, has_ceiling = kind == ContractKind.BLOCK, kind == ContractKind.FRAMEWORK
    return Contract(
        reference=f"mk-{year.start.year}-{name}",
        title="Rehabilitation" if is_block else "Community treatment",
        kind=kind,
        state=ContractState.LIVE if lives else ContractState.ENDED,
        proposed_by="COMMISSIONER",
        provider=provider,
        lead=lead,
        starts_on=year.start,
        ends_on=year.end,
        price=550 if is_block else 40_000 if kind == ContractKind.SLA else 90,
        price_unit=PriceUnit.BED_WEEK
        if is_block
        else PriceUnit.YEAR
        if kind == ContractKind.SLA
        else PriceUnit.PLACE_WEEK,
        places=BEDS_OF_BLOCK if is_block else 6,
        void_rate=80 if is_block else None,
        ceiling=60_000 if has_ceiling else None,
        accepted_at=agreed,
        awarded_at=agreed,
    )


def _opened(today: dt.date) -> dt.date:
    return today - dt.timedelta(days=CYCLE * (CYCLES + 2))
