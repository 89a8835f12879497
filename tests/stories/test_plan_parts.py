"""A commissioner mends what keeps a plan from being sent, part by part, in a browser."""

import pytest
from playwright.sync_api import expect

from commissioning.models import Declaration, Evidence
from commissioning.selectors.plans.checking import blocking_checks
from tests.commissioning.plans.sound import sound_plan
from tests.factories.commissioning import RuleSetFactory, UserFactory
from tests.stories.everybody import assert_everybody_can_use, assert_fits_every_width

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def plan():
    """Sound but for its targets, its summary and what was declared of shared care."""
    plan = sound_plan()
    RuleSetFactory()
    plan.refresh_from_db()
    plan.targets.all().delete()
    plan.coverage.filter(item="T1-01").delete()
    plan.summary = ""
    plan.save()
    Declaration.objects.filter(plan=plan, check_code="shared-care").delete()
    Evidence.objects.create(
        subject=plan.partnership.organisation,
        name="retained",
        period="FY2005",
        value="0.62",
        as_at="2006-05-01",
        source="Results",
    )
    return plan


@pytest.fixture
def home(live_server, plan):
    return f"{live_server.url}/partnership/{plan.partnership.code}/plan/FY2006/"


@pytest.fixture
def desk(sits_down, plan):
    """A page at which a commissioner of the partnership is signed in."""
    return sits_down(UserFactory(commissioner_of=plan.partnership), "/")


def press(page, name):
    page.get_by_role("button", name=name).click()


def set_target(page, home, where, target, *, baseline=""):
    page.goto(f"{home}targets/{where}/")
    if baseline:
        page.get_by_label("Baseline, people").fill(baseline)
        page.get_by_label("Where the baseline comes from").fill("Counted by hand")
    page.get_by_label("Target, ").fill(target)
    if "delivery-plan" in where:
        page.get_by_label("Agreed with").fill("Blackpool PCT and the health authority")
    assert_everybody_can_use(page)
    press(page, "Save the target")


def test_what_keeps_the_plan_from_being_sent_is_mended_part_by_part(desk, home, plan):
    desk.goto(home)
    expect(
        desk.get_by_role("heading", name="Still to do before the plan can be sent")
    ).to_be_visible()
    assert_everybody_can_use(desk)

    desk.get_by_role("link", name="Write the summary").click()
    desk.get_by_label("Strategic summary").fill("Fewer deaths, shorter waits.")
    assert_everybody_can_use(desk)
    press(desk, "Save the summary")
    expect(desk.get_by_text("Fewer deaths, shorter waits.")).to_be_visible()

    set_target(desk, home, "local/in-treatment", "1,200", baseline="1,000")
    set_target(desk, home, "local/planned-exits", "130", baseline="100")
    set_target(desk, home, "delivery-plan/retained", "70")
    aimed = desk.get_by_text("Retained twelve weeks: from 62% to 70% by March 2007")
    expect(aimed.first).to_be_visible()
    desk.locator("#delivery-plan-retained-chart[data-ready]").wait_for()
    assert_everybody_can_use(desk)

    desk.goto(f"{home}tiers/1/")
    desk.get_by_label("Screening and assessment: state").select_option(label="Weak")
    desk.get_by_label("Screening and assessment: why it is weak or missing").fill("One ward only")
    assert_everybody_can_use(desk)
    press(desk, "Save the coverage")
    expect(desk.get_by_text("One ward only")).to_be_visible()
    assert_everybody_can_use(desk)

    desk.goto(f"{home}checks/?state=needs_reason")
    assert_everybody_can_use(desk)
    desk.get_by_role("link", name="Declare “Shared care”").click()
    desk.get_by_label("It holds", exact=True).check()
    desk.get_by_label("Shared care is in place").check()
    desk.get_by_label("It was reviewed in the last twelve months").check()
    desk.get_by_label("Grounds").fill("Reviewed by the board in May.")
    assert_everybody_can_use(desk)
    press(desk, "Save the declaration")
    expect(desk.get_by_text("No check keeps the plan from being sent.")).to_be_visible()
    assert_everybody_can_use(desk)
    plan.refresh_from_db()
    assert blocking_checks(plan) == []


def test_a_row_of_a_grid_is_taken_from_those_offered_and_followed(desk, home):
    desk.goto(f"{home}grids/")
    assert_everybody_can_use(desk)
    desk.get_by_role("link", name="Nobody leaves treatment to nothing").click()
    for label, value in (("Day", "30"), ("Month", "9"), ("Year", "2006")):
        desk.get_by_label(label, exact=True).fill(value)
    desk.get_by_label("By whom").fill("The user group")
    assert_everybody_can_use(desk)
    press(desk, "Add the row")

    desk.get_by_role("link", name="Set up peer support and mentors").click()
    desk.get_by_label("Status").select_option(label="On track")
    assert_everybody_can_use(desk)
    press(desk, "Save the status")
    expect(desk.get_by_role("cell", name="On track")).to_be_visible()


def test_what_was_typed_in_a_second_window_is_kept_beside_what_is_there(desk, home, plan):
    desk.goto(f"{home}summary/")
    other = desk.context.new_page()
    other.goto(f"{home}summary/")
    other.get_by_label("Strategic summary").fill("Theirs.")
    press(other, "Save the summary")

    desk.get_by_label("Strategic summary").fill("Mine.")
    press(desk, "Save the summary")

    said_now = desk.get_by_role("region", name="What the plan says now")
    expect(said_now.get_by_text("Theirs.")).to_be_visible()
    expect(desk.get_by_label("Strategic summary")).to_have_value("Mine.")
    assert_everybody_can_use(desk)


def test_commissioning_is_judged_and_an_action_goes_into_the_grid(desk, live_server, plan):
    where = f"{live_server.url}/partnership/{plan.partnership.code}/self-assessment/FY2006/"
    desk.goto(where)
    assert_everybody_can_use(desk)
    desk.get_by_label("Routes in: rating").select_option(label="2: Begun, in parts")
    desk.get_by_label("Routes in: action").fill("Open on Saturdays")
    press(desk, "Save the self-assessment")
    desk.get_by_role("link", name="Put the saved action into the grid of “Routes in”").click()
    for label, value in (("Day", "30"), ("Month", "9"), ("Year", "2006")):
        desk.get_by_label(label, exact=True).fill(value)
    desk.get_by_label("By whom").fill("The commissioner")
    assert_everybody_can_use(desk)
    press(desk, "Put into the grid")
    expect(desk.get_by_text("In the grid as row 1: not started")).to_be_visible()


def test_no_page_of_a_plans_parts_scrolls_sideways(desk, home):
    for page in (
        "",
        "summary/",
        "documents/name/",
        "targets/",
        "targets/priorities/",
        "targets/local/retained/",
        "tiers/",
        "tiers/2/",
        "grids/",
        "grids/add/",
        "grids/access/1/",
        "checks/",
        "checks/shared-care/",
        "../../self-assessment/FY2006/",
    ):
        assert_fits_every_width(desk, f"{home}{page}")
