"""Journeys and exits: how episodes join, and which exits are planned by which rules."""

from dataclasses import dataclass
from typing import Annotated

from commissioning.rule_settings.kinds import Codes, Whole, Years, YearSpan
from commissioning.rule_settings.sources import ASSUMED, HANSARD

JOURNEYS = "Journeys and exits"
RULES_2006_YEARS = YearSpan(2003, 2008)
RULES_2009_YEARS = YearSpan(2009, None)


@dataclass(frozen=True, kw_only=True)
class JourneySettings:
    """Journeys and exits: how episodes join, and which exits are planned by which rules."""

    journey_join_days: Annotated[
        int,
        Whole(
            label="Episodes join within",
            help="Days after a discharge in which another episode still continues the journey;"
            " counting the day of discharge too it is one more.",
            unit="days",
            source="NDTMS definitions: 21 days counting both ends",
            mark="R",
            group=JOURNEYS,
            high=365,
        ),
    ] = 20
    exit_final_days: Annotated[
        int,
        Whole(
            label="Exit is final after",
            help="Until then another episode may rejoin the journey and the exit is provisional.",
            unit="days",
            source="Follows from the days in which episodes join",
            mark="I",
            group=JOURNEYS,
            high=365,
        ),
    ] = 20
    planned_exit_codes_2006: Annotated[
        tuple[str, ...],
        Codes(
            label="Planned exits, rules of 2006",
            help="The DISRSN codes that are a planned exit.",
            source=f"NTA table for 2007/08; {HANSARD}",
            mark="R",
            group=JOURNEYS,
            of="DISRSN",
        ),
    ] = ("1", "2", "5")
    planned_exit_codes_2009: Annotated[
        tuple[str, ...],
        Codes(
            label="Planned exits, rules of 2009",
            help="The DISRSN codes that are a planned exit.",
            source=HANSARD,
            mark="R",
            group=JOURNEYS,
            of="DISRSN",
        ),
    ] = ("1", "2")
    transfer_exit_codes_2009: Annotated[
        tuple[str, ...],
        Codes(
            label="Transfers, rules of 2009",
            help="The DISRSN codes that are neither planned nor unplanned.",
            source=HANSARD,
            mark="R",
            group=JOURNEYS,
            of="DISRSN",
            may_be_empty=True,
        ),
    ] = ("5", "7", "8")
    left_out_exit_codes: Annotated[
        tuple[str, ...],
        Codes(
            label="Reasons that leave the denominator",
            help="Counted beside the figure, as missing reasons are: no treatment was given.",
            source=ASSUMED,
            mark="B",
            group=JOURNEYS,
            of="DISRSN",
            may_be_empty=True,
        ),
    ] = ("13",)
    planned_rules_2006_years: Annotated[
        YearSpan,
        Years(
            label="Rules of 2006 are headline",
            help="The financial years whose planned exits are shown by the rules of 2006; the"
            " other rules are labelled as if.",
            unit="financial years",
            source=HANSARD,
            mark="I",
            group=JOURNEYS,
        ),
    ] = RULES_2006_YEARS
    planned_rules_2009_years: Annotated[
        YearSpan,
        Years(
            label="Rules of 2009 are headline",
            help="The financial years whose planned exits are shown by the rules of 2009.",
            unit="financial years",
            source=HANSARD,
            mark="I",
            group=JOURNEYS,
        ),
    ] = RULES_2009_YEARS
