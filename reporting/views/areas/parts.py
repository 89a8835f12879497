"""What an overview is made of: its figures by section, what they rest on, what they say first."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from commissioning import components
from commissioning.components import AsAt, DataTable, Tone
from commissioning.kernel.periods import Period
from commissioning.kernel.words import MISSING
from commissioning.models import User
from commissioning.roles import Permission
from commissioning.rule_settings import RuleSettings
from reporting.disclosure import Sign
from reporting.indicators import (
    care,
    lengths_of_wait,
    planned_exits,
    referrals,
    retention,
    treatment,
    waiting_lists,
    within_target,
)
from reporting.indicators.declared import Indicator
from reporting.selectors.areas import ENGLAND, Area
from reporting.selectors.completeness import Completeness
from reporting.selectors.figures import Figures, Grid
from reporting.selectors.found import Measured
from reporting.selectors.shown import Figure
from reporting.views.indicators.choosing import as_at_of
from reporting.views.indicators.named import area_href, definition_href, overview_href
from reporting.views.indicators.telling import Telling

HEADLINE = within_target.FirstVoluntary
REFERRALS = (
    referrals.BySelf,
    referrals.ByGeneralPractice,
    referrals.ByDrugService,
    referrals.ByCriminalJustice,
)
SECTIONS: dict[str, tuple[type[Indicator], ...]] = {
    "Others within their target": (
        within_target.FirstEveryone,
        within_target.FirstPregnant,
        within_target.FirstCriminalJustice,
        within_target.FirstStimulant,
    ),
    "How long first waits were": (
        lengths_of_wait.Mean,
        lengths_of_wait.Median,
        lengths_of_wait.NineInTen,
        lengths_of_wait.LongestVoluntary,
    ),
    "Waiting lists and long waits": (
        waiting_lists.OpenWaits,
        waiting_lists.OfferedNotStarted,
        waiting_lists.LongOpenWaits,
        lengths_of_wait.LongFirst,
    ),
    "Staying in treatment": (
        retention.OfNewJourneys,
        retention.OfDischarged,
        retention.EffectiveTreatment,
    ),
    "In treatment": (
        treatment.NumbersInTreatment,
        treatment.NewJourneys,
        care.CarePlans,
    ),
    "Leaving treatment": (
        planned_exits.Planned2006,
        planned_exits.Planned2009,
        care.Tier4Completed,
    ),
}
SHOWN: tuple[type[Indicator], ...] = (
    HEADLINE,
    *(one for section in SECTIONS.values() for one in section),
    *REFERRALS,
)
COUNTED_ONCE = (
    "Numbers in treatment count each person once in an area and period. Somebody treated in two "
    "partnerships, or by two providers, is one person in the region and in England: so England "
    "is not the sum of its partnerships, nor a partnership the sum of its providers, and a year "
    "is not the sum of its quarters. Waits, journeys, exits and episodes do add up."
)


@dataclass(frozen=True)
class Section:
    """Figures that belong together, under a heading."""

    title: str
    identifier: str
    figures: Sequence[components.Figure]
    note: str = ""

    @property
    def is_of_three(self) -> bool:
        """Three stand wider than four, so that a row is full."""
        return len(self.figures) % 3 == 0


@dataclass(frozen=True)
class Lead:
    """The first sentence of an overview: how the headline stands, and what it says."""

    sentence: str
    verdict: str
    tone: Tone


@dataclass(frozen=True)
class Overview:
    """The figures of one area in one period, and beside them those of the period before."""

    figures: Figures
    area: Area
    period: Period
    grid: Grid

    @classmethod
    def read(cls, figures: Figures, area: Area, period: Period) -> "Overview":
        periods = [period, period.previous()]
        return cls(figures, area, period, figures.grid(SHOWN, [area], periods))

    def figure(self, indicator: type[Indicator]) -> Figure:
        return self.grid[indicator.code, self.area, self.period]

    def before(self, indicator: type[Indicator]) -> Figure:
        return self.grid[indicator.code, self.area, self.period.previous()]

    def card(self, indicator: type[Indicator]) -> components.Figure:
        """The figure with its change, and the way to its page and its definition."""
        figure = self.figure(indicator)
        card = Telling(self.figures).card(
            figure,
            before=self.before(indicator),
            href=f"{area_href(self.area, indicator)}?period={self.period.code}",
            definition_href=definition_href(indicator),
        )
        # Another rule was the headline of the year: this one is not judged by its target.
        return replace(card, verdict="As if", tone="plain") if figure.is_as_if else card

    def sections(self) -> list[Section]:
        """Figures by section; of several rules the headline of the year stands first."""
        return [
            Section(
                title,
                f"section-{number}",
                [self.card(one) for one in sorted(indicators, key=self._is_as_if)],
                self._note(indicators),
            )
            for number, (title, indicators) in enumerate(SECTIONS.items(), start=1)
        ]

    def referrals(self) -> DataTable:
        """Where episodes came from, as shares of those begun."""
        telling, rows = Telling(self.figures), []
        for one in REFERRALS:
            figure, before = self.figure(one), self.before(one)
            change = telling.change(figure, before)
            rows.append(
                [
                    one.title,
                    telling.value(figure),
                    telling.among(figure),
                    telling.limits(figure),
                    change.words if change else MISSING,
                ]
            )
        return DataTable(
            ["Referral source", "Share", "Episodes", "95% limits", "Change"],
            rows,
        )

    def lead(self, rules: RuleSettings) -> Lead:
        """How the headline stands, in a sentence; why there is none, where there is none."""
        figure = self.figure(HEADLINE)
        weeks = rules.length_in_words("wait_target_days")
        if figure.verdict is None or figure.rate is None:
            return Lead(_why_no_headline(figure, self.area), "No verdict", "plain")
        telling = Telling(self.figures)
        change = telling.change(figure, self.before(HEADLINE))
        moved = f", {change.words} on {self.period.previous().label}" if change else ""
        sentence = (
            f"{telling.with_unit(figure)} of voluntary clients were offered a first appointment "
            f"within {weeks}{moved}. The target is {figure.target}%."
        )
        tone = telling.card(figure).tone
        return Lead(sentence, figure.verdict.words, tone)

    def _is_as_if(self, indicator: type[Indicator]) -> bool:
        return self.figure(indicator).is_as_if

    def _note(self, indicators: Sequence[type[Indicator]]) -> str:
        if any(one.is_per_person() for one in indicators):
            return COUNTED_ONCE
        if any(self.figure(one).is_as_if for one in indicators):
            return (
                "Each year is shown by the rule that was its headline. “As if” says what another "
                "rule would have given."
            )
        return ""


def as_at(
    person: User,
    area: Area,
    measured: Measured,
    completeness: Completeness,
) -> AsAt:
    """What the figures rest on. An agency that has not told keeps them provisional."""
    held = as_at_of(measured, completeness=completeness.words)
    return replace(
        held,
        provisional=held.provisional or not completeness.is_complete,
        completeness_href=returns_href(person, area),
    )


def returns_href(person: User, area: Area) -> str:
    """The area's return history, for whoever may view it."""
    reach = person.reach(Permission.RETURN_VIEW)
    seen = reach.nation or (
        area.organisation_id is not None and reach.covers(area.organisation_id)
    )
    return f"{overview_href(area)}returns/" if seen else ""


def door(figures: Figures, area: Area, rules: RuleSettings) -> str:
    """Through which door the page's own figures came, in words."""
    if area == ENGLAND and figures.is_exact(area):
        return "Exact figures, here and below."
    if figures.is_exact(area):
        return f"Exact figures: {area.name} is within your reach."
    if area == ENGLAND:
        return "National totals are exact. Everything below them is shown as released."
    rule = rules.suppression_rule
    words = f"Released figures: counts of 1 to {rule.hide_to} are shown as *"
    if rule.round_to > 1:
        words += (
            f", others are rounded to {rule.round_to}, and rates stand where they are of at least "
            f"{rule.smallest_denominator}"
        )
    return f"{words}. Exact figures are for the people of {area.name}."


def _why_no_headline(figure: Figure, area: Area) -> str:
    match figure.value.sign:
        case Sign.MISSING:
            return f"No return for {figure.period.label} tells of first waits in {area.name}."
        case Sign.SUPPRESSED:
            return "Too few people began treatment to show how long they waited."
        case Sign.NOT_APPLICABLE:
            return f"No voluntary client of {area.name} began treatment in {figure.period.label}."
    return f"There is no target for {figure.period.label}."
