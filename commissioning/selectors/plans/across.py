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
from typing import Any

from django.db.models import (
    QuerySet,
)

from commissioning.choices import (
    AGREED_IN,
    FactKind,
    PlanKind,
)
from commissioning.models import (
    Organisation,
    OrganisationFact,
    Partnership,
)
from commissioning.models.organisations import in_force
from commissioning.rules.posting import Sums, totalled
from commissioning.selectors.plans.across_money import JointShare, money_across
from commissioning.selectors.plans.standing import REGION


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
        return self.by_stream.get(stream, Sums()) if stream else self._together

    @cached_property
    def of_plan_together(self) -> Sums:
        return totalled(self.of_plan.values())

    @cached_property
    def _together(self) -> Sums:
        return totalled([self.of_plan_together, *(share.money for share in self.joint)])


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
        money=totalled(row.money(stream) for row in own),
    )


def is_late(row: PlanRow, on: dt.date) -> bool:
    """Whether what is due next should have been done before the day."""
    return row.due_on is not None and row.due_on < on
