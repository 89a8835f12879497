"""A person's calendar, as an address that can be taken back."""

import secrets
from typing import Self

from django.db import models
from django.db.models import Q

from commissioning.models.people import User


def new_secret() -> str:
    """256 bits by chance, in letters an address may hold."""
    return secrets.token_urlsafe(32)


class CalendarFeedQuerySet(models.QuerySet["CalendarFeed"]):
    """Feeds belong to a person, not to an organisation."""

    def in_force(self) -> Self:
        return self.filter(revoked_at__isnull=True)


class CalendarFeed(models.Model):
    """The secret address of a person's dates. Only the digest of the secret is kept."""

    user = models.ForeignKey(User, models.CASCADE, related_name="calendar_feeds")
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = CalendarFeedQuerySet.as_manager()

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
