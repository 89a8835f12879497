"""Lines told apart at once hold what `csv` reads from them, or are left to `csv`."""

import csv
import io

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pathways.ndtms.headers import Layout
from pathways.ndtms.plain import columns_of_plain

LAYOUT = Layout(raw=("A", "B", "C"), positions={}, headers=("A", "B", "C"), ignored=())


def lines_of(text):
    return list(io.StringIO(text, newline=""))


def by_csv(text):
    return list(csv.reader(lines_of(text), strict=True))


@settings(max_examples=500)
@given(st.text(alphabet='",,""x\r\n', min_size=1, max_size=40))
@example('"a",",","b"\n')
@example('"a","b",","\n",","x",""\n')
@example('"a","b"\n"a","b","c","d"\n')
def test_any_lines_told_apart_hold_what_csv_reads(text):
    columns = columns_of_plain(lines_of(text), LAYOUT)
    if columns is not None:
        assert list(map(list, zip(*columns, strict=True))) == by_csv(text)


@pytest.mark.parametrize("mark", ["", '"'])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
@given(
    rows=st.lists(
        st.lists(st.text(alphabet="xy 1", min_size=1, max_size=3), min_size=3, max_size=3),
        min_size=1,
    ),
    is_ended=st.booleans(),
)
def test_lines_with_all_values_in_marks_or_none_are_told_apart(mark, end, rows, is_ended):
    text = end.join(",".join(f"{mark}{value}{mark}" for value in row) for row in rows)
    columns = columns_of_plain(lines_of(text + end * is_ended), LAYOUT)
    assert list(map(list, zip(*columns, strict=True))) == rows


@pytest.mark.parametrize(
    "text", ["A,B,C\n", '"A","B","C"\n', ",,\n", "x,y,z\n\n", 'x,"y",z\n', "x,y\rz,x\n"]
)
def test_headers_blank_lines_and_mixed_marks_are_left_to_csv(text):
    assert columns_of_plain(lines_of(text), LAYOUT) is None
