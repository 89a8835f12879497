"""Look here first, from figures: what misses its target, and what got worse."""

from collections.abc import Sequence
from dataclasses import dataclass

from commissioning.components import Card
from commissioning.kernel.periods import Period
from commissioning.kernel.words import count, joined
from commissioning.rule_settings import RuleSettings
from reporting.choices import AreaKind
from reporting.indicators import (
    care,
    lengths_of_wait,
    planned_exits,
    retention,
    waiting_lists,
    within_target,
)
from reporting.indicators.declared import Form, Indicator, with_lengths
from reporting.rules import Colour
from reporting.selectors.areas import Area
from reporting.selectors.figures import Figures
from reporting.selectors.shown import Figure
from reporting.views.areas.parts import HEADLINE, Overview
from reporting.views.indicators.named import area_href, overview_href
from reporting.views.indicators.telling import Telling

# What a card says after its number, with the settings that give its lengths of time, and what its
# button does.
SAID: dict[type[Indicator], tuple[str, str]] = {
    within_target.FirstVoluntary: (
        "of voluntary clients were offered a first appointment in time",
        "See first waits",
    ),
    lengths_of_wait.LongFirst: (
        "of first waits came to {long_wait_days} or longer",
        "See long waits",
    ),
    waiting_lists.LongOpenWaits: (
        "people had waited {long_wait_days} or longer without an offer at the end",
        "See who waits",
    ),
    retention.OfNewJourneys: ("of those who began stayed {retention_days}", "See retention"),
    retention.OfDischarged: ("of those discharged had stayed {retention_days}", "See retention"),
    retention.EffectiveTreatment: (
        "of those who began came to effective treatment",
        "See retention",
    ),
    planned_exits.Planned2006: ("of journeys that ended did so as planned", "See exits"),
    planned_exits.Planned2009: ("of journeys that ended did so as planned", "See exits"),
    care.CarePlans: ("of those who began had a care plan in time", "See care plans"),
    care.Tier4Completed: ("of Tier 4 treatment was completed", "See Tier 4"),
}
NAMED = 3  # areas named in a sentence


def missing_target(seen: Overview, rules: RuleSettings) -> list[Card]:
    """A card for each figure that misses its target, by the rule of the year alone.

    `rules` are those the period is shown by.
    """
    return [
        _card(seen, one, rules)
        for one in SAID
        if (figure := seen.figure(one)).verdict
        and figure.verdict.colour is Colour.RED
        and not figure.is_as_if
    ]


def got_worse(seen: Overview, rules: RuleSettings) -> list[Card]:
    """A card for each figure that got worse by more than chance explains and is not red already.

    A share got worse when the period before lies outside its limits; a list when it grew.
    """
    telling, found = Telling(seen.figures), []
    for one in SAID:
        figure, before = seen.figure(one), seen.before(one)
        change = telling.change(figure, before)
        red = figure.verdict is not None and figure.verdict.colour is Colour.RED
        if red or figure.is_as_if or change is None or change.is_better is not False:
            continue
        if one.form is Form.COUNT or _beyond_chance(figure, before):
            found.append(_card(seen, one, rules))
    return found


@dataclass(frozen=True)
class Standing:
    """How the areas one reviews stand by the headline, in a period and the one before."""

    figures: Figures
    within: Area
    areas: Sequence[Area]
    period: Period

    def cards(self) -> list[Card]:
        """How many miss the target, and which; how many sent nothing."""
        periods = [self.period, self.period.previous()]
        grid = self.figures.grid([HEADLINE], list(self.areas), periods)
        now = [grid[HEADLINE.code, area, self.period] for area in self.areas]
        then = [grid[HEADLINE.code, area, self.period.previous()] for area in self.areas]
        red = sorted((one for one in now if _is_red(one)), key=lambda one: one.sort_key)
        if not red:
            return []
        before, judged = sum(map(_is_red, then)), sum(one.verdict is not None for one in now)
        named = [one.area.name for one in red[:NAMED]]
        more = len(red) - len(named)
        worst = joined([*named, *([f"{more} more"] if more else [])])
        kind = "regions" if self.areas[0].kind is AreaKind.REGION else "partnerships"
        return [
            Card(
                number=f"{count(len(red))} of {count(judged)}",
                sentence=f"{kind} miss the target for first waits: {worst} ({self.period.label}).",
                action="Compare them",
                href=f"{overview_href(self.within)}?period={self.period.code}&verdict=red&sort=wait_first"
                f"#side-by-side",
                tone="bad",
                verdict=_than_before(len(red), before),
            )
        ]


def _card(seen: Overview, indicator: type[Indicator], rules: RuleSettings) -> Card:
    telling, figure = Telling(seen.figures), seen.figure(indicator)
    said, action = SAID[indicator]
    said = with_lengths(said, rules)
    change = telling.change(figure, seen.before(indicator))
    parts = [f"{said} in {seen.period.label}" if indicator.form is not Form.COUNT
             else f"{said} of {seen.period.label}"]  # fmt: skip
    if figure.target is not None:
        parts.append(f"the target is {figure.target}%")
    sentence = "; ".join(parts)
    if change:
        sentence += f". {change.words.capitalize()} on {seen.period.previous().label}"
    red = _is_red(figure)
    verdict = figure.verdict.words if red and figure.verdict else "Worse than the period before"
    return Card(
        number=telling.with_unit(figure),
        sentence=f"{sentence}.",
        action=action,
        href=f"{area_href(seen.area, indicator)}?period={seen.period.code}",
        tone="bad" if red else "watch",
        verdict=verdict,
    )


def _is_red(figure: Figure) -> bool:
    return figure.verdict is not None and figure.verdict.colour is Colour.RED


def _beyond_chance(figure: Figure, before: Figure) -> bool:
    if figure.limits is None or before.rate is None:
        return False
    return not figure.limits.lower <= before.rate <= figure.limits.upper


def _than_before(now: int, before: int) -> str:
    if now == before:
        return "As many as in the period before"
    more = "more" if now > before else "fewer"
    return f"{count(abs(now - before))} {more} than in the period before"
