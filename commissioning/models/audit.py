"""Who changed what, when and why: append-only, for investigation. No feature reads it."""

from typing import Self

import pgtrigger
from django.db import models
from django.db.models import Q

from commissioning.models.organisations import Organisation
from commissioning.models.people import User


class AuditEventQuerySet(models.QuerySet["AuditEvent"]):
    """The trail."""

    def about(self, *subjects: models.Model) -> Self:
        """What happened to the records, newest first. The caller has reached each of them."""
        named = Q(pk__in=[])
        for subject in subjects:
            named |= Q(subject_type=subject._meta.label_lower, subject_key=str(subject.pk))
        return self.filter(named).select_related("person").order_by("-pk")


class AuditEvent(models.Model):
    """One deed: who did what to which record, with what changed."""

    at = models.DateTimeField(auto_now_add=True)
    person = models.ForeignKey(User, models.PROTECT, null=True, related_name="deeds")
    system = models.CharField(max_length=60, blank=True)
    action = models.CharField(max_length=60)
    subject_type = models.CharField(max_length=60)
    subject_key = models.CharField(max_length=60)
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    details = models.JSONField(default=dict)

    objects = AuditEventQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(person__isnull=False, system="")
                | (Q(person__isnull=True) & ~Q(system="")),
                name="deed_has_one_doer",
            ),
        ]
        indexes = [
            models.Index(fields=["subject_type", "subject_key"], name="deeds_by_subject"),
        ]
        triggers = [
            pgtrigger.Protect(
                name="trail_is_append_only", operation=pgtrigger.Update | pgtrigger.Delete
            )
        ]

    def __str__(self) -> str:
        return f"{self.action} by {self.doer}"

    @property
    def doer(self) -> str:
        return str(self.person) if self.person else self.system
