"""Journeys: a person's adult drug-treatment episodes in the community, joined over agencies.

Derived, never edited: rebuilt for the people whose episodes changed. DOMAIN definition: episodes
with a started structured modality, joined when they overlap or follow within the rule set's days.
"""

from typing import Any

from django.db import models

from commissioning.models import Partnership, RuleSet
from commissioning.scoping import Permitted
from pathways.choices import Residence
from pathways.models.episodes import Episode, Modality, not_before
from providers.models import Agency


def derived_from(
    model: type[models.Model], on_delete: Any, *, null: bool = False
) -> "models.ForeignKey[Any, Any]":
    """A foreign key of a derived row: neither checked row by row nor indexed for its own sake."""
    return models.ForeignKey(
        model, on_delete, null=null, related_name="+", db_constraint=False, db_index=False
    )


class JourneyQuerySet(Permitted["Journey"]):
    """Reached through the partnership and agency of the first episode."""

    partnership_path = "partnership"
    provider_path = "agency__provider"


class Journey(models.Model):
    """From the earliest triage to the latest discharge (none while any episode is open).

    A row is derived from episodes in one statement with its neighbours, and only so; that is why
    its foreign keys are not checked row by row, and a test checks them all together. A person's
    journeys are found by their episodes, which have the indexes.
    """

    id = models.BigIntegerField(primary_key=True, help_text="That of its first episode.")
    person = models.UUIDField()
    first_episode = derived_from(Episode, models.CASCADE)
    last_episode = derived_from(Episode, models.CASCADE)
    partnership = derived_from(Partnership, models.PROTECT, null=True)
    residence = models.CharField(max_length=8, choices=Residence.choices)
    agency = derived_from(Agency, models.PROTECT)
    started_on = models.DateField(help_text="Earliest triage.")
    first_treated_on = models.DateField(help_text="Earliest start of a structured modality.")
    # Of its started structured modalities the one asked for first, whose wait is the first wait.
    first_modality = derived_from(Modality, models.CASCADE)
    ended_on = models.DateField(null=True)
    discharge_reason = models.CharField(max_length=4, blank=True)
    rule_set = derived_from(RuleSet, models.PROTECT)

    objects = JourneyQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=not_before("ended_on", "started_on"), name="journey_ends_once_started"
            ),
            models.CheckConstraint(
                condition=models.Q(id=models.F("first_episode")),
                name="journey_is_known_by_its_first_episode",
            ),
            models.UniqueConstraint(
                fields=["first_modality"], name="modality_is_the_first_of_one_journey"
            ),
        ]

    def __str__(self) -> str:
        return f"Journey from {self.started_on:%d %B %Y}"
