"""Sending a return: the form, and the empty file to begin with."""

import csv
import datetime as dt
import io
from contextlib import suppress
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from commissioning.kernel.clock import business_day
from commissioning.kernel.errors import NotPermitted
from commissioning.kernel.words import day
from commissioning.models import Organisation
from commissioning.roles import Permission
from commissioning.views.requests import insist, organisation_at, signed_in
from pathways.forms.returns import SendForm, usual_cut_off, usual_month
from pathways.forms.uploading import is_over_limit
from pathways.models import Upload
from pathways.ndtms.fields import FIELDS
from pathways.selectors.returns import address_of
from pathways.services.receiving import AlreadyReceived, TooLarge, WrongMonth, receive_upload
from providers.models import Provider


@require_http_methods(["GET", "HEAD", "POST"])
def return_send(request: HttpRequest, code: str) -> HttpResponse:
    """One file, for one month."""
    organisation = organisation_at(request, "provider", code)
    insist(request, Permission.RETURN_SEND, organisation)
    today = business_day()
    earlier: Upload | None = None
    if request.method == "POST":
        form = _given(request, today)
        if form.is_valid():
            sent, earlier = _receive(request, organisation, form, today)
            if sent:
                messages.success(
                    request,
                    f"{sent} is received and is being checked. What the checks find is shown"
                    " here within a minute.",
                )
                return redirect(address_of(sent, code))
    else:
        form = SendForm(today=today, initial=_asked(request))
    return render(request, "pathways/return_send.html", _words(form, organisation, earlier, today))


@require_safe
def return_template(_request: HttpRequest) -> HttpResponse:
    """An empty file: the headers of every field that is read, in the order they are known."""
    line = io.StringIO()
    csv.writer(line, quoting=csv.QUOTE_ALL, lineterminator="\n").writerow(
        field.header for field in FIELDS
    )
    return HttpResponse(
        line.getvalue(),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="ndtms-return.csv"'},
    )


def _given(request: HttpRequest, today: dt.date) -> SendForm:
    given, files = request.POST, request.FILES
    too_large = (
        str(TooLarge(settings.UPLOAD_LIMIT_BYTES)) if is_over_limit(request, "file") else ""
    )
    return SendForm(given, files, today=today, over_limit=too_large)


def _asked(request: HttpRequest) -> dict[str, Any]:
    """What a link from a refused return brings along; what cannot be is left out."""
    asked: dict[str, Any] = {}
    if month := request.GET.get("month"):
        asked["month"] = month
    with suppress(ValueError):
        asked["cut_off"] = dt.date.fromisoformat(request.GET.get("cut_off", ""))
    return asked


def _receive(
    request: HttpRequest, organisation: Organisation, form: SendForm, today: dt.date
) -> tuple[Upload | None, Upload | None]:
    """The return now received; or else, where the same file is here already, that one."""
    given = form.cleaned_data
    person = signed_in(request)
    provider = Provider.objects.permitted(person, Permission.RETURN_SEND).get(pk=organisation.pk)
    try:
        upload = receive_upload(
            stream=given["file"].file,
            filename=given["file"].name,
            month=given["month"].start,
            cut_off=given["cut_off"],
            provider=provider,
            by=person,
            today=today,
        )
    except AlreadyReceived as refused:
        form.add_error("file", str(refused))
        return None, refused.upload
    except TooLarge as refused:
        form.add_error("file", str(refused))
    except WrongMonth as refused:
        form.add_error("cut_off", str(refused))
    except NotPermitted as refused:
        raise PermissionDenied(str(refused)) from refused
    else:
        return upload, None
    return None, None


def _words(
    form: SendForm, organisation: Organisation, earlier: Upload | None, today: dt.date
) -> dict[str, object]:
    listed = reverse("pathways:return-list", args=[organisation.code])
    month = usual_month(today)
    return {
        "form": form,
        "earlier": earlier,
        "earlier_href": address_of(earlier, organisation.code) if earlier else "",
        "cancel_href": listed,
        "limit": settings.UPLOAD_LIMIT_BYTES // (1024 * 1024),
        "example": f"for {month.label} that is {day(usual_cut_off(month, today))}",
        "core": [field for field in FIELDS if field.core],
        "others": [field for field in FIELDS if not field.core],
        "page_heading": "Send a return",
        "breadcrumbs": [(f"Returns of {organisation}", listed), ("Send a return", "")],
    }
