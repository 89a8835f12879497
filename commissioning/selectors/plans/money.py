"""A plan's money added up: by tier, stream, provider, priority, and for aftercare.

What is planned is what the lines take as they are being written (`Allocation.amount`); agreed,
committed and paid are the ledger's sums, kept beside each allocation. The partnership's part of
joint plans stands in every total beside what the plan's own lines take, so that each way of adding
up comes to the same.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

from django.db.models import Q

from commissioning.choices import FactKind, FundingStanding
from commissioning.kernel.money import ZERO
from commissioning.models import (
    Allocation,
    Funding,
    FundingStream,
    Organisation,
    OrganisationFact,
    Plan,
)
from commissioning.rules.costs import Balance
from commissioning.rules.line_cells import NO_PROVIDER
from commissioning.selectors.plans.content import Content
from commissioning.selectors.plans.joint import (
    JointLine,
    JointPart,
    joint_by_stream,
    joint_parts_of,
)
from commissioning.selectors.plans.lines import partnerships_paying
from commissioning.selectors.plans.pounds import (
    CostedLine,
    Part,
    Pounds,
    Total,
    added,
    pays_for_aftercare,
)

WITHOUT_TIER = "Outside the tiers"
WITHOUT_PRIORITY = "No priority named"
OF_JOINT_PLANS = "Priorities of joint plans"
NOT_FUNDED = "No stream yet"
AFTERCARE = "Drug-related aftercare"
_Named = Callable[[CostedLine | JointLine], str]


@dataclass(frozen=True)
class StreamMoney:
    """A stream of the year: what there is, who holds it, and what the lines take."""

    stream: FundingStream
    funding: Funding | None
    pounds: Pounds
    joint: Decimal = ZERO  # the partnership's part of what joint plans take

    @property
    def balance(self) -> Balance:
        there = self.funding.amount if self.funding else ZERO
        return Balance(there, self.pounds.planned + self.joint)

    @property
    def holder(self) -> str:
        if self.funding is None:
            return ""
        return str(self.funding.holder or self.funding.held_by)


@dataclass(frozen=True)
class PlanMoney:
    """The money of a plan, read in five statements."""

    lines: Sequence[CostedLine]
    parts: Sequence[Part]
    streams: Sequence[FundingStream]
    funding: dict[str, Funding] = field(default_factory=dict)
    joint_parts: Sequence[JointPart] = ()

    @cached_property
    def joint(self) -> dict[str, Decimal]:
        """What is the partnership's of joint plans, by stream."""
        return joint_by_stream(self.joint_parts)

    @cached_property
    def joint_total(self) -> Decimal:
        """What is the partnership's of joint plans, of all streams."""
        return sum(self.joint.values(), ZERO)

    @cached_property
    def cost(self) -> Decimal:
        return sum((line.cost for line in self.lines), ZERO)

    @cached_property
    def pounds(self) -> Pounds:
        return added(part.pounds for part in self.parts)

    @cached_property
    def available(self) -> Decimal:
        return sum((one.amount for one in self.funding.values()), ZERO)

    @property
    def balance(self) -> Balance:
        """What there is of all streams against what lines take, its part of joint plans too."""
        return Balance(self.available, self.pounds.planned + self.joint_total)

    @property
    def unfunded(self) -> Balance:
        """What the lines cost against what streams pay for."""
        return Balance(self.cost, self.pounds.planned)

    @cached_property
    def unpaid_lines(self) -> int:
        """How many lines cost more than streams pay for them."""
        paid: dict[int, Decimal] = defaultdict(lambda: ZERO)
        for part in self.parts:
            paid[part.line] += part.pounds.planned
        return sum(line.cost > paid[line.key] for line in self.lines)

    @cached_property
    def by_stream(self) -> list[StreamMoney]:
        taken: dict[str, list[Pounds]] = defaultdict(list)
        for part in self.parts:
            taken[part.stream].append(part.pounds)
        return [
            StreamMoney(
                stream,
                self.funding.get(stream.pk),
                added(taken.get(stream.pk, ())),
                self.joint.get(stream.pk, ZERO),
            )
            for stream in self.streams
            if stream.pk in self.funding or stream.pk in taken or stream.pk in self.joint
        ]

    @cached_property
    def by_tier(self) -> list[Total]:
        return self._by(_tier)

    @cached_property
    def by_provider(self) -> list[Total]:
        found = self._by(lambda line: line.provider or NO_PROVIDER)
        return sorted(found, key=lambda total: (-total.whole, total.name))

    @cached_property
    def by_priority(self) -> list[Total]:
        """Lines of joint plans serve the priorities of those, which are not this plan's."""
        return self._by(
            lambda line: (
                OF_JOINT_PLANS
                if isinstance(line, JointLine)
                else line.priority or WITHOUT_PRIORITY
            )
        )

    @cached_property
    def for_aftercare(self) -> Total:
        """Drug-related aftercare: lines of that kind, and lines that say they provide it."""
        found = self._by(lambda line: AFTERCARE if line.aftercare else "")
        nothing = Total(AFTERCARE, 0, ZERO, Pounds())
        return next((one for one in found if one.name), nothing)

    @cached_property
    def tier_by_stream(self) -> dict[tuple[str, str], Decimal]:
        """Pounds planned by the tier's name and the stream's, the part of joint plans too; what no
        stream pays, by itself."""
        found: dict[tuple[str, str], Decimal] = defaultdict(lambda: ZERO)
        taken: dict[int, Decimal] = defaultdict(lambda: ZERO)
        tiers = {line.key: _tier(line) for line in self.lines}
        names = {stream.pk: stream.name for stream in self.streams}
        for line, stream, sums in self.parts:
            found[tiers[line], names[stream]] += sums.planned
            taken[line] += sums.planned
        for one in self.lines:
            if (left := one.cost - taken[one.key]) > 0:
                found[tiers[one.key], NOT_FUNDED] += left
        for joint in self._joint_lines():
            for name, amount in joint.by_name:
                found[_tier(joint), name] += amount
        return dict(found)

    def _joint_lines(self) -> Iterator[JointLine]:
        """Lines of joint plans that take something of the partnership's streams."""
        return (line for part in self.joint_parts for line in part.lines if line.part)

    def _by(self, named: _Named) -> list[Total]:
        names = {line.key: named(line) for line in self.lines}
        sums: dict[str, list[Pounds]] = defaultdict(list)
        for part in self.parts:
            sums[names[part.line]].append(part.pounds)
        costs: dict[str, list[Decimal]] = defaultdict(list)
        for line in self.lines:
            costs[names[line.key]].append(line.cost)
        joint: dict[str, list[Decimal]] = defaultdict(list)
        for one in self._joint_lines():
            joint[named(one)].append(one.part)
        all_of_it = self.cost + self.joint_total
        return [
            Total(
                name,
                len(costs.get(name, ())),
                cost := sum(costs.get(name, ()), ZERO),
                added(sums.get(name, ())),
                ours := sum(joint.get(name, ()), ZERO),
                (cost + ours) / all_of_it if all_of_it else None,
            )
            for name in sorted(costs.keys() | joint.keys())
        ]


def money_of(plan: Plan) -> PlanMoney:
    """The plan's money. For a joint plan the funding is that of its members, added up."""
    rows = plan.lines.order_by("position", "number").values_list(
        "pk", "cost", "tier", "provider__name", "priority__number", "priority__text",
        "aftercare", "intervention",
    )  # fmt: skip
    lines = [
        CostedLine(
            key,
            cost,
            tier,
            provider or "",
            f"{number}. {text}" if number else "",
            pays_for_aftercare(said=aftercare, intervention=kind),
        )
        for key, cost, tier, provider, number, text, aftercare, kind in rows
    ]
    taken = Allocation.objects.filter(plan=plan).values_list(
        "line_id", "stream_id", "amount", "planned", "committed", "paid"
    )
    parts = [Part(line, stream, Pounds(*sums)) for line, stream, *sums in taken]
    streams = list(FundingStream.objects.all())
    return PlanMoney(lines, parts, streams, funding_of(plan), joint_parts_of(plan))


def money_said(plan: Plan, content: Content) -> PlanMoney:
    """The same by what the plan says, which was read already: its lines and what they take are
    not read again. The ledger has no part in it, and of a line only what it costs at which tier.
    """
    funding, joint = funding_of(plan), joint_parts_of(plan)
    streams = {code: one.stream for code, one in funding.items()}
    named = {one["stream"]["code"]: one["stream"]["name"] for one in content["allocations"]}
    for code, name in [*named.items(), *(named for part in joint for named in part.streams)]:
        if code not in streams:
            streams[code] = FundingStream(code=code, name=name)
    lines = [
        CostedLine(one["number"], Decimal(one["cost"]), one["tier"]) for one in content["lines"]
    ]
    parts = [
        Part(one["line"], one["stream"]["code"], Pounds(Decimal(one["amount"])))
        for one in content["allocations"]
    ]
    return PlanMoney(lines, parts, list(streams.values()), funding, joint)


def funding_of(plan: Plan) -> dict[str, Funding]:
    """What there is by stream; of a joint plan the sums over its members, held by several."""
    held: dict[str, Funding] = {}
    rows = Funding.objects.filter(partnership__in=partnerships_paying(plan), year=plan.year)
    for one in rows.select_related("stream", "holder").order_by("stream__position", "pk"):
        if one.stream_id in held:
            before = held[one.stream_id]
            held[one.stream_id] = Funding(
                stream=one.stream, amount=before.amount + one.amount, held_by="its members",
                standing=min(before.standing, one.standing, key=_sureness), year=plan.year,
            )  # fmt: skip
        else:
            held[one.stream_id] = one
    return held


def all_streams() -> list[FundingStream]:
    """Every stream of the service, in order."""
    return list(FundingStream.objects.all())


def holders_of(plan: Plan) -> list[Organisation]:
    """Who may hold a stream of the plan's partnership: itself, and its members in the year."""
    facts = OrganisationFact.objects.on(plan.period.start).filter(
        organisation=plan.partnership_id, kind=FactKind.HAS_MEMBER
    )
    return list(
        Organisation.objects.filter(
            Q(pk=plan.partnership_id) | Q(pk__in=facts.values("other"))
        ).order_by("name", "pk")
    )


def _tier(line: CostedLine | JointLine) -> str:
    return f"Tier {line.tier}" if line.tier else WITHOUT_TIER


def _sureness(standing: str) -> bool:
    """Expected before confirmed: together they are only expected."""
    return standing == FundingStanding.CONFIRMED
