"""The parts of a document, and setting them as PDF/UA with Typst."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

import typst

SETTING = Path(__file__).with_name("paper.typ")
# Tagged and readable aloud: every picture has words, every table its header.
STANDARD: Literal["ua-1"] = "ua-1"
# Cells of money and counts stand at the right.
_NUMBER = re.compile(r"[−-]?£?[\d,]+(\.\d+)?%?")


@dataclass(frozen=True)
class Words:
    """Paragraphs, apart by an empty line."""

    text: str
    kind: str = field(default="words", init=False)

    @property
    def paragraphs(self) -> list[str]:
        return [one.strip() for one in self.text.split("\n\n") if one.strip()]


@dataclass(frozen=True)
class Facts:
    """Names and what they are."""

    rows: Sequence[tuple[str, str]]
    kind: str = field(default="facts", init=False)


@dataclass(frozen=True)
class Grid:
    """A table. Its first column names the row."""

    title: str
    header: Sequence[str]
    rows: Sequence[Sequence[str]]
    kind: str = field(default="grid", init=False)

    @cached_property
    def numeric(self) -> list[bool]:
        """Of each column, whether all it holds is numbers."""
        return [
            bool(cells := [row[at] for row in self.rows if row[at] not in {"", "–"}])
            and all(_NUMBER.fullmatch(cell) for cell in cells)
            for at in range(len(self.header))
        ]

    @property
    def marked_rows(self) -> list[list[tuple[str, bool]]]:
        """Every cell and whether it stands at the right."""
        return [list(zip(row, self.numeric, strict=True)) for row in self.rows]

    @property
    def marked_header(self) -> list[tuple[str, bool]]:
        return list(zip(self.header, self.numeric, strict=True))


@dataclass(frozen=True)
class Picture:
    """A chart: the finding, what a person who cannot see it is told, and the drawing."""

    title: str
    subtitle: str
    description: str
    svg: str
    kind: str = field(default="picture", init=False)


@dataclass(frozen=True)
class Part:
    """A section of a document."""

    title: str
    blocks: Sequence[Words | Facts | Grid | Picture]


@dataclass(frozen=True)
class Paper:
    """A document: whose it is, what it is, as at when, and its parts."""

    title: str
    about: str
    as_at: str
    parts: Sequence[Part]


def as_pdf(paper: Paper) -> bytes:
    """The document as PDF/UA, A4, with its title, page numbers and as-at stamp on each page."""
    told = json.dumps(_plain(paper), ensure_ascii=False)
    made: bytes = typst.compile(
        SETTING.read_bytes(), sys_inputs={"paper": told}, pdf_standards=[STANDARD]
    )
    return made


def _plain(paper: Paper) -> dict[str, Any]:
    return {
        "title": paper.title,
        "about": paper.about,
        "as_at": paper.as_at,
        "parts": [
            {"title": part.title, "blocks": [_block(one) for one in part.blocks]}
            for part in paper.parts
        ],
    }


def _block(block: Words | Facts | Grid | Picture) -> dict[str, Any]:
    match block:
        case Words():
            return {"kind": block.kind, "paragraphs": block.paragraphs}
        case Facts():
            return {"kind": block.kind, "rows": [list(row) for row in block.rows]}
        case Grid():
            return {
                "kind": block.kind,
                "title": block.title,
                "header": list(block.header),
                "rows": [list(row) for row in block.rows],
                "numeric": block.numeric,
            }
        case Picture():
            return {
                "kind": block.kind,
                "title": block.title,
                "subtitle": block.subtitle,
                "description": block.description,
                "svg": block.svg,
            }
