"""What breaks each promise of the tables of plans, a subject a module: name → statement.

A module has `BREAKING`; `test_constraints` tries all of them and asks for every promise.
"""

import importlib
from collections.abc import Callable
from pathlib import Path


def of_every_subject() -> dict[str, Callable[[], object]]:
    modules = sorted(Path(__file__).parent.glob("[a-z]*.py"))
    return {
        name: statement
        for module in modules
        for name, statement in importlib.import_module(
            f"{__name__}.{module.stem}"
        ).BREAKING.items()
    }
