"""The tier rules of Models of Care 2006, 3.2.2, and the hours services keep."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commissioning.kernel.errors import DomainError
from commissioning.reference import framework
from commissioning.rules.tiers import (
    InterventionAsDelivered,
    OpeningHours,
    OverrideNeedsReason,
    Structure,
    TierIsFixed,
    TierProposal,
    UnknownTier,
    hours_cover,
    proposed_tier,
    settled_tier,
)

FRAMEWORK = framework()


def delivered(
    kind="structured-psychosocial",
    setting="community-clinic",
    *,
    planned=True,
    assessed=True,
    consented=True,
    structure=Structure.UNKNOWN,
):
    return InterventionAsDelivered(
        kind=FRAMEWORK.intervention_type(kind),
        setting=FRAMEWORK.setting(setting),
        care_planned=planned,
        after_comprehensive_assessment=assessed,
        consented=consented,
        structure=structure,
    )


anything_delivered = st.builds(
    InterventionAsDelivered,
    kind=st.sampled_from(FRAMEWORK.intervention_types),
    setting=st.sampled_from(FRAMEWORK.settings),
    care_planned=st.booleans(),
    after_comprehensive_assessment=st.booleans(),
    consented=st.booleans(),
    structure=st.sampled_from(Structure),
)


class TestProposedTier:
    def test_care_planned_after_comprehensive_assessment_with_consent_is_tier_3(self):
        proposal = proposed_tier(delivered())

        assert (proposal.tier, proposal.equivocal) == (3, False)

    @pytest.mark.parametrize(
        ("kind", "setting"),
        [
            ("inpatient", "specialist-inpatient"),
            ("residential-rehabilitation", "residential-unit"),
            ("structured-psychosocial", "residential-unit"),
            ("therapeutic-community", "prison"),
        ],
    )
    def test_it_is_tier_4_where_the_client_moves_in(self, kind, setting):
        assert proposed_tier(delivered(kind, setting)).tier == 4

    @pytest.mark.parametrize(
        ("kind", "setting", "tier"),
        [
            ("screening", "general-health", 1),
            ("generic-advice", "social-care", 1),
            ("triage", "open-access", 2),
            ("triage", "primary-care", 2),
            ("advice", "open-access", 2),
            ("screening", "open-access", 2),
        ],
    )
    def test_without_a_care_plan_it_is_tier_1_by_a_generic_service_and_else_tier_2(
        self, kind, setting, tier
    ):
        proposal = proposed_tier(delivered(kind, setting, planned=False, assessed=False))

        assert (proposal.tier, proposal.equivocal) == (tier, False)

    @pytest.mark.parametrize("lacks", ["planned", "assessed", "consented"])
    def test_lacking_any_of_the_three_it_is_tier_2_and_equivocal(self, lacks):
        proposal = proposed_tier(delivered(**{lacks: False}))

        assert (proposal.tier, proposal.equivocal) == (2, True)

    def test_a_planned_brief_intervention_may_be_tier_2(self):
        brief = delivered("brief-psychosocial", "open-access", assessed=False)

        assert proposed_tier(brief).tier == 2

    @pytest.mark.parametrize(("structure", "tier"), [(Structure.HIGH, 3), (Structure.LOW, 2)])
    def test_in_equivocal_cases_the_degree_of_structure_decides(self, structure, tier):
        brief = delivered("brief-psychosocial", "open-access", assessed=False, structure=structure)

        assert proposed_tier(brief).tier == tier
        assert proposed_tier(brief).equivocal

    def test_little_structure_makes_a_full_care_plan_equivocal(self):
        assert proposed_tier(delivered(structure=Structure.LOW)).equivocal

    @pytest.mark.parametrize(
        ("kind", "setting"),
        [
            ("specialist-prescribing", "community-clinic"),
            ("low-threshold-prescribing", "open-access"),
            ("prison-prescribing", "prison"),
            ("gp-prescribing", "primary-care"),
        ],
    )
    @pytest.mark.parametrize("planned", [True, False])
    def test_every_substitute_prescribing_intervention_is_tier_3(self, kind, setting, planned):
        assert proposed_tier(delivered(kind, setting, planned=planned)).tier == 3

    @pytest.mark.parametrize("planned", [True, False])
    def test_drug_related_aftercare_is_tier_2(self, planned):
        assert proposed_tier(delivered("aftercare", "open-access", planned=planned)).tier == 2

    @pytest.mark.parametrize(
        ("setting", "planned", "tier"),
        [
            ("open-access", False, 2),
            ("community-clinic", True, 3),
            ("residential-unit", True, 4),
        ],
    )
    def test_harm_reduction_takes_the_tier_of_the_work_it_is_part_of(self, setting, planned, tier):
        work = delivered("bbv-prevention", setting, planned=planned, assessed=planned)

        assert proposed_tier(work).tier == tier

    def test_harm_reduction_by_a_generic_service_is_tier_1(self):
        work = delivered("generic-advice", "pharmacy", planned=False, assessed=False)

        assert proposed_tier(work).tier == 1

    def test_comprehensive_assessment_is_tier_3_before_there_is_a_care_plan(self):
        work = delivered("comprehensive-assessment", planned=False, assessed=False)

        assert proposed_tier(work).tier == 3

    @given(anything_delivered)
    def test_is_one_of_four_with_a_reason(self, work):
        proposal = proposed_tier(work)

        assert proposal.tier in {1, 2, 3, 4}
        assert proposal.reason.endswith((".", "Tier 2."))

    @given(anything_delivered)
    def test_without_consent_nothing_but_prescribing_and_assessment_is_structured(self, work):
        exempt = work.kind.substitute_prescribing or not work.kind.needs_care_plan
        if not work.consented and not exempt:
            assert proposed_tier(work).tier in {1, 2}


class TestSettledTier:
    EQUIVOCAL = TierProposal(2, "It is given with open access.", equivocal=True)

    def test_is_the_proposal_when_nobody_overrules_it(self):
        settled = settled_tier(self.EQUIVOCAL)

        assert (settled.tier, settled.overruled) == (2, False)
        assert settled.reason == self.EQUIVOCAL.reason

    def test_keeps_the_reason_of_whoever_overrules(self):
        settled = settled_tier(self.EQUIVOCAL, override=3, reason=" Twelve planned sessions. ")

        assert (settled.tier, settled.proposed, settled.overruled) == (3, 2, True)
        assert settled.reason == "Twelve planned sessions."

    @pytest.mark.parametrize("reason", ["", "   ", "\n"])
    def test_refuses_to_overrule_without_a_reason(self, reason):
        with pytest.raises(OverrideNeedsReason, match="Say why this is Tier 3 and not Tier 2"):
            settled_tier(self.EQUIVOCAL, override=3, reason=reason)

    def test_agreeing_by_hand_needs_no_reason(self):
        assert not settled_tier(self.EQUIVOCAL, override=2).overruled

    def test_substitute_prescribing_stays_tier_3(self):
        proposal = proposed_tier(delivered("low-threshold-prescribing", "open-access"))

        with pytest.raises(TierIsFixed, match="stays Tier 3"):
            settled_tier(proposal, override=2, reason="It has always been Tier 2 here.")

    @pytest.mark.parametrize("override", [0, 5, -1])
    def test_there_is_no_other_tier(self, override):
        with pytest.raises(UnknownTier):
            settled_tier(self.EQUIVOCAL, override=override, reason="Because.")

    def test_refusals_are_for_people(self):
        assert all(issubclass(e, DomainError) for e in (OverrideNeedsReason, TierIsFixed))


class TestHoursCover:
    OFFICE = [OpeningHours(day, dt.time(9), dt.time(17)) for day in range(5)]

    def cover(self, *more):
        return hours_cover([*self.OFFICE, *more], evening_from=dt.time(18))

    def test_nine_to_five_is_office_hours_only(self):
        assert self.cover().office_hours_only
        assert self.cover().sentence == "Office hours only"

    def test_closing_as_the_evening_begins_is_not_an_evening(self):
        assert self.cover(OpeningHours(1, dt.time(9), dt.time(18))).office_hours_only

    def test_an_evening_closes_part_of_the_gap(self):
        cover = self.cover(OpeningHours(1, dt.time(17), dt.time(20)))

        assert (cover.evenings, cover.weekends) == (True, False)
        assert not cover.office_hours_only

    def test_a_saturday_closes_part_of_the_gap(self):
        cover = self.cover(OpeningHours(5, dt.time(10), dt.time(12)))

        assert (cover.evenings, cover.weekends) == (False, True)

    def test_a_saturday_evening_is_a_weekend_only(self):
        assert not self.cover(OpeningHours(5, dt.time(18), dt.time(22))).evenings
