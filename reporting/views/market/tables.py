"""The lists of capacity, of Tier 4 beds and of gaps."""

from collections.abc import Callable
from typing import Any

import django_tables2
from django.utils.html import format_html
from django.utils.safestring import SafeString

from commissioning.kernel.words import MISSING
from commissioning.tables import CountColumn, NameColumn, PercentColumn, Table
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
    unsure = CountColumn(verbose_name="Of these unknown", accessor="standing__free_unsure")
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


def _care_href(line: GapLine) -> str:
    return f"/partnership/{line.member.area.code}/primary-care/"


def _register(line: GapLine, asked: str) -> str:
    """The register, from the partnership's centre."""
    return f"/register/?near={line.member.area.code}&{asked}"


def _link(href: str, words: str, unseen: str) -> SafeString:
    return format_html(
        '<a class="govuk-link govuk-link--no-visited-state" href="{}">{}'
        '<span class="govuk-visually-hidden">: {}</span></a>',
        href,
        words,
        unseen,
    )


class HeldColumn(django_tables2.Column):
    """Yes, or None with the way to where it is seen to; Yes and No in a file."""

    def __init__(self, words: str, accessor: str, *, href: Callable[[GapLine], str]) -> None:
        super().__init__(verbose_name=words, accessor=accessor)
        self.words, self.href = words.lower(), href

    def render(self, value: Any, record: GapLine) -> SafeString | str:
        return "Yes" if value else _link(self.href(record), "None", self.words)

    def value(self, value: Any) -> Any:
        return "Yes" if value else "No"


class GapTable(Table):
    """What residents of partnerships cannot reach."""

    caption = "Gaps by partnership"
    counted = ("partnership", "partnerships")

    name = NameColumn(
        verbose_name="Partnership", href=lambda line: overview_href(line.member.area)
    )
    region = django_tables2.Column(verbose_name="Region")
    number = CountColumn(verbose_name="Gaps")
    miles = OneDecimalColumn(verbose_name="Miles to detoxification", empty_values=())
    care = HeldColumn("Shared care", "gaps__has_shared_care", href=_care_href)
    evenings = HeldColumn(
        "Evening hours", "gaps__has_evenings", href=lambda line: _register(line, "hours=evenings")
    )
    weekends = HeldColumn(
        "Weekend hours", "gaps__has_weekends", href=lambda line: _register(line, "hours=weekends")
    )

    def __init__(self, lines: list[GapLine], **kwargs: Any) -> None:
        super().__init__(lines, **kwargs)

    def render_miles(self, record: GapLine) -> SafeString | str:
        if record.gaps.is_detox_near and record.miles is not None:
            return f"{record.miles:,.1f}"
        far = MISSING if record.miles is None else f"{record.miles:,.1f}"
        return _link(
            _register(record, "intervention=inpatient"), far, "detoxification is not near"
        )
