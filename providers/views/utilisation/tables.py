"""The tables of utilisation."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import django_tables2
from django.urls import reverse
from django.utils.safestring import SafeString

from commissioning.components import as_verdict
from commissioning.kernel.words import MISSING
from commissioning.tables import (
    CountColumn,
    NameColumn,
    PercentColumn,
    PoundsColumn,
    Table,
    WeeksColumn,
)
from providers.rules.utilisation import PlaceNights
from providers.selectors.utilisation.blocks import Use
from providers.selectors.utilisation.buyers import ContractUse, ProviderExposure


class MonthsColumn(WeeksColumn):
    """2.4, of months."""


class TimeColumn(NameColumn):
    """A month or a night, in the order of time; a month leads to its nights."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(order_by="since", **kwargs)

    def render(self, value: Any, record: Any) -> SafeString:
        href: Callable[[Any], str] | None = self.href if record.href else None
        shown = NameColumn(href=href)
        return shown.render(value, record)


@dataclass(frozen=True)
class UseRow:
    """A month or a night of a contract's places. `since` puts it in order."""

    when: str
    since: Any
    href: str
    use: Use
    spot_price: Decimal | None
    against_spot: float | None


class UseTable(Table):
    """How a contract's places are used, month by month or night by night."""

    counted = ("month", "months")
    empty_title = "No night is over yet"

    when = TimeColumn(verbose_name="Month", href=lambda one: one.href)
    contracted = CountColumn(accessor="use__nights__contracted", verbose_name="Nights contracted")
    in_service = CountColumn(accessor="use__nights__in_service", verbose_name="In service")
    used = CountColumn(accessor="use__nights__used", verbose_name="Used")
    outside = CountColumn(accessor="use__nights__outside", verbose_name="Sold outside")
    void = CountColumn(accessor="use__nights__void", verbose_name="Void")
    utilisation = PercentColumn(accessor="use__nights__utilisation", verbose_name="Utilisation")
    voids = PoundsColumn(accessor="use__voids", verbose_name="Cost of voids")
    cost = PoundsColumn(accessor="use__cost", verbose_name="Cost")
    weekly = PoundsColumn(accessor="use__weekly_cost", verbose_name="Cost of an occupied week")
    against_spot = PercentColumn(verbose_name="Of the spot price")

    def __init__(self, *args: Any, caption: str, by_night: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.caption = caption
        if by_night:
            self.counted = ("night", "nights")
            self.columns["when"].column.verbose_name = "Night"


@dataclass(frozen=True)
class CeilingRow:
    """A month of a contract with a ceiling."""

    when: str
    since: Any
    called_off: Decimal
    so_far: Decimal
    left: Decimal | None
    href: str = ""


class CeilingTable(Table):
    """How a ceiling burns down."""

    caption = "What was called off, by the month in which a stay begins"
    counted = ("month", "months")
    empty_title = "Nothing is called off yet"

    when = TimeColumn(verbose_name="Month")
    called_off = PoundsColumn(verbose_name="Called off")
    so_far = PoundsColumn(verbose_name="So far")
    left = PoundsColumn(verbose_name="Left of the ceiling")


@dataclass(frozen=True)
class PlaceRow:
    """A month of a provider's places."""

    when: str
    since: Any
    href: str
    nights: PlaceNights


class PlaceTable(Table):
    """How a provider's places are used, month by month."""

    caption = "Nights of places by month"
    counted = ("month", "months")
    empty_title = "No night is over yet"

    when = TimeColumn(verbose_name="Month", href=lambda one: one.href)
    open = CountColumn(accessor="nights__open", verbose_name="Nights open")
    out = CountColumn(accessor="nights__out_of_service", verbose_name="Out of service")
    available = CountColumn(accessor="nights__available", verbose_name="Available")
    occupied = CountColumn(accessor="nights__occupied", verbose_name="Occupied")
    void = CountColumn(accessor="nights__void", verbose_name="Void")
    occupancy = PercentColumn(accessor="nights__occupancy", verbose_name="Occupancy")
    contracted = CountColumn(accessor="nights__contracted", verbose_name="In block contracts")
    on_block = CountColumn(accessor="nights__on_block", verbose_name="Of these, occupied")
    outside = CountColumn(accessor="nights__outside_block", verbose_name="Occupied, in no block")


class ContractUseTable(Table):
    """Contracts of a partnership, the dearest voids first."""

    caption = "Contracts and how they are used"
    counted = ("contract", "contracts")
    empty_title = "No contract held in this year"

    reference = NameColumn(
        accessor="contract__reference",
        verbose_name="Contract",
        href=lambda one: reverse("providers:contract-utilisation", args=[one.contract.reference]),
    )
    title = django_tables2.Column(accessor="contract__title", verbose_name="Title")
    provider = django_tables2.Column(
        accessor="contract__provider", order_by="contract__provider__organisation__name"
    )
    kind = django_tables2.Column(accessor="contract__get_kind_display", verbose_name="Kind")
    contracted = CountColumn(accessor="use__nights__contracted", verbose_name="Nights contracted")
    in_service = CountColumn(accessor="use__nights__in_service", verbose_name="In service")
    used = CountColumn(accessor="use__nights__used", verbose_name="Used")
    outside = CountColumn(accessor="use__nights__outside", verbose_name="Sold outside")
    void = CountColumn(accessor="use__nights__void", verbose_name="Void")
    utilisation = PercentColumn(accessor="use__nights__utilisation", verbose_name="Utilisation")
    voids = PoundsColumn(accessor="use__voids", verbose_name="Cost of voids")
    own_voids = PoundsColumn(verbose_name="Our part of it")
    weekly = PoundsColumn(accessor="use__weekly_cost", verbose_name="Cost of an occupied week")
    spot_price = PoundsColumn(verbose_name="Spot price a week")
    against_spot = PercentColumn(verbose_name="Of the spot price")
    ceiling = PoundsColumn(accessor="contract__ceiling", verbose_name="Ceiling")
    called_off = PoundsColumn(verbose_name="Called off")
    left = PoundsColumn(verbose_name="Left of the ceiling")

    def render_provider(self, value: object) -> str:
        return str(value)

    def value_provider(self, value: object) -> str:
        return str(value)


MOSTLY_SPOT, NOT_MOSTLY, NO_INCOME = "Mostly spot", "Not mostly spot", "No income known"


class ExposureTable(Table):
    """Providers and what they live on, the most exposed first."""

    counted = ("provider", "providers")

    name = NameColumn(
        verbose_name="Provider",
        href=lambda one: reverse("providers:provider-utilisation", args=[one.code]),
    )
    standing = django_tables2.Column(
        verbose_name="Exposure", empty_values=(), order_by="from_spot"
    )
    from_spot = PercentColumn(verbose_name="Income from spot")
    cover = MonthsColumn(verbose_name="Months of cover")
    spot = PoundsColumn(accessor="income__spot", verbose_name="Spot purchases")
    contracts = PoundsColumn(accessor="income__contracts", verbose_name="Contracts")
    places = CountColumn(verbose_name="Places open")
    occupancy = PercentColumn(accessor="nights__occupancy", verbose_name="Occupancy")
    break_even = PercentColumn(verbose_name="Break-even occupancy")
    void = CountColumn(accessor="nights__void", verbose_name="Void nights")

    def __init__(self, *args: Any, caption: str, percent: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.caption, self.percent = caption, percent

    def render_standing(self, record: ProviderExposure) -> SafeString | str:
        said = standing_of(record, self.percent)
        if said == NO_INCOME:
            return MISSING
        return as_verdict(said, "watch" if said == MOSTLY_SPOT else "plain")

    def value_standing(self, record: ProviderExposure) -> str:
        return standing_of(record, self.percent)


def standing_of(one: ProviderExposure, percent: int) -> str:
    if one.from_spot is None:
        return NO_INCOME
    return MOSTLY_SPOT if one.is_mostly_spot(percent) else NOT_MOSTLY


__all__ = [
    "CeilingRow",
    "CeilingTable",
    "ContractUse",
    "ContractUseTable",
    "ExposureTable",
    "PlaceRow",
    "PlaceTable",
    "UseRow",
    "UseTable",
    "standing_of",
]
