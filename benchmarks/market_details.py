"""What a search for a place asks beyond who is where: needs, hours, quality, contracts of several.

Laid upon the market of all England, by arithmetic like it: whom each service takes and when it
opens, registrations and requirements, blocks that a consortium shares, blocks that name no beds,
frameworks with houses, and the lists of preferred providers of partnerships and of regions.
"""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal

from benchmarks.measuring import tell
from commissioning.choices import OrganisationKind
from commissioning.kernel.clock import technical_now
from commissioning.models import InterventionType, Organisation, Partnership, User
from commissioning.reference.framework import framework
from providers.choices import (
    Approach,
    CallOffKind,
    CallOffState,
    ContractKind,
    ContractState,
    PriceUnit,
    QualityKind,
    SexTaken,
    Side,
)
from providers.models import (
    CallOff,
    Contract,
    ContractShare,
    OpeningHours,
    Place,
    PreferredList,
    PreferredProvider,
    Provider,
    QualityRecord,
    RequirementEvidence,
    Service,
    Variation,
)
from providers.reference.requirements import REQUIREMENTS

MARK = "md-"
HOUSES_ON_A_LIST, FRAMEWORKS, UNNAMED, CALLED_OFF = 20, 8, 2, 3  # of each partnership
SHARES = (Decimal(50), Decimal(30), Decimal(20))
LANGUAGES = ("Polish", "Urdu", "Welsh", "Punjabi")
YEAR = dt.timedelta(days=365)


def lay_details(providers: list[Provider], services: list[Service], *, today: dt.date) -> None:
    """All of it, unless it is there. The residential providers and services come first."""
    if Contract.objects.filter(reference__startswith=MARK).exists():
        return
    partnerships = list(Partnership.objects.select_related("organisation").order_by("pk"))
    _whom_they_take(services, partnerships)
    _hours(services)
    _quality(providers, today)
    houses = [one for one in providers if one.pk in _residential(services)]
    _consortia(partnerships, today)
    _more_contracts(houses, partnerships, today)
    _preferred(houses, partnerships, today)
    _asked_to_share(partnerships, today)
    tell(
        f"{Contract.objects.count():,} contracts, {PreferredProvider.objects.count():,} preferred"
    )


def lay_block_call_offs(*, today: dt.date) -> None:
    """People in blocks that name no beds: such a block has room as long as they leave some."""
    people = list(User.objects.order_by("pk")[:1])
    kind = InterventionType.objects.get(code="residential-rehabilitation")
    blocks = list(Contract.objects.filter(reference__startswith=f"{MARK}b").order_by("pk"))
    beds = dict(
        Place.objects.filter(service__provider__in={one.provider_id for one in blocks})
        .order_by("-pk")
        .values_list("service__provider", "pk")
    )
    CallOff.objects.bulk_create(
        CallOff(
            partnership_id=one.lead_id,
            provider_id=one.provider_id,
            place_id=beds[one.provider_id],
            contract=one,
            intervention=kind,
            case=f"MD-{one.pk}-{number}",
            kind=CallOffKind.BLOCK,
            state=CallOffState.ADMITTED,
            starts_on=today - dt.timedelta(days=10 * number + 1),
            ends_on=today + dt.timedelta(days=10 * number + 5),
            admitted_on=today - dt.timedelta(days=10 * number + 1),
            requested_by=people[0],
        )
        for one in blocks
        for number in range(CALLED_OFF)
    )


def _asked_to_share(partnerships: list[Partnership], today: dt.date) -> None:
    """Variations in hand of every contract in force, each of which asks three to share in it."""
    (person,) = User.objects.order_by("pk")[:1]
    Variation.objects.bulk_create(
        (
            Variation(
                contract=one,
                number=1,
                side=Side.COMMISSIONER,
                changes={
                    "shares": {
                        str(partnerships[(at + near) % len(partnerships)].pk): f"{share}.000"
                        for near, share in enumerate(SHARES)
                    }
                },
                holds_from=today + YEAR / 4,
                reason="Others join",
                proposed_on=today,
                proposed_by=person,
            )
            for at, one in enumerate(Contract.objects.in_force().order_by("pk"))
        ),
        batch_size=2_000,
    )


def _residential(services: list[Service]) -> set[int]:
    return {one.provider_id for one in services if one.is_national}


def _whom_they_take(services: list[Service], partnerships: list[Partnership]) -> None:
    approaches, groups = list(Approach), [one.code for one in framework().client_groups]
    for at, one in enumerate(services):
        one.takes_children, one.takes_couples = at % 5 == 0, at % 4 == 0
        one.is_accessible, one.has_detox_attached = at % 2 == 0, at % 3 == 0
        one.sex = SexTaken.WOMEN if at % 9 == 0 else SexTaken.ANY
        one.approach = approaches[at % len(approaches)]
        one.client_groups = groups[at % len(groups) :: 3]
        one.languages = [LANGUAGES[at % len(LANGUAGES)]]
    names = ["takes_children", "takes_couples", "is_accessible", "has_detox_attached"]
    Service.objects.bulk_update(
        services, [*names, "sex", "approach", "client_groups", "languages"], batch_size=500
    )
    catchment = Service.catchment.through
    catchment.objects.bulk_create(
        (
            catchment(service=one, partnership=partnerships[(at + near) % len(partnerships)])
            for at, one in enumerate(services)
            if not one.is_national
            for near in range(3)
        ),
        batch_size=5_000,
    )


def _hours(services: list[Service]) -> None:
    OpeningHours.objects.bulk_create(
        (
            OpeningHours(service=one, weekday=weekday, opens=dt.time(9), closes=closes)
            for at, one in enumerate(services)
            for weekday, closes in _week(at)
        ),
        batch_size=5_000,
    )


def _week(at: int) -> Iterator[tuple[int, dt.time]]:
    """Every third is open one evening, every seventh on Saturdays."""
    for weekday in range(5):
        yield weekday, dt.time(20 if at % 3 == 0 and weekday == at % 5 else 17)
    if at % 7 == 0:
        yield 5, dt.time(13)


def _quality(providers: list[Provider], today: dt.date) -> None:
    kinds = (QualityKind.REGISTRATION, QualityKind.INSPECTION, QualityKind.INSPECTION)
    QualityRecord.objects.bulk_create(
        (
            QualityRecord(
                provider=one,
                kind=kind,
                outcome="Good",
                held_on=today - (1 + number) * YEAR + dt.timedelta(days=at % 300),
                holds_until=today + YEAR if kind == QualityKind.REGISTRATION else None,
            )
            for at, one in enumerate(providers)
            for number, kind in enumerate(kinds)
        ),
        batch_size=5_000,
    )
    RequirementEvidence.objects.bulk_create(
        (
            RequirementEvidence(
                provider=one,
                requirement=requirement.code,
                is_met=(at + number) % 7 > 0,
                evidence="Seen at the last visit.",
                stated_on=today,
            )
            for at, one in enumerate(providers)
            for number, requirement in enumerate(REQUIREMENTS)
        ),
        batch_size=5_000,
    )


def _consortia(partnerships: list[Partnership], today: dt.date) -> None:
    """Every third live block is bought by three partnerships."""
    numbers = {one.pk: at for at, one in enumerate(partnerships)}
    blocks = Contract.objects.filter(
        kind=ContractKind.BLOCK, state=ContractState.LIVE, ends_on__gt=today
    )
    shared = list(blocks.order_by("pk"))[::3]
    ContractShare.objects.filter(contract__in=shared).update(share=SHARES[0])
    ContractShare.objects.bulk_create(
        ContractShare(
            contract=one,
            partnership=partnerships[(numbers[one.lead_id] + number) % len(partnerships)],
            share=SHARES[number],
        )
        for one in shared
        for number in (1, 2)
    )


def _more_contracts(
    houses: list[Provider], partnerships: list[Partnership], today: dt.date
) -> None:
    """Of each partnership blocks that name no beds, and frameworks, with one house each."""
    agreed, rows = technical_now(), []
    for at, lead in enumerate(partnerships):
        for number in range(UNNAMED + FRAMEWORKS):
            is_block = number < UNNAMED
            rows.append(
                Contract(
                    reference=f"{MARK}{'b' if is_block else 'f'}-{at}-{number}",
                    title="Rehabilitation",
                    kind=ContractKind.BLOCK if is_block else ContractKind.FRAMEWORK,
                    state=ContractState.LIVE,
                    proposed_by="COMMISSIONER",
                    provider=houses[(at * 7 + number * 11) % len(houses)],
                    lead=lead,
                    starts_on=today - YEAR / 2,
                    ends_on=today + YEAR,
                    price=540 + at % 60,
                    price_unit=PriceUnit.BED_WEEK,
                    places=CALLED_OFF + 1 if is_block else None,
                    ceiling=None if is_block else 90_000,
                    accepted_at=agreed,
                    awarded_at=agreed,
                )
            )
    made = Contract.objects.bulk_create(rows, batch_size=2_000)
    ContractShare.objects.bulk_create(
        ContractShare(contract=one, partnership_id=one.lead_id, share=100) for one in made
    )
    kind = InterventionType.objects.get(code="residential-rehabilitation")
    buys = Contract.interventions.through
    buys.objects.bulk_create(buys(contract=one, interventiontype=kind) for one in made)


def _preferred(houses: list[Provider], partnerships: list[Partnership], today: dt.date) -> None:
    """A list of each partnership with some houses, and one of each region with twice as many."""
    decider = User.objects.order_by("pk")[0]
    regions = Organisation.objects.filter(kind=OrganisationKind.REGION).order_by("pk")
    lists = PreferredList.objects.bulk_create(
        PreferredList(
            organisation=one, slug="houses", name="Preferred houses", review_by=today + YEAR
        )
        for one in [*regions, *(one.organisation for one in partnerships)]
    )
    PreferredProvider.objects.bulk_create(
        (
            PreferredProvider(
                preferred_list=one,
                provider=houses[(at * 13 + number) % len(houses)],
                evidence="Outcomes of the last three years.",
                from_on=today - YEAR,
                review_by=today + YEAR,
                decided_by=decider,
            )
            for at, one in enumerate(lists)
            for number in range(_length(one))
        ),
        batch_size=5_000,
    )


def _length(one: PreferredList) -> int:
    is_region = one.organisation.kind == OrganisationKind.REGION
    return HOUSES_ON_A_LIST * (2 if is_region else 1)
