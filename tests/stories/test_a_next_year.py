"""A commissioner rolls last year's plan forward, lifts its money, and sends lines as a file."""

import csv
import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest
from playwright.sync_api import expect

from commissioning.choices import PlanState
from commissioning.models import Partnership, Plan
from commissioning.services.plans.joint import start_joint_plan
from tests.factories.commissioning import (
    PartnershipFactory,
    RegionFactory,
    RuleSetFactory,
    UserFactory,
)
from tests.factories.plans import FundingFactory, LineFactory, PlanFactory, StreamFactory
from tests.factories.providers import ProviderFactory
from tests.stories.everybody import assert_everybody_can_use

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
HOME = "/partnership/00EY/plan/"


@pytest.fixture
def plan():
    RuleSetFactory()
    region = RegionFactory(name="North West")
    partnership = PartnershipFactory(
        region=region, organisation__name="Blackpool", organisation__code="00EY"
    )
    PartnershipFactory(region=region, organisation__name="Preston", organisation__code="00FX")
    plan = PlanFactory(partnership=partnership, state=PlanState.CLOSED)
    ptb = StreamFactory(code="ptb", name="Pooled treatment budget")
    FundingFactory(partnership=partnership, stream=ptb, amount=Decimal(10000))
    addaction = ProviderFactory(organisation__name="Addaction").organisation
    LineFactory(
        plan=plan, name="Prescribing", plain_sum=Decimal(5000), taking={ptb: 5000},
        provider=addaction, ends_on=dt.date(2007, 9, 30),
    )  # fmt: skip
    LineFactory(plan=plan, name="Needle exchange", plain_sum=Decimal(3000), taking={ptb: 3000})
    return plan


@pytest.fixture
def ann(plan):
    return UserFactory(name="Ann Ward", commissioner_of=plan.partnership)


@pytest.fixture
def joint(plan, ann):
    """60 per cent of a joint plan of £20,000; our own is being written."""
    Plan.objects.filter(pk=plan.pk).update(state=PlanState.DRAFT)
    preston = Partnership.objects.get(organisation__code="00FX")
    joint = start_joint_plan(
        partnership=plan.partnership, year=2006, name="Tier 4 Fylde", by=ann,
        on=dt.date(2006, 6, 1), shares={plan.partnership: Decimal(60), preston: Decimal(40)},
    )  # fmt: skip
    ptb = StreamFactory(code="ptb")
    LineFactory(
        plan=joint, name="Detoxification", plain_sum=Decimal(20000), taking={ptb: Decimal(20000)}
    )
    return joint


@pytest.fixture
def enter(sits_down, ann):
    """Signs the page in as a commissioner, and goes where it is told."""
    return lambda tail: sits_down(ann, f"{HOME}{tail}")


def test_last_years_plan_becomes_next_years(enter, tmp_path):
    page = enter("start/?year=FY2007")
    assert_everybody_can_use(page)
    page = enter("")
    assert_everybody_can_use(page)
    page.get_by_role("link", name="Roll forward to 2007/08").click()
    assert_everybody_can_use(page)
    expect(page.get_by_text("30 September 2007")).to_be_visible()

    # An uplift that is none is said where it was typed; then it is put right.
    page.get_by_label("Addaction").fill("a bit")
    page.get_by_role("button", name="Roll forward to 2007/08").click()
    assert_everybody_can_use(page)
    page.get_by_role("link", name="is not a per cent").click()
    expect(page.get_by_label("Addaction")).to_be_focused()
    page.get_by_label("Addaction").fill("2.5")
    page.get_by_role("button", name="Roll forward to 2007/08").click()
    page.get_by_text("The plan is rolled forward to 2007/08.").wait_for()
    assert_everybody_can_use(page)

    # Out as a file, changed, and in again.
    page.get_by_role("link", name="Lines", exact=True).click()
    expect(page.locator('[name="1.plain_sum"]')).to_have_value("5,125")
    with page.expect_download() as downloaded:
        page.get_by_role("link", name="CSV of the lines").click()
    out = Path(tmp_path / "lines.csv")
    downloaded.value.save_as(out)
    with out.open(encoding="utf-8-sig", newline="") as file:
        header, *rows = csv.reader(file)
    rows[1][header.index("Plain sum")] = "3,200.50"
    rows.append(["", "Outreach", "2", *[""] * (len(header) - 3)])
    with out.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])

    page.get_by_role("link", name="Send a file of lines").click()
    assert_everybody_can_use(page)
    page.get_by_label("File of lines").set_input_files(out)
    page.get_by_role("button", name="Check the file").click()
    page.get_by_text("1 added, 1 changed, 0 removed, 1 unchanged.").wait_for()
    assert_everybody_can_use(page)
    page.get_by_role("button", name="Save these changes").click()
    page.get_by_text("Saved: 1 line added and 1 line changed.").wait_for()

    lines = Plan.objects.get(year=2007).lines.values_list("name", "cost")
    assert dict(lines) == {
        "Prescribing": Decimal("5125.00"),
        "Needle exchange": Decimal("3200.50"),
        "Outreach": Decimal(0),
    }


def test_a_wrong_file_is_listed_row_by_row(enter, tmp_path, plan):
    Plan.objects.filter(pk=plan.pk).update(state=PlanState.DRAFT)
    out = Path(tmp_path / "lines.csv")
    out.write_text("No.,Line,Plain sum\n1,Prescribing,lots\n7,Nothing,5\n")
    page = enter("FY2006/lines/file/")
    page.get_by_label("File of lines").set_input_files(out)
    page.get_by_role("button", name="Check the file").click()

    page.get_by_text("2 things in the file have to be mended.").wait_for()
    assert_everybody_can_use(page)
    with page.expect_download() as downloaded:
        page.get_by_role("button", name="Download all 2 (CSV)").click()
    faults = downloaded.value.path().read_text("utf-8-sig")
    assert '2,Plain sum,"“lots” is not an amount' in faults


def test_a_joint_plan_is_started_and_shows_in_the_members_own(enter, plan, settings):
    settings.BUSINESS_DAY = dt.date(2006, 6, 1)
    Plan.objects.filter(pk=plan.pk).update(state=PlanState.DRAFT)
    page = enter("start-joint/")
    assert_everybody_can_use(page)
    page.get_by_label("Financial year").select_option("2006/07")
    page.get_by_label("Name of the joint plan").fill("Tier 4 Fylde")
    page.get_by_label("Share of Blackpool").fill("60")
    page.get_by_label("Share of Preston").fill("30")
    page.get_by_role("button", name="Start the joint plan").click()
    page.get_by_role("link", name="The shares come to 90%").wait_for()
    assert_everybody_can_use(page)
    page.get_by_label("Share of Preston").fill("40")
    page.get_by_role("button", name="Start the joint plan").click()
    page.get_by_text("The joint plan is started").wait_for()

    page.get_by_role("link", name="Shares and pooled need").click()
    assert_everybody_can_use(page)
    page.get_by_role("button", name="Change members and shares").click()
    expect(page.get_by_label("Share of Preston")).to_have_value("40")
    enter("FY2006/lines/")
    expect(page.get_by_role("heading", name="Our part of joint plans")).to_be_visible()


def test_what_joint_plans_take_is_not_there_for_lines(enter, page, plan, joint):
    page = enter("FY2006/lines/")
    over = page.locator('[data-over="ptb"]')
    expect(over).to_have_text("£10,000 over")  # £12,000 of £10,000 are gone, and lines take £8,000

    page.locator('[name="2.stream-ptb"]').fill("1,000.50")

    expect(over).to_have_text("£8,000.50 over")


def test_every_page_fits_a_telephone(enter, page, plan, joint):
    page.set_viewport_size({"width": 390, "height": 900})

    for tail in (
        "",
        "start-joint/",
        "FY2006/roll-forward/",
        "FY2006/contracts-ending/",
        "FY2006/lines/",
        "FY2006/lines/file/",
        "FY2006/money/",
        f"{joint.slug}/shares/",
        f"{joint.slug}/shares/change/",
    ):
        enter(tail)
        assert_everybody_can_use(page)
