"""Care plans, infections, aftercare and opening hours."""

import datetime as dt
from dataclasses import dataclass
from typing import Annotated

from commissioning.rule_settings.kinds import Codes, Day, Whole
from commissioning.rule_settings.sources import ASSUMED, CODE_LIST, TARGETS

CARE = "Care plans, health and aftercare"


@dataclass(frozen=True, kw_only=True)
class CareSettings:
    """Care plans, infections, aftercare and opening hours."""

    care_plan_allowance_days: Annotated[
        int,
        Whole(
            label="Care plan no later than",
            help="Days after the first structured start in which a care plan is still in time.",
            unit="days",
            source=ASSUMED,
            mark="B",
            group=CARE,
        ),
    ] = 14
    care_plan_target_percent: Annotated[
        int,
        Whole(
            label="Share to have a care plan",
            help="Every client in structured treatment.",
            unit="per cent",
            source=TARGETS,
            mark="R",
            group=CARE,
            high=100,
        ),
    ] = 100
    care_plan_target_day: Annotated[
        dt.date,
        Day(
            label="Care plans for everyone by",
            help="The day from which the target for care plans holds.",
            source=f"{TARGETS}: March 2008",
            mark="R",
            group=CARE,
        ),
    ] = dt.date(2008, 3, 31)
    review_weeks: Annotated[
        int,
        Whole(
            label="Care plan is reviewed every",
            help="The usual interval between reviews of a care plan.",
            unit="weeks",
            source=ASSUMED,
            mark="B",
            group=CARE,
            low=1,
            high=104,
        ),
    ] = 12
    injector_codes: Annotated[
        tuple[str, ...],
        Codes(
            label="Answers that mean ever injected",
            help="The INJSTAT codes of those to be offered hepatitis B vaccination.",
            source=CODE_LIST,
            mark="R",
            group=CARE,
            of="INJSTAT",
        ),
    ] = ("P", "C")
    hepatitis_b_asked_codes: Annotated[
        tuple[str, ...],
        Codes(
            label="Hepatitis B: answers that count",
            help="The HEPBSTAT codes of those who could be offered vaccination.",
            source=CODE_LIST,
            mark="R",
            group=CARE,
            of="HEPBSTAT",
        ),
    ] = ("A", "B", "D")
    hepatitis_b_offered_codes: Annotated[
        tuple[str, ...],
        Codes(
            label="Hepatitis B: offered",
            help="The HEPBSTAT codes that mean vaccination was offered.",
            source=CODE_LIST,
            mark="R",
            group=CARE,
            of="HEPBSTAT",
        ),
    ] = ("A", "B")
    hepatitis_b_accepted_codes: Annotated[
        tuple[str, ...],
        Codes(
            label="Hepatitis B: accepted",
            help="The HEPBSTAT codes that mean vaccination was offered and accepted.",
            source=CODE_LIST,
            mark="R",
            group=CARE,
            of="HEPBSTAT",
        ),
    ] = ("A",)
    hepatitis_c_tested_codes: Annotated[
        tuple[str, ...],
        Codes(
            label="Hepatitis C: tested",
            help="The HEPCTD codes that mean the client has been tested.",
            source=CODE_LIST,
            mark="B",
            group=CARE,
            of="HEPCTD",
        ),
    ] = ("Y",)
    aftercare_contact_days: Annotated[
        int,
        Whole(
            label="First aftercare contact within",
            help="Days after a planned exit in which a first contact is in time.",
            unit="days",
            source=ASSUMED,
            mark="B",
            group=CARE,
        ),
    ] = 14
    evening_from_hour: Annotated[
        int,
        Whole(
            label="Evening begins at",
            help="A service that closes later than this hour on a weekday is open in the evening.",
            unit="o'clock",
            source=f"{ASSUMED}; evening and weekend opening is Models of Care 2006, 3.2.2",
            mark="B",
            group=CARE,
            low=12,
            high=23,
        ),
    ] = 18
