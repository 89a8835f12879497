"""What every change of the register begins and ends with."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from django.db import models

from commissioning.kernel.errors import DomainError
from commissioning.kernel.words import day
from commissioning.services.plans.editing import ChangedMeanwhile


class RegisterRefused(DomainError):
    """The register cannot be changed so."""


def require_seen(held: int, seen: int, what: str) -> None:
    """Raise `ChangedMeanwhile` unless the record is as the person saw it."""
    if held != seen:
        raise ChangedMeanwhile(
            f"Somebody saved this {what} after you opened it. What you typed is still here:"
            " compare it with the record as it stands now, and save again."
        )


def require_later(on: dt.date, *, than: dt.date, what: str) -> None:
    """Raise `RegisterRefused` unless the day is after the one on which it opened."""
    if on <= than:
        raise RegisterRefused(f"{what} opened on {day(than)}: give a later day.", field="on")


def take_over(row: models.Model, facts: Any) -> Mapping[str, list[str]]:
    """Set the row's fields to the facts' values; what changed, before and after."""
    changed: dict[str, list[str]] = {}
    for field in fields(facts):
        before, after = getattr(row, field.name, None), getattr(facts, field.name)
        if before != after:
            changed[field.name] = [_plain(before), _plain(after)]
            setattr(row, field.name, after)
    return changed


def _plain(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value))
    return "" if value is None else str(value)
