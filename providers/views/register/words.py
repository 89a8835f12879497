"""A service in words: its hours, its wait, what it delivers."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from commissioning.components import Tone
from commissioning.kernel.words import MISSING, day
from commissioning.reference import framework
from commissioning.rule_settings import RuleSettings
from commissioning.rules.tiers import HoursCover, hours_cover
from providers.forms.register.services import WEEKDAYS, opening_hours
from providers.models import Service
from providers.rules.hours import written_hours

NO_HOURS = "Hours not stated"
DAY_AND_NIGHT = "Open day and night"


@dataclass(frozen=True)
class Hours:
    """When a service opens: the sentence, whether that is a gap, and the week."""

    sentence: str
    tone: Tone
    week: Sequence[tuple[str, str]]

    @property
    def is_gap(self) -> bool:
        return self.tone == "watch"


def hours_of(service: Service, rules: RuleSettings) -> Hours:
    """Office hours only is a gap that Models of Care 2006 (3.2.2) wants closed."""
    if service.open_all_hours:
        return Hours(DAY_AND_NIGHT, "good", [])
    openings = opening_hours(service)
    if not openings:
        return Hours(NO_HOURS, "watch", [])
    cover = hours_cover(openings, evening_from=dt.time(rules.evening_from_hour))
    week = [
        (word, written_hours([one for one in openings if one.weekday == number]) or "Closed")
        for number, word in enumerate(WEEKDAYS)
    ]
    return Hours(cover.sentence, "watch" if cover.office_hours_only else "good", week)


def cover_words(*, evenings: bool, weekends: bool) -> str:
    return HoursCover(evenings=evenings, weekends=weekends).sentence


def wait_of(service: Service, *, on: dt.date, rules: RuleSettings) -> str:
    """The provider's own estimate with its day, and whether that is long ago."""
    if service.waiting_days is None or service.waiting_stated_on is None:
        return "Not stated"
    days = f"{service.waiting_days} {'day' if service.waiting_days == 1 else 'days'}"
    said = f"{days}, estimated on {day(service.waiting_stated_on)}"
    old = (on - service.waiting_stated_on).days > rules.waiting_estimate_days
    return f"{said}: out of date" if old else said


def setting_words(code: str) -> str:
    names = {one.code: one.name for one in framework().settings}
    return names.get(code, code)


def delivers_words(delivers: Iterable[Any]) -> str:
    """What a service delivers with its tiers: Needle exchange (2), Day programme (3)."""
    return ", ".join(f"{one['name']} ({one['tier']})" for one in delivers) or MISSING


def ages_words(service: Service) -> str:
    if service.age_to is None:
        return f"{service.age_from} and over"
    return f"{service.age_from} to {service.age_to}"


def groups_words(service: Service) -> list[str]:
    names = {one.code: one.name for one in framework().client_groups}
    return [names.get(code, code) for code in service.client_groups]


def takes_words(service: Service) -> list[str]:
    """Whom it takes beyond sex, age and groups."""
    said = {
        "Parents with children": service.takes_children,
        "Couples": service.takes_couples,
        "People from criminal justice": service.takes_justice_clients,
        "People in wheelchairs": service.is_accessible,
    }
    return [words for words, holds in said.items() if holds]


def standing_of(service: Service, on: dt.date) -> tuple[str, Tone]:
    if service.closed_on is not None and service.closed_on <= on:
        return "Closed", "plain"
    if service.opened_on > on:
        return "To open", "info"
    return "Open", "good"
