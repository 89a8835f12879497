"""What the synthetic England is drawn from: each figure a named parameter with its source.

Years are financial, named by their first: 2004 is April 2004 to March 2005. A source is given
beside each figure; `[B]` marks an assumption where no published figure was found.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

YEARS = (2004, 2005, 2006)
BUSINESS_DAY = date(2007, 2, 15)
# People who appear in the files of all England from April 2004 to the business day.
ENGLAND_CLIENTS = 300_000
STOCK = 0  # the cohort already in treatment on 1 April 2004; the others are named by their year


def financial_year(day: int) -> int:
    """The financial year of a day given as its ordinal."""
    on = date.fromordinal(day)
    return on.year if on.month > 3 else on.year - 1  # noqa: PLR2004 (April begins the year)


def year_start(year: int) -> int:
    """The ordinal of 1 April."""
    return date(year, 4, 1).toordinal()


@dataclass(frozen=True, kw_only=True)
class Calibration:
    """The true parameters. Shares are of one; durations are days unless they say weeks."""

    # --- how many -----------------------------------------------------------------------------
    # Adults in drug treatment in England in the year, NDTMS annual figures.
    in_treatment: Mapping[int, int] = field(
        default_factory=lambda: {2004: 160_453, 2005: 177_055, 2006: 195_464}
    )
    # Of the figure of 2006, those already in treatment on 1 April 2006 [B].
    in_treatment_on_1_april_2006: int = 126_770
    # People of England by when they first appear: chosen so that `in_treatment` comes out and
    # the whole is ENGLAND_CLIENTS on the business day [B].
    first_seen: Mapping[int, float] = field(
        default_factory=lambda: {STOCK: 101_190, 2004: 79_500, 2005: 63_700, 2006: 69_980}
    )
    never_started: float = 0.06  # of new journeys: waited, were offered or not, left [B]
    in_prison: float = 0.02  # of new journeys: those given by a prison team [B]
    returning: float = 0.27  # of ended journeys: the person presents again later [B]
    return_gap: float = 210.0  # mean days until then, over and above a month [B]
    moving_agency: float = 0.24  # of journeys seen for over 60 days: goes on elsewhere [B]
    moving_home: float = 0.04  # of returns: to another partnership of the region [B]
    elsewhere: float = 0.05  # of later agencies: in another partnership of the region [B]
    concurrent: float = 0.04  # of journeys: a second agency at the same time [B]
    extra_interventions: float = 0.33  # of community episodes: one more modality (1.25 a whole)

    # --- who ----------------------------------------------------------------------------------
    male: float = 0.72  # NTA, clients in treatment
    median_age: int = 30  # NTA, at triage, adults
    age_spread: float = 0.52  # sigma of the logarithm of years over 18 [B]
    under_18: float = 0.025  # of people; left out of adult figures [B]
    alcohol_main: float = 0.03  # of people; left out of drug figures [B]
    white_by_region: Mapping[str, float] = field(  # 88 % of England (NTA); regions [B]
        default_factory=lambda: {
            "A": 0.97, "B": 0.94, "D": 0.93, "E": 0.90, "F": 0.85,
            "G": 0.93, "H": 0.66, "J": 0.93, "K": 0.965,
        }
    )  # fmt: skip
    no_consent: float = 0.01  # of clients of an agency [B]

    # --- drugs --------------------------------------------------------------------------------
    # Crack or cocaine main: 10 % of England, under 2 % in Yorkshire and The Humber, 23 % in
    # London (NTA 2004/05); the other regions [B].
    cocaine_by_region: Mapping[str, float] = field(
        default_factory=lambda: {
            "A": 0.03, "B": 0.08, "D": 0.018, "E": 0.08, "F": 0.09,
            "G": 0.09, "H": 0.23, "J": 0.10, "K": 0.075,
        }
    )  # fmt: skip
    crack_of_cocaine: float = 0.55  # [B]
    heroin: float = 0.67  # main drug, adults in drug treatment (NTA)
    cannabis: float = 0.09  # main drug (NTA)
    other_main_drugs: Mapping[str, float] = field(  # shares of what is left of England [B]
        default_factory=lambda: {
            "1105": 0.20, "1000": 0.12, "2200": 0.13, "3100": 0.34,
            "3406": 0.05, "6000": 0.02, "9005": 0.06, "8799": 0.08,
        }
    )  # fmt: skip
    heroin_with_cocaine: float = 0.21  # of heroin: crack or cocaine second (NTA)

    # --- referral -----------------------------------------------------------------------------
    # Self 43 %, criminal justice 17 % (5, 6, 8, 13), GP 15 %, other drug service 12 % (1, 2): NTA;
    # the split inside each and the rest [B].
    referral: Mapping[str, float] = field(
        default_factory=lambda: {
            "4": 0.43, "5": 0.08, "6": 0.035, "8": 0.03, "13": 0.025, "3": 0.15,
            "1": 0.07, "2": 0.05, "9": 0.005, "10": 0.012, "11": 0.018, "12": 0.006, "14": 0.004,
            "15": 0.03, "19": 0.022, "21": 0.002, "22": 0.013, "23": 0.004, "24": 0.01,
            "25": 0.004,
        }
    )  # fmt: skip
    criminal_justice: frozenset[str] = frozenset({"5", "6", "8", "13"})

    # --- interventions ------------------------------------------------------------------------
    # Structured modalities by type: specialist prescribing 54 % (NTA); inpatient and residential
    # as 6,742 and 4,306 people in 2007/08 (NTA) suggest; the rest [B].
    modalities: Mapping[str, float] = field(
        default_factory=lambda: {
            "2": 0.54, "3": 0.15, "4": 0.155, "5": 0.056, "12": 0.039, "1": 0.037, "6": 0.023,
        }
    )  # fmt: skip
    # Mean weeks from referral to the first appointment offered: 9.1 in December 2001, 2.4 in
    # September 2005 (NTA); the other years [B].
    wait_weeks: Mapping[int, float] = field(
        default_factory=lambda: {2001: 9.1, 2002: 7.0, 2003: 5.0, 2004: 3.5, 2005: 2.4, 2006: 2.0}
    )
    dip_intensive_wait: float = 0.77  # 1.85 weeks in intensive areas against 2.4 (NTA)
    criminal_justice_wait: float = 0.70  # against the mean of the area [B]
    pregnant_wait: float = 0.50  # [B]
    pregnant: float = 0.03  # of women's episodes [B]
    care_plan: Mapping[int, float] = field(  # structured episodes with a care-plan date [B]
        default_factory=lambda: {2003: 0.75, 2004: 0.80, 2005: 0.86, 2006: 0.92}
    )
    care_plan_late: float = 0.08  # of those: more than 14 days after the start [B]

    # --- how it goes --------------------------------------------------------------------------
    # New journeys still in structured treatment 84 days after triage: 75 % in 2006 (NTA), 66 %
    # and 70 % before [B].
    retained: Mapping[int, float] = field(
        default_factory=lambda: {2003: 0.62, 2004: 0.66, 2005: 0.70, 2006: 0.75}
    )
    # Mean days beyond the 84: chosen so that of those discharged in 2004 57 % had been in
    # contact for 84 days (NTA) [B].
    beyond_84: float = 1150.0
    retained_of_discharged: float = 0.57  # 2004 (NTA)
    # Planned exits of ended journeys: 30 % in 2004, 42 % in 2006 (NTA); between them [B].
    planned: Mapping[int, float] = field(
        default_factory=lambda: {2004: 0.30, 2005: 0.36, 2006: 0.42}
    )
    planned_reasons: Mapping[str, float] = field(  # [B]
        default_factory=lambda: {"1": 0.38, "2": 0.37, "5": 0.25}
    )
    unplanned_reasons: Mapping[str, float] = field(  # [B]
        default_factory=lambda: {
            "6": 0.56, "3": 0.13, "8": 0.11, "7": 0.08, "12": 0.04, "10": 0.03, "11": 0.025,
            "4": 0.01, "9": 0.015,
        }
    )  # fmt: skip
    inappropriate_referral: float = 0.015  # of ended journeys: reason 13, left out [B]
    tier_4_completed: float = 0.41  # of discharged episodes with modality 1 or 6 (NTA 2003/04)
    drop_out_spread: float = 7.0  # services of a region from best to worst (NTA)

    # --- mistakes -----------------------------------------------------------------------------
    rejected: float = 0.03  # of episodes: a mistake that keeps the episode out [B]
    questioned: float = 0.035  # of episodes: one that is accepted with a reason [B]
    corrected: float = 0.5  # of either: put right in a later return [B]

    def tier_4_share(self) -> float:
        """Modalities that are inpatient treatment or residential rehabilitation."""
        return self.modalities["1"] + self.modalities["6"]

    def wait_mean(self, year: int) -> float:
        """Mean days waited of modalities that start in the year, everyone and everywhere."""
        return 7 * self.wait_weeks[min(max(year, 2001), 2006)]

    def in_treatment_by(self, year: int, day: date) -> float:
        """Adults of England in drug treatment from April of the year to its end or the day."""
        whole = self.in_treatment[year]
        if year != YEARS[-1]:
            return whole
        begins, ends = year_start(year), year_start(year + 1)
        gone = min(day.toordinal() + 1 - begins, ends - begins) / (ends - begins)
        before = self.in_treatment_on_1_april_2006
        return before + (whole - before) * gone
