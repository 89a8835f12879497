"""What happened to a record. The caller has reached the record through its own door."""

from collections.abc import Sequence

from django.db import models

from commissioning.models import AuditEvent

SHOWN = 100


def history_of(*subjects: models.Model) -> Sequence[AuditEvent]:
    """The newest deeds on a record, or on several together, a hundred at most."""
    return list(AuditEvent.objects.about(*subjects)[:SHOWN])


def doers_since(subject: models.Model, revision: int) -> list[str]:
    """Who changed a record after it was at a revision, where deeds name theirs; each once."""
    deeds = AuditEvent.objects.about(subject).filter(details__revision__gt=revision)
    return list(dict.fromkeys(deed.doer for deed in deeds[:SHOWN]))
