"""The providers and agencies of the synthetic England."""

import random
from collections import defaultdict

import pytest

from pathways.demonstration.calibration import Calibration
from pathways.demonstration.england import england
from pathways.demonstration.expectations import drop_out_level
from pathways.demonstration.geography import (
    UnknownPartnerships,
    chosen_partnerships,
    full_density,
    partnerships,
)
from pathways.demonstration.register import Kind, Line


def test_every_partnership_has_two_to_five_agencies_that_do_every_line_of_work():
    register = england()

    for partnership in partnerships():
        agencies = [
            one
            for one in register.agencies
            if one.partnership_code == partnership.code and one.lines
        ]
        assert 2 <= len(agencies) <= 5
        for line in Line:
            shares = [one.share for one in register.serving(partnership.code, line)]
            assert sum(shares) == pytest.approx(1)


def test_codes_are_unique_and_every_agency_has_its_provider():
    register = england()
    providers = {one.code for one in register.providers}

    assert len(register.agencies) == len({one.code for one in register.agencies})
    assert len(register.providers) == len(providers) == len({o.name for o in register.providers})
    assert {one.provider_code for one in register.agencies} <= providers


def test_the_register_is_the_same_for_a_few_partnerships_and_whatever_was_drawn_before():
    whole = {one.code: one for one in england().agencies}
    random.seed(1)

    few = england(chosen_partnerships(["00EH", "00BY"]))

    assert [one.code for one in few.partnerships] == ["00EH", "00BY"]
    assert all(whole[one.code] == one for one in few.agencies)
    assert {one.code for one in few.agencies if one.partnership_code == "00EH"} >= {"A00EH1"}
    assert not any(one.lines and one.partnership_code == "00DA" for one in few.agencies)


def test_some_providers_run_agencies_in_several_partnerships():
    areas = defaultdict(set)
    for agency in england().agencies:
        areas[agency.provider_code].add(agency.partnership_code)

    assert sum(len(one) > 1 for one in areas.values()) > 50


def test_services_of_a_region_differ_sevenfold_in_drop_out_and_average_one():
    factors = defaultdict(list)
    for agency in england().agencies:
        if agency.lines:
            factors[agency.region_code].append(agency.drop_out_factor)

    assert len(factors) == 9
    for members in factors.values():
        assert max(members) / min(members) == pytest.approx(7)
    assert drop_out_level(Calibration(), None) == pytest.approx(1)


def test_each_region_has_beds_and_a_prison_and_their_intervention_types():
    register = england()
    given = {
        Kind.INPATIENT: {("1",)},
        Kind.REHABILITATION: {("6",)},
        Kind.PRISON: {("2", "4", "12")},
    }

    for kind, modals in given.items():
        agencies = register.of_kind(kind)
        assert {one.region_code for one in agencies} == set("ABDEFGHJK")
        assert {one.modals for one in agencies} == modals


def test_shares_waits_and_planned_exits_average_one_over_england():
    everywhere = partnerships()

    assert len(everywhere) == 149
    assert sum(one.share for one in everywhere) == pytest.approx(1)
    assert sum(one.share * one.wait_factor for one in everywhere) == pytest.approx(1)
    assert sum(one.share * one.planned_factor for one in everywhere) == pytest.approx(1)
    assert full_density(everywhere) == 300_000
    cocaine = Calibration().cocaine_by_region
    national = sum(one.share * cocaine[one.region_code] for one in everywhere)
    assert national == pytest.approx(0.10, abs=0.002)
    white = Calibration().white_by_region
    assert sum(one.share * white[one.region_code] for one in everywhere) == pytest.approx(
        0.88, abs=0.002
    )


def test_a_code_that_is_no_partnerships_is_named():
    with pytest.raises(UnknownPartnerships, match="No partnership has the code 99ZZ"):
        chosen_partnerships(["00EH", "99ZZ"])
