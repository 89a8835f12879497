"""Statistics and disclosure: limits beside a figure, and what is hidden when it is released."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated

from commissioning.rule_settings.kinds import Choice, Number, Whole
from commissioning.rule_settings.values import SuppressionRule

STATISTICS = "Statistics"
DISCLOSURE = "Disclosure"
CURRENT_RULE = "CURRENT"
PERIOD_RULE = "PERIOD"


@dataclass(frozen=True, kw_only=True)
class FigureSettings:
    """Limits beside a figure, and what is hidden when a figure is released."""

    confidence_percent: Annotated[
        Decimal,
        Number(
            label="Confidence of limits",
            help="How sure the limits beside a figure are, and the inner limits of a funnel.",
            unit="per cent",
            source="Public Health England, PHEindicatormethods",
            mark="R",
            group=STATISTICS,
            low=Decimal(80),
            high=Decimal("99.99"),
        ),
    ] = Decimal(95)
    funnel_outer_percent: Annotated[
        Decimal,
        Number(
            label="Outer limits of a funnel",
            help="An area outside them is a signal.",
            unit="per cent",
            source="Public Health England, PHEindicatormethods",
            mark="R",
            group=STATISTICS,
            low=Decimal(80),
            high=Decimal("99.99"),
        ),
    ] = Decimal("99.8")

    suppression: Annotated[
        str,
        Choice(
            label="Rule for released figures",
            help="Which rule small counts are hidden by outside the area or organisation they are"
            " about. Hiding alone leaks where totals are exact, so the current rule also rounds.",
            source="NHS Digital practice (current); NDTMS public figures (period)",
            mark="R",
            group=DISCLOSURE,
            options={
                CURRENT_RULE: "Small counts hidden, all others rounded",
                PERIOD_RULE: "Counts below a threshold hidden, as in 2006",
            },
        ),
    ] = CURRENT_RULE
    hide_to: Annotated[
        int,
        Whole(
            label="Current rule hides counts from 1 to",
            help="Shown as *.",
            unit="people",
            source="NHS Digital practice",
            mark="R",
            group=DISCLOSURE,
            low=1,
            high=100,
        ),
    ] = 7
    round_to: Annotated[
        int,
        Whole(
            label="Current rule rounds to the nearest",
            help="All other counts and totals; rates and limits are worked out from them.",
            unit="people",
            source="NHS Digital practice",
            mark="R",
            group=DISCLOSURE,
            low=1,
            high=100,
        ),
    ] = 5
    smallest_denominator: Annotated[
        int,
        Whole(
            label="Current rule gives rates from",
            help="The rounded denominator below which no rate, limit, median or percentile is"
            " released.",
            unit="people",
            source="House rule: 12 of 13 would show as 67 per cent",
            mark="I",
            group=DISCLOSURE,
            low=1,
            high=1000,
        ),
    ] = 30
    period_hides_below: Annotated[
        int,
        Whole(
            label="Period rule hides counts below",
            help="Shown as *; other counts are exact. Not enough alone.",
            unit="people",
            source="NDTMS public figures",
            mark="R",
            group=DISCLOSURE,
            low=2,
            high=100,
        ),
    ] = 5

    @property
    def suppression_rule(self) -> SuppressionRule:
        """The rule in force for figures released outside the area or organisation concerned."""
        if self.suppression == PERIOD_RULE:
            return SuppressionRule(code=PERIOD_RULE, hide_to=self.period_hides_below - 1)
        return SuppressionRule(
            code=CURRENT_RULE,
            hide_to=self.hide_to,
            round_to=self.round_to,
            smallest_denominator=self.smallest_denominator,
        )
