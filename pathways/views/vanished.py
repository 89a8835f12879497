"""All the episodes that a return no longer names, for its sender to look through."""

import django_tables2
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_safe

from commissioning.tables import CountColumn, DayColumn, NameColumn, Table
from commissioning.views.lists import list_response
from pathways.choices import UploadState
from pathways.selectors.differences import vanished_from
from pathways.selectors.returns import address_of
from pathways.views.deeds import no_longer
from pathways.views.reaching import crumbs_to, decided_by


class VanishedTable(Table):
    """Episodes by their codes; what was last said of when they began and ended."""

    caption = "Episodes that are not in this return"
    counted = ("episode", "episodes")
    empty_title = "None has vanished"

    client_ref = NameColumn(verbose_name="CLIENTID")
    episode_ref = django_tables2.Column(verbose_name="EPISODID")
    agency = django_tables2.Column(verbose_name="Agency")
    triaged_on = DayColumn(verbose_name="TRIAGED")
    discharged_on = DayColumn(verbose_name="DISD")
    number = CountColumn(verbose_name="Last named in return")

    class Meta:
        fields: tuple[str, ...] = ()


@require_safe
def return_vanished(request: HttpRequest, code: str, number: int) -> HttpResponseBase:
    """The list and its files, while the return waits to be confirmed."""
    reached = decided_by(request, code, number)
    upload = reached.upload
    if not reached.may_see_records:
        raise PermissionDenied("Your role does not let you see records of clients.")
    if upload.state != UploadState.CHECKED:
        return no_longer(request, reached, "waiting to be confirmed")
    return list_response(
        request,
        VanishedTable(
            vanished_from(upload), empty_text="This return names every episode of the one before."
        ),
        heading=f"Episodes that are not in return {number}",
        breadcrumbs=[
            *crumbs_to(request, reached),
            (str(upload), address_of(upload, code)),
            ("Confirm", reverse("pathways:return-confirm", args=[code, number])),
            ("Not in it", ""),
        ],
    )
