"""A commissioner writes a needs assessment, in a real browser."""

import pytest

from commissioning.models import NeedsAssessment, Priority
from commissioning.scoping import System
from commissioning.services.reference import load_reference
from tests.factories.commissioning import PartnershipFactory, RegionFactory, UserFactory
from tests.factories.needs import england, fact, plan_of
from tests.stories.everybody import assert_everybody_can_use, assert_fits_every_width

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def plan():
    load_reference(by=System("a story"))
    england()
    region = RegionFactory(name="North East")
    place = {"organisation__name": "Gateshead", "organisation__code": "H-01"}
    home = PartnershipFactory(region=region, **place)
    PartnershipFactory(region=region, organisation__name="Sunderland")
    fact(home, "in-treatment", "2006-03", 890)
    fact(home, "left-treatment", "FY2005", 240)
    return plan_of(home)


@pytest.fixture
def desk(sits_down, plan):
    """The plan's tab of needs, for Ann Ward, commissioner of the partnership."""
    ann = UserFactory(name="Ann Ward", commissioner_of=plan.partnership)
    page = sits_down(ann, f"/partnership/H-01/plan/{plan.slug}/")
    page.get_by_role("link", name="Needs", exact=True).click()
    return page


def write(page, part):
    page.locator(f"a[href$='/needs/{part}/']").click()


def test_an_assessment_is_started_written_and_finished_and_a_gap_made_a_priority(desk, plan):
    assert_everybody_can_use(desk)
    desk.get_by_role("link", name="Start a needs assessment").click()
    assert_everybody_can_use(desk)
    desk.get_by_role("button", name="Start the assessment").click()

    write(desk, "bullseye")
    estimate = desk.get_by_role("group", name="Gateshead: estimated problem drug users")
    estimate.get_by_label("People", exact=True).fill("about 1,900")
    estimate.get_by_label("Source and date").fill("Glasgow, 2001")
    desk.get_by_role("button", name="Save").click()
    desk.get_by_role("link", name="is not a number of people").click()
    assert_everybody_can_use(desk)
    estimate.get_by_label("People", exact=True).fill("1,943")
    desk.get_by_role("button", name="Save").click()
    desk.get_by_text("Gateshead: 46% of those estimated are in treatment").first.wait_for()

    write(desk, "capacity")
    kind = desk.get_by_role("group", name="Specialist prescribing")
    for label, number in (
        ("People who could benefit", "420"),
        ("Share to reach in the year, per cent", "60"),
        ("Length of stay, weeks", "12"),
        ("Occupancy, per cent", "85"),
    ):
        kind.get_by_label(label).fill(number)
    desk.get_by_role("button", name="Save").click()
    desk.get_by_text("252 × 12 weeks ÷ 52 ÷ 85% = 69 places").wait_for()

    write(desk, "gaps")
    desk.get_by_role("group", name="Gap 1").get_by_label("What is missing").fill("No evenings")
    desk.get_by_role("button", name="Save").click()
    desk.get_by_role("button", name="Make a priority of it").click()
    desk.get_by_text("The gap is priority 1 of the plan.").wait_for()

    write(desk, "summary")
    desk.get_by_label("Summary").fill("More evenings are needed.")
    desk.get_by_role("button", name="Save").click()
    assert_everybody_can_use(desk)
    desk.get_by_role("button", name="Finish the assessment").click()
    desk.get_by_text("The assessment is finished.").wait_for()

    assert_everybody_can_use(desk)
    assert NeedsAssessment.objects.get().state == "FINISHED"
    assert Priority.objects.get().plan == plan


def test_no_page_scrolls_sideways(desk):
    desk.get_by_role("link", name="Start a needs assessment").click()
    desk.get_by_role("button", name="Start the assessment").click()
    address = desk.url

    for part in ("", "bullseye/", "capacity/"):
        assert_fits_every_width(desk, f"{address}{part}")
