"""The rule set as one frozen value: its parts put together, kept as JSON and held to sense.

The administrator's form, the definition pages and the JSON a rule set is kept as are all made
from the declarations of the parts. Marks: R read in a source, B background and so an assumption,
I inferred.
"""

import functools
import typing
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from typing import Any, Self

from commissioning.kernel.errors import DomainError
from commissioning.kernel.words import length_in_words
from commissioning.rule_settings.activity import ActivitySettings
from commissioning.rule_settings.breakdowns import BreakdownSettings
from commissioning.rule_settings.care import CareSettings
from commissioning.rule_settings.figures import FigureSettings
from commissioning.rule_settings.journeys import JourneySettings
from commissioning.rule_settings.kinds import Setting, Unreadable
from commissioning.rule_settings.market import MarketSettings
from commissioning.rule_settings.plans import PlanSettings
from commissioning.rule_settings.population import PopulationSettings
from commissioning.rule_settings.register import RegisterSettings
from commissioning.rule_settings.retention import RetentionSettings
from commissioning.rule_settings.returns import ReturnSettings
from commissioning.rule_settings.sense import contradictions
from commissioning.rule_settings.waits import WaitSettings

Problem = tuple[str, str]


class InvalidRuleSettings(DomainError):
    """The settings cannot be a rule set; `problems` names each field with a sentence."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        super().__init__(" ".join(f"{field}: {sentence}" for field, sentence in problems))


@dataclass(frozen=True, kw_only=True)
class RuleSettings(
    ActivitySettings,
    MarketSettings,
    RegisterSettings,
    PlanSettings,
    BreakdownSettings,
    FigureSettings,
    ReturnSettings,
    CareSettings,
    RetentionSettings,
    JourneySettings,
    WaitSettings,
    PopulationSettings,
):
    """One rule set. The defaults are those of 2006."""

    def length_in_words(self, name: str) -> str:
        """A setting in days as a sentence has it: twelve weeks; or the days, if no whole weeks."""
        return length_in_words(getattr(self, name), days_per_week=self.days_per_week)

    def to_json(self) -> dict[str, Any]:
        """The settings as a JSON object; `from_json` gives back an equal value."""
        return {
            name: setting.to_plain(getattr(self, name)) for name, setting in _declared().items()
        }

    @classmethod
    def from_json(cls, held: Mapping[str, Any]) -> Self:
        """The settings a JSON object holds. Raises `InvalidRuleSettings` naming every problem.

        A setting that the object does not name was added since it was written, and has the
        default it was added with: that is what was measured by until then.
        """
        complete = {**DEFAULTS.to_json(), **held}
        return cls._from(complete, lambda setting, raw: setting.from_plain(raw))

    @classmethod
    def from_form(cls, written: Mapping[str, str]) -> Self:
        """The settings as a person wrote them, all of them; raises as `from_json` does."""
        return cls._from(written, lambda setting, text: setting.read(text))

    @classmethod
    def _from(cls, given: Mapping[str, Any], read: Callable[[Setting[Any], Any], Any]) -> Self:
        problems = [
            (name, "There is no such setting.") for name in given if name not in _declared()
        ]
        values: dict[str, Any] = {}
        for name, setting in _declared().items():
            if name not in given:
                problems.append((name, "This setting is missing."))
                continue
            try:
                values[name] = read(setting, given[name])
            except Unreadable as error:
                problems.append((name, str(error)))
        if not problems:
            made = cls(**values)
            problems = contradictions(made)
        if problems:
            raise InvalidRuleSettings(problems)
        return made


@functools.cache
def _declared() -> Mapping[str, Setting[Any]]:
    """Each field's declaration, in the order people are shown them."""
    hints = typing.get_type_hints(RuleSettings, include_extras=True)
    return {field.name: hints[field.name].__metadata__[0] for field in fields(RuleSettings)}


def setting_of(name: str) -> Setting[Any]:
    """What a person is told of a setting, and what it takes. `KeyError` when there is none."""
    return _declared()[name]


def settings_by_group() -> dict[str, dict[str, Setting[Any]]]:
    """Every setting under the heading it belongs to, in order: what a form or page is made of."""
    groups: dict[str, dict[str, Setting[Any]]] = {}
    for name, setting in _declared().items():
        groups.setdefault(setting.group, {})[name] = setting
    return groups


@dataclass(frozen=True)
class SettingChange:
    """A setting that differs between two rule sets, both values as a person would write them."""

    name: str
    setting: Setting[Any]
    before: str
    after: str


def changes(before: RuleSettings, after: RuleSettings) -> list[SettingChange]:
    """The settings in which two rule sets differ, in order."""
    return [
        SettingChange(
            name,
            setting,
            setting.write(getattr(before, name)),
            setting.write(getattr(after, name)),
        )
        for name, setting in _declared().items()
        if getattr(before, name) != getattr(after, name)
    ]


DEFAULTS = RuleSettings()
