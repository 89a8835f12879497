"""The budget grid as HTML, written here and not in a template: it is three thousand inputs."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from html import escape

from django.utils.safestring import SafeString, mark_safe

from commissioning.components import Tone
from commissioning.forms.plans.sheet import Sheet, SheetRow, cell_id
from commissioning.kernel.errors import DomainError
from commissioning.kernel.money import ZERO
from commissioning.kernel.words import pounds
from commissioning.rules.costs import Balance, line_cost, portions
from commissioning.rules.line_cells import BY_NAME, COLUMNS, STREAM, read_cells
from commissioning.rules.line_tiers import tier_wants_a_reason
from commissioning.selectors.plans.lines import taken_by
from commissioning.selectors.plans.moved import Moved

NUMERIC = frozenset({"tier", "count", "number", "pounds"})
TONES: Mapping[str, Tone] = {"even": "good", "under": "watch", "over": "bad"}
PRICES = ("unit_cost", "volume", "weeks", "plain_sum")


@dataclass(frozen=True)
class RowSums:
    """What a row costs and takes from each stream, as far as it can be read."""

    cost: Decimal = ZERO
    amounts: Mapping[str, Decimal] | None = None
    known: bool = True  # its price and its streams could be read

    @property
    def balance(self) -> Balance:
        return Balance(self.cost, sum((self.amounts or {}).values(), ZERO))


@dataclass(frozen=True)
class Foot:
    """A stream's column added up: what the lines take, and what there is."""

    code: str
    name: str
    balance: Balance
    unknown: bool  # no such stream is allocated
    joint: Decimal = ZERO  # what joint plans take of it before the lines do

    @property
    def tone(self) -> str:
        return TONES[self.balance.standing]


@dataclass(frozen=True)
class Grid:
    """What the page is given: body and sums."""

    body: SafeString
    feet: list[Foot]
    whole: Balance  # what the lines cost against what streams pay
    have: Balance  # what there is of all streams against what the lines take

    @property
    def has_joint(self) -> bool:
        return any(foot.joint for foot in self.feet)

    @property
    def tone(self) -> str:
        return TONES[self.whole.standing]


def grid_of(
    sheet: Sheet,
    *,
    writable: bool,
    joint: Mapping[str, Decimal] | None = None,
    comments_href: str = "",
    moved: Mapping[int, Sequence[Moved]] | None = None,
) -> Grid:
    """The rows as they are typed, with their sums and what is to be said about each.

    `joint` is what joint plans take of each stream: what there is for the lines is the rest.
    `comments_href` is the page of comments, for whoever may add one; `moved` what virements moved
    since the plan was agreed, by the line's number.
    """
    joint = joint or {}
    sums = [sums_of(sheet, row) for row in sheet.rows]
    counted = [one for row, one in zip(sheet.rows, sums, strict=True) if not row.remove]
    taken = {
        stream.code: sum(((one.amounts or {}).get(stream.code, ZERO) for one in counted), ZERO)
        for stream in sheet.streams
    }
    feet = [
        Foot(
            stream.code,
            stream.name,
            Balance((stream.amount or ZERO) - joint.get(stream.code, ZERO), taken[stream.code]),
            stream.amount is None,
            joint.get(stream.code, ZERO),
        )
        for stream in sheet.streams
    ]
    writing = _Writing(sheet, writable=writable, comments_href=comments_href, moved=moved or {})
    rows = zip(sheet.rows, sums, strict=True)
    return Grid(
        mark_safe("".join(writing.row(row, one) for row, one in rows)),  # noqa: S308 - escaped
        feet,
        Balance(sum((one.cost for one in counted), ZERO), sum(taken.values(), ZERO)),
        Balance(sum((foot.balance.have for foot in feet), ZERO), sum(taken.values(), ZERO)),
    )


def sums_of(sheet: Sheet, row: SheetRow) -> RowSums:
    """From the line where nothing is typed, else from what is; nought where it cannot be read.

    Percentages that make no hundred count as what each comes to.
    """
    if row.line is not None and not row.changed():
        amounts = dict(row.line.taken)
        return RowSums(row.line.cost, amounts)
    if row.is_blank:
        return RowSums()
    read = read_cells(row.cells, sheet.lists)
    try:
        cost = line_cost(**{name: read.values.get(name) for name in PRICES})
    except DomainError:
        return RowSums(amounts=read.amounts, known=False)
    amounts = {**read.amounts, **portions(cost, read.percents)}
    readable = {*BY_NAME} - {*PRICES} | {STREAM + code for code in amounts}
    return RowSums(cost, amounts, known=all(one.column in readable for one in read.errors))


def moved_words(one: Moved) -> str:
    """What a virement did to a line, which what it costs does not say."""
    way = "in" if one.amount > 0 else "out"
    return (
        f"{pounds(abs(one.amount))} moved {way} by virement {one.virement}, after the plan was"
        " agreed"
    )


class _Writing:
    """Writes rows. Every text that was typed or kept is escaped where it is written."""

    def __init__(
        self,
        sheet: Sheet,
        *,
        writable: bool,
        comments_href: str,
        moved: Mapping[int, Sequence[Moved]],
    ) -> None:
        self.sheet, self.moved = sheet, moved
        self.comments_href = escape(comments_href)
        self.writable = writable
        self.streams = {stream.code: stream for stream in sheet.streams}
        self.columns = [
            (name, BY_NAME[name].kind if name in BY_NAME else "pounds") for name in sheet.columns
        ]
        self.attributes = {
            name: f' list="l-{name}"' if kind == "listed" else "" for name, kind in self.columns
        }
        self.attributes["provider"] += ' placeholder="To be commissioned"'
        # What stands before, within and after each cell of a row that nothing is said about.
        self.plain = [
            (
                name,
                f'<td class="app-c-{kind}"><input name="',
                f'" aria-labelledby="h-{name} r-',
                f'"{self.attributes[name]}></td>',
            )
            for name, kind in self.columns
        ]

    def row(self, row: SheetRow, sums: RowSums) -> str:
        balance = sums.balance
        blank = row.is_blank or not sums.known
        cost = "" if blank else pounds(sums.cost)
        standing = "" if blank else _verdict(balance)
        state = " app-budget__row--going" if row.remove else ""
        return (
            f'<tr class="govuk-table__row{state}" data-row="{row.key}">'
            f"{self._head(row)}{''.join(self._cells(row))}"
            f'<td class="app-budget__sum" data-cost>{cost}</td>'
            f'<td class="app-budget__sum" data-standing>{standing}</td>'
            f"{self._notes(row)}{self._remove(row)}</tr>"
        )

    def _head(self, row: SheetRow) -> str:
        if row.number is None:
            words = f"New<span class='govuk-visually-hidden'> line {row.key[4:]}</span>"
        else:
            words = (
                f'<a class="govuk-link govuk-link--no-visited-state" href="{row.number}/">'
                f"<span class='govuk-visually-hidden'>Line </span>{row.number}</a>"
            )
        hidden = ""
        if self.writable and row.number is not None:
            was = {name: text for name, text in row.was.items() if text}
            held = escape(json.dumps(was, ensure_ascii=False, separators=(",", ":")))
            hidden = f'<input type="hidden" name="{row.key}.was" value="{held}">'
        return f'<th scope="row" class="govuk-table__header" id="r-{row.key}">{words}{hidden}</th>'

    def _cells(self, row: SheetRow) -> Iterable[str]:
        if not self.writable:
            for name, kind in self.columns:
                side = ' class="app-budget__sum"' if kind in NUMERIC else ""
                yield f"<td{side}>{escape(row.cells.get(name, ''))}</td>"
        elif row.errors or row.overtaken:
            for name, kind in self.columns:
                yield self._input(row, name, kind)
        else:
            key, cells = row.key, row.cells
            for name, before, within, after in self.plain:
                text = cells.get(name)
                value = escape(text) if text else ""
                yield f'{before}{key}.{name}" value="{value}{within}{key}{after}'

    def _input(self, row: SheetRow, name: str, kind: str) -> str:
        """A cell of a row that something is said about."""
        more, below, wrong = self._said(row, name, self.attributes[name])
        return (
            f'<td class="app-c-{kind}{wrong}"><input name="{row.key}.{name}"'
            f' value="{escape(row.cells.get(name, ""))}"'
            f' aria-labelledby="h-{name} r-{row.key}"{more}>{below}</td>'
        )

    def _said(self, row: SheetRow, name: str, more: str) -> tuple[str, str, str]:
        """What is said under a cell: its error, or what somebody else made of it."""
        error, now = row.errors.get(name, ""), row.now.get(name)
        identifier = cell_id(row, name)
        if not error and now is None:
            return f'{more} id="{identifier}"', "", ""
        said = (
            f'<span class="govuk-visually-hidden">Error: </span>{escape(error)}'
            if error
            else f"Now: {escape(now or 'empty')}"
        )
        more = f'{more} id="{identifier}" aria-describedby="e-{identifier}"'
        below = f'<span class="app-budget__said" id="e-{identifier}">{said}</span>'
        return (f'{more} aria-invalid="true"', below, " is-wrong") if error else (more, below, "")

    def _notes(self, row: SheetRow) -> str:
        said = [row.errors[""]] if row.errors.get("") else []
        found = "".join(f"<li>{escape(one)}</li>" for one in [*said, *self._warnings(row)])
        listed = f"<ul>{found}</ul>" if found else ""
        return f'<td class="app-budget__notes">{listed}{self._comment(row)}</td>'

    def _comment(self, row: SheetRow) -> str:
        if not self.comments_href or row.number is None:
            return ""
        return (
            '<a class="govuk-link govuk-link--no-visited-state"'
            f' href="{self.comments_href}?line={row.number}">Comment'
            f'<span class="govuk-visually-hidden"> on line {row.number}</span></a>'
        )

    def _warnings(self, row: SheetRow) -> list[str]:
        """What does not stop a save and yet needs an answer before the plan is submitted."""
        line = row.line
        if line is None or row.remove:
            return []
        said = [moved_words(one) for one in self.moved.get(line.number, ())]
        said += [
            self.streams[one.stream_id].warning(line.intervention)
            for one in line.taken
            if one.amount and one.stream_id in self.streams
        ]
        said.append(
            tier_wants_a_reason(
                line.intervention_id or "", line.tier, setting=line.setting, note=line.note
            )
        )
        return [one for one in said if one]

    def _remove(self, row: SheetRow) -> str:
        if not self.writable:
            return ""
        if row.number is None:
            return "<td></td>"
        ticked = " checked" if row.remove else ""
        return (
            f'<td class="app-budget__remove"><input type="checkbox" name="{row.key}.remove"'
            f' value="1" aria-labelledby="h-remove r-{row.key}"{ticked}></td>'
        )


def datalists(sheet: Sheet) -> SafeString:
    """What may stand in the listed cells, for the browser to offer: every provider there is."""
    written = (
        f'<datalist id="l-{escape(name)}">'
        + "".join(f'<option value="{escape(label)}"></option>' for label in listed.names.values())
        + "</datalist>"
        for name, listed in sheet.lists.items()
    )
    return mark_safe("".join(written))  # noqa: S308 - every label is escaped


def _verdict(balance: Balance) -> str:
    tone = TONES[balance.standing]
    return f'<span class="app-verdict app-verdict--{tone}">{escape(balance.words)}</span>'


def file_header(sheet: Sheet) -> list[str]:
    """The header of the grid as a file; the same names are read when it comes back."""
    streams = [stream.name for stream in sheet.streams]
    return ["No.", *(column.heading for column in COLUMNS), *streams, "Cost", "Not allocated"]


def not_allocated(row: SheetRow) -> Decimal:
    """What of the line's cost no stream pays; less than nothing when they pay too much."""
    return row.line.cost - taken_by(row.line) if row.line else ZERO
