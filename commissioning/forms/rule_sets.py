"""A new rule set, written setting by setting: the fields are made from the settings themselves."""

import datetime as dt
from typing import Any

from django import forms

from commissioning.forms.base import SayingForm
from commissioning.forms.saying import DayField
from commissioning.reference.framework import MARKS
from commissioning.rule_settings import (
    Choice,
    InvalidRuleSettings,
    RuleSettings,
    Setting,
    settings_by_group,
)

LONG = 60  # values longer than this get a wider box


class RuleSetForm(SayingForm):
    """Every setting, the day the rules hold from, and why they change."""

    valid_from = DayField(
        label="Valid from", help_text="Periods that end on or after this day are measured by it."
    )
    reason = forms.CharField(
        label="Why the rules change",
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
        help_text="Shown wherever these rules are named.",
    )

    def __init__(self, *args: Any, start: RuleSettings, on: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["valid_from"].initial = on
        for settings in settings_by_group().values():
            for name, setting in settings.items():
                self.fields[name] = _field(setting, setting.write(getattr(start, name)))

    def groups(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The settings' fields under their headings."""
        return [
            (heading, [self[name] for name in settings])
            for heading, settings in settings_by_group().items()
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        names = [name for settings in settings_by_group().values() for name in settings]
        try:
            cleaned["settings"] = RuleSettings.from_form(
                {name: cleaned.get(name, "") for name in names}
            )
        except InvalidRuleSettings as invalid:
            for name, sentence in invalid.problems:
                self.add_error(name if name in self.fields else None, sentence)
        return cleaned


def _field(setting: Setting[Any], initial: str) -> forms.Field:
    unit = f" In {setting.unit}." if setting.unit else ""
    words: dict[str, Any] = {
        "label": setting.label,
        "help_text": f"{setting.help}{unit} {MARKS[setting.mark]}: {setting.source}.",
        "initial": initial,
        "required": False,  # the settings say themselves what may be empty
    }
    if isinstance(setting, Choice):
        return forms.ChoiceField(choices=list(setting.options.items()), **words)
    return forms.CharField(max_length=400, **words)
