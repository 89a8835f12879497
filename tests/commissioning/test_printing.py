"""Documents as PDF: every part is set, whatever it says, and an assistive program can read it."""

import pytest

from commissioning.printing import Facts, Grid, Paper, Part, Picture, Words, as_pdf

SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="80" height="40">'
    '<rect width="40" height="20" fill="#005eb8"/></svg>'
)


def paper(*blocks):
    return Paper("Treatment plan 2006/07", "Gateshead", "As at 15 February 2007",
                 [Part("What is commissioned", list(blocks))])  # fmt: skip


def test_a_document_of_every_kind_of_part_is_an_accessible_pdf():
    made = as_pdf(
        paper(
            Words("One paragraph.\n\nAnother."),
            Facts([("State", "Agreed")]),
            Grid("Lines", ["Line", "Cost"], [["Prescribing", "£12,000"]] * 200),
            Picture("A finding", "What it shows", "In words", SVG),
        )
    )

    assert made.startswith(b"%PDF-")
    assert b"pdfuaid" in made
    assert b"/StructTreeRoot" in made
    assert b"/MarkInfo" in made


@pytest.mark.parametrize(
    "words", ["#import x", "$x^2$", "*bold* _it_ `raw`", "<label> @ref", "\\ \" ' {}", "£ – ✓", ""]
)
def test_what_is_written_is_set_as_it_is_and_never_run(words):
    assert as_pdf(paper(Words(words), Facts([(words, words)]), Grid(words, [words], [[words]])))


def test_columns_of_numbers_stand_at_the_right():
    grid = Grid(
        "Lines", ["Line", "Cost", "Note"], [["A", "£1,200.50", "–"], ["B", "–", "12 weeks"]]
    )

    assert grid.numeric == [False, True, False]


def test_a_table_without_rows_can_be_set():
    assert as_pdf(paper(Grid("Lines", ["Line", "Cost"], [])))
