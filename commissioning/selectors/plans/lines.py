"""The lines of a plan, the streams they may take from, and the lists their cells are read by."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from django.db.models import Q, Sum

from commissioning.choices import OrganisationKind, Purchase
from commissioning.kernel.money import ZERO
from commissioning.kernel.words import joined
from commissioning.models import (
    Allocation,
    Funding,
    FundingStream,
    InterventionType,
    Line,
    Organisation,
    Plan,
    PlanMember,
    Priority,
)
from commissioning.reference import framework
from commissioning.rules.line_cells import NO_PROVIDER, Listed


def lines_of(plan: Plan) -> list[Line]:
    """Every line in its order, with intervention, provider and what it takes; four statements."""
    found = list(
        plan.lines.prefetch_related("intervention", "provider").order_by("position", "number")
    )
    taken = Allocation.objects.filter(plan=plan).by_line()
    for line in found:
        line.taken = taken.get(line.pk, [])
    return found


def line_of(plan: Plan, number: int) -> Line | None:
    """One line by its number in the plan."""
    return (
        plan.lines.select_related("intervention", "provider", "priority")
        .prefetch_related("allocations__stream", "trajectory")
        .filter(number=number)
        .first()
    )


def priorities_of(plan: Plan) -> list[Priority]:
    """The plan's priorities, by number."""
    return list(plan.priorities.order_by("number"))


@dataclass(frozen=True)
class HeldStream:
    """A stream as a plan meets it: what there is of it, or None where none was allocated."""

    stream: FundingStream
    amount: Decimal | None

    @property
    def code(self) -> str:
        return self.stream.code

    @property
    def name(self) -> str:
        return self.stream.name

    def warning(self, intervention: InterventionType | None) -> str:
        """Why the stream may not pay for the intervention; nothing when it may."""
        only = self.stream.pays_only
        if not only or (intervention is not None and intervention.code in only):
            return ""
        names = _intervention_names()
        wanted = joined(names.get(code, code).lower() for code in only)
        return f"{self.name} pays only for {wanted}."


def streams_of(plan: Plan) -> list[HeldStream]:
    """The streams that the plan's partnership has in the year, and any that its lines take from.

    A joint plan is paid from the streams of all who share in it: amounts are sums over them.
    """
    payers = partnerships_paying(plan)
    held = dict(
        Funding.objects.filter(partnership__in=payers, year=plan.year)
        .values_list("stream")
        .annotate(amount=Sum("amount"))
        .order_by()
    )
    used = Allocation.objects.filter(plan=plan, amount__gt=0).values("stream")
    return [
        HeldStream(stream, held.get(stream.pk))
        for stream in FundingStream.objects.filter(Q(pk__in=held) | Q(pk__in=used))
    ]


def partnerships_paying(plan: Plan) -> Iterable[int]:
    """The partnerships whose streams pay for the plan's lines."""
    if not plan.is_joint:
        return [plan.partnership_id]
    members = PlanMember.objects.filter(plan=plan).values_list("partnership_id", flat=True)
    return {plan.partnership_id, *members}


def lists_of(plan: Plan) -> dict[str, Listed]:
    """What may stand in each listed cell of the plan's lines."""
    providers = dict(
        Organisation.objects.of_kind(OrganisationKind.PROVIDER)
        .open_on(plan.period.start)
        .order_by("name", "pk")
        .values_list("code", "name")
    )
    return {
        "intervention": Listed(_intervention_names(), "an intervention of the framework"),
        "provider": Listed(providers, "a provider", frozenset({NO_PROVIDER.casefold()})),
        "setting": Listed(_setting_names(), "a setting of the framework"),
        "purchase": Listed(dict(Purchase.choices), "a way of buying"),
    }


def not_allocated(lines: Sequence[Line]) -> Decimal:
    """What of the lines' cost no stream pays for; less than nothing when too much is taken."""
    return sum((line.cost - taken_by(line) for line in lines), ZERO)


def taken_by(line: Line) -> Decimal:
    """What the line takes from all streams together."""
    return sum((amount for _, amount in line.taken), ZERO)


@cache
def _intervention_names() -> dict[str, str]:
    return {kind.code: kind.name for kind in framework().intervention_types}


def setting_name(code: str) -> str:
    """What a setting of the framework is called."""
    return _setting_names().get(code, code)


@cache
def _setting_names() -> dict[str, str]:
    return {setting.code: setting.name for setting in framework().settings}
