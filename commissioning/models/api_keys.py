"""Keys with which a person's programs use the API. A key is never kept, only its digest."""

import datetime as dt
import hashlib
import secrets
from typing import Self

from django.db import models
from django.db.models import F, Q

from commissioning.choices import KeyState
from commissioning.models.people import User

LONGEST = dt.timedelta(days=365)
# Says to whoever finds a key, and to what looks for leaked ones, whose it is.
BEGINS = "tck_"


def new_key() -> str:
    """256 bits by chance, one word to whoever double-clicks it."""
    return BEGINS + secrets.token_hex(32)


def digest_of(key: str) -> str:
    """What is kept of a key. A key is chance, not a password: one round of SHA-256 is enough."""
    return hashlib.sha256(key.encode()).hexdigest()


class ApiKeyQuerySet(models.QuerySet["ApiKey"]):
    """Keys belong to a person, not to an organisation."""

    def in_force(self, now: dt.datetime) -> Self:
        return self.filter(revoked_at__isnull=True, expires_at__gt=now)


class ApiKey(models.Model):
    """A key that asks as its person, with their rights of the moment, until it ends."""

    person = models.ForeignKey(User, models.PROTECT, related_name="api_keys")
    name = models.CharField(max_length=80)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    objects = ApiKeyQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("made_at"), expires_at__lte=F("made_at") + LONGEST),
                name="api_key_lasts_a_year_at_most",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def state_at(self, now: dt.datetime) -> KeyState:
        if self.revoked_at is not None:
            return KeyState.REVOKED
        return KeyState.IN_FORCE if now < self.expires_at else KeyState.EXPIRED
