"""How a partnership judges its own commissioning (Models of Care 2.7.1)."""

from django.db import models
from django.db.models import Q

from commissioning.models.organisations import Partnership
from commissioning.models.people import User
from commissioning.models.planning import GridRow
from commissioning.scoping import Permitted

LOWEST, HIGHEST = 1, 4


class SelfAssessmentQuerySet(Permitted["SelfAssessment"]):
    """Self-assessments."""

    partnership_path = "partnership"


class SelfAssessment(models.Model):
    """A partnership's judgement of its commissioning in a financial year. Finished, it stays as it
    was on `finished_on` until it is opened again; without a person the service finished it.
    """

    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="self_assessments")
    year = models.PositiveSmallIntegerField()
    finished_on = models.DateField(null=True, blank=True)
    finished_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    revision = models.PositiveIntegerField(default=1)

    objects = SelfAssessmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["partnership", "year"], name="partnership_judges_itself_once_a_year"
            ),
            models.CheckConstraint(
                condition=Q(finished_by__isnull=True) | Q(finished_on__isnull=False),
                name="finished_judgement_says_since_when",
            ),
        ]

    def __str__(self) -> str:
        return f"Self-assessment of {self.partnership}, {self.year}"

    @property
    def is_finished(self) -> bool:
        return self.finished_on is not None


class CompetenceAnswerQuerySet(Permitted["CompetenceAnswer"]):
    """Answers under the heads."""

    partnership_path = "assessment__partnership"


class CompetenceAnswer(models.Model):
    """One head: how good (1 to 4), on what evidence, and what is to be done about it."""

    assessment = models.ForeignKey(SelfAssessment, models.CASCADE, related_name="answers")
    head = models.SlugField(max_length=40)
    rating = models.PositiveSmallIntegerField(null=True, blank=True)
    evidence = models.TextField(blank=True)
    action = models.TextField(blank=True)
    grid_row = models.ForeignKey(GridRow, models.SET_NULL, null=True, blank=True, related_name="+")

    objects = CompetenceAnswerQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["assessment", "head"], name="head_is_answered_once"),
            models.CheckConstraint(
                condition=Q(rating__isnull=True) | Q(rating__range=(LOWEST, HIGHEST)),
                name="rating_is_one_to_four",
            ),
        ]

    def __str__(self) -> str:
        return self.head
