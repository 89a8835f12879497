"""Days that regions set, and who is reminded of them."""

import datetime as dt

import pytest

from commissioning.choices import PlanState, PlanStep
from commissioning.kernel.errors import NotPermitted
from commissioning.models import DueDate, Notice, Partnership, Plan
from commissioning.selectors.plans.across import rows_of
from commissioning.selectors.plans.standing import plans_across
from commissioning.services.plans.due_dates import DatesRefused, set_due_dates
from commissioning.services.plans.reminding import remind_of_plans
from tests.commissioning.plans.written import YEAR, written_plan
from tests.factories.commissioning import NationFactory, PartnershipFactory, UserFactory

pytestmark = pytest.mark.django_db
DUE = dt.date(2006, 5, 31)


def due(organisation, step=PlanStep.SUBMITTED, on=DUE):
    return DueDate.objects.create(organisation=organisation, year=YEAR, step=step, on=on)


def told(person):
    return [one.sentence for one in Notice.objects.filter(person=person).order_by("pk")]


class TestSetting:
    def test_a_reviewer_sets_the_days_of_the_region(self):
        made = written_plan()

        for on in (DUE, DUE + dt.timedelta(days=7)):
            days = {PlanStep.SUBMITTED: on, PlanStep.AGREED: dt.date(2006, 7, 1)}
            set_due_dates(organisation=made.region, year=YEAR, days=days, by=made.reviewer)

        held = DueDate.objects.filter(organisation=made.region)
        assert {one.step: one.on for one in held} == days

    def test_a_day_that_is_taken_out_is_gone(self):
        made = written_plan()
        due(made.region)

        set_due_dates(organisation=made.region, year=YEAR, days={}, by=made.reviewer)

        assert not DueDate.objects.exists()

    def test_nobody_sets_the_days_of_another_region_or_of_england(self):
        made, other = written_plan(), written_plan(name="Elsewhere")

        for place in (other.region, NationFactory()):
            with pytest.raises(NotPermitted):
                set_due_dates(organisation=place, year=YEAR, days={}, by=made.reviewer)

    def test_steps_are_due_in_their_order(self):
        made = written_plan()
        days = {PlanStep.SUBMITTED: DUE, PlanStep.COMMENTED: DUE - dt.timedelta(days=1)}

        with pytest.raises(DatesRefused, match="before “Plan submitted” on 31 May 2006"):
            set_due_dates(organisation=made.region, year=YEAR, days=days, by=made.reviewer)

    def test_days_lie_around_the_year(self):
        made = written_plan()

        with pytest.raises(DatesRefused, match="Plans of 2006/07 are due from"):
            set_due_dates(
                organisation=made.region,
                year=YEAR,
                days={PlanStep.SUBMITTED: dt.date(2016, 5, 31)},
                by=made.reviewer,
            )


class TestWhatIsDue:
    def row(self, made):
        mine = Partnership.objects.filter(pk=made.partnership.pk)
        return rows_of(plans_across(mine, year=YEAR, on=DUE))[0]

    def test_the_region_s_own_day_comes_before_england_s(self):
        made = written_plan()
        due(NationFactory(), on=DUE + dt.timedelta(days=9))
        assert self.row(made).due_on == DUE + dt.timedelta(days=9)

        due(made.region)

        assert self.row(made).due_on == DUE

    @pytest.mark.parametrize("state", PlanState)
    def test_the_next_step_of_each_state_is_what_is_due(self, state):
        made = written_plan(state=state)
        for place, step in enumerate(PlanStep):
            due(made.region, step, DUE + dt.timedelta(days=place))

        expected = {"DRAFT": 0, "SUBMITTED": 1, "COMMENTED": 2, "RESUBMITTED": 3}.get(state)
        on = None if expected is None else DUE + dt.timedelta(days=expected)
        assert self.row(made).due_on == on


class TestReminders:
    def test_come_two_weeks_and_three_days_before_and_when_it_is_late_once_each(self):
        made = written_plan()
        due(made.region)

        for days in (-20, -14, -13, -5, -3, -1, 0, 1, 2):
            remind_of_plans(on=DUE + dt.timedelta(days=days))

        assert told(made.lead) == told(made.commissioner)
        said = "The treatment plan of Gateshead for 2006/07 is to be submitted:"
        assert told(made.lead) == [
            f"{said} due on 31 May 2006",
            f"{said} due on 31 May 2006",
            f"{said} was due on 31 May 2006",
        ]
        assert told(made.reviewer) == []

    def test_go_to_the_region_when_it_is_the_region_s_turn(self):
        made = written_plan(state=PlanState.SUBMITTED)
        due(made.region, PlanStep.COMMENTED)

        remind_of_plans(on=DUE)

        assert told(made.lead) == []
        assert len(told(made.reviewer)) == len(told(made.colleague)) == 1

    def test_of_a_region_without_reviewers_go_to_england(self):
        made = written_plan(state=PlanState.SUBMITTED)
        due(made.region, PlanStep.COMMENTED)
        made.region.memberships.update(until_on=DUE)
        national = UserFactory(reviewer_of=NationFactory())

        remind_of_plans(on=DUE)

        assert len(told(national)) == 1

    def test_reach_a_partnership_that_has_no_plan(self):
        made = written_plan()
        due(made.region)
        idle = PartnershipFactory(region=made.region, organisation__name="Idle")
        lead = UserFactory(lead_of=idle)

        remind_of_plans(on=DUE)

        assert "of Idle for 2006/07 is to be started" in told(lead)[0]

    def test_reach_a_partnership_that_leads_a_joint_plan_and_has_none_of_its_own(self):
        made = written_plan()
        due(made.region)
        Plan.objects.update(kind="JOINT", name="Tier 4 North East", state=PlanState.AGREED)

        remind_of_plans(on=DUE)

        assert "of Gateshead for 2006/07 is to be started" in told(made.lead)[0]

    def test_come_anew_when_the_day_is_moved(self):
        made = written_plan()
        held = due(made.region)
        remind_of_plans(on=DUE - dt.timedelta(days=1))
        held.on = DUE + dt.timedelta(days=1)
        held.save()

        remind_of_plans(on=DUE)

        assert len(told(made.lead)) == 2

    def test_do_not_come_for_what_is_agreed(self):
        made = written_plan()
        due(made.region)
        Plan.objects.update(state=PlanState.AGREED)

        assert remind_of_plans(on=DUE) == 0
