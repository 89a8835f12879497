"""The standard checklist of clauses of a contract, in our own words, each with its source.

Marks: R read there; B background, and so an assumption of this service. Models of Care asks for
standard contracts for Tier 4 that include compliance with NDTMS (3.6); which other clauses make
one standard it leaves open.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

NDTMS = "ndtms"


@dataclass(frozen=True)
class Clause:
    """A clause: what it holds both sides to."""

    code: str
    title: str
    says: str
    source: str
    mark: Literal["R", "B"]


CLAUSES: tuple[Clause, ...] = (
    Clause(
        NDTMS,
        "NDTMS returns",
        "The provider reports every episode to NDTMS in time and in full.",
        "Models of Care 2006, 3.6",
        "R",
    ),
    Clause(
        "quality",
        "Quality standards",
        "The service meets the published quality standards and shows evidence of it each year.",
        "Models of Care 2006, 3.6",
        "R",
    ),
    Clause(
        "care-planning",
        "Care planning",
        "Everybody treated has a care plan, reviewed with them, and a keyworker who holds it.",
        "Models of Care 2006, 3.2.2",
        "R",
    ),
    Clause(
        "competence",
        "Competent staff",
        "Staff hold, or work towards, the occupational standards their role needs.",
        "Models of Care 2006, 3.1",
        "B",
    ),
    Clause(
        "pathways",
        "Ways in and on",
        "Whoever is admitted has been prepared, and aftercare and housing are arranged before they"
        " leave.",
        "Models of Care 2006, 3.6 and 3.7",
        "R",
    ),
    Clause(
        "clinical-governance",
        "Clinical governance",
        "Incidents, complaints, medicines and audit have somebody who answers for them.",
        "Assumption of this service",
        "B",
    ),
    Clause(
        "user-involvement",
        "Those who use the service",
        "People treated, and their carers, have a say in how the service runs.",
        "Assumption of this service",
        "B",
    ),
    Clause(
        "safeguarding",
        "Children and vulnerable adults",
        "Staff are checked, and know whom to tell of a child or an adult at risk.",
        "Assumption of this service",
        "B",
    ),
    Clause(
        "diversity",
        "Diverse needs",
        "The service is open to everybody it is bought for, whatever their background.",
        "Assumption of this service",
        "B",
    ),
    Clause(
        "confidentiality",
        "Confidentiality",
        "Records are kept safe, and shared by agreed rules with consent.",
        "Assumption of this service",
        "B",
    ),
    Clause(
        "monitoring",
        "Monitoring",
        "Both sides review performance each quarter, and agree what is put right by when.",
        "Assumption of this service",
        "B",
    ),
)
BY_CODE: Mapping[str, Clause] = {one.code: one for one in CLAUSES}
