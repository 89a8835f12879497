"""What a plan's lines hold of each intervention, to be set beside what is needed."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from django.db.models import OuterRef, Q, Subquery, Sum

from commissioning.choices import PlanKind
from commissioning.models import InterventionType, Line, Plan, PlanMember
from commissioning.rules.capacity import compared
from commissioning.rules.needs import CapacityInput

WHOLE = Decimal(100)


@dataclass(frozen=True)
class Held:
    """Starts and places that lines hold; None where no line says."""

    starts: int | None = None
    places: int | None = None


@dataclass(frozen=True)
class NeededAndHeld:
    """One intervention: what is needed, by which sum, and what the plan holds of it."""

    name: str
    inputs: CapacityInput
    held: Held

    @property
    def starts_compared(self) -> str:
        return compared(self.inputs.worked.starts, self.held.starts)

    @property
    def places_compared(self) -> str:
        return compared(self.inputs.worked.places, self.held.places)


def held_by_lines(plan: Plan) -> dict[str, Held]:
    """Starts and places by intervention: of the plan's own lines and, for a partnership's own
    plan, its share in the lines of joint plans of the year, to the nearest whole. One query."""
    lines = Line.objects.filter(intervention__isnull=False)
    share = PlanMember.objects.filter(plan=OuterRef("plan"), partnership=plan.partnership_id)
    plans = Q(pk=plan.pk)
    if plan.kind == PlanKind.OWN:
        plans |= Q(kind=PlanKind.JOINT, year=plan.year, members__partnership=plan.partnership_id)
    # Told by their plans, which are few: the lines of the country are not looked through.
    lines = lines.filter(plan__in=Plan.objects.filter(plans).order_by().distinct())
    rows = (
        lines.order_by()
        .values("intervention", "plan")
        .annotate(
            starts=Sum("planned_starts"),
            held_places=Sum("places"),
            share=Subquery(share.values("share")),
            is_own=Q(plan=plan),
        )
        .values_list("intervention", "is_own", "share", "starts", "held_places")
    )
    found: dict[str, list[tuple[Decimal, int | None, int | None]]] = {}
    for intervention, is_own, part, starts, places in rows:
        weight = Decimal(1) if is_own else part / WHOLE
        found.setdefault(intervention, []).append((weight, starts, places))
    return {
        code: Held(
            _total([(weight, starts) for weight, starts, _ in parts]),
            _total([(weight, places) for weight, _, places in parts]),
        )
        for code, parts in found.items()
    }


def needed_and_held(plan: Plan, inputs: list[CapacityInput]) -> list[NeededAndHeld]:
    """Every intervention that is worked out, beside the plan. Two queries, none without any."""
    if not inputs:
        return []
    held = held_by_lines(plan)
    names = dict(InterventionType.objects.values_list("code", "name"))
    return [
        NeededAndHeld(names[one.intervention], one, held.get(one.intervention, Held()))
        for one in inputs
    ]


def _total(parts: list[tuple[Decimal, int | None]]) -> int | None:
    known = [weight * number for weight, number in parts if number is not None]
    if not known:
        return None
    return int(sum(known, Decimal(0)).quantize(Decimal(1), ROUND_HALF_UP))
