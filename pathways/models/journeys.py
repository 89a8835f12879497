"""Journeys: a person's adult drug-treatment episodes in the community, joined over agencies.

Derived, never edited: rebuilt for the people whose episodes changed. DOMAIN definition: episodes
with a started structured modality, joined when they overlap or follow within the rule set's days.
"""

from typing import Self

from django.db import models

from commissioning.models import Partnership, RuleSet
from commissioning.scoping import Permitted
from pathways.choices import Residence
from pathways.models.episodes import Episode, Modality, not_before
from providers.models import Agency


class JourneyQuerySet(Permitted["Journey"]):
    """Reached through the partnership and agency of the first episode."""

    partnership_path = "partnership"
    provider_path = "agency__provider"

    def of_people(self, people: list[str]) -> Self:
        return self.filter(person__in=people)


class Journey(models.Model):
    """From the earliest triage to the latest discharge (none while any episode is open)."""

    person = models.UUIDField(db_index=True)
    first_episode = models.ForeignKey(Episode, models.CASCADE, related_name="+")
    last_episode = models.ForeignKey(Episode, models.CASCADE, related_name="+")
    partnership = models.ForeignKey(Partnership, models.PROTECT, null=True, related_name="+")
    residence = models.CharField(max_length=8, choices=Residence.choices)
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    started_on = models.DateField(help_text="Earliest triage.")
    first_treated_on = models.DateField(help_text="Earliest start of a structured modality.")
    ended_on = models.DateField(null=True)
    discharge_reason = models.CharField(max_length=4, blank=True)
    rule_set = models.ForeignKey(RuleSet, models.PROTECT, related_name="+")

    objects = JourneyQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=not_before("ended_on", "started_on"), name="journey_ends_once_started"
            ),
        ]

    def __str__(self) -> str:
        return f"Journey from {self.started_on:%d %B %Y}"


class JourneyModalityQuerySet(Permitted["JourneyModality"]):
    """Reached as their journeys are."""

    partnership_path = "journey__partnership"
    provider_path = "journey__agency__provider"


class JourneyModality(models.Model):
    """A started structured modality within its journey; the first decides the first wait."""

    journey = models.ForeignKey(Journey, models.CASCADE, related_name="modalities")
    modality = models.OneToOneField(Modality, models.CASCADE, related_name="in_journey")
    is_first = models.BooleanField()

    objects = JourneyModalityQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["journey"],
                condition=models.Q(is_first=True),
                name="journey_has_one_first_modality",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.modality} in {self.journey}"
