"""Rule sets: every setting of every definition, as immutable dated snapshots."""

import datetime as dt
from functools import cached_property
from typing import Any, Self

import pgtrigger
from django.db import models
from django.db.models import Q

from commissioning.models.people import User
from commissioning.rule_settings import RuleSettings


class RuleSetQuerySet(models.QuerySet["RuleSet"]):
    """Published snapshots. For a day, the last published of those that hold on it is in force."""

    def in_force_on(self, day: dt.date) -> "RuleSet":
        """Raises `RuleSet.DoesNotExist` when no rule set reaches back to the day."""
        return self.holding_on(day).latest("published_at", "pk")

    def holding_on(self, day: dt.date) -> Self:
        return self.filter(valid_from__lte=day)


class RuleSet(models.Model):
    """A snapshot of every setting, valid from a day until a later one takes over.

    Results name the rule set they were measured by; a snapshot is never changed or deleted.
    """

    code = models.CharField(max_length=20, unique=True)
    valid_from = models.DateField()
    settings = models.JSONField()
    reason = models.TextField()
    published_at = models.DateTimeField(auto_now_add=True)
    published_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True)

    objects = RuleSetQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="rule_set_says_why"),
        ]
        triggers = [
            pgtrigger.Protect(
                name="rule_set_is_immutable", operation=pgtrigger.Update | pgtrigger.Delete
            )
        ]

    def __str__(self) -> str:
        return self.code

    def read(self) -> RuleSettings:
        """The settings, typed. Read once: a snapshot never changes."""
        return self._read

    @cached_property
    def _read(self) -> RuleSettings:
        held: dict[str, Any] = self.settings
        return RuleSettings.from_json(held)
