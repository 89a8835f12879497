"""Every named promise of the database, and a statement that breaks it."""

import pkgutil
from collections.abc import Callable
from importlib import import_module
from types import ModuleType

import pgtrigger
import pytest
from django.apps import apps
from django.db import DatabaseError, transaction
from django.db.models import Model


def promises_of(app: str) -> set[str]:
    """The names of an app's constraints, and of the triggers that refuse something."""
    return {
        promise.name
        for model in apps.get_app_config(app).get_models()
        for promise in (*model._meta.constraints, *getattr(model._meta, "triggers", ()))
        if _refuses(promise)
    }


def _refuses(promise: object) -> bool:
    refusing = pgtrigger.Protect | pgtrigger.FSM
    if not isinstance(promise, pgtrigger.Trigger) or isinstance(promise, refusing):
        return True
    return "RAISE" in str(promise.func)


def of_every_subject(package: ModuleType) -> dict[str, Callable[[], object]]:
    """Promise → what breaks it: the `BREAKING` of every module of a package."""
    found: dict[str, Callable[[], object]] = {}
    for module in pkgutil.iter_modules(package.__path__):
        found |= import_module(f"{package.__name__}.{module.name}").BREAKING
    return found


def assert_broken(name: str, breaking: Callable[[], object]) -> None:
    """The statement is refused, and by the promise of that name."""
    with pytest.raises(DatabaseError) as refused, transaction.atomic():
        breaking()
    said = refused.value.__cause__.diag
    if said.constraint_name is None:  # a trigger raises from a function named after it
        assert f"pgtrigger_{name}_" in (said.context or ""), refused.value
    else:
        assert said.constraint_name == name


def again(row: Model, **other: object) -> None:
    """Write the same row a second time, but for what is other in it."""
    row.pk = None
    for name, value in other.items():
        setattr(row, name, value)
    row.save(force_insert=True)
