"""Why a number moved: by cause, adding up exactly."""

import dataclasses
import datetime as dt

import pytest

from commissioning.choices import FactKind
from commissioning.kernel.errors import NotPermitted
from commissioning.kernel.periods import Period
from commissioning.models import OrganisationFact
from commissioning.rule_settings import DEFAULTS
from commissioning.scoping import System
from pathways.models import Episode, Modality
from pathways.services.journeys import rebuild_all_journeys
from reporting.choices import AreaKind
from reporting.indicators.in_force import IN_FORCE
from reporting.models import Movement
from reporting.selectors.areas import ENGLAND, area_of
from reporting.services.explain import Cause, explain, explanation_of
from reporting.services.refresh import refresh_everything
from tests.factories.commissioning import (
    FactFactory,
    PartnershipFactory,
    RegionFactory,
    RuleSetFactory,
    UserFactory,
)
from tests.factories.reporting import loaded_return, modality, rules
from tests.reporting.drawn import SmallEngland

pytestmark = pytest.mark.django_db

SYSTEM = System("a test")
FIRST = IN_FORCE["WAIT-FIRST"]
YEAR = Period.parse("FY2006")


def waited(day, **values):
    """A first wait of ten days, begun on the day."""
    return modality(
        referred_on=day - dt.timedelta(days=10), first_offered_on=day, started_on=day, **values
    )


def refresh():
    rebuild_all_journeys(rule_set=rules())
    refresh_everything(cause="test")


def parts_of(area, indicator=FIRST, period=YEAR):
    found = explain(indicator=indicator, area=area, period=period, by=SYSTEM)
    return {part.cause: (part.numerator, part.denominator) for part in found.parts}


@pytest.fixture
def measured():
    """One wait in May, known until the end of January, measured."""
    one = waited(dt.date(2006, 5, 10))
    refresh()
    return one


@pytest.fixture
def home(measured):
    return area_of(AreaKind.PARTNERSHIP, measured.episode.partnership.code)


def test_nothing_moved_says_nothing(measured, home):
    refresh()

    assert explain(indicator=FIRST, area=home, period=YEAR, by=SYSTEM) is None


def test_records_of_days_after_the_last_cut_off_are_new(measured, home):
    agency = measured.episode.agency
    newer = loaded_return(agency, cut_off=dt.date(2007, 2, 14))
    type(newer).objects.filter(pk=newer.pk).update(
        loaded_at=dt.datetime(2099, 1, 1, tzinfo=dt.UTC)
    )
    waited(dt.date(2007, 2, 5), agency=agency, reported_in=newer)

    refresh()

    assert parts_of(home) == {
        Cause.NEW: (1, 1),
        Cause.CORRECTED: (0, 0),
        Cause.BOUNDARIES: (0, 0),
        Cause.RULES: (0, 0),
    }
    assert parts_of(ENGLAND) == parts_of(home)


def test_records_of_earlier_days_are_late_or_corrected(measured, home):
    waited(dt.date(2006, 6, 1), agency=measured.episode.agency)
    Modality.objects.filter(pk=measured.pk).update(first_offered_on=dt.date(2006, 6, 20))

    refresh()

    found = explain(indicator=FIRST, area=home, period=YEAR, by=SYSTEM)
    assert (found.numerator_before, found.numerator_now) == (1, 1)
    assert (found.denominator_before, found.denominator_now) == (1, 2)
    assert parts_of(home)[Cause.CORRECTED] == (0, 1)


def test_what_another_rule_set_makes_of_the_same_records_is_the_rules(measured, home):
    RuleSetFactory(rules=dataclasses.replace(DEFAULTS, wait_target_days=7))

    refresh()

    for area in (home, ENGLAND):
        assert parts_of(area)[Cause.RULES] == (-1, 0)
        assert parts_of(area)[Cause.CORRECTED] == (0, 0)


def test_a_partnership_that_changes_region_is_a_boundary(measured):
    facts = OrganisationFact.objects.filter(kind=FactKind.IN_REGION)
    old_fact = facts.get(organisation=measured.episode.partnership.organisation)
    old, new = old_fact.other, RegionFactory()
    neighbour = waited(dt.date(2006, 5, 12), partnership=PartnershipFactory(region=None))
    FactFactory(organisation=neighbour.episode.partnership.organisation, other=new)
    refresh()
    facts.filter(pk=old_fact.pk).update(until_on=dt.date(2006, 10, 1))
    FactFactory(organisation=old_fact.organisation, other=new, from_on=dt.date(2006, 10, 1))

    refresh()

    left, came = (parts_of(area_of(AreaKind.REGION, region.code)) for region in (old, new))
    assert left[Cause.BOUNDARIES] == (-1, -1)
    assert came[Cause.BOUNDARIES] == (1, 1)
    assert left[Cause.CORRECTED] == came[Cause.CORRECTED] == (0, 0)


@pytest.mark.parametrize("seed", [8, 9])
def test_the_parts_add_up_to_the_change_of_every_figure(seed):
    england = SmallEngland(seed)
    refresh_everything(cause="first")
    agency = england.agencies[0]
    newer = loaded_return(agency, cut_off=dt.date(2007, 2, 14))
    type(newer).objects.filter(pk=newer.pk).update(
        loaded_at=dt.datetime(2099, 1, 1, tzinfo=dt.UTC)
    )
    england.returns[agency] = newer
    for person in Episode.objects.values_list("person", flat=True).distinct()[:20]:
        england.add_episode(person, "E9", england.partnerships[0], agency, dt.date(2006, 12, 20))
    Episode.objects.filter(agency=england.agencies[1]).update(referral_source="5")
    england.rule_set = RuleSetFactory(
        rules=dataclasses.replace(DEFAULTS, wait_target_days=14, retention_days=60)
    )

    refresh()

    explained = [
        found
        for moved in Movement.objects.select_related("refresh")
        for indicator in IN_FORCE.values()
        if indicator.family.code == moved.family and (found := explanation_of(moved, indicator))
    ]
    assert len(explained) > 500
    for found in explained:
        above = sum(part.numerator for part in found.parts)
        below = sum(part.denominator for part in found.parts)
        assert above == found.numerator_now - found.numerator_before
        assert below == found.denominator_now - found.denominator_before


def test_only_who_belongs_there_is_told(measured, home):
    stranger, lead = UserFactory(), UserFactory(lead_of=measured.episode.partnership)

    assert explain(indicator=FIRST, area=home, period=YEAR, by=lead) is None
    with pytest.raises(NotPermitted):
        explain(indicator=FIRST, area=home, period=YEAR, by=stranger)
