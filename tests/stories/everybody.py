"""A page that everybody can use: WCAG 2.2 AA, as far as axe can tell, in any window."""

from axe_playwright_python.base import AXE_SCRIPT, AxeResults

WIDTHS = (390, 1280)  # a telephone's and a desk's
ASKED = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    "resultTypes": ["violations"],  # of what passes, nothing is told
}
# Links, labels and descriptions lead by these names: one that is there twice leads astray.
NAMED_TWICE = """() => {
    const names = [...document.querySelectorAll("[id]")].map((one) => one.id);
    return [...new Set(names.filter((name, at) => names.indexOf(name) !== at))];
}"""


def assert_everybody_can_use(page):
    """No rule is broken, and the page does not scroll sideways in its window."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    found = AxeResults(page.evaluate("asked => axe.run(asked)", ASKED))
    assert found.violations_count == 0, f"{page.url}\n{found.generate_report()}"
    assert page.evaluate(NAMED_TWICE) == [], f"{page.url} names two things alike"
    assert_fits(page)


def assert_everybody_can_use_at_every_width(page):
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert_everybody_can_use(page)


def assert_fits(page):
    """The page does not scroll sideways in its window."""
    width = page.viewport_size["width"]
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= width, f"{page.url} is {wide} wide in a window of {width}"


def assert_in_sight(part):
    """Nobody has to scroll sideways to find it."""
    box, width = part.bounding_box(), part.page.viewport_size["width"]
    assert box["x"] >= 0, f"{part} begins at {box['x']}"
    assert box["x"] + box["width"] <= width, f"{part} ends beyond the window's {width}"


def assert_fits_every_width(page, url):
    """Opened on a telephone, then given the width of a desk, the page never scrolls sideways."""
    page.set_viewport_size({"width": min(WIDTHS), "height": 900})
    page.goto(url)
    assert_fits(page)
    page.set_viewport_size({"width": max(WIDTHS), "height": 900})
    assert_fits(page)
