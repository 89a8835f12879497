"""A plan is sent, commented on, agreed, varied and compared by two sides, in a real browser."""

import pytest

from commissioning.choices import FactKind, PlanState
from commissioning.models import Line, OrganisationFact, Plan
from tests.commissioning.plans.sound import sound_plan
from tests.factories.commissioning import RuleSetFactory, UserFactory
from tests.stories.desk import Desk
from tests.stories.everybody import assert_fits_every_width

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


class PlanDesk(Desk):
    """The desk on which a plan lies, and its two sides."""

    def __init__(self, page, server, settings, plan):
        super().__init__(page, server, settings)
        self.plan = f"/partnership/{plan.partnership.code}/plan/FY2006/"
        self.region = OrganisationFact.objects.get(
            organisation=plan.partnership.organisation, kind=FactKind.IN_REGION
        ).other
        self.lead = UserFactory(name="Bo Lee", lead_of=plan.partnership)
        self.reviewer = UserFactory(name="Rae Moss", reviewer_of=self.region)

    def sit(self, person, where=""):
        """The person signs in and opens a page of the plan."""
        return super().sit(person, f"{self.plan}{where}")


@pytest.fixture
def plan():
    plan = sound_plan()
    RuleSetFactory()
    return plan


@pytest.fixture
def desk(live_server, page, plan, settings):
    return PlanDesk(page, live_server, settings, plan)


def test_a_plan_is_sent_returned_answered_agreed_varied_and_compared(desk, plan):
    line = plan.lines.order_by("number").first()

    agree_after_a_condition(desk, line)
    vary(desk, line)

    desk.go(f"{desk.plan}versions/")
    desk.everybody_can_use_it()
    desk.press("Compare")
    desk.sees("What changed from version 3 to version 4")
    desk.sees("Another name")
    desk.everybody_can_use_it()
    assert Plan.objects.get(pk=plan.pk).state == PlanState.AGREED
    assert list(plan.versions.order_by("number").values_list("reason", flat=True)) == [
        "SUBMITTED", "SUBMITTED", "AGREED", "VARIED",
    ]  # fmt: skip


def agree_after_a_condition(desk, line):
    desk.sit(desk.lead)
    desk.press("Submit plan")
    desk.everybody_can_use_it()
    desk.press("Submit plan")
    desk.sees("The plan is with the region now.")

    desk.sit(desk.reviewer, f"comments/?line={line.number}")
    desk.page.get_by_label("Comment", exact=True).fill("Show the way in and out.")
    desk.page.get_by_label("It is a condition").check()
    desk.press("Add comment")
    desk.sees("The comment is on the plan.")
    desk.everybody_can_use_it()
    desk.press("Return plan")
    desk.everybody_can_use_it()
    desk.press("Return plan")
    desk.sees("The plan is back with its partnership")

    desk.sit(desk.lead, "comments/")
    desk.page.get_by_role("link", name="Answer comment").click()
    desk.page.get_by_label("Answer", exact=True).fill("It is on the line now.")
    desk.press("Save answer")
    desk.sees("The answer is saved")
    Line.objects.filter(pk=line.pk).update(pathway="From open access to aftercare")
    desk.press("Resubmit plan")
    desk.press("Resubmit plan")
    desk.sees("The plan is with the region again.")

    desk.sit(desk.reviewer, "comments/")
    desk.page.get_by_role("button", name="Settle comment").click()
    desk.sees("The comment is settled.")
    desk.press("Agree plan")
    desk.sees("What is posted to the ledger")
    desk.everybody_can_use_it()
    desk.press("Agree plan")
    desk.sees("The plan is agreed, and its money is in the ledger.")


def vary(desk, line):
    desk.sit(desk.lead)
    desk.press("Open an amendment")
    desk.page.get_by_label("Reason").fill("A clinic opens late.")
    desk.press("Open an amendment")
    desk.sees("The plan can be changed now.")
    Line.objects.filter(pk=line.pk).update(name="Another name")
    desk.page.reload()
    desk.sees("Another name")
    desk.everybody_can_use_it()
    desk.press("Submit amendment")
    desk.press("Submit amendment")
    desk.sees("The amendment is with the region now.")

    desk.sit(desk.reviewer, "amendments/1/")
    desk.press("Agree amendment")
    desk.press("Agree amendment")
    desk.sees("The amendment is agreed")


def test_no_page_of_agreement_scrolls_sideways(desk):
    desk.sit(desk.lead, "submit/")
    desk.press("Submit plan")
    desk.sees("The plan is with the region now.")

    region = f"/region/{desk.region.code}/plans/FY2006/"
    desk.sit(desk.reviewer)
    for address in (
        f"{desk.plan}comments/",
        f"{desk.plan}versions/",
        f"{desk.plan}v1/",
        f"{desk.plan}compare/?from=1&to=now",
        f"{desk.plan}return/",
        region,
        f"{region}dates/",
    ):
        assert_fits_every_width(desk.page, f"{desk.server.url}{address}")
    desk.go(region)
    desk.everybody_can_use_it()
