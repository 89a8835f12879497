"""What there is to measure: periods by the rule set in force, and what is shown of them."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from django.db.models import Max, Min

from commissioning.kernel.periods import Grain, Period, periods_between
from commissioning.models import RuleSet
from pathways.models import Episode, Return
from pathways.services.journeys import rebuild_all_journeys, standing_rule_set
from reporting.engine.scope import Measurement
from reporting.models import MeasuredPeriod, Refresh


@dataclass(frozen=True)
class Stretch:
    """Periods governed by one rule set, and by which they were shown until now, if another."""

    rule_set: RuleSet
    periods: tuple[Period, ...]
    shown_by: RuleSet | None

    def earlier(self, asked: Measurement) -> Measurement | None:
        """The same measured by the rule set that was shown until now, where it was another."""
        if self.shown_by is None or self.shown_by == self.rule_set:
            return None
        return replace(asked, rule_set=self.shown_by)


def stretches_to_measure() -> list[Stretch]:
    """The periods to measure, by the rule set in force on their last day."""
    shown = {
        (held.grain, held.start): held.rule_set
        for held in MeasuredPeriod.objects.select_related("rule_set")
    }
    rule_sets = list(RuleSet.objects.order_by("published_at", "pk"))
    found: dict[tuple[int, int | None], list[Period]] = {}
    for period in _periods(shown):
        holding = [one for one in rule_sets if one.valid_from <= period.last_day]
        if holding:
            before = shown.get((period.grain.value, period.start))
            key = (holding[-1].pk, before.pk if before else None)
            found.setdefault(key, []).append(period)
    by_id = {one.pk: one for one in rule_sets}
    return [
        Stretch(by_id[now], tuple(periods), by_id[before] if before else None)
        for (now, before), periods in found.items()
    ]


def _periods(shown: Iterable[tuple[str, dt.date]]) -> list[Period]:
    """Every period from the first record to the latest cut-off, and those shown already."""
    last = Return.objects.loaded().aggregate(last=Max("cut_off"))["last"]
    floor = RuleSet.objects.aggregate(first=Min("valid_from"))["first"]
    found = {Period.containing(start, Grain(grain)) for grain, start in shown}
    if last and floor and (first := _first_day(floor)):
        for grain in Grain:
            found.update(periods_between(first, last, grain))
    return sorted(found)


def _first_day(floor: dt.date) -> dt.date | None:
    """The day of the first record, but no earlier than the first rule set. Whether one is as early
    as that is soon seen; all are looked through only where none is."""
    records = Episode.objects.current()
    if records.filter(referred_on__lte=floor).exists():
        return floor
    first: dt.date | None = records.aggregate(first=Min("referred_on"))["first"]
    return first


def continue_what_is_shown(stretches: Sequence[Stretch]) -> bool:
    """Whether all that is shown stands by its rule set, and what is not shown yet comes after it
    by the rule set of the latest: earlier periods may hold something of any area."""
    shown = [stretch for stretch in stretches if stretch.shown_by]
    more = [stretch for stretch in stretches if not stretch.shown_by]
    if any(one.shown_by != one.rule_set for one in shown) or not shown:
        return not stretches
    latest = max(shown, key=lambda stretch: stretch.periods[-1])
    months = [one for held in shown for one in held.periods if one.grain is Grain.MONTH]
    known_until = max(month.last_day for month in months)
    return all(
        one.rule_set == latest.rule_set and one.periods[0].start > known_until for one in more
    )


def change_journeys_over(stretches: Sequence[Stretch]) -> None:
    """Journeys stand by one rule set: that of the latest period."""
    latest = max(stretches, key=lambda stretch: stretch.periods[-1], default=None)
    if latest and standing_rule_set(otherwise=latest.rule_set) != latest.rule_set:
        rebuild_all_journeys(rule_set=latest.rule_set)


def show(stretches: Sequence[Stretch], refresh: Refresh) -> None:
    """From here on these rule sets' results are shown for their periods."""
    MeasuredPeriod.objects.bulk_create(
        [
            MeasuredPeriod(
                grain=period.grain.value,
                start=period.start,
                rule_set=stretch.rule_set,
                measured_at=refresh.began_at,
                cut_off=refresh.cut_off,
            )
            for stretch in stretches
            for period in stretch.periods
        ],
        update_conflicts=True,
        unique_fields=["grain", "start"],
        update_fields=["rule_set", "measured_at", "cut_off"],
    )
