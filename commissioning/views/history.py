"""A record's trail in words."""

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db import models
from django.template.defaultfilters import filesizeformat

from commissioning.components import Happening
from commissioning.kernel.periods import Period
from commissioning.kernel.words import MISSING, day, pounds
from commissioning.models import AuditEvent
from commissioning.selectors.history import history_of

DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])", re.ASCII)
AMOUNT = re.compile(r"-?\d+(\.\d+)?", re.ASCII)
# Details that are pounds, whichever deed they are of; `money` is pounds by stream.
POUNDS = frozenset(
    ("amount", "ceiling", "cost", "money", "plain_sum", "price", "spend", "unit_cost")
)
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
        f"{_name(name).capitalize()}: {_value(value, name)}"
        for name, value in details.items()
        if name != "reason" and value not in (None, "", {}, [])
    ]


def _name(name: str) -> str:
    return "size" if name == "bytes" else name.removesuffix("_on").replace("_", " ")


def _value(value: Any, name: str) -> str:
    """A detail in words, by what it is called: pounds, a size, or what it looks like."""
    match value:
        case None | "":
            return MISSING
        case dict():
            inner = {one: name if name in POUNDS else one for one in value}
            return "; ".join(
                f"{one.replace('_', ' ')} {_value(held, inner[one])}"
                for one, held in value.items()
            )
        case [before, after]:
            return f"{_value(before, name)} → {_value(after, name)}"
        case list():
            return ", ".join(_value(one, name) for one in value)
        case _:
            return _plain(str(value), name)


def _plain(text: str, name: str) -> str:
    if name in POUNDS and AMOUNT.fullmatch(text):
        return pounds(Decimal(text))
    if name == "bytes":
        return filesizeformat(text)
    if DAY.fullmatch(text):
        return day(dt.date.fromisoformat(text))
    if MONTH.fullmatch(text):
        return Period.parse(text).label
    return text
