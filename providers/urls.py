"""Addresses of providers."""

from django.urls import URLPattern, path

from providers.views import agencies
from providers.views.activity import lists as activity
from providers.views.activity import record as activity_record

app_name = "providers"

WITHIN = "admin/organisations/provider/<slug:code>/agencies/"
# Tier 1 and Tier 2 work: a provider's quarters, and what was counted in a partnership.
_QUARTER = "provider/<slug:code>/activity/<slug:quarter>/<slug:service>/"
ACTIVITY: list[URLPattern] = [
    path("provider/<slug:code>/activity/", activity.activity_list, name="activity-list"),
    path(_QUARTER, activity_record.activity_quarter, name="activity-quarter"),
    path(f"{_QUARTER}fill-in/", activity_record.activity_fill, name="activity-fill"),
    path(f"{_QUARTER}check/", activity_record.activity_check, name="activity-check"),
    path(f"{_QUARTER}discard/", activity_record.activity_discard, name="activity-discard"),
    path("partnership/<slug:code>/activity/", activity.area_activity, name="area-activity"),
    path(
        "partnership/<slug:code>/activity/against-plan/",
        activity.area_planned,
        name="area-activity-planned",
    ),
]

urlpatterns = [
    *ACTIVITY,
    path("admin/providers/add/", agencies.provider_add, name="provider-add"),
    path(WITHIN, agencies.agency_list, name="agency-list"),
    path(f"{WITHIN}add/", agencies.agency_add, name="agency-add"),
    path(f"{WITHIN}<slug:agency>/close/", agencies.agency_close, name="agency-close"),
]
