"""The address of one's own calendar, for the programs that read one."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.views.decorators.http import require_http_methods

from commissioning.services.calendar_feeds import make_calendar, revoke_calendar
from commissioning.views.requests import attempt, signed_in

ACCOUNT = reverse_lazy("commissioning:account")
PAGE = reverse_lazy("commissioning:calendar")
# Read by the app above, which knows everybody's dates.
ADDRESS = "/calendar/{secret}.ics"


@require_http_methods(["GET", "HEAD", "POST"])
def calendar(request: HttpRequest) -> HttpResponse:
    """Whether one has an address; making a new one. The answer alone ever shows it."""
    person = signed_in(request)
    form = forms.Form(request.POST if request.method == "POST" else None)
    address = ""
    if request.method == "POST" and form.is_valid():
        secret = attempt(form, lambda: make_calendar(by=person))
        if secret:
            address = request.build_absolute_uri(ADDRESS.format(secret=secret))
    return render(
        request,
        "commissioning/calendar.html",
        {
            "form": form,
            "address": address,
            "feed": person.calendar_feeds.filter(revoked_at__isnull=True).first(),
            "page_heading": "Your calendar",
            "breadcrumbs": [("Your account", ACCOUNT), ("Your calendar", "")],
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def calendar_revoke(request: HttpRequest) -> HttpResponse:
    """Take the address back: programs that read it find nothing."""
    form = forms.Form(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        attempt(form, lambda: revoke_calendar(by=signed_in(request)))
        if not form.errors:
            messages.success(request, "The calendar address is taken back. It shows nothing now.")
            return redirect(PAGE)
    return render(
        request,
        "commissioning/form.html",
        {
            "form": form,
            "lead": "Programs that read the address find nothing from their next request.",
            "button": "Take the address back",
            "cancel_href": PAGE,
            "page_heading": "Take the calendar address back",
            "breadcrumbs": [
                ("Your account", ACCOUNT),
                ("Your calendar", PAGE),
                ("Take it back", ""),
            ],
        },
    )
