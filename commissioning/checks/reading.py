"""One reading of a plan for all its checks: a constant number of statements, whatever it holds.

A joint plan's lines belong to each of its members too: what a member's own plan is asked about
Tier 4 is read over both, and its money with the member's share of the joint plan's.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Self

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    Exists,
    F,
    Func,
    IntegerField,
    OuterRef,
    Q,
    Subquery,
    TextField,
)
from django.db.models.functions import Cast, JSONObject

from commissioning.kernel.money import ZERO
from commissioning.models import (
    Allocation,
    CapacityNeed,
    CarriedForward,
    Coverage,
    Declaration,
    Evidence,
    Funding,
    FundingStream,
    GridRow,
    Line,
    NeedsAssessment,
    Plan,
    PlanDocument,
    PlanMember,
    Priority,
    Target,
)
from commissioning.reference.evidence import EVIDENCE
from commissioning.rules.ring_fences import Origin
from commissioning.rules.shares import parts_of_member
from commissioning.rules.tiers import RESIDENTIAL_TIER
from commissioning.rules.trajectories import is_passed


@dataclass(frozen=True)
class SetTarget:
    """A target as a check asks of it."""

    indicator: str
    source: str
    baseline: Decimal | None
    target: Decimal | None
    quarters: int

    @classmethod
    def read(cls, row: Mapping[str, Any]) -> Self:
        """From a row of JSON, whose numbers are written out to stay exact."""
        numbers = {
            name: None if row[name] is None else Decimal(row[name])
            for name in ("baseline", "target")
        }
        return cls(**{**row, **numbers})

    @property
    def is_passed(self) -> bool:
        """Whether the baseline is beyond the target."""
        return is_passed(baseline=self.baseline, target=self.target)


@dataclass(frozen=True)
class JointShare:
    """A joint plan that the plan's partnership shares in, with every member's per cents."""

    plan_id: int
    shares: Mapping[int, Decimal]  # partnership: per cent


@dataclass(frozen=True)
class PlanAsRead:
    """What the checks know of a plan."""

    plan: Plan
    lines: Sequence[Line]  # the plan's own, with what they take from the streams
    joint_lines: Sequence[Line]  # of joint plans it shares in
    joint: Sequence[JointShare]
    funding: Mapping[str, Decimal]
    carried: Sequence[Origin]  # what the year before left, by the streams it came from
    streams: Mapping[str, FundingStream]  # with funding, that a line takes from or money came from
    coverage: Mapping[str, Coverage]
    targets: Sequence[SetTarget]
    priorities: int
    idle_priorities: Sequence[str]
    document_roles: frozenset[str]
    has_needs: bool
    has_tier4_needs: bool
    evidence: Mapping[str, Evidence]
    declarations: Mapping[str, Declaration]

    @property
    def all_lines(self) -> Sequence[Line]:
        """The plan's own lines, and those of joint plans it shares in."""
        return [*self.lines, *self.joint_lines]

    def of_types(self, types: frozenset[str]) -> list[Line]:
        return [line for line in self.all_lines if line.intervention_id in types]

    def of_tier(self, tier: int) -> list[Line]:
        return [line for line in self.all_lines if line.tier == tier]

    def target(self, indicator: str, *sources: str) -> SetTarget | None:
        """The first of its targets that is set with a number."""
        return next(
            (
                one
                for one in self.targets
                if one.indicator == indicator
                and one.target is not None
                and (not sources or one.source in sources)
            ),
            None,
        )

    def spent_by_stream(self) -> dict[str, Decimal]:
        """What the lines take from each stream, with the partnership's share of joint lines."""
        found: dict[str, Decimal] = defaultdict(lambda: ZERO)
        for _, stream, amount in self._taken():
            found[stream] += amount
        return dict(found)

    def spent_on(self, stream: str) -> dict[str | None, Decimal]:
        """What the same lines take from a stream, by the intervention it is for."""
        found: dict[str | None, Decimal] = defaultdict(lambda: ZERO)
        for line, of, amount in self._taken():
            if of == stream:
                found[line.intervention_id] += amount
        return dict(found)

    def _taken(self) -> Iterator[tuple[Line, str, Decimal]]:
        for line in self.lines:
            for stream, amount in line.taken:
                yield line, stream, amount
        for joint in self.joint:
            lines = {one.pk: one for one in self.joint_lines if one.plan_id == joint.plan_id}
            taken = ((pk, *part) for pk, line in lines.items() for part in line.taken)
            parts = parts_of_member(taken, joint.shares, self.plan.partnership_id)
            for pk, of_line in parts.items():
                for stream, amount in of_line.items():
                    yield lines[pk], stream, amount


def read_plan(plan: Plan) -> PlanAsRead:
    """Everything the checks ask of the plan, in a constant number of statements."""
    facts = _Facts.of(plan)
    joint = _joint_shares(plan)
    lines = _lines([plan.pk, *(one.plan_id for one in joint)])
    streams = {one.pk: one for one in _streams(plan)}
    funding = {code: one.held for code, one in streams.items() if one.held is not None}
    carried = [
        Origin(code, one.carried, frozenset(one.pays_only))
        for code, one in streams.items()
        if one.carried is not None
    ]
    met = funding.keys() | {part.stream_id for line in lines for part in line.taken}
    met |= {one.stream for one in carried}
    return PlanAsRead(
        plan=plan,
        lines=[line for line in lines if line.plan_id == plan.pk],
        joint_lines=[line for line in lines if line.plan_id != plan.pk],
        joint=joint,
        funding=funding,
        carried=carried,
        streams={code: one for code, one in streams.items() if code in met},
        coverage={one.item_id: one for one in plan.coverage.all()},
        targets=facts.targets,
        priorities=facts.priorities,
        idle_priorities=facts.idle_priorities,
        document_roles=facts.document_roles,
        has_needs=facts.has_needs,
        has_tier4_needs=facts.has_tier4_needs,
        evidence=_evidence(plan),
        declarations={one.check_code: one for one in plan.declarations.select_related("document")},
    )


@dataclass(frozen=True)
class _Facts:
    """What small tables say of the plan, read in one statement."""

    targets: Sequence[SetTarget]
    priorities: int
    idle_priorities: Sequence[str]
    document_roles: frozenset[str]
    has_needs: bool
    has_tier4_needs: bool

    @classmethod
    def of(cls, plan: Plan) -> Self:
        of_plan = {"plan": OuterRef("pk")}
        quarters = Func(
            F("trajectory"),
            template="cardinality(array_remove(%(expressions)s, NULL))",
            output_field=IntegerField(),
        )
        targets = Target.objects.filter(**of_plan).values(
            found=JSONObject(
                indicator="indicator",
                source="source",
                baseline=Cast("baseline", TextField()),
                target=Cast("target", TextField()),
                quarters=quarters,
            )
        )
        priorities = Priority.objects.filter(**of_plan).order_by("number")
        acted_on = GridRow.objects.filter(priority=OuterRef("pk"))
        needs = NeedsAssessment.objects.filter(
            Q(partnership=OuterRef("partnership")) | Q(areas=OuterRef("partnership")),
            year=OuterRef("year"),
        )
        tier4 = CapacityNeed.objects.filter(
            Q(assessment__partnership=OuterRef("partnership"))
            | Q(assessment__areas=OuterRef("partnership")),
            assessment__year=OuterRef("year"),
            intervention__normal_tier=RESIDENTIAL_TIER,
        )
        row = (
            Plan.objects.filter(pk=plan.pk)
            .annotate(
                set_targets=ArraySubquery(targets),
                every_priority=ArraySubquery(priorities.values("pk")),
                idle=ArraySubquery(priorities.filter(~Exists(acted_on)).values("text")),
                roles=ArraySubquery(PlanDocument.objects.filter(**of_plan).values("role")),
                has_needs=Exists(needs),
                has_tier4_needs=Exists(tier4),
            )
            .values_list(
                "set_targets", "every_priority", "idle", "roles", "has_needs", "has_tier4_needs"
            )
            .get()
        )
        return cls(
            targets=[SetTarget.read(one) for one in row[0]],
            priorities=len(row[1]),
            idle_priorities=row[2],
            document_roles=frozenset(row[3]),
            has_needs=row[4],
            has_tier4_needs=row[5],
        )


def _joint_shares(plan: Plan) -> list[JointShare]:
    """The joint plans of the year that the plan's partnership shares in."""
    if plan.is_joint:
        return []
    mine = PlanMember.objects.filter(partnership=plan.partnership_id, plan__year=plan.year)
    shares: dict[int, dict[int, Decimal]] = defaultdict(dict)
    for member in PlanMember.objects.filter(plan__in=mine.values("plan")).order_by("pk"):
        shares[member.plan_id][member.partnership_id] = member.share
    return [JointShare(number, of_members) for number, of_members in shares.items()]


def _lines(plans: Sequence[int]) -> list[Line]:
    found = list(Line.objects.filter(plan__in=plans).order_by("plan", "position", "number"))
    taken = Allocation.objects.filter(plan__in=plans).by_line()
    for line in found:
        line.taken = taken.get(line.pk, [])
    return found


def _streams(plan: Plan) -> Iterable[Any]:
    """Every stream with what the partnership has `held` of it and what was `carried` into the year
    from it. A joint plan's streams are its members', who answer for them."""
    of_it = {"partnership": plan.partnership_id, "stream": OuterRef("pk")}
    funding = Funding.objects.filter(year=plan.year, **of_it)
    before = CarriedForward.objects.filter(year=plan.year - 1, **of_it)
    if plan.is_joint:
        funding, before = funding.none(), before.none()
    return FundingStream.objects.annotate(
        held=Subquery(funding.values("amount")), carried=Subquery(before.values("amount"))
    )


def _evidence(plan: Plan) -> dict[str, Evidence]:
    """The newest of what other apps know of the partnership today, by name."""
    today = [name for name, meant in EVIDENCE.items() if not meant.by_year]
    found = Evidence.objects.filter(
        subject=plan.partnership_id, name__in=today, period=""
    ).order_by("name", "-as_at")
    return {one.name: one for one in found.distinct("name")}
