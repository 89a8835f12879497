"""A row that breaks each promise of the providers' tables, a subject a module."""

import pkgutil
from collections.abc import Callable
from importlib import import_module


def of_every_subject() -> dict[str, Callable[[], object]]:
    """Promise → what breaks it, of every module beside this one."""
    found: dict[str, Callable[[], object]] = {}
    for module in pkgutil.iter_modules(__path__):
        found |= import_module(f"{__name__}.{module.name}").BREAKING
    return found
