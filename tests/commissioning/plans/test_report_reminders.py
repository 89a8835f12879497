"""Who is reminded of quarterly reports, and what a work list says of them."""

import datetime as dt

import pytest

from commissioning.choices import PlanState
from commissioning.models import Notice, QuarterReport
from commissioning.scoping import System
from commissioning.services.plans.quarters import open_reports
from commissioning.services.plans.report_reminders import remind_of_reports
from commissioning.tasks import remind_of_plans
from commissioning.views.plans.work import plan_work
from tests.commissioning.plans.written import written_plan
from tests.factories.commissioning import NationFactory, UserFactory

pytestmark = pytest.mark.django_db
DUE = dt.date(2006, 7, 30)
DAY = dt.timedelta(days=1)


def monitored(**words):
    """A plan being monitored; its first report is due on 30 July."""
    made = written_plan(state=PlanState.MONITORED, **words)
    open_reports(plan=made.plan, by=System("a test"))
    return made


def told(person):
    return [one.sentence for one in Notice.objects.filter(person=person).order_by("pk")]


def asked(person, place, on):
    place = getattr(place, "organisation", place)
    return [
        (one.sentence, one.due_on, one.late, one.href) for one in plan_work(person, place, on=on)
    ]


@pytest.mark.parametrize(
    ("on", "said"),
    [
        (DUE - 15 * DAY, []),
        (DUE - 14 * DAY, ["is due on 30 July 2006"]),
        (DUE, ["is due today"]),
        (DUE + DAY, ["was due on 30 July 2006"]),
    ],
)
def test_writers_are_told_two_weeks_before_on_the_day_and_when_it_is_late(on, said):
    made = monitored()

    remind_of_reports(on=on)

    whole = "The report of April to June 2006 on the plan Gateshead, 2006/07"
    for person in (made.lead, made.commissioner):
        assert told(person) == [f"{whole} {one}" for one in said]


def test_each_reminder_comes_once_and_a_missed_day_is_made_up_for():
    made = monitored()

    for on in (DUE - 12 * DAY, DUE - 11 * DAY, DUE, DUE + 3 * DAY, DUE + 4 * DAY):
        remind_of_reports(on=on)

    assert len(told(made.lead)) == 3


def test_reviewers_are_told_once_a_partnership_with_how_many_it_owes():
    made = monitored()

    remind_of_reports(on=DUE)
    assert told(made.reviewer) == []
    remind_of_reports(on=dt.date(2006, 11, 2))

    assert told(made.reviewer) == [
        "Gateshead, 2006/07 owes 2 quarterly reports: the first was due on 30 July 2006"
    ]


def test_nobody_is_told_of_what_is_signed_or_closed():
    made = monitored()
    QuarterReport.objects.filter(quarter=1).update(
        state="SIGNED", signed_by=made.lead, signed_at="2006-07-20T12:00Z", as_signed={}
    )
    monitored(name="Hull")
    type(made.plan).objects.exclude(pk=made.plan.pk).update(state=PlanState.CLOSED)

    assert remind_of_reports(on=DUE) == 0


def test_the_daily_task_tells_of_reports_too(settings):
    made = monitored()
    settings.BUSINESS_DAY = DUE

    remind_of_plans()

    assert [one.endswith("is due today") for one in told(made.lead)] == [True]


def test_the_statements_do_not_grow_with_the_plans(django_assert_num_queries):
    region = monitored().region

    def statements():
        with django_assert_num_queries(13):
            remind_of_reports(on=DUE + DAY)
            Notice.objects.all().delete()

    statements()
    for name in ("Hull", "York"):
        monitored(name=name, region=region)
    statements()


class TestAWorkList:
    def test_has_the_report_of_a_quarter_once_it_is_over(self):
        made = monitored()
        assert asked(made.lead, made.partnership, dt.date(2006, 6, 30)) == []

        (item,) = asked(made.lead, made.partnership, dt.date(2006, 7, 1))

        assert item[:3] == (
            "Write and sign the report of April to June 2006 on the treatment plan for 2006/07",
            DUE,
            False,
        )
        assert item[3].endswith("/plan/FY2006/monitoring/")
        assert asked(made.lead, made.partnership, DUE + DAY)[0][2] is True

    def test_has_a_line_for_each_partnership_that_owes_reports(self):
        made = monitored()
        assert asked(made.reviewer, made.region, DUE) == []

        (item,) = asked(made.reviewer, made.region, dt.date(2006, 11, 2))

        assert item[:3] == (
            "Ask for 2 overdue reports on the treatment plan of Gateshead for 2006/07",
            DUE,
            True,
        )

    def test_counts_them_for_england(self):
        made = monitored()
        monitored(name="Hull", region=made.region)
        nation = NationFactory()

        (item,) = asked(UserFactory(reviewer_of=nation), nation, DUE + DAY)

        assert item[0] == "2 reports on 2 treatment plans for 2006/07 overdue"
        assert item[3] == "/england/plans/FY2006/spend/?reports=late"
