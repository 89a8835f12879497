"""Drawing a person: attributor, home, drugs, health and circumstances."""

import random
from dataclasses import dataclass
from math import log

from pathways.demonstration.calibration import Calibration
from pathways.demonstration.draws import Draw
from pathways.demonstration.geography import SyntheticPartnership, partnerships
from pathways.demonstration.words import FIRST_LETTERS, LAST_LETTERS

MALE, FEMALE = "1", "2"
HEROIN, COCAINE, CRACK, CANNABIS, ALCOHOL = "1011", "3200", "3201", "5000", "7000"
NO_SECOND, NO_THIRD = "9996", "9997"
YEAR = 365.25
OLDEST = 75


@dataclass(slots=True)
class Person:
    """Someone who does not exist. Days are ordinals; codes are those of the NDTMS lists."""

    number: int
    home: SyntheticPartnership
    initials: tuple[str, str]
    born: int
    sex: str
    ethnic: str
    drug: str
    second_drug: str
    third_drug: str
    route: str
    injecting: str
    housing: str
    hepatitis_b: str
    vaccinations: str
    hepatitis_c: str
    hepatitis_c_tested: str
    employment: str
    dual_diagnosis: str
    treated_before: bool


# Circumstances for which no figure was found [B].
ETHNIC_WHITE = Draw({"A": 0.94, "B": 0.02, "C": 0.04})
ETHNIC_OTHER = Draw(
    {
        "D": 0.14, "E": 0.03, "F": 0.04, "G": 0.08, "H": 0.09, "J": 0.13, "K": 0.06, "L": 0.06,
        "M": 0.13, "N": 0.04, "P": 0.05, "R": 0.01, "S": 0.06, "Z": 0.08,
    }
)  # fmt: skip
OTHER_SECOND = {
    NO_SECOND: 0.38, ALCOHOL: 0.2, "2200": 0.14, CANNABIS: 0.16, "3100": 0.05, "1105": 0.05,
    "3406": 0.02,
}  # fmt: skip
THIRD = Draw({NO_THIRD: 0.72, ALCOHOL: 0.09, "3406": 0.04, CANNABIS: 0.11, "2200": 0.04})
INJECTING_HEROIN = Draw({"C": 0.36, "P": 0.27, "N": 0.34, "Z": 0.03})
INJECTING_OTHER = Draw({"C": 0.05, "P": 0.12, "N": 0.80, "Z": 0.03})
HOUSING = Draw({"1": 0.10, "2": 0.19, "3": 0.68, "": 0.03})
HEPATITIS_B = Draw({"A": 0.24, "B": 0.22, "C": 0.14, "D": 0.32, "E": 0.02, "": 0.06})
VACCINATIONS = Draw({"1": 0.35, "2": 0.2, "3": 0.2, "C": 0.25})
HEPATITIS_C = Draw({"A": 0.33, "B": 0.2, "D": 0.4, "": 0.07})
EMPLOYMENT = Draw(
    {"1": 0.16, "2": 0.02, "5": 0.12, "6": 0.06, "9": 0.17, "10": 0.04, "12": 0.35, "13": 0.04,
     "14": 0.01, "15": 0.01, "99": 0.02}
)  # fmt: skip
ROUTES = {
    "2": Draw({"2": 0.85, "3": 0.1, "4": 0.05}),
    "3": Draw({"3": 0.95, "4": 0.05}),
    "4": Draw({"4": 0.97, "5": 0.03}),
}
ROUTE_OF = {CANNABIS: "3", CRACK: "3", HEROIN: "3", COCAINE: "2", "3100": "2", "6000": "2"}
INJECTED_MAIN_DRUG = {HEROIN: 0.95, "3100": 0.6, COCAINE: 0.2, CRACK: 0.1, "1000": 0.4}
DUAL_DIAGNOSIS, TREATED_BEFORE = 0.22, 0.48
HEPATITIS_B_ASKED, TESTED_WHEN_ACCEPTED, TESTED_ANYWAY = 0.4, 0.78, 0.12


class Population:
    """Draws people of chosen partnerships as the calibration says."""

    def __init__(
        self,
        *,
        calibration: Calibration,
        chosen: tuple[SyntheticPartnership, ...],
        rng: random.Random,
    ) -> None:
        self._calibration = calibration
        self._rng = rng
        self._home = Draw({one: one.share for one in chosen})
        self._first, self._last = Draw(FIRST_LETTERS), Draw(LAST_LETTERS)
        self._other_second = Draw(OTHER_SECOND)
        self._drug = {
            code: Draw(main_drugs(calibration, code))
            for code in sorted({one.region_code for one in chosen})
        }

    def person(self, *, number: int, seen: int) -> Person:
        """A person who first presents on the day `seen`."""
        rng, truth = self._rng, self._calibration
        number_of = rng.random
        home = self._home(number_of())
        sex = MALE if number_of() < truth.male else FEMALE
        region = home.region_code
        white = number_of() < truth.white_by_region[region]
        drug = self._drug[region](number_of())
        injecting = (INJECTING_HEROIN if drug == HEROIN else INJECTING_OTHER)(number_of())
        ever_injected = injecting in ("P", "C")
        asked = ever_injected or number_of() < HEPATITIS_B_ASKED
        hepatitis_b = HEPATITIS_B(number_of()) if asked else "D"
        hepatitis_c = HEPATITIS_C(number_of())
        return Person(
            number=number,
            home=home,
            initials=(self._first(number_of()), self._last(number_of())),
            born=seen - self._age_in_days(),
            sex=sex,
            ethnic=(ETHNIC_WHITE if white else ETHNIC_OTHER)(number_of()),
            drug=drug,
            second_drug=self._second_drug(drug),
            third_drug=THIRD(number_of()),
            route=self._route(drug, injecting),
            injecting=injecting,
            housing=HOUSING(number_of()),
            hepatitis_b=hepatitis_b,
            vaccinations=VACCINATIONS(number_of()) if hepatitis_b == "A" else "",
            hepatitis_c=hepatitis_c,
            hepatitis_c_tested=self._tested(hepatitis_c),
            employment=EMPLOYMENT(number_of()),
            dual_diagnosis="Y" if number_of() < DUAL_DIAGNOSIS else "N",
            treated_before=number_of() < TREATED_BEFORE,
        )

    def _age_in_days(self) -> int:
        """Age when first seen: under 18 for a few, else spread around the median."""
        truth, rng = self._calibration, self._rng
        if rng.random() < truth.under_18:
            return int((14.0 + 3.8 * rng.random()) * YEAR)
        beyond_18 = rng.lognormvariate(log(truth.median_age + 0.5 - 18), truth.age_spread)
        return int(min(18.02 + beyond_18, OLDEST) * YEAR)

    def _second_drug(self, drug: str) -> str:
        rng, truth = self._rng, self._calibration
        if drug == HEROIN and rng.random() < truth.heroin_with_cocaine:
            return CRACK if rng.random() < truth.crack_of_cocaine else COCAINE
        second = self._other_second(rng.random())
        return NO_SECOND if second == drug else second

    def _route(self, drug: str, injecting: str) -> str:
        rng = self._rng
        if injecting == "C" and rng.random() < INJECTED_MAIN_DRUG.get(drug, 0.0):
            return "1"
        return ROUTES[ROUTE_OF.get(drug, "4")](rng.random())

    def _tested(self, hepatitis_c: str) -> str:
        tested = TESTED_WHEN_ACCEPTED if hepatitis_c == "A" else TESTED_ANYWAY
        return "Y" if self._rng.random() < tested else "N"


def main_drugs(calibration: Calibration, region_code: str) -> dict[str, float]:
    """Main drugs of a region: crack and cocaine differ, the rest keep England's proportions."""
    truth = calibration
    cocaine = truth.cocaine_by_region[region_code]
    national = sum(one.share * truth.cocaine_by_region[one.region_code] for one in partnerships())
    left = 1 - truth.heroin - truth.cannabis - national
    others = sum(truth.other_main_drugs.values())
    rest = (1 - cocaine) / (1 - national)
    drugs = {
        HEROIN: truth.heroin * rest,
        CANNABIS: truth.cannabis * rest,
        CRACK: cocaine * truth.crack_of_cocaine,
        COCAINE: cocaine * (1 - truth.crack_of_cocaine),
    }
    drugs |= {code: left * part / others * rest for code, part in truth.other_main_drugs.items()}
    sober = 1 - truth.alcohol_main
    return {code: part * sober for code, part in drugs.items()} | {ALCOHOL: truth.alcohol_main}
