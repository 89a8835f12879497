"""Plans through their year: when their quarterly reports are due."""

from dataclasses import dataclass
from typing import Annotated

from commissioning.rule_settings.kinds import Whole
from commissioning.rule_settings.sources import ASSUMED

PLANS = "Treatment plans"


@dataclass(frozen=True, kw_only=True)
class PlanSettings:
    """Plans through their year: when their quarterly reports are due."""

    report_due_days: Annotated[
        int,
        Whole(
            label="Quarterly report is due within",
            help="Days after the end of the quarter it reports. Counted when monitoring begins.",
            unit="days",
            source=ASSUMED,
            mark="B",
            group=PLANS,
            low=1,
            high=90,
        ),
    ] = 30
