"""Addresses of providers."""

from django.urls import path

from providers.views import agencies

app_name = "providers"

WITHIN = "admin/organisations/provider/<slug:code>/agencies/"
urlpatterns = [
    path("admin/providers/add/", agencies.provider_add, name="provider-add"),
    path(WITHIN, agencies.agency_list, name="agency-list"),
    path(f"{WITHIN}add/", agencies.agency_add, name="agency-add"),
    path(f"{WITHIN}<slug:agency>/close/", agencies.agency_close, name="agency-close"),
]
