"""What a plan says beside its lines: priorities, targets, the planning grids and coverage."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from commissioning.choices import CoverageState, MilestoneStatus, PlanningGrid, TargetSource
from commissioning.models.framework import FrameworkItem
from commissioning.models.plans import Plan
from commissioning.rules.trajectories import is_passed
from commissioning.scoping import Permitted


class PriorityQuerySet(Permitted["Priority"]):
    """Priorities of plans."""

    partnership_path = "plan__partnership"


class Priority(models.Model):
    """A key priority of the year, from the needs assessment."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="priorities")
    number = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=300)
    need = models.TextField(blank=True)

    objects = PriorityQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["plan", "number"], name="priority_has_a_number"),
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.text}"


class TargetQuerySet(Permitted["Target"]):
    """Targets of plans."""

    partnership_path = "plan__partnership"


class Target(models.Model):
    """An indicator's baseline, target and quarterly trajectory.

    Shares are between 0 and 1, waits in weeks, people as they are counted. The trajectory holds
    the value meant at the end of each quarter.
    """

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="targets")
    indicator = models.SlugField(max_length=60)
    source = models.CharField(max_length=15, choices=TargetSource.choices)
    baseline = models.DecimalField(max_digits=12, decimal_places=4, null=True, blank=True)
    baseline_source = models.CharField(max_length=200, blank=True)
    target = models.DecimalField(max_digits=12, decimal_places=4, null=True, blank=True)
    trajectory = ArrayField(
        models.DecimalField(max_digits=12, decimal_places=4, null=True), size=4, default=list,
        blank=True,
    )  # fmt: skip
    agreed_with = models.CharField(max_length=200, blank=True)

    objects = TargetQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "indicator", "source"], name="target_is_set_once_an_indicator"
            ),
            models.CheckConstraint(
                condition=Q(source__in=TargetSource.values), name="target_source_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator} of {self.plan}"

    @property
    def is_passed(self) -> bool:
        """Whether the baseline is beyond the target."""
        return is_passed(baseline=self.baseline, target=self.target)


class GridRowQuerySet(Permitted["GridRow"]):
    """Rows of planning grids."""

    partnership_path = "plan__partnership"


class GridRow(models.Model):
    """A row of a planning grid: an action and its milestone, by when, by whom."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="grid_rows")
    grid = models.CharField(max_length=15, choices=PlanningGrid.choices)
    number = models.PositiveSmallIntegerField()
    priority = models.ForeignKey(
        Priority, models.SET_NULL, null=True, blank=True, related_name="grid_rows"
    )
    objective = models.CharField(max_length=300)
    action = models.TextField()
    by_when = models.DateField()
    by_whom = models.CharField(max_length=160)
    status = models.CharField(
        max_length=12, choices=MilestoneStatus.choices, default=MilestoneStatus.NOT_STARTED
    )
    status_note = models.CharField(max_length=300, blank=True)

    objects = GridRowQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "grid", "number"], name="grid_row_has_a_number"
            ),
            models.CheckConstraint(
                condition=Q(grid__in=PlanningGrid.values), name="grid_is_known"
            ),
            models.CheckConstraint(
                condition=Q(status__in=MilestoneStatus.values), name="milestone_status_is_known"
            ),
        ]

    def __str__(self) -> str:
        return self.action


class CoverageQuerySet(Permitted["Coverage"]):
    """What plans state of the framework's items."""

    partnership_path = "plan__partnership"


class Coverage(models.Model):
    """How an item of the framework is commissioned: have, weak or missing, and by whom.

    Harm reduction also says whether it is there before, during and after structured treatment.
    """

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="coverage")
    item = models.ForeignKey(FrameworkItem, models.PROTECT, related_name="+")
    state = models.CharField(max_length=8, choices=CoverageState.choices)
    by_whom = models.CharField(max_length=200, blank=True)
    before_treatment = models.BooleanField(default=False)
    during_treatment = models.BooleanField(default=False)
    after_treatment = models.BooleanField(default=False)
    reason = models.TextField(blank=True)

    objects = CoverageQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "item"], name="coverage_is_stated_once_an_item"
            ),
            models.CheckConstraint(
                condition=Q(state__in=CoverageState.values), name="coverage_state_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item}: {self.get_state_display().lower()}"
