"""Care plans in place, and Tier 4 treatment completed."""

from reporting.indicators.declared import Indicator
from reporting.indicators.episodes import Episodes


class CarePlans(Indicator):
    """Of the episodes whose first structured intervention started in the period, those with a
    care plan dated no later than the allowed days after that start.
    """

    code, title = "CARE-PLAN", "Care plan in place"
    family = Episodes
    numerator, numerator_words = "care_planned", "With a care plan in time"
    denominator, denominator_words = "begun", "Episodes of structured treatment begun"
    target_setting = "care_plan_target_percent"
    target_from_setting = "care_plan_target_day"
    settings = ("care_plan_allowance_days", "care_plan_target_percent", "care_plan_target_day")
    source = "NTA Treatment Effectiveness targets; the days allowed are an assumption"
    mark = "B"
    why_it_matters = "Structured treatment is treatment by a plan that the client has agreed."
    good_looks_like = "Everyone in structured treatment has a care plan."


class Tier4Completed(Indicator):
    """Of the discharged episodes in which inpatient treatment or residential rehabilitation was
    begun, those with a planned exit by the rules of 2006.
    """

    code, title = "TIER4-COMPLETED", "Tier 4 treatment completed"
    family = Episodes
    numerator, numerator_words = "tier4_planned", "Discharged as planned"
    denominator = "tier4_discharged"
    denominator_words = "Discharged from Tier 4 treatment with a reason that counts"
    left_out = {
        "tier4_reason_missing": "The reason for discharge is missing",
        "tier4_reason_left_out": "Inappropriate referral: no treatment was given",
    }
    settings = ("tier4_modal_codes", "planned_exit_codes_2006", "left_out_exit_codes")
    source = "NTA 2003/04: 41 per cent nationally"
    why_it_matters = (
        "Tier 4 treatment is dear and often the last resort: it should come to its end."
    )
    good_looks_like = "More than the 41 per cent of 2003/04."
