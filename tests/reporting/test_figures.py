"""What a reader is shown: the two doors, the gate, and the signs for what is not there."""

import dataclasses
import datetime as dt
import json
from io import StringIO

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.management import CommandError, call_command

from commissioning.kernel.periods import Period
from commissioning.rule_settings import DEFAULTS
from commissioning.scoping import System
from pathways.models import Return
from pathways.services.journeys import rebuild_all_journeys
from reporting.choices import AreaKind
from reporting.disclosure import MISSING, NOBODY, NOT_APPLICABLE, SUPPRESSED
from reporting.indicators.in_force import IN_FORCE
from reporting.selectors.areas import ENGLAND, UnknownArea, area_of
from reporting.selectors.figures import Figures
from reporting.selectors.spreads import spread_of
from reporting.services.refresh import refresh_everything
from tests.factories.commissioning import PartnershipFactory, RuleSetFactory, UserFactory
from tests.factories.providers import AgencyFactory
from tests.factories.reporting import loaded_return, modality, rules

pytestmark = pytest.mark.django_db

MAY, YEAR = Period.parse("2006-05"), Period.parse("FY2006")
FIRST, LONGEST, RETAINED = (IN_FORCE[code] for code in ("WAIT-FIRST", "WAIT-LONGEST", "RET-NEW"))


def waits(*lengths, agency=None, began=dt.date(2006, 5, 20)):
    """First waits of these days, begun in May at one agency."""
    agency = agency or AgencyFactory()
    for number in lengths:
        modality(
            agency,
            referred_on=began - dt.timedelta(days=number),
            first_offered_on=began,
            started_on=began,
        )
    return agency


def refresh():
    rebuild_all_journeys(rule_set=rules())
    refresh_everything(cause="test")


def home_of(agency):
    return area_of(AreaKind.PARTNERSHIP, agency.partnership.code)


class TestDoors:
    def test_who_belongs_sees_exact_figures_of_their_own(self):
        agency = waits(3, 30)
        refresh()
        lead = UserFactory(lead_of=agency.partnership)

        figure = Figures.exact(lead).figure(FIRST, home_of(agency), MAY)

        assert figure.is_exact
        assert (figure.numerator.value, figure.denominator.value) == (1, 2)
        assert figure.value.text == "50%"

    def test_who_belongs_elsewhere_sees_what_is_released(self):
        agency = waits(3, 30)
        refresh()
        stranger = UserFactory(lead_of=PartnershipFactory())

        for figures in (
            Figures.exact(stranger),
            Figures.released(),
            Figures.exact(AnonymousUser()),
        ):
            figure = figures.figure(FIRST, home_of(agency), MAY)
            assert not figure.is_exact
            assert figure.numerator == figure.denominator == figure.value == SUPPRESSED
            assert figure.limits is None
            assert figure.rate is None

    def test_released_figures_are_rounded_and_so_is_all_that_follows_from_them(self):
        agency = waits(*[3] * 26, *[30] * 12)
        refresh()

        figure = Figures.released().figure(FIRST, home_of(agency), MAY)

        assert (figure.numerator.value, figure.denominator.value) == (25, 40)
        assert figure.value.text == "63%"
        assert figure.rate == 25 / 40
        assert figure.limits == Figures.released().gate(home_of(agency), MAY).limits(26, 38)

    def test_totals_of_england_are_exact_but_nobody_s_own_wait(self):
        waits(3, 30)
        refresh()

        first, longest = Figures.released().of_area(ENGLAND, MAY, [FIRST, LONGEST])

        assert (first.numerator.value, first.denominator.value) == (1, 2)
        assert longest.value == longest.numerator == SUPPRESSED

    def test_the_region_s_reviewer_sees_its_partnerships_exactly(self):
        agency = waits(3)
        refresh()
        region = agency.partnership.organisation.facts.get().other
        reviewer = UserFactory(reviewer_of=region)

        figure = Figures.exact(reviewer).figure(FIRST, home_of(agency), MAY)

        assert figure.is_exact

    def test_a_provider_sees_its_own_exactly_and_its_partnership_released(self):
        agency = waits(3)
        refresh()
        manager = UserFactory(provider_manager_of=agency.provider)
        provider = area_of(AreaKind.PROVIDER, agency.provider.code)

        figures = Figures.exact(manager)

        assert figures.figure(FIRST, provider, MAY).is_exact
        assert not figures.figure(FIRST, home_of(agency), MAY).is_exact

    def test_every_count_of_a_released_table_is_hidden_or_rounded(self):
        for number in range(1, 12):
            waits(*[5] * number)
        refresh()

        for code, indicator in IN_FORCE.items():
            for figure in Figures.released().across_areas(indicator, MAY, AreaKind.PARTNERSHIP):
                counts = [figure.denominator, *figure.left_out.values(), *figure.beside.values()]
                if indicator.unit == "%":
                    counts.append(figure.numerator)
                assert all(not count.is_figure or count.value % 5 == 0 for count in counts), code


class TestSigns:
    def test_nobody_is_nought_where_a_return_was_loaded(self):
        waits(3)
        quiet = AgencyFactory()
        loaded_return(quiet)
        refresh()

        lead = UserFactory(lead_of=quiet.partnership)
        figure = Figures.exact(lead).figure(FIRST, home_of(quiet), MAY)

        assert figure.denominator == NOBODY
        assert figure.value == NOT_APPLICABLE
        assert not figure.is_missing

    def test_a_period_that_no_return_reaches_is_missing(self):
        waits(3)
        late = AgencyFactory()
        loaded_return(late, cut_off=dt.date(2006, 3, 31))
        refresh()

        lead = UserFactory(lead_of=late.partnership)
        figure = Figures.exact(lead).figure(FIRST, home_of(late), MAY)

        assert figure.is_missing
        assert figure.denominator == MISSING

    def test_a_period_never_measured_is_missing(self):
        waits(3)
        refresh()

        assert Figures.released().figure(FIRST, ENGLAND, Period.parse("2011-05")).is_missing

    def test_a_period_the_returns_reach_into_is_partial(self):
        waits(3)
        refresh()

        year, may = Figures.released().series(FIRST, ENGLAND, [YEAR, MAY])

        assert year.is_partial
        assert not may.is_partial

    def test_what_is_not_yet_known_is_counted_and_not_in_the_share(self):
        agency = waits(3, began=dt.date(2006, 12, 20))
        refresh()

        lead = UserFactory(lead_of=agency.partnership)
        figure = Figures.exact(lead).figure(RETAINED, home_of(agency), Period.parse("2006-12"))

        assert figure.not_yet_known.value == 1
        assert figure.denominator == NOBODY

    def test_an_exit_that_may_still_rejoin_is_provisional(self):
        agency = AgencyFactory()
        modality(
            agency,
            referred_on=dt.date(2006, 12, 1),
            started_on=dt.date(2006, 12, 1),
            discharged_on=dt.date(2007, 1, 20),
            discharge_reason="2",
        )
        refresh()

        lead = UserFactory(lead_of=agency.partnership)
        exits = IN_FORCE["EXIT-PLANNED-2006"]
        figure = Figures.exact(lead).figure(exits, home_of(agency), Period.parse("2007-01"))

        assert figure.provisional.value == 1
        assert figure.value.text == "100% (p)"

    def test_a_rule_that_is_not_the_year_s_own_is_as_if(self):
        waits(3)
        refresh()

        shown = {
            code: Figures.released().figure(IN_FORCE[code], ENGLAND, YEAR).is_as_if
            for code in ("RET-NEW", "RET-DISCHARGED", "RET-EFFECTIVE", "EXIT-PLANNED-2009")
        }

        assert shown == {
            "RET-NEW": False,
            "RET-DISCHARGED": True,
            "RET-EFFECTIVE": True,
            "EXIT-PLANNED-2009": True,
        }

    def test_says_whether_a_target_is_met_in_words(self):
        agency = waits(*[3] * 40)
        refresh()

        lead = UserFactory(lead_of=agency.partnership)
        figure = Figures.exact(lead).figure(FIRST, home_of(agency), MAY)

        assert figure.target == 85
        assert figure.verdict.words == "Meets the target"


class TestQuestions:
    def test_a_table_starts_from_every_area(self):
        agency = waits(3)
        PartnershipFactory()
        refresh()
        region = agency.partnership.organisation.facts.get().other.code

        whole = Figures.released().table([FIRST, RETAINED], MAY, AreaKind.PARTNERSHIP)
        of_region = Figures.released().table([FIRST], MAY, AreaKind.PARTNERSHIP, in_region=region)

        assert [len(row) for row in whole] == [2, 2]
        assert [row[0].area.code for row in of_region] == [agency.partnership.code]

    def test_buckets_stand_beside_the_partnerships(self):
        waits(3)
        refresh()

        found = Figures.released().across_areas(
            FIRST, MAY, AreaKind.PARTNERSHIP, with_buckets=True
        )

        assert [figure.area.code for figure in found if figure.area.is_bucket] == [
            "dat-missing",
            "dat-unknown",
            "dat-outside",
        ]

    def test_a_breakdown_has_every_value_in_its_order(self):
        agency = waits(3, 30)
        refresh()

        lead = UserFactory(lead_of=agency.partnership)
        found = Figures.exact(lead).broken_down(FIRST, home_of(agency), YEAR, "drug")

        assert found[0][0] == "Heroin"
        assert found[0][1].denominator.value == 2
        assert {figure.denominator.value for _, figure in found[1:]} == {0}

    @pytest.mark.parametrize(("code", "expected"), [("WAIT-MEDIAN", 3), ("WAIT-P90", 30)])
    def test_a_providers_waits_by_intervention_have_their_own_days(self, code, expected):
        agency = waits(3, 3, 30)
        refresh()
        provider = area_of(AreaKind.PROVIDER, agency.provider.organisation.code)

        found = Figures.exact(System("test")).broken_down(IN_FORCE[code], provider, YEAR, "type")

        assert [figure.value.value for _, figure in found if figure.value.is_figure] == [expected]

    def test_a_spread_has_each_day_where_exact_and_no_trace_of_the_longest_elsewhere(self):
        agency = waits(*[3] * 40, 30)
        other = waits(*[3] * 40, 50)
        refresh()
        median = IN_FORCE["WAIT-MEDIAN"]

        lead = UserFactory(lead_of=agency.partnership)
        mine = spread_of(Figures.exact(lead), median, home_of(agency), MAY, within=21)
        shown, moved = (
            spread_of(Figures.released(), median, home_of(one), MAY, within=21)
            for one in (agency, other)
        )

        assert [(day, count.value) for day, count in mine.days] == [(3, 40), (30, 1)]
        assert shown.days == []
        assert shown.weeks[0].value == 40
        assert set(shown.weeks[1:]) == {SUPPRESSED}
        assert shown == moved

    def test_the_days_of_all_waits_together_are_not_released(self):
        agency = waits(*[3] * 41)
        refresh()
        mean = IN_FORCE["WAIT-MEAN"]

        shown = Figures.released().figure(mean, home_of(agency), MAY)

        assert shown.value.is_figure
        assert shown.numerator == SUPPRESSED

    def test_an_unknown_area_is_refused(self):
        with pytest.raises(UnknownArea, match="NOWHERE"):
            area_of(AreaKind.PARTNERSHIP, "NOWHERE")


class TestIndicatorCommand:
    def said(self, *words, **more):
        out = StringIO()
        call_command("indicator", *words, stdout=out, **more)
        return out.getvalue()

    def test_gives_everything_of_a_figure_as_json(self):
        agency = waits(3, 30)
        modality(
            agency,
            referred_on=dt.date(2006, 5, 20),
            first_offered_on=dt.date(2006, 5, 18),
            started_on=dt.date(2006, 5, 20),
        )
        refresh()

        [row] = json.loads(
            self.said(
                "WAIT-FIRST",
                "--level",
                "partnership",
                "--area",
                agency.partnership.code,
                "--period",
                "2006-05",
            )
        )

        assert (row["numerator"], row["denominator"], row["value"]) == (1, 2, 50)
        assert row["left_out"]["The appointment is dated before the referral"] == 1
        assert (row["lower"], row["upper"]) == (9.5, 90.5)
        assert row["rule_set"] == rules().code

    def test_gives_every_area_of_a_level_as_csv(self):
        waits(3)
        waits(4)
        refresh()

        lines = self.said(
            "wait-first", "--level", "partnership", "--period", "FY2006", "--format", "csv"
        ).splitlines()

        assert len(lines) == 1 + 2 + 3  # the header, two partnerships and three buckets
        assert lines[0].startswith("indicator,level,area,area_name,period")

    def test_releases_when_asked_to(self):
        agency = waits(3, 30)
        refresh()

        [row] = json.loads(
            self.said(
                "WAIT-FIRST",
                "--level",
                "partnership",
                "--area",
                agency.partnership.code,
                "--period",
                "2006-05",
                "--released",
            )
        )

        assert (row["numerator"], row["denominator"], row["exact"]) == ("*", "*", False)

    def test_gives_what_an_earlier_rule_set_measured(self):
        agency = waits(25)
        refresh()
        old = rules()
        RuleSetFactory(code="TIGHT", rules=dataclasses.replace(DEFAULTS, wait_target_days=28))
        refresh()
        asked = (
            "WAIT-FIRST",
            "--level",
            "partnership",
            "--area",
            agency.partnership.code,
            "--period",
            "2006-05",
        )

        now, then = (
            json.loads(self.said(*asked, *more))[0]["numerator"]
            for more in ((), ("--rule-set", old.code))
        )

        assert (now, then) == (1, 0)

    def test_lists_the_indicators_in_force(self):
        listed = json.loads(self.said("--list"))

        assert [row["code"] for row in listed] == list(IN_FORCE)

    @pytest.mark.parametrize(
        ("words", "sentence"),
        [
            (("WAIT-NEVER", "--period", "FY2006"), "There is no indicator"),
            (("WAIT-FIRST", "--period", "2006-13"), "is not a period"),
            (("WAIT-FIRST",), "Name an indicator and a period"),
            (("WAIT-FIRST", "--period", "FY2006", "--rule-set", "X"), "There is no rule set"),
            (
                ("WAIT-FIRST", "--level", "region", "--area", "X", "--period", "FY2006"),
                "There is no region",
            ),
        ],
    )
    def test_refuses_in_one_sentence(self, words, sentence):
        with pytest.raises(CommandError, match=sentence):
            self.said(*words)


class TestRefreshCommand:
    def test_measures_everything(self):
        waits(3)
        rebuild_all_journeys(rule_set=rules())
        out = StringIO()

        call_command("refresh_indicators", "--all", stdout=out)

        assert "cells changed and 0 removed" in out.getvalue()
        assert Figures.released().figure(FIRST, ENGLAND, MAY).denominator.value == 1

    def test_says_that_there_is_nothing_to_measure(self):
        RuleSetFactory()
        assert not Return.objects.exists()

        with pytest.raises(CommandError, match="No return is loaded yet"):
            call_command("refresh_indicators", "--all", stdout=StringIO())

    def test_does_the_jobs_that_wait(self):
        out = StringIO()

        call_command("refresh_indicators", stdout=out)

        assert out.getvalue() == "0 refreshes done.\n"
