"""An afternoon with the annual plan: rolled forward, edited, mended, sent, agreed and varied."""

import re
from decimal import Decimal

import pytest

from commissioning.choices import FactKind, PlanState
from commissioning.models import Allocation, Entry, OrganisationFact, Plan
from tests.commissioning.plans.sound import sound_plan
from tests.factories.commissioning import RuleSetFactory, UserFactory
from tests.stories.everybody import assert_everybody_can_use

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def last_year():
    plan = sound_plan(state=PlanState.MONITORED)
    RuleSetFactory()
    return plan


@pytest.fixture
def sit(sits_down, last_year):
    """Somebody signs in at the page and opens an address under the partnership."""
    return lambda person, where: sits_down(
        person, f"/partnership/{last_year.partnership.code}/{where}"
    )


@pytest.fixture
def lead(last_year):
    return UserFactory(name="Ann Ward", lead_of=last_year.partnership)


@pytest.fixture
def reviewer(last_year):
    facts = OrganisationFact.objects.filter(kind=FactKind.IN_REGION)
    region = facts.get(organisation=last_year.partnership.organisation).other
    return UserFactory(name="Rae Moss", reviewer_of=region)


def press(page, name):
    page.get_by_role("button", name=name, exact=True).last.click()


def sees(page, words):
    page.get_by_text(words).first.wait_for()


def test_from_last_years_plan_to_an_agreed_and_varied_one(sit, lead, reviewer, last_year):
    page = sit(lead, "plan/FY2006/")
    press(page, "Roll forward to 2007/08")
    assert_everybody_can_use(page)
    press(page, "Roll forward to 2007/08")
    sees(page, "The plan is rolled forward to 2007/08")

    first = edit_by_keyboard(sit(lead, "plan/FY2007/lines/"))
    mend(sit(lead, "plan/FY2007/money/"))
    for where, baseline, target in (
        ("local/in-treatment", "1,000", "1,200"),
        ("local/planned-exits", "100", "130"),
        ("delivery-plan/retained", "62", "70"),
    ):
        set_target(sit(lead, f"plan/FY2007/targets/{where}/"), baseline, target)
    answer_the_checks(sit(lead, "plan/FY2007/checks/"))

    agree_after_a_comment(sit, lead, reviewer, first)
    plan = Plan.objects.get(year=2007)
    planned = sum(one.planned for one in Allocation.objects.filter(line__plan=plan))
    assert planned == sum(one.amount for one in Allocation.objects.filter(line__plan=plan)) > 0

    vary(sit, lead, reviewer, first)
    assert plan.versions.order_by("-number")[0].reason == "VARIED"
    assert Entry.objects.filter(allocation__line__plan=plan, kind="ALLOCATION").exists()


def agree_after_a_comment(sit, lead, reviewer, first):
    """The region asks, the partnership answers, the region agrees."""
    page = sit(lead, "plan/FY2007/")
    press(page, "Submit plan")
    press(page, "Submit plan")
    sees(page, "The plan is with the region now.")

    page = sit(reviewer, f"plan/FY2007/comments/?line={first}")
    page.get_by_label("Comment", exact=True).fill("Why does this line cost more?")
    press(page, "Add comment")
    sees(page, "The comment is on the plan.")
    press(page, "Return plan")
    press(page, "Return plan")
    sees(page, "The plan is back with its partnership")

    page = sit(lead, "plan/FY2007/comments/")
    page.get_by_role("link", name="Answer comment").click()
    page.get_by_label("Answer", exact=True).fill("The clinic opens on Saturdays.")
    press(page, "Save answer")
    press(page, "Resubmit plan")
    press(page, "Resubmit plan")
    sees(page, "The plan is with the region again.")

    page = sit(reviewer, "plan/FY2007/")
    press(page, "Agree plan")
    press(page, "Agree plan")
    sees(page, "The plan is agreed, and its money is in the ledger.")
    assert_everybody_can_use(page)


def vary(sit, lead, reviewer, first):
    """A line is renamed in the year."""
    page = sit(lead, "plan/FY2007/")
    press(page, "Open an amendment")
    page.get_by_label("Reason").fill("The clinic opens later.")
    press(page, "Open an amendment")
    sees(page, "The plan can be changed now.")
    page = sit(lead, f"plan/FY2007/lines/{first}/")
    page.get_by_label("Line", exact=True).fill("Saturday clinic")
    press(page, "Save this line")
    sees(page, f"Line {first} is saved.")
    page = sit(lead, "plan/FY2007/amendments/1/")
    press(page, "Submit amendment")
    press(page, "Submit amendment")
    sees(page, "The amendment is with the region now.")
    page = sit(reviewer, "plan/FY2007/amendments/1/")
    press(page, "Agree amendment")
    press(page, "Agree amendment")
    sees(page, "The amendment is agreed")


def edit_by_keyboard(page):
    """Line 1 costs £500 more, of the pooled budget; its number."""
    page.locator('[name="1.plain_sum"]').click()
    for column in ("plain_sum", "stream-pooled-treatment"):
        page.locator(f'[name="1.{column}"]').focus()
        page.keyboard.press("Control+A")
        page.keyboard.type("1500")
        page.keyboard.press("Enter")
    assert_everybody_can_use(page)
    press(page, "Save lines")
    sees(page, "saved")
    return 1


def mend(page):
    """The pooled budget holds what the lines take of it now."""
    amount = page.locator("#f-pooled-treatment-amount")
    assert Decimal(re.sub(r"[£,]", "", amount.input_value())) == 9500
    amount.fill("£10,000")
    press(page, "Save the streams")
    sees(page, "The streams are saved.")


def set_target(page, baseline, target):
    """A number from last year's by hand, in a straight line."""
    page.get_by_label("Baseline, ").fill(baseline)
    page.get_by_label("Where the baseline comes from").fill("Counted by hand")
    page.get_by_label("Target, ").fill(target)
    for quarter in page.get_by_label(re.compile("^By the end of")).all():
        quarter.fill("")
    press(page, "Save the target")
    page.wait_for_url("**/targets/*")


def answer_the_checks(page):
    """Every check that may be answered in words is, until nothing keeps the plan back."""
    checks = page.url
    asked = re.compile("^(Declare|Give a reason).*“")
    while (links := page.get_by_role("link", name=asked)).count():
        links.first.click()
        for box in page.get_by_role("checkbox").all():
            box.check()
        if page.get_by_label("It holds", exact=True).count():
            page.get_by_label("It holds", exact=True).check()
        page.get_by_role("textbox").last.fill("Minuted by the joint commissioning group.")
        page.get_by_role("button", name=re.compile("^Save the")).click()
        page.goto(f"{checks}?state=needs_reason")
    page.goto(checks)
    sees(page, "No check keeps the plan from being sent.")
    assert_everybody_can_use(page)
