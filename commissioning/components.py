"""What the page components are given: plain values, decided in Python, with no query behind them.

Words arrive ready to read. A `tone` is one of `good`, `watch`, `bad`, `info` and `plain`; a
component always shows a word and a shape beside its colour.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

Tone = Literal["good", "watch", "bad", "info", "plain"]
Direction = Literal["up", "down", "level"]


@dataclass(frozen=True)
class AsAt:
    """What the figures of a page rest on: cut-off, completeness, rule set, standing."""

    cut_off: dt.date | None
    completeness: str  # "146 of 149 partnerships"
    rule_set: str
    provisional: bool
    rule_set_href: str = ""
    completeness_href: str = ""


@dataclass(frozen=True)
class Scale:
    """A share and its limits on a line from 0 to 100, in per cents."""

    value: float
    target: float | None = None
    low: float | None = None
    high: float | None = None

    @property
    def spread(self) -> float:
        """How long the limits are; nothing where they are not known."""
        if self.low is None or self.high is None:
            return 0
        return round(self.high - self.low, 2)


@dataclass(frozen=True)
class Figure:
    """One number with all that is needed to judge it."""

    label: str
    value: str  # "83%", "2.4", "*", "–"
    unit: str = ""
    target: str = ""  # "Target 90%"
    direction: Direction | None = None
    change: str = ""  # "up 4 points on October to December 2006"
    verdict: str = ""  # "Below target"
    tone: Tone = "plain"
    limits: str = ""  # "95% limits 79% to 87%"
    n: str = ""  # "of 412 first interventions"
    scale: Scale | None = None
    href: str = ""
    definition_href: str = ""


@dataclass(frozen=True)
class Card:
    """Look here first: a sentence that begins with its number, and one thing to do."""

    number: str
    sentence: str  # what follows the number
    action: str
    href: str
    tone: Tone = "info"
    verdict: str = ""  # "Worse than last month"


@dataclass(frozen=True)
class WorkItem:
    """One thing that waits for the person."""

    sentence: str
    href: str
    due_on: dt.date | None = None
    about: str = ""
    late: bool = False


@dataclass(frozen=True)
class Happening:
    """One line of a record's history: who, when, what, why."""

    what: str
    who: str
    at: dt.datetime | dt.date
    why: str = ""
    details: Sequence[str] = ()


@dataclass(frozen=True)
class Fact:
    """A named fact of a summary card."""

    name: str
    value: str
    href: str = ""


@dataclass(frozen=True)
class Summary:
    """The card on top of a record: its state in a word, and the facts one asks for first."""

    title: str
    state: str = ""
    tone: Tone = "plain"
    facts: Sequence[Fact] = ()


@dataclass(frozen=True)
class Progress:
    """How far a job has come. `poll_href` answers with the same component until it is over."""

    words: str  # "Checking the return"
    done: int = 0
    total: int | None = None
    remaining: str = ""  # "about 20 seconds left"
    over: bool = False
    tone: Tone = "info"
    poll_href: str = ""
    cancel_href: str = ""  # where a cancellation is posted, when it is safe

    @property
    def counts(self) -> str:
        return "" if self.total is None else f"{self.done:,} of {self.total:,}"


@dataclass(frozen=True)
class DataTable:
    """The table under a chart: the first cell of a row names it."""

    header: Sequence[str]
    rows: Sequence[Sequence[str]]

    def written_rows(self) -> SafeString:
        """The rows for the page: in a template a table of every area takes ten times as long."""
        return mark_safe("\n".join(_row(row) for row in self.rows))  # noqa: S308 - escaped in _row


@dataclass(frozen=True)
class Chart:
    """A chart as a page shows it.

    `svg_href` is drawn by the server and takes `&width=360` for a narrow screen; `json_href` is
    the same option for the browser. Both carry the whole state of the view.
    """

    identifier: str  # unique on the page; names the files that are downloaded
    title: str  # the finding
    description: str  # what a person who cannot see the picture is told
    svg_href: str
    table: DataTable
    subtitle: str = ""  # measure, area, period
    json_href: str = ""
    csv_href: str = ""
    definition_href: str = ""
    note: str = ""
    height: int = 380  # pixels, as it was drawn
    name: str = ""  # what its links call it, where the finding is too long: indicator and area

    @property
    def about(self) -> str:
        """What its links are about, for whoever hears them one by one."""
        return self.name or self.title

    @property
    def narrow_svg_href(self) -> str:
        return self._svg("width=360")

    @property
    def download_svg_href(self) -> str:
        return self._svg("download=1")

    @property
    def link(self) -> str:
        return f"#{self.identifier}"

    def _svg(self, more: str) -> str:
        return f"{self.svg_href}{'&' if '?' in self.svg_href else '?'}{more}"


@dataclass(frozen=True)
class Chip:
    """A filter that is in use, and the address of the list without it."""

    name: str
    value: str
    href: str


def _row(row: Sequence[str]) -> str:
    name, *others = (conditional_escape(cell) for cell in row)
    cells = (
        f'<td class="govuk-table__cell govuk-table__cell--numeric">{cell}</td>' for cell in others
    )
    head = f'<th scope="row" class="govuk-table__header">{name}</th>'
    return f'<tr class="govuk-table__row">{head}{"".join(cells)}</tr>'


def known_tone(tone: str) -> str:
    """The tone, or a refusal: a misspelt tone would show no shape."""
    if tone not in get_args(Tone):
        raise ValueError(f"{tone!r} is no tone; use one of {', '.join(get_args(Tone))}.")
    return tone


def as_tag(word: object, tone: str = "plain") -> SafeString:
    """A state as its word."""
    return format_html('<strong class="app-tag app-tag--{}">{}</strong>', known_tone(tone), word)


def as_verdict(word: object, tone: str = "plain") -> SafeString:
    """A judgement as its word, with the shape of its tone."""
    return format_html(
        '<span class="app-verdict app-verdict--{}">{}</span>', known_tone(tone), word
    )
