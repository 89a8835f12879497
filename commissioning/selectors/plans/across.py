"""The plans of many partnerships in a year: where each stands, for whom it waits, its money.

Two statements, however many partnerships: one for where they stand, one for what they take from
each stream. A partnership without a plan has a row too. A member's part of joint plans is in its
own row; the joint plan's row, with its lead, shows the whole of it and is not added again.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db.models import (
    BigIntegerField,
    Case,
    CharField,
    Count,
    DateField,
    Exists,
    F,
    FilteredRelation,
    OuterRef,
    Q,
    QuerySet,
    SmallIntegerField,
    Subquery,
    Value,
    When,
)

from commissioning.choices import (
    AGREED_IN,
    IN_HAND,
    WRITTEN_IN,
    AmendmentState,
    FactKind,
    OrganisationKind,
    PlanKind,
    PlanState,
    PlanStep,
    ReportState,
)
from commissioning.models import (
    Amendment,
    DueDate,
    Organisation,
    OrganisationFact,
    Partnership,
    PlanComment,
    PlanVersion,
    QuarterReport,
    SelfAssessment,
)
from commissioning.models.organisations import in_force
from commissioning.rules.posting import Sums
from commissioning.selectors.plans.across_money import JointShare, money_across

NO_PLAN: Final = "NONE"
PARTNERSHIP, REGION = "partnership", "region"
# What is due next of a plan in a state; nothing of one that is agreed.
NEXT_STEP: Final[Mapping[PlanState, PlanStep]] = {
    PlanState.DRAFT: PlanStep.SUBMITTED,
    PlanState.SUBMITTED: PlanStep.COMMENTED,
    PlanState.COMMENTED: PlanStep.RESUBMITTED,
    PlanState.RESUBMITTED: PlanStep.AGREED,
}
WITH_REGION: Final = frozenset({PlanState.SUBMITTED, PlanState.RESUBMITTED})
_COLUMNS: Final = (
    "partnership_id", "code", "name", "region_id", "region_code", "region_name", "year", "plan_id",
    "slug", "plan_name", "kind", "state", "version", "conditions",
    "to_answer", "amendment", "due_on",
    "waiting", "quarters_open", "quarters_due", "is_judged",
)  # fmt: skip


@dataclass(frozen=True)
class PlanRow:
    """A partnership's plan of a year, or that it has none."""

    partnership_id: int
    code: str
    name: str
    region_id: int | None
    region_code: str | None
    region_name: str | None
    year: int
    plan_id: int | None = None
    slug: str = ""
    plan_name: str = ""
    kind: str = PlanKind.OWN
    state: str | None = None
    version: int | None = None
    conditions: int | None = None  # not settled
    to_answer: int | None = None  # comments neither answered nor settled
    amendment: str | None = None  # the state of the one in hand
    due_on: dt.date | None = None
    waiting: str = ""  # whose turn it is: PARTNERSHIP, REGION or nobody's
    quarters_open: Sequence[int] = ()  # those whose report is not signed, in order
    quarters_due: Sequence[dt.date] = ()  # and the day each of them is due
    is_judged: bool = False  # the partnership's self-assessment of the year is finished
    of_plan: Mapping[str, Sums] = field(default_factory=dict)  # what the plan takes by stream
    joint: Sequence[JointShare] = ()  # and the partnership's part of the year's joint plans

    @property
    def is_own(self) -> bool:
        """Whether it is the partnership's own plan, or that it has none: only these add up, since
        the money of a joint plan is in its members' rows.
        """
        return self.kind == PlanKind.OWN

    @cached_property
    def by_stream(self) -> Mapping[str, Sums]:
        """What it takes from each stream, its part of joint plans included."""
        found = dict(self.of_plan)
        for share in self.joint:
            for stream, sums in share.by_stream.items():
                found[stream] = found.get(stream, Sums()) + sums
        return found

    def money(self, stream: str = "") -> Sums:
        """What it takes from one stream, by its name, or from all of them."""
        if stream:
            return self.by_stream.get(stream, Sums())
        return sum(self.by_stream.values(), Sums())


def plans_across(
    partnerships: QuerySet[Partnership],
    *,
    year: int,
    on: dt.date,
    until: int | None = None,
    none_since: int | None = None,
) -> "QuerySet[Any, Any]":
    """Every partnership with its own plan of the year or none, and the joint plans it leads.

    One statement that gives values, for the years up to `until` if there is one; those without a
    plan from `none_since` on, if that is given. Partnerships that closed before the day appear
    only with a plan.
    """
    last = until or year
    rows = _with_a_plan(_placed(partnerships, on), first=year, last=last)
    without = (
        _without_a_plan(_placed(partnerships, on), year=one, on=on)
        for one in range(none_since or year, last + 1)
    )
    together: QuerySet[Any, Any] = rows.union(*without, all=True)
    return together.order_by("year", "name", "-kind", "slug")


def plans_held_across(
    partnerships: QuerySet[Partnership], *, year: int, until: int, on: dt.date
) -> "QuerySet[Any, Any]":
    """The same rows without the years that have no plan: who asks for none need not read them."""
    rows = _with_a_plan(_placed(partnerships, on), first=year, last=until)
    return rows.order_by("year", "name", "-kind", "slug")


def _placed(partnerships: QuerySet[Partnership], on: dt.date) -> "QuerySet[Any, Any]":
    """Partnerships by name, each with the region it lies in on the day: one at most."""
    facts = "organisation__facts"
    lies = in_force(on, f"{facts}__") & Q(**{f"{facts}__kind": FactKind.IN_REGION})
    every: QuerySet[Any, Any] = partnerships
    placed: QuerySet[Any, Any] = every.annotate(
        lies=FilteredRelation(facts, condition=lies),
        partnership_id=F("pk"),
        code=F("organisation__code"),
        name=F("organisation__name"),
        region_id=F("lies__other_id"),
        region_code=F("lies__other__code"),
        region_name=F("lies__other__name"),
    )
    return placed


def _with_a_plan(
    partnerships: "QuerySet[Any, Any]", *, first: int, last: int
) -> "QuerySet[Any, Any]":
    """Every plan of the years with where it stands."""
    held = FilteredRelation("plans", condition=Q(plans__year__range=(first, last)))
    of_plan = {"plan": OuterRef("held__pk")}
    open_reports = QuarterReport.objects.filter(**of_plan, state=ReportState.OPEN).order_by(
        "quarter"
    )
    rows: QuerySet[Any, Any] = partnerships.annotate(
        held=held,
        plan_id=F("held__pk"),
        year=F("held__year"),
        slug=F("held__slug"),
        plan_name=F("held__name"),
        kind=F("held__kind"),
        state=F("held__state"),
        step=Case(
            *(When(held__state=one, then=Value(step.value)) for one, step in NEXT_STEP.items()),
            default=None,
            output_field=CharField(),
        ),
        version=Subquery(
            PlanVersion.objects.filter(**of_plan).order_by("-number").values("number")[:1]
        ),
        conditions=_counted(is_condition=True),
        to_answer=_counted(answered_at__isnull=True),
        amendment=Subquery(
            Amendment.objects.filter(**of_plan, state__in=IN_HAND).values("state")[:1]
        ),
        quarters_open=ArraySubquery(open_reports.values("quarter")),
        quarters_due=ArraySubquery(open_reports.values("due_on")),
    ).annotate(
        is_judged=_judged(),
        due_on=_due(),
        waiting=Case(
            When(amendment=AmendmentState.SUBMITTED, then=Value(REGION)),
            When(amendment=AmendmentState.OPEN, then=Value(PARTNERSHIP)),
            When(held__state__in=WITH_REGION, then=Value(REGION)),
            When(held__state__in=WRITTEN_IN, then=Value(PARTNERSHIP)),
            default=Value(""),
            output_field=CharField(),
        ),
    )
    # By the column: to filter by the relation itself joins the plans again, a row for each pair.
    return rows.filter(plan_id__isnull=False).values(*_COLUMNS)


def _without_a_plan(
    partnerships: "QuerySet[Any, Any]", *, year: int, on: dt.date
) -> "QuerySet[Any, Any]":
    """The partnerships, open on the day, that have no plan of their own of the year."""
    own = Q(plans__year=year, plans__kind=PlanKind.OWN)
    number, words, days = SmallIntegerField(), CharField(), DateField()
    rows: QuerySet[Any, Any] = partnerships.annotate(
        held=FilteredRelation("plans", condition=own),
        own_plan=F("held__pk"),
        plan_id=Value(None, BigIntegerField()),
        year=Value(year, number),
        slug=Value(""),
        plan_name=Value(""),
        kind=Value(PlanKind.OWN.value),
        state=Value(None, words),
        step=Value(PlanStep.SUBMITTED.value),
        version=Value(None, number),
        conditions=Value(None, number),
        to_answer=Value(None, number),
        amendment=Value(None, words),
        quarters_open=Value([], ArrayField(number)),
        quarters_due=Value([], ArrayField(days)),
        waiting=Value(PARTNERSHIP),
    ).annotate(due_on=_due(), is_judged=_judged())
    return rows.filter(in_force_organisation(on), own_plan__isnull=True).values(*_COLUMNS)


def _counted(**which: Any) -> Subquery:
    """How many comments on the plan are not settled and such; None for none."""
    comments = PlanComment.objects.filter(
        plan=OuterRef("held__pk"), settled_at__isnull=True, **which
    )
    return Subquery(comments.order_by().values("plan").annotate(many=Count("pk")).values("many"))


def in_force_organisation(on: dt.date) -> Q:
    """Partnerships that are open on the day."""
    return (Q(organisation__opened_on__isnull=True) | Q(organisation__opened_on__lte=on)) & (
        Q(organisation__closed_on__isnull=True) | Q(organisation__closed_on__gt=on)
    )


def in_region(region: Organisation, *, on: dt.date) -> QuerySet[Partnership]:
    """The partnerships of a region on the day."""
    lies = OrganisationFact.objects.filter(in_force(on), kind=FactKind.IN_REGION, other=region)
    return Partnership.objects.filter(pk__in=lies.values("organisation"))


def rows_of(found: "Iterable[Mapping[str, Any]]") -> list[PlanRow]:
    """The rows, with their money: the second statement."""
    plain = list(found)
    money = money_across(
        [one["plan_id"] for one in plain if one["plan_id"]],
        partnerships={one["partnership_id"] for one in plain},
        years={one["year"] for one in plain},
    )
    return [
        PlanRow(
            **one,
            of_plan=money.of_plans.get(one["plan_id"], {}),
            joint=money.shares.get((one["partnership_id"], one["year"]), ())
            if one["kind"] == PlanKind.OWN
            else (),
        )
        for one in plain
    ]


def _judged() -> Exists:
    """Whether the partnership has finished judging its own commissioning of the year."""
    return Exists(
        SelfAssessment.objects.filter(
            partnership=OuterRef("pk"), year=OuterRef("year"), finished_on__isnull=False
        )
    )


def _due() -> Subquery:
    """When the step is due: the region's own day comes before England's."""
    days = DueDate.objects.filter(year=OuterRef("year"), step=OuterRef("step")).filter(
        Q(organisation=OuterRef("region_id")) | Q(organisation__kind=OrganisationKind.NATION)
    )
    nation_last = Case(When(organisation__kind=OrganisationKind.NATION, then=1), default=0)
    return Subquery(days.order_by(nation_last).values("on")[:1])


@dataclass(frozen=True)
class RegionRow:
    """The plans of a region's partnerships together."""

    code: str
    name: str
    partnerships: int
    with_plan: int
    with_region: int  # submitted, waiting for the region
    agreed: int
    late: int
    money: Sums


def by_region(rows: Sequence[PlanRow], *, on: dt.date, stream: str = "") -> list[RegionRow]:
    """The rows region by region, by name; those that lie in none come last."""
    held: dict[tuple[str, str], list[PlanRow]] = defaultdict(list)
    for row in rows:
        held[row.region_name or "", row.region_code or ""].append(row)
    ordered = sorted(held.items(), key=lambda one: (not one[0][0], one[0]))
    return [_region(code, name, mine, on, stream) for (name, code), mine in ordered]


def _region(code: str, name: str, rows: list[PlanRow], on: dt.date, stream: str) -> RegionRow:
    own = [row for row in rows if row.is_own]
    return RegionRow(
        code=code,
        name=name or "In no region",
        partnerships=len({row.partnership_id for row in rows}),
        with_plan=sum(row.plan_id is not None for row in own),
        with_region=sum(row.waiting == REGION for row in rows),
        agreed=sum(row.state in AGREED_IN for row in own),
        late=sum(is_late(row, on) for row in rows),
        money=sum((row.money(stream) for row in own), Sums()),
    )


def is_late(row: PlanRow, on: dt.date) -> bool:
    """Whether what is due next should have been done before the day."""
    return row.due_on is not None and row.due_on < on
