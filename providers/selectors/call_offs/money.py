"""Where the money of a spot purchase can come from, and what of it is committed."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import F, Q, Sum
from django.db.models.functions import Coalesce

from commissioning.choices import AT_WORK_IN, EntryKind
from commissioning.kernel.money import ZERO
from commissioning.kernel.words import pounds
from commissioning.models import Allocation, Entry, Partnership, User
from commissioning.models.plans import year_period
from commissioning.selectors.plans.ledger import people_who_approve
from providers.models import CallOff, CallOffExtension, CallOffMoney
from providers.rules.call_off_costs import cost_by_year
from providers.rules.contract_costs import fill

CLOSED = "close:"  # how causes begin by which commitments lapse when a plan is closed


def cause_of(call_off: CallOff, extension: CallOffExtension | None = None) -> str:
    """What its commitments are known by in the ledger."""
    more = f":x{extension.number}" if extension else ""
    return f"call-off:{call_off.pk}{more}"


@dataclass(frozen=True)
class YearToFund:
    """A financial year of a stay: what it costs and the parts of agreed plans that could pay it.

    Without an agreed plan there is nothing to take it from yet: it is committed later.
    """

    year: int
    cost: Decimal
    allocations: Sequence[Allocation]

    @property
    def label(self) -> str:
        return year_period(self.year).label

    @property
    def cost_words(self) -> str:
        return pounds(self.cost)

    @property
    def is_open(self) -> bool:
        """Whether the partnership has an agreed plan of the year."""
        return bool(self.allocations)


def years_to_fund(
    partnership: Partnership,
    costs: Mapping[int, Decimal],
    *,
    intervention: str,
    provider: int,
) -> list[YearToFund]:
    """Each year that costs something, with the lines and streams of the partnership's agreed
    plans; those for the provider and the intervention first. One query."""
    rows = (
        Allocation.objects.filter(
            line__plan__partnership=partnership,
            line__plan__year__in=costs,
            line__plan__state__in=AT_WORK_IN,
        )
        .select_related("line__plan__partnership__organisation", "stream")
        .order_by("line__position", "line__number", "stream__position")
    )

    def fits(one: Allocation) -> int:
        line = one.line
        return -2 * int(line.provider_id == provider) - int(line.intervention_id == intervention)

    held = sorted(rows, key=fits)
    return [
        YearToFund(year, cost, [one for one in held if one.line.plan.year == year])
        for year, cost in sorted(costs.items())
        if cost
    ]


def suggested(year: YearToFund) -> dict[int, Decimal]:
    """A split over the year's allocations, each as far as it is free, in their order."""
    return fill(year.cost, {one.pk: one.headroom for one in year.allocations})


def parts_of(call_off: CallOff, extension: CallOffExtension | None = None) -> list[CallOffMoney]:
    """What the purchase, or a longer stay, takes from where. One query."""
    rows = CallOffMoney.objects.filter(call_off=call_off, extension=extension)
    return list(rows.select_related("line__plan", "stream").order_by("line", "stream"))


@dataclass(frozen=True)
class Promise:
    """A commitment of a call-off and its year; `left` is neither paid nor released, `lapsed` was
    released when its plan was closed, and `returned` by the call-off itself. Pounds.
    """

    entry: Entry
    year: int
    amount: Decimal
    left: Decimal
    lapsed: Decimal
    returned: Decimal

    @property
    def kept(self) -> Decimal:
        """What of it is committed still, or paid."""
        return self.amount - self.lapsed - self.returned


def promises_of(call_off: CallOff) -> list[Promise]:
    """Every commitment of a call-off and its longer stays, in the ledger's order. One query."""
    rows = (
        Entry.objects.filter(kind=EntryKind.COMMITMENT, commitment=None)
        .filter(cause__regex=rf"^call-off:{call_off.pk}(:x[0-9]+)?$")
        .annotate(
            left=F("amount") + Coalesce(Sum("later__amount"), ZERO),
            lapsed=-Coalesce(
                Sum("later__amount", filter=Q(later__cause__startswith=CLOSED)), ZERO
            ),
            returned=-Coalesce(
                Sum("later__amount", filter=Q(later__cause__startswith=f"{cause_of(call_off)}:")),
                ZERO,
            ),
        )
        .select_related("allocation__line__plan", "allocation__stream")
        .order_by("allocation", "pk")
    )
    return [
        Promise(
            one,
            one.allocation.line.plan.year,
            one.amount,
            one.left,  # type: ignore[attr-defined]  # annotated
            one.lapsed,  # type: ignore[attr-defined]
            one.returned,  # type: ignore[attr-defined]
        )
        for one in rows
    ]


def net_committed(promises: Sequence[Promise]) -> Decimal:
    """What was committed less what was released without being paid: what it costs."""
    return sum((one.kept for one in promises), ZERO)


def years_unfunded(call_off: CallOff) -> list[YearToFund]:
    """Years of an approved purchase whose nights are on no plan's lines yet."""
    costs = cost_by_year(call_off.starts_on, call_off.ends_on, call_off.weekly_price)
    put = set(call_off.money.bought().values_list("line__plan__year", flat=True))
    return years_to_fund(
        call_off.partnership,
        {year: cost for year, cost in costs.items() if year not in put},
        intervention=call_off.intervention_id,
        provider=call_off.provider_id,
    )


def who_may_approve(
    partnership: Partnership, amount: Decimal, *, but: int, on: dt.date
) -> list[User]:
    """Those whose limit covers the amount, other than who asked. One query."""
    return [
        person
        for person, limit in people_who_approve(partnership.pk, on=on)
        if person.pk != but and amount <= limit
    ]
