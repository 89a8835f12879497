"""What an administrator looks after, on one page."""

from django.conf import settings
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from commissioning.choices import JobState
from commissioning.components import Card
from commissioning.kernel.clock import business_day, technical_now
from commissioning.kernel.words import count
from commissioning.models import Organisation, User
from commissioning.roles import Permission
from commissioning.selectors import rule_sets
from commissioning.selectors.jobs import jobs_by_state, seconds_since_heartbeat
from commissioning.selectors.people import people_managed_by
from commissioning.services.jobs import SWEEPER
from commissioning.views.health import OLDEST_SWEEP
from commissioning.views.requests import insist, signed_in


@require_safe
def administration(request: HttpRequest) -> HttpResponse:
    insist(request, Permission.ORGANISATION_MANAGE)
    person, today = signed_in(request), business_day()
    return render(
        request,
        "commissioning/administration.html",
        {
            "cards": [
                _people_card(person),
                _organisations_card(person),
                _jobs_card(person),
            ],
            "in_force": rule_sets.in_force_on(today),
            "sweeper_age": seconds_since_heartbeat(SWEEPER, now=technical_now()),
            "oldest_sweep": OLDEST_SWEEP,
            "has_mail": settings.DEMONSTRATION,
            "page_heading": "Administration",
        },
    )


def _people_card(person: User) -> Card:
    people = people_managed_by(person, on=business_day())
    waiting = people.filter(is_active=True, password__startswith=UNUSABLE_PASSWORD_PREFIX).count()
    return Card(
        number=count(waiting),
        sentence=f"of {count(people.filter(is_active=True).count())} people with access "
        f"{'has' if waiting == 1 else 'have'} not chosen a password yet",
        action="See people",
        href=reverse("commissioning:person-list"),
        tone="watch" if waiting else "good",
    )


def _organisations_card(person: User) -> Card:
    many = (
        Organisation.objects.permitted(person, Permission.ORGANISATION_VIEW)
        .open_on(business_day())
        .count()
    )
    return Card(
        number=count(many),
        sentence="organisations are open",
        action="See organisations",
        href=reverse("commissioning:organisation-list"),
    )


def _jobs_card(person: User) -> Card:
    states = jobs_by_state(person)
    stopped = states[JobState.FAILED]
    going = states[JobState.QUEUED] + states[JobState.RUNNING]
    return Card(
        number=count(stopped),
        sentence=f"{'job' if stopped == 1 else 'jobs'} stopped by a fault; "
        f"{count(going)} waiting or running",
        action="See jobs",
        href=f"{reverse('commissioning:job-list')}?state=FAILED",
        tone="bad" if stopped else "good",
    )
