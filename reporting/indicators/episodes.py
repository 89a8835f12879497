"""Episodes of structured treatment: their beginnings and their discharges."""

from django.db.models import Q

from reporting.indicators.words import Count, Family, Rule
from reporting.models import EpisodeResult

BEGUN = Q(is_start=True)
DISCHARGED = Q(is_start=False)
TIER_4 = DISCHARGED & Q(has_tier4=True)
MISSING = Q(reason="")
NO_TREATMENT = Q(reason__in=Rule("left_out_exit_codes"))
REASONED = ~MISSING & ~NO_TREATMENT


class Episodes(Family):
    """Episodes with a started structured intervention."""

    code = "episodes"
    unit = "episodes"
    results = EpisodeResult
    rows = "episodes.sql"
    counts = {
        "begun": Count(BEGUN),
        "care_planned": Count(BEGUN & Q(is_planned_for=True)),
        "begun_self": Count(BEGUN & Q(source__in=Rule("referral_self_codes"))),
        "begun_gp": Count(BEGUN & Q(source__in=Rule("referral_gp_codes"))),
        "begun_drug_service": Count(BEGUN & Q(source__in=Rule("referral_drug_service_codes"))),
        "begun_criminal_justice": Count(
            BEGUN & Q(source__in=Rule("criminal_justice_referral_codes"))
        ),
        "discharged": Count(DISCHARGED),
        "discharged_retained": Count(DISCHARGED & Q(lasted=True)),
        "tier4_discharged": Count(TIER_4 & REASONED),
        "tier4_planned": Count(TIER_4 & REASONED & Q(reason__in=Rule("planned_exit_codes_2006"))),
        "tier4_reason_missing": Count(TIER_4 & MISSING),
        "tier4_reason_left_out": Count(TIER_4 & NO_TREATMENT),
    }
