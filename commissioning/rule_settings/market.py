"""The market of places: how long a hold lasts, when a board is unknown, how long people stay."""

from dataclasses import dataclass
from typing import Annotated

from commissioning.rule_settings.kinds import Whole
from commissioning.rule_settings.sources import ASSUMED

MARKET = "Places and vacancies"


def _stay(label: str, of: str) -> Whole:
    return Whole(
        label=label,
        help=f"{of} Used for a service with too few past stays of its own.",
        unit="days",
        source=ASSUMED,
        mark="B",
        group=MARKET,
        low=1,
        high=1095,
    )


@dataclass(frozen=True, kw_only=True)
class MarketSettings:
    """The market of places: holds, freshness of boards, lengths of stay."""

    hold_hours: Annotated[
        int,
        Whole(
            label="A hold lasts",
            help="Hours for which a place is held before it is released by itself.",
            unit="hours",
            source=ASSUMED,
            mark="B",
            group=MARKET,
            low=1,
            high=336,
        ),
    ] = 48
    board_unknown_hours: Annotated[
        int,
        Whole(
            label="A board is unknown after",
            help="Hours after which nobody relies on what was last said of a service's places.",
            unit="hours",
            source=ASSUMED,
            mark="B",
            group=MARKET,
            low=2,
            high=336,
        ),
    ] = 36
    board_reminder_hours: Annotated[
        int,
        Whole(
            label="Reminder of a board",
            help="Hours before a board is unknown at which those who keep it get a message.",
            unit="hours",
            source=ASSUMED,
            mark="B",
            group=MARKET,
            low=1,
            high=168,
        ),
    ] = 6
    confirm_link_days: Annotated[
        int,
        Whole(
            label="A link to confirm a board is good for",
            help="Days after which the link in a reminder confirms nothing any more.",
            unit="days",
            source=ASSUMED,
            mark="B",
            group=MARKET,
            low=1,
            high=14,
        ),
    ] = 2
    past_stays_needed: Annotated[
        int,
        Whole(
            label="Past stays needed",
            help="A service with fewer past stays is projected by the assumed length of stay.",
            unit="stays",
            source=ASSUMED,
            mark="B",
            group=MARKET,
            low=5,
            high=200,
        ),
    ] = 20
    likely_vacancy_percent: Annotated[
        int,
        Whole(
            label="A vacancy is likely from",
            help="The chance of at least one free place at which a day is named.",
            unit="per cent",
            source=ASSUMED,
            mark="B",
            group=MARKET,
            low=50,
            high=99,
        ),
    ] = 70
    mostly_spot_percent: Annotated[
        int,
        Whole(
            label="A provider lives mostly on spot from",
            help="The share of income from spot purchases at which a provider is named.",
            unit="per cent",
            source=ASSUMED,
            mark="B",
            group=MARKET,
            low=10,
            high=100,
        ),
    ] = 50
    stay_bed_days: Annotated[
        int, _stay("Usual stay in a bed", "Residential stays, detoxification and rehabilitation.")
    ] = 84
    stay_prescribing_days: Annotated[
        int, _stay("Usual use of a prescribing slot", "Community prescribing.")
    ] = 365
    stay_day_programme_days: Annotated[
        int, _stay("Usual stay in a day programme", "Structured day programmes.")
    ] = 84
    stay_caseload_days: Annotated[
        int, _stay("Usual time in a caseload", "Structured work with one keyworker.")
    ] = 182

    @property
    def usual_stay_days(self) -> dict[str, int]:
        """The assumed length of stay by the kind of place, in days."""
        return {
            "BED": self.stay_bed_days,
            "PRESCRIBING": self.stay_prescribing_days,
            "DAY_PROGRAMME": self.stay_day_programme_days,
            "CASELOAD": self.stay_caseload_days,
        }
