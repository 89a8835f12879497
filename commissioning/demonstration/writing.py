"""One partnership's plan written, part by part, as large as the partnership."""

import datetime as dt
from collections.abc import Iterable, Sequence
from decimal import ROUND_CEILING, Decimal

from commissioning.checks.declarations import Answer
from commissioning.choices import (
    CoverageState,
    FundingStanding,
    PlanKind,
    TargetSource,
)
from commissioning.demonstration import book
from commissioning.kernel.money import ZERO
from commissioning.models import (
    Allocation,
    Partnership,
    Plan,
    Priority,
    User,
)
from commissioning.reference.evidence import EvidenceName
from commissioning.reference.framework import FrameworkItem, framework
from commissioning.reference.planning import HARM_REDUCTION_ITEMS
from commissioning.reference.targets import target_subject
from commissioning.rules.needs import (
    CapacityInput,
    FoundGap,
    GroupFigure,
    HarmValue,
    RingFigure,
    Said,
)
from commissioning.selectors.plans.checking import blocking_checks
from commissioning.selectors.plans.joint import joint_by_stream, joint_parts_of
from commissioning.selectors.plans.parts import baselines_of
from commissioning.services.plans.coverage import Stated, state_coverage
from commissioning.services.plans.declarations import declare
from commissioning.services.plans.documents import link_document
from commissioning.services.plans.funding import FundingRow, save_funding
from commissioning.services.plans.grids import GridWords, add_grid_row
from commissioning.services.plans.line_rows import LineRow, Reached
from commissioning.services.plans.lines import save_lines
from commissioning.services.plans.needs import finish_assessment, start_assessment
from commissioning.services.plans.needs_parts import (
    save_capacity,
    save_gaps,
    save_groups,
    save_harms,
    save_rings,
    save_summary,
    save_views,
)
from commissioning.services.plans.priorities import PriorityRow, write_priorities
from commissioning.services.plans.starting import start_plan
from commissioning.services.plans.summary import write_summary
from commissioning.services.plans.targets import TargetWords, set_target

INVENTED = "Invented for the demonstration"


class PlanWriter:
    """Writes the plans of one partnership. `size` is one for a northern borough's."""

    def __init__(
        self,
        *,
        partnership: Partnership,
        size: Decimal,
        by: User,
        today: dt.date,
        providers: Sequence[str],
    ) -> None:
        self.partnership, self.size = partnership, size
        self.by, self.today, self.providers = by, today, providers

    def written(self, year: int, *, complete: bool = True) -> Plan:
        """A draft of the year. One that is not complete has neither targets nor grounds yet."""
        plan = self.started(year)
        rows = [self.row(plan, number, words) for number, words in enumerate(book.LINES, start=1)]
        self.fund(plan, rows)
        write_summary(plan=plan, summary=book.SUMMARY, has_prison=False, by=self.by)
        priorities = write_priorities(
            plan=plan,
            rows=[PriorityRow(None, text) for text in book.PRIORITIES],
            by=self.by,
        )
        save_lines(plan=plan, rows=rows, by=self.by)
        for role, title, where in book.DOCUMENTS:
            link_document(plan=plan, role=role, title=title, where=where, by=self.by)
        self.act(plan, priorities)
        plan.refresh_from_db()
        if complete:
            self.complete(plan)
        return plan

    def started(self, year: int) -> Plan:
        """A draft of the year: the one that was begun, or a new one."""
        begun = self.partnership.plans.filter(year=year, kind=PlanKind.OWN).first()
        return begun or start_plan(partnership=self.partnership, year=year, by=self.by)

    def complete(self, plan: Plan) -> None:
        """What the checks ask for."""
        self.aim(plan)
        state_all(plan, framework().items, by=self.by)
        self.assess(plan)
        give_grounds(plan, by=self.by)

    def row(self, plan: Plan, number: int, words: book.LineWords) -> LineRow:
        """A line of the book, as large as the partnership."""
        values = {
            "name": words.name,
            "tier": words.tier,
            "intervention": words.intervention or None,
            "unit": words.unit,
            **words.more,
        }
        if words.tier in book.BOUGHT_TIERS and self.providers:
            values["provider"] = self.providers[number % len(self.providers)]
        if words.sum is not None:
            values["plain_sum"] = self.sized(words.sum, 50)
        else:
            assert words.volume is not None  # noqa: S101 - a line is priced one way
            places = max(Decimal(1), self.sized(words.volume))
            values |= {"unit_cost": words.unit_cost, "volume": places, "weeks": words.weeks}
            values["places"] = int(places)
        trajectory = None
        if words.starts:
            values["planned_starts"] = starts = int(self.sized(Decimal(words.starts)))
            trajectory = {q: Reached(starts=starts * q // 4) for q in (1, 2, 3, 4)}
        if number == 1:
            values["ends_on"] = plan.period.last_day - dt.timedelta(days=92)
        return LineRow(
            key=str(number), values=values, percents=words.percents, trajectory=trajectory
        )

    def sized(self, amount: Decimal, step: int = 1) -> Decimal:
        return (amount * self.size / step).quantize(Decimal(1)) * step

    def fund(self, plan: Plan, rows: Sequence[LineRow]) -> None:
        """Each stream holds what the lines take of it, once they are written."""
        streams = sorted({stream for row in rows for stream in row.percents})
        save_funding(
            plan=plan, rows=[FundingRow(code, Decimal("9999999.00")) for code in streams],
            by=self.by,
        )  # fmt: skip

    def balance(self, plan: Plan) -> None:
        """What there is of each stream: what the lines take, and its part of joint plans."""
        taken = joint_by_stream(joint_parts_of(plan))
        for stream, amount in Allocation.objects.filter(plan=plan).values_list("stream", "amount"):
            taken[stream] = taken.get(stream, ZERO) + amount
        confirmed = FundingStanding.CONFIRMED
        save_funding(
            plan=plan,
            rows=[FundingRow(code, amount, confirmed) for code, amount in taken.items()],
            by=self.by,
        )

    def act(self, plan: Plan, priorities: Sequence[Priority]) -> None:
        """The planning grids."""
        self.balance(plan)
        for grid, priority, objective, action, (month, day), whom in book.GRID_ROWS:
            add_grid_row(
                plan=plan,
                grid=grid,
                words=GridWords(
                    objective=objective,
                    action=action,
                    by_when=dt.date(plan.year, month, day),
                    by_whom=whom,
                    priority=priorities[priority - 1],
                ),
                by=self.by,
            )

    def aim(self, plan: Plan) -> None:
        """Targets, each from last year's result in a straight line: by as much more as the book
        says, and from its numbers where no result is known.
        """
        results = baselines_of(plan, seen_by=self.by)
        for indicator, source, was, meant in book.TARGETS:
            known = results.get(target_subject(indicator).evidence)
            if indicator in book.PEOPLE:
                baseline = self.sized(was)
                if known is not None and known.value is not None:
                    baseline = known.value.quantize(Decimal(1))
                target = (baseline * meant / was).quantize(Decimal(1), rounding=ROUND_CEILING)
            else:
                baseline = was
                if known is not None and known.value is not None:
                    baseline = known.value
                target = min(Decimal(1), (baseline + meant - was).quantize(Decimal("0.01")))
            set_target(
                plan=plan,
                indicator=indicator,
                source=TargetSource(source),
                words=TargetWords(
                    baseline=baseline,
                    baseline_source=INVENTED if known is None else known.source,
                    target=target,
                    agreed_with="Primary care trust and strategic health authority"
                    if source == TargetSource.DELIVERY_PLAN
                    else "",
                ),
                by=self.by,
            )

    def estimated(self, plan: Plan) -> int:
        """How many might need treatment: as many more than were in treatment last year as in the
        country, and no fewer than the partnership's size says.
        """
        by_size = int(self.sized(Decimal(1_350)))
        known = baselines_of(plan, seen_by=self.by).get(EvidenceName.IN_TREATMENT)
        if known is None or known.value is None:
            return by_size
        return max(by_size, int(known.value / book.REACHED))

    def assess(self, plan: Plan) -> None:
        """A needs assessment of the year, with the places at Tier 4 worked out."""
        held = start_assessment(
            partnership=self.partnership, year=plan.year, on=self.today, by=self.by
        )
        estimate = self.estimated(plan)
        spread = estimate // 7
        rings = {
            "ESTIMATE": (estimate, estimate - spread, estimate + spread),
            "KNOWN": (int(self.sized(Decimal(240))), None, None),
        }
        save_rings(
            assessment=held,
            rings=[
                RingFigure(
                    partnership=self.partnership.pk,
                    ring=ring,
                    value=value,
                    lower=low,
                    upper=high,
                    source=INVENTED,
                )
                for ring, (value, low, high) in rings.items()
            ],
            by=self.by,
        )
        save_groups(
            assessment=held,
            groups=[
                GroupFigure(
                    group=group,
                    estimate=int(self.sized(Decimal(estimate))),
                    in_treatment=None,
                    source=INVENTED,
                    need=need,
                )
                for group, estimate, need in book.GROUPS
            ],
            by=self.by,
        )
        save_harms(
            assessment=held,
            harms=[
                HarmValue(comparator=code, value=value, source=INVENTED)
                for code, value in book.HARMS
            ],
            by=self.by,
        )
        save_views(
            assessment=held,
            views=[Said(of=of, said=said, how_asked=how) for of, said, how in book.VIEWS],
            by=self.by,
        )
        save_gaps(
            assessment=held,
            gaps=[FoundGap(text=text, item=item) for text, item in book.GAPS],
            by=self.by,
        )
        save_capacity(
            assessment=held,
            capacity=[
                CapacityInput(
                    intervention=kind,
                    need=int(self.sized(Decimal(need))),
                    penetration=Decimal(share),
                    weeks=Decimal(weeks),
                    occupancy=Decimal(85),
                    source=INVENTED,
                )
                for kind, need, share, weeks in (
                    ("specialist-prescribing", 640, 42, 36),
                    ("inpatient", 110, 45, 2),
                    ("residential-rehabilitation", 70, 30, 16),
                )
            ],
            by=self.by,
        )
        save_summary(assessment=held, summary=book.NEEDS, by=self.by)
        finish_assessment(assessment=held, on=self.today, by=self.by)


def state_all(plan: Plan, items: Iterable[FrameworkItem], *, by: User) -> None:
    """The coverage of each of the framework's items."""
    stated = []
    for item in items:
        state, reason = book.WEAK.get(item.code, (CoverageState.HAVE, ""))
        harm = item.code in HARM_REDUCTION_ITEMS
        stated.append(
            Stated(
                item=item.code,
                state=state,
                by_whom="" if state is CoverageState.MISSING else "Local services",
                reason=reason,
                before_treatment=harm,
                during_treatment=harm,
                after_treatment=harm,
            )
        )
    state_coverage(plan=plan, stated=stated, by=by)


def give_grounds(plan: Plan, *, by: User) -> None:
    """What the checks ask for that the service does not hold."""
    for found in blocking_checks(plan):
        if found.check.answer is not Answer.MEND:
            declares = found.check.answer is Answer.DECLARE
            declare(
                plan=plan,
                check_code=found.check.code,
                holds=declares,
                grounds=book.GROUNDS,
                items=[code for code, _ in found.check.asks] if declares else (),
                by=by,
            )
