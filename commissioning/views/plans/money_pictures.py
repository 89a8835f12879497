"""A plan's money drawn: by tier and stream."""

from decimal import Decimal

from commissioning import charts
from commissioning.components import DataTable
from commissioning.kernel.money import ZERO
from commissioning.kernel.words import percent, pounds
from commissioning.selectors.plans.money import NOT_FUNDED, PlanMoney

MOST_PARTS = 7
OTHERS = "Other streams"


def tiers_by_stream(money: PlanMoney, *, about: str) -> charts.StackedBars | None:
    """What each tier costs and which streams pay, our part of joint plans too; None where nothing
    costs anything yet."""
    held = money.tier_by_stream
    bars = sorted({tier for tier, _ in held})
    if not any(held.values()):
        return None
    names = _streams_drawn(money)
    totals = {tier: sum((held[pair] for pair in held if pair[0] == tier), ZERO) for tier in bars}
    most = max(bars, key=lambda tier: totals[tier])
    share = percent(totals[most] / sum(totals.values(), ZERO))
    return charts.StackedBars(
        title=f"{most} takes {pounds(totals[most])}, {share} of the money",
        subtitle=f"Money by tier and stream, {about}{_with_joint(money)}",
        description="Bars of what each tier costs, made of the streams that pay for it"
        f"{_with_joint(money)}. " + " ".join(f"{tier}: {pounds(totals[tier])}." for tier in bars),
        bars=bars,
        parts=[
            charts.StackedPart(
                name, [float(_paid(held, tier, name, names)) or None for tier in bars]
            )
            for name in names
        ],
        unit="pounds",
    )


def tiers_table(money: PlanMoney) -> DataTable:
    """The same in full: every stream a column, and how much of it all is of joint plans."""
    held = money.tier_by_stream
    tiers = sorted({tier for tier, _ in held})
    streams = _streams(money)
    joint = {one.name: one.joint for one in money.by_tier} if money.joint_total else {}
    return DataTable(
        ["Tier", *streams, "All", *(["Of it joint plans"] if joint else [])],
        [
            [
                tier,
                *(pounds(held.get((tier, stream), ZERO)) for stream in streams),
                pounds(sum((held[pair] for pair in held if pair[0] == tier), ZERO)),
                *([pounds(joint[tier])] if joint else []),
            ]
            for tier in tiers
        ],
    )


def _with_joint(money: PlanMoney) -> str:
    return ", with our part of joint plans" if money.joint_total else ""


def _streams(money: PlanMoney) -> list[str]:
    """The streams that pay for something, the largest first, and what none pays at the end."""
    sums: dict[str, Decimal] = {}
    for (_, stream), amount in money.tier_by_stream.items():
        sums[stream] = sums.get(stream, ZERO) + amount
    return sorted(
        (name for name in sums if sums[name]),
        key=lambda name: (name == NOT_FUNDED, -sums[name], name),
    )


def _streams_drawn(money: PlanMoney) -> list[str]:
    """Not more than can be told apart: the smallest go together."""
    names = _streams(money)
    if len(names) <= MOST_PARTS:
        return names
    last = [NOT_FUNDED] if names[-1] == NOT_FUNDED else []
    return [*names[: MOST_PARTS - 1 - len(last)], OTHERS, *last]


def _paid(held: dict[tuple[str, str], Decimal], tier: str, name: str, drawn: list[str]) -> Decimal:
    if name != OTHERS:
        return held.get((tier, name), ZERO)
    return sum((held[at, of] for at, of in held if at == tier and of not in drawn), ZERO)
