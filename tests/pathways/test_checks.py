"""Each check: a row that breaks it, and one that only just does not."""

import dataclasses
import datetime as dt
from decimal import Decimal

import pytest
from django.db import IntegrityError

from commissioning.models import Partnership
from commissioning.rule_settings import YearSpan
from commissioning.scoping import System
from pathways.checks import IN_FORCE, quality, together, validity, whole_return
from pathways.checks.declarations import RowRule
from pathways.checks.statements import statements
from pathways.choices import Grade, Residence
from pathways.models import Finding, Return, StagedRow
from pathways.ndtms.fields import FIELDS, IDENTITY_HEADERS
from pathways.services.checking import check_file
from pathways.services.receiving import receive_upload
from tests.factories.commissioning import PartnershipFactory, RuleSetFactory
from tests.factories.pathways import clients, ndtms_file, row
from tests.factories.providers import AgencyFactory

# The ordinary return is for May 2006 and knows its month to the end.
CUT_OFF = dt.date(2006, 5, 31)

ORDINARY_DISCHARGE = {"MODEND": "20060520", "DISD": "20060520", "DISRSN": "2"}

# (rule, field blamed, rows that break it, rows that only just keep it)
BROKEN = [
    ("V02", "REFLD", [row(REFLD="31/02/2006")], [row(REFLD="28/02/2006")]),
    ("V02", "REFLD", [row(REFLD="38718")], [row(REFLD="2006-05-02")]),
    ("V02", "MODST", [row(MODST="12/05/06")], [row(MODST="12/05/2006")]),
    ("V02", "DISD", [row(DISD="=NOW()")], [row(DISD="NA")]),
    ("V02", "CLIENTID", [row(CLIENTID="=cmd")], [row(CLIENTID="C 17/a-2")]),
    ("V02", "EPISODID", [row(EPISODID="E\u200b1")], [row(EPISODID="E1")]),
    ("V02", "MODID", [row(MODID="\u041c1")], [row(MODID="M1")]),  # a Cyrillic em
    ("V02", "DRUG1", [row(DRUG1="heroine")], [row(DRUG1="1011")]),
    ("V03", "RFLS", [row(RFLS="7")], [row(RFLS="25")]),
    ("V03", "RFLS", [row(RFLS="\uff14")], [row(RFLS="04")]),  # a full-width digit
    ("V03", "SEX", [row(SEX="M")], [row(SEX="9")]),
    ("V03", "CONSENT", [row(CONSENT="yes")], [row(CONSENT="y")]),
    ("V03", "MODAL", [row(MODAL="13")], [row(MODAL="12")]),
    ("V03", "DISRSN", [row(**{**ORDINARY_DISCHARGE, "DISRSN": "14"})],
     [row(**ORDINARY_DISCHARGE)]),
    ("V03", "ETHNIC", [row(ETHNIC="Q")], [row(ETHNIC="z")]),
    ("V03", "EMPSTAT", [row(EMPSTAT="N/A")], [row(EMPSTAT="NA")]),
    ("V04", "MODID", [row(), row()], [row(), row(MODID="M2")]),
    ("V05", "AGNCY", [row(AGNCY="")], [row()]),
    ("V05", "AGNCY", [row(AGNCY="", CONSENT="N")], [row(CONSENT="N")]),
    ("V06", "CLIENTID", [row(CLIENTID="NA")], [row()]),
    ("V06", "CLIENTID", [row(CLIENTID="", CONSENT="N")], [row(CONSENT="N")]),
    ("V07", "EPISODID", [row(EPISODID="")], [row()]),
    ("V08", "FINITIAL", [row(FINITIAL="")], [row(FINITIAL="é")]),
    ("V09", "SINITIAL", [row(SINITIAL="NA")], [row(SINITIAL="Z")]),
    ("V10", "DOB", [row(DOB="")], [row(DOB="12/04/1976")]),
    ("V11", "SEX", [row(SEX="")], [row(SEX="0")]),
    ("V12", "REFLD", [row(REFLD="")], [row()]),
    ("V13", "TRIAGED", [row(TRIAGED="NA")], [row()]),
    ("V14", "DRUG1", [row(DRUG1="")], [row(DRUG1="7000")]),
    ("V15", "FINITIAL", [row(FINITIAL="John")], [row(FINITIAL="j")]),
    ("V15", "SINITIAL", [row(SINITIAL="4")], [row(SINITIAL=" d ")]),
    ("V15", "DOB", [row(DOB="19760231")], [row(DOB="19760229")]),
    ("V16", "DOB", [row(DOB="19021231")], [row(DOB="19030101")]),
    ("V17", "DOB", [row(DOB="20060503")], [row(DOB="20060502")]),
    ("V18", "TRIAGED", [row(TRIAGED="20060501")], [row(TRIAGED="20060502")]),
    (
        "V19",
        "DISD",
        [row(MODAL="", MODID="", REFMODDT="", FAOMODDT="", MODST="", CPLANDT="",
             DISD="20060503", DISRSN="13")],
        [row(MODAL="", MODID="", REFMODDT="", FAOMODDT="", MODST="", CPLANDT="",
             DISD="20060504", DISRSN="13")],
    ),
    ("V20", "MODST", [row(MODST="20060510", REFMODDT="20060511")],
     [row(MODST="20060511", REFMODDT="20060511")]),
    ("V21", "MODST", [row(MODST="20060503", REFMODDT="20060502")],
     [row(MODST="20060504", REFMODDT="20060502")]),
    ("V22", "MODEND", [row(MODEND="20060511")], [row(MODEND="20060512")]),
    ("V23", "MODEND", [row(MODEND="20060521", DISD="20060520", DISRSN="2")],
     [row(**ORDINARY_DISCHARGE)]),
    ("V24", "MODEND", [row(DISD="20060520", DISRSN="2")],
     [row(DISD="20060520", DISRSN="2", MODST="", CPLANDT="")]),
    ("V25", "DISD", [row(DISRSN="2")], [row(**ORDINARY_DISCHARGE)]),
    ("V26", "RFLS", [row(), row(MODID="M2", RFLS="3")], [row(), row(MODID="M2", RFLS="04")]),
    ("V26", "DISD", [row(**ORDINARY_DISCHARGE), row(MODID="M2", MODST="", FAOMODDT="")],
     [row(**ORDINARY_DISCHARGE),
      row(MODID="M2", MODST="", FAOMODDT="", DISD="20060520", DISRSN="2")]),
    ("V26", "", [row(), row(MODID="M2", DOB="19760413")], [row(), row(MODID="M2", FINITIAL="j")]),
    ("V26", "CONSENT", [row(), row(MODID="M2", CONSENT="N")],
     [row(), row(EPISODID="E2", CONSENT="N")]),
    ("V27", "MODST", [row(MODST="20060601", FAOMODDT="20060601")], [row(MODST="20060531")]),
    ("V27", "DISD", [row(MODEND="20060520", DISD="20060601", DISRSN="2")],
     [row(MODEND="20060520", DISD="20060531", DISRSN="2")]),
    ("V27", "CPLANDT", [row(CPLANDT="20060601")], [row(FAOMODDT="20060601", MODST="")]),
    ("V27", "DOB", [row(DOB="20060601")], [row()]),
    ("V28", "MODAL", [row(MODAL="")], [row()]),
    ("Q01", "DISRSN", [row(**{**ORDINARY_DISCHARGE, "DISRSN": ""})], [row(**ORDINARY_DISCHARGE)]),
    ("Q02", "FAOMODDT", [row(FAOMODDT="20060503")], [row(FAOMODDT="20060504")]),
    ("Q03", "MODST", [row(MODST="20060511")], [row(MODST="20060512")]),
    ("Q04", "CPLANDT", [row(CPLANDT="20060513")], [row(CPLANDT="20060512")]),
    (
        "Q05",
        "MODAL",
        [row(MODAL="", MODID="", REFMODDT="", FAOMODDT="", MODST="", CPLANDT="")],
        [row(MODAL="", MODID="", REFMODDT="", FAOMODDT="", MODST="", CPLANDT=""),
         row(CPLANDT="")],
    ),
    ("Q06", "FAOMODDT", [row(REFMODDT="20050512")], [row(REFMODDT="20050513")]),
    ("Q07", "TRIAGED", [row(REFLD="19960602", TRIAGED="19960602")],
     [row(REFLD="19960603", TRIAGED="19960603")]),
    ("Q08", "DRUG1", [row(DRUG1="1234")], [row(DRUG1="9005")]),
    ("Q08", "DRUG3", [row(DRUG3="1234")], [row(DRUG3="9997")]),
    ("N01", "DAT", [row(DAT="X99Z")], [row(DAT="Z00B")]),
    ("N01", "DAT", [row(DAT="")], [row(DAT="9")]),
]  # fmt: skip


@pytest.fixture(autouse=True)
def ground(db):
    RuleSetFactory()
    PartnershipFactory(organisation__code="00EH")
    PartnershipFactory(organisation__code="09", ndtms_code="A09B")
    AgencyFactory(code="AG0001")


def check(rows, *, month=dt.date(2006, 5, 1), cut_off=CUT_OFF):
    by = System("a test")
    upload = receive_upload(
        stream=ndtms_file(rows),
        filename="may.csv",
        month=month,
        cut_off=cut_off,
        provider=None,
        by=by,
        today=dt.date(2007, 2, 15),
    )
    return check_file(number=upload.number, by=by)


def found(upload):
    return list(Finding.objects.filter(upload=upload).in_order())


CHANGES_WHOSE_IT_IS = [case for case in BROKEN if case[1] in {"AGNCY", "CLIENTID"}]
TOLD_APART_BY_CLIENT = [case for case in BROKEN if case not in CHANGES_WHOSE_IT_IS]


def of_clients(prefix, which):
    """The rows of all cases as one file, each case a client of its own."""
    return [
        {**one, "CLIENTID": f"{prefix}{number}"}
        for number, case in enumerate(TOLD_APART_BY_CLIENT)
        for one in case[which]
    ]


class TestEachRule:
    def test_finds_the_row_that_breaks_it_and_passes_the_row_that_only_just_keeps_it(self):
        upload = check([*of_clients("B", 2), *of_clients("K", 3)])

        seen = {(one.client_ref, one.rule, one.field) for one in found(upload)}
        for number, (code, field, *_) in enumerate(TOLD_APART_BY_CLIENT):
            assert (f"B{number}", code, field) in seen, "it is not found"
            assert (f"K{number}", code, field) not in seen, "it is found where there is nothing"

    @pytest.mark.parametrize(("code", "field", "broken", "kept"), CHANGES_WHOSE_IT_IS)
    def test_finds_rows_that_do_not_say_whose_they_are(self, code, field, broken, kept):
        upload = check([*broken, *kept])

        assert [(one.rule, one.field, one.row) for one in found(upload)] == [(code, field, 2)]


class TestFindings:
    def test_never_hold_initials_or_dates_of_birth(self):
        names = {"FINITIAL": "Bartholomew", "SINITIAL": "Zz", "DOB": "19760231"}
        shifted = row(SEX="19760231", REFLD="19760231", DOB="19760231")

        upload = check([row(**names), {**shifted, "CLIENTID": "C2"}])

        held = str(list(Finding.objects.values())) + str(list(StagedRow.objects.values()))
        assert {one.field for one in found(upload)} >= set(IDENTITY_HEADERS)
        for value in ("Bartholomew", "Zz", "19760231", "1976"):
            assert value not in held

    @pytest.mark.parametrize("field", IDENTITY_HEADERS)
    def test_cannot_hold_one_even_by_mistake(self, field):
        upload = check([row()])

        with pytest.raises(IntegrityError, match="finding_never_holds_an_identity"):
            Finding.objects.create(
                upload=upload, rule="V15", grade=Grade.VALIDITY, field=field, value="x"
            )

    def test_never_hold_a_postcode_or_an_nhs_number_put_in_the_wrong_column(self):
        check([row(DAT="SW1A 1AA", RFLS="943 476 5919", DRUG1="a@b.example")])

        held = str(list(Finding.objects.values())) + str(list(StagedRow.objects.values()))
        for value in ("SW1A", "943", "a@b"):
            assert value not in held

    def test_name_row_field_value_client_and_episode(self):
        upload = check([row(), row(CLIENTID="C2", RFLS="7")])

        (finding,) = found(upload)
        assert (finding.row, finding.field, finding.value) == (3, "RFLS", "7")
        assert (finding.client_ref, finding.episode_ref) == ("C2", "E1")
        assert finding.agency.code == "AG0001"

    def test_come_once_for_an_episode_where_the_value_is_the_episodes(self):
        without_reason = {**ORDINARY_DISCHARGE, "DISRSN": ""}

        upload = check([row(**without_reason), row(MODID="M2", **without_reason)])

        assert [(one.rule, one.row) for one in found(upload)] == [("Q01", 2)]

    def test_are_never_capped(self):
        upload = check(clients(3000, RFLS="7"))

        assert Finding.objects.filter(upload=upload, rule="V03").count() == 3000
        assert Return.objects.get().episodes_rejected == 3000

    def test_of_one_bad_modality_reject_the_whole_episode(self):
        check([row(), row(MODID="M2", MODEND="20060511"), row(CLIENTID="C2")])

        made = Return.objects.get()
        assert (made.rows, made.episodes, made.episodes_rejected) == (3, 2, 1)


class TestConsent:
    def test_rows_without_it_are_taken_out_before_every_other_check(self):
        upload = check([row(), row(CLIENTID="C2", CONSENT="N", RFLS="7", REFLD="never", DOB="")])

        assert found(upload) == []
        made = Return.objects.get()
        assert (made.rows, made.rows_without_consent, made.episodes) == (2, 1, 1)

    def test_nothing_of_such_a_row_is_staged_but_whose_it_is(self):
        check([row(CONSENT="N", ETHNIC="A")])

        staged = StagedRow.objects.get()
        assert (staged.client_ref, staged.episode_ref, staged.consent) == ("C1", "E1", "N")
        assert staged.person is None
        assert staged.age_at_triage is None
        assert staged.ethnic == staged.main_drug == staged.referral_source == staged.sex == ""


class TestResidence:
    @pytest.mark.parametrize(
        ("dat", "residence", "code"),
        [
            ("00EH", Residence.KNOWN, "00EH"),
            ("00eh", Residence.KNOWN, "00EH"),
            ("A09B", Residence.KNOWN, "09"),
            ("09", Residence.KNOWN, "09"),
            ("9", Residence.KNOWN, "09"),
            ("", Residence.MISSING, None),
            ("NA", Residence.MISSING, None),
            ("Z00B", Residence.OUTSIDE, None),
            ("X99Z", Residence.UNKNOWN, None),
        ],
    )
    def test_is_a_partnership_or_a_named_bucket(self, dat, residence, code):
        upload = check([row(DAT=dat)])

        staged = StagedRow.objects.get()
        assert staged.residence == residence
        held = Partnership.objects.filter(pk=staged.partnership_id).first()
        assert (held.code if held else None) == code
        assert not Finding.objects.filter(upload=upload, grade=Grade.VALIDITY).exists()


class TestCompleteness:
    def test_is_the_share_of_values_owed_that_are_given(self):
        check([row(), row(CLIENTID="C2", DAT="", FAOMODDT="NA")])

        made = Return.objects.get()
        assert made.missing_by_field == {"DAT": 1, "FAOMODDT": 1}
        # Seventeen values are owed by an open modality that has begun.
        assert made.completeness == Decimal("0.9412")  # 32 of 34

    def test_many_missing_values_have_to_be_confirmed(self):
        upload = check([*clients(16), *clients(5, EPISODID="E2", DAT="")])

        (finding,) = [one for one in found(upload) if one.grade == Grade.RETURN]
        assert (finding.rule, finding.field) == ("R03", "DAT")
        assert "5 of 21 rows" in finding.sentence


class TestTheWrittenList:
    def test_has_every_rule_of_every_module(self):
        declared = [
            rule for module in (validity, together, quality, whole_return) for rule in module.RULES
        ]

        assert {rule.code for rule in declared} <= set(IN_FORCE)
        assert len({rule.code for rule in declared}) == len(declared)

    def test_every_rule_of_rows_has_a_breaking_row_here(self):
        tried = {one[0] for one in BROKEN}
        of_rows = {
            code
            for code, rule in IN_FORCE.items()
            if rule.grade in {Grade.VALIDITY, Grade.QUALITY}
        }

        assert of_rows - tried == {"V01"}  # a whole row: in the tests of reading

    @pytest.mark.parametrize("rule", IN_FORCE.values(), ids=IN_FORCE)
    def test_a_rule_speaks_in_sentences_and_blames_a_field_there_is(self, rule):
        assert rule.sentence.endswith(".")
        assert rule.example
        if isinstance(rule, RowRule):
            assert {case.field for case in rule.cases} <= {used.header for used in FIELDS}

    def test_a_rule_holds_in_its_years(self):
        rule = dataclasses.replace(IN_FORCE["Q01"], years=YearSpan(first=2007, last=None))

        assert not rule.holds_for(dt.date(2007, 3, 1))
        assert rule.holds_for(dt.date(2007, 4, 1))

    def test_all_rules_of_rows_are_one_statement(self):
        of_rows = [rule for rule in IN_FORCE.values() if isinstance(rule, RowRule)]

        assert len(list(statements(of_rows))) == 1
