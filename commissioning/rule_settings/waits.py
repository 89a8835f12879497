"""Waits: targets for everyone and for the priority groups, and what a long wait is."""

import datetime as dt
from dataclasses import dataclass
from typing import Annotated

from commissioning.rule_settings.kinds import Day, Whole
from commissioning.rule_settings.sources import ASSUMED, TARGETS

WAITS = "Waits"


@dataclass(frozen=True, kw_only=True)
class WaitSettings:
    """Waits: targets for everyone and for the priority groups, and what a long wait is."""

    wait_target_days: Annotated[
        int,
        Whole(
            label="Wait within target",
            help="A wait of this length is still within target.",
            unit="days",
            source=f"{TARGETS}: three weeks from April 2006",
            mark="R",
            group=WAITS,
        ),
    ] = 21
    wait_target_percent: Annotated[
        int,
        Whole(
            label="Share to be within target",
            help="Of first structured interventions of people who seek treatment voluntarily.",
            unit="per cent",
            source=f"{TARGETS}: announced as 85 per cent",
            mark="R",
            group=WAITS,
            high=100,
        ),
    ] = 85
    long_wait_days: Annotated[
        int,
        Whole(
            label="Long wait from",
            help="Each wait of this length or longer is reviewed by the partnership and reported.",
            unit="days",
            source=f"{TARGETS}: six weeks",
            mark="R",
            group=WAITS,
        ),
    ] = 42
    long_wait_reviewed_from: Annotated[
        dt.date,
        Day(
            label="Long waits are reviewed from",
            help="A long wait that was over before this day is counted but not listed for review.",
            source=f"{ASSUMED}: the three weeks are expected from April 2006",
            mark="B",
            group=WAITS,
        ),
    ] = dt.date(2006, 4, 1)
    pregnant_target_days: Annotated[
        int,
        Whole(
            label="Target for pregnant women",
            help="A wait of this length is still within the group's target.",
            unit="days",
            source=f"{ASSUMED}; that the group is seen sooner is {TARGETS}",
            mark="B",
            group=WAITS,
        ),
    ] = 14
    criminal_justice_target_days: Annotated[
        int,
        Whole(
            label="Target for criminal justice clients",
            help="A wait of this length is still within the group's target.",
            unit="days",
            source=f"{ASSUMED}; that the group is seen sooner is {TARGETS}",
            mark="B",
            group=WAITS,
        ),
    ] = 14
    stimulant_target_days: Annotated[
        int,
        Whole(
            label="Target for stimulant users",
            help="A wait of this length is still within the group's target.",
            unit="days",
            source=f"{ASSUMED}; that the group is seen sooner is {TARGETS}",
            mark="B",
            group=WAITS,
        ),
    ] = 14
    days_per_week: Annotated[
        int,
        Whole(
            label="Days in a week of waiting",
            help="Days are divided by this to show weeks. Early NTA tables counted five working"
            " days a week, so their weeks are shorter.",
            unit="days",
            source="NTA waiting-time tables",
            mark="B",
            group=WAITS,
            low=5,
            high=7,
        ),
    ] = 7
