"""Estimated problem drug users by partnership, from needs assessments that are finished."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import QuerySet

from commissioning.choices import BullseyeRing, NeedsState
from commissioning.models import BullseyeFigure, User
from commissioning.models.plans import year_period
from commissioning.roles import Permission


@dataclass(frozen=True)
class AreaEstimate:
    """People, as estimated in the assessment of a financial year, and where that comes from."""

    value: int
    year: int
    source: str

    @property
    def words(self) -> str:
        return f"{self.source}; needs assessment {year_period(self.year).label}"


def estimates_for_sums(*, year: int) -> Mapping[int, int]:
    """The same of every partnership, for sums over several and for nothing else. One query."""
    rows = _newest(BullseyeFigure.objects.all(), year=year)
    return dict(rows.values_list("partnership", "value"))


def estimates_of_areas(person: User, *, year: int) -> Mapping[int, AreaEstimate]:
    """By partnership, of the newest finished assessment up to the year that the person may read.
    One query."""
    rows = _newest(BullseyeFigure.objects.permitted(person, Permission.PLAN_VIEW), year=year)
    told = rows.values_list("partnership", "value", "assessment__year", "source")
    return {pk: AreaEstimate(value, of, source) for pk, value, of, source in told}


def _newest(figures: QuerySet[BullseyeFigure], *, year: int) -> QuerySet[BullseyeFigure]:
    """The estimate of each partnership's newest finished assessment up to the year."""
    return (
        figures.filter(
            assessment__state=NeedsState.FINISHED,
            assessment__year__lte=year,
            ring=BullseyeRing.ESTIMATE,
            value__gt=0,
        )
        .order_by("partnership", "-assessment__year", "pk")
        .distinct("partnership")
    )
