"""What a person was told."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from commissioning.services.notices import mark_read
from commissioning.views.requests import signed_in

PER_PAGE = 50


@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    person = signed_in(request)
    pages = Paginator(person.notices.order_by("-pk"), PER_PAGE)
    return render(
        request,
        "commissioning/inbox.html",
        {
            "page": pages.get_page(request.GET.get("page")),
            "unread": person.notices.filter(read_at__isnull=True).count(),
            "page_heading": "Inbox",
        },
    )


@require_POST
def inbox_read(request: HttpRequest) -> HttpResponse:
    """Mark one's own notices as read: the one named, or all."""
    one = request.POST.get("notice", "")
    mark_read(person=signed_in(request), notices=[int(one)] if one.isdecimal() else None)
    return redirect("commissioning:inbox")
