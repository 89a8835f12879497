"""Lines out as a file and in again: bad files, bad rows, the difference, and one save."""

import io
import re
import zipfile
from decimal import Decimal

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from commissioning.models import Plan
from commissioning.services.plans.line_rows import LineRow
from commissioning.services.plans.lines import save_lines
from commissioning.services.plans.sheet_file import FileRefused, read_rows
from tests.factories.commissioning import UserFactory, signed_in
from tests.factories.plans import (
    FundingFactory,
    InterventionTypeFactory,
    LineFactory,
    PlanFactory,
    StreamFactory,
)
from tests.factories.providers import ProviderFactory
from tests.query_counts import assert_counted

D = Decimal
HEADER = "No.,Line,Tier,Plain sum,Pooled\n"


def xlsx(*rows, change=None):
    """A spreadsheet of the rows; `change(book, sheet)` does more to it."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet()
        for at, row in enumerate(rows):
            for place, cell in enumerate(row):
                sheet.write(at, place, cell)
        if change:
            change(book, sheet)
    return file.getvalue()


def rewritten(content, part, change):
    """The same archive with one of its parts changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            text = old.read(name)
            new.writestr(name, change(text.decode()) if name == part else text)
    return out.getvalue()


SHEET = "xl/worksheets/sheet1.xml"


class TestReading:
    def test_a_spreadsheet_gives_words_as_they_are_typed(self):
        rows = read_rows(xlsx(["No.", "Line"], [1, "Outreach"], [], [None, 1234.5]))

        assert [(row.number, row.cells) for row in rows] == [
            (1, ["No.", "Line"]),
            (2, ["1", "Outreach"]),
            (4, ["", "1234.5"]),
        ]

    def test_sums_of_pennies_are_read_as_they_are_shown(self):
        rows = read_rows(xlsx(["Line"], [0.1 + 0.2]))

        assert rows[1].cells == ["0.3"]

    def test_of_a_formula_the_kept_value_is_read(self):
        rows = read_rows(
            xlsx(["Line"], change=lambda _book, sheet: sheet.write_formula("A2", "=2*3", None, 6))
        )

        assert rows[1].cells == ["6"]

    def test_a_cell_shown_in_per_cent_is_per_cent(self):
        def change(book, sheet):
            sheet.write("A2", 0.6, book.add_format({"num_format": "0%"}))
            sheet.write("A3", 0.125, book.add_format({"num_format": "0.0%"}))
            sheet.write("A4", 0.6)

        rows = read_rows(xlsx(["Pooled"], change=change))

        assert [row.cells for row in rows[1:]] == [["60%"], ["12.5%"], ["0.6"]]

    @pytest.mark.parametrize("value", ["", "<v></v>", "<v/>", "<v> </v>", "<v>0</v>"])
    def test_a_formula_that_a_library_wrote_is_told_by_its_cell_and_its_row_stays(self, value):
        content = xlsx(
            ["Line", "Plain sum"],
            ["Outreach"],
            change=lambda _book, sheet: (
                sheet.write_formula("B2", "=2*3"),
                sheet.write_formula("B4", "=B2"),
            ),
        )

        rows = read_rows(rewritten(content, SHEET, lambda text: text.replace("<v>0</v>", value)))

        assert [(row.number, "".join(row.cells), row.formulas) for row in rows[1:]] == [
            (2, "Outreach", 0),
            (4, "", 0),
        ]
        assert [set(row.unread) for row in rows] == [set(), {1}, {1}]
        assert rows[1].unread[1].startswith("Cell B2 holds a formula without a value.")

    def test_a_formula_that_came_to_nought_is_nought_where_the_workbook_was_calculated(self):
        content = xlsx(["Line"], change=lambda _book, sheet: sheet.write_formula("A2", "=1-1"))
        book = "xl/workbook.xml"

        (_header, row) = read_rows(
            rewritten(content, book, lambda text: text.replace(' fullCalcOnLoad="1"', ""))
        )

        assert (row.cells, row.formulas, row.unread) == (["0"], 1, {})

    def test_a_formula_in_error_is_told_by_its_cell(self):
        content = xlsx(
            ["Line"],
            change=lambda _book, sheet: sheet.write_formula("C7", "=1/0", None, "#DIV/0!"),
        )

        (_header, row) = read_rows(content)

        assert (row.number, set(row.cells)) == (7, {""})
        assert row.unread == {2: "Cell C7 holds an error of a formula. Mend it or type the value."}

    def test_merged_cells_are_refused_by_their_range(self):
        content = xlsx(
            ["Line"], change=lambda _book, sheet: sheet.merge_range("A1:C2", "Lines of 2006")
        )

        with pytest.raises(FileRefused, match="Cells A1:C2 are merged"):
            read_rows(content)

    @pytest.mark.parametrize(
        ("content", "sentence"),
        [
            (b"", "is empty"),
            (b"\n , ,\n", "is empty"),
            (b"x" * (10 * 1024 * 1024 + 1), "larger than 10 MB"),
            (b"%PDF-1.4 something", "neither a spreadsheet"),
            (b"\x00\x01\x02", "neither a spreadsheet"),
            (b"\xd0\xcf\x11\xe0\xa1\xb1", "an old spreadsheet, or has a password"),
            (b"PK\x03\x04 no archive", "damaged"),
            (b'No.,Line\n1,"never closed', "wrong with a quotation mark after row 1"),
            (b"No.,Line\n" + b"1,x\n" * 1001, "more than 1,000 lines"),
            (b"a," * 61 + b"a", "more than 60 columns"),
        ],
    )
    def test_what_is_no_file_of_lines(self, content, sentence):
        with pytest.raises(FileRefused, match=sentence):
            read_rows(content)

    def test_another_archive_is_no_spreadsheet(self):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            archive.writestr("word/document.xml", "<document/>")

        with pytest.raises(FileRefused, match="neither a spreadsheet"):
            read_rows(out.getvalue())

    def test_one_cell_far_away_is_refused_before_anything_is_unpacked(self):
        content = xlsx(["Line"], change=lambda _book, sheet: sheet.write("XFD1048576", "x"))

        with pytest.raises(FileRefused, match="more than 1,000 lines"):
            read_rows(content)

    def test_a_large_archive_is_refused_by_its_size(self):
        content = rewritten(xlsx(["Line"]), "xl/styles.xml", lambda text: text)
        out = io.BytesIO(content)
        with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("xl/large.xml", b" " * (101 * 1024 * 1024))

        with pytest.raises(FileRefused, match="too large once it is unpacked"):
            read_rows(out.getvalue())

    def test_a_document_type_is_refused(self):
        content = rewritten(
            xlsx(["Line"]),
            SHEET,
            lambda text: text.replace("?>", '?><!DOCTYPE x [<!ENTITY a "b">]>', 1),
        )

        with pytest.raises(FileRefused, match="neither a spreadsheet"):
            read_rows(content)

    @pytest.mark.parametrize("text", ["No.;Line\n1;Café\n", "No.\tLine\n1\tCafé\n"])
    @pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1252"])
    def test_csv_as_other_programs_write_it(self, text, encoding):
        assert read_rows(text.encode(encoding))[1].cells == ["1", "Café"]

    def test_an_apostrophe_of_ours_before_a_formula_is_taken_off(self):
        assert read_rows(b"No.,Line\n1,'=Outreach\n2,'tis\n")[1].cells == ["1", "=Outreach"]


@pytest.fixture
def plan(db):
    plan = PlanFactory(partnership__organisation__name="Blackpool")
    ptb, care = StreamFactory(code="ptb", name="Pooled"), StreamFactory(code="care", name="Care")
    for stream in (ptb, care):
        FundingFactory(partnership=plan.partnership, stream=stream)
    LineFactory(
        plan=plan, name="Outreach", plain_sum=D("12500.00"), tier=2,
        taking={ptb: "10000.00", care: "2500.00"},
        intervention=InterventionTypeFactory(code="outreach"),
        provider=ProviderFactory(organisation__name="Addaction").organisation,
    )  # fmt: skip
    LineFactory(
        plan=plan, name="=Support", plain_sum=None, cost=D("8736.00"), unit_cost=D("42.00"),
        volume=D("8.00"), weeks=D("26.00"), taking={ptb: "0.50"},
    )  # fmt: skip
    return Plan.objects.get(pk=plan.pk)


@pytest.fixture
def ann(plan, client):
    return signed_in(client, name="Ann Ward", commissioner_of=plan.partnership)


def page(plan, name="plan-line-file"):
    return reverse(f"commissioning:{name}", args=[plan.partnership.code, plan.slug])


def send(client, plan, content, name="lines.csv"):
    content = content.encode() if isinstance(content, str) else content
    return client.post(page(plan), {"file": SimpleUploadedFile(name, content)})


def confirm(client, plan, answer, do="save"):
    return client.post(page(plan), {"kept": answer.context["kept"], "do": do}, follow=do == "save")


def said(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


class TestOutAndIn:
    @pytest.mark.parametrize("kind", ["csv", "xlsx"])
    def test_what_comes_out_goes_in_again_unchanged(self, plan, ann, client, kind):
        out = b"".join(client.get(page(plan, "plan-lines"), {"format": kind}))

        answer = send(client, plan, out, f"lines.{kind}")

        assert "0 added, 0 changed, 0 removed, 2 unchanged." in said(answer)
        assert "there is nothing to save" in said(answer)
        assert "Save these changes" not in said(answer)

    def test_the_difference_is_looked_at_and_saved_in_one_go(self, plan, ann, client):
        LineFactory(plan=plan, name="Day programme")

        answer = send(
            client, plan,
            f'{HEADER}1,Outreach,2,12500,"£9,000"\n2,=Support,,,100%\n,Detached work,2,300,300\n',
        )  # fmt: skip

        shown = said(answer)
        assert "1 added, 2 changed, 1 removed, 0 unchanged." in shown
        assert "1. Outreach Pooled £10,000 £9,000" in shown
        assert "Detached work (row 4)" in shown
        assert "3. Day programme, £1,000" in shown
        assert plan.lines.count() == 3

    def test_confirmed_it_is_saved_without_sending_it_again(self, plan, ann, client):
        answer = send(client, plan, HEADER + "1,Outreach,2,12000,9500\n,Detached work,2,300,300\n")

        done = confirm(client, plan, answer)

        assert "Saved: 1 line added, 1 line changed and 1 line removed." in said(done)
        first, new = plan.lines.all()
        assert (first.cost, new.name, new.number) == (D(12000), "Detached work", 3)
        assert dict(first.allocations.values_list("stream", "amount")) == {
            "ptb": D(9500),
            "care": D(2500),
        }

    def test_a_column_left_out_stays_as_it_is(self, plan, ann, client):
        answer = send(client, plan, "No.,Line\n1,Outreach team\n2,=Support\n")
        confirm(client, plan, answer)

        line = plan.lines.first()
        assert (line.name, line.cost, line.provider.name) == (
            "Outreach team",
            D(12500),
            "Addaction",
        )

    def test_a_spreadsheet_with_a_formula_and_a_share(self, plan, ann, client):
        def change(book, sheet):
            sheet.write_formula("C2", "=6000*2", None, 12000)
            sheet.write("D2", 0.75, book.add_format({"num_format": "0%"}))
            sheet.write("E2", "25%")
            sheet.write_string("B3", "=Support")

        content = xlsx(
            ["No.", "Line", "Plain sum", "Pooled", "Care"],
            [1, "Outreach"],
            [2],
            change=change,
        )
        answer = send(client, plan, content, "lines.xlsx")
        assert "1 formula in the file was read by what it last showed." in said(answer)
        assert "1. Outreach Plain sum £12,500 £12,000" in said(answer)
        confirm(client, plan, answer)

        line = plan.lines.first()
        assert dict(line.allocations.values_list("stream", "amount")) == {
            "ptb": D(9000),
            "care": D(3000),
        }


class TestBadFiles:
    @pytest.mark.parametrize(
        ("text", "sentence"),
        [
            ("Line,Tier\nOutreach,2\n", "The first row names no “No.”."),
            ("Something,Else\n1,2\n", "names no “No.” and “Line”."),
            ("No.,Line,Colour\n1,Outreach,red\n", "names “Colour”, which is no column"),
            ("No.,Line,Line\n1,Outreach,x\n", "names “Line” twice"),
            ("No.,Line,Pooled,PTB\n1,Outreach,1,1\n", "names “PTB” twice"),
            ("%PDF-1.7", "neither a spreadsheet"),
        ],
    )
    def test_is_told_in_a_sentence(self, plan, ann, client, text, sentence):
        answer = send(client, plan, text)

        assert sentence in said(answer)
        assert "There is a problem" in said(answer)

    def test_nothing_chosen(self, plan, ann, client):
        assert "Choose the file of lines" in said(client.post(page(plan), {}))

    def test_more_than_ten_megabytes(self, plan, ann, client):
        answer = send(client, plan, b"x" * (10 * 1024 * 1024 + 1))

        assert "The file is larger than 10 MB." in said(answer)

    @pytest.mark.parametrize(
        ("row", "told"),
        [
            ("9,Outreach,2,10,10", ("No.", "The plan has no line 9")),
            ("one,Outreach,2,10,10", ("No.", "“one” is not the number of a line")),
            ("1,Outreach,5,10,10", ("Tier", "There is no Tier 5")),
            ("1,Outreach,2,1234.567,10", ("Plain sum", "parts of a penny")),
            ("1,Outreach,2,-10,10", ("Plain sum", "less than nothing")),
            ("1,Outreach,2,lots,10", ("Plain sum", "“lots” is not an amount")),
            ("1,,2,10,10", ("Line", "Enter what the line is called")),
            (",,2,10,10", ("Line", "Enter what the line is called")),
            ("1,Outreach,2,10,101%", ("Pooled", "is not a percentage")),
            ("1,Outreach,2,10,30%", ("Pooled", "They must make 100%")),
        ],
    )
    def test_a_wrong_row_is_told_with_row_and_column(self, plan, ann, client, row, told):
        answer = send(client, plan, f"{HEADER}2,=Support,,,0.50\n{row}\n")

        (fault,) = answer.context["faults"]
        assert (fault.row, fault.column) == ("3", told[0])
        assert told[1] in fault.said
        assert "Save these changes" not in said(answer)
        confirm(client, plan, answer)
        assert plan.lines.first().cost == D(12500)

    def test_cells_whose_formula_has_no_value_are_told_with_all_else_that_is_wrong(
        self, plan, ann, client
    ):
        def change(_book, sheet):
            sheet.write_string("B3", "=Support")
            sheet.write_formula("D2", "=6000*2")
            sheet.write_formula("E2", "=D2")
            sheet.write_formula("B4", '="New "&"line"')
            sheet.write_formula("A5", "=1+1")
            sheet.write_formula("F2", "=D2")

        content = xlsx(
            ["No.", "Line", "Tier", "Plain sum", "Pooled", "Cost"],
            [1, "Outreach", 7], [2], [None, None, 2, 300, 300], [None, "Gone", 2, 10, 10],
            change=change,
        )  # fmt: skip

        answer = send(client, plan, content, "lines.xlsx")

        assert [(one.row, one.column, one.said[:8]) for one in answer.context["faults"]] == [
            ("2", "Tier", "There is"),
            ("2", "Plain sum", "Cell D2 "),
            ("2", "Pooled", "Cell E2 "),
            ("4", "Line", "Cell B4 "),
            ("5", "No.", "Cell A5 "),
        ]
        downloaded = b"".join(confirm(client, plan, answer, do="faults"))
        assert b"Cell B4 holds a formula without a value" in downloaded
        confirm(client, plan, answer)
        assert [one.cost for one in plan.lines.all()] == [D(12500), D(8736)]

    def test_a_formula_in_a_column_that_is_worked_out_here_is_no_fault(self, plan, ann, client):
        content = xlsx(
            ["No.", "Line", "Cost"], [1, "Outreach team"],
            change=lambda _book, sheet: (
                sheet.write_formula("C2", "=SUM(D2:F2)"),
                sheet.write_row("A3", [2, "Support"]),
            ),
        )  # fmt: skip

        answer = send(client, plan, content, "lines.xlsx")

        assert "0 added, 2 changed, 0 removed, 0 unchanged." in said(answer)

    def test_a_heading_that_is_a_formula_without_a_value(self, plan, ann, client):
        content = xlsx(
            ["No.", None],
            change=lambda _book, sheet: sheet.write_formula("B1", '="Line"'),
        )

        assert "Cell B1 holds a formula without a value." in said(send(client, plan, content))

    def test_the_same_number_twice(self, plan, ann, client):
        answer = send(client, plan, HEADER + "1,A,2,1,1\n2,B,,,1\n1,C,2,1,1\n")

        (fault,) = answer.context["faults"]
        assert (fault.row, fault.said) == ("4", "Line 1 is in row 2 already.")

    def test_a_stream_that_the_partnership_does_not_have(self, plan, ann, client):
        StreamFactory(code="police", name="Police")

        answer = send(client, plan, "No.,Line,Police\n1,Outreach,5\n2,=Support,\n")

        (fault,) = answer.context["faults"]
        assert (fault.row, fault.column) == ("2", "Police")
        assert "Blackpool has no Police in 2006/07" in fault.said

    def test_all_that_is_wrong_can_be_downloaded(self, plan, ann, client):
        rows = "".join(f",Line {number},7,x,1\n" for number in range(120))
        answer = send(client, plan, HEADER + rows)

        assert len(answer.context["faults"]) == 100
        lines = b"".join(confirm(client, plan, answer, "faults")).decode().splitlines()
        assert lines[0].endswith("Row,Column,What is wrong")
        assert len(lines) == 241

    def test_what_was_kept_belongs_to_one_person_and_one_plan(self, plan, ann, client):
        answer = send(client, plan, HEADER + "1,Outreach,2,1,1\n")
        client.force_login(UserFactory(commissioner_of=plan.partnership))

        refused = confirm(client, plan, answer)

        assert "Send the file again" in said(refused)
        assert plan.lines.first().cost == D(12500)


class TestMeanwhile:
    def test_what_somebody_else_changed_is_told_before_anything_is_saved(self, plan, ann, client):
        answer = send(client, plan, HEADER + "1,Outreach,2,12000,9500\n2,=Support,,,0.50\n")
        bo = UserFactory(name="Bo Lee", commissioner_of=plan.partnership)
        save_lines(
            plan=plan, by=bo,
            rows=[LineRow("a", 1, {"name": "Street work"}), LineRow("b", values={"name": "New"})],
        )  # fmt: skip

        told = confirm(client, plan, answer)

        shown = said(told)
        assert "Bo Lee saved these lines after you sent the file" in shown
        assert "1. Outreach Line Outreach Street work" in shown
        assert "0 added, 1 changed, 0 removed" in shown  # what was added meanwhile stays
        assert plan.lines.first().cost == D(12500)

        confirm(client, plan, told)

        assert list(plan.lines.values_list("name", "cost")) == [
            ("Outreach", D(12000)),
            ("=Support", D(8736)),
            ("New", D(0)),
        ]

    def test_a_change_of_something_else_is_none_of_the_files(self, plan, ann, client):
        answer = send(client, plan, HEADER + "1,Outreach,2,12000,9500\n2,=Support,,,0.50\n")
        Plan.objects.filter(pk=plan.pk).update(revision=9)

        assert "Saved: 1 line changed." in said(confirm(client, plan, answer))

    def test_a_plan_that_is_submitted_takes_no_file(self, plan, ann, client):
        Plan.objects.filter(pk=plan.pk).update(state="SUBMITTED")

        assert client.get(page(plan)).status_code == 403

    def test_the_page_asks_few_queries(self, plan, ann, client):
        assert_counted(client, "lines from a file", page(plan))
