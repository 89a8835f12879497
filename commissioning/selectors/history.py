"""What happened to a record. The caller has reached the record through its own door."""

from collections.abc import Sequence

from django.db import models

from commissioning.models import AuditEvent

SHOWN = 100


def history_of(subject: models.Model) -> Sequence[AuditEvent]:
    """The newest deeds on a record, a hundred at most."""
    return list(AuditEvent.objects.about(subject)[:SHOWN])
