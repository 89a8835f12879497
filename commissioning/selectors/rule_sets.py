"""Rule sets in words: what holds when, what each says, and what it changed."""

import datetime as dt
from dataclasses import dataclass

from commissioning.models import RuleSet
from commissioning.reference.framework import MARKS
from commissioning.rule_settings import (
    DEFAULTS,
    RuleSettings,
    SettingChange,
    changes,
    settings_by_group,
)


@dataclass(frozen=True)
class Line:
    """One setting of one rule set."""

    name: str
    label: str
    value: str
    unit: str
    help: str
    source: str
    mark: str
    mark_in_words: str


@dataclass(frozen=True)
class Group:
    """The settings under one heading."""

    heading: str
    lines: tuple[Line, ...]


def rule_sets() -> list[RuleSet]:
    """Every rule set with who published it, the last published first."""
    return list(RuleSet.objects.select_related("published_by").order_by("-published_at", "-pk"))


def in_force_on(day: dt.date) -> RuleSet | None:
    return RuleSet.objects.holding_on(day).order_by("-published_at", "-pk").first()


def settings_in_force(*, on: dt.date) -> RuleSettings:
    """The settings in force on the day; those of 2006 where no rule set reaches back to it."""
    found = in_force_on(on)
    return found.read() if found else DEFAULTS


def rule_set(code: str) -> RuleSet | None:
    return RuleSet.objects.select_related("published_by").filter(code=code).first()


def settings_in_words(shown: RuleSet) -> list[Group]:
    """Every setting with its value, unit, mark and source, heading by heading."""
    read = shown.read()
    return [
        Group(
            heading=heading,
            lines=tuple(
                Line(
                    name=name,
                    label=setting.label,
                    value=setting.write(getattr(read, name)) or "None",
                    unit=setting.unit,
                    help=setting.help,
                    source=setting.source,
                    mark=setting.mark,
                    mark_in_words=MARKS[setting.mark],
                )
                for name, setting in settings.items()
            ),
        )
        for heading, settings in settings_by_group().items()
    ]


def the_one_before(shown: RuleSet) -> RuleSet | None:
    """The rule set that held on the first day of this one when it was published."""
    return (
        RuleSet.objects.holding_on(shown.valid_from)
        .filter(pk__lt=shown.pk)
        .order_by("-published_at", "-pk")
        .first()
    )


def what_it_changed(shown: RuleSet) -> list[SettingChange]:
    before = the_one_before(shown)
    return [] if before is None else changes(before.read(), shown.read())
