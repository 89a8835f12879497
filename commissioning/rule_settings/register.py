"""The register of services: what counts as near, as lately reviewed and as lately stated."""

from dataclasses import dataclass
from typing import Annotated

from commissioning.rule_settings.kinds import Whole
from commissioning.rule_settings.sources import ASSUMED

REGISTER = "Register of services"


@dataclass(frozen=True, kw_only=True)
class RegisterSettings:
    """The register of services: distances, reviews and estimates."""

    detox_within_miles: Annotated[
        int,
        Whole(
            label="Detoxification is near within",
            help="Miles in a straight line from a partnership's centre. Beyond them its absence"
            " is a gap.",
            unit="miles",
            source=ASSUMED,
            mark="B",
            group=REGISTER,
            low=1,
            high=300,
        ),
    ] = 30
    shared_care_review_months: Annotated[
        int,
        Whole(
            label="Shared care is reviewed within",
            help="Months after which a scheme's last review no longer counts.",
            unit="months",
            source=f"{ASSUMED}; that it is reviewed regularly is Models of Care 2006, 3.5.4",
            mark="B",
            group=REGISTER,
            low=1,
            high=60,
        ),
    ] = 12
    waiting_estimate_days: Annotated[
        int,
        Whole(
            label="An estimate of the wait is recent for",
            help="Days after which a provider's own estimate is shown as out of date.",
            unit="days",
            source=ASSUMED,
            mark="B",
            group=REGISTER,
            low=1,
            high=366,
        ),
    ] = 31
