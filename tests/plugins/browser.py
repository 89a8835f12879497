"""A real Chromium for the tests marked `browser`.

Without one they are left out and the end of the session says so; with BROWSER_REQUIRED=1 that is
an error. The machine's own Chromium is used: nothing is downloaded. Its headless shell, the same
engine without a window's machinery, opens a page at half the price and comes first.
"""

import os
import shutil

import pytest
from playwright.sync_api import Locator, expect

NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
MISSING = (
    "NO CHROMIUM: the browser stories were left out. Install it "
    "(apt-get install chromium-headless-shell, or chromium), or name it in CHROMIUM."
)


# What is expected is waited for as long as any other step: no story is lost to a slow machine.
expect.set_options(timeout=30_000)


def chromium() -> str | None:
    """The browser to use: CHROMIUM, or the first that is installed."""
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)


def pytest_configure():
    if os.environ.get("BROWSER_REQUIRED") == "1" and not chromium():
        raise pytest.UsageError(MISSING)


def pytest_collection_modifyitems(config, items):
    stories = [item for item in items if item.get_closest_marker("browser")]
    if not stories or chromium():
        return
    config.hook.pytest_deselected(items=stories)
    items[:] = [item for item in items if item not in stories]


def pytest_terminal_summary(terminalreporter, config):
    if not chromium():
        terminalreporter.section("browser", red=True, bold=True)
        terminalreporter.line(MISSING, red=True, bold=True)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    return {**browser_type_launch_args, "executable_path": chromium(), "args": list(FLAGS)}


def arriving(act):
    """The act, ended where it leads: the library waits until the next page begins, no longer."""

    def acts(locator, *given, **asked):
        act(locator, *given, **asked)
        locator.page.wait_for_load_state()

    return acts


@pytest.fixture
def page(page, monkeypatch):
    """A page whose console stays silent: an error there, a refused script too, fails the test."""
    for name in ("click", "press"):
        monkeypatch.setattr(Locator, name, arriving(getattr(Locator, name)))
    heard = []
    page.on("console", lambda said: heard.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: heard.append(str(error)))
    yield page
    assert heard == []
