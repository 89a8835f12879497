"""Every address, put together from the apps."""

from django.urls import include, path

urlpatterns = [
    path("gallery/", include("reporting.views.gallery")),
    path("account/", include("allauth.account.urls")),
]
