"""Every address, put together from the apps."""

from django.urls import include, path

urlpatterns = [
    path("account/", include("allauth.account.urls")),
]
