"""A commissioner writes the budget by keyboard, in a real browser; and without its script."""

import re
from decimal import Decimal

import pytest
from playwright.sync_api import expect

from commissioning.models import Plan
from commissioning.rules.costs import line_cost, split_by_percent
from commissioning.rules.line_cells import read_cells
from tests.factories.commissioning import RuleSetFactory, UserFactory
from tests.factories.plans import (
    FundingFactory,
    InterventionTypeFactory,
    LineFactory,
    PlanFactory,
    StreamFactory,
)
from tests.factories.providers import ProviderFactory
from tests.stories.desk import Desk
from tests.stories.everybody import (
    assert_everybody_can_use,
    assert_everybody_can_use_at_every_width,
    assert_in_sight,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def plan():
    RuleSetFactory()
    plan = PlanFactory(
        partnership__organisation__name="Blackpool", partnership__organisation__code="00EY"
    )
    for code, name in (("ptb", "Pooled treatment budget"), ("pct", "PCT mainstream")):
        stream = StreamFactory(code=code, name=name)
        FundingFactory(partnership=plan.partnership, stream=stream, amount=Decimal(10000))
    ProviderFactory(organisation__name="Addaction")
    InterventionTypeFactory(code="outreach")
    LineFactory(plan=plan, name="Prescribing", plain_sum=Decimal(5000))
    LineFactory(plan=plan, name="Needle exchange", plain_sum=Decimal(3000))
    return plan


@pytest.fixture
def enter(live_server, settings, plan):
    """Signs a page in as Ann Ward, commissioner of the partnership, and opens the grid."""
    ann = UserFactory(name="Ann Ward", commissioner_of=plan.partnership)
    return lambda page: Desk(page, live_server, settings).sit(
        ann, "/partnership/00EY/plan/FY2006/lines/"
    )


def cell(page, row, column):
    return page.locator(f'[name="{row}.{column}"]')


def paste(page, row, column, text):
    """As the browser would after Ctrl+V in a cell."""
    cell(page, row, column).evaluate(
        """(input, text) => {
            input.focus();
            const carried = new DataTransfer();
            carried.setData("text/plain", text);
            const how = { clipboardData: carried, bubbles: true, cancelable: true };
            input.dispatchEvent(new ClipboardEvent("paste", how));
        }""",
        text,
    )


def test_the_budget_is_written_by_keyboard(page, enter, plan):
    page = enter(page)
    assert_everybody_can_use(page)

    # Arrows and Enter move, Tab goes on, the sums follow.
    cell(page, 1, "plain_sum").click()
    page.keyboard.press("ArrowDown")
    expect(cell(page, 2, "plain_sum")).to_be_focused()
    page.keyboard.press("Enter")
    expect(cell(page, "new-1", "plain_sum")).to_be_focused()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Shift+Enter")
    expect(cell(page, 1, "plain_sum")).to_be_focused()
    page.keyboard.press("Tab")
    expect(cell(page, 1, "stream-ptb")).to_be_focused()
    page.keyboard.type("60%")
    page.keyboard.press("ArrowRight")
    page.keyboard.type("40%")
    row = page.locator('tr[data-row="1"]')
    expect(row.locator("[data-standing]")).to_have_text("In full")
    expect(page.locator('[data-taken="ptb"]')).to_have_text("£3,000")

    # Too much of a stream is seen while one types.
    cell(page, 2, "stream-pct").click()
    page.keyboard.type("9,000.50")
    expect(page.locator('[data-over="pct"]')).to_have_text("£1,000.50 over")
    expect(page.locator('tr[data-row="2"] [data-standing]')).to_have_text("£6,000.50 over")

    # A block is pasted over two rows, and taken back at once.
    paste(page, "new-1", "name", "Outreach\t2\tOutreach and re-engagement\nDay programme\t3")
    expect(cell(page, "new-2", "name")).to_have_value("Day programme")
    expect(page.get_by_text("Pasted 5 cells.")).to_be_visible()
    page.keyboard.press("Control+z")
    expect(cell(page, "new-1", "name")).to_have_value("")
    page.keyboard.press("Control+z")
    expect(page.locator('[data-over="pct"]')).to_have_text("£8,000 under")
    page.keyboard.press("Control+y")
    page.keyboard.press("Control+Shift+Z")
    expect(cell(page, "new-2", "tier")).to_have_value("3")
    page.get_by_role("button", name="Undo").click()
    page.get_by_role("button", name="Redo").click()
    expect(cell(page, "new-1", "intervention")).to_have_value("Outreach and re-engagement")
    assert_everybody_can_use(page)

    page.get_by_role("button", name="Save lines").click()
    page.get_by_text("Saved: 2 lines added and 2 lines changed.").wait_for()

    lines = {line.name: line for line in Plan.objects.get().lines.all()}
    assert list(lines) == ["Prescribing", "Needle exchange", "Outreach", "Day programme"]
    taken = lines["Prescribing"].allocations.values_list("stream", "amount")
    assert dict(taken) == {"ptb": Decimal("3000.00"), "pct": Decimal("2000.00")}
    assert lines["Outreach"].intervention_id == "outreach"


def test_what_is_over_is_told_while_percentages_are_typed(page, enter, plan):
    page = enter(page)
    standing = page.locator('tr[data-row="1"] [data-standing]')
    cell(page, 1, "stream-ptb").fill("60%")
    expect(standing).to_have_text("£2,000 under")

    cell(page, 1, "stream-pct").fill("60%")

    expect(standing).to_have_text("£1,000 over")
    expect(page.locator('[data-taken="pct"]')).to_have_text("£3,000")
    expect(page.locator("[data-total]")).to_have_text("£8,000")
    cell(page, 1, "stream-pct").fill("40%")
    expect(standing).to_have_text("In full")


def test_the_labels_and_sums_of_the_foot_are_seen_without_scrolling(page, enter, plan):
    page = enter(page)
    foot = page.locator(".app-budget tfoot")

    for words in ("Lines take", "There is", "Over or under"):
        assert_in_sight(foot.get_by_role("rowheader", name=words))
    assert_in_sight(foot.locator("[data-standing]"))
    page.locator(".app-budget").evaluate("frame => (frame.scrollLeft = frame.scrollWidth)")
    assert_in_sight(foot.get_by_role("rowheader", name="Lines take"))


def test_on_a_telephone_the_parts_of_a_plan_are_one_row(page, enter, plan):
    page.set_viewport_size({"width": 390, "height": 844})
    page = enter(page)

    row = page.get_by_role("navigation", name="Parts of the plan")
    assert row.bounding_box()["height"] < 80
    assert_in_sight(row.get_by_role("link", name="Lines"))
    undo, redo = (page.get_by_role("button", name=name) for name in ("Undo", "Redo"))
    assert undo.bounding_box()["y"] == redo.bounding_box()["y"]


def test_a_block_larger_than_the_grid_says_what_did_not_fit(page, enter, plan):
    page = enter(page)
    rows = "\n".join(f"Line {number}\t2" for number in range(1, 7))

    paste(page, "new-1", "name", rows)

    told = page.locator("[data-told]")
    expect(told).to_contain_text("Pasted 6 cells.")
    expect(told).to_contain_text("3 rows did not fit below the last row: Line 4; Line 5; Line 6.")
    expect(page.locator("tr[data-row]")).to_have_count(5)
    page.get_by_role("button", name="Add lines and paste the rest").click()
    expect(cell(page, "new-6", "name")).to_have_value("Line 6")
    paste(page, 1, "stream-pct", "5\t6")
    expect(told).to_contain_text("1 cell did not fit beyond the last column.")

    page.get_by_role("button", name="Save lines").click()
    page.get_by_text("6 lines added").wait_for()
    assert Plan.objects.get().lines.count() == 8


def test_a_wrong_cell_is_said_at_the_cell_and_kept(page, enter, plan):
    page = enter(page)
    cell(page, 2, "plain_sum").fill("1,234.567")
    page.get_by_role("button", name="Save lines").click()

    link = page.get_by_role("link", name=re.compile("parts of a penny"))
    link.click()

    expect(cell(page, 2, "plain_sum")).to_be_focused()
    expect(cell(page, 2, "plain_sum")).to_have_value("1,234.567")
    assert_everybody_can_use(page)


def test_without_the_script_the_same_form_saves_the_same(browser, enter, plan):
    context = browser.new_context(java_script_enabled=False)
    page = enter(context.new_page())

    cell(page, 1, "stream-ptb").fill("100%")
    page.get_by_role("button", name="Add 5 rows").click()
    cell(page, "new-8", "name").fill("Outreach")
    cell(page, "new-8", "plain_sum").fill("£250")
    page.get_by_role("button", name="Save lines").click()

    expect(page.get_by_text("Saved: 1 line added and 1 line changed.")).to_be_visible()
    expect(page.locator('[data-taken="ptb"]')).to_have_text("£5,000")
    context.close()


def test_two_windows_lose_nothing(page, enter, plan):
    first, second = enter(page), enter(page.context.new_page())
    cell(first, 1, "plain_sum").fill("6000")
    cell(second, 1, "plain_sum").fill("7000")
    cell(second, 2, "name").fill("Exchange")
    first.get_by_role("button", name="Save lines").click()
    first.get_by_text("1 line changed").wait_for()

    second.get_by_role("button", name="Save lines").click()

    second.get_by_text("Ann Ward saved these lines after you opened them").wait_for()
    assert_everybody_can_use(second)
    expect(cell(second, 1, "plain_sum")).to_have_value("7000")
    expect(second.get_by_text("Now: 6,000")).to_be_visible()
    second.get_by_role("button", name="Save lines").click()
    second.get_by_text("2 lines changed").wait_for()
    assert {line.name: line.cost for line in Plan.objects.get().lines.all()} == {
        "Prescribing": Decimal(7000),
        "Exchange": Decimal(3000),
    }


def test_everybody_can_use_every_page_of_lines_and_money(page, enter, plan, live_server):
    page = enter(page)

    for tail in ("lines/", "lines/1/", "lines/order/", "money/", "money/by/tier/"):
        page.goto(f"{live_server.url}/partnership/00EY/plan/FY2006/{tail}")
        assert_everybody_can_use_at_every_width(page)


COST = """async ([address, typed]) => {
    const sum = (await import(address)).cost(typed);
    return sum === null ? null : sum.toString();
}"""
SHARES = """async ([address, amount, parts]) => {
    const found = (await import(address)).shares(BigInt(amount), parts.map(BigInt));
    return found && found.map(String);
}"""
BLOCK = "async ([address, text]) => (await import(address)).block(text)"


def test_the_script_counts_pennies_as_the_service_does(page, enter, plan):
    page = enter(page)
    script = page.locator('script[src*="budget"]').get_attribute("src")

    for priced in (
        {"unit_cost": "33.33", "volume": "0.5"},
        {"unit_cost": "9,999,999,999.99", "volume": "1"},
        {"unit_cost": "420", "volume": "8", "weeks": "26.5"},
        {"unit_cost": "0.01", "volume": "0.5", "weeks": "1"},
        {"plain_sum": "£1 174 983.05"},
        {},
    ):
        read = read_cells(priced, {}).values
        typed = {
            "unit": priced.get("unit_cost", ""),
            "volume": priced.get("volume", ""),
            "weeks": priced.get("weeks", ""),
            "plain": priced.get("plain_sum", ""),
        }
        assert page.evaluate(COST, [script, typed]) == str(int(line_cost(**read) * 100))

    for amount, percents in (("100", "33.33 33.33 33.34"), ("5", "50 50"), ("9999", "10 20 70")):
        whole = Decimal(amount) / 100
        parts = split_by_percent(whole, dict(enumerate(map(Decimal, percents.split()))))
        hundredths = [str(int(Decimal(one) * 100)) for one in percents.split()]
        assert page.evaluate(SHARES, [script, amount, hundredths]) == [
            str(int(part * 100)) for part in parts.values()
        ]
    assert page.evaluate(SHARES, [script, "100", ["5000", "4000"]]) is None

    copied = 'a\t"b ""c""\nd"\r\n\te\r\n'
    assert page.evaluate(BLOCK, [script, copied]) == [["a", 'b "c"\nd'], ["", "e"]]
