"""Quarterly reports that are to be signed, and what each plan owes of them."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from commissioning.choices import AT_WORK_IN, ReportState
from commissioning.models import QuarterReport


@dataclass(frozen=True)
class Owed:
    """What a partnership owes of one plan, the oldest first."""

    name: str
    reports: Sequence[QuarterReport]

    @property
    def first(self) -> QuarterReport:
        return self.reports[0]


def open_reports_of_plans() -> QuerySet[QuarterReport]:
    """Reports to be signed, of plans that are being carried out, by the day they are due."""
    return (
        QuarterReport.objects.filter(state=ReportState.OPEN, plan__state__in=AT_WORK_IN)
        .select_related("plan__partnership__organisation")
        .order_by("due_on", "plan__partnership__organisation__name", "plan")
    )


def owed_by_plan(reports: "QuerySet[QuarterReport]") -> list[Owed]:
    """The reports, those of one plan together."""
    held: dict[int, list[QuarterReport]] = {}
    for one in reports:
        held.setdefault(one.plan_id, []).append(one)
    return [Owed(of[0].plan.name or str(of[0].plan.partnership), of) for of in held.values()]
