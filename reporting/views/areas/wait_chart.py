"""The headline wait of an area over time, beside its region and England."""

from collections.abc import Sequence

from commissioning.components import Chart
from commissioning.kernel.periods import Period
from reporting.selectors.areas import Area
from reporting.selectors.figures import Figures
from reporting.views.areas.parts import HEADLINE
from reporting.views.indicators.choosing import periods_shown
from reporting.views.indicators.named import area_href, definition_href, picture_href
from reporting.views.indicators.telling import Telling
from reporting.views.indicators.trend import Trend, trend_picture


def wait_chart(figures: Figures, area: Area, beside: Sequence[Area], period: Period) -> Chart:
    """The line over time as the page of the indicator draws it, with its table. One query."""
    periods = periods_shown(figures, period)
    found = figures.grid([HEADLINE], [area, *beside], periods)
    lines = [[found[HEADLINE.code, one, when] for when in periods] for one in (area, *beside)]
    picture = trend_picture(Trend(HEADLINE, area, period, lines), Telling(figures))
    state = f"?period={period.code}&chart=trend"
    return picture.shown(
        "first-waits",
        svg_href=picture_href(area, HEADLINE, "svg") + state,
        json_href=picture_href(area, HEADLINE, "json") + state,
        csv_href=f"{area_href(area, HEADLINE)}{state}&format=csv",
        definition_href=definition_href(HEADLINE),
    )
