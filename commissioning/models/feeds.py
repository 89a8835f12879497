"""A person's calendar, as an address that can be taken back."""

from django.db import models
from django.db.models import Q

from commissioning.models.people import User


class CalendarFeed(models.Model):
    """The secret address of a person's dates. Only a hash of the secret is kept."""

    user = models.ForeignKey(User, models.CASCADE, related_name="calendar_feeds")
    secret_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user"],
                condition=Q(revoked_at__isnull=True),
                name="person_has_one_calendar_address",
            ),
        ]

    def __str__(self) -> str:
        return f"Calendar of {self.user}"
