"""Quarterly returns of Tier 1 and Tier 2 work: four quarters, of which some is missing."""

import datetime as dt
import random
from collections.abc import Mapping, Sequence

from commissioning.kernel.periods import Grain, Period
from commissioning.models import User
from providers.choices import ActivityState
from providers.models import ActivityCount, ActivityPart, ActivityReturn, DeliveredIntervention
from providers.reference.activity_measures import measures_of
from providers.selectors.activity import counted_in
from providers.selectors.activity_parts import works_for

FIRST_DAYS = tuple(dt.date(2006, month, 1) for month in (1, 4, 7, 10))
LOW, HIGH = 40, 420
ACCEPTED, OFFERED = "VACCINATIONS_ACCEPTED", "VACCINATIONS_OFFERED"
JUMP = 6  # times as many as the quarter before: a reason is asked
CONFIRMED_AFTER = dt.timedelta(days=18)


def write_activity(
    people: Mapping[int, User], *, own: int, now: dt.datetime, today: dt.date, seed: int
) -> int:
    """Returns of every service that counts, confirmed by those who answer for its provider.

    Of the provider `own`, the last quarter is still to come: one return is filled in, with a
    number that jumped, and the others are missing. Says how many there are.
    """
    rng = random.Random(f"activity {seed}")  # noqa: S311 (not a secret)
    quarters = [Period.containing(day, Grain.QUARTER) for day in FIRST_DAYS]
    by_service: dict[int, list[DeliveredIntervention]] = {}
    for delivered in counted_in(quarters):
        if delivered.service.provider_id in people:
            by_service.setdefault(delivered.service_id, []).append(delivered)
    made: list[ActivityReturn] = []
    counts: list[ActivityCount] = []
    jumped = False
    for service, rows in sorted(by_service.items()):
        by = people[rows[0].service.provider_id]
        size = rng.uniform(0.4, 1.6)
        for quarter in quarters:
            is_last = quarter is quarters[-1]
            is_own = rows[0].service.provider_id == own
            if is_last and is_own and jumped:
                continue
            one = _return(service, quarter, by, now, today, is_draft=is_last and is_own)
            factor = JUMP if is_last and is_own else 1
            jumped = jumped or (is_last and is_own)
            made.append(one)
            counts += _counts(one, rows, size * factor, rng)
    ActivityReturn.objects.bulk_create(made)
    ActivityCount.objects.bulk_create(counts)
    ActivityPart.objects.bulk_create(_parts(counts, quarters, seed))
    return len(made)


def _parts(
    counts: Sequence[ActivityCount], quarters: Sequence[Period], seed: int
) -> list[ActivityPart]:
    """Services of several partnerships split their numbers between them from the second quarter
    on; what is left was for people of elsewhere.
    """
    rng = random.Random(f"activity parts {seed}")  # noqa: S311 (not a secret)
    whose = works_for(
        {one.activity.service_id for one in counts}, first=quarters[0].start, end=quarters[-1].end
    )
    found = []
    for one in counts:
        partnerships = sorted(whose.get(one.activity.service_id, ()))
        is_first = one.measure == measures_of(one.delivered.intervention_id)[0]
        if len(partnerships) <= 1 or not is_first or one.activity.quarter == quarters[0].code:
            continue
        weights = [rng.uniform(0.5, 2) for _ in partnerships]
        known = one.number * rng.uniform(0.85, 1)
        found += [
            ActivityPart(
                activity=one.activity,
                delivered=one.delivered,
                partnership_id=partnership,
                number=int(known * weight / sum(weights)),
            )
            for partnership, weight in zip(partnerships, weights, strict=True)
        ]
    return found


def _return(
    service: int, quarter: Period, by: User, now: dt.datetime, today: dt.date, *, is_draft: bool
) -> ActivityReturn:
    made = ActivityReturn(service_id=service, quarter=quarter.code, begun_by=by)
    if not is_draft:
        made.state = ActivityState.CONFIRMED
        made.confirmed_by = by
        made.confirmed_at = now - (today - quarter.end) + CONFIRMED_AFTER
    return made


def _counts(
    activity: ActivityReturn,
    rows: Sequence[DeliveredIntervention],
    size: float,
    rng: random.Random,
) -> list[ActivityCount]:
    found = []
    for delivered in rows:
        offered = 0
        for measure in measures_of(delivered.intervention_id):
            number = round(rng.uniform(LOW, HIGH) * size)
            if measure == OFFERED:
                offered = number
            if measure == ACCEPTED:
                number = round(offered * rng.uniform(0.4, 0.8))
            found.append(
                ActivityCount(
                    activity=activity, delivered=delivered, measure=measure, number=number
                )
            )
    return found
