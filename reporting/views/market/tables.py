"""The lists of capacity, of Tier 4 beds and of gaps."""

from typing import Any

import django_tables2
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from commissioning.kernel.words import MISSING
from commissioning.tables import CountColumn, NameColumn, PercentColumn, Table, TagColumn
from reporting.selectors.market import CapacityLine, GapLine, Tier4Line
from reporting.views.indicators.named import overview_href


def _where(line: CapacityLine) -> str:
    return overview_href(line.member.area) if line.member else "#capacity"


class OneDecimalColumn(CountColumn):
    """12.4; in a file as it was worked out."""

    def render(self, value: Any) -> Any:
        return f"{value:,.1f}"


class CapacityTable(Table):
    """What stands where tonight."""

    caption = "Capacity by area and intervention"
    counted = ("row", "rows")
    empty_title = "Nothing stands here"

    name = NameColumn(verbose_name="Area", href=_where)
    region = django_tables2.Column(verbose_name="Region")
    intervention = django_tables2.Column(verbose_name="Intervention")
    services = CountColumn(verbose_name="Services", accessor="standing__services")
    places = CountColumn(verbose_name="Places open", accessor="standing__places")
    in_service = CountColumn(verbose_name="In service", accessor="standing__in_service")
    occupied = CountColumn(verbose_name="Occupied", accessor="standing__occupied")
    free = CountColumn(verbose_name="Free", accessor="standing__free")
    occupancy = PercentColumn(verbose_name="Occupancy", accessor="standing__share_occupied")
    fresh = PercentColumn(verbose_name="Boards fresh", accessor="standing__share_fresh")

    def __init__(self, lines: list[CapacityLine], **kwargs: Any) -> None:
        super().__init__(lines, **kwargs)


class Tier4Table(Table):
    """Tier 4 beds for a thousand estimated problem drug users."""

    caption = "Tier 4 beds per 1,000 problem drug users"
    counted = ("area", "areas")

    name = NameColumn(verbose_name="Area", href=lambda line: overview_href(line.member.area))
    region = django_tables2.Column(verbose_name="Region")
    beds = CountColumn(verbose_name="Tier 4 beds", accessor="reach__beds")
    estimate = CountColumn(verbose_name="Estimated users", accessor="reach__estimate")
    per_1000 = OneDecimalColumn(verbose_name="Beds per 1,000", accessor="reach__per_1000")
    basis = django_tables2.Column(verbose_name="Rests on", accessor="reach__basis")

    def __init__(self, lines: list[Tier4Line], **kwargs: Any) -> None:
        super().__init__(lines, **kwargs)


class GapTable(Table):
    """What residents of partnerships cannot reach."""

    caption = "Gaps by partnership"
    counted = ("partnership", "partnerships")

    name = NameColumn(
        verbose_name="Partnership", href=lambda line: overview_href(line.member.area)
    )
    region = django_tables2.Column(verbose_name="Region")
    number = CountColumn(verbose_name="Gaps")
    miles = OneDecimalColumn(verbose_name="Miles to detoxification")
    care = TagColumn(
        verbose_name="Shared care",
        accessor="gaps__has_shared_care",
        tone=lambda line: _tone(line.gaps.has_shared_care),
    )
    evenings = TagColumn(
        verbose_name="Evenings",
        accessor="gaps__has_evenings",
        tone=lambda line: _tone(line.gaps.has_evenings),
    )
    weekends = TagColumn(
        verbose_name="Weekends",
        accessor="gaps__has_weekends",
        tone=lambda line: _tone(line.gaps.has_weekends),
    )
    what = django_tables2.Column(
        verbose_name="What is missing", accessor="gaps__sentences", orderable=False
    )

    def __init__(self, lines: list[GapLine], **kwargs: Any) -> None:
        super().__init__(lines, **kwargs)

    def render_care(self, value: bool, record: GapLine, column: TagColumn) -> Any:  # noqa: FBT001
        return column.render(_yes(value), record)

    def render_evenings(self, value: bool, record: GapLine, column: TagColumn) -> Any:  # noqa: FBT001
        return column.render(_yes(value), record)

    def render_weekends(self, value: bool, record: GapLine, column: TagColumn) -> Any:  # noqa: FBT001
        return column.render(_yes(value), record)

    def value_care(self, value: bool) -> str:  # noqa: FBT001
        return _yes(value)

    def value_evenings(self, value: bool) -> str:  # noqa: FBT001
        return _yes(value)

    def value_weekends(self, value: bool) -> str:  # noqa: FBT001
        return _yes(value)

    def render_what(self, record: GapLine) -> SafeString | str:
        if not record.gaps.sentences:
            return "Nothing"
        return format_html("{}", format_html_join(format_html("{}", "; "), "{}", _links(record)))

    def value_what(self, record: GapLine) -> str:
        return "; ".join(record.gaps.sentences) or MISSING


def _links(line: GapLine) -> list[tuple[SafeString]]:
    """Each gap with the page where it is seen to."""
    code = line.member.area.code
    pages = {
        "No detox": f"/register/?near={code}&intervention=inpatient",
        "No shared care": f"/partnership/{code}/primary-care/",
        "No service opens in the evening": f"/register/?near={code}&hours=evenings",
        "No service opens at the weekend": f"/register/?near={code}&hours=weekends",
    }
    return [
        (
            format_html(
                '<a class="govuk-link govuk-link--no-visited-state" href="{}">{}</a>',
                next(href for begins, href in pages.items() if said.startswith(begins)),
                said,
            ),
        )
        for said in line.gaps.sentences
    ]


def _tone(has: bool) -> str:  # noqa: FBT001
    return "good" if has else "watch"


def _yes(has: bool) -> str:  # noqa: FBT001
    return "Yes" if has else "No"
