"""Drawing how long a person waited for an intervention."""

import random

from pathways.demonstration.calibration import Calibration, financial_year
from pathways.demonstration.geography import SyntheticPartnership


class Waits:
    """Days from referral to the first appointment offered, by the year the intervention starts.

    Exponential, so that a few wait very long. Criminal-justice and pregnant clients wait less and
    the others so much more that the mean of an area stays what it is.
    """

    def __init__(self, calibration: Calibration, rng: random.Random) -> None:
        self._truth = calibration
        self._rng = rng
        truth = calibration
        justice = sum(truth.referral[source] for source in truth.criminal_justice)
        justice /= sum(truth.referral.values())
        pregnant = (1 - truth.male) * truth.pregnant
        self._level = 1 - justice * (1 - truth.criminal_justice_wait)
        self._level *= 1 - pregnant * (1 - truth.pregnant_wait)
        self._years = {year: truth.wait_mean(year) for year in range(1990, 2010)}

    def days(
        self, *, starts: int, home: SyntheticPartnership, referral_source: str, is_pregnant: bool
    ) -> int:
        """Whole days, rounded at random so that the mean is kept."""
        mean = self._years[financial_year(starts)] * home.wait_factor / self._level
        if referral_source in self._truth.criminal_justice:
            mean *= self._truth.criminal_justice_wait
        if is_pregnant:
            mean *= self._truth.pregnant_wait
        return int(self._rng.expovariate(1 / mean) + self._rng.random())
