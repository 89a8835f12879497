"""Retention: how long is long enough, and which rule is headline for which years."""

from dataclasses import dataclass
from typing import Annotated

from commissioning.rule_settings.kinds import Whole, Years, YearSpan
from commissioning.rule_settings.sources import TARGETS
from commissioning.rule_settings.values import RetentionRule

RETENTION = "Retention"
DISCHARGED_YEARS = YearSpan(2003, 2004)
NEW_CLIENTS_YEARS = YearSpan(2005, 2007)
EFFECTIVE_YEARS = YearSpan(2008, None)


@dataclass(frozen=True, kw_only=True)
class RetentionSettings:
    """Retention: how long is long enough, and which rule is headline for which years."""

    retention_days: Annotated[
        int,
        Whole(
            label="Retained from",
            help="In treatment at least this long after triage.",
            unit="days",
            source=f"{TARGETS}: twelve weeks",
            mark="R",
            group=RETENTION,
        ),
    ] = 84
    retention_target_percent: Annotated[
        int,
        Whole(
            label="Share to be retained",
            help="About two-thirds of clients, as a whole per cent.",
            unit="per cent",
            source=f"{TARGETS}; the whole per cent is inferred",
            mark="I",
            group=RETENTION,
            high=100,
        ),
    ] = 67
    retention_episode_triage_years: Annotated[
        YearSpan,
        Years(
            label="Retention of discharged clients is headline",
            help="Of clients discharged in the period, those in contact long enough after triage.",
            unit="financial years",
            source="NTA 2003/04 and 2004/05",
            mark="R",
            group=RETENTION,
        ),
    ] = DISCHARGED_YEARS
    retention_new_clients_years: Annotated[
        YearSpan,
        Years(
            label="Retention of new clients is headline",
            help="Of journeys that began in the period, those in structured treatment long"
            " enough. The rule was read; the years are an assumption.",
            unit="financial years",
            source="NTA; years assumed",
            mark="B",
            group=RETENTION,
        ),
    ] = NEW_CLIENTS_YEARS
    effective_treatment_years: Annotated[
        YearSpan,
        Years(
            label="Effective treatment is headline",
            help="Of journeys that began in the period, those in treatment long enough or with an"
            " earlier planned exit.",
            unit="financial years",
            source="NTA from 2008/09",
            mark="R",
            group=RETENTION,
        ),
    ] = EFFECTIVE_YEARS

    @property
    def retention_years(self) -> dict[RetentionRule, YearSpan]:
        """The financial years each retention rule is headline for."""
        return {
            RetentionRule.EPISODE_TRIAGE: self.retention_episode_triage_years,
            RetentionRule.NEW_CLIENTS: self.retention_new_clients_years,
            RetentionRule.EFFECTIVE_TREATMENT: self.effective_treatment_years,
        }

    def headline_retention(self, year: int) -> RetentionRule | None:
        """The retention rule that a financial year is shown by; none where none was in force."""
        rules = (rule for rule, years in self.retention_years.items() if years.includes(year))
        return next(rules, None)
