"""A record's trail in words."""

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import models

from commissioning.components import Happening
from commissioning.kernel.words import MISSING, day
from commissioning.models import AuditEvent
from commissioning.selectors.history import history_of

DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
# Deeds that read badly when their name is merely spelt out.
SAID: Mapping[str, str] = {
    "membership.given": "Role given",
    "membership.changed": "Role changed",
    "membership.ended": "Role ended",
    "person.invited_again": "Invitation sent again",
    "person.ended": "Access ended",
    "person.brought_back": "Access brought back",
    "api_key.made": "API key made",
    "api_key.revoked": "API key revoked",
    "reference.loaded": "Reference tables loaded",
}


def happenings(*subjects: models.Model) -> list[Happening]:
    """What happened to records the caller has reached through their own door."""
    return in_words(history_of(*subjects))


def in_words(deeds: Sequence[AuditEvent]) -> list[Happening]:
    """Deeds as the lines of a history."""
    return [
        Happening(
            what=SAID.get(deed.action) or spelt_out(deed.action),
            who=deed.doer,
            at=deed.at,
            why=deed.details.get("reason", ""),
            details=_lines(deed.details),
        )
        for deed in deeds
    ]


def spelt_out(action: str) -> str:
    """`organisation.renamed` as “Organisation renamed”."""
    return action.replace(".", " ").replace("_", " ").capitalize()


def _lines(details: Mapping[str, Any]) -> list[str]:
    return [
        f"{name.removesuffix('_on').replace('_', ' ').capitalize()}: {_value(value)}"
        for name, value in details.items()
        if name != "reason" and value not in (None, "", {}, [])
    ]


def _value(value: Any) -> str:
    match value:
        case None | "":
            return MISSING
        case dict():
            return "; ".join(
                f"{name.replace('_', ' ')} {_value(one)}" for name, one in value.items()
            )
        case [before, after]:
            return f"{_value(before)} → {_value(after)}"
        case list():
            return ", ".join(_value(one) for one in value)
        case str() if DAY.fullmatch(value):
            return day(dt.date.fromisoformat(value))
        case _:
            return str(value)
