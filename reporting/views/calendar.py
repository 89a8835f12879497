"""A person's dates as a calendar feed, at an address that is a secret of its own."""

import datetime as dt
from collections.abc import Iterable, Iterator

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe
from icalendar import Calendar, Event

from commissioning.kernel.clock import business_day, technical_now
from commissioning.models import User
from commissioning.roles import Permission
from commissioning.rule_settings import DEFAULTS
from commissioning.selectors.plans.dates import Day, days_of_plans
from commissioning.selectors.rule_sets import in_force_on
from commissioning.services.calendar_feeds import owner_of_calendar
from providers.selectors.contracts.dates import calendar_days
from reporting.views.home.work_items import return_days

BACK, AHEAD = dt.timedelta(days=92), dt.timedelta(days=731)


@require_safe
@login_not_required  # the secret in the address is what lets a program in
def calendar_feed(request: HttpRequest, secret: str) -> HttpResponse:
    """The days of whoever owns the secret, with the rights they hold today; 404 for any other."""
    person = owner_of_calendar(secret)
    if person is None:
        raise Http404
    feed = as_calendar(days_of(person, business_day()), home=request.build_absolute_uri("/"))
    return HttpResponse(
        feed.to_ical(),
        content_type="text/calendar; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="treatment-commissioning.ics"'},
    )


def days_of(person: User, today: dt.date) -> Iterator[Day]:
    """What every part of the service has for the person, from last quarter on."""
    yield from days_of_plans(person, since=today - BACK, until=today + AHEAD)
    if person.may(Permission.CONTRACT_VIEW):
        for on, words, key in calendar_days(person, since=today - BACK, until=today + AHEAD):
            yield Day(on, words, key)
    if person.may(Permission.RETURN_VIEW):
        rule_set = in_force_on(today)
        due_days = (rule_set.read() if rule_set else DEFAULTS).return_due_days
        for one in return_days(today, due_days=due_days):
            words = one.words.partition(" are due")[0]
            yield Day(one.on, f"{words} are due", f"returns-{one.on:%Y-%m-%d}")


def as_calendar(days: Iterable[Day], *, home: str) -> Calendar:
    """Whole days, each under a name of its own, so that a changed day replaces itself."""
    feed = Calendar()
    feed.add("prodid", "-//Treatment commissioning//EN")
    feed.add("version", "2.0")
    feed.add("x-wr-calname", "Treatment commissioning")
    host = home.split("//", 1)[-1].strip("/")
    for day in days:
        event = Event()
        event.add("uid", f"{day.key}@{host}")
        event.add("summary", day.words)
        event.add("dtstart", day.on)
        event.add("dtend", day.on + dt.timedelta(days=1))
        event.add("dtstamp", technical_now())
        event.add("transp", "TRANSPARENT")
        event.add("url", home.rstrip("/") + _href(day))
        feed.add_component(event)
    return feed


def _href(day: Day) -> str:
    if not day.slug:
        return "/"
    return reverse("commissioning:plan-detail", args=[day.code, day.slug])
