"""The quarterly return of Tier 1 and Tier 2 work, which NDTMS does not carry."""

from django.db import models
from django.db.models import Q

from commissioning.models import Partnership, User
from commissioning.scoping import Permitted
from providers.choices import ActivityMeasure, ActivityState
from providers.models.register import DeliveredIntervention, Service


class ActivityReturnQuerySet(Permitted["ActivityReturn"]):
    """Activity returns: of the provider, and of the partnerships its service works for."""

    provider_path = "service__provider"


class ActivityReturn(models.Model):
    """What a service counted in a quarter (`2006-Q1`). A later one replaces an earlier."""

    service = models.ForeignKey(Service, models.PROTECT, related_name="activity_returns")
    quarter = models.CharField(max_length=7)
    state = models.CharField(
        max_length=9, choices=ActivityState.choices, default=ActivityState.DRAFT
    )
    note = models.TextField(blank=True)
    begun_at = models.DateTimeField(auto_now_add=True)
    begun_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    revision = models.PositiveIntegerField(default=1)

    objects = ActivityReturnQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["service", "quarter"],
                condition=Q(state=ActivityState.CONFIRMED),
                name="one_activity_return_holds_a_quarter",
            ),
            models.UniqueConstraint(
                fields=["service", "quarter"],
                condition=Q(state=ActivityState.DRAFT),
                name="one_activity_return_is_filled_in_a_quarter",
            ),
            models.CheckConstraint(
                condition=Q(state__in=ActivityState.values), name="activity_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(state=ActivityState.DRAFT, confirmed_at__isnull=True)
                | Q(~Q(state=ActivityState.DRAFT), confirmed_at__isnull=False),
                name="activity_is_confirmed_at_some_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.service}, {self.quarter}"


class ActivityCountQuerySet(Permitted["ActivityCount"]):
    """Numbers of activity returns."""

    provider_path = "activity__service__provider"


class ActivityCount(models.Model):
    """One number of an activity return."""

    activity = models.ForeignKey(ActivityReturn, models.CASCADE, related_name="counts")
    delivered = models.ForeignKey(DeliveredIntervention, models.PROTECT, related_name="+")
    measure = models.CharField(max_length=22, choices=ActivityMeasure.choices)
    number = models.PositiveIntegerField()

    objects = ActivityCountQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["activity", "delivered", "measure"], name="activity_is_counted_once"
            ),
            models.CheckConstraint(
                condition=Q(measure__in=ActivityMeasure.values),
                name="activity_measure_is_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_measure_display()}: {self.number}"


class ActivityPartQuerySet(Permitted["ActivityPart"]):
    """Parts of activity returns that were for one partnership's residents."""

    provider_path = "activity__service__provider"
    partnership_path = "partnership"


class ActivityPart(models.Model):
    """How much of the first number of an intervention was for residents of one partnership.

    Where a service works for several; the rest was for people of elsewhere, or of nobody knows
    where.
    """

    activity = models.ForeignKey(ActivityReturn, models.CASCADE, related_name="parts")
    delivered = models.ForeignKey(DeliveredIntervention, models.PROTECT, related_name="+")
    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()

    objects = ActivityPartQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["activity", "delivered", "partnership"],
                name="activity_is_split_once_a_partnership",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.partnership}: {self.number}"
