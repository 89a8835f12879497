"""Addresses of the read API."""

from django.urls import path

from pathways.api.findings import FindingList
from pathways.api.returns import ReturnList, ReturnOne
from reporting.api.areas import AreaList, AreaOne
from reporting.api.documents import Page, Schema
from reporting.api.indicators import IndicatorList, IndicatorOne
from reporting.api.long_waits import LongWaitList, LongWaitOne
from reporting.api.results import ResultList

app_name = "api"

urlpatterns = [
    path("schema/", Schema.as_view(), name="schema"),
    path("docs/", Page.as_view(), name="docs"),
    path("areas/", AreaList.as_view(), name="area-list"),
    path("areas/<slug:kind>/<slug:code>/", AreaOne.as_view(), name="area-one"),
    path("indicators/", IndicatorList.as_view(), name="indicator-list"),
    path("indicators/<slug:code>/", IndicatorOne.as_view(), name="indicator-one"),
    path("results/", ResultList.as_view(), name="result-list"),
    path("returns/", ReturnList.as_view(), name="return-list"),
    path("returns/<int:number>/", ReturnOne.as_view(), name="return-one"),
    path("returns/<int:number>/findings/", FindingList.as_view(), name="finding-list"),
    path("long-waits/", LongWaitList.as_view(), name="long-wait-list"),
    path("long-waits/<int:number>/", LongWaitOne.as_view(), name="long-wait-one"),
]
