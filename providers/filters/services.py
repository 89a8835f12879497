"""What every search among services asks, and how it is put together."""

from functools import cache
from typing import Any

import django_filters

from commissioning.list_filters import ListFilter
from commissioning.reference import framework
from providers.choices import SexTaken
from providers.models import Service

DISTANCES = (5, 10, 20, 30, 50, 100)
SEXES = ((SexTaken.WOMEN, "Takes women"), (SexTaken.MEN, "Takes men"))


@cache
def named(what: str) -> list[tuple[str, str]]:
    """Codes and names of the framework's settings, client groups or intervention types."""
    rows: Any = getattr(framework(), what)
    return [(one.code, one.name) for one in rows]


def choice(label: str, choices: Any, nothing: str = "Any") -> django_filters.ChoiceFilter:
    return django_filters.ChoiceFilter(
        label=label, choices=choices, empty_label=nothing, method="later"
    )


class AskedOfServices(ListFilter):
    """A search whose answers become one statement: no filter narrows the rows by itself."""

    class Meta:
        model = Service
        fields: list[str] = []

    def later(self, rows: Any, name: str, value: Any) -> Any:
        return rows
