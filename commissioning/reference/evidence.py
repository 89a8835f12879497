"""What an app above may write down as evidence, by name: the words both sides agree on.

Evidence about a partnership. A share is between 0 and 1, with its numerator and denominator; a
number of people is a count; what holds or does not is 1 or 0. `period` is a financial year
(`FY2005`) where the table says so, else empty. What is by year is also written for the last
complete quarter (`2005-Q4`), and numbers in treatment for the last complete month (`2006-03`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class EvidenceName(StrEnum):
    """Names of evidence that plans read."""

    # Of a financial year: baselines of targets.
    IN_TREATMENT = "in-treatment"
    LEFT_TREATMENT = "left-treatment"
    FIRST_WAITS = "first-waits"
    RETAINED = "retained"
    PLANNED_EXITS = "planned-exits"
    CARE_PLANS = "care-plans"
    # Of a financial year: groups whose needs are looked at by themselves.
    TREATED_WOMEN = "treated-women"
    TREATED_MEN = "treated-men"
    TREATED_YOUNG = "treated-young"
    TREATED_OLDER = "treated-older"
    TREATED_MINORITY_ETHNIC = "treated-minority-ethnic"
    TREATED_STIMULANT = "treated-stimulant"
    TREATED_PREGNANT = "treated-pregnant"
    TREATED_OFFENDERS = "treated-offenders"
    # Of today: 1 when it holds, 0 when it is known not to.
    SHARED_CARE = "shared-care"
    PRIMARY_CARE = "primary-care"
    HOUSING_LINK = "housing-link"
    PREFERRED_PROVIDERS = "preferred-providers"
    STANDARD_CONTRACTS = "standard-contracts"


@dataclass(frozen=True)
class EvidenceMeant:
    """What the value of a name says."""

    meaning: str
    by_year: bool


EVIDENCE: Mapping[EvidenceName, EvidenceMeant] = {
    EvidenceName.IN_TREATMENT: EvidenceMeant(
        "People in structured treatment at any time in the year", by_year=True
    ),
    EvidenceName.LEFT_TREATMENT: EvidenceMeant(
        "People in treatment in the year who were not in its last month that is complete",
        by_year=True,
    ),
    EvidenceName.FIRST_WAITS: EvidenceMeant(
        "Share of first waits of those who came of their own accord within the target",
        by_year=True,
    ),
    EvidenceName.RETAINED: EvidenceMeant(
        "Share retained twelve weeks, by the rule of the year", by_year=True
    ),
    EvidenceName.PLANNED_EXITS: EvidenceMeant(
        "People who left treatment as planned in the year, by the rule of the year", by_year=True
    ),
    EvidenceName.CARE_PLANS: EvidenceMeant(
        "Share of treatment begun with a care plan in time", by_year=True
    ),
    **{
        name: EvidenceMeant(f"{who} in structured treatment at any time in the year", by_year=True)
        for name, who in (
            (EvidenceName.TREATED_WOMEN, "Women"),
            (EvidenceName.TREATED_MEN, "Men"),
            (EvidenceName.TREATED_YOUNG, "People of the youngest age band"),
            (EvidenceName.TREATED_OLDER, "People of the oldest age band"),
            (
                EvidenceName.TREATED_MINORITY_ETHNIC,
                "People of mixed, Asian, Black or other origin",
            ),
            (EvidenceName.TREATED_STIMULANT, "Stimulant users"),
            (EvidenceName.TREATED_PREGNANT, "Pregnant women"),
            (EvidenceName.TREATED_OFFENDERS, "People referred from criminal justice"),
        )
    },
    EvidenceName.SHARED_CARE: EvidenceMeant(
        "Shared care is in place and was reviewed", by_year=False
    ),
    EvidenceName.PRIMARY_CARE: EvidenceMeant(
        "Doctors of every level of competence work in primary care", by_year=False
    ),
    EvidenceName.HOUSING_LINK: EvidenceMeant(
        "Whoever leaves residential treatment is linked to housing", by_year=False
    ),
    EvidenceName.PREFERRED_PROVIDERS: EvidenceMeant(
        "Preferred providers of residential treatment are named, each with evidence of quality",
        by_year=False,
    ),
    EvidenceName.STANDARD_CONTRACTS: EvidenceMeant(
        "Contracts for residential treatment are the standard ones, with the NDTMS clause",
        by_year=False,
    ),
}
