"""Reading results: the rows of one question, each by the rule set that its period is shown by."""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q, QuerySet
from django.db.models.functions import JSONObject

from commissioning.kernel.periods import Grain, Period
from commissioning.models import RuleSet
from commissioning.rule_settings import RuleSettings
from reporting.choices import TOTAL
from reporting.indicators.declared import Indicator
from reporting.models import MeasuredPeriod, Result, WaitDistribution
from reporting.rules import Distribution
from reporting.selectors.areas import Area
from reporting.selectors.cells import Counts, Key, rows_together


@dataclass(frozen=True)
class Measured:
    """A period that was measured, and the rule set whose results are shown."""

    period: Period
    rule_set: RuleSet
    measured_at: dt.datetime
    cut_off: dt.date

    @cached_property
    def rules(self) -> RuleSettings:
        return self.rule_set.read()


def measured_periods() -> dict[Period, Measured]:
    """Every period measured, in order. One query, and each rule set, which is long, read once."""
    return _periods_shown(_shown_by(Q(pk__in=MeasuredPeriod.objects.values("rule_set"))))


def rules_and_periods(*, on: dt.date) -> tuple[RuleSet | None, dict[Period, Measured]]:
    """The rule set in force on the day, and every period measured: together in one query."""
    holding = RuleSet.objects.holding_on(on).order_by("-published_at", "-pk")
    measuring = Q(pk__in=MeasuredPeriod.objects.values("rule_set"))
    rows = list(_shown_by(measuring | Q(pk__in=holding.values("pk")[:1])))
    held = [one for one in rows if one.valid_from <= on]
    in_force = max(held, key=lambda one: (one.published_at, one.pk), default=None)
    return in_force, _periods_shown(rows)


def _shown_by(which: Q) -> QuerySet[RuleSet]:
    """Rule sets, each with the periods that are shown by it."""
    of_rules = MeasuredPeriod.objects.filter(rule_set=OuterRef("pk")).values(
        shown=JSONObject(
            grain="grain", start="start", measured_at="measured_at", cut_off="cut_off"
        )
    )
    return RuleSet.objects.filter(which).annotate(shown=ArraySubquery(of_rules))


def _periods_shown(rule_sets: Iterable[RuleSet]) -> dict[Period, Measured]:
    found = {}
    for rule_set in rule_sets:
        for row in vars(rule_set)["shown"]:
            start = dt.date.fromisoformat(row["start"])
            period = Period.containing(start, Grain(row["grain"]))
            found[period] = Measured(
                period,
                rule_set,
                dt.datetime.fromisoformat(row["measured_at"]),
                dt.date.fromisoformat(row["cut_off"]),
            )
    return dict(sorted(found.items()))


def is_held(results: type[Result], measured: Measured) -> bool:
    """Whether any row of the period is held, by the rule set it is shown by."""
    period = measured.period
    rows = results._default_manager.filter(
        grain=period.grain.value, start=period.start, rule_set=measured.rule_set
    )
    return rows.exists()


@dataclass(frozen=True)
class Found:
    """Rows read for a question, by family and cell."""

    rows: Mapping[type[Result], Mapping[Key, Counts]]
    distributions: Mapping[tuple[str, str], Mapping[Key, Distribution]]

    @classmethod
    def read(
        cls,
        indicators: Iterable[type[Indicator]],
        of: Sequence[Area],
        shown: Sequence[Measured],
        breakdown: str,
    ) -> "Found":
        """One query for all families, and one for all distributions."""
        asked = list(indicators)
        if not shown or not of:
            return cls({}, {})
        families: dict[type[Result], set[str]] = {}
        for one in asked:
            families.setdefault(one.family.results, set()).update(_columns_of(one))
        rules, there = _asked(of, shown, breakdown)
        rows: dict[type[Result], dict[Key, Counts]] = {results: {} for results in families}
        for results, at, rule_set, counts in rows_together(families, there):
            if rules.get(at[2:4]) == rule_set:
                rows[results][at] = counts
        turns = {(one.turn, one.whose) for one in asked if one.turn}
        return cls(rows, distributions_of(turns, of, shown, breakdown) if turns else {})

    def counts(self, indicator: type[Indicator], key: Key) -> Counts:
        return self.rows.get(indicator.family.results, {}).get(key, {})

    def days(self, indicator: type[Indicator], key: Key) -> Distribution:
        of_whom = self.distributions.get((indicator.turn, indicator.whose), {})
        return of_whom.get(key, Distribution())


def _columns_of(indicator: type[Indicator]) -> set[str]:
    """The columns of its family that a figure of the indicator is made of."""
    held = {field.name for field in indicator.family.results._meta.get_fields()}
    read = {
        *(indicator.numerator, indicator.denominator),
        *(indicator.not_yet_known, indicator.provisional),
        *indicator.reasons_left_out(),
        *indicator.beside,
    }
    return held & read


def distributions_of(
    turns: set[tuple[str, str]], of: Sequence[Area], shown: Sequence[Measured], breakdown: str
) -> dict[tuple[str, str], dict[Key, Distribution]]:
    """Days waited, by turn and whose, and cell. One query."""
    found: dict[tuple[str, str], dict[Key, Distribution]] = {one: {} for one in turns}
    for row in _cells(WaitDistribution, of, shown, breakdown):
        for turn, whose in turns:
            if row["turn"] == turn:
                days = dict(zip(row["days"], row[whose], strict=True))
                found[turn, whose][key_of(row)] = Distribution.of(days)
    return found


def _cells(
    results: type[Result], of: Sequence[Area], shown: Sequence[Measured], breakdown: str
) -> Iterator[dict[str, Any]]:
    """The rows of these areas and periods, each by the rule set that its period is shown by."""
    rules, there = _asked(of, shown, breakdown)
    narrowed = {f"{column}__in": values for column, values in there.items()}
    rows: Any = results._default_manager.filter(**narrowed).values()
    for row in rows:
        if rules.get((row["grain"], row["start"])) == row["rule_set_id"]:
            yield row


def _asked(
    of: Sequence[Area], shown: Sequence[Measured], breakdown: str
) -> tuple[Mapping[tuple[str, dt.date], int], Mapping[str, Collection[Any]]]:
    """Each period's rule set; and by column, what the rows of these areas and periods hold."""
    rules = {(one.period.grain.value, one.period.start): one.rule_set.pk for one in shown}
    there: dict[str, Collection[Any]] = {
        "start": {start for _, start in rules},
        "grain": {grain for grain, _ in rules},
        "area_kind": {area.kind.value for area in of},
        "area_code": {area.code for area in of},
        "rule_set_id": set(rules.values()),
        "breakdown": {breakdown},
    }
    if breakdown == TOTAL:  # the index then leads to each row, and the planner knows how few
        there["value"] = {TOTAL}
    return rules, there


def key(area: Area, period: Period, breakdown: str, value: str) -> Key:
    return (area.kind.value, area.code, period.grain.value, period.start, breakdown, value)


def key_of(row: Mapping[str, Any]) -> Key:
    names = ("area_kind", "area_code", "grain", "start", "breakdown", "value")
    kind, code, grain, start, breakdown, value = (row[name] for name in names)
    return (kind, code, grain, start, breakdown, value)
