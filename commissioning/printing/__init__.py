"""Records on paper: a title, and parts of words, tables and pictures, as an accessible PDF.

The same parts are laid out by a page (`components/printed.html`), so that what is read on a
screen, printed by a browser and kept as a file is one document.
"""

from commissioning.printing.paper import Facts, Grid, Paper, Part, Picture, Words, as_pdf

__all__ = ["Facts", "Grid", "Paper", "Part", "Picture", "Words", "as_pdf"]
