"""What a plan sets targets for: national targets, local expectations, the local delivery plan.

Source: Models of Care 2006, 2.7.1; the NTA's Treatment Effectiveness targets. A target that the
source gives as a number is read from the rule set by the name of its setting.
"""

from dataclasses import dataclass
from typing import Literal

from commissioning.reference.evidence import EvidenceName

TargetUnit = Literal["people", "share"]
TargetOf = Literal["NATIONAL", "LOCAL", "DELIVERY_PLAN"]


@dataclass(frozen=True, kw_only=True)
class TargetSubject:
    """One thing to set a target for, once for each of `sources`.

    `evidence` names the baseline where the system knows it; `setting` the per cents the rule set
    asks for; `agreed_with` who agrees the target of the local delivery plan.
    """

    code: str
    name: str
    unit: TargetUnit
    what: str
    sources: tuple[TargetOf, ...]
    evidence: EvidenceName
    source: str
    setting: str = ""
    agreed_with: str = ""


_BOTH: tuple[TargetOf, ...] = ("NATIONAL", "LOCAL")

TARGET_SUBJECTS: tuple[TargetSubject, ...] = (
    TargetSubject(
        code="in-treatment",
        name="Numbers in treatment",
        unit="people",
        what="People in structured treatment in the twelve months to the quarter's end",
        sources=_BOTH,
        evidence=EvidenceName.IN_TREATMENT,
        source="Public service agreement for drug treatment: participation doubled by 2008",
    ),
    TargetSubject(
        code="first-waits",
        name="First waits within three weeks",
        unit="share",
        what="Of first waits of those who came of their own accord, those within the target",
        sources=_BOTH,
        evidence=EvidenceName.FIRST_WAITS,
        source="Models of Care 2006, 2.7.1; 85 per cent as announced by the NTA",
        setting="wait_target_percent",
    ),
    TargetSubject(
        code="retained",
        name="Retained twelve weeks",
        unit="share",
        what="Of those who began treatment, those who stayed twelve weeks or longer",
        sources=("NATIONAL", "LOCAL", "DELIVERY_PLAN"),
        evidence=EvidenceName.RETAINED,
        source="Models of Care 2006, 2.7.1: retention is in the local delivery plans of primary"
        " care trusts, held to account by strategic health authorities",
        setting="retention_target_percent",
        agreed_with="Primary care trust and strategic health authority",
    ),
    TargetSubject(
        code="planned-exits",
        name="Planned exits",
        unit="people",
        what="People who left treatment as planned in the twelve months to the quarter's end",
        sources=("LOCAL",),
        evidence=EvidenceName.PLANNED_EXITS,
        source="Models of Care 2006, 2.7.1: better-planned exits; the number is set locally",
    ),
    TargetSubject(
        code="care-plans",
        name="Care plan in place",
        unit="share",
        what="Of treatment begun, that with a written care plan in time",
        sources=_BOTH,
        evidence=EvidenceName.CARE_PLANS,
        source="Models of Care 2006, 2.7.1: a written care plan for every client",
        setting="care_plan_target_percent",
    ),
)


def target_subject(code: str) -> TargetSubject:
    """The subject with the code. Raises `KeyError`."""
    return {one.code: one for one in TARGET_SUBJECTS}[code]
