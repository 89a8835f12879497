"""Care plans and opening hours."""

import datetime as dt
from dataclasses import dataclass
from typing import Annotated

from commissioning.rule_settings.kinds import Day, Whole
from commissioning.rule_settings.sources import ASSUMED, TARGETS

CARE = "Care plans and opening hours"


@dataclass(frozen=True, kw_only=True)
class CareSettings:
    """Care plans and opening hours."""

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
