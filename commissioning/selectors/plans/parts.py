"""What a plan says beside its lines, as its pages read it."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import QuerySet

from commissioning.kernel.money import ZERO
from commissioning.models import (
    Coverage,
    Document,
    Evidence,
    GridRow,
    Line,
    Plan,
    PlanDocument,
    PlanMember,
    Priority,
    RuleSet,
    Target,
    User,
)
from commissioning.reference import FrameworkItem, Tier, framework
from commissioning.reference.evidence import EVIDENCE
from commissioning.reference.planning import STARTING_ROWS, StartingRow
from commissioning.roles import Permission
from commissioning.rule_settings import DEFAULTS, RuleSettings
from commissioning.rules.tiers import HoursCover
from commissioning.scoping import Actor


def members_of(plan: Plan) -> QuerySet[PlanMember]:
    """Who shares in a joint plan, the largest share first."""
    return plan.members.select_related("partnership__organisation").order_by("-share", "pk")


def documents_of(plan: Plan) -> QuerySet[PlanDocument]:
    """The documents the plan hangs together with."""
    return plan.documents.select_related("document").order_by("role", "title", "pk")


def documents_kept_for(plan: Plan, *, seen_by: User) -> QuerySet[Document]:
    """Documents of the plan's partnership that a person may attach."""
    return (
        Document.objects.permitted(seen_by, Permission.DOCUMENT_VIEW)
        .filter(organisation=plan.partnership_id)
        .order_by("name", "-added_at")
    )


def priorities_of(plan: Plan) -> QuerySet[Priority]:
    """The year's priorities in order."""
    return plan.priorities.order_by("number")


def targets_of(plan: Plan) -> Mapping[tuple[str, str], Target]:
    """The plan's targets by whose they are and what they are for."""
    return {(one.source, one.indicator): one for one in plan.targets.all()}


def baselines_of(plan: Plan, *, seen_by: Actor) -> Mapping[str, Evidence]:
    """What is known of the partnership for the year before the plan's, by name of evidence.

    Exact figures, for whoever may see those of the partnership: to a member of a joint plan that
    another leads, nothing.
    """
    if not seen_by.reach(Permission.FIGURES_VIEW).covers(plan.partnership_id):
        return {}
    before = plan.period.previous()
    names = [name for name, meant in EVIDENCE.items() if meant.by_year]
    found = Evidence.objects.filter(
        subject=plan.partnership_id, period=before.code, name__in=names
    ).order_by("name", "-as_at")
    return {one.name: one for one in found.distinct("name")}


def rules_on(day: dt.date) -> RuleSettings:
    """The rules in force on a day; those the service starts from before any were published."""
    try:
        return RuleSet.objects.in_force_on(day).read()
    except RuleSet.DoesNotExist:
        return DEFAULTS


@dataclass(frozen=True)
class TierCoverage:
    """A tier and what the plan states of each of its items."""

    tier: Tier
    items: Sequence[tuple[FrameworkItem, Coverage | None]]
    stated: int


def coverage_of(plan: Plan) -> list[TierCoverage]:
    """Every item of the framework, tier by tier, with what the plan states of it."""
    held = {one.item_id: one for one in plan.coverage.all()}
    return [
        TierCoverage(
            tier,
            [(item, held.get(item.code)) for item in tier.items],
            sum(item.code in held for item in tier.items),
        )
        for tier in framework().tiers
    ]


@dataclass
class Commissioned:
    """What the lines buy of one intervention at a tier from one provider, or from nobody yet."""

    tier: int | None
    intervention: str
    provider: str
    starts: int = 0
    places: int = 0
    cost: Decimal = ZERO
    evenings: bool = False
    weekends: bool = False
    harm_reduction: bool = False
    settings: tuple[str, ...] = ()

    @property
    def hours(self) -> str:
        return HoursCover(evenings=self.evenings, weekends=self.weekends).sentence


TO_BE_COMMISSIONED = "To be commissioned"


def commissioned_by_tier(plan: Plan) -> list[Commissioned]:
    """The four tiers as the lines commission them: tier, intervention and provider in order."""
    lines = Line.objects.filter(plan=plan).select_related("intervention", "provider")
    names = {one.code: one.name for one in framework().settings}
    found: dict[tuple[int | None, str, str], Commissioned] = {}
    for line in lines.order_by("tier", "intervention__position", "provider__name", "number"):
        key = (
            line.tier,
            line.intervention.name if line.intervention else line.name,
            line.provider.name if line.provider else TO_BE_COMMISSIONED,
        )
        _add(found.setdefault(key, Commissioned(*key)), line, names)
    return list(found.values())


def _add(to: Commissioned, line: Line, names: Mapping[str, str]) -> None:
    to.starts += line.planned_starts or 0
    to.places += line.places or 0
    to.cost += line.cost
    to.evenings |= line.evenings
    to.weekends |= line.weekends
    to.harm_reduction |= line.harm_reduction
    setting = names.get(line.setting)
    if setting and setting not in to.settings:
        to.settings = (*to.settings, setting)


def grid_rows_of(plan: Plan) -> QuerySet[GridRow]:
    """Every row of the planning grids, in the order of the grids."""
    return plan.grid_rows.select_related("priority", "plan__partnership__organisation")


def grid_row(plan: Plan, *, grid: str, number: int) -> GridRow | None:
    """One row by its grid and number."""
    return grid_rows_of(plan).filter(grid=grid.upper(), number=number).first()


def rows_to_start_from(rows: Sequence[GridRow]) -> list[StartingRow]:
    """Starting rows whose action the grids do not have yet."""
    there = {(row.grid, row.objective) for row in rows}
    return [one for one in STARTING_ROWS if (one.grid, one.objective) not in there]
