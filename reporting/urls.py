"""Addresses of figures and of what follows from them."""

from django.urls import URLPattern, path

from reporting.views import long_wait_record, long_waits, return_record

app_name = "reporting"

LONG_WAITS: list[URLPattern] = [
    path("long-waits/", long_waits.long_wait_list, name="long-wait-list"),
    path("long-waits/<int:number>/", long_wait_record.long_wait_detail, name="long-wait-detail"),
    path(
        "long-waits/<int:number>/review/",
        long_wait_record.long_wait_review,
        name="long-wait-review",
    ),
    path(
        "long-waits/<int:number>/close/", long_wait_record.long_wait_close, name="long-wait-close"
    ),
    path(
        "partnership/<slug:code>/long-waits/",
        long_waits.partnership_long_waits,
        name="partnership-long-waits",
    ),
]

# One return, with what its figures will become.
RETURNS: list[URLPattern] = [
    path(
        "provider/<slug:code>/returns/<int:number>/",
        return_record.return_detail,
        name="return-detail",
    ),
    path(
        "provider/<slug:code>/returns/<int:number>/progress/",
        return_record.return_progress,
        name="return-progress",
    ),
]

urlpatterns = [*LONG_WAITS, *RETURNS]
