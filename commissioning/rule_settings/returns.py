"""Checks of a return: what has to be confirmed, what is due, what is complete."""

from dataclasses import dataclass
from typing import Annotated

from commissioning.rule_settings.kinds import Whole
from commissioning.rule_settings.sources import ASSUMED

RETURNS = "Checks of a return"


@dataclass(frozen=True, kw_only=True)
class ReturnSettings:
    """Checks of a return: what has to be confirmed, what is due, what is complete."""

    earliest_birth_year: Annotated[
        int,
        Whole(
            label="Earliest year of birth",
            help="An earlier date of birth is an error.",
            unit="year",
            source="NDTMS validation",
            mark="R",
            group=RETURNS,
            low=1850,
            high=2000,
        ),
    ] = 1903
    very_long_wait_days: Annotated[
        int,
        Whole(
            label="Very long wait from",
            help="A wait of this length has to be confirmed.",
            unit="days",
            source=ASSUMED,
            mark="B",
            group=RETURNS,
        ),
    ] = 365
    very_long_stay_days: Annotated[
        int,
        Whole(
            label="Very long stay from",
            help="An episode of this length has to be confirmed.",
            unit="days",
            source=ASSUMED,
            mark="B",
            group=RETURNS,
            high=36500,
        ),
    ] = 3650
    whole_return_from_episodes: Annotated[
        int,
        Whole(
            label="Whole-return checks from",
            help="With fewer episodes a return is too small for shares to mean anything.",
            unit="episodes",
            source=ASSUMED,
            mark="B",
            group=RETURNS,
        ),
    ] = 20
    open_episodes_jump_percent: Annotated[
        int,
        Whole(
            label="Open episodes jump by",
            help="A change of this much since the last return, up or down, has to be confirmed.",
            unit="per cent",
            source=ASSUMED,
            mark="B",
            group=RETURNS,
            low=1,
            high=1000,
        ),
    ] = 25
    vanished_episodes_percent: Annotated[
        int,
        Whole(
            label="Episodes vanish",
            help="When more than this share of the last return's episodes is gone, it has to be"
            " confirmed; 0 asks about any.",
            unit="per cent",
            source=ASSUMED,
            mark="B",
            group=RETURNS,
            high=100,
        ),
    ] = 0
    missing_values_percent: Annotated[
        int,
        Whole(
            label="Missing values",
            help="More than this share of a field's values missing has to be confirmed.",
            unit="per cent",
            source=ASSUMED,
            mark="B",
            group=RETURNS,
            high=100,
        ),
    ] = 20
    unusual_volume_times: Annotated[
        int,
        Whole(
            label="Unusual volume from",
            help="A return so many times as large as usual has to be confirmed.",
            unit="times",
            source=ASSUMED,
            mark="B",
            group=RETURNS,
            low=2,
            high=100,
        ),
    ] = 3
    usual_volume_returns: Annotated[
        int,
        Whole(
            label="Usual volume is of the last",
            help="How many earlier returns of the agency say what is usual.",
            unit="returns",
            source=ASSUMED,
            mark="B",
            group=RETURNS,
            low=1,
            high=36,
        ),
    ] = 6
    return_due_days: Annotated[
        int,
        Whole(
            label="Return is due within",
            help="Days after the end of the month it reports.",
            unit="days",
            source=ASSUMED,
            mark="B",
            group=RETURNS,
            high=90,
        ),
    ] = 15
