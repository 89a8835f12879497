"""Whether rows can become lines of a plan: each is held to the rules, and every error is told."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Exists, OuterRef, Q

from commissioning.choices import OrganisationKind, Purchase
from commissioning.kernel.money import MOST, ZERO
from commissioning.models import (
    Allocation,
    Entry,
    Funding,
    FundingStream,
    InterventionType,
    Line,
    LineReport,
    Organisation,
    Plan,
    Priority,
    Virement,
)
from commissioning.reference import framework
from commissioning.rules.costs import NotAPrice, NotAWhole, line_cost, split_by_percent
from commissioning.rules.line_cells import STREAM
from commissioning.rules.line_tiers import settle_tier, suggested_tier
from commissioning.rules.tiers import TIERS, OverrideNeedsReason, TierIsFixed
from commissioning.selectors.plans.lines import partnerships_paying
from commissioning.services.plans.line_rows import NAMED, PLAIN, QUARTERS, LineRow, RowError

PRICES = ("unit_cost", "volume", "weeks", "plain_sum")
WRITTEN = (*PLAIN, *NAMED, "cost")


@dataclass(frozen=True)
class CheckedRow:
    """A row that may be written: the line with its new values, and what it takes by stream."""

    row: LineRow
    line: Line
    changed: Mapping[str, Any]  # field: its value before
    amounts: Mapping[str, Decimal]


@dataclass
class LineChecks:
    """The rows of one save, held against the plan as it is under the lock."""

    plan: Plan
    rows: Sequence[LineRow]
    errors: list[RowError] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.lines = {
            line.number: line
            for line in self.plan.lines.select_related(*NAMED)
            .prefetch_related("allocations")
            .order_by("position")
        }
        held = Funding.objects.filter(
            partnership__in=partnerships_paying(self.plan), year=self.plan.year
        )
        self.allocated = set(held.values_list("stream_id", flat=True))
        self.streams = {stream.pk: stream for stream in FundingStream.objects.all()}
        self.choices = self._choices()

    def checked(self) -> list[CheckedRow]:
        """Every row that stays or comes; `errors` is filled."""
        self._refuse_removals()
        seen: set[int] = set()
        found = []
        for row in self.rows:
            if row.number is not None and (row.number not in self.lines or row.number in seen):
                said = "twice in these rows" if row.number in seen else "no longer in the plan"
                self._refuse(row, "", f"Line {row.number} is {said}.")
                continue
            if row.number is not None:
                seen.add(row.number)
            if not row.remove:
                found.append(self._checked(row))
        return found

    def _choices(self) -> dict[str, dict[Any, Any]]:
        """What the rows name, by the names they use."""
        wanted = {
            name: {row.values[name] for row in self.rows if row.values.get(name)} for name in NAMED
        }
        providers = Organisation.objects.of_kind(OrganisationKind.PROVIDER)
        priorities = Priority.objects.filter(plan=self.plan, number__in=wanted["priority"])
        kinds = InterventionType.objects.filter(pk__in=wanted["intervention"])
        return {
            "intervention": {one.pk: one for one in kinds} if wanted["intervention"] else {},
            "provider": {one.code: one for one in providers.filter(code__in=wanted["provider"])}
            if wanted["provider"]
            else {},
            "priority": {one.number: one for one in priorities} if wanted["priority"] else {},
        }

    def _refuse_removals(self) -> None:
        going = {row.number: row for row in self.rows if row.remove and row.number is not None}
        if not going:
            return
        posted = Entry.objects.filter(allocation__line=OuterRef("pk"))
        moved = Virement.objects.filter(
            Q(source__line=OuterRef("pk")) | Q(target__line=OuterRef("pk"))
        )
        reported = LineReport.objects.filter(line=OuterRef("pk"))
        stays = self.plan.lines.filter(
            Exists(posted) | Exists(moved) | Exists(reported), number__in=going
        )
        for line in stays:
            self._refuse(
                going[line.number],
                "",
                f"Line {line.number} has entries in the ledger or a quarterly report and stays."
                " Bring its amounts to £0 instead.",
            )

    def _checked(self, row: LineRow) -> CheckedRow:
        line = Line(plan=self.plan) if row.number is None else self.lines[row.number]
        before = {name: getattr(line, name) for name in WRITTEN}
        self._set(row, line)
        self._settle_tier(row, line)
        self._price(row, line)
        amounts = self._amounts(row, line)
        self._check_trajectory(row)
        changed = {name: was for name, was in before.items() if was != getattr(line, name)}
        return CheckedRow(row, line, changed, amounts)

    def _set(self, row: LineRow, line: Line) -> None:
        for name in PLAIN:
            if name in row.values:
                setattr(line, name, row.values[name])
        for name in NAMED:
            if name not in row.values:
                continue
            wanted = row.values[name]
            if wanted and wanted not in self.choices[name]:
                self._refuse(row, name, f"“{wanted}” is not there to choose.")
            setattr(line, name, self.choices[name].get(wanted))
        self._check_words(row, line)

    def _check_words(self, row: LineRow, line: Line) -> None:
        if not line.name:
            self._refuse(row, "name", "Enter what the line is called.")
        if line.setting and line.setting not in {one.code for one in framework().settings}:
            self._refuse(row, "setting", f"“{line.setting}” is no setting of the framework.")
            line.setting = ""
        if line.purchase and line.purchase not in Purchase.values:
            self._refuse(row, "purchase", f"“{line.purchase}” is no way of buying.")

    def _settle_tier(self, row: LineRow, line: Line) -> None:
        """The intervention's own tier where none is given; what the framework fixes, stays."""
        if line.tier is not None and line.tier not in TIERS:
            self._refuse(row, "tier", f"There is no Tier {line.tier}: choose 1, 2, 3 or 4.")
            return
        if not line.intervention_id:
            return
        suggested = suggested_tier(line.intervention_id, line.setting)
        if line.tier is None:
            line.tier = suggested
        elif suggested is not None:
            try:
                settle_tier(line.intervention_id, line.tier, setting=line.setting)
            except OverrideNeedsReason:
                pass  # the grid asks for the reason, and a check before submission insists
            except TierIsFixed as refused:
                self._refuse(row, "tier", str(refused))

    def _price(self, row: LineRow, line: Line) -> None:
        try:
            line.cost = line_cost(**{name: getattr(line, name) for name in PRICES})
        except NotAPrice as refused:
            both = line.plain_sum is not None and line.unit_cost is not None
            column = "plain_sum" if both else "volume"
            self._refuse(row, column, str(refused))

    def _amounts(self, row: LineRow, line: Line) -> Mapping[str, Decimal]:
        held = {} if line.pk is None else {one.stream_id: one.amount for one in _parts(line)}
        amounts = dict(row.amounts)
        if row.percents:
            try:
                amounts = split_by_percent(line.cost, row.percents)
            except NotAWhole as refused:
                self._refuse(row, STREAM + next(iter(row.percents)), str(refused))
            amounts |= {stream: ZERO for stream in held if stream not in row.percents}
        for stream, amount in amounts.items():
            self._check_stream(row, stream, amount, held.get(stream, ZERO))
        return {
            stream: amount
            for stream, amount in amounts.items()
            if amount != held.get(stream, ZERO)
        }

    def _check_stream(self, row: LineRow, stream: str, amount: Decimal, held: Decimal) -> None:
        if stream not in self.streams:
            self._refuse(row, STREAM + stream, f"There is no funding stream “{stream}”.")
        elif amount > held and stream not in self.allocated:
            self._refuse(
                row,
                STREAM + stream,
                f"{self.plan.partnership} has no {self.streams[stream]} in"
                f" {self.plan.period.label}. Enter what it has on the Money page first.",
            )
        elif not 0 <= amount <= MOST:
            self._refuse(row, STREAM + stream, "Enter an amount of £0 or more.")

    def _check_trajectory(self, row: LineRow) -> None:
        """What is to be reached by the end of a quarter is no less than by the one before."""
        for name, what in (("starts", "starts"), ("spend", "spend")):
            last = None
            for quarter in QUARTERS:
                value = getattr((row.trajectory or {}).get(quarter), name, None)
                if value is not None and last is not None and value < last:
                    self._refuse(
                        row,
                        f"{name}_{quarter}",
                        f"Planned {what} add up through the year: quarter {quarter} cannot be less"
                        " than the quarter before.",
                    )
                last = value if value is not None else last

    def _refuse(self, row: LineRow, column: str, sentence: str) -> None:
        self.errors.append(RowError(row.key, column, sentence))


def _parts(line: Line) -> list[Allocation]:
    return list(line.allocations.all())


def errors_of(plan: Plan, rows: Sequence[LineRow]) -> list[RowError]:
    """What would refuse the rows if they were saved now. Nothing is written."""
    checks = LineChecks(plan, rows)
    checks.checked()
    return checks.errors
