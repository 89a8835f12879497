"""Work that NDTMS does not carry: when its returns are due, and what links and lists keep."""

from dataclasses import dataclass
from typing import Annotated

from commissioning.rule_settings.kinds import Whole
from commissioning.rule_settings.sources import ASSUMED

ACTIVITY = "Activity, quality and aftercare"


@dataclass(frozen=True, kw_only=True)
class ActivitySettings:
    """Quarterly returns of Tiers 1 and 2, dates of quality, and links of aftercare."""

    activity_due_days: Annotated[
        int,
        Whole(
            label="A quarter's activity is due",
            help="Days after the end of the quarter by which a service has confirmed its return.",
            unit="days",
            source=ASSUMED,
            mark="B",
            group=ACTIVITY,
            low=1,
            high=92,
        ),
    ] = 30
    activity_jump_factor: Annotated[
        int,
        Whole(
            label="A jump in activity",
            help="A number this many times that of the quarter before, or one part of so many of"
            " it, needs a reason.",
            unit="times",
            source=ASSUMED,
            mark="B",
            group=ACTIVITY,
            low=2,
            high=20,
        ),
    ] = 3
    activity_jump_from: Annotated[
        int,
        Whole(
            label="Jumps are looked for from",
            help="Smaller numbers in both quarters may move by chance and need no reason.",
            unit="counted",
            source=ASSUMED,
            mark="B",
            group=ACTIVITY,
            low=1,
            high=1000,
        ),
    ] = 20
    quality_warning_days: Annotated[
        int,
        Whole(
            label="Told before a registration or review runs out",
            help="Days before its end at which a registration, audit or list is named.",
            unit="days",
            source=ASSUMED,
            mark="B",
            group=ACTIVITY,
            low=7,
            high=366,
        ),
    ] = 60
    link_confirm_days: Annotated[
        int,
        Whole(
            label="A link is confirmed again after",
            help="Days after which the partner agency is asked whether its offer still holds.",
            unit="days",
            source=ASSUMED,
            mark="B",
            group=ACTIVITY,
            low=30,
            high=1095,
        ),
    ] = 182
