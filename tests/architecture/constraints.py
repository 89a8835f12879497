"""Every named promise of the database, and a statement that breaks it."""

from collections.abc import Callable

import pytest
from django.apps import apps
from django.db import DatabaseError, IntegrityError, transaction


def promises_of(app: str) -> set[str]:
    """The names of an app's constraints and triggers."""
    return {
        promise.name
        for model in apps.get_app_config(app).get_models()
        for promise in (*model._meta.constraints, *getattr(model._meta, "triggers", ()))
    }


def assert_broken(name: str, breaking: Callable[[], object]) -> None:
    """The statement is refused, and by the promise of that name."""
    with pytest.raises(DatabaseError) as refused, transaction.atomic():
        breaking()
    cause = refused.value.__cause__
    if isinstance(refused.value, IntegrityError):
        assert cause.diag.constraint_name == name
    else:  # a trigger raises with its own words
        assert "Cannot update" in str(cause) or "Cannot delete" in str(cause)
