"""Retention by the three rules, each headline for its years and otherwise shown as if."""

from typing import ClassVar

from commissioning.kernel.periods import Grain, Period
from commissioning.rule_settings import RetentionRule, RuleSettings
from reporting.indicators.declared import Indicator
from reporting.indicators.episodes import Episodes
from reporting.indicators.journeys import Journeys


class Retention(Indicator):
    """What these share: the days that count as retained, from triage."""

    target_setting = "retention_target_percent"
    settings: ClassVar[tuple[str, ...]] = (
        "retention_days",
        "retention_target_percent",
        "journey_join_days",
    )
    why_it_matters = "Those who stay do better afterwards, whatever the treatment."
    good_looks_like = "About two in three stay that long; it rises year on year."


class OfDischarged(Retention):
    """Of the episodes of structured treatment discharged in the period, those discharged
    {retention_days} or longer after triage.
    """

    code, title = "RET-DISCHARGED", "Retained in treatment, of those discharged"
    family = Episodes
    numerator = "discharged_retained"
    numerator_words = "Discharged after being retained"
    denominator, denominator_words = "discharged", "Discharged"
    headline_years_setting = "retention_episode_triage_years"
    source = "NTA 2003/04 and 2004/05"
    target_setting = ""


class OfNewJourneys(Retention):
    """Of the journeys that began in the period, those that lasted {retention_days} or longer from
    triage.

    A journey enters only when its first {retention_days} lie within the data; until then it is
    not yet known, so that those who leave early do not enter first.
    """

    code, title = "RET-NEW", "Retained in treatment, of new journeys"
    family = Journeys
    numerator, numerator_words = "retained", "Retained in treatment"
    denominator, denominator_words = "known", "Journeys begun whose retention is known"
    not_yet_known = "not_yet_known"
    headline_years_setting = "retention_new_clients_years"
    source = "NTA 2005/06 to 2007/08; the years are an assumption"
    mark = "B"


class EffectiveTreatment(Retention):
    """Of the journeys that began in the period, those that lasted {retention_days} or longer from
    triage or came to a planned exit earlier.

    A journey enters only when its first {retention_days} lie within the data.
    """

    code, title = "RET-EFFECTIVE", "In effective treatment, of new journeys"
    family = Journeys
    numerator = "effective"
    numerator_words = "Retained in treatment, or left as planned before"
    denominator, denominator_words = "known", "Journeys begun whose retention is known"
    not_yet_known = "not_yet_known"
    headline_years_setting = "effective_treatment_years"
    settings = (*Retention.settings, "planned_exit_codes_2006", "planned_exit_codes_2009")
    source = "NTA from 2008/09"


BY_RULE: dict[RetentionRule, type[Retention]] = {
    RetentionRule.EPISODE_TRIAGE: OfDischarged,
    RetentionRule.NEW_CLIENTS: OfNewJourneys,
    RetentionRule.EFFECTIVE_TREATMENT: EffectiveTreatment,
}


def headline_retention(rules: RuleSettings, period: Period) -> type[Retention] | None:
    """The retention a period is shown by; None in years that no rule was headline for."""
    rule = rules.headline_retention(Period.containing(period.start, Grain.YEAR).start.year)
    return BY_RULE[rule] if rule else None
