"""The streams the service starts from, and what each may pay for."""

import pytest

from commissioning.models import FundingStream
from commissioning.reference import framework, funding_streams
from commissioning.rules.line_tiers import settle_tier, suggested_tier, tier_wants_a_reason
from commissioning.scoping import System
from commissioning.services.reference import load_reference

KINDS = framework().intervention_types


def test_the_ten_streams_come_in_the_order_of_a_plan():
    assert [one.code for one in funding_streams()] == [
        "pooled-treatment",
        "pct-mainstream",
        "dip-main",
        "community-care",
        "supporting-people",
        "probation",
        "police",
        "young-people",
        "other",
        "carried-forward",
    ]


def test_each_says_where_it_was_read_and_fences_name_interventions_that_are():
    codes = {kind.code for kind in KINDS}

    for stream in funding_streams():
        assert stream.source
        assert stream.mark in {"R", "B"}
        assert set(stream.pays_only) <= codes
        assert not stream.pays_only or stream.rule


def test_community_care_pays_residential_care_only():
    fenced = {one.code: one.pays_only for one in funding_streams()}["community-care"]

    assert {framework().intervention_type(code).tier for code in fenced} == {4}


@pytest.mark.django_db
def test_they_are_loaded_once_and_kept_up_to_date():
    load_reference(by=System("a test"))
    FundingStream.objects.filter(pk="police").update(name="Constabulary")
    load_reference(by=System("a test"))

    held = FundingStream.objects.values_list("code", "name", "position")
    assert list(held) == [
        (one.code, one.name, place) for place, one in enumerate(funding_streams(), start=1)
    ]


@pytest.mark.parametrize("kind", [one for one in KINDS if one.tier], ids=lambda kind: kind.code)
def test_an_intervention_delivered_as_usual_has_its_normal_tier(kind):
    assert suggested_tier(kind.code) == kind.tier
    assert suggested_tier(kind.code, kind.settings[0]) == kind.tier
    assert settle_tier(kind.code, kind.tier).overruled is False


def test_what_lies_outside_the_tiers_has_none():
    assert suggested_tier("structured-alcohol") is None
    assert tier_wants_a_reason("structured-alcohol", 3, setting="", note="") == ""


def test_another_tier_asks_for_a_reason_and_substitute_prescribing_has_no_other():
    asked = tier_wants_a_reason("day-programme", 2, setting="", note="")
    fixed = tier_wants_a_reason("gp-prescribing", 2, setting="", note="Because.")

    assert asked.startswith("Say why this is Tier 2 and not Tier 3")
    assert fixed.startswith("This stays Tier 3.")
    assert tier_wants_a_reason("day-programme", 2, setting="", note="Drop-in days.") == ""
