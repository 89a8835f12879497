"""Journeys: which episodes are in one, how they join, what a journey says."""

import dataclasses
import datetime as dt
import itertools
import uuid

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from commissioning.rule_settings import DEFAULTS
from pathways.choices import ReturnState, UploadState
from pathways.models import Episode, Journey, Modality, Return, Upload
from pathways.services.journeys import rebuild_all_journeys, standing_rule_set
from tests.factories.commissioning import PartnershipFactory, RuleSetFactory
from tests.factories.providers import AgencyFactory

pytestmark = pytest.mark.django_db
FIRST = dt.date(2006, 1, 1)
ANN = uuid.UUID(int=1)


@pytest.fixture
def world():
    return World()


class World:
    """Two agencies in the community and one in prison, and episodes put straight into them."""

    def __init__(self):
        self.rule_set = RuleSetFactory()
        self.partnership = PartnershipFactory()
        upload = Upload.objects.create(
            month=FIRST,
            cut_off=FIRST,
            state=UploadState.LOADED,
            size=1,
            rule_set=self.rule_set,
            confirmed_at=dt.datetime(2006, 2, 1, tzinfo=dt.UTC),
        )
        agencies = [
            AgencyFactory(code="AG0001"),
            AgencyFactory(code="AG0002"),
            AgencyFactory(code="AG0003", is_prison=True),
        ]
        self.returns = [
            Return.objects.create(
                upload=upload,
                agency=agency,
                month=FIRST,
                cut_off=FIRST,
                state=ReturnState.LOADED,
                loaded_at=dt.datetime(2006, 2, 1, tzinfo=dt.UTC),
                sequence=1,
            )
            for agency in agencies
        ]
        self.numbers = itertools.count(1)

    def episode(
        self,
        triaged,
        discharged=None,
        *,
        started=0,
        kinds=(2,),
        person=ANN,
        agency=0,
        referred=None,
        **values,
    ):
        """An episode; days count from January, `started` from triage (None: never)."""
        ref = values.pop("ref", f"E{next(self.numbers):04}")
        triaged_on = FIRST + dt.timedelta(days=triaged)
        episode = Episode.objects.create(
            reported_in=self.returns[agency],
            agency=self.returns[agency].agency,
            client_ref="C1",
            episode_ref=ref,
            is_current=True,
            person=person,
            partnership=self.partnership,
            residence="KNOWN",
            referred_on=triaged_on,
            triaged_on=triaged_on,
            discharged_on=None if discharged is None else FIRST + dt.timedelta(days=discharged),
            **{"age_at_triage": 30, "main_drug": "1101", **values},
        )
        for number, kind in enumerate(kinds):
            started_on = None if started is None else triaged_on + dt.timedelta(days=started)
            referred_on = triaged_on if referred is None else FIRST + dt.timedelta(days=referred)
            Modality.objects.create(
                episode=episode,
                ref=f"M{number}",
                kind=kind,
                referred_on=referred_on,
                started_on=started_on,
            )
        return episode

    def journeys(self, *, days=20):
        """Everybody's journeys by rules that join episodes within so many days."""
        rules = dataclasses.replace(DEFAULTS, journey_join_days=days, exit_final_days=days)
        rebuild_all_journeys(rule_set=RuleSetFactory(rules=rules))
        return list(Journey.objects.order_by("person", "started_on", "first_episode__episode_ref"))


def day(number):
    return FIRST + dt.timedelta(days=number)


class TestJoining:
    def test_on_the_twenty_first_day_counting_both_ends_it_goes_on(self, world):
        world.episode(0, 120)
        world.episode(140)

        assert len(world.journeys()) == 1

    def test_on_the_twenty_second_day_another_begins(self, world):
        world.episode(0, 120)
        world.episode(141)

        assert [one.started_on for one in world.journeys()] == [day(0), day(141)]

    def test_the_days_are_the_rule_sets(self, world):
        world.episode(0, 120)
        world.episode(147)

        assert len(world.journeys(days=26)) == 2
        assert len(world.journeys(days=27)) == 1

    def test_a_late_start_counts_from_no_later_than_twenty_days_after_triage(self, world):
        world.episode(0, 120)
        world.episode(120, started=60)

        assert len(world.journeys()) == 1

    def test_a_short_episode_inside_a_long_one_does_not_end_it(self, world):
        world.episode(0, 200)
        world.episode(10, 20, agency=1)
        world.episode(150, 160, agency=1)

        (journey,) = world.journeys()
        assert journey.ended_on == day(200)

    def test_an_open_episode_goes_on_for_ever(self, world):
        world.episode(0)
        world.episode(400, 420, agency=1)

        (journey,) = world.journeys()
        assert (journey.ended_on, journey.discharge_reason) == (None, "")

    def test_other_people_have_their_own(self, world):
        world.episode(0, 10)
        world.episode(5, 15, person=uuid.UUID(int=2))

        assert len(world.journeys()) == 2


class TestWhatIsInOne:
    @pytest.mark.parametrize(
        "values",
        [
            {"age_at_triage": 17},
            {"main_drug": "7000"},
            {"agency": 2},
            {"started": None},
            {"kinds": (8,)},
        ],
        ids=["under 18", "alcohol", "prison", "never started", "not structured"],
    )
    def test_left_out(self, world, values):
        world.episode(0, 10, **values)

        assert world.journeys() == []

    def test_an_older_version_is_not_in_one(self, world):
        episode = world.episode(0, 10)
        Episode.objects.filter(pk=episode.pk).update(is_current=False)

        assert world.journeys() == []

    def test_begins_with_a_started_structured_modality(self, world):
        episode = world.episode(0, 10, kinds=(8, 2, 6, 2))
        episode.modalities.filter(ref="M1").update(started_on=None)

        (journey,) = world.journeys()

        assert journey.first_modality.kind == 6


class TestWhatItSays:
    def test_begins_with_the_earliest_triage_and_ends_as_the_last(self, world):
        late = world.episode(5, 50, started=0, discharge_reason="6", agency=1)
        early = world.episode(0, 30, started=10, discharge_reason="2")

        (journey,) = world.journeys()

        assert (journey.first_episode, journey.last_episode) == (early, late)
        assert (journey.started_on, journey.first_treated_on) == (day(0), day(5))
        assert (journey.ended_on, journey.discharge_reason) == (day(50), "6")
        assert journey.agency == early.agency
        assert journey.pk == early.pk

    def test_ties_at_the_end_go_by_agency_then_episode(self, world):
        world.episode(0, 30, agency=1, ref="E1", discharge_reason="1")
        world.episode(0, 30, agency=1, ref="E2", discharge_reason="2")
        world.episode(0, 30, agency=0, ref="E9", discharge_reason="3")

        (journey,) = world.journeys()

        assert journey.discharge_reason == "2"
        assert journey.first_episode.agency.code == "AG0001"

    def test_the_first_modality_is_the_first_referred_then_started(self, world):
        world.episode(0, 50, started=9, referred=0)
        first = world.episode(3, 50, started=2, referred=0, agency=1)
        world.episode(0, 50, started=1, referred=1)

        (journey,) = world.journeys()

        assert journey.first_modality.episode == first

    def test_a_modality_without_a_referral_is_not_the_first(self, world):
        world.episode(0, 50, started=0).modalities.update(referred_on=None)
        first = world.episode(3, 50, started=2, agency=1)

        (journey,) = world.journeys()

        assert journey.first_modality.episode == first

    def test_ties_of_the_first_modality_go_by_agency_episode_then_modality(self, world):
        world.episode(0, 50, agency=1, ref="E1")
        world.episode(0, 50, agency=0, ref="E3")
        world.episode(0, 50, agency=0, ref="E2", kinds=(4, 5))

        (journey,) = world.journeys()

        assert journey.first_modality.episode.episode_ref == "E2"
        assert journey.first_modality.kind == 4

    def test_each_stands_by_the_rule_set_it_was_derived_by(self, world):
        world.episode(0)
        assert standing_rule_set(otherwise=world.rule_set) == world.rule_set

        (journey,) = world.journeys(days=28)

        assert journey.rule_set != world.rule_set
        assert standing_rule_set(otherwise=world.rule_set) == journey.rule_set


spells = st.lists(
    st.tuples(
        st.integers(0, 2),  # person
        st.integers(0, 1),  # agency
        st.integers(0, 200),  # triage
        st.none() | st.integers(0, 60),  # stay
        st.integers(0, 40),  # start after triage
    ),
    min_size=1,
    max_size=12,
)


def slowly(episodes, days):
    """Sets of episodes joined through any chain of pairs that touch, by trying every pair."""
    groups = [{episode} for episode in range(len(episodes))]

    def span(number):
        _, _, triage, stay, start = episodes[number]
        until = float("inf") if stay is None else triage + stay + days
        return min(triage + start, triage + days), until

    for one, other in itertools.combinations(range(len(episodes)), 2):
        (begins, until), (its_begin, its_end) = span(one), span(other)
        same = episodes[one][0] == episodes[other][0]
        if same and begins <= its_end and its_begin <= until:
            joined = {number for group in groups for number in group if {one, other} & group}
            groups = [group for group in groups if not group & joined] + [joined]
    return {frozenset(group) for group in groups}


def told(episodes, group):
    """Which episode comes first in a journey, which was asked for first, which ends it, and when.

    Ties go by agency, then by episode; here an episode is asked for when it is triaged.
    """

    def begun(number):
        _, agency, triage, _, _ = episodes[number]
        return triage, agency, number

    def asked_for(number):
        _, agency, triage, _, start = episodes[number]
        return triage, triage + start, agency, number

    def ended(number):
        _, agency, triage, stay, _ = episodes[number]
        return float("inf") if stay is None else triage + stay, agency, number

    first, last = min(group, key=begun), max(group, key=ended)
    until, *_ = ended(last)
    return (
        first,
        min(group, key=asked_for),
        last,
        day(begun(first)[0]),
        None if until == float("inf") else day(until),
    )


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(spells, st.sampled_from([20, 27]))
def test_the_sweep_finds_what_trying_every_pair_finds(world, episodes, days):
    with transaction.atomic():
        made = {
            world.episode(
                triage,
                None if stay is None else triage + stay,
                person=uuid.UUID(int=person + 1),
                agency=agency,
                started=start,
            ).pk: number
            for number, (person, agency, triage, stay, start) in enumerate(episodes)
        }
        found = {
            (
                made[one.first_episode_id],
                made[one.first_modality.episode_id],
                made[one.last_episode_id],
                one.started_on,
                one.ended_on,
            )
            for one in world.journeys(days=days)
        }
        assert found == {told(episodes, group) for group in slowly(episodes, days)}
        transaction.set_rollback(True)


def test_nothing_derived_refers_to_what_is_not_there(world):
    world.episode(0, 10)
    world.episode(100, 110)
    world.journeys()
    for field in Journey._meta.concrete_fields:
        if field.is_relation:
            there = field.related_model.objects.values("pk")
            dangling = Journey.objects.exclude(**{f"{field.name}__in": there})
            assert not dangling.filter(**{f"{field.name}__isnull": False}).exists()
