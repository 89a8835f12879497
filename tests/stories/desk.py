"""One browser page at which people sit down in turn."""

from django.test import Client

from tests.stories.everybody import assert_everybody_can_use


class Desk:
    def __init__(self, page, server, settings):
        self.page, self.server, self.settings = page, server, settings

    def sit(self, person, where="/"):
        """The person signs in and opens an address; gives the page."""
        client = Client()
        client.force_login(person)
        name = self.settings.SESSION_COOKIE_NAME
        cookie = {"name": name, "value": client.cookies[name].value, "url": self.server.url}
        self.page.context.add_cookies([cookie])
        return self.go(where)

    def go(self, where):
        self.page.goto(f"{self.server.url}{where}")
        return self.page

    def press(self, name):
        self.page.get_by_role("button", name=name, exact=True).last.click()

    def follow(self, name):
        self.page.get_by_role("main").locator("a", has_text=name).first.click()

    def fill(self, **given):
        """What is typed, by label; a blank in a label is written `_`."""
        for label, value in given.items():
            self.page.get_by_label(label.replace("_", " "), exact=True).fill(str(value))

    def on(self, group, day):
        """A day in the three boxes of a group."""
        box = self.page.get_by_role("group", name=group, exact=True)
        for name, value in (("Day", day.day), ("Month", day.month), ("Year", day.year)):
            box.get_by_label(name).fill(str(value))

    def sees(self, words):
        self.page.get_by_text(words).first.wait_for()

    def everybody_can_use_it(self):
        assert_everybody_can_use(self.page)
