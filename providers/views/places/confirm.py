"""The link in a reminder: its reader says, without signing in, that nothing changed. No more."""

from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from commissioning.kernel.clock import business_day
from providers.models import Service
from providers.selectors.boards import counts_of_services
from providers.services.places.reminding import LinkRefused, confirm, link_of

TRIES, WITHIN = 30, 3600  # of one address on the net, seconds
TOO_MANY = "Too many links were tried from here. Try again in an hour, or sign in."


@login_not_required  # the secret in the address says whose link it is
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def board_confirm(request: HttpRequest, secret: str) -> HttpResponse:
    """A page with a button; pressed, it says once that nothing changed.

    It shows the name of the service and its counts, to whoever has the link. A program that
    opens links in letters presses no button.
    """
    if _tried_too_often(request):
        return _page(request, None, refused=TOO_MANY, status=429)
    try:
        if request.method == "POST":
            return _page(request, confirm(secret=secret), is_confirmed=True)
        return _page(request, link_of(secret).service)
    except LinkRefused as refused:
        return _page(request, None, refused=str(refused), status=410)


def _tried_too_often(request: HttpRequest) -> bool:
    key = f"board-confirm:{request.META.get('REMOTE_ADDR', '')}"
    cache.add(key, 0, WITHIN)
    try:
        return cache.incr(key) > TRIES
    except ValueError:  # it ended between the two
        return False


def _page(
    request: HttpRequest,
    service: Service | None,
    *,
    refused: str = "",
    is_confirmed: bool = False,
    status: int = 200,
) -> HttpResponse:
    heading = "This link confirms nothing"
    if service is not None:
        heading = f"{service}: confirmed" if is_confirmed else f"{service}: did anything change?"
    return render(
        request,
        "providers/places/confirm.html",
        {
            "page_heading": heading,
            "service": service,
            "counts": counts_of_services([service.pk], night=business_day())[service.pk]
            if service
            else None,
            "is_confirmed": is_confirmed,
            "refused": refused,
        },
        status=status,
    )
