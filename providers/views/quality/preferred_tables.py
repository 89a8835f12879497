"""The list of preferred providers, its filter, and how each stands."""

import datetime as dt
from typing import Any

import django_filters
import django_tables2
from django.db.models import Q, QuerySet

from commissioning.components import Tone
from commissioning.list_filters import ListFilter
from commissioning.tables import DayColumn, NameColumn, Table, TagColumn
from providers.models import PreferredProvider

NAMED, REVIEW, LEFT = "On the list", "Review overdue", "Left the list"
STANDINGS = {"on": NAMED, "review": REVIEW, "left": LEFT}
TONES: dict[str, Tone] = {NAMED: "good", REVIEW: "watch", LEFT: "plain"}


class PreferredFilter(ListFilter):
    """Providers by list, standing and name; those that left only when they are asked for."""

    standing = django_filters.ChoiceFilter(
        label="Standing",
        choices=[*STANDINGS.items()],
        empty_label="All that are on a list",
        method="later",
    )
    words = django_filters.CharFilter(label="Provider or list", method="with_words")

    class Meta:
        model = PreferredProvider
        fields: list[str] = []

    def later(self, rows: QuerySet[PreferredProvider], name: str, value: str) -> Any:
        return rows

    def with_words(self, rows: QuerySet[PreferredProvider], name: str, value: str) -> Any:
        return rows.filter(
            Q(provider__organisation__name__icontains=value)
            | Q(preferred_list__name__icontains=value)
        )


class PreferredTable(Table):
    """Providers on lists, each with its `standing`."""

    caption = "Preferred providers"
    counted = ("provider", "providers")
    empty_title = "No preferred provider"

    provider = NameColumn(accessor="provider__organisation__name", verbose_name="Provider")
    preferred_list = django_tables2.Column(accessor="preferred_list__name", verbose_name="List")
    whose = django_tables2.Column(
        accessor="preferred_list__organisation__name", verbose_name="Whose list"
    )
    evidence = django_tables2.Column(verbose_name="Evidence", orderable=False)
    from_on = DayColumn(verbose_name="Since")
    review_by = DayColumn(verbose_name="Review by")
    decided_by = django_tables2.Column(verbose_name="Decided by")
    standing = TagColumn(
        verbose_name="Standing", tone=lambda one: TONES[one.standing], verdict=True
    )


def standing_of(rows: list[PreferredProvider], *, on: dt.date) -> list[PreferredProvider]:
    """Each with its standing in a word, for the list and its files."""
    for one in rows:
        said = REVIEW if one.review_by < on else NAMED
        one.standing = LEFT if one.until_on and one.until_on <= on else said  # type: ignore[attr-defined]
    return rows
