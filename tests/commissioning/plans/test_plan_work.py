"""What plans ask of each side, on the home page."""

import datetime as dt

import pytest

from commissioning.choices import AmendmentState, PlanState, PlanStep
from commissioning.models import Amendment, DueDate, Plan, PlanComment
from commissioning.views.plans.work import plan_work
from tests.commissioning.plans.written import YEAR, written_plan
from tests.factories.commissioning import NationFactory, PartnershipFactory, UserFactory

pytestmark = pytest.mark.django_db
OURS = "the treatment plan of Gateshead for 2006/07"
TODAY, DUE = dt.date(2006, 6, 12), dt.date(2006, 5, 31)


def asked(person, organisation, on=TODAY):
    organisation = getattr(organisation, "organisation", organisation)
    return [(one.sentence, one.due_on, one.late) for one in plan_work(person, organisation, on=on)]


def due(made, step=PlanStep.SUBMITTED, year=YEAR, on=DUE):
    DueDate.objects.create(organisation=made.region, year=year, step=step, on=on)


def test_a_draft_is_to_be_submitted_and_next_year_s_plan_to_be_started():
    made = written_plan()
    due(made)
    due(made, year=2007, on=dt.date(2006, 12, 1))

    assert asked(made.commissioner, made.partnership) == [
        ("Submit the treatment plan for 2006/07", DUE, True),
        ("Start the treatment plan for 2007/08", dt.date(2006, 12, 1), False),
    ]
    assert asked(made.reviewer, made.region) == []


def test_to_start_a_year_leads_to_rolling_forward_the_plan_before_it():
    made = written_plan()
    due(made, year=2007, on=dt.date(2006, 12, 1))
    place = made.partnership

    def started_at():
        work = plan_work(made.commissioner, place.organisation, on=TODAY)
        return next(one.href for one in work if one.sentence.startswith("Start"))

    assert started_at() == f"/partnership/{place.code}/plan/{made.plan.slug}/roll-forward/"

    Plan.objects.all().delete()
    assert started_at() == f"/partnership/{place.code}/plan/start/?year=FY2007"


@pytest.mark.parametrize(
    ("state", "writers", "reviewers"),
    [
        (PlanState.SUBMITTED, [], [f"Comment on {OURS}, or agree it"]),
        (PlanState.COMMENTED, ["Resubmit the treatment plan for 2006/07"], []),
        (PlanState.RESUBMITTED, [], [f"Agree {OURS}, or return it"]),
        (PlanState.AGREED, [], [f"Begin to monitor {OURS}"]),
        (PlanState.MONITORED, [], []),
        (PlanState.CLOSED, [], []),
    ],
)  # fmt: skip
def test_each_side_sees_what_waits_for_it(state, writers, reviewers):
    made = written_plan(state=state)

    assert [said for said, *_ in asked(made.lead, made.partnership)] == writers
    assert [said for said, *_ in asked(made.reviewer, made.region)] == reviewers


def test_a_year_that_is_over_is_to_be_closed():
    made = written_plan(state=PlanState.MONITORED)

    (item,) = asked(made.reviewer, made.region, on=dt.date(2007, 4, 2))

    assert item[0] == "Close the treatment plan of Gateshead for 2006/07"


def test_comments_are_to_be_answered_and_conditions_to_be_settled():
    made = written_plan(state=PlanState.COMMENTED)
    for text in ("One", "Two"):
        PlanComment.objects.create(
            plan=made.plan, section="MONEY", text=text, is_condition=True, made_by=made.reviewer
        )
    assert ("Answer 2 comments on the treatment plan for 2006/07", None, False) in asked(
        made.lead, made.partnership
    )
    Plan.objects.update(state=PlanState.RESUBMITTED)

    (item,) = plan_work(made.reviewer, made.region, on=TODAY)

    assert item.about == "2 conditions to settle"


@pytest.mark.parametrize(
    ("state", "sides"), [(AmendmentState.OPEN, (1, 0)), (AmendmentState.SUBMITTED, (0, 1))]
)
def test_an_amendment_waits_for_whose_turn_it_is(state, sides):
    made = written_plan(state=PlanState.MONITORED)
    Amendment.objects.create(plan=made.plan, number=1, reason="A clinic.", state=state)

    found = asked(made.lead, made.partnership), asked(made.reviewer, made.region)

    assert tuple(map(len, found)) == sides


def test_one_who_only_reads_plans_is_asked_for_nothing():
    made = written_plan()

    assert asked(UserFactory(analyst_of=made.partnership), made.partnership) == []


def test_england_sees_how_many_wait_and_a_region_no_more_than_eight_by_themselves(client):
    made = written_plan(state=PlanState.SUBMITTED)
    due(made, PlanStep.COMMENTED)
    for _ in range(10):
        Plan.objects.create(
            partnership=PartnershipFactory(region=made.region),
            year=YEAR, slug="FY2006", state=PlanState.SUBMITTED,
        )  # fmt: skip
    nation = NationFactory()
    national = UserFactory(reviewer_of=nation)

    (item,) = plan_work(national, nation, on=TODAY)
    assert (item.sentence, item.about) == (
        "11 treatment plans for 2006/07 wait for a region",
        "11 late",
    )
    client.force_login(national)
    assert client.get(item.href).status_code == 200
    items = plan_work(made.reviewer, made.region, on=TODAY)
    assert [one.sentence for one in items][8:] == ["3 treatment plans for 2006/07 wait for you"]


def test_every_item_leads_to_a_page(client):
    made = written_plan(state=PlanState.COMMENTED)
    due(made, year=2007, on=dt.date(2006, 12, 1))
    PlanComment.objects.create(plan=made.plan, section="MONEY", text="Why?", made_by=made.reviewer)
    client.force_login(made.lead)

    items = plan_work(made.lead, made.partnership.organisation, on=TODAY)

    assert [client.get(one.href).status_code for one in items] == [200, 200, 200]
