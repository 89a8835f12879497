"""A plan's money added up: by tier, stream, provider, priority, and for aftercare.

What is planned is what the lines take as they are being written (`Allocation.amount`); agreed,
committed and paid are the ledger's sums, kept beside each allocation.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache, cached_property

from django.db.models import Q

from commissioning.choices import FactKind, FundingStanding
from commissioning.kernel.money import ZERO
from commissioning.models import (
    Allocation,
    Funding,
    FundingStream,
    Line,
    Organisation,
    OrganisationFact,
    Plan,
)
from commissioning.reference import framework
from commissioning.rules.costs import Balance
from commissioning.rules.line_cells import NO_PROVIDER
from commissioning.selectors.plans.content import Content
from commissioning.selectors.plans.joint import JointPart, joint_by_stream, joint_parts_of
from commissioning.selectors.plans.lines import partnerships_paying

WITHOUT_TIER = "Outside the tiers"
WITHOUT_PRIORITY = "No priority named"
NOT_FUNDED = "No stream yet"


@dataclass(frozen=True)
class Pounds:
    """Sums of parts of lines: as planned now, as agreed, committed and paid."""

    planned: Decimal = ZERO
    agreed: Decimal = ZERO
    committed: Decimal = ZERO
    paid: Decimal = ZERO

    def __add__(self, other: "Pounds") -> "Pounds":
        return Pounds(
            self.planned + other.planned,
            self.agreed + other.agreed,
            self.committed + other.committed,
            self.paid + other.paid,
        )

    @property
    def headroom(self) -> Decimal:
        """What of the agreed money is neither promised nor paid."""
        return self.agreed - self.committed - self.paid


@dataclass(frozen=True)
class Part:
    """What a line takes from a stream."""

    line: Line
    stream: FundingStream
    pounds: Pounds


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
class Total:
    """A name, what the lines under it cost, and what they take from streams."""

    name: str
    lines: int
    cost: Decimal
    pounds: Pounds
    share: Decimal | None  # of the whole plan's cost, between 0 and 1


@dataclass(frozen=True)
class PlanMoney:
    """The money of a plan, read in five statements."""

    lines: Sequence[Line]
    parts: Sequence[Part]
    streams: Sequence[FundingStream]
    funding: dict[str, Funding] = field(default_factory=dict)
    joint_parts: Sequence[JointPart] = ()

    @cached_property
    def joint(self) -> dict[str, Decimal]:
        """What is the partnership's of joint plans, by stream."""
        return joint_by_stream(self.joint_parts)

    @cached_property
    def cost(self) -> Decimal:
        return sum((line.cost for line in self.lines), ZERO)

    @cached_property
    def pounds(self) -> Pounds:
        return sum((part.pounds for part in self.parts), Pounds())

    @cached_property
    def available(self) -> Decimal:
        return sum((one.amount for one in self.funding.values()), ZERO)

    @property
    def balance(self) -> Balance:
        """What there is of all streams against what lines take, its part of joint plans too."""
        return Balance(self.available, self.pounds.planned + sum(self.joint.values(), ZERO))

    @property
    def unfunded(self) -> Balance:
        """What the lines cost against what streams pay for."""
        return Balance(self.cost, self.pounds.planned)

    @cached_property
    def by_stream(self) -> list[StreamMoney]:
        sums: dict[str, Pounds] = defaultdict(Pounds)
        for part in self.parts:
            sums[part.stream.pk] += part.pounds
        return [
            StreamMoney(
                stream,
                self.funding.get(stream.pk),
                sums.get(stream.pk, Pounds()),
                self.joint.get(stream.pk, ZERO),
            )
            for stream in self.streams
            if stream.pk in self.funding or stream.pk in sums or stream.pk in self.joint
        ]

    @cached_property
    def by_tier(self) -> list[Total]:
        return self._by(_tier)

    @cached_property
    def by_provider(self) -> list[Total]:
        found = self._by(lambda line: str(line.provider or NO_PROVIDER))
        return sorted(found, key=lambda total: (-total.cost, total.name))

    @cached_property
    def by_priority(self) -> list[Total]:
        return self._by(lambda line: str(line.priority or WITHOUT_PRIORITY))

    @cached_property
    def for_aftercare(self) -> Total:
        """Drug-related aftercare: lines of that kind, and lines that say they provide it."""
        found = self._by(lambda line: "Drug-related aftercare" if is_aftercare(line) else "")
        nothing = Total("Drug-related aftercare", 0, ZERO, Pounds(), None)
        return next((one for one in found if one.name), nothing)

    @cached_property
    def tier_by_stream(self) -> dict[tuple[str, str], Decimal]:
        """Pounds planned by the tier's name and the stream's; what no stream pays, by itself."""
        found: dict[tuple[str, str], Decimal] = defaultdict(lambda: ZERO)
        taken: dict[int, Decimal] = defaultdict(lambda: ZERO)
        for part in self.parts:
            found[_tier(part.line), part.stream.name] += part.pounds.planned
            taken[part.line.pk] += part.pounds.planned
        for line in self.lines:
            if (left := line.cost - taken[line.pk]) > 0:
                found[_tier(line), NOT_FUNDED] += left
        return dict(found)

    def _by(self, named: Callable[[Line], str]) -> list[Total]:
        names = {line.pk: named(line) for line in self.lines}
        sums: dict[str, Pounds] = defaultdict(Pounds)
        for part in self.parts:
            sums[names[part.line.pk]] += part.pounds
        costs: dict[str, list[Decimal]] = defaultdict(list)
        for line in self.lines:
            costs[names[line.pk]].append(line.cost)
        return [
            Total(
                name,
                len(costs[name]),
                cost := sum(costs[name], ZERO),
                sums[name],
                cost / self.cost if self.cost else None,
            )
            for name in sorted(costs)
        ]


def money_of(plan: Plan) -> PlanMoney:
    """The plan's money. For a joint plan the funding is that of its members, added up."""
    lines = list(
        plan.lines.select_related("provider", "priority", "intervention").order_by(
            "position", "number"
        )
    )
    own = {line.pk: line for line in lines}
    streams = list(FundingStream.objects.all())
    by_code = {stream.pk: stream for stream in streams}
    taken = Allocation.objects.filter(plan=plan).values_list(
        "line_id", "stream_id", "amount", "planned", "committed", "paid"
    )
    parts = [Part(own[line], by_code[stream], Pounds(*sums)) for line, stream, *sums in taken]
    return PlanMoney(lines, parts, streams, funding_of(plan), joint_parts_of(plan))


def money_said(plan: Plan, content: Content) -> PlanMoney:
    """The same by what the plan says, which was read already: its lines and what they take are
    not read again. The ledger has no part in it, and of a line only what it costs at which tier.
    """
    funding, joint = funding_of(plan), joint_parts_of(plan)
    streams = {code: one.stream for code, one in funding.items()}
    for code, name in [
        *((one["stream"]["code"], one["stream"]["name"]) for one in content["allocations"]),
        *(named for part in joint for named in part.streams),
    ]:
        streams.setdefault(code, FundingStream(code=code, name=name))
    lines = {
        one["number"]: Line(pk=one["number"], tier=one["tier"], cost=Decimal(one["cost"]))
        for one in content["lines"]
    }
    parts = [
        Part(
            lines[one["line"]],
            streams[one["stream"]["code"]],
            Pounds(planned=Decimal(one["amount"])),
        )
        for one in content["allocations"]
    ]
    return PlanMoney(list(lines.values()), parts, list(streams.values()), funding, joint)


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


def is_aftercare(line: Line) -> bool:
    """Whether a line pays for drug-related aftercare."""
    if line.aftercare:
        return True
    return bool(line.intervention_id) and _kind_is_aftercare(str(line.intervention_id))


def _tier(line: Line) -> str:
    return f"Tier {line.tier}" if line.tier else WITHOUT_TIER


def _sureness(standing: str) -> bool:
    """Expected before confirmed: together they are only expected."""
    return standing == FundingStanding.CONFIRMED


@cache
def _kind_is_aftercare(code: str) -> bool:
    return framework().intervention_type(code).aftercare
