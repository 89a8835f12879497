"""When a place is likely to fall free: by hand, by simulation, and by what must always hold."""

import datetime as dt
import random
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commissioning.rule_settings import DEFAULTS
from commissioning.scoping import System
from providers.choices import MoveOn, PlaceKind
from providers.rules.projection import (
    Lengths,
    Place,
    Stay,
    chance_free,
    chance_gone,
    first_likely,
    projected,
)
from providers.selectors.projections import projections_of
from providers.services.places import admit, leave, open_places
from tests.factories.providers import ServiceFactory

TODAY = dt.date(2007, 2, 15)
# Twenty stays: five each of 10, 20, 30 and 40 nights.
PAST = Lengths(past=sorted([10, 20, 30, 40] * 5), assumed=84, needed=20)
FEW = Lengths(past=[7], assumed=84, needed=20)


def later(days):
    return TODAY + dt.timedelta(days=days)


def stay(since, leaves=None):
    return Stay(since=later(-since), leaves=None if leaves is None else later(leaves))


class TestOneStay:
    @pytest.mark.parametrize(
        ("stayed", "ahead", "chance"),
        [
            (0, 9, 0),  # nobody left sooner than after ten nights
            (0, 10, 0.25),
            (0, 25, 0.5),
            (0, 40, 1),
            (10, 10, 1 / 3),  # of those who stayed longer than ten, a third leave by twenty
            (35, 4, 0),
            (35, 5, 1),
        ],
    )
    def test_leaves_as_those_did_who_had_stayed_as_long(self, stayed, ahead, chance):
        assert chance_gone(stay(stayed), later(ahead), TODAY, PAST) == pytest.approx(chance)

    def test_is_gone_by_the_day_that_is_planned_and_may_be_before(self):
        planned = stay(0, leaves=15)

        assert chance_gone(planned, later(14), TODAY, PAST) == pytest.approx(0.25)
        assert chance_gone(planned, later(15), TODAY, PAST) == 1

    def test_a_plan_that_is_over_says_nothing_any_more(self):
        assert chance_gone(stay(10, leaves=-1), later(10), TODAY, PAST) == pytest.approx(1 / 3)

    def test_of_a_service_with_few_past_stays_the_assumption_holds(self):
        assert FEW.is_assumed
        # With a mean of 84 days, 63 per cent are gone after 84, however long they stayed.
        assert chance_gone(stay(0), later(84), TODAY, FEW) == pytest.approx(0.632, abs=0.001)
        assert chance_gone(stay(300), later(84), TODAY, FEW) == pytest.approx(0.632, abs=0.001)

    def test_who_stayed_longer_than_anybody_leaves_some_day(self):
        assert 0 < chance_gone(stay(90), later(7), TODAY, PAST) < 1


class TestPlaces:
    def test_what_is_booked_is_not_free_and_what_is_empty_is(self):
        taken = [(later(3), later(6)), (later(20), None)]
        place = Place(taken=taken)

        free = [chance_free(place, later(n), TODAY, PAST) for n in (1, 2, 3, 5, 6, 19, 20, 50)]

        assert free == [1, 1, 0, 0, 1, 1, 0, 0]

    def test_at_least_one_of_two(self):
        nights = projected([Place(stay(0)), Place(stay(10))], today=TODAY, lengths=PAST)
        tenth = nights[9]

        assert tenth.on == later(10)
        assert tenth.chance == pytest.approx(1 - 0.75 * 2 / 3)
        assert tenth.expected == pytest.approx(0.25 + 1 / 3)
        assert len(nights) == 56

    def test_the_first_night_that_is_likely_is_named(self):
        nights = projected([Place(stay(0))], today=TODAY, lengths=PAST)

        assert first_likely(nights, 70).on == later(30)
        assert first_likely(nights[:20], 70) is None


stays = st.builds(stay, st.integers(0, 60), st.one_of(st.none(), st.integers(-10, 60)))
pasts = st.builds(
    Lengths,
    past=st.lists(st.integers(1, 90), max_size=12).map(sorted),
    assumed=st.integers(1, 400),
    needed=st.integers(3, 12),
)


@given(stays=st.lists(stays, max_size=6), lengths=pasts)
def test_without_bookings_chances_grow_night_by_night(stays, lengths):
    nights = projected([Place(one) for one in stays], today=TODAY, lengths=lengths)

    assert all(0 <= one.chance <= 1 for one in nights)
    assert all(0 <= one.expected <= len(stays) for one in nights)
    assert all(a.chance <= b.chance + 1e-12 for a, b in pairwise(nights))
    # Of at least one: no more than are expected, no less than the likeliest alone.
    assert all(one.chance <= one.expected + 1e-9 for one in nights)


@given(stays=st.lists(stays, max_size=5), one=stays, lengths=pasts)
def test_one_place_more_never_makes_a_vacancy_less_likely(stays, one, lengths):
    fewer = projected([Place(each) for each in stays], today=TODAY, lengths=lengths)
    more = projected([Place(each) for each in [*stays, one]], today=TODAY, lengths=lengths)

    assert all(a.chance <= b.chance + 1e-12 for a, b in zip(fewer, more, strict=True))


def test_chances_are_those_of_a_simulation():
    """Lengths are drawn from the past stays that lasted longer; plans cut them short."""
    chance = random.Random(2006)
    past = sorted(chance.randint(3, 80) for _ in range(200))
    lengths = Lengths(past=past, assumed=84, needed=20)
    people = [stay(0), stay(5, leaves=20), stay(30), stay(12, leaves=-2)]
    taken = [(later(25), later(40))]
    places = [Place(one) for one in people] + [Place(stay(8), taken)]
    trials = 20_000
    free = [0] * 57
    for _ in range(trials):
        gone = []
        for place in places:
            stayed = (TODAY - place.stay.since).days
            left = chance.choice([one for one in past if one > stayed]) - stayed
            if place.stay.leaves is not None and place.stay.leaves > TODAY:
                left = min(left, (place.stay.leaves - TODAY).days)
            gone.append(left)
        for ahead in range(1, 57):
            night = later(ahead)
            free[ahead] += any(
                left <= ahead and not any(a <= night < b for a, b in place.taken)
                for left, place in zip(gone, places, strict=True)
            )

    for night in projected(places, today=TODAY, lengths=lengths):
        seen = free[(night.on - TODAY).days] / trials
        assert night.chance == pytest.approx(seen, abs=0.015)


@pytest.mark.django_db
def test_a_service_is_projected_from_its_own_places_and_past():
    service, by = ServiceFactory(), System("a test")
    beds = open_places(
        service=service,
        labels=[f"Bed {n}" for n in range(1, 23)],
        kind=PlaceKind.BED,
        on=later(-100),
        today=TODAY,
        by=by,
    )
    for bed in beds[:20]:
        admit(place=bed, on=later(-50), today=TODAY, by=by)
        leave(place=bed, on=later(-40), today=TODAY, move_on=MoveOn.OWN_HOME, by=by)
    for bed in beds:
        admit(place=bed, on=later(-5), today=TODAY, by=by)

    (beds_of,) = projections_of(service, today=TODAY, rules=DEFAULTS)

    assert not beds_of.lengths.is_assumed
    assert beds_of.likely.on == later(5)  # all of them left after ten nights
    assert beds_of.nights[3].chance == 0


@pytest.mark.django_db
def test_three_questions_whatever_the_number_of_places(django_assert_num_queries):
    service = ServiceFactory()
    open_places(
        service=service,
        labels=[f"Bed {n}" for n in range(1, 41)],
        kind=PlaceKind.BED,
        on=later(-100),
        today=TODAY,
        by=System("a test"),
    )

    with django_assert_num_queries(3):
        (beds_of,) = projections_of(service, today=TODAY, rules=DEFAULTS)
    assert beds_of.nights[0].chance == 1
