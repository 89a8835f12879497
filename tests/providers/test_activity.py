"""The quarterly return of Tier 1 and Tier 2 work: what it asks, refuses, and leaves behind."""

import datetime as dt

import pytest

from commissioning.kernel.errors import NotPermitted, TransitionRefused
from commissioning.kernel.periods import Period
from commissioning.rule_settings import DEFAULTS
from commissioning.services.plans.editing import ChangedMeanwhile
from providers.choices import ActivityMeasure, ActivityState
from providers.models import ActivityCount, ActivityReturn
from providers.reference.activity_measures import measures_of
from providers.rules.activity_checks import FindingGrade, activity_findings
from providers.selectors.activity import Standing, numbers_of, service_quarters
from providers.selectors.activity_of_area import area_rows, planned_rows
from providers.services.activity import (
    ActivityRefused,
    confirm_activity,
    discard_activity,
    save_activity,
)
from tests.factories.activity import ActivityCountFactory, ActivityReturnFactory, OpenAccessFactory
from tests.factories.commissioning import PartnershipFactory, UserFactory
from tests.factories.plans import InterventionTypeFactory, LineFactory, PlanFactory
from tests.factories.providers import (
    DeliveredFactory,
    ProviderFactory,
    ServiceFactory,
    SiteFactory,
)
from tests.providers.asked import market_asks

pytestmark = pytest.mark.django_db
TODAY = dt.date(2006, 7, 20)
NOW = dt.datetime(2006, 7, 20, 12, tzinfo=dt.UTC)
Q1 = Period.parse("2006-Q1")
ASKED = ("EXCHANGES", "CONTACTS", "BRIEF_INTERVENTIONS", "REFERRALS_ON")


@pytest.fixture
def delivered():
    return OpenAccessFactory()


@pytest.fixture
def by(delivered):
    return UserFactory(keyworker_of=delivered.service.provider)


def numbers(delivered, *values):
    return dict(zip(((delivered.pk, one) for one in ASKED), values, strict=False))


def saved(delivered, by, *values, revision=0, quarter=Q1):
    return save_activity(
        service=delivered.service,
        quarter=quarter,
        numbers=numbers(delivered, *values),
        revision=revision,
        by=by,
    )


def confirmed(draft, by, *, reason="", revision=None, today=TODAY):
    return confirm_activity(
        draft=draft,
        reason=reason,
        revision=draft.revision if revision is None else revision,
        rules=DEFAULTS,
        by=by,
        today=today,
        at=NOW,
    )


def test_every_measure_that_is_asked_is_one_there_is():
    asked = {
        one for code in ("needle-exchange", "bbv-prevention", "x") for one in measures_of(code)
    }

    assert asked <= set(ActivityMeasure.values)
    assert measures_of("needle-exchange") == ASKED


class TestFindings:
    def found(self, now, before=None):
        cells = [(1, one) for one in now]
        return activity_findings(
            cells,
            {(1, one): number for one, number in now.items() if number is not None},
            {(1, one): number for one, number in (before or {}).items()},
            jump_factor=3,
            jump_from=20,
        )

    def test_a_number_that_is_missing_is_mended_and_nought_is_a_number(self):
        (finding,) = self.found({"CONTACTS": None, "EXCHANGES": 0})

        assert (finding.grade, finding.cell) == (FindingGrade.MEND, (1, "CONTACTS"))

    @pytest.mark.parametrize(("accepted", "found"), [(4, 0), (5, 0), (6, 1)])
    def test_no_more_accept_than_were_offered(self, accepted, found):
        findings = self.found({"VACCINATIONS_OFFERED": 5, "VACCINATIONS_ACCEPTED": accepted})

        assert len(findings) == found

    @pytest.mark.parametrize(
        ("now", "before", "found"),
        [
            (60, 20, 0),
            (61, 20, 1),
            (20, 60, 0),
            (20, 61, 1),
            (19, 1, 0),
            (20, 0, 1),
            (0, 20, 1),
            (0, 0, 0),
        ],
    )
    def test_a_jump_needs_a_reason_at_more_than_three_times_and_from_twenty(
        self, now, before, found
    ):
        findings = self.found({"CONTACTS": now}, {"CONTACTS": before})

        assert [one.grade for one in findings] == [FindingGrade.REASON] * found

    def test_a_first_quarter_jumps_from_nothing(self):
        assert self.found({"CONTACTS": 500}) == []


class TestSaving:
    def test_what_is_known_is_kept_and_the_rest_stays_open(self, delivered, by):
        draft = saved(delivered, by, 40, 12)

        assert draft.state == ActivityState.DRAFT
        assert numbers_of(draft) == numbers(delivered, 40, 12)

    def test_saving_again_writes_all_anew(self, delivered, by):
        first = saved(delivered, by, 40, 12)
        again = saved(delivered, by, 41, revision=first.revision)

        assert numbers_of(again) == numbers(delivered, 41)
        assert ActivityReturn.objects.count() == 1

    def test_what_somebody_saved_meanwhile_is_not_overwritten(self, delivered, by):
        saved(delivered, by, 40)

        with pytest.raises(ChangedMeanwhile):
            saved(delivered, by, 50)

        assert ActivityCount.objects.get().number == 40

    def test_another_providers_people_may_not(self, delivered):
        with pytest.raises(NotPermitted):
            saved(delivered, UserFactory(keyworker_of=ProviderFactory()), 40)

        assert not ActivityReturn.objects.exists()

    def test_a_number_nobody_asked_is_refused(self, delivered, by):
        with pytest.raises(ActivityRefused, match="asks for none"):
            save_activity(
                service=delivered.service,
                quarter=Q1,
                numbers={(delivered.pk, "VACCINATIONS_OFFERED"): 1},
                revision=0,
                by=by,
            )

    def test_a_service_without_tiers_1_and_2_owes_nothing(self):
        tier_4 = DeliveredFactory()

        with pytest.raises(ActivityRefused, match="counts nothing"):
            saved(tier_4, UserFactory(keyworker_of=tier_4.service.provider), 1)


class TestConfirming:
    def test_it_holds_the_quarter_from_then_on(self, delivered, by):
        held = confirmed(saved(delivered, by, 40, 12, 3, 1), by)

        assert (held.state, held.confirmed_by, held.confirmed_at) == ("CONFIRMED", by, NOW)

    def test_a_missing_number_is_mended_first(self, delivered, by):
        draft = saved(delivered, by, 40)

        with pytest.raises(ActivityRefused, match="Mend"):
            confirmed(draft, by, reason="None")

        draft.refresh_from_db()
        assert draft.state == ActivityState.DRAFT

    def test_a_jump_needs_its_reason(self, delivered, by):
        before = saved(delivered, by, 40, 12, 3, 1, quarter=Q1.previous())
        confirmed(before, by)
        draft = saved(delivered, by, 140, 12, 3, 1)

        with pytest.raises(ActivityRefused, match="Say why"):
            confirmed(draft, by)

        assert confirmed(draft, by, reason="A second van").note == "A second van"

    def test_a_quarter_that_runs_cannot_be_confirmed(self, delivered, by):
        draft = saved(delivered, by, 40, 12, 3, 1)

        with pytest.raises(ActivityRefused, match="not over"):
            confirmed(draft, by, today=Q1.last_day)

    def test_a_later_return_replaces_an_earlier_and_keeps_it(self, delivered, by):
        first = confirmed(saved(delivered, by, 40, 12, 3, 1), by)
        draft = saved(delivered, by, 44, 12, 3, 1)

        with pytest.raises(ActivityRefused, match="replaced"):
            confirmed(draft, by)
        second = confirmed(draft, by, reason="A list was forgotten")

        first.refresh_from_db()
        assert (first.state, second.state) == (ActivityState.REPLACED, ActivityState.CONFIRMED)
        assert numbers_of(first)[delivered.pk, "EXCHANGES"] == 40

    def test_twice_confirmed_is_refused_and_once_done(self, delivered, by):
        draft = saved(delivered, by, 40, 12, 3, 1)
        confirmed(draft, by)

        with pytest.raises(TransitionRefused):
            confirmed(draft, by)

    def test_what_somebody_saved_meanwhile_is_looked_at_first(self, delivered, by):
        draft = saved(delivered, by, 40, 12, 3, 1)
        saved(delivered, by, 50, 12, 3, 1, revision=draft.revision)

        with pytest.raises(ChangedMeanwhile):
            confirmed(draft, by, revision=draft.revision)

    def test_only_what_is_not_confirmed_is_thrown_away(self, delivered, by):
        held = confirmed(saved(delivered, by, 40, 12, 3, 1), by)
        draft = saved(delivered, by, 44, 12, 3, 1)

        discard_activity(draft=draft, by=by)

        with pytest.raises(TransitionRefused):
            discard_activity(draft=held, by=by)
        assert ActivityReturn.objects.get() == held


class TestQuartersDue:
    def standings(self, provider, today=TODAY):
        rows = service_quarters(provider.organisation, today=today, due_days=30, how_many=2)
        return [(one.service.name, one.period.code, one.standing) for one in rows]

    def test_a_line_for_each_service_and_quarter_the_newest_on_top(self, delivered):
        name = delivered.service.name

        assert self.standings(delivered.service.provider) == [
            (name, "2006-Q1", Standing.DUE),
            (name, "2005-Q4", Standing.LATE),
        ]

    def test_it_is_late_from_the_day_after_it_is_due(self, delivered):
        last = dt.date(2006, 7, 30)
        provider = delivered.service.provider

        assert self.standings(provider, last)[0][2] is Standing.DUE
        assert self.standings(provider, last + dt.timedelta(days=1))[0][2] is Standing.LATE

    def test_what_opened_later_or_had_closed_owes_nothing(self):
        provider = ProviderFactory()
        OpenAccessFactory(service__provider=provider, opened_on=Q1.end)
        OpenAccessFactory(service__provider=provider, closed_on=dt.date(2006, 1, 1))
        OpenAccessFactory(
            service=ServiceFactory(provider=provider, name="Closed", closed_on=Q1.start)
        )

        assert self.standings(provider) == [("Closed", "2005-Q4", Standing.LATE)]

    def test_what_waits_is_what_is_not_confirmed(self, delivered, by):
        confirmed(saved(delivered, by, 40, 12, 3, 1), by)

        provider = delivered.service.provider.organisation
        waiting = market_asks(provider, "PROVIDER_MANAGER", on=TODAY)["activity"]

        assert [one["code"] for one in waiting] == ["2005-Q2", "2005-Q3", "2005-Q4"]


class TestInAnArea:
    @pytest.fixture
    def partnership(self):
        return PartnershipFactory()

    def rows(self, partnership):
        return area_rows(partnership.organisation, Q1, today=TODAY, due_days=30)

    def test_services_of_the_catchment_and_those_that_stand_there_each_once(self, partnership):
        provider = ProviderFactory()
        both = ServiceFactory(
            provider=provider, site=SiteFactory(provider=provider, partnership=partnership)
        )
        both.catchment.add(partnership, PartnershipFactory())
        away = ServiceFactory(provider=provider)
        away.catchment.add(partnership)
        for service in (both, away, ServiceFactory(provider=provider)):
            OpenAccessFactory(service=service)

        found = [one.delivered.service for one in self.rows(partnership)]

        assert sorted(found, key=str) == sorted([both, away], key=str)

    def test_numbers_are_shown_once_they_are_confirmed(self, partnership, delivered, by):
        delivered.service.catchment.add(partnership)
        draft = saved(delivered, by, 40, 12, 3, 1)
        (before,) = self.rows(partnership)
        confirmed(draft, by)
        (after,) = self.rows(partnership)

        assert (before.standing, before.numbers) == (Standing.FILLED_IN, {})
        assert after.numbers["EXCHANGES"] == 40

    def test_a_line_of_the_plan_stands_beside_what_its_provider_counted(self, partnership):
        lead = UserFactory(lead_of=partnership)
        kind = InterventionTypeFactory(code="needle-exchange")
        service = ServiceFactory()
        service.catchment.add(partnership)
        for quarter in ("2006-Q1", "2006-Q2", "2005-Q4"):
            activity = ActivityReturnFactory(service=service, quarter=quarter, confirmed=True)
            delivered = service.interventions.first() or OpenAccessFactory(service=service)
            ActivityCountFactory(activity=activity, delivered=delivered, number=40)
        plan = PlanFactory(partnership=partnership, year=2006)
        words = {"plan": plan, "tier": 2, "intervention": kind}
        LineFactory(
            **words, name="Ours", planned_starts=200, provider=service.provider.organisation
        )
        LineFactory(**words, name="Nobody's yet")

        ours, nobodys = planned_rows(
            partnership.organisation, Period.parse("FY2006"), seen_by=lead
        )

        assert (ours.planned, ours.planned_of, ours.counted, ours.quarters) == (
            200,
            "starts",
            80,
            2,
        )
        assert nobodys.counted is None
