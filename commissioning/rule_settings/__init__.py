"""The rule set: every setting of a definition, in one typed value.

`RuleSettings` is what checks, journeys and indicators measure by; each of its fields says what
it means, in which unit, where it was read and how sure that is. Pure: no Django, no clock.
"""

from commissioning.rule_settings.definition import (
    DEFAULTS,
    InvalidRuleSettings,
    RuleSettings,
    SettingChange,
    changes,
    setting_of,
    settings_by_group,
)
from commissioning.rule_settings.kinds import (
    Choice,
    Codes,
    Day,
    Number,
    Setting,
    Unreadable,
    Whole,
    Years,
    YearSpan,
)
from commissioning.rule_settings.values import (
    EXACT,
    PriorityGroup,
    RetentionRule,
    SuppressionRule,
)

__all__ = [
    "DEFAULTS",
    "EXACT",
    "Choice",
    "Codes",
    "Day",
    "InvalidRuleSettings",
    "Number",
    "PriorityGroup",
    "RetentionRule",
    "RuleSettings",
    "Setting",
    "SettingChange",
    "SuppressionRule",
    "Unreadable",
    "Whole",
    "YearSpan",
    "Years",
    "changes",
    "setting_of",
    "settings_by_group",
]
