"""Files that are safe to open."""

import csv
import datetime as dt
import io
from decimal import Decimal
from zipfile import ZipFile

import pytest

from commissioning.exports import csv_response, harmless, xlsx_response


@pytest.mark.parametrize(
    "text",
    ["=cmd|'/c calc'!A0", "+A1", "-A1", "@SUM(A1)", "\tword", "\rword", "=1", "-", "--1", "-1+1"],
)
def test_text_that_would_run_as_a_formula_begins_with_an_apostrophe(text):
    assert harmless(text) == f"'{text}"


@pytest.mark.parametrize("number", [-4, -1.5, Decimal("-3.20"), "-4", "+4", "-1,174,983.50"])
def test_a_number_stays_a_number(number):
    assert harmless(number) is number


@pytest.mark.parametrize("text", ["", "Bolton", "n/a", "*", "–", None])
def test_ordinary_text_stays_as_it_is(text):
    assert harmless(text) == text


def read(response):
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


def test_a_csv_holds_header_and_rows_and_names_its_file():
    response = csv_response(
        "waits.csv", ["Area", "Share", "To"], [["Bolton", 0.83, dt.date(2006, 12, 31)]]
    )

    assert read(response) == [["Area", "Share", "To"], ["Bolton", "0.83", "2006-12-31"]]
    assert response["Content-Disposition"] == 'attachment; filename="waits.csv"'


def test_a_csv_neutralises_every_cell_and_its_header():
    response = csv_response("x.csv", ["=A"], [["=HYPERLINK(1)", None], ["-4", "ok"]])

    assert read(response) == [["'=A"], ["'=HYPERLINK(1)", ""], ["-4", "ok"]]


def test_a_csv_is_made_some_hundred_rows_at_a_time():
    asked = []

    def rows():
        for number in range(1_000):
            asked.append(number)
            yield [number]

    pieces = iter(csv_response("x.csv", ["n"], rows()))

    assert next(pieces).decode("utf-8-sig") == "n\r\n"
    assert asked == []
    assert next(pieces).startswith(b"0\r\n1\r\n")
    assert len(asked) == 200
    assert len(b"".join(pieces).splitlines()) == 800


def test_a_file_name_cannot_break_its_header():
    response = csv_response('a"\r\nb/../c.csv', ["n"], [])

    assert response["Content-Disposition"] == 'attachment; filename="a-b-..-c.csv"'


@pytest.mark.django_db  # closing an answer looks at the connections
def test_a_spreadsheet_holds_numbers_as_numbers_and_formulas_as_text():
    response = xlsx_response("list.xlsx", ["Area", "People"], [["=1+1", 412], ["Bury", None]])

    with ZipFile(io.BytesIO(b"".join(response.streaming_content))) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()

    assert "<v>412</v>" in sheet
    assert "'=1+1" in sheet
    assert "<f>" not in sheet
    response.close()
