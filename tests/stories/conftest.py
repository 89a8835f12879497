"""What the stories have in common: people who sit down at the page."""

import pytest


@pytest.fixture
def sits_down(live_server, page, client, settings):
    """Somebody signs in at the page and opens an address."""

    def at(person, address):
        client.force_login(person)
        cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
        page.context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}]
        )
        page.goto(f"{live_server.url}{address}")
        return page

    return at
