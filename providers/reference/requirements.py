"""What a provider of drug treatment is expected to show of its quality, in our own words.

Source: Models of Care 2006; the section stands with each.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Requirement:
    """One expectation, as a question the provider answers with its evidence."""

    code: str
    name: str
    question: str
    source: str


REQUIREMENTS: tuple[Requirement, ...] = (
    Requirement(
        "workforce",
        "A competent workforce",
        "Does everybody who treats hold, or work towards, the competence their role needs?",
        "Models of Care 2006, 2.7.1",
    ),
    Requirement(
        "diversity",
        "Diverse needs",
        "Is each group of users the service is for reached, and asked whether it is served?",
        "Models of Care 2006, 2.7.1",
    ),
    Requirement(
        "clinical-governance",
        "Evidence and governance",
        "Does treatment follow the evidence, held to it by audit or clinical governance?",
        "Models of Care 2006, 2.7.1",
    ),
    Requirement(
        "timely-data",
        "Figures close to real time",
        "Is the service run on figures recent enough to act on?",
        "Models of Care 2006, 2.7.1",
    ),
    Requirement(
        "harm-reduction",
        "Harm reduction at every stage",
        "Is the risk of infection and overdose worked on before, during and after treatment?",
        "Models of Care 2006, 3.2.1",
    ),
    Requirement(
        "care-planning",
        "Care-planned treatment",
        "Is structured treatment assessed for in full, planned, reviewed and returned to NDTMS?",
        "Models of Care 2006, 3.2.2",
    ),
    Requirement(
        "shared-care-governance",
        "Governance of shared care",
        "Do prescribers have the competence and the specialist support that their work needs?",
        "Models of Care 2006, 3.5",
    ),
    Requirement(
        "tier-4-contract",
        "Tier 4 by standard contract",
        "Are residential places sold by standard contract, with returns to NDTMS?",
        "Models of Care 2006, 3.6",
    ),
    Requirement(
        "aftercare-links",
        "Links to what follows",
        "Does whoever leaves treatment know where housing and support come from?",
        "Models of Care 2006, 3.7",
    ),
)


def requirement(code: str) -> Requirement:
    """The requirement with the code. Raises `KeyError`."""
    return {one.code: one for one in REQUIREMENTS}[code]
