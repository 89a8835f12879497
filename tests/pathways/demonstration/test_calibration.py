"""What a slow reading of the files finds is what was put in."""

from collections import Counter
from datetime import date
from math import sqrt
from random import Random
from statistics import mean, stdev

import pytest

from pathways.demonstration.calibration import BUSINESS_DAY, YEARS, Calibration
from pathways.demonstration.england import england as england_register
from pathways.demonstration.expectations import expected_shares, expected_wait_weeks
from pathways.demonstration.geography import partnerships
from pathways.demonstration.people import Population
from pathways.demonstration.returns import WHOLE_SYSTEM, write_whole_system
from tests.pathways.demonstration.reading import journeys_of, read_episodes

Z = 3.2905  # 99.9 % on both sides
PLANNED = {"1", "2", "5"}


def wilson(numerator, denominator):
    share, n = numerator / denominator, denominator
    middle = share + Z * Z / (2 * n)
    half = Z * sqrt(share * (1 - share) / n + Z * Z / (4 * n * n))
    return (middle - half) / (1 + Z * Z / n), (middle + half) / (1 + Z * Z / n)


def financial_year(day):
    return day.year if day.month > 3 else day.year - 1


def reason_given(reason):
    return reason not in ("", "13")


class Reading:
    """One file read: everyone, and adults in drug treatment outside prison."""

    def __init__(self, path):
        accepted, self.refused, self.withdrawn = read_episodes(path, BUSINESS_DAY)
        self.everyone = list(accepted.values())
        self.episodes = [one for one in self.everyone if one.is_adult_drug and not one.in_prison]
        self.journeys = list(journeys_of(self.episodes))
        self.people = {}
        for one in self.episodes:
            self.people.setdefault(one.person, one)

    def modalities(self):
        return [m for one in self.episodes for m in one.started]

    def waits(self, year):
        """Weeks waited of modalities that start in the year, negative ones left out."""
        days = [
            (m["FAOMODDT"] - m["REFMODDT"]).days
            for m in self.modalities()
            if financial_year(m["MODST"]) == year and m["FAOMODDT"]
        ]
        return [one / 7 for one in days if one >= 0]

    def ended(self, year):
        return [
            one
            for one in self.journeys
            if one.ends <= BUSINESS_DAY and financial_year(one.ends) == year
        ]

    def shares(self, year):
        """Numerator and denominator by the names of `expected_shares`."""
        return self._of_people(year) | self._of_care(year) | self._of_journeys(year)

    def _of_people(self, year):
        people = list(self.people.values())
        heroin = [one for one in people if one.values["DRUG1"] == "1011"]

        def count(field, codes, among=people):
            return sum(one.values[field] in codes for one in among), len(among)

        first, last = date(year, 4, 1), min(date(year + 1, 3, 31), BUSINESS_DAY)
        treated = {
            one.episodes[0].person
            for one in self.journeys
            if one.first_start <= last and one.ends >= first
        }
        return {
            "in_treatment": (len(treated), len({one.person for one in self.everyone})),
            "male": count("SEX", {"1"}),
            "white": count("ETHNIC", set("ABC")),
            "heroin": count("DRUG1", {"1011"}),
            "cocaine": count("DRUG1", {"3200", "3201"}),
            "cannabis": count("DRUG1", {"5000"}),
            "heroin_with_cocaine": count("DRUG2", {"3200", "3201"}, heroin),
        }

    def _of_care(self, year):
        referred = Counter(one.values["RFLS"] for one in self.episodes)
        given = Counter(m["MODAL"] for m in self.modalities())
        begun = []
        for one in self.episodes:
            if one.started:
                start = min(m["MODST"] for m in one.started)
                if financial_year(start) == year:
                    plan = one.values["CPLANDT"]
                    begun.append(plan is not None and (plan - start).days <= 14)
        beds = [
            one.values["DISRSN"] in PLANNED
            for one in self.episodes
            if one.values["DISD"]
            and financial_year(one.values["DISD"]) == year
            and reason_given(one.values["DISRSN"])
            and any(m["MODAL"] in {"1", "6"} for m in one.started)
        ]

        def count(counter, codes):
            return sum(counter[code] for code in codes), counter.total()

        return {
            "referred_by_self": count(referred, {"4"}),
            "referred_by_criminal_justice": count(referred, {"5", "6", "8", "13"}),
            "referred_by_gp": count(referred, {"3"}),
            "referred_by_drug_service": count(referred, {"1", "2"}),
            "specialist_prescribing": count(given, {"2"}),
            "tier_4": count(given, {"1", "6"}),
            "care_plan": (sum(begun), len(begun)),
            "tier_4_completed": (sum(beds), len(beds)),
        }

    def _of_journeys(self, year):
        stayed = [
            (min(one.ends, BUSINESS_DAY) - one.starts).days >= 84
            for one in self.journeys
            if financial_year(one.starts) == year and (BUSINESS_DAY - one.starts).days >= 84
        ]
        ended = self.ended(year)
        reasons = [one.reason for one in ended if reason_given(one.reason)]
        found = {
            "retained": (sum(stayed), len(stayed)),
            "planned": (sum(one in PLANNED for one in reasons), len(reasons)),
        }
        if year == 2004:
            long = sum((one.ends - one.starts).days >= 84 for one in ended)
            found["retained_of_discharged"] = (long, len(ended))
        return found


@pytest.fixture(scope="module")
def england(tmp_path_factory):
    """6,000 clients of all England."""
    folder = tmp_path_factory.mktemp("england") / "files"
    manifest = write_whole_system(clients=6000, seed=2006, folder=folder)
    return manifest, Reading(folder / WHOLE_SYSTEM)


@pytest.mark.parametrize("year", YEARS)
def test_each_share_lies_at_its_parameter(england, year):
    _, reading = england

    found = reading.shares(year)

    expected = expected_shares(Calibration(), year)
    assert found.keys() == expected.keys()
    away = {
        name: (share, found[name])
        for name, share in expected.items()
        if not wilson(*found[name])[0] <= share <= wilson(*found[name])[1]
    }
    assert away == {}


@pytest.mark.parametrize("year", YEARS)
def test_the_mean_wait_of_a_year_lies_at_its_parameter(england, year):
    _, reading = england

    weeks = reading.waits(year)

    expected = expected_wait_weeks(Calibration(), year)
    assert abs(mean(weeks) - expected) <= Z * stdev(weeks) / sqrt(len(weeks))


def test_the_median_age_at_the_first_triage_is_thirty(england):
    _, reading = england
    ages = [one.age for one in reading.people.values()]

    below = wilson(sum(age < 30 for age in ages), len(ages))
    upto = wilson(sum(age <= 30 for age in ages), len(ages))

    assert below[0] <= 0.5 <= upto[1]


def test_a_client_has_about_one_and_a_half_episodes_and_an_episode_one_and_a_quarter_rows(england):
    manifest, _ = england

    assert manifest.episodes / manifest.clients == pytest.approx(1.48, abs=0.03)
    assert manifest.files[0].rows / manifest.episodes == pytest.approx(1.25, abs=0.02)


def test_some_are_young_some_drink_some_refuse_and_some_wait(england):
    _, reading = england
    everyone = reading.everyone
    rows = [m for one in everyone for m in one.modalities if not one.values["DISD"]]

    assert 0.01 < mean(one.age < 18 for one in everyone) < 0.04
    assert 0.02 < mean(one.values["DRUG1"] == "7000" for one in everyone) < 0.045
    assert 0.005 < len(reading.withdrawn) / 6000 < 0.02
    assert 0.01 < len(reading.refused) / len(everyone) < 0.03
    assert any(not m["MODST"] and not m["FAOMODDT"] for m in rows)
    assert any(not m["MODST"] and m["FAOMODDT"] for m in rows)
    assert any(m["FAOMODDT"] and m["FAOMODDT"] > BUSINESS_DAY for m in rows)
    assert any(one.values["PREGNANT"] == "Y" for one in everyone)


def test_journeys_go_over_agencies_and_people_return(england):
    _, reading = england
    agencies = [len({one.agency for one in journey.episodes}) for journey in reading.journeys]
    journeys = Counter(one.episodes[0].person for one in reading.journeys)

    assert 0.1 < mean(one > 1 for one in agencies) < 0.3
    assert sum(one > 1 for one in journeys.values()) > 100


@pytest.mark.parametrize("region", ["D", "H"])
def test_crack_and_cocaine_are_the_regions_own(tmp_path, region):
    chosen = [one for one in partnerships() if one.region_code == region]
    write_whole_system(clients=1500, seed=7, folder=tmp_path / "files", chosen=chosen)

    found = Reading(tmp_path / "files" / WHOLE_SYSTEM).shares(2005)

    expected = expected_shares(Calibration(), 2005, chosen=chosen)
    for name in ("cocaine", "heroin", "white", "retained", "planned"):
        low, high = wilson(*found[name])
        assert low <= expected[name] <= high, name
    assert expected["cocaine"] == pytest.approx(Calibration().cocaine_by_region[region])


def test_attributors_are_shared_so_that_of_300_000_people_about_one_in_ten_shares_one():
    register = england_register()
    rng = Random(1)
    population = Population(calibration=Calibration(), chosen=register.partnerships, rng=rng)
    first = BUSINESS_DAY.toordinal() - 1000
    drawn = (population.person(number=n, seen=first + n % 1000) for n in range(30_000))

    shared = Counter((one.initials, one.born, one.sex) for one in drawn)

    sharing = sum(count for count in shared.values() if count > 1)
    assert 0.007 < sharing / 30_000 < 0.013  # a tenth of the people, a tenth of the share
