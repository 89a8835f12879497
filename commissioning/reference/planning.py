"""What a plan is asked about and offered, in our own words, with where each rests.

Sets of framework items and intervention types that the checks of a plan read, rows that planning
grids may start from, levels of doctors in primary care.
"""

from dataclasses import dataclass
from typing import Literal

from commissioning.reference.framework import Mark, framework

GridCode = Literal["COMMISSIONING", "ACCESS", "RETENTION", "EXIT", "HARM"]

# Framework items (framework.toml) that are harm reduction: Models of Care 2006, 3.2.1 and 3.8.
HARM_REDUCTION_ITEMS = frozenset({"T2-03", "T2-04", "T2-17", "T3-04"})
# What helps people towards abstinence and what helps those who go on using (3.2.2).
ABSTINENCE_ITEMS = frozenset({"T2-07"})
ACTIVE_USER_ITEMS = frozenset({"T2-03", "T2-16"})
ABSTINENCE_TYPES = frozenset(
    {
        "abstinence-support",
        "residential-rehabilitation",
        "rehabilitation-detoxification",
        "therapeutic-community",
        "twelve-step-programme",
    }
)
ACTIVE_USER_TYPES = frozenset(
    {
        "needle-exchange",
        "pharmacy-exchange",
        "bbv-prevention",
        "overdose-prevention",
        "outreach",
        "low-threshold-prescribing",
    }
)
HARM_REDUCTION_TYPES = frozenset(
    one.code for one in framework().intervention_types if one.harm_reduction
)
AFTERCARE_TYPES = frozenset(one.code for one in framework().intervention_types if one.aftercare)
# Residential rehabilitation for which 3.6 asks a mixed economy: the stay itself.
REHABILITATION_TYPES = frozenset({"residential-rehabilitation", "rehabilitation-detoxification"})
PRISON = "prison"  # the setting
COMMUNITY_CARE = "community-care"  # the funding stream

# Models of Care 2006, 3.5.3: levels of doctors, from the least specialised.
DOCTOR_LEVELS: tuple[tuple[str, str], ...] = (
    ("core", "Doctors giving general medical care"),
    ("enhanced", "Doctors giving enhanced services under shared-care guidelines"),
    ("special-interest", "General practitioners with a special clinical interest"),
    ("specialist", "Substance misuse specialists in primary care, or addiction psychiatry"),
)


@dataclass(frozen=True, kw_only=True)
class StartingRow:
    """A row that a planning grid may start from: to be taken, changed or left."""

    code: str
    grid: GridCode
    objective: str
    action: str
    source: str
    mark: Mark


STARTING_ROWS: tuple[StartingRow, ...] = (
    StartingRow(
        code="training-post",
        grid="COMMISSIONING",
        objective="Staff of generic and specialised services are competent",
        action="Fill a training post that teaches generic services to notice, screen and refer.",
        source="Models of Care 2006, 3.8 (Tier 1) and 2.7.1",
        mark="R",
    ),
    StartingRow(
        code="user-involvement",
        grid="COMMISSIONING",
        objective="Service users and carers take part in planning and review",
        action="Pay and support a service-user group, with a seat where the plan is decided.",
        source="NTA planning grids, as remembered",
        mark="B",
    ),
    StartingRow(
        code="liaison-post",
        grid="ACCESS",
        objective="Generic services and drug services treat people together",
        action="Fill a liaison post with antenatal, mental health and emergency departments.",
        source="Models of Care 2006, 3.8 (Tier 1): liaison may have to be bought",
        mark="R",
    ),
    StartingRow(
        code="user-feedback",
        grid="RETENTION",
        objective="Treatment is changed by what its users say of it",
        action="Ask users each quarter why they stay or leave, and answer in writing.",
        source="NTA planning grids, as remembered",
        mark="B",
    ),
    StartingRow(
        code="peer-aftercare",
        grid="EXIT",
        objective="Nobody leaves treatment to nothing",
        action="Set up peer support and mentors for people who leave treatment.",
        source="Models of Care 2006, 3.7",
        mark="R",
    ),
    StartingRow(
        code="peer-harm-reduction",
        grid="HARM",
        objective="Fewer infections and overdoses among people who use now",
        action="Train and supervise peers who teach safer injecting and overdose first aid.",
        source="NTA planning grids, as remembered",
        mark="B",
    ),
    StartingRow(
        code="family-harm-reduction",
        grid="HARM",
        objective="Families and the community know how harm is prevented",
        action="Run sessions for families, hostels and neighbours on infections and overdose.",
        source="Models of Care 2006, 3.2.1: harm reduction also reaches those around a user",
        mark="R",
    ),
)
