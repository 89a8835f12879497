"""The lists of activity: quarters that are owed, what was counted, and what was planned."""

from typing import Any

import django_filters
import django_tables2

from commissioning.components import Tone
from commissioning.kernel.words import MISSING, count
from commissioning.list_filters import RowFilter
from commissioning.tables import CountColumn, DayColumn, NameColumn, Table, TagColumn
from providers.models import ActivityReturn
from providers.selectors.activity import Standing
from providers.selectors.activity_of_area import AreaRow

TONES: dict[Standing, Tone] = {
    Standing.CONFIRMED: "good",
    Standing.FILLED_IN: "info",
    Standing.DUE: "watch",
    Standing.LATE: "bad",
}
NOT_SPLIT = "Not split"
_STANDINGS = [(one.name.lower().replace("_", "-"), one.value) for one in Standing]


class StandingFilter(RowFilter):
    """Quarters of services by name and standing."""

    standing = django_filters.ChoiceFilter(
        label="Standing", choices=_STANDINGS, empty_label="Any standing", method="later"
    )

    class Meta:
        model = ActivityReturn
        fields: list[str] = []

    def keeps(self, standing: Standing, *names: str) -> bool:
        asked = dict(_STANDINGS).get(self.asked("standing") or "")
        return (asked is None or standing.value == asked) and any(
            self.names(name, "") for name in names
        )


class QuarterTable(Table):
    """Services and the quarters whose returns they owed."""

    caption = "Activity returns"
    counted = ("return", "returns")
    empty_title = "No return is due"

    service = NameColumn(verbose_name="Service")
    quarter = django_tables2.Column(verbose_name="Quarter", order_by="period__start")
    due_on = DayColumn(verbose_name="Due on")
    standing = TagColumn(
        accessor="said",
        verbose_name="Standing",
        tone=lambda one: TONES[one.standing],
        verdict=True,
    )
    confirmed_at = DayColumn(accessor="confirmed__confirmed_at", verbose_name="Confirmed on")
    confirmed_by = django_tables2.Column(
        accessor="confirmed__confirmed_by", verbose_name="By", default=MISSING
    )

    def value_service(self, value: Any) -> str:
        return str(value)


class CountedTable(Table):
    """What services counted in a quarter, a measure a column."""

    caption = "What was counted"
    counted = ("intervention", "interventions")
    empty_title = "Nothing is counted here"

    provider = NameColumn(accessor="provider__name", verbose_name="Provider")
    service = django_tables2.Column(accessor="delivered__service__name", verbose_name="Service")
    intervention = django_tables2.Column(
        accessor="delivered__intervention__name", verbose_name="Intervention"
    )
    tier = CountColumn(accessor="delivered__tier", verbose_name="Tier")
    ours = CountColumn(verbose_name="For our residents", empty_values=())
    standing = TagColumn(
        accessor="standing__value",
        verbose_name="Return",
        tone=lambda one: TONES[one.standing],
        verdict=True,
    )

    def render_ours(self, value: int | None, record: AreaRow) -> str:
        return NOT_SPLIT if record.is_unsplit else count(value)

    def value_ours(self, value: int | None, record: AreaRow) -> str | int | None:
        return NOT_SPLIT if record.is_unsplit else value


class PlannedTable(Table):
    """Lines of the plan beside what was counted."""

    caption = "Planned and counted"
    counted = ("line", "lines")
    empty_title = "The plan has no such line"

    name = NameColumn(accessor="line__name", verbose_name="Line of the plan")
    provider = django_tables2.Column(
        accessor="line__provider__name", verbose_name="Provider", default="Not named"
    )
    intervention = django_tables2.Column(
        accessor="line__intervention__name", verbose_name="Intervention"
    )
    planned = CountColumn(verbose_name="Planned")
    planned_of = django_tables2.Column(verbose_name="Of what", default=MISSING)
    counted_number = CountColumn(accessor="counted", verbose_name="Counted so far")
    measure = django_tables2.Column(accessor="measure__label", verbose_name="Measure")
    quarters = CountColumn(verbose_name="Quarters counted")
    unsplit = CountColumn(verbose_name="Not split between partnerships")
