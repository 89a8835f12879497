"""What the lines of a plan take together, stream by stream."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import QuerySet, Sum

from commissioning.choices import PlanState
from commissioning.kernel.money import ZERO
from commissioning.models import Allocation, CarriedForward, Partnership, Plan


@dataclass(frozen=True)
class StreamTotals:
    """What each stream gives, by its name, and all of them; pounds."""

    streams: list[tuple[str, Decimal]]

    @property
    def total(self) -> Decimal:
        return sum((amount for _, amount in self.streams), ZERO)


def planned_by_stream(plan: Plan) -> StreamTotals:
    """What is being planned now, stream by stream. One query."""
    sums = (
        Allocation.objects.filter(plan=plan)
        .order_by("stream__position")
        .values_list("stream__name")
        .annotate(total=Sum("amount"))
    )
    return StreamTotals(list(sums))


def carried_forward(partnership: Partnership, year: int) -> Decimal:
    """What was left of all its streams when a partnership's year was closed; pounds."""
    left = CarriedForward.objects.filter(partnership=partnership, year=year)
    return left.aggregate(total=Sum("amount"))["total"] or ZERO


def carried_forward_parts(partnership: int, year: int) -> QuerySet[CarriedForward]:
    """The same stream by stream, in their order, each with its ring-fence."""
    left = CarriedForward.objects.filter(partnership=partnership, year=year)
    return left.select_related("stream").order_by("stream__position")


def plans_not_closed(partnership: Partnership, year: int) -> QuerySet[Plan]:
    """The plans of a partnership's year for which its money waits before it is carried forward."""
    plans = Plan.objects.of_partnership(partnership).in_year(year).with_names()
    return plans.exclude(state=PlanState.CLOSED)
