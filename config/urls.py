"""Every address, put together from the apps."""

from allauth.account import views as allauth
from django.urls import include, path, re_path

from commissioning.views.account import account

# Of allauth's pages those of an account by invitation; nobody changes their own address. allauth
# looks some up by name: `account_signup` says that sign-up is closed.
ACCOUNT = [
    path("login/", allauth.login, name="account_login"),
    path("logout/", allauth.logout, name="account_logout"),
    path("inactive/", allauth.account_inactive, name="account_inactive"),
    path("signup/", allauth.signup, name="account_signup"),
    path("reauthenticate/", allauth.reauthenticate, name="account_reauthenticate"),
    path("password/change/", allauth.password_change, name="account_change_password"),
    path("password/set/", allauth.password_set, name="account_set_password"),
    path("password/reset/", allauth.password_reset, name="account_reset_password"),
    path("password/reset/done/", allauth.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        allauth.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "password/reset/key/done/",
        allauth.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    path("", account, name="account_email"),
]

urlpatterns = [
    path("", include("commissioning.urls")),
    path("", include("providers.urls")),
    path("", include("pathways.urls")),
    path("", include("aftercare.urls")),
    path("", include("reporting.urls")),
    path("api/", include("reporting.api.urls")),
    path("gallery/", include("reporting.views.gallery")),
    path("account/", include(ACCOUNT)),
]
