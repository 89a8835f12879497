"""When figures were measured again, and how each cell's totals moved when they last did."""

from django.db import models
from django.db.models import Q

from commissioning.models import RuleSet
from reporting.choices import AreaKind, Grain, RefreshKind


class Refresh(models.Model):
    """One run that measured: everything, what a return touched, or the wider areas after it."""

    kind = models.CharField(max_length=10, choices=RefreshKind.choices)
    cause = models.CharField(max_length=120, help_text="The event it followed, in words.")
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField()
    cut_off = models.DateField(help_text="The latest cut-off of the returns then loaded.")
    cells_changed = models.PositiveIntegerField(default=0)
    cells_removed = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name_plural = "refreshes"
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=RefreshKind.values), name="refresh_kind_is_known"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__gte=models.F("began_at")), name="refresh_ends_once_begun"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.began_at:%d %B %Y %H:%M}"


class MeasuredArea(models.Model):
    """When an area was last measured: what came in since then is new to its figures."""

    area_kind = models.CharField(max_length=11, choices=AreaKind.choices)
    area_code = models.CharField(max_length=20)
    refresh = models.ForeignKey(Refresh, models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["area_kind", "area_code"], name="area_was_last_measured_once"
            ),
            models.CheckConstraint(
                condition=Q(area_kind__in=AreaKind.values), name="measured_area_kind_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.area_kind} {self.area_code}"


class CountedIn(models.Model):
    """The region a partnership was last counted in for a period, to see boundary changes by."""

    grain = models.CharField(max_length=7, choices=Grain.choices)
    start = models.DateField()
    area_code = models.CharField("partnership", max_length=20)
    region_code = models.CharField(max_length=20)

    class Meta:
        verbose_name_plural = "counted in"
        constraints = [
            models.UniqueConstraint(
                fields=["start", "grain", "area_code"],
                name="partnership_is_counted_in_one_region",
            ),
            models.CheckConstraint(
                condition=Q(grain__in=Grain.values), name="counted_in_grain_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.area_code} in {self.region_code}, {self.grain} from {self.start}"


class Movement(models.Model):
    """The last time a cell's totals changed: what they were, are, and what made the difference.

    Each of these holds counts of the family by name: `before` and `now`; `new`, the part of `now`
    that could not be known before; `as_if`, today's records by the previous rule set where it was
    another; `boundaries`, what partnerships that came or went had counted. The rest of the
    difference is late or corrected records.
    """

    family = models.CharField(max_length=12)
    area_kind = models.CharField(max_length=11, choices=AreaKind.choices)
    area_code = models.CharField(max_length=20)
    grain = models.CharField(max_length=7, choices=Grain.choices)
    start = models.DateField()
    refresh = models.ForeignKey(Refresh, models.CASCADE, related_name="movements")
    previous_refresh = models.ForeignKey(Refresh, models.SET_NULL, null=True, related_name="+")
    rule_set = models.ForeignKey(RuleSet, models.PROTECT, related_name="+")
    previous_rule_set = models.ForeignKey(RuleSet, models.PROTECT, related_name="+")
    before = models.JSONField(default=dict)
    now = models.JSONField(default=dict)
    new = models.JSONField(default=dict, help_text="Of days after the agency's last cut-off.")
    as_if = models.JSONField(null=True, help_text="Today's records by the previous rule set.")
    boundaries = models.JSONField(default=dict, help_text="Partnerships that came or went.")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["family", "area_kind", "area_code", "grain", "start"],
                name="cell_moved_last_once",
            ),
            models.CheckConstraint(
                condition=Q(area_kind__in=AreaKind.values) & Q(grain__in=Grain.values),
                name="movement_names_a_kind_of_area_and_of_period",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.family} of {self.area_code}, {self.grain} {self.start}"
