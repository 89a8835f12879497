"""The reference data: what is there, that it hangs together, and that each row has its source."""

import re

import pytest

from commissioning import reference
from commissioning.reference.framework import MARKS, REQUIREMENTS

FRAMEWORK = reference.framework()


class TestTiers:
    def test_there_are_four_in_order(self):
        assert [tier.number for tier in FRAMEWORK.tiers] == [1, 2, 3, 4]

    @pytest.mark.parametrize(("tier", "items"), [(1, 6), (2, 17), (3, 9), (4, 7)])
    def test_each_has_every_item_of_its_list(self, tier, items):
        found = [item.code for item in FRAMEWORK.tier(tier).items]

        assert found == [f"T{tier}-{number:02}" for number in range(1, items + 1)]

    def test_needle_exchange_keeps_its_code(self):
        assert "exchange" in FRAMEWORK.item("T2-03").name

    def test_tier_1_names_the_least_that_is_asked(self):
        least = [i.code for i in FRAMEWORK.tier(1).items if i.requirement == "minimum"]

        assert least == ["T1-01", "T1-02", "T1-03", "T1-04"]

    def test_prescribing_has_its_whole_range(self):
        assert FRAMEWORK.item("T3-05").parts == (
            "stabilisation",
            "oral maintenance",
            "injectable maintenance",
            "community detoxification",
            "relapse prevention",
        )

    @pytest.mark.parametrize("tier", [2, 3, 4])
    def test_competence_that_was_not_found_is_not_claimed(self, tier):
        assert FRAMEWORK.tier(tier).competence.mark == "N"
        assert FRAMEWORK.tier(tier).danos == ()

    def test_the_danos_units_named_are_those_of_tier_1(self):
        assert FRAMEWORK.tier(1).danos == ("AA1", "AB2", "AB5", "AF1")
        assert {unit.code for unit in FRAMEWORK.danos} == set(FRAMEWORK.tier(1).danos)

    @pytest.mark.parametrize("item", FRAMEWORK.items, ids=lambda item: item.code)
    def test_items_name_known_groups_requirements_and_marks(self, item):
        assert set(item.client_groups) <= {group.code for group in FRAMEWORK.client_groups}
        assert item.requirement in REQUIREMENTS
        assert item.mark in MARKS

    def test_every_row_of_the_unread_pages_says_so(self):
        for item in (*FRAMEWORK.tier(3).items, *FRAMEWORK.tier(4).items):
            assert "outside the scan" in item.source


class TestInterventionTypes:
    def test_each_modal_code_has_exactly_one(self):
        modals = [kind.modal for kind in FRAMEWORK.intervention_types if kind.modal]

        assert sorted(modals, key=int) == list(reference.codes("MODAL"))

    @pytest.mark.parametrize("modal", reference.codes("MODAL"))
    def test_1_to_6_and_12_are_structured_and_1_and_6_tier_4(self, modal):
        (kind,) = (one for one in FRAMEWORK.intervention_types if one.modal == modal)

        assert kind.structured == (modal in {"1", "2", "3", "4", "5", "6", "12"})
        assert (kind.tier == 4) == (modal in {"1", "6"})
        if kind.structured:
            assert kind.tier in {3, 4}

    def test_structured_treatment_needs_a_care_plan(self):
        for kind in FRAMEWORK.intervention_types:
            assert kind.needs_care_plan or not kind.structured, kind.code

    def test_substitute_prescribing_is_tier_3_wherever_it_is_given(self):
        kinds = [kind for kind in FRAMEWORK.intervention_types if kind.substitute_prescribing]

        assert {kind.tier for kind in kinds} == {3}
        assert "low-threshold-prescribing" in {kind.code for kind in kinds}
        assert "prison-prescribing" in {kind.code for kind in kinds}

    def test_harm_reduction_and_alcohol_stand_where_the_framework_puts_them(self):
        assert FRAMEWORK.intervention_type("structured-alcohol").tier is None
        assert FRAMEWORK.intervention_type("aftercare").tier == 2
        assert FRAMEWORK.intervention_type("hepatology").tier == 1

    def test_settings_are_known(self):
        known = {setting.code for setting in FRAMEWORK.settings}

        for kind in FRAMEWORK.intervention_types:
            assert set(kind.settings) <= known, kind.code


class TestEveryRow:
    ROWS = (
        *FRAMEWORK.items,
        *FRAMEWORK.settings,
        *FRAMEWORK.client_groups,
        *FRAMEWORK.intervention_types,
        *FRAMEWORK.danos,
    )

    def test_codes_are_given_once(self):
        for rows in (
            FRAMEWORK.items,
            FRAMEWORK.settings,
            FRAMEWORK.client_groups,
            FRAMEWORK.intervention_types,
        ):
            codes = [row.code for row in rows]
            assert len(set(codes)) == len(codes)

    @pytest.mark.parametrize("row", ROWS, ids=lambda row: row.code)
    def test_has_a_name_a_source_and_a_mark_that_fit_their_columns(self, row):
        assert re.fullmatch(r"[A-Za-z0-9-]{3,30}", row.code)
        assert 0 < len(row.name) <= 120
        assert 0 < len(row.source) <= 200
        assert row.mark in MARKS


class TestPartnerships:
    def test_there_are_149_in_nine_regions(self):
        rows = reference.partnerships()

        assert len(rows) == 149
        assert len({row.code for row in rows}) == 149
        assert len({row.name for row in rows}) == 149
        assert len(reference.regions()) == 9
        assert {row.region_code for row in rows} == set(reference.regions())

    def test_a_dat_code_is_given_only_where_one_was_read(self):
        dat_codes = {
            r.name: r.ndtms_dat_code for r in reference.partnerships() if r.ndtms_dat_code
        }

        assert dat_codes["Gateshead"] == "A09B"
        assert len(set(dat_codes.values())) == len(dat_codes)
        assert "Leeds" not in dat_codes

    def test_codes_keep_their_leading_zeros(self):
        assert {"09", "00EH"} <= {row.code for row in reference.partnerships()}


class TestLists:
    def test_codes_come_in_published_order(self):
        assert list(reference.codes("INJSTAT")) == ["P", "C", "N", "Z"]
        assert list(reference.codes("MODAL"))[-1] == "12"

    def test_referral_source_7_does_not_exist(self):
        assert "7" not in reference.codes("RFLS")

    def test_an_unknown_list_is_an_error(self):
        with pytest.raises(KeyError):
            reference.codes("NOSUCH")

    def test_no_code_is_listed_twice(self):
        listed = sum(len(reference.codes(name)) for name in reference.code_lists())

        assert listed == len(reference.tables._code_rows())

    def test_a_caller_cannot_change_the_list(self):
        reference.codes("MODAL").clear()
        reference.regions().clear()

        assert reference.codes("MODAL")
        assert reference.regions()

    def test_planned_exits_by_both_rules(self):
        reasons = reference.discharge_reasons()

        assert [r.code for r in reasons if r.rules_2006 == "planned"] == ["1", "2", "5"]
        assert [r.code for r in reasons if r.rules_2009 == "planned"] == ["1", "2"]
        assert [r.code for r in reasons if r.rules_2009 == "transfer"] == ["5", "7", "8"]
        assert [r.code for r in reasons if r.rules_2006 == "left out"] == ["13"]
        assert {r.code: r.label for r in reasons} == reference.codes("DISRSN")
        outcomes = {"planned", "unplanned", "transfer", "left out"}
        assert {r.rules_2006 for r in reasons} | {r.rules_2009 for r in reasons} <= outcomes

    def test_the_fullest_header_has_112_fields(self):
        fields = reference.ndtms_fields()

        assert [field.position for field in fields] == list(range(1, 113))
        assert len({field.header for field in fields}) == 112
        assert {field.in_2006_07 for field in fields} == {"probable", "no", "unknown"}

    def test_the_core_set_is_among_the_fields(self):
        core = [
            "FINITIAL",
            "SINITIAL",
            "DOB",
            "SEX",
            "AGNCY",
            "CLIENTID",
            "EPISODID",
            "CONSENT",
            "DAT",
            "REFLD",
            "TRIAGED",
            "RFLS",
            "DRUG1",
            "MODAL",
            "MODID",
            "REFMODDT",
            "FAOMODDT",
            "MODST",
            "MODEND",
            "DISD",
            "DISRSN",
            "CPLANDT",
        ]

        assert set(core) <= {field.header for field in reference.ndtms_fields()}

    def test_older_waits_have_a_row_for_each_intervention_of_their_day(self):
        rows = reference.waiting_time_history()

        assert len(rows) == 6
        assert all(row.maximum_2003_04 <= row.maximum_2002_03 for row in rows)
