"""The filter of the freshness league."""

from collections.abc import Sequence
from typing import Any

import django_filters
from django.db.models import F

from commissioning.list_filters import ListFilter
from commissioning.models import Partnership
from providers.models import Provider

BOARDS = (("unknown", "Some board is unknown"), ("fresh", "Every board is fresh"))


class FreshnessFilter(ListFilter):
    """By name, by who buys there, and by whether all boards can be relied on.

    `buyers` are the partnerships whose contracts the asker may view: with nobody else's can the
    list be narrowed, since that would tell whom they buy from.
    """

    name = django_filters.CharFilter(label="Provider", method="named")
    buyer = django_filters.ChoiceFilter(
        label="On a contract with", empty_label="Anybody or nobody", method="later"
    )
    boards = django_filters.ChoiceFilter(
        label="Boards", choices=BOARDS, empty_label="All providers", method="stand"
    )

    class Meta:
        model = Provider
        fields: list[str] = []

    def __init__(self, *args: Any, buyers: Sequence[Partnership], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._buyers = {one.code: one for one in buyers}
        if buyers:
            choices = [(code, str(one)) for code, one in self._buyers.items()]
            self.filters["buyer"].extra["choices"] = choices
        else:
            del self.filters["buyer"]

    @property
    def bought_by(self) -> Partnership | None:
        """Whose providers are asked for; the view gives the league of them."""
        return self._buyers.get(str(self.asked("buyer") or ""))

    def named(self, rows: Any, name: str, value: str) -> Any:
        return rows.filter(organisation__name__icontains=value)

    def stand(self, rows: Any, name: str, value: str) -> Any:
        if value == "fresh":
            return rows.filter(fresh=F("boards"))
        return rows.filter(fresh__lt=F("boards"))

    def later(self, rows: Any, name: str, value: Any) -> Any:
        return rows
