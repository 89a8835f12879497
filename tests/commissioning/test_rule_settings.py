"""The rule set: its defaults, how it is kept and written, and what it refuses."""

import datetime as dt
import json
from dataclasses import FrozenInstanceError, fields, replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commissioning.reference import codes, discharge_reasons
from commissioning.rule_settings import (
    DEFAULTS,
    Choice,
    Codes,
    Day,
    InvalidRuleSettings,
    Number,
    RetentionRule,
    RuleSettings,
    SuppressionRule,
    Unreadable,
    Whole,
    Years,
    YearSpan,
    changes,
    setting_of,
    settings_by_group,
)

NAMES = [field.name for field in fields(RuleSettings)]


class TestDefaults:
    def test_are_those_of_2006(self):
        assert DEFAULTS.wait_target_days == 21
        assert DEFAULTS.wait_target_percent == 85
        assert DEFAULTS.long_wait_days == 42
        assert DEFAULTS.journey_join_days == DEFAULTS.exit_final_days == 20
        assert DEFAULTS.retention_days == 84
        assert DEFAULTS.adult_age == 18
        assert DEFAULTS.structured_modals == (1, 2, 3, 4, 5, 6, 12)
        assert DEFAULTS.tier4_modals == (1, 6)
        assert DEFAULTS.criminal_justice_referral_codes == ("5", "6", "8", "13")
        assert DEFAULTS.alcohol_main_drug_codes == ("7000",)
        assert DEFAULTS.earliest_birth_year == 1903

    def test_priority_groups_have_a_fortnight_which_is_an_assumption(self):
        for group in ("pregnant", "criminal_justice", "stimulant"):
            assert getattr(DEFAULTS, f"{group}_target_days") == 14
            assert setting_of(f"{group}_target_days").mark == "B"

    @pytest.mark.parametrize(
        ("year", "rule"),
        [
            (2002, None),
            (2003, RetentionRule.EPISODE_TRIAGE),
            (2004, RetentionRule.EPISODE_TRIAGE),
            (2005, RetentionRule.NEW_CLIENTS),
            (2007, RetentionRule.NEW_CLIENTS),
            (2008, RetentionRule.EFFECTIVE_TREATMENT),
            (2015, RetentionRule.EFFECTIVE_TREATMENT),
        ],
    )
    def test_each_year_has_its_headline_retention_rule(self, year, rule):
        assert DEFAULTS.headline_retention(year) is rule

    def test_planned_exits_are_those_of_the_published_table(self):
        reasons = discharge_reasons()

        assert DEFAULTS.planned_exit_codes_2006 == tuple(
            r.code for r in reasons if r.rules_2006 == "planned"
        )
        assert DEFAULTS.planned_exit_codes_2009 == tuple(
            r.code for r in reasons if r.rules_2009 == "planned"
        )
        assert DEFAULTS.transfer_exit_codes_2009 == tuple(
            r.code for r in reasons if r.rules_2009 == "transfer"
        )
        assert DEFAULTS.left_out_exit_codes == ("13",)

    def test_stimulants_are_cocaine_crack_and_amphetamines(self):
        labels = [codes("DRUG")[code] for code in DEFAULTS.stimulant_drug_codes]

        assert [label.split()[0] for label in labels] == ["Amphetamines", "Cocaine", "Crack"]

    def test_small_counts_are_hidden_and_others_rounded(self):
        assert DEFAULTS.suppression_rule == SuppressionRule(
            code="CURRENT", hide_to=7, round_to=5, smallest_denominator=30
        )

    def test_the_rule_of_the_period_can_be_chosen(self):
        rule = replace(DEFAULTS, suppression="PERIOD").suppression_rule

        assert (rule.hide_to, rule.round_to) == (4, 1)

    def test_cannot_be_changed(self):
        with pytest.raises(FrozenInstanceError):
            DEFAULTS.adult_age = 16


class TestDeclarations:
    @pytest.mark.parametrize("name", NAMES)
    def test_each_setting_says_what_it_is_and_how_sure(self, name):
        setting = setting_of(name)

        assert setting.label
        assert setting.help.endswith(".")
        assert setting.source
        assert setting.mark in {"R", "B", "I"}

    @pytest.mark.parametrize("name", NAMES)
    def test_what_is_assumed_says_so(self, name):
        if setting_of(name).source.startswith("Assumption"):
            assert setting_of(name).mark == "B"

    def test_groups_hold_every_setting_once_and_begin_with_who_is_counted(self):
        groups = settings_by_group()

        assert next(iter(groups)) == "Who is counted"
        assert [name for group in groups.values() for name in group] == NAMES

    def test_labels_are_told_apart(self):
        for group in settings_by_group().values():
            labels = [setting.label for setting in group.values()]
            assert len(set(labels)) == len(labels)


def plain_values(setting):
    """Values a setting takes, as a strategy."""
    if isinstance(setting, Whole):
        return st.integers(setting.low, setting.high)
    if isinstance(setting, Number):
        return st.decimals(setting.low, setting.high, places=2)
    if isinstance(setting, Codes):
        known = st.sampled_from(sorted(codes(setting.of))) if setting.of else st.just("Z00B")
        return st.lists(known, min_size=1, unique=True).map(tuple)
    if isinstance(setting, Years):
        years = st.integers(1990, 2099)
        spans = st.tuples(years, st.none() | years)
        return spans.filter(lambda s: s[1] is None or s[0] <= s[1]).map(lambda s: YearSpan(*s))
    if isinstance(setting, Day):
        return st.dates(dt.date(1000, 1, 1))
    assert isinstance(setting, Choice)
    return st.sampled_from(sorted(setting.options))


class TestJson:
    def test_the_defaults_come_back_as_they_were(self):
        assert RuleSettings.from_json(json.loads(json.dumps(DEFAULTS.to_json()))) == DEFAULTS

    @given(st.data())
    def test_any_value_comes_back_as_it_was(self, data):
        setting = setting_of(data.draw(st.sampled_from(NAMES)))
        value = data.draw(plain_values(setting))

        kept = json.loads(json.dumps(setting.to_plain(value)))

        assert setting.from_plain(kept) == value
        assert setting.read(setting.write(value)) == value

    @given(
        target=st.integers(1, 60),
        extra=st.integers(1, 60),
        join=st.integers(0, 60),
        hide=st.integers(2, 20),
    )
    def test_any_rule_set_comes_back_as_it_was(self, target, extra, join, hide):
        rules = replace(
            DEFAULTS,
            wait_target_days=target,
            long_wait_days=target + extra,
            journey_join_days=join,
            exit_final_days=join + 1,
            hide_to=hide,
            confidence_percent=Decimal("90.5"),
        )

        assert RuleSettings.from_json(json.loads(json.dumps(rules.to_json()))) == rules

    def test_a_setting_added_since_has_the_default_it_was_added_with(self):
        held = DEFAULTS.to_json()
        del held["evening_from_hour"]

        assert RuleSettings.from_json(held) == DEFAULTS

    @pytest.mark.parametrize(
        ("name", "raw", "sentence"),
        [
            ("adult_age", "18", "Give a whole number."),
            ("adult_age", True, "Give a whole number."),
            ("adult_age", -1, "Give a whole number from 0 to 120."),
            ("structured_modal_codes", [], "Give at least one code."),
            ("structured_modal_codes", ["1", "99"], "99 is not on the list of MODAL codes."),
            ("structured_modal_codes", ["1", "1", "6"], "Give each code once."),
            ("structured_modal_codes", "1, 6", "Give a list of codes."),
            ("stimulant_drug_codes", ["32"], "32 is not a drug code: those have four digits."),
            ("confidence_percent", 95, "Give a number such as 95 or 99.8."),
            ("confidence_percent", "NaN", "Give a number such as 95 or 99.8."),
            ("confidence_percent", "12", "Give a number from 80 to 99.99."),
            ("care_plan_target_day", "2008-02-30", "Give a day as 2008-03-31."),
            ("effective_treatment_years", [2010, 2008], "The last year comes before the first."),
            ("effective_treatment_years", [2008], "Give the first and the last financial year."),
            ("suppression", "NONE", "Choose one of CURRENT, PERIOD."),
            ("wait_tarjet_days", 21, "There is no such setting."),
        ],
    )
    def test_a_value_that_will_not_do_is_named_in_plain_words(self, name, raw, sentence):
        with pytest.raises(InvalidRuleSettings) as refused:
            RuleSettings.from_json({**DEFAULTS.to_json(), name: raw})

        assert refused.value.problems == [(name, sentence)]
        assert sentence in str(refused.value)

    def test_every_problem_is_named_not_only_the_first(self):
        with pytest.raises(InvalidRuleSettings) as refused:
            RuleSettings.from_json({**DEFAULTS.to_json(), "adult_age": None, "hide_to": 0})

        assert {name for name, _ in refused.value.problems} == {"adult_age", "hide_to"}


class TestForm:
    WRITTEN = {name: setting_of(name).write(getattr(DEFAULTS, name)) for name in NAMES}

    def test_reads_what_it_wrote(self):
        assert RuleSettings.from_form(self.WRITTEN) == DEFAULTS

    def test_asks_for_every_setting(self):
        written = dict(self.WRITTEN)
        del written["adult_age"]

        with pytest.raises(InvalidRuleSettings) as refused:
            RuleSettings.from_form(written)

        assert refused.value.problems == [("adult_age", "This setting is missing.")]

    @pytest.mark.parametrize(
        ("name", "text", "value"),
        [
            ("wait_target_days", " 28 ", 28),
            ("tier4_modal_codes", "1,6", ("1", "6")),
            ("tier4_modal_codes", "1 6", ("1", "6")),
            ("effective_treatment_years", "2008-", YearSpan(2008, None)),
            ("retention_new_clients_years", "2005", YearSpan(2005, 2005)),
            ("retention_new_clients_years", "2005 - 2007", YearSpan(2005, 2007)),
        ],
    )
    def test_takes_what_people_write(self, name, text, value):
        assert setting_of(name).read(text) == value

    @pytest.mark.parametrize("text", ["", "x", "1_000", "١٢", "1e3", "21.5"])
    def test_a_number_is_digits(self, text):
        with pytest.raises(Unreadable):
            setting_of("wait_target_days").read(text)


class TestSense:
    @pytest.mark.parametrize(
        ("differs", "name"),
        [
            ({"long_wait_days": 21}, "long_wait_days"),
            ({"journey_join_days": 21}, "exit_final_days"),
            ({"tier4_modal_codes": ["1", "7"]}, "tier4_modal_codes"),
            ({"left_out_exit_codes": ["13", "2"]}, "left_out_exit_codes"),
            ({"transfer_exit_codes_2009": ["1"]}, "transfer_exit_codes_2009"),
            ({"retention_new_clients_years": [2004, 2007]}, "retention_new_clients_years"),
            ({"planned_rules_2009_years": [2008, None]}, "planned_rules_2009_years"),
            ({"funnel_outer_percent": "95"}, "funnel_outer_percent"),
            ({"hide_to": 1}, "hide_to"),
        ],
    )
    def test_settings_that_contradict_each_other_are_refused(self, differs, name):
        with pytest.raises(InvalidRuleSettings) as refused:
            RuleSettings.from_json({**DEFAULTS.to_json(), **differs})

        assert name in {problem for problem, _ in refused.value.problems}


def test_changes_name_each_setting_that_differs_with_both_values():
    after = replace(DEFAULTS, wait_target_days=28, tier4_modal_codes=("1",))

    found = [(change.name, change.before, change.after) for change in changes(DEFAULTS, after)]

    assert found == [("tier4_modal_codes", "1, 6", "1"), ("wait_target_days", "21", "28")]
