"""How a plan is agreed: frozen versions, comments, in-year amendments and the days it is due."""

from typing import Self

import pgtrigger
from django.db import models
from django.db.models import Q

from commissioning.choices import AmendmentState, PlanSection, PlanStep, VersionReason
from commissioning.models.lines import Line
from commissioning.models.organisations import Organisation
from commissioning.models.people import User
from commissioning.models.plans import Plan
from commissioning.scoping import Permitted


class PlanVersionQuerySet(Permitted["PlanVersion"]):
    """Versions of plans."""

    partnership_path = "plan__partnership"


class PlanVersion(models.Model):
    """A plan as it stood when it was submitted, agreed or varied. Never changed.

    `content` holds every part of it by name, pounds as text, so that two can be compared.
    """

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    reason = models.CharField(max_length=10, choices=VersionReason.choices)
    taken_at = models.DateTimeField(auto_now_add=True)
    taken_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    content = models.JSONField()

    objects = PlanVersionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["plan", "number"], name="version_has_a_number"),
            models.CheckConstraint(
                condition=Q(reason__in=VersionReason.values), name="version_reason_is_known"
            ),
        ]
        triggers = [pgtrigger.Protect(name="version_is_frozen", operation=pgtrigger.Update)]

    def __str__(self) -> str:
        return f"Version {self.number}"


class AmendmentQuerySet(Permitted["Amendment"]):
    """Amendments of plans."""

    partnership_path = "plan__partnership"


class Amendment(models.Model):
    """A change to an agreed plan in its year, with its reason. One at a time is in hand.

    While it is open the plan can be edited again; agreed, it becomes the plan's next version,
    otherwise the plan goes back to its last one.
    """

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="amendments")
    number = models.PositiveSmallIntegerField()
    reason = models.TextField()
    state = models.CharField(
        max_length=10, choices=AmendmentState.choices, default=AmendmentState.OPEN
    )
    opened_at = models.DateTimeField(auto_now_add=True)
    opened_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    decision = models.TextField(blank=True)

    objects = AmendmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["plan", "number"], name="amendment_has_a_number"),
            models.UniqueConstraint(
                fields=["plan"],
                condition=Q(state__in=[AmendmentState.OPEN, AmendmentState.SUBMITTED]),
                name="plan_has_one_amendment_in_hand",
            ),
            models.CheckConstraint(
                condition=Q(state__in=AmendmentState.values), name="amendment_state_is_known"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="amendment_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"Amendment {self.number} of {self.plan}"


class PlanCommentQuerySet(Permitted["PlanComment"]):
    """Comments on plans."""

    partnership_path = "plan__partnership"


class PlanComment(models.Model):
    """What a reviewer says of a plan, of a section or of a line; and how it was answered.

    A condition has to be answered before the plan can be agreed.
    """

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="comments")
    section = models.CharField(max_length=10, choices=PlanSection.choices)
    line = models.ForeignKey(Line, models.SET_NULL, null=True, blank=True, related_name="comments")
    line_number = models.PositiveIntegerField(null=True, blank=True)
    version = models.PositiveSmallIntegerField(null=True, blank=True)
    text = models.TextField()
    is_condition = models.BooleanField(default=False)
    made_at = models.DateTimeField(auto_now_add=True)
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    answer = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects = PlanCommentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(section__in=PlanSection.values), name="comment_section_is_known"
            ),
            models.CheckConstraint(condition=~Q(text=""), name="comment_says_something"),
        ]

    def __str__(self) -> str:
        return self.text


class DueDateQuerySet(Permitted["DueDate"]):
    """Days that regions, or the nation, set."""

    region_path = "organisation"

    def of_year(self, year: int) -> Self:
        return self.filter(year=year)


class DueDate(models.Model):
    """When the plans of a region's partnerships, or of England's, are due at a step."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="due_dates")
    year = models.PositiveSmallIntegerField()
    step = models.CharField(max_length=12, choices=PlanStep.choices)
    on = models.DateField()
    set_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    objects = DueDateQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "year", "step"], name="step_is_due_once_a_year"
            ),
            models.CheckConstraint(
                condition=Q(step__in=PlanStep.values), name="due_step_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.step} of {self.year} due {self.on}"
