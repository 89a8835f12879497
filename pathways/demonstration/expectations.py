"""What a reading of the files should find: the parameters as shares of what an indicator counts.

For comparing an indicator with what was put in, at the Wilson interval of its denominator. Shares
are of accepted, consented rows, of adults in drug treatment outside prison; people are counted
by distinct attributor, which below some ten thousand clients is nearly one each.
"""

from collections.abc import Mapping, Sequence
from datetime import date

from pathways.demonstration.calibration import (
    BUSINESS_DAY,
    ENGLAND_CLIENTS,
    Calibration,
)
from pathways.demonstration.england import england
from pathways.demonstration.geography import SyntheticPartnership, partnerships
from pathways.demonstration.people import CANNABIS, COCAINE, CRACK, HEROIN, main_drugs
from pathways.demonstration.register import Line
from pathways.demonstration.volumes import line_shares


def expected_shares(
    calibration: Calibration,
    year: int,
    *,
    chosen: Sequence[SyntheticPartnership] | None = None,
    until: date = BUSINESS_DAY,
) -> dict[str, float]:
    """Shares by name for a financial year.

    `in_treatment`: of all people in the files. `male`, `white`, `heroin`, `cocaine` (crack
    or cocaine), `cannabis`: of people. `heroin_with_cocaine`: of people with heroin main.
    `referred_by_*`: of episodes. `specialist_prescribing`, `tier_4`: of started structured
    modalities. `care_plan`: of episodes by the year of their first structured start, with a plan
    within 14 days of it. `retained`: of journeys starting in the year and known for 84 days.
    `planned`: of journeys ending in the year, reason given and not 13, by the 2006 rule.
    `tier_4_completed`: of discharged episodes with modality 1 or 6. `retained_of_discharged`: of
    journeys ending in the year, in 2004 only.
    """
    truth = calibration
    homes = weights(chosen)
    referral = truth.referral
    whole = sum(referral.values())
    shares = {
        "in_treatment": truth.in_treatment_by(year, until) / ENGLAND_CLIENTS,
        "male": truth.male,
        "white": sum(part * truth.white_by_region[one.region_code] for one, part in homes),
        "heroin_with_cocaine": truth.heroin_with_cocaine,
        "referred_by_self": referral["4"] / whole,
        "referred_by_criminal_justice": sum(referral[one] for one in truth.criminal_justice)
        / whole,
        "referred_by_gp": referral["3"] / whole,
        "referred_by_drug_service": (referral["1"] + referral["2"]) / whole,
        "specialist_prescribing": truth.modalities["2"] / sum(truth.modalities.values()),
        "tier_4": truth.tier_4_share() / sum(truth.modalities.values()),
        "care_plan": truth.care_plan[year] * (1 - truth.care_plan_late),
        "retained": 1 - (1 - truth.retained[year]) * drop_out_level(truth, chosen),
        "planned": truth.planned[year] * sum(part * one.planned_factor for one, part in homes),
        "tier_4_completed": truth.tier_4_completed,
    }
    shares |= _drug_shares(truth, homes)
    if year == 2004:  # noqa: PLR2004 (the year for which there is a figure)
        shares["retained_of_discharged"] = truth.retained_of_discharged
    return shares


def expected_wait_weeks(
    calibration: Calibration, year: int, *, chosen: Sequence[SyntheticPartnership] | None = None
) -> float:
    """Mean weeks waited for structured modalities that start in the year."""
    factor = sum(part * one.wait_factor for one, part in weights(chosen))
    return calibration.wait_weeks[year] * factor


def weights(
    chosen: Sequence[SyntheticPartnership] | None,
) -> list[tuple[SyntheticPartnership, float]]:
    """Partnerships with their part of the people."""
    homes = partnerships() if chosen is None else chosen
    whole = sum(one.share for one in homes)
    return [(one, one.share / whole) for one in homes]


def drop_out_level(
    calibration: Calibration, chosen: Sequence[SyntheticPartnership] | None
) -> float:
    """Mean drop-out factor of the first agencies of new journeys; one for England."""
    part_of = {one.code: part for one, part in weights(chosen)}
    lines: Mapping[Line, float] = line_shares(calibration)
    return sum(
        part_of[agency.partnership_code] * lines[line] * agency.share * agency.drop_out_factor
        for agency in england(chosen).agencies
        for line in agency.lines
    )


def _drug_shares(
    calibration: Calibration, homes: Sequence[tuple[SyntheticPartnership, float]]
) -> dict[str, float]:
    """Main drugs of people, alcohol left out."""
    by_region = {
        code: main_drugs(calibration, code) for code in {one.region_code for one, _ in homes}
    }
    sober = 1 - calibration.alcohol_main

    def share(*codes: str) -> float:
        return sum(
            part * by_region[one.region_code][code] / sober
            for one, part in homes
            for code in codes
        )

    return {"heroin": share(HEROIN), "cocaine": share(CRACK, COCAINE), "cannabis": share(CANNABIS)}
