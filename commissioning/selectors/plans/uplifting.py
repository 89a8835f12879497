"""By what a plan's money can be uplifted when it is rolled forward: its streams, its providers,
its interventions, and what each comes to this year."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from commissioning.kernel.money import ZERO
from commissioning.models import FundingStream, Line, Plan
from commissioning.selectors.plans.lines import lines_of
from commissioning.selectors.plans.money import funding_of


@dataclass(frozen=True)
class Liftable:
    """A stream, provider or intervention: its code, its name, and what lines take or cost of it
    this year, in pounds. Of a stream also what there is, where one partnership holds it.
    """

    code: str
    name: str
    amount: Decimal
    held: Decimal | None = None


@dataclass(frozen=True)
class Lifting:
    """Everything that a per cent can be entered for."""

    streams: list[Liftable]
    providers: list[Liftable]
    interventions: list[Liftable]


def liftable_of(plan: Plan) -> Lifting:
    """In six queries: the lines with what they take, and the streams with what there is."""
    held = {} if plan.is_joint else funding_of(plan)
    lines = lines_of(plan)
    taken: dict[str, Decimal] = defaultdict(lambda: ZERO)
    for line in lines:
        for stream, amount in line.taken:
            taken[stream] += amount
    return Lifting(
        [
            Liftable(
                one.pk, one.name, taken[one.pk], held[one.pk].amount if one.pk in held else None
            )
            for one in FundingStream.objects.all()
            if taken.get(one.pk)
        ],
        _by((line.provider.code, line.provider.name, line) for line in lines if line.provider),
        _by(
            (line.intervention.pk, line.intervention.name, line)
            for line in lines
            if line.intervention
        ),
    )


def _by(named: Iterable[tuple[str, str, Line]]) -> list[Liftable]:
    sums: dict[tuple[str, str], Decimal] = defaultdict(lambda: ZERO)
    for code, name, line in named:
        sums[name, code] += line.cost
    return [Liftable(code, name, amount) for (name, code), amount in sorted(sums.items())]
