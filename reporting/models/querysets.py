"""The words results are asked for in. What is shown goes through two doors of the selectors."""

from typing import TYPE_CHECKING, Any, Self

from django.db import models

from reporting.choices import TOTAL, AreaKind

if TYPE_CHECKING:
    from commissioning.kernel.periods import Period

Rows = models.QuerySet[Any]


class ResultQuerySet(Rows):
    """Cells of one family."""

    def in_period(self, period: "Period") -> Self:
        return self.filter(grain=period.grain.value, start=period.start)

    def of_area(self, kind: AreaKind, code: str) -> Self:
        return self.filter(area_kind=kind, area_code=code)

    def totals(self) -> Self:
        return self.filter(breakdown=TOTAL)

    def broken_down_by(self, breakdown: str) -> Self:
        return self.filter(breakdown=breakdown)
