"""The money of many plans in one statement: what each takes from each stream, and what of joint
plans is each member's.

A joint plan's pounds are its members': a list of partnerships adds up what is each one's own and
its parts, and never the joint plan besides, so no pound counts twice wherever its members lie.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.db import connection

from commissioning.choices import AGREED_IN, PlanKind
from commissioning.kernel.money import ZERO
from commissioning.rules.posting import Sums, totalled
from commissioning.rules.shares import part_of_each
from commissioning.selectors.together import sql

_OF_PLAN = 4  # columns of a row that say which plan it is of; those after it are a stream's
ByStream = Mapping[str, Sums]


@dataclass(frozen=True)
class JointShare:
    """A member's part of a joint plan of the year, to the penny; shares in per cent."""

    plan_id: int
    state: str
    member: int
    shares: Mapping[int, Decimal]
    by_stream: ByStream
    planned: Decimal  # of the whole joint plan, whosever part it is

    @cached_property
    def money(self) -> Sums:
        return totalled(self.by_stream.values())

    @property
    def is_agreed(self) -> bool:
        return self.state in AGREED_IN


@dataclass(frozen=True)
class MoneyAcross:
    """By plan, and by member and year what of joint plans is theirs; streams by name, in order."""

    of_plans: Mapping[int, ByStream] = field(default_factory=dict)
    shares: Mapping[tuple[int, int], Sequence[JointShare]] = field(default_factory=dict)


# From the sums that the database keeps of each plan. Planned is, before a plan is agreed, what its
# lines say.
_MONEY = """
WITH asked AS MATERIALIZED (
    SELECT plan.id, plan.year, plan.state, plan.state = ANY(%(agreed)s) AS is_agreed,
           (SELECT json_object_agg(member.partnership_id, member.share::text)
              FROM commissioning_planmember member WHERE member.plan_id = plan.id) AS shares
      FROM commissioning_plan plan
     WHERE plan.id = ANY(%(plans)s)
        OR plan.id IN (SELECT joint.id FROM commissioning_planmember mine
                         JOIN commissioning_plan joint ON joint.id = mine.plan_id
                        WHERE joint.kind = %(joint)s AND joint.year = ANY(%(years)s)
                          AND mine.partnership_id = ANY(%(partnerships)s)))
SELECT asked.id, asked.year, asked.state, asked.shares,
       stream.name, taken.planned, taken.committed, taken.paid
  FROM asked
 CROSS JOIN LATERAL (
       SELECT part.stream_id,
              sum(CASE WHEN asked.is_agreed THEN part.planned ELSE part.amount END) AS planned,
              sum(part.committed) AS committed, sum(part.paid) AS paid
         FROM commissioning_plansum part WHERE part.plan_id = asked.id
        GROUP BY part.stream_id) taken
  JOIN commissioning_fundingstream stream ON stream.code = taken.stream_id
 ORDER BY asked.id, stream.position
"""


def money_across(
    plans: Collection[int], *, partnerships: Collection[int], years: Collection[int]
) -> MoneyAcross:
    """The money of the plans, and the partnerships' parts of the joint plans of the years."""
    found: dict[int, ByStream] = {}
    shares: dict[tuple[int, int], list[JointShare]] = defaultdict(list)
    rows = _asked(plans, partnerships, years)
    for (plan, year, state, members), streams in groupby(rows, key=itemgetter(*range(_OF_PLAN))):
        by_stream = {name: Sums(*sums) for name, *sums in (one[_OF_PLAN:] for one in streams)}
        found[plan] = by_stream
        of_members = {int(one): Decimal(share) for one, share in (members or {}).items()}
        together = sum((one.planned for one in by_stream.values()), ZERO)
        for member, part in _parts(by_stream, of_members).items():
            shares[member, year].append(
                JointShare(plan, state, member, of_members, part, together)
            )
    return MoneyAcross(found, shares)


def _asked(
    plans: Collection[int], partnerships: Collection[int], years: Collection[int]
) -> list[tuple[Any, ...]]:
    words, values = sql(
        _MONEY,
        agreed=[one.value for one in AGREED_IN],
        plans=list(plans),
        joint=PlanKind.JOINT.value,
        years=list(years),
        partnerships=list(partnerships),
    )
    with connection.cursor() as cursor:
        cursor.execute(words, values)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found


def _parts(by_stream: ByStream, shares: Mapping[int, Decimal]) -> dict[int, ByStream]:
    """What of each stream is each member's; nobody's where nothing is taken."""
    found: dict[int, dict[str, Sums]] = defaultdict(dict)
    if not shares:
        return {}
    for stream, sums in by_stream.items():
        planned, committed, paid = (
            part_of_each(one, shares) for one in (sums.planned, sums.committed, sums.paid)
        )
        for member in shares:
            found[member][stream] = Sums(planned[member], committed[member], paid[member])
    return dict(found)
