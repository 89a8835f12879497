"""Reading an NDTMS file: what is refused with one sentence, and what is read how."""

import datetime as dt
import io
import tracemalloc

import pytest

from pathways.ndtms.cells import Registers, shown
from pathways.ndtms.days import read_day
from pathways.ndtms.fields import CORE_HEADERS, FIELDS, KNOWN_HEADERS
from pathways.ndtms.identity import Identities, pseudonymiser
from pathways.ndtms.nhs_numbers import passes_check_digit
from pathways.ndtms.reading import NdtmsFile
from pathways.ndtms.refusals import REASONS, FileRefused, NamesAnotherAgency
from pathways.ndtms.rows import staged_columns
from tests.factories.pathways import CORE, clients, ndtms_text, row

KEY = "a key of the tests"


def reading(content, *, ours=None):
    if isinstance(content, str):
        content = content.encode()
    return NdtmsFile(
        raw=io.BytesIO(content),
        upload_id=5,
        registers=Registers({"AG0001": 7, "AG0002": 8}, {"00EH": 3, "09": 4}, ours=ours),
        identities=Identities(key=KEY, latest=dt.date(2006, 5, 31), earliest_year=1903),
    )


def lines(content, **words):
    """The staged rows of a file, by column."""
    text = b"".join(reading(content, **words).blocks()).decode()
    return [
        dict(zip(staged_columns(), line.split("\t"), strict=True)) for line in text.splitlines()
    ]


def refusal(content, **words):
    with pytest.raises(FileRefused) as caught:
        list(reading(content, **words).blocks())
    return caught.value


ONE = ndtms_text([row()])
HEADER, BODY = ONE.split("\n", 1)


def with_header(change):
    names = change(list(CORE))
    return ndtms_text([row()], headers=names)


REFUSED = [
    ("F01", "", "empty"),
    ("F01", "\n\n\n", "empty"),
    ("F03", b"PK\x03\x04 and so on", "a spreadsheet"),
    ("F03", b"\xd0\xcf\x11\xe0 and so on", "Excel workbook"),
    ("F03", b"%PDF-1.4", "a PDF document"),
    ("F03", b"\x1f\x8b\x08", "gzip"),
    ("F03", "<!DOCTYPE html><html>", "a web page"),
    ("F04", ONE.encode("utf-16"), "UTF-16"),
    ("F04", ONE.encode("utf-16-le"), "UTF-16"),
    ("F04", ONE.replace("C1", "O\u2019Brien").encode("cp1252"), "cp1252"),
    ("F04", ONE.encode() + b'"\xc0\xaf"\n', "not in UTF-8"),
    ("F05", ONE.replace("C1", "C\x001"), "NUL"),
    ("F06", ONE.replace(",", ";"), "semicolons"),
    ("F06", ONE.replace('"', "").replace(",", "\t"), "tabs"),
    ("F07", with_header(lambda names: [*names, "FORENAME"]), "“FORENAME”"),
    ("F07", with_header(lambda names: [*names, ""]), "Column 23 of the first line has no name"),
    ("F07", ",".join(f"COLUMN{n}" for n in range(10_000)), "10,000 columns"),
    ("F08", with_header(lambda names: [*names, "DOB"]), "DOB more than|DOB twice"),
    ("F09", with_header(lambda names: [n for n in names if n != "DISD"]), "does not name DISD"),
    ("F10", ONE + '"J,"D"\n' + BODY, "line 3"),
    ("F10", ONE + '"J' + "\n" + BODY.replace('"', ""), "not closed"),
    ("F10", ONE + '"' + ("x" * 60 + "\n") * 5000, "line 3"),
    ("F11", ONE + "x" * 3_000_000, "longer than"),
    ("F11", ONE + ndtms_text([row(RFLS="x" * 200_000)]), "value in the row on line 4 is longer"),
    ("F11", ONE + "J," + "x" * 200_000 + "\n" + BODY, "on line 3 is longer than 131,072"),
    ("F11", HEADER + "," + "X" * 200_000 + "\n" + BODY, "on line 1 is longer"),
    ("F12", HEADER + "\n", "no rows"),
    ("F12", HEADER + "\n\n,,,,\n", "no rows"),
    ("F13", ndtms_text([row(), row(AGNCY="X9999")]), "“X9999” on line 3"),
    (
        "F14",
        ndtms_text([row(CLIENTID=f"943476{n}") for n in (5919, 5870, 1019)] * 5),
        "NHS numbers",
    ),
]


class TestRefusals:
    @pytest.mark.parametrize(
        ("code", "content", "words"),
        REFUSED,
        ids=[f"{one[0]}-{n}" for n, one in enumerate(REFUSED)],
    )
    def test_a_file_that_is_no_return_is_refused_in_one_sentence(self, code, content, words):
        refused = refusal(content)

        assert refused.code == code
        assert any(word in str(refused) for word in words.split("|"))
        assert str(refused).endswith(".")

    def test_every_reason_that_reading_can_have_is_tried(self):
        assert set(REASONS) - {one[0] for one in REFUSED} == {"F02", "F15"}

    def test_an_agency_of_somebody_else_is_told_apart_from_one_nobody_has(self):
        refused = refusal(ndtms_text([row(AGNCY="AG0002")]), ours=frozenset({7}))

        assert isinstance(refused, NamesAnotherAgency)
        assert "not one of your agencies" in str(refused)

    def test_nothing_identifying_is_in_a_refusal(self):
        refused = refusal(ndtms_text([row(DOB="19760412", AGNCY="SW1A 1AA")]))

        assert "SW1A" not in str(refused)


class TestForm:
    def test_a_byte_order_mark_crlf_blank_lines_and_unquoted_values_are_accepted(self):
        text = "\ufeff" + ndtms_text(clients(3)).replace('"', "").replace("\n", "\r\n\r\n")

        assert [one["client_ref"] for one in lines(text)] == ["C1", "C2", "C3"]

    def test_lines_that_end_in_a_carriage_return_alone_are_accepted(self):
        assert len(lines(ndtms_text(clients(3)).replace("\n", "\r"))) == 3

    def test_a_last_line_without_its_end_is_read(self):
        assert len(lines(ndtms_text(clients(3)).rstrip("\n"))) == 3

    def test_headers_may_come_in_any_order_and_case_with_others_that_are_known(self):
        names = [*(name.lower() for name in reversed(CORE)), "PC", "TOPDATE"]
        values = {**{name.lower(): value for name, value in row().items()}, "PC": "SW1A 1AA"}
        text = ndtms_text([values], headers=names)

        file = reading(text)
        content = b"".join(file.blocks()).decode()

        assert file.ignored_headers == ("PC", "TOPDATE")
        assert "C1" in content
        assert "SW1A" not in content

    def test_a_row_is_known_by_the_line_it_begins_on(self):
        text = ndtms_text([row(DAT="00\nEH"), row(MODID="M2")])

        assert [one["row"] for one in lines(text)] == ["2", "4"]

    def test_a_row_with_too_few_values_keeps_only_whose_it_is(self):
        (staged,) = lines(HEADER + '\n"J","D","19760412","1","AG0001","C1","E1","Y"\n')

        assert "8 values where the header has 22" in staged["unreadable"]
        assert (staged["agency_id"], staged["client_ref"], staged["sex"]) == ("7", "C1", "")
        assert staged["person"] == "\\N"

    def test_empty_values_beyond_the_last_header_are_let_be(self):
        (staged,) = lines(HEADER + "\n" + BODY.rstrip("\n") + ",,\n")

        assert staged["unreadable"] == "\\N"

    def test_a_header_in_the_middle_is_passed_over_and_noted(self):
        file = reading(ONE + ndtms_text([row(CLIENTID="C2")]))
        list(file.blocks())

        assert (file.rows, file.repeated_headers) == (2, [3])

    def test_backslashes_and_tabs_do_not_break_the_rows(self):
        (staged,) = lines(ndtms_text([row(RFLS="\\N", DAT="\\.", DISRSN="a\tb")]))

        assert staged["unreadable"] == '{"RFLS": "\\\\\\\\N", "DISRSN": "a\\\\ufffdb"}'


class TestValues:
    @pytest.mark.parametrize(
        ("written", "day"),
        [
            ("20060504", dt.date(2006, 5, 4)),
            ("04/05/2006", dt.date(2006, 5, 4)),
            ("2006-05-04", dt.date(2006, 5, 4)),
            ("20060231", None),
            ("31/02/2006", None),
            ("2006-13-01", None),
            ("00/00/0000", None),
            ("38718", None),
            ("01/02/06", None),
            ("4/5/2006", None),
            ("2006-05-04T00:00", None),
            ("infinity", None),
            ("\u0662\u0660\u0660\u0666\u0660\u0665\u0660\u0664", None),
        ],
    )
    def test_a_day_is_written_in_one_of_three_ways(self, written, day):
        assert read_day(written) == day

    def test_na_and_nothing_are_both_not_supplied(self):
        given = {"ETHNIC": "NA", "DISD": "NA", "DAT": "NA", "MODEND": " "}

        assert lines(ndtms_text([row(**given)])) == lines(
            ndtms_text([row(**dict.fromkeys(given, ""))])
        )

    def test_dates_with_slashes_are_ambiguous_until_one_is_not(self):
        def days(*, last):
            file = reading(
                ndtms_text(
                    [row(REFLD=f"0{1 + n % 9}/{1 + n // 9:02}/2005") for n in range(20)]
                    + [row(REFLD=last)]
                )
            )
            list(file.blocks())
            return file.slashed

        assert days(last="12/12/2005").are_ambiguous(at_least=20)
        assert not days(last="13/12/2005").are_ambiguous(at_least=20)


class TestIdentity:
    def test_the_same_attributor_is_the_same_person_however_it_is_written(self):
        first, second = lines(
            ndtms_text([row(), row(FINITIAL=" j", DOB="12/04/1976", SEX="01", CLIENTID="other")])
        )

        assert first["person"] == second["person"]

    @pytest.mark.parametrize(
        "other", [{"FINITIAL": "K"}, {"SINITIAL": "E"}, {"DOB": "19760413"}, {"SEX": "2"}]
    )
    def test_each_part_of_the_attributor_tells_people_apart(self, other):
        first, second = lines(ndtms_text([row(), row(**other)]))

        assert first["person"] != second["person"]

    def test_letters_are_compared_composed(self):
        composed, apart = lines(
            ndtms_text([row(FINITIAL="\u00c9"), row(FINITIAL="E\u0301", CLIENTID="other")])
        )

        assert composed["person"] == apart["person"]

    def test_another_key_gives_other_people(self):
        assert pseudonymiser("one")("JD197604121") != pseudonymiser("two")("JD197604121")
        assert pseudonymiser("long" * 40)("JD") != pseudonymiser("long" * 40 + "er")("JD")

    @pytest.mark.parametrize(
        ("born", "age"), [("19880504", "18"), ("19880505", "17"), ("20060504", "\\N")]
    )
    def test_the_age_is_in_whole_years_on_the_day_of_triage(self, born, age):
        (staged,) = lines(ndtms_text([row(DOB=born, TRIAGED="20060504" if age != "\\N" else "")]))

        assert staged["age_at_triage"] == age

    def test_nothing_of_the_attributor_but_the_sex_goes_on(self):
        content = b"".join(
            reading(
                ndtms_text([row(FINITIAL="\u00dc", SINITIAL="\u00d1", DOB="19510203")])
            ).blocks()
        ).decode()

        for value in ("\u00dc", "\u00d1", "1951"):
            assert value not in content


class TestShown:
    @pytest.mark.parametrize(
        "personal", ["SW1A 1AA", "sw1a1aa", "a@b.example", "943 476 5919", "+44 20 7946 0000"]
    )
    def test_what_may_identify_is_not(self, personal):
        assert shown(personal) == ""

    def test_other_text_is_short_and_visible(self):
        assert shown("a\u202eb\u200bc") == "a\ufffdb\ufffdc"
        assert len(shown("x" * 500)) == 80


def test_the_check_digit_of_nhs_numbers():
    assert passes_check_digit("9434765919")
    assert not passes_check_digit("9434765918")


def test_every_field_used_is_known_and_the_core_is_that_of_2006():
    assert {used.header for used in FIELDS} <= KNOWN_HEADERS
    assert CORE_HEADERS == CORE


def test_memory_does_not_grow_with_the_file(monkeypatch):
    monkeypatch.setattr("pathways.ndtms.memory.MOST_REMEMBERED", 500)

    def peak(count):
        content = ndtms_text(clients(count)).encode()
        tracemalloc.start()
        for _ in reading(content).blocks():
            pass
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    peak(10_000)  # days are remembered for good: there are only so many

    assert peak(10_000) < 1.2 * peak(4_000)
