"""A needs assessment: who may write it, what it keeps, and what each reader is shown of it."""

import datetime as dt
from decimal import Decimal

import pytest

from commissioning.choices import BullseyeRing
from commissioning.kernel.errors import NotPermitted, TransitionRefused
from commissioning.models import AuditEvent, BullseyeFigure, NeedsAssessment, PlanMember
from commissioning.rules.needs import CapacityInput, FoundGap, GroupFigure, RingFigure
from commissioning.selectors.evidence import known_facts
from commissioning.selectors.organisations import region_of
from commissioning.selectors.plans.needs import shown_needs
from commissioning.selectors.plans.needs_capacity import held_by_lines
from commissioning.selectors.plans.needs_parts import assessment_of as parts_of
from commissioning.selectors.plans.needs_parts import could_join
from commissioning.services.plans.editing import ChangedMeanwhile
from commissioning.services.plans.needs import (
    NeedsNotFinished,
    NeedsNotStarted,
    finish_assessment,
    reopen_assessment,
    start_assessment,
)
from commissioning.services.plans.needs_parts import (
    NeedsNotSaved,
    save_capacity,
    save_gaps,
    save_groups,
    save_rings,
    save_summary,
)
from tests.factories.commissioning import PartnershipFactory, RegionFactory, UserFactory
from tests.factories.needs import DAY, YEAR, assessment_of, england, fact, intervention, plan_of

pytestmark = pytest.mark.django_db

LATER = DAY + dt.timedelta(days=40)
RINGS = BullseyeRing


def ring(area, value, ring="ESTIMATE", **words):
    given = {"partnership": area.pk, "ring": ring, "value": value, "source": "A study, 2004"}
    return RingFigure(**given | words)


@pytest.fixture
def region():
    return RegionFactory()


@pytest.fixture
def home(region):
    return PartnershipFactory(region=region)


@pytest.fixture
def neighbour(region):
    return PartnershipFactory(region=region)


@pytest.fixture
def commissioner(home):
    return UserFactory(commissioner_of=home)


class TestStarting:
    def test_a_partnership_starts_its_own(self, home, commissioner):
        made = start_assessment(partnership=home, year=YEAR, on=DAY, by=commissioner)

        assert [one.partnership for one in made.covered.all()] == [home]
        assert AuditEvent.objects.get(action="needs.started").person == commissioner

    def test_several_of_a_region_assess_together_under_a_name(self, home, neighbour, commissioner):
        made = start_assessment(
            partnership=home,
            year=YEAR,
            on=DAY,
            by=commissioner,
            others=[neighbour],
            name="Tees Valley",
        )

        assert str(made) == "Needs of Tees Valley, 2006/07"
        assert {one.partnership for one in made.covered.all()} == {home, neighbour}

    def test_a_joint_one_without_a_name_is_refused(self, home, neighbour, commissioner):
        with pytest.raises(NeedsNotStarted, match="Enter a name"):
            start_assessment(
                partnership=home, year=YEAR, on=DAY, by=commissioner, others=[neighbour]
            )

    def test_a_partnership_of_another_region_is_refused(self, home, commissioner):
        stranger = PartnershipFactory()

        with pytest.raises(NeedsNotStarted, match="same region"):
            start_assessment(
                partnership=home, year=YEAR, on=DAY, by=commissioner, others=[stranger], name="X"
            )
        assert not NeedsAssessment.objects.exists()

    def test_an_area_that_is_covered_already_is_refused_and_not_offered(
        self, home, neighbour, commissioner
    ):
        assessment_of(neighbour)

        with pytest.raises(NeedsNotStarted, match=f"{neighbour}: there is an assessment"):
            start_assessment(
                partnership=home, year=YEAR, on=DAY, by=commissioner, others=[neighbour], name="X"
            )
        assert list(could_join(home, YEAR, on=DAY)) == []

    def test_somebody_of_elsewhere_may_not(self, home, neighbour):
        stranger = UserFactory(commissioner_of=neighbour)

        with pytest.raises(NotPermitted):
            start_assessment(partnership=home, year=YEAR, on=DAY, by=stranger)


class TestWriting:
    def test_a_part_replaces_what_it_held_and_raises_the_revision(self, home, commissioner):
        made = assessment_of(home)
        save_rings(assessment=made, rings=[ring(home, 1943)], by=commissioner, revision=1)

        save_rings(assessment=made, rings=[ring(home, 2000, lower=1500)], by=commissioner)

        made.refresh_from_db()
        assert [(one.value, one.lower) for one in made.rings.all()] == [(2000, 1500)]
        assert made.revision == 3

    def test_whoever_opened_an_older_state_is_told_and_nothing_is_written(
        self, home, commissioner
    ):
        made = assessment_of(home)
        save_rings(assessment=made, rings=[ring(home, 1943)], by=commissioner, revision=1)

        with pytest.raises(ChangedMeanwhile):
            save_rings(assessment=made, rings=[], by=commissioner, revision=1)

        assert made.rings.get().value == 1943

    @pytest.mark.parametrize(
        ("words", "sentence"),
        [
            ({"lower": 11}, "outside its interval"),
            ({"upper": 9}, "outside its interval"),
            ({"source": ""}, "where the number comes from"),
        ],
    )
    def test_a_ring_that_does_not_hold_together_is_refused(
        self, home, commissioner, words, sentence
    ):
        made = assessment_of(home)

        with pytest.raises(NeedsNotSaved, match=sentence):
            save_rings(assessment=made, rings=[ring(home, 10, **words)], by=commissioner)

        made.refresh_from_db()
        assert made.revision == 1

    def test_a_ring_of_an_area_that_is_not_covered_is_refused(self, home, neighbour, commissioner):
        made = assessment_of(home)

        with pytest.raises(NeedsNotSaved, match="does not cover"):
            save_rings(assessment=made, rings=[ring(neighbour, 10)], by=commissioner)

    def test_only_the_lead_writes_a_joint_one(self, home, neighbour):
        made = assessment_of(home, neighbour, name="Both")

        with pytest.raises(NotPermitted):
            save_gaps(
                assessment=made,
                gaps=[FoundGap(text="Evenings")],
                by=UserFactory(commissioner_of=neighbour),
            )

    def test_decimals_are_kept_as_typed(self, home, commissioner):
        intervention()
        made = assessment_of(home)
        inputs = CapacityInput(
            intervention="specialist-prescribing",
            need=420,
            penetration=Decimal("60.25"),
            weeks=Decimal("12.1"),
            occupancy=Decimal(85),
        )

        save_capacity(assessment=made, capacity=[inputs], by=commissioner)

        held = parts_of(plan_of(home), seen_by=commissioner).capacity
        assert [(one.penetration, one.weeks) for one in held] == [
            (Decimal("60.25"), Decimal("12.1"))
        ]


class TestFinishing:
    @pytest.fixture
    def complete(self, home, commissioner):
        made = assessment_of(home, summary="Much is needed.")
        save_rings(assessment=made, rings=[ring(home, 1943)], by=commissioner)
        return made

    def test_it_needs_an_estimate_for_every_area_and_a_summary(self, home, commissioner):
        with pytest.raises(NeedsNotFinished, match=f"an estimate for {home} and a summary"):
            finish_assessment(assessment=assessment_of(home), on=DAY, by=commissioner)

    def test_finished_it_is_not_written_until_it_is_opened_again(self, complete, commissioner):
        finish_assessment(assessment=complete, on=DAY, by=commissioner)

        with pytest.raises(TransitionRefused, match="finished"):
            save_summary(assessment=complete, summary="More.", by=commissioner)
        with pytest.raises(TransitionRefused):
            finish_assessment(assessment=complete, on=DAY, by=commissioner)
        reopen_assessment(assessment=complete, by=commissioner)
        save_summary(assessment=complete, summary="More.", by=commissioner)

        complete.refresh_from_db()
        assert (complete.state, complete.summary, complete.finished_on) == ("DRAFT", "More.", None)

    def test_finished_it_keeps_the_figures_of_its_day(self, complete, home, commissioner):
        fact(home, "in-treatment", "2006-03", 890)
        finish_assessment(assessment=complete, on=DAY, by=commissioner)
        fact(home, "in-treatment", "2006-03", 905, as_at=LATER)

        assert shown_to(commissioner, home, on=LATER).areas[0].bullseye.in_treatment == 890
        reopen_assessment(assessment=complete, by=commissioner)
        assert shown_to(commissioner, home, on=LATER).areas[0].bullseye.in_treatment == 905


def shown_to(person, home, *, on=DAY, nation=None):
    parts = parts_of(plan_at(home), seen_by=person)
    region = region_of(home.pk, on=on)
    return shown_needs(parts, seen_by=person, region=region, nation=nation, on=on)


def plan_at(home):
    return home.plans.first() or plan_of(home)


class TestShowing:
    def test_rings_that_the_system_knows_are_taken_from_the_latest_month_and_its_year(
        self, home, commissioner
    ):
        assessment_of(home)
        fact(home, "in-treatment", "2005-03", 700)
        fact(home, "in-treatment", "2006-03", 890)
        fact(home, "left-treatment", "FY2005", 240)
        fact(home, "in-treatment", "2007-05", 999)  # after the year of the assessment

        area = shown_to(commissioner, home).areas[0]

        assert (area.bullseye.in_treatment, area.bullseye.left) == (890, 240)
        assert area.rings[RINGS.LEFT].is_from_system
        assert area.rings[RINGS.LEFT].known.as_at == DAY

    def test_a_neighbour_is_shown_as_released_and_one_s_own_exactly(
        self, home, neighbour, commissioner
    ):
        assessment_of(home, neighbour, name="Both")
        fact(home, "in-treatment", "2006-03", 893, shown=895)
        fact(neighbour, "in-treatment", "2006-03", 411, shown=410)
        fact(neighbour, "left-treatment", "FY2005", 3)

        shown = shown_to(commissioner, home)

        own, other = (shown.area(one.pk) for one in (home, neighbour))
        assert own.rings[RINGS.IN_TREATMENT].value == 893
        assert other.rings[RINGS.IN_TREATMENT].value == 410
        assert (other.rings[RINGS.LEFT].value, other.rings[RINGS.LEFT].sign) == (None, "*")

    def test_the_sum_is_of_what_is_shown_and_there_is_none_where_one_is_held_back(
        self, home, neighbour, commissioner
    ):
        assessment_of(home, neighbour, name="Both")
        for place, exact, shown in ((home, 893, 895), (neighbour, 411, 410)):
            fact(place, "in-treatment", "2006-03", exact, shown=shown)
        fact(home, "left-treatment", "FY2005", 20, shown=20)
        fact(neighbour, "left-treatment", "FY2005", 3)

        together = shown_to(commissioner, home).together

        assert together.rings[RINGS.IN_TREATMENT].value == 893 + 410
        assert together.rings[RINGS.LEFT].value is None

    def test_a_reviewer_of_the_region_sees_every_area_exactly(self, home, neighbour, region):
        assessment_of(home, neighbour, name="Both")
        fact(neighbour, "in-treatment", "2006-03", 411, shown=410)

        shown = shown_to(UserFactory(reviewer_of=region), home)

        assert shown.area(neighbour.pk).bullseye.in_treatment == 411

    def test_who_is_covered_reads_it_through_their_own_plan_and_a_stranger_does_not(
        self, home, neighbour, commissioner
    ):
        made = assessment_of(home, neighbour, name="Both")
        other = UserFactory(commissioner_of=neighbour)
        stranger = UserFactory(commissioner_of=PartnershipFactory())

        assert parts_of(plan_of(neighbour), seen_by=other).assessment == made
        assert parts_of(plan_of(home), seen_by=stranger) is None

    def test_penetration_stands_beside_the_region_s_and_england_s(
        self, home, commissioner, region
    ):
        nation = england()
        assessment_of(home, region_estimate=20_000, region_estimate_source="A study")
        fact(home, "in-treatment", "2006-03", 890)
        fact(home, "in-treatment", "FY2005", 1100)
        fact(region, "in-treatment", "2006-03", 10_003, shown=10_005)
        home_assessment = NeedsAssessment.objects.get()
        save_rings(
            assessment=home_assessment,
            rings=[ring(home, 2000, lower=1600, upper=2500)],
            by=commissioner,
        )

        here, regional, national = shown_to(commissioner, home, nation=nation).reached

        assert here.of_now.share == 0.445
        assert here.of_now.limits == (890 / 2500, 890 / 1600)
        assert (here.in_year.value, here.of_year.share) == (1100, 0.55)
        assert regional.of_now.share == 10_005 / 20_000
        assert not regional.of_now.of_estimate
        assert national.estimate.value == 287_670
        assert national.of_now.share == pytest.approx(0.504, abs=0.001)

    def test_wider_places_are_compared_over_partnerships_that_have_both(
        self, home, region, commissioner
    ):
        nation = england()
        made = assessment_of(home)
        save_rings(assessment=made, rings=[ring(home, 2000)], by=commissioner)
        fact(home, "in-treatment", "2006-03", 900)
        for people in (300, 500):
            near = PartnershipFactory(region=region)
            fact(near, "in-treatment", "2006-03", people, shown=people)
            there = assessment_of(near, state="FINISHED", finished_on=DAY)
            BullseyeFigure.objects.create(
                assessment=there, partnership=near, ring="ESTIMATE", value=1000, source="A study"
            )
        PartnershipFactory(region=region)  # nothing is known of it

        regional, national = shown_to(commissioner, home, nation=nation).reached[1:]

        assert regional.name == f"{region.name}, 3 of 4 partnerships"
        assert (regional.estimate.value, regional.now.value) == (4000, 1700)
        assert regional.of_now.share == national.of_now.share == 1700 / 4000

    def test_two_partnerships_are_too_few_to_compare(self, home, region, commissioner):
        nation = england()
        assessment_of(home)
        fact(home, "in-treatment", "2006-03", 900)
        PartnershipFactory(region=region)

        national = shown_to(commissioner, home, nation=nation).reached[-1]

        assert (national.now.value, national.of_now) == (145_000, None)
        assert "0 of 2 partnerships have both" in national.why

    def test_groups_in_treatment_are_those_that_the_system_knows_and_else_what_was_typed(
        self, home, neighbour, commissioner
    ):
        made = assessment_of(home, neighbour, name="Both")
        typed = {"WOMEN": 7, "HOMELESS": 30}
        save_groups(
            assessment=made,
            groups=[
                GroupFigure(group=group, in_treatment=people, source="A study")
                for group, people in typed.items()
            ],
            by=commissioner,
        )
        for place, women in ((home, 203), (neighbour, 104)):
            fact(place, "in-treatment", "2006-03", 900, shown=900)
            fact(place, "treated-women", "FY2005", women, shown=women // 5 * 5)
            fact(place, "treated-men", "FY2005", women, shown=None)
        fact(home, "treated-older", "FY2005", 40, shown=40)

        shown = {one.group.value: one for one in shown_to(commissioner, home).groups}

        assert (shown["WOMEN"].in_treatment, shown["MEN"].in_treatment) == ("303", "*")
        assert "treated-women, FY2005" in shown["WOMEN"].source
        assert (shown["HOMELESS"].in_treatment, shown["HOMELESS"].why_not) == ("30", "")
        assert (shown["OLDER"].in_treatment, shown["OLDER"].why_not) == ("–", "not measured")
        assert shown["REFUGEES"].why_not == "figures are not split so"

    def test_facts_are_those_of_the_latest_day_up_to_the_one_asked(self, home, commissioner):
        fact(home, "in-treatment", "FY2005", 10)
        fact(home, "in-treatment", "FY2005", 12, as_at=LATER)

        def value(on):
            facts = known_facts(commissioner, subjects=[home.pk], names=["in-treatment"], on=on)
            found = facts.latest(home.pk, "in-treatment", "year", before=LATER)
            return found and found.value

        assert [value(DAY - dt.timedelta(days=1)), value(DAY), value(LATER)] == [None, 10, 12]


class TestCapacityBesideLines:
    def test_a_plan_s_own_lines_and_its_share_of_joint_ones_are_added_up(self, home, neighbour):
        kind = intervention()
        own = plan_of(home)
        joint = plan_of(neighbour, kind="JOINT", slug="joint", name="Joint")
        PlanMember.objects.create(plan=joint, partnership=home, share=25)
        PlanMember.objects.create(plan=joint, partnership=neighbour, share=75)
        own.lines.create(
            number=1, position=1, name="A", intervention=kind, planned_starts=100, places=20
        )
        joint.lines.create(number=1, position=1, name="B", intervention=kind, planned_starts=50)

        held = held_by_lines(own)[kind.code]
        of_joint = held_by_lines(joint)[kind.code]

        assert (held.starts, held.places) == (113, 20)  # 100 + a quarter of 50, rounded
        assert (of_joint.starts, of_joint.places) == (50, None)
