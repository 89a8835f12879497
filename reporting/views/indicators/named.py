"""What the address of a figure names: the indicator, the area, and the addresses beside it."""

from collections.abc import Sequence

from django.http import Http404
from django.urls import reverse

from commissioning.kernel.errors import DomainError
from commissioning.views.lists import Crumbs
from reporting.choices import AreaKind
from reporting.indicators.declared import Indicator
from reporting.indicators.in_force import indicator_of
from reporting.selectors.areas import Area, area_of


def indicator_or_404(code: str) -> type[Indicator]:
    """The indicator in force with this code."""
    try:
        return indicator_of(code)
    except DomainError as unknown:
        raise Http404 from unknown


def area_or_404(kind: str, code: str) -> Area:
    """The area an address names. That it exists is no secret: its figures go through the gate."""
    try:
        return area_of(AreaKind(kind), code)
    except DomainError as unknown:
        raise Http404 from unknown


def overview_href(area: Area) -> str:
    """The overview of an area, kept for ever."""
    return "/england/" if area.kind is AreaKind.ENGLAND else f"/{area.kind.value}/{area.code}/"


def area_href(area: Area, indicator: type[Indicator] | None = None) -> str:
    """The page of the area's indicators, or of one of them."""
    where = {"kind": area.kind.value, "code": area.code}
    if indicator is None:
        return reverse("reporting:area-indicators", kwargs=where)
    return reverse("reporting:area-indicator", kwargs={**where, "indicator": indicator.code})


def picture_href(area: Area, indicator: type[Indicator], ending: str) -> str:
    """The address of a chart of the area's figure: `svg` or `json`."""
    where = {"kind": area.kind.value, "code": area.code, "indicator": indicator.code}
    return reverse(f"reporting:area-indicator-{ending}", kwargs=where)


def definition_href(indicator: type[Indicator]) -> str:
    return reverse("reporting:indicator-definition", args=[indicator.code])


def across_href(indicator: type[Indicator]) -> str:
    return reverse("reporting:indicator-detail", args=[indicator.code])


def crumbs_of(area: Area, *further: tuple[str, str]) -> Crumbs:
    """The area, its indicators, and what lies under them."""
    held: Sequence[tuple[str, str]] = [
        (area.name, overview_href(area)),
        ("Indicators", area_href(area) if further else ""),
    ]
    return [*held, *further]
