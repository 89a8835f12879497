"""Quarterly reports: made, written, signed, opened again; and what a line should have reached."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest

from commissioning.choices import EntryKind, MilestoneStatus, PlanState, ReportState
from commissioning.kernel.errors import NotPermitted, TransitionRefused
from commissioning.models import AuditEvent, Entry, GridRow, Line, LineTrajectory, Notice, Plan
from commissioning.rule_settings import DEFAULTS
from commissioning.rules.profiles import against_profile, money_meant_by, people_meant_by
from commissioning.scoping import System
from commissioning.selectors.plans.monitoring import quarters_of, report_of, standing_of
from commissioning.services.plans import agreement, monitoring
from commissioning.services.plans.agreement import NotReady
from commissioning.services.plans.editing import ChangedMeanwhile
from commissioning.services.plans.monitoring import LineRow, MilestoneRow, ReportRefused
from commissioning.services.plans.quarters import open_reports
from tests.commissioning.plans.written import written_plan
from tests.factories.commissioning import RuleSetFactory

pytestmark = pytest.mark.django_db
JUNE, JULY, AUGUST = dt.date(2006, 6, 20), dt.date(2006, 7, 20), dt.date(2006, 8, 10)
AFTER = dt.date(2007, 4, 20)


@pytest.fixture
def made():
    """An agreed plan: prescribing for £60,000, rehabilitation for £60,000.50 with a profile."""
    made = written_plan(state=PlanState.SUBMITTED)
    made.plan = agreement.agree_plan(plan=made.plan, by=made.reviewer, on=dt.date(2006, 3, 20))
    return made


def pay(made, number, amount, on):
    part = made.plan.lines.get(number=number).allocations.order_by("pk").first()
    Entry.objects.create(
        allocation=part,
        kind=EntryKind.PAYMENT,
        amount=Decimal(amount),
        cause=f"invoice {number} {on}",
        on=on,
        system="a test",
    )


def save(made, *rows, quarter=1, on=JULY, by=None, **words):
    return monitoring.save_report(
        report=report_of(made.plan, quarter), rows=rows, by=by or made.commissioner, on=on, **words
    )


def sign(made, quarter=1, on=JULY, by=None):
    return monitoring.sign_report(report=report_of(made.plan, quarter), by=by or made.lead, on=on)


def standing(made, quarter=1):
    found = standing_of(report_of(made.plan, quarter), made.plan)
    return {one.number: one for one in found.lines}


class TestWhatIsMeant:
    @pytest.mark.parametrize(("quarter", "meant"), [(1, 25), (2, 50), (3, 75), (4, 100)])
    def test_a_line_without_a_profile_is_spent_evenly(self, quarter, meant):
        assert money_meant_by(quarter, steps={}, planned=Decimal(100)) == meant

    def test_a_quarter_left_out_counts_as_the_one_before(self):
        steps = {2: Decimal(10), 4: Decimal(90)}

        assert [money_meant_by(q, steps=steps, planned=Decimal(90)) for q in (1, 2, 3, 4)] == [
            *(0, 10, 10, 90)
        ]

    def test_starts_are_whole_people_halves_up(self):
        assert [people_meant_by(q, steps={}, planned=10) for q in (1, 2, 3, 4)] == [3, 5, 8, 10]
        assert people_meant_by(1, steps={}, planned=None) is None
        assert people_meant_by(3, steps={1: 4, 2: 9}, planned=10) == 9

    @pytest.mark.parametrize(
        ("spent", "meant", "words"),
        [
            (120, 100, "£20 over the profile, 20%"),
            (75, 100, "£25 under the profile, 25%"),
            (100, 100, "As the profile"),
            (5, 0, "£5 over the profile"),
            (999, 1000, "£1 under the profile, less than 1%"),
        ],
    )
    def test_the_difference_is_said_in_pounds_and_per_cent(self, spent, meant, words):
        assert against_profile(Decimal(spent), Decimal(meant)) == words


class TestOpening:
    def test_an_agreed_plan_has_four_reports_due_a_month_after_each_quarter(self, made):
        due = [one.due_on for one in made.plan.reports.order_by("quarter")]

        assert DEFAULTS.report_due_days == 30
        assert due == [
            dt.date(2006, 7, 30),
            dt.date(2006, 10, 30),
            dt.date(2007, 1, 30),
            dt.date(2007, 4, 30),
        ]

    def test_the_days_are_those_of_the_rules_in_force_when_the_year_begins(self):
        RuleSetFactory(rules=replace(DEFAULTS, report_due_days=15))
        plan = written_plan(state=PlanState.AGREED).plan

        assert open_reports(plan=plan, by=System("a test"))[0].due_on == dt.date(2006, 7, 15)

    def test_again_it_makes_nothing(self, made):
        assert open_reports(plan=made.plan, by=made.reviewer) == []
        assert made.plan.reports.count() == 4

    def test_a_draft_has_none(self):
        with pytest.raises(TransitionRefused, match="is not agreed"):
            open_reports(plan=written_plan().plan, by=System("a test"))


class TestWriting:
    def test_the_first_report_begins_the_monitoring(self, made):
        save(made, LineRow(number=1, starts=12, commentary="As meant."))

        assert Plan.objects.get(pk=made.plan.pk).state == PlanState.MONITORED

    def test_without_a_typed_spend_the_ledger_stands(self, made):
        pay(made, 1, "14000.00", dt.date(2006, 5, 2))
        pay(made, 1, "900.00", dt.date(2006, 7, 3))
        save(made, LineRow(number=1, starts=12))

        line = standing(made)[1]
        assert (line.paid, line.spend, line.reported) == (Decimal(14000), None, Decimal(14000))
        assert line.in_words == "£1,000 under the profile, 7%"

    def test_a_typed_spend_is_shown_with_its_difference_from_the_ledger(self, made):
        pay(made, 1, "14000.00", dt.date(2006, 5, 2))
        save(made, LineRow(number=1, spend=Decimal("15500.00")))

        line = standing(made)[1]
        assert (line.reported, line.beside_ledger) == (Decimal(15500), Decimal(1500))
        assert line.difference == Decimal(500)

    def test_starts_stand_against_the_trajectory(self, made):
        LineTrajectory.objects.filter(line__plan=made.plan).update(starts=4)
        save(made, LineRow(number=2, starts=6))

        line = standing(made)[2]
        assert (line.starts, line.starts_meant, line.profile) == (6, 4, Decimal(15000))

    def test_milestones_are_told_in_the_same_deed(self, made):
        row = GridRow.objects.get(plan=made.plan)
        told = MilestoneRow(key=row.pk, status=MilestoneStatus.LATE, note="No lease yet.")

        save(made, milestones=[told])

        row.refresh_from_db()
        assert (row.status, row.status_note) == ("LATE", "No lease yet.")
        saved = AuditEvent.objects.filter(action="plan.report_saved").latest("pk")
        assert saved.details["milestones"] == ["Open a second clinic: Not started, now Late"]

    def test_a_milestone_of_another_plan_is_left(self, made):
        other = GridRow.objects.get(plan=written_plan(name="Hull").plan)

        save(made, milestones=[MilestoneRow(key=other.pk, status=MilestoneStatus.DONE)])

        other.refresh_from_db()
        assert other.status == MilestoneStatus.NOT_STARTED

    def test_what_is_left_empty_is_taken_out(self, made):
        save(made, LineRow(number=1, starts=12))
        save(made, LineRow(number=1))

        assert report_of(made.plan, 1).lines.count() == 0

    @pytest.mark.parametrize(
        ("row", "words"),
        [
            (LineRow(number=9, starts=1), "Line 9 is not reported on"),
            (LineRow(number=1, starts=1_000_001), "enter starts from 0"),
            (LineRow(number=1, spend=Decimal("-1.00")), "cannot have been spent"),
        ],
    )
    def test_what_cannot_be_is_refused(self, made, row, words):
        with pytest.raises(ReportRefused, match=words):
            save(made, row)

    def test_not_before_the_quarter_begins(self, made):
        with pytest.raises(NotReady, match="begins on 1 July 2006"):
            save(made, quarter=2, on=JUNE)

    def test_the_second_of_two_windows_is_told(self, made):
        seen = report_of(made.plan, 1).revision
        save(made, LineRow(number=1, starts=12), revision=seen)

        with pytest.raises(ChangedMeanwhile):
            save(made, LineRow(number=1, starts=13), revision=seen)
        assert standing(made)[1].starts == 12

    def test_reviewers_do_not_write_it(self, made):
        with pytest.raises(NotPermitted):
            save(made, by=made.reviewer)


class TestSigning:
    def test_a_signed_report_stays_as_it_was(self, made):
        pay(made, 1, "14000.00", dt.date(2006, 5, 2))
        save(made, LineRow(number=1, starts=12, commentary="As meant."))
        sign(made)

        pay(made, 1, "600.00", dt.date(2006, 6, 2))
        Line.objects.filter(plan=made.plan).update(name="Renamed")
        GridRow.objects.filter(plan=made.plan).update(status="DONE")

        held = standing_of(report_of(made.plan, 1), made.plan)
        assert (held.lines[0].name, held.lines[0].paid) == ("Prescribing", Decimal(14000))
        assert held.milestones[0].status == "NOT_STARTED"
        with pytest.raises(TransitionRefused, match="signed by Bo Lee"):
            save(made, LineRow(number=1, starts=13))

    def test_the_region_is_told(self, made):
        sign(made)

        told = Notice.objects.filter(person=made.reviewer).latest("pk")
        assert "April to June 2006" in told.sentence
        assert told.link.endswith("/monitoring/q1/")

    def test_a_commissioner_does_not_sign(self, made):
        with pytest.raises(NotPermitted):
            sign(made, by=made.commissioner)

    def test_not_before_the_quarter_is_over(self, made):
        with pytest.raises(NotReady, match="ends on 30 June 2006"):
            sign(made, on=dt.date(2006, 6, 30))

    def test_not_twice(self, made):
        sign(made)

        with pytest.raises(TransitionRefused, match="signed by Bo Lee"):
            sign(made)

    def test_a_reviewer_opens_it_again_with_a_reason(self, made):
        report = sign(made)
        with pytest.raises(NotPermitted):
            monitoring.reopen_report(report=report, reason="Mine.", by=made.lead, on=AUGUST)
        with pytest.raises(ReportRefused, match="Say why"):
            monitoring.reopen_report(report=report, reason=" ", by=made.reviewer, on=AUGUST)

        monitoring.reopen_report(
            report=report, reason="Line 2 lacks its starts.", by=made.reviewer, on=AUGUST
        )

        held = report_of(made.plan, 1)
        assert (held.state, held.reopened_because) == (
            ReportState.OPEN,
            "Line 2 lacks its starts.",
        )
        told = Notice.objects.filter(person=made.lead).latest("pk")
        assert "open again" in told.sentence
        save(made, LineRow(number=2, starts=3))
        assert sign(made, on=AUGUST).reopened_because == ""

    def test_what_is_not_signed_is_not_opened_again(self, made):
        with pytest.raises(TransitionRefused, match="is not signed"):
            monitoring.reopen_report(
                report=report_of(made.plan, 1), reason="So.", by=made.reviewer, on=AUGUST
            )


class TestTheYearsEnd:
    def close(self, made):
        return agreement.close_plan(plan=made.plan, by=made.reviewer, on=AFTER)

    def test_a_plan_closes_once_all_four_are_signed(self, made):
        for quarter in (1, 2, 4):
            sign(made, quarter, on=AFTER)
        with pytest.raises(NotReady, match="The report of quarter 3 is not signed"):
            self.close(made)
        sign(made, 3, on=AFTER)

        assert self.close(made).state == PlanState.CLOSED
        with pytest.raises(TransitionRefused, match="is closed"):
            monitoring.reopen_report(
                report=report_of(made.plan, 1), reason="So.", by=made.reviewer, on=AFTER
            )

    def test_several_are_named(self, made):
        sign(made, 1, on=AFTER)

        with pytest.raises(NotReady, match="The reports of quarters 2, 3 and 4 are not signed"):
            self.close(made)


def test_the_four_quarters_have_days_money_and_lateness(made, django_assert_num_queries):
    pay(made, 1, "14000.00", dt.date(2006, 5, 2))
    pay(made, 1, "900.00", dt.date(2006, 7, 3))
    sign(made)

    with django_assert_num_queries(5):
        found = quarters_of(made.plan, today=dt.date(2006, 11, 9))

    assert [(one.profile, one.paid) for one in found[:2]] == [
        (Decimal(30000), Decimal(14000)),
        (Decimal(45000), Decimal(14900)),
    ]
    assert [(one.is_signed, one.days_late, one.is_over) for one in found] == [
        (True, 0, True),
        (False, 10, True),
        (False, 0, False),
        (False, 0, False),
    ]
