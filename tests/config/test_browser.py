"""The browser the stories are told through: the machine's own, strict about its console."""

import pytest
from playwright.sync_api import expect


@pytest.mark.browser
@pytest.mark.parametrize("turn", ["first", "second"])
def test_the_sign_in_page_opens_without_a_word_on_the_console(live_server, page, turn):
    page.goto(f"{live_server.url}/account/login/")

    expect(page.get_by_label("Email")).to_be_visible()
    expect(page.get_by_label("Password")).to_be_visible()
