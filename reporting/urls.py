"""Addresses of figures and of what follows from them."""

from django.urls import URLPattern, include, path

from commissioning.charts import in_both_forms
from reporting.choices import ENGLAND_CODE, AreaKind
from reporting.views import calendar, long_wait_record, long_waits, quality, return_record
from reporting.views.areas.overviews import overview
from reporting.views.home.pages import home
from reporting.views.indicators import across, area, definition, listing
from reporting.views.market.capacity import capacity
from reporting.views.market.map import market_map, market_map_svg
from reporting.views.plans import document, forecast, rolling, spend

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

# A provider's quality, with what its returns say of it.
QUALITY: list[URLPattern] = [
    path("provider/<slug:code>/quality/", quality.provider_quality, name="provider-quality"),
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

# One indicator across areas, and what it means.
INDICATORS: list[URLPattern] = [
    path("indicators/", listing.indicator_list, name="indicator-list"),
    path("indicators/<slug:indicator>/", across.indicator_detail, name="indicator-detail"),
    *in_both_forms("indicators/<slug:indicator>/chart", across.indicator_chart, "indicator"),
    path(
        "indicators/<slug:indicator>/definition/",
        definition.indicator_definition,
        name="indicator-definition",
    ),
]


def of_area(place: str, **of: str) -> list[URLPattern]:
    """The indicators of one kind of area: all of them, and one with its charts."""
    one = f"{place}/indicators/<slug:indicator>/"
    return [
        path(f"{place}/indicators/", listing.area_indicators, of, name="area-indicators"),
        path(one, area.area_indicator, of, name="area-indicator"),
        *in_both_forms(f"{one}chart", area.area_indicator_chart, "area-indicator", **of),
    ]


AREA_INDICATORS: list[URLPattern] = [
    *of_area("england", kind=AreaKind.ENGLAND.value, code=ENGLAND_CODE),
    *of_area("region/<slug:code>", kind=AreaKind.REGION.value),
    *of_area("partnership/<slug:code>", kind=AreaKind.PARTNERSHIP.value),
    *of_area("provider/<slug:code>", kind=AreaKind.PROVIDER.value),
]

# Home, and an overview at the address of each area.
OVERVIEWS: list[URLPattern] = [
    path("", home, name="home"),
    path(
        "england/",
        overview,
        {"kind": AreaKind.ENGLAND.value, "code": ENGLAND_CODE},
        name="england",
    ),
    path("region/<slug:code>/", overview, {"kind": AreaKind.REGION.value}, name="region"),
    path(
        "partnership/<slug:code>/",
        overview,
        {"kind": AreaKind.PARTNERSHIP.value},
        name="partnership",
    ),
    path("provider/<slug:code>/", overview, {"kind": AreaKind.PROVIDER.value}, name="provider"),
]

# A plan's money through its year; the other parts of a plan are on the ground floor.
FORECAST: list[URLPattern] = [
    path("", forecast.plan_forecast, name="plan-forecast"),
    *in_both_forms("spend", forecast.forecast_chart, "plan-forecast"),
]
DOCUMENT: list[URLPattern] = [
    path("document/", document.plan_document, name="plan-document"),
    path("document.pdf", document.plan_document_pdf, name="plan-document-pdf"),
]
# A plan's next year, with the contracts that end in it.
ROLLING: list[URLPattern] = [
    path("roll-forward/", rolling.plan_roll, name="plan-roll"),
    path("contracts-ending/", rolling.plan_contracts, name="plan-contracts"),
]

# The money of many plans through their year.
SPEND: list[URLPattern] = [
    path("region/<slug:code>/plans/<slug:year>/spend/", spend.region_spend, name="region-spend"),
    path("england/plans/<slug:year>/spend/", spend.england_spend, name="england-spend"),
]


def _market(place: str, name: str, **of: str) -> list[URLPattern]:
    """Capacity and map of a region or of England."""
    return [
        path(f"{place}/capacity/", capacity, of, name=f"{name}-capacity"),
        path(f"{place}/market/", market_map, of, name=f"{name}-market"),
        path(f"{place}/market.svg", market_map_svg, of, name=f"{name}-market-svg"),
    ]


MARKET: list[URLPattern] = [
    *_market("england", "england", kind=AreaKind.ENGLAND.value, code=ENGLAND_CODE),
    *_market("region/<slug:code>", "region", kind=AreaKind.REGION.value),
]

urlpatterns = [
    *OVERVIEWS,
    *MARKET,
    *SPEND,
    *INDICATORS,
    *AREA_INDICATORS,
    *LONG_WAITS,
    *RETURNS,
    *QUALITY,
    path("partnership/<slug:code>/plan/<slug:slug>/forecast/", include(FORECAST)),
    path("partnership/<slug:code>/plan/<slug:slug>/", include([*DOCUMENT, *ROLLING])),
    path("calendar/<str:secret>.ics", calendar.calendar_feed, name="calendar-feed"),
]
