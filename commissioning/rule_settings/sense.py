"""What the settings of one rule set must say together."""

from itertools import combinations
from typing import TYPE_CHECKING

from commissioning.rule_settings.kinds import YearSpan

if TYPE_CHECKING:
    from commissioning.rule_settings.definition import RuleSettings

Problem = tuple[str, str]


def contradictions(rules: "RuleSettings") -> list[Problem]:
    """Every setting that disagrees with another, with a sentence. None: they make sense."""
    return [
        *_order(rules),
        *_inside(rules),
        *_apart(rules),
        *_spans(rules),
    ]


def _order(rules: "RuleSettings") -> list[Problem]:
    """One number has to be beyond another."""
    found = []
    if rules.long_wait_days <= rules.wait_target_days:
        found.append(("long_wait_days", "A long wait has to be longer than the target."))
    if rules.exit_final_days < rules.journey_join_days:
        found.append(
            ("exit_final_days", "An exit cannot be final while another episode could still join.")
        )
    if rules.funnel_outer_percent <= rules.confidence_percent:
        found.append(
            ("funnel_outer_percent", "The outer limits have to be surer than the inner ones.")
        )
    if 2 * rules.hide_to < rules.round_to - 1:
        found.append(("hide_to", "Hide more, or round less: a count of people would show as 0."))
    if rules.board_reminder_hours >= rules.board_unknown_hours:
        found.append(
            ("board_reminder_hours", "A reminder has to come after the board was last stated.")
        )
    return found


def _inside(rules: "RuleSettings") -> list[Problem]:
    """Tier 4 is part of structured treatment."""
    return [
        ("tier4_modal_codes", f"{code} is not a structured intervention.")
        for code in rules.tier4_modal_codes
        if code not in rules.structured_modal_codes
    ]


def _apart(rules: "RuleSettings") -> list[Problem]:
    """A reason for discharge counts as one thing only."""
    pairs = [
        ("left_out_exit_codes", "planned_exit_codes_2006"),
        ("left_out_exit_codes", "planned_exit_codes_2009"),
        ("left_out_exit_codes", "transfer_exit_codes_2009"),
        ("transfer_exit_codes_2009", "planned_exit_codes_2009"),
    ]
    return [
        (name, f"{code} counts as something else by the same rules.")
        for name, other in pairs
        for code in getattr(rules, name)
        if code in getattr(rules, other)
    ]


def _spans(rules: "RuleSettings") -> list[Problem]:
    """A financial year has one headline rule."""
    families = [
        [
            "retention_episode_triage_years",
            "retention_new_clients_years",
            "effective_treatment_years",
        ],
        ["planned_rules_2006_years", "planned_rules_2009_years"],
    ]
    return [
        (later, "These years overlap those of another rule: a year has one headline rule.")
        for family in families
        for earlier, later in combinations(family, 2)
        if _overlap(getattr(rules, earlier), getattr(rules, later))
    ]


def _overlap(one: YearSpan, other: YearSpan) -> bool:
    return one.includes(other.first) or other.includes(one.first)
