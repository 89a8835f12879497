"""Recording deeds. Every service that changes something calls `record` in its transaction."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import models, transaction

from commissioning.models import AuditEvent, Organisation, User
from commissioning.scoping import Actor


def record(
    action: str,
    subject: models.Model,
    /,
    *,
    by: Actor,
    organisation: Organisation | None = None,
    **details: Any,
) -> None:
    """Write who did what to which record. Raises outside a transaction: the deed must share it."""
    record_each(action, [(subject, details)], by=by, organisation=organisation)


def record_each(
    action: str,
    subjects: Iterable[tuple[models.Model, Mapping[str, Any]]],
    /,
    *,
    by: Actor,
    organisation: Organisation | None = None,
) -> None:
    """The same deed on many records, each with its own details, in one statement."""
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("A deed is recorded in its own transaction.")
    AuditEvent.objects.bulk_create(
        _deed(action, subject, details, by, organisation) for subject, details in subjects
    )


def _deed(
    action: str,
    subject: models.Model,
    details: Mapping[str, Any],
    by: Actor,
    organisation: Organisation | None,
) -> AuditEvent:
    return AuditEvent(
        person=by if isinstance(by, User) else None,
        system="" if isinstance(by, User) else str(by),
        action=action,
        subject_type=subject._meta.label_lower,
        subject_key=str(subject.pk),
        organisation=organisation,
        details=dict(details),
    )
