"""The indicators give back what the synthetic England was drawn from.

A small England is written as one file, sent, loaded and measured. Each share that an indicator
gives has the generator's parameter within its 99.9 % Wilson interval; people are counted as the
service counts them, by the hash of their attributor.
"""

import datetime as dt
from math import sqrt

import pytest
from django.db import transaction

from commissioning.kernel.periods import Grain, Period
from commissioning.rules.proportions import normal_quantile, wilson
from commissioning.scoping import System
from commissioning.services.reference import load_reference
from pathways.demonstration.calibration import BUSINESS_DAY, YEARS, Calibration
from pathways.demonstration.england import england as england_register
from pathways.demonstration.expectations import expected_shares, expected_wait_weeks
from pathways.demonstration.geography import partnerships
from pathways.demonstration.returns import WHOLE_SYSTEM, write_whole_system
from pathways.models import Episode, Upload
from pathways.services.checking import check_file
from pathways.services.confirming import confirm_upload
from pathways.services.loading import load_file
from pathways.services.receiving import receive_upload
from reporting.demonstration.loading import found
from reporting.indicators.in_force import IN_FORCE
from reporting.indicators.within_target import MISSING, NEGATIVE
from reporting.selectors.areas import ENGLAND
from reporting.selectors.figures import Figures
from reporting.services.refresh import refresh_everything
from tests.reporting.measured import held_days

CONFIDENCE = 0.999
CLIENTS, SEED = 4000, 2006
SYSTEM = System("a test")
PLACES = 8  # one partnership in so many
# Second drugs are in no indicator. The share of Tier 4 is of all that was ever started, and what
# the people in treatment on 1 April 2004 had started before is measured in no year.
SEEN_BY_NO_INDICATOR = {"heroin_with_cocaine", "tier_4"}
WHITE, CRACK_OR_COCAINE = {"white"}, {"crack", "cocaine"}


@pytest.fixture(scope="module")
def england(django_db_setup, django_db_blocker, tmp_path_factory):
    """The figures of an England of some thousand people; gone at the end of the module."""
    folder = tmp_path_factory.mktemp("england") / "files"
    chosen = partnerships()[::PLACES]
    write_whole_system(clients=CLIENTS, seed=SEED, folder=folder, chosen=chosen)
    with django_db_blocker.unblock(), transaction.atomic():
        load_reference(by=SYSTEM)
        found(england_register(chosen))
        upload = _sent(folder / WHOLE_SYSTEM)
        assert upload.state == "LOADED", upload.refusal
        refresh_everything(cause="a test")
        yield Figures.exact(SYSTEM)
        transaction.set_rollback(True)


def _sent(path) -> Upload:
    with path.open("rb") as stream:
        upload = receive_upload(
            stream=stream,
            filename=path.name,
            month=BUSINESS_DAY.replace(day=1),
            cut_off=BUSINESS_DAY,
            provider=None,
            by=SYSTEM,
            today=BUSINESS_DAY,
        )
    check_file(number=upload.number, by=SYSTEM)
    upload.refresh_from_db()
    confirm_upload(upload=upload, reason="As drawn.", remove_vanished=False, by=SYSTEM)
    return load_file(number=upload.number, by=SYSTEM)


def year_of(first):
    return Period.containing(dt.date(first, 4, 1), Grain.YEAR)


class Told:
    """What the indicators say of England in a financial year, exactly."""

    def __init__(self, figures, year):
        self.figures, self.period = figures, year_of(year)

    def share(self, code):
        one = self.figures.figure(IN_FORCE[code], ENGLAND, self.period)
        return one.numerator.value, one.denominator.value

    def split(self, code, breakdown):
        """The figures of a breakdown by its values."""
        cells = self.figures.broken_down(IN_FORCE[code], ENGLAND, self.period, breakdown)
        return {figure.value_code: figure for _, figure in cells}

    def people(self, breakdown, values):
        counted = {
            value: figure.numerator.value or 0
            for value, figure in self.split("IN-TREATMENT", breakdown).items()
        }
        return sum(counted.get(value, 0) for value in values), sum(counted.values())

    def started(self, types):
        """Structured interventions that started, by type: waits whatever their dates say."""
        counted = {}
        for code in ("WAIT-FIRST-ALL", "WAIT-NEXT-ALL"):
            for value, figure in self.split(code, "type").items():
                many = [figure.denominator, *(figure.left_out[why] for why in (NEGATIVE, MISSING))]
                counted[value] = counted.get(value, 0) + sum(one.value or 0 for one in many)
        return sum(counted.get(one, 0) for one in types), sum(counted.values())

    def shares(self):
        """Numerator and denominator by the names of `expected_shares`."""
        everyone = Episode.objects.current().values("person").distinct().count()
        treated = self.figures.figure(IN_FORCE["IN-TREATMENT"], ENGLAND, self.period)
        return {
            "in_treatment": (treated.numerator.value, everyone),
            "male": self.people("sex", {"male"}),
            "white": self.people("ethnic", WHITE),
            "heroin": self.people("drug", {"heroin"}),
            "cocaine": self.people("drug", CRACK_OR_COCAINE),
            "cannabis": self.people("drug", {"cannabis"}),
            "referred_by_self": self.share("REFERRAL-SELF"),
            "referred_by_criminal_justice": self.share("REFERRAL-CJ"),
            "referred_by_gp": self.share("REFERRAL-GP"),
            "referred_by_drug_service": self.share("REFERRAL-DRUG-SERVICE"),
            "specialist_prescribing": self.started({"2"}),
            "care_plan": self.share("CARE-PLAN"),
            "retained": self.share("RET-NEW"),
            "planned": self.share("EXIT-PLANNED-2006"),
            "tier_4_completed": self.share("TIER4-COMPLETED"),
            "retained_of_discharged": self.share("RET-DISCHARGED"),
        }


@pytest.mark.parametrize("year", YEARS)
def test_each_share_has_its_parameter_within_its_interval(england, year):
    told = Told(england, year).shares()
    expected = expected_shares(Calibration(), year, chosen=partnerships()[::PLACES])

    away = {
        name: (share, told[name])
        for name, share in expected.items()
        if name in told and not _within(share, *told[name])
    }

    assert away == {}
    assert expected.keys() - told.keys() == SEEN_BY_NO_INDICATOR


def _within(share, numerator, denominator):
    limits = wilson(numerator, denominator, confidence=CONFIDENCE)
    return limits.lower <= share <= limits.upper


@pytest.mark.parametrize("year", YEARS)
def test_the_mean_wait_has_its_parameter_within_its_interval(england, year):
    cell = ("england", ENGLAND.code, "year", year_of(year).start, "", "")
    days = held_days()
    waits = {}
    for turn in ("first", "subsequent"):
        for day, many in days[*cell, turn, "everyone"].items():
            waits[day] = waits.get(day, 0) + many

    count = sum(waits.values())
    mean = sum(day * many for day, many in waits.items()) / count
    spread = sqrt(sum(many * (day - mean) ** 2 for day, many in waits.items()) / (count - 1))

    weeks = expected_wait_weeks(Calibration(), year, chosen=partnerships()[::PLACES])
    assert abs(mean - 7 * weeks) <= normal_quantile(CONFIDENCE) * spread / sqrt(count)
