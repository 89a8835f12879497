"""Waits of six weeks or longer: each is reviewed by its partnership and reported.

Source: Treatment Effectiveness targets, after Models of Care 2006, 2.7: every wait of six weeks
or longer is reviewed by the partnership and reported to the partnership and the National
Treatment Agency. What is reviewed is the wait, not the care plan.
"""

import datetime as dt
from typing import Self

from django.db import models
from django.db.models import Count, ExpressionWrapper, F, Q

from commissioning.models import Partnership, RuleSet, User
from commissioning.scoping import Permitted
from providers.models import Agency
from reporting.choices import LongWaitCause, LongWaitState


class LongWaitQuerySet(Permitted["LongWait"]):
    """Reached through the partnership of residence, or the provider that was asked."""

    partnership_path = "partnership"
    provider_path = "agency__provider"

    def standing(self) -> Self:
        """Those the current records still show; a corrected record withdraws its wait."""
        return self.filter(withdrawn_on__isnull=True)

    def to_review(self) -> Self:
        return self.standing().exclude(state=LongWaitState.CLOSED)

    def found_since(self, day: dt.date) -> Self:
        return self.filter(found_on__gte=day)

    def most_pressing_first(self) -> Self:
        """Not yet closed, still waiting, longest; an index keeps this order."""
        return self.annotate(is_closed=Q(state=LongWaitState.CLOSED)).order_by(
            "is_closed", "-is_open", "-days", "pk"
        )

    def counted_by_state(self) -> dict[str, int]:
        rows = self.order_by().values_list("state").annotate(number=Count("pk"))
        return dict(rows)


class LongWait(models.Model):
    """One intervention that was or is waited for longer than the rule set allows.

    Known by the codes its agency gave, so that a corrected return finds the same row again.
    """

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    client_ref = models.CharField(max_length=40)
    episode_ref = models.CharField(max_length=40)
    modality_ref = models.CharField(max_length=40)
    partnership = models.ForeignKey(Partnership, models.PROTECT, null=True, related_name="+")
    kind = models.PositiveSmallIntegerField("NDTMS modality")
    referred_on = models.DateField()
    offered_on = models.DateField(null=True)
    is_open = models.BooleanField(help_text="Nothing offered yet, and the episode is open.")
    days = models.PositiveIntegerField(help_text="To the offer, the discharge, or the last look.")
    rule_set = models.ForeignKey(RuleSet, models.PROTECT, related_name="+")
    found_on = models.DateField()
    reported_on = models.DateField(help_text="To partnership and region: the day it was found.")
    withdrawn_on = models.DateField(null=True)

    state = models.CharField(
        max_length=12, choices=LongWaitState.choices, default=LongWaitState.FOUND
    )
    owner = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    cause = models.CharField(max_length=20, choices=LongWaitCause.choices, blank=True)
    action = models.TextField(blank=True)
    outcome = models.TextField(blank=True)
    closed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    closed_on = models.DateField(null=True)
    version = models.PositiveIntegerField(default=1)

    objects = LongWaitQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "client_ref", "episode_ref", "modality_ref"],
                name="wait_is_reviewed_once",
            ),
            models.CheckConstraint(
                condition=Q(state__in=LongWaitState.values), name="long_wait_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(cause="") | Q(cause__in=LongWaitCause.values),
                name="long_wait_cause_is_known",
            ),
            models.CheckConstraint(
                condition=~Q(state=LongWaitState.CLOSED)
                | (
                    Q(closed_by__isnull=False, closed_on__isnull=False)
                    & ~Q(cause="")
                    & ~Q(outcome="")
                ),
                name="long_wait_is_closed_by_someone_with_cause_and_outcome",
            ),
            models.CheckConstraint(
                condition=Q(is_open=False) | Q(offered_on__isnull=True),
                name="open_wait_has_no_offer",
            ),
            models.CheckConstraint(
                condition=Q(offered_on__isnull=True) | Q(offered_on__gte=F("referred_on")),
                name="long_wait_runs_forward",
            ),
        ]
        indexes = [
            models.Index(fields=["partnership", "state"], name="long_waits_by_partnership"),
            models.Index(
                ExpressionWrapper(Q(state=LongWaitState.CLOSED), models.BooleanField()),
                F("is_open").desc(),
                F("days").desc(),
                F("id"),
                condition=Q(withdrawn_on=None),
                name="most_pressing_long_waits",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agency.code} {self.client_ref}, {self.days} days"
