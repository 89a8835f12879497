"""Two versions of a plan side by side: what was added, removed and changed, by £ and in words."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from commissioning.choices import PlanSection
from commissioning.kernel.money import ZERO
from commissioning.kernel.words import MISSING
from commissioning.selectors.plans.content import PARTS, Content, Part, Row, code_of, plan_fields
from commissioning.selectors.plans.money import WITHOUT_TIER
from commissioning.selectors.plans.wording import NOTHING, in_words, label, said, title_of

ADDED: Final = "Added"
REMOVED: Final = "Removed"
CHANGED: Final = "Changed"
# Which column of a row is its money.
MONEY: Final = {"lines": "cost", "allocations": "amount", "funding": "amount"}


@dataclass(frozen=True)
class Said:
    """A column of a row as it was and as it is; `difference` in pounds where it is the row's
    money."""

    name: str
    before: str
    after: str
    difference: Decimal | None = None


@dataclass(frozen=True)
class Change:
    """A row that was added, removed or changed."""

    what: str
    kind: str
    columns: Sequence[Said]


@dataclass(frozen=True)
class SectionChanges:
    """What changed in a section of the plan."""

    section: PlanSection
    changes: Sequence[Change]


@dataclass(frozen=True)
class Total:
    """What lines take together, from a stream or at a tier; pounds."""

    name: str
    before: Decimal
    after: Decimal

    @property
    def difference(self) -> Decimal:
        return self.after - self.before


@dataclass(frozen=True)
class Comparison:
    """All that differs between two versions."""

    sections: Sequence[SectionChanges]
    by_stream: Sequence[Total]
    by_tier: Sequence[Total]
    total: Total

    @property
    def groups(self) -> tuple[Sequence[Total], Sequence[Total]]:
        """The totals by stream, then by tier."""
        return self.by_stream, self.by_tier

    @property
    def number(self) -> int:
        """How many rows differ."""
        return sum(len(one.changes) for one in self.sections)


def compare(before: Content, after: Content) -> Comparison:
    """What differs from `before` to `after`, section by section."""
    found: dict[PlanSection, list[Change]] = {one: [] for one in PlanSection}
    found[PlanSection.SUMMARY] += _own_words(before, after)
    found[PlanSection.NEEDS] += _needs(before, after)
    for part in PARTS:
        old = {part.key_of(row): row for row in before.get(part.name, ())}
        new = {part.key_of(row): row for row in after.get(part.name, ())}
        found[part.section] += _changes(part, old, new)
    return Comparison(
        [SectionChanges(one, changes) for one, changes in found.items() if changes],
        _totals(before, after, _by_stream),
        _totals(before, after, _by_tier),
        Total("Total", _sum(before), _sum(after)),
    )


def _changes(
    part: Part, old: Mapping[tuple[Any, ...], Row], new: Mapping[tuple[Any, ...], Row]
) -> Iterator[Change]:
    for key, row in new.items():
        if key not in old:
            yield Change(title_of(part, row), ADDED, _filled(part, row, after=True))
        elif row != old[key] and (columns := _columns(part, old[key], row)):
            yield Change(title_of(part, row), CHANGED, columns)
    for key, row in old.items():
        if key not in new:
            yield Change(title_of(part, row), REMOVED, _filled(part, row, after=False))


def _columns(part: Part, old: Row, new: Row) -> list[Said]:
    before, after = in_words(part.name, old), in_words(part.name, new)
    return [
        Said(
            label(one),
            said(one, before.get(one.name)),
            said(one, after.get(one.name)),
            _money(part, one.name, old, new),
        )
        for one in _compared(part)
        if code_of(old.get(one.name)) != code_of(new.get(one.name))
    ]


def _filled(part: Part, row: Row, *, after: bool) -> list[Said]:
    spoken = in_words(part.name, row)
    sides: tuple[Row, Row] = ({}, row) if after else (row, {})
    told = [
        (label(one), said(one, spoken.get(one.name)), _money(part, one.name, *sides))
        for one in _compared(part)
        if row.get(one.name) not in NOTHING
    ]
    return [
        Said(name, MISSING, one, pounds) if after else Said(name, one, MISSING, pounds)
        for name, one, pounds in told
    ]


def _compared(part: Part) -> list[Any]:
    """Columns that people compare: not the order of lines, nor what has become of a milestone."""
    out = {"id", "position", *part.kept, *part.key}
    return [one for one in part.fields if one.name not in out]


def _money(part: Part, name: str, old: Row, new: Row) -> Decimal | None:
    if name != MONEY.get(part.name):
        return None
    return Decimal(new.get(name) or 0) - Decimal(old.get(name) or 0)


def _own_words(before: Content, after: Content) -> list[Change]:
    return [
        Change(
            label(one),
            CHANGED,
            [Said(label(one), said(one, before["plan"].get(one.name)), said(one, now))],
        )
        for one in plan_fields()
        if before["plan"].get(one.name) != (now := after["plan"].get(one.name))
    ]


def _needs(before: Content, after: Content) -> list[Change]:
    old, new = before.get("needs_assessment"), after.get("needs_assessment")
    if code_of(old) == code_of(new):
        return []
    was, now = (one["name"] if one else MISSING for one in (old, new))
    return [Change("Needs assessment", CHANGED, [Said("Needs assessment", was, now)])]


def _totals(before: Content, after: Content, by: Any) -> list[Total]:
    old, new = by(before), by(after)
    return [
        Total(name, old.get(name, ZERO), new.get(name, ZERO))
        for name in dict.fromkeys([*old, *new])
    ]


def _by_stream(content: Content) -> Mapping[str, Decimal]:
    sums: dict[str, Decimal] = defaultdict(lambda: ZERO)
    for row in content["allocations"]:
        sums[row["stream"]["name"]] += Decimal(row["amount"])
    return sums


def _by_tier(content: Content) -> Mapping[str, Decimal]:
    """By tier, in order; what has none supports the whole."""
    tiers = {row["number"]: row["tier"] for row in content["lines"]}
    sums: dict[int, Decimal] = defaultdict(lambda: ZERO)
    for row in content["allocations"]:
        sums[tiers.get(row["line"]) or 0] += Decimal(row["amount"])
    return {f"Tier {one}" if one else WITHOUT_TIER: sums[one] for one in sorted(sums)}


def _sum(content: Content) -> Decimal:
    return sum((Decimal(row["amount"]) for row in content["allocations"]), ZERO)
