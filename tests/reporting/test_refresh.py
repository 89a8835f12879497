"""Measuring again: idempotent, removing what vanished, by the rule set in force and no other."""

import dataclasses
import datetime as dt

import pytest
from django.db import connection

from commissioning.kernel.clock import technical_now
from commissioning.kernel.periods import Period
from commissioning.rule_settings import DEFAULTS
from commissioning.scoping import System
from commissioning.services.jobs import run_outstanding
from pathways.models import Episode, Modality
from pathways.services.journeys import rebuild_all_journeys
from reporting.choices import RefreshKind
from reporting.indicators.families import FAMILIES
from reporting.models import MeasuredPeriod, Movement, Refresh, WaitDistribution, WaitResult
from reporting.services.refresh import (
    ask_for_refresh,
    refresh_everything,
    refresh_touched,
)
from reporting.tasks import refresh_nightly
from tests.factories.commissioning import RuleSetFactory
from tests.factories.reporting import loaded_return, modality
from tests.reporting.drawn import SmallEngland
from tests.reporting.measured import held_cells, held_days

pytestmark = pytest.mark.django_db

MAY = Period.parse("2006-05")
WAITED = {
    "referred_on": dt.date(2006, 5, 1),
    "first_offered_on": dt.date(2006, 5, 20),
    "started_on": dt.date(2006, 5, 22),
}


def counts_of(partnership, period=MAY, model=WaitResult, **more):
    return model.objects.filter(
        area_code=partnership.code, grain=period.grain, start=period.start, breakdown="", **more
    ).get()


def everything_held():
    return held_cells(), held_days()


class TestRefreshEverything:
    def test_measures_nothing_when_no_return_is_loaded(self):
        RuleSetFactory()

        assert refresh_everything(cause="test") is None
        assert not Refresh.objects.exists()

    def test_twice_is_once(self):
        SmallEngland(3)
        refresh_everything(cause="first")
        before = everything_held()

        again = refresh_everything(cause="again")

        assert (again.cells_changed, again.cells_removed) == (0, 0)
        assert everything_held() == before
        assert not Movement.objects.exists()

    def test_removes_cells_that_vanished(self):
        one = modality(**WAITED)
        rebuild_all_journeys(rule_set=one.episode.reported_in.upload.rule_set)
        refresh_everything(cause="first")
        assert WaitResult.objects.exists()
        Episode.objects.update(is_current=False)
        rebuild_all_journeys(rule_set=one.episode.reported_in.upload.rule_set)

        again = refresh_everything(cause="again")

        assert again.cells_removed
        assert not any(cells for cells in held_cells().values())
        assert not WaitDistribution.objects.exists()

    def test_says_which_rule_set_each_period_is_shown_by(self):
        rules = modality(**WAITED).episode.reported_in.upload.rule_set

        refresh_everything(cause="test")

        shown = MeasuredPeriod.objects.get(grain="month", start=MAY.start)
        assert shown.rule_set == rules
        assert shown.cut_off == dt.date(2007, 1, 31)

    def test_counts_those_whose_residence_is_not_known_beside_the_partnerships(self):
        one = modality(partnership=None, **WAITED)
        rebuild_all_journeys(rule_set=one.episode.reported_in.upload.rule_set)

        refresh_everything(cause="test")

        held = set(WaitResult.objects.filter(grain="month").values_list("area_kind", "area_code"))
        provider = one.episode.agency.provider.code
        assert held == {
            ("england", "england"),
            ("provider", provider),
            ("partnership", "dat-missing"),
        }


class TestARuleSetThatChanges:
    def test_changes_the_next_refresh_and_nothing_already_measured(self):
        one = modality(**{**WAITED, "first_offered_on": dt.date(2006, 5, 25)},
                       ended_on=None)  # fmt: skip
        Modality.objects.update(started_on=dt.date(2006, 5, 25))
        home = one.episode.partnership
        old = one.episode.reported_in.upload.rule_set
        rebuild_all_journeys(rule_set=old)
        refresh_everything(cause="by 21 days")
        before = held_cells(old)
        new = RuleSetFactory(rules=dataclasses.replace(DEFAULTS, wait_target_days=28))

        refresh_everything(cause="by 28 days")

        assert held_cells(old) == before
        assert counts_of(home, rule_set=old).first_voluntary_within == 0
        assert counts_of(home, rule_set=new).first_voluntary_within == 1
        assert MeasuredPeriod.objects.get(grain="month", start=MAY.start).rule_set == new

    def test_measures_only_periods_that_it_holds_for(self):
        one = modality(**WAITED)
        old = one.episode.reported_in.upload.rule_set
        new = RuleSetFactory(valid_from=dt.date(2006, 10, 1))

        refresh_everything(cause="test")

        shown = dict(MeasuredPeriod.objects.filter(grain="month").values_list("start", "rule_set"))
        assert shown[dt.date(2006, 9, 1)] == old.pk
        assert shown[dt.date(2006, 10, 1)] == new.pk

    def test_has_a_return_measure_everything(self):
        one = modality(**WAITED)
        refresh_everything(cause="first")
        RuleSetFactory(rules=dataclasses.replace(DEFAULTS, wait_target_days=28))

        touched = refresh_touched(
            returned_by=[one.episode.agency_id], agency_ids=[], partnership_ids=[], cause="test"
        )

        assert touched.kind == "EVERYTHING"

    def test_joins_journeys_by_its_own_days(self):
        england = SmallEngland(4)
        refresh_everything(cause="first")
        joined = dataclasses.replace(DEFAULTS, journey_join_days=60, exit_final_days=60)
        new = RuleSetFactory(rules=joined)

        refresh_everything(cause="again")

        old_year = FAMILIES["journeys"].results.objects.filter(
            area_kind="england", grain="year", breakdown=""
        )
        before, after = (
            sum(old_year.filter(rule_set=rules).values_list("journeys", flat=True))
            for rules in (england.rule_set, new)
        )
        assert after < before


class TestRefreshTouched:
    @pytest.mark.parametrize("seed", [5, 6, 7])
    def test_leaves_everything_as_measuring_everything_would(self, seed):
        england = SmallEngland(seed)
        refresh_everything(cause="first")
        agency = england.agencies[seed % 5]
        england.returns[agency] = loaded_return(agency, cut_off=dt.date(2007, 2, 14))
        person = Episode.objects.filter(agency=agency).first().person
        england.add_person(person)
        rebuild_all_journeys(rule_set=england.rule_set)
        of_person = Episode.objects.filter(person=person)

        refresh_touched(
            returned_by=[agency.pk],
            agency_ids=of_person.values_list("agency", flat=True),
            partnership_ids=of_person.exclude(partnership=None).values_list(
                "partnership", flat=True
            ),
            cause="test",
        )

        touched = everything_held()
        again = refresh_everything(cause="everything")
        assert everything_held() == touched
        assert (again.cells_changed, again.cells_removed) == (0, 0)

    @pytest.mark.parametrize("cut_off", [dt.date(2007, 3, 31), dt.date(2007, 5, 31)])
    @pytest.mark.parametrize("seed", [5, 6, 7])
    def test_of_a_month_nobody_reported_before_measures_it_where_it_is_reported(
        self, seed, cut_off
    ):
        england = SmallEngland(seed)
        refresh_everything(cause="first")
        agency = england.agencies[seed % 5]
        england.returns[agency] = loaded_return(agency, cut_off=cut_off)
        person = Episode.objects.filter(agency=agency).first().person
        england.add_person(person)
        rebuild_all_journeys(rule_set=england.rule_set)
        of_person = Episode.objects.filter(person=person)

        refresh = refresh_touched(
            returned_by=[agency.pk],
            agency_ids=of_person.values_list("agency", flat=True),
            partnership_ids=of_person.exclude(partnership=None).values_list(
                "partnership", flat=True
            ),
            cause="test",
        )

        touched = everything_held()
        assert refresh.kind == RefreshKind.TOUCHED
        assert MeasuredPeriod.objects.filter(grain="month", start=cut_off.replace(day=1)).exists()
        again = refresh_everything(cause="everything")
        assert everything_held() == touched
        assert (again.cells_changed, again.cells_removed) == (0, 0)

    def test_of_a_month_by_a_new_rule_set_measures_everything(self):
        here = modality(**WAITED)
        rebuild_all_journeys(rule_set=here.episode.reported_in.upload.rule_set)
        refresh_everything(cause="first")
        RuleSetFactory(code="2007", valid_from=dt.date(2007, 3, 1))
        loaded_return(here.episode.agency, cut_off=dt.date(2007, 3, 31))

        refresh = refresh_touched(
            returned_by=[here.episode.agency_id], agency_ids=[], partnership_ids=[], cause="test"
        )

        assert refresh.kind == RefreshKind.EVERYTHING

    def test_of_a_month_before_all_others_measures_everything(self):
        here = modality(**WAITED)
        rebuild_all_journeys(rule_set=here.episode.reported_in.upload.rule_set)
        refresh_everything(cause="first")
        MeasuredPeriod.objects.filter(grain="month").earliest("start").delete()

        refresh = refresh_touched(
            returned_by=[here.episode.agency_id], agency_ids=[], partnership_ids=[], cause="test"
        )

        assert refresh.kind == RefreshKind.EVERYTHING

    def test_leaves_other_areas_unwritten(self):
        here, there = modality(**WAITED), modality(**WAITED)
        rebuild_all_journeys(rule_set=here.episode.reported_in.upload.rule_set)
        refresh_everything(cause="first")
        WaitResult.objects.filter(area_code=there.episode.partnership.code).update(
            first_voluntary_waits=99
        )

        refresh_touched(
            returned_by=[here.episode.agency_id], agency_ids=[], partnership_ids=[], cause="test"
        )

        assert counts_of(there.episode.partnership).first_voluntary_waits == 99


class TestAskForRefresh:
    def test_is_done_by_a_job_once_for_a_cause(self):
        modality(**WAITED)

        for _ in range(2):
            ask_for_refresh(cause="asked", by=System("a test"))

        assert run_outstanding("reporting") == 2  # the figures, and the long waits
        assert Refresh.objects.get().cause == "asked"

    def test_is_asked_by_beat_once_a_night(self):
        modality(**WAITED)

        refresh_nightly()
        refresh_nightly()

        assert run_outstanding("reporting") == 2  # the figures, and the long waits

    @pytest.mark.django_db(transaction=True)
    def test_needs_no_transaction_around_it(self):
        modality(**WAITED)
        assert not connection.in_atomic_block

        ask_for_refresh(cause="asked", by=System("a test"))
        refresh_nightly()
        run_outstanding("reporting")

        night = f"nightly:{technical_now().date()}"
        assert set(Refresh.objects.values_list("cause", flat=True)) == {"asked", night}
