"""Addresses of returns. The page of one return belongs to the app that shows its figures."""

from django.urls import path

from pathways.views import deeds, findings, history, sending, vanished

app_name = "pathways"

OF_PROVIDER = "provider/<slug:code>/returns/"
ONE = f"{OF_PROVIDER}<int:number>/"
urlpatterns = [
    path("returns/template.csv", sending.return_template, name="return-template"),
    path(OF_PROVIDER, history.return_list, name="return-list"),
    path(f"{OF_PROVIDER}send/", sending.return_send, name="return-send"),
    path(f"{ONE}findings/", findings.finding_list, name="finding-list"),
    path(f"{ONE}confirm/", deeds.return_confirm, name="return-confirm"),
    path(f"{ONE}vanished/", vanished.return_vanished, name="return-vanished"),
    path(f"{ONE}reject/", deeds.return_reject, name="return-reject"),
    path(f"{ONE}undo/<slug:agency>/", deeds.return_undo, name="return-undo"),
    path(
        "partnership/<slug:code>/returns/",
        history.area_returns,
        {"kind": "partnership"},
        name="partnership-returns",
    ),
    path(
        "region/<slug:code>/returns/",
        history.area_returns,
        {"kind": "region"},
        name="region-returns",
    ),
    path("england/returns/", history.england_returns, name="england-returns"),
]
