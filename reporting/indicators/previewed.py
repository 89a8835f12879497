"""The shares whose coming value a provider is shown before it confirms a return.

Each is made of counts of a family, the same by which it is measured afterwards, and is called
what the indicator it will change is called.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Q

from commissioning.rule_settings import RuleSettings
from reporting.indicators.care import CarePlans
from reporting.indicators.declared import Indicator
from reporting.indicators.episodes import Episodes
from reporting.indicators.exits import Exits
from reporting.indicators.journeys import Journeys
from reporting.indicators.planned_exits import Planned2006, Planned2009
from reporting.indicators.retention import OfNewJourneys
from reporting.indicators.waits import Waits
from reporting.indicators.within_target import FirstVoluntary, SubsequentVoluntary
from reporting.indicators.words import Family

DAYS_IN_A_WEEK = 7
NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def length(days: int) -> str:
    """Days in words: `three weeks`, `12 weeks`, `10 days`."""
    weeks, left = divmod(days, DAYS_IN_A_WEEK)
    if left:
        return f"{days} days"
    number = NUMBERS[weeks] if weeks < len(NUMBERS) else str(weeks)
    return f"{number} week" if weeks == 1 else f"{number} weeks"


@dataclass(frozen=True, kw_only=True)
class Previewed:
    """A share, by its counts, and the words for its records.

    `good` and `bad` say of records what they are. `fault` says what can be put right, of rows
    that meet `faulty` (a count's name, or a condition); `fault_counts` where they are counted as
    bad already. `can_mend`: a corrected record would count as good.
    """

    code: str
    family: type[Family]
    numerator: str
    denominator: str
    indicator: type[Indicator]
    thing: tuple[str, str]
    good: Callable[[RuleSettings], str]
    bad: Callable[[RuleSettings], str]
    faulty: str | Q
    fault: str
    fault_counts: bool = False
    can_mend: bool = True

    @property
    def label(self) -> str:
        return self.indicator.title

    def things(self, count: int) -> str:
        return f"{count:,} {self.thing[0 if count == 1 else 1]}"

    def condition(self, name: str | Q) -> Q:
        """A count's condition, by its name or as it is, among what the family counts."""
        if isinstance(name, Q):
            return Q(excluded="") & name
        return self.family.everything_counted()[name].where


def _within(rules: RuleSettings) -> str:
    return f"within {length(rules.wait_target_days)}"


def _longer(rules: RuleSettings) -> str:
    return f"longer than {length(rules.wait_target_days)}"


def _wait(turn: str, name: str, indicator: type[Indicator]) -> Previewed:
    return Previewed(
        code=f"waits_{turn}",
        family=Waits,
        numerator=f"{turn}_voluntary_within",
        denominator=f"{turn}_voluntary_waits",
        indicator=indicator,
        thing=(f"{name.lower()} wait", f"{name.lower()} waits"),
        good=_within,
        bad=_longer,
        faulty=f"{turn}_voluntary_missing",
        fault="without a first appointment offered (FAOMODDT)",
    )


def planned_exits(*, rules_of_2009: bool) -> Previewed:
    """By the rule of the year."""
    return Previewed(
        code="planned_exits",
        family=Exits,
        numerator="planned_2009" if rules_of_2009 else "planned_2006",
        denominator="counted",
        indicator=Planned2009 if rules_of_2009 else Planned2006,
        thing=("exit", "exits"),
        good=lambda _: "that were planned",
        bad=lambda _: "that were not planned",
        faulty="reason_missing",
        fault="without a reason (DISRSN)",
    )


def previewed(rules: RuleSettings, *, year: int) -> list[Previewed]:
    """The shares of a financial year, in the order they are shown."""
    return [
        _wait("first", "First", FirstVoluntary),
        _wait("subsequent", "Subsequent", SubsequentVoluntary),
        Previewed(
            code="retention",
            family=Journeys,
            numerator="retained",
            denominator="known",
            indicator=OfNewJourneys,
            thing=("journey", "journeys"),
            good=lambda rules: f"that lasted {length(rules.retention_days)}",
            bad=lambda rules: f"that ended before {length(rules.retention_days)}",
            faulty="not_yet_known",
            fault="not yet known, because the data does not reach far enough",
            can_mend=False,
        ),
        planned_exits(rules_of_2009=rules.planned_rules_2009_years.includes(year)),
        Previewed(
            code="care_plans",
            family=Episodes,
            numerator="care_planned",
            denominator="begun",
            indicator=CarePlans,
            thing=("episode", "episodes"),
            good=lambda _: "with a care plan in time",
            bad=lambda _: "without a care plan in time",
            faulty=Q(is_start=True, care_planned_on__isnull=True),
            fault="without a care plan date (CPLANDT)",
            fault_counts=True,
        ),
    ]
