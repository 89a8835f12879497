"""Planned exits of journeys by the rules of 2006 and of 2009."""

from typing import ClassVar

from reporting.indicators.declared import Indicator
from reporting.indicators.exits import Exits


class PlannedExits(Indicator):
    """What these share: journeys that ended, by the reason of their last discharge."""

    family = Exits
    denominator, denominator_words = "counted", "Journeys that ended with a reason that counts"
    left_out = {
        "reason_missing": "The reason for discharge is missing",
        "reason_left_out": "Inappropriate referral: no treatment was given",
    }
    provisional = "provisional"
    settings: ClassVar[tuple[str, ...]] = (
        "exit_final_days",
        "left_out_exit_codes",
        "journey_join_days",
    )
    why_it_matters = "Treatment that ends as planned lasts; those who drop out come back or worse."
    good_looks_like = "The share rises year on year, and few reasons are missing."


class Planned2006(PlannedExits):
    """Of the journeys that ended in the period with a known reason, those that ended as planned
    by the rules of 2006: completed drug free, completed, or referred on.

    An end is provisional until episodes can no longer rejoin it.
    """

    code, title = "EXIT-PLANNED-2006", "Planned exits, rules of 2006"
    numerator, numerator_words = "planned_2006", "Ended as planned"
    headline_years_setting = "planned_rules_2006_years"
    settings = (*PlannedExits.settings, "planned_exit_codes_2006", "planned_rules_2006_years")
    source = "NTA table for 2007/08"


class Planned2009(PlannedExits):
    """Of the journeys that ended in the period with a known reason, those that ended as planned
    by the rules of 2009: completed drug free, or completed. Transfers stay in the denominator and
    are counted beside.
    """

    code, title = "EXIT-PLANNED-2009", "Planned exits, rules of 2009"
    numerator, numerator_words = "planned_2009", "Ended as planned"
    beside = {"transfers_2009": "Transferred"}
    headline_years_setting = "planned_rules_2009_years"
    settings = (
        *PlannedExits.settings,
        "planned_exit_codes_2009",
        "transfer_exit_codes_2009",
        "planned_rules_2009_years",
    )
    source = "Hansard, 2009"
