"""Tier 1 of partnerships: hospitals, pharmacies and general practices with their shared care."""

import datetime as dt
from collections.abc import Mapping, Sequence
from itertools import cycle, islice

from commissioning.models import Partnership
from providers.choices import PracticeContract, PrescriberLevel
from providers.demonstration.registrar import BY, SHOPS, Delivery, Registrar
from providers.demonstration.towns import towns
from providers.demonstration.words import SURGERIES
from providers.models import Practice, Service, SharedCareScheme
from providers.services.primary_care.practices import add_practice, state_prescribers
from providers.services.primary_care.shared_care import (
    SchemeFacts,
    join_scheme,
    review_scheme,
    start_scheme,
)

CONTRACTS = (
    PracticeContract.LES, PracticeContract.GMS, PracticeContract.PMS, PracticeContract.NES,
)  # fmt: skip
# What the doctors of a practice may do, by the practice's turn.
LEVELS: Sequence[Mapping[str, int]] = (
    {PrescriberLevel.CORE: 3, PrescriberLevel.ENHANCED: 1, PrescriberLevel.NON_MEDICAL: 1},
    {PrescriberLevel.CORE: 4},
    {PrescriberLevel.CORE: 2, PrescriberLevel.SPECIAL_INTEREST: 1},
    {PrescriberLevel.CORE: 5, PrescriberLevel.ENHANCED: 2},
)
SPECIALIST: Mapping[str, int] = {PrescriberLevel.SPECIALIST: 2, PrescriberLevel.NON_MEDICAL: 1}
SUPPORT = (
    "A specialist doctor and two liaison nurses see patients in the practices each fortnight, and"
    " take back whoever needs more."
)
REVIEWED = "Twelve practices' records were sampled; doses and reviews were as agreed."


def write_generic(registrar: Registrar, partnerships: Sequence[Partnership]) -> None:
    """A hospital and the pharmacies of each partnership."""
    for number, partnership in enumerate(partnerships):
        town, code = towns()[partnership.code], partnership.code
        hospital = registrar.provider(f"GH{code}", f"{partnership} General Hospital")
        registrar.service(
            registrar.site(hospital, f"{partnership} General Hospital", town),
            "Emergency and maternity liaison",
            [
                Delivery("liaison-scheme", "general-health"),
                Delivery("screening", "general-health"),
                *([Delivery("hepatology", "general-health")] if number % 2 else []),
            ],
            all_hours=True,
            is_generic=True,
            is_accessible=True,
            catchment=[partnership],
            how_to_refer="By the ward, the midwife or the emergency department.",
        )
        pharmacies = registrar.provider(f"PH{code}", f"{partnership} Pharmacies")
        registrar.service(
            registrar.site(pharmacies, "Pharmacies of the town", town),
            "Needle exchange in pharmacies",
            [
                Delivery("pharmacy-exchange", "pharmacy"),
                Delivery("generic-advice", "pharmacy"),
            ],
            hours=SHOPS,
            is_generic=True,
            catchment=[partnership],
            client_groups=["injectors"],
            how_to_refer="At the counter.",
        )


def write_primary_care(
    registrar: Registrar, partnerships: Sequence[Partnership], *, home: str, today: dt.date
) -> None:
    """Practices of each partnership, and schemes where a shared-care service is.

    The last but one's review is overdue; the last partnership with such a service has no scheme.
    """
    supported = {
        one.agency.partnership_id: one
        for one in Service.objects.filter(
            is_primary_care_led=True, agency__isnull=False
        ).select_related("agency", "provider__organisation")
        if one.agency is not None
    }
    practices = {
        one.pk: _practices(registrar, one, number, home=home)
        for number, one in enumerate(partnerships)
    }
    sharing = [one for one in partnerships if one.pk in supported and one.code != home]
    at_home = [one for one in partnerships if one.code == home]
    for partnership in [*at_home, *sharing[:-1]]:
        overdue = partnership in sharing[-2:]
        scheme = _scheme(partnership, supported.get(partnership.pk), today, overdue=overdue)
        for practice in practices[partnership.pk]:
            joined = today - dt.timedelta(days=900)
            join_scheme(scheme=scheme, provider=practice.provider, on=joined, by=BY)
        if partnership.pk in supported:
            state_prescribers(
                provider=supported[partnership.pk].provider,
                people=SPECIALIST,
                on=today - dt.timedelta(days=70),
                by=BY,
            )


def _practices(
    registrar: Registrar, partnership: Partnership, number: int, *, home: str
) -> list[Practice]:
    """Three to five practices; the home partnership's lack nothing but one level."""
    found = []
    wanted = 5 if partnership.code == home else 3 + number % 2
    turns = islice(cycle(zip(CONTRACTS, LEVELS, strict=True)), number % 2, None)
    for at, (contract, people) in zip(range(wanted), turns, strict=False):
        name = f"{SURGERIES[(number + at) % len(SURGERIES)]} Surgery, {partnership}"
        provider = registrar.provider(f"GP{partnership.code}{at + 1}", name)
        found.append(
            add_practice(provider=provider, partnership=partnership, contract_kind=contract, by=BY)
        )
        stated = registrar.today - dt.timedelta(days=30 + at * 20)
        state_prescribers(provider=provider, people=people, on=stated, by=BY)
    return found


def _scheme(
    partnership: Partnership, specialist: Service | None, today: dt.date, *, overdue: bool
) -> SharedCareScheme:
    """A scheme reviewed some months ago, or one whose review should have been in the autumn."""
    began = today - dt.timedelta(days=1_000)
    due = today - dt.timedelta(days=75) if overdue else today + dt.timedelta(days=160)
    scheme = start_scheme(
        partnership=partnership,
        facts=SchemeFacts(
            name=f"Shared care in {partnership}",
            specialist=specialist,
            support=SUPPORT,
            review_by=due,
        ),
        on=began,
        by=BY,
    )
    reviewed = today - dt.timedelta(days=470 if overdue else 200)
    return review_scheme(scheme=scheme, on=reviewed, found=REVIEWED, review_by=due, by=BY)
