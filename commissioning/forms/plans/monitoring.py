"""A quarter's report as it is typed: a row a line, a row a milestone, and its commentary."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django import forms

from commissioning.choices import MilestoneStatus
from commissioning.forms.base import SayingForm
from commissioning.kernel.errors import DomainError
from commissioning.kernel.money import read_pounds
from commissioning.models import QuarterReport
from commissioning.selectors.plans.monitoring import LineStanding, Milestone, Standing
from commissioning.services.plans.monitoring import MOST_STARTS, LineRow, MilestoneRow

LONGEST = {"commentary": 500, "note": 300}
LONGEST_COMMENTARY = 5_000
OF_A_LINE = {"spend": "Spent", "starts": "Starts", "commentary": "Commentary"}
OF_A_MILESTONE = {"status": "Status", "note": "Note"}


@dataclass
class Row:
    """The cells of a row, what is wrong with them, and what somebody else saved meanwhile."""

    cells: dict[str, str]
    errors: dict[str, str] = field(default_factory=dict)
    now: dict[str, str] = field(default_factory=dict)

    def refuse_too_long(self) -> None:
        for name, longest in LONGEST.items():
            if len(self.cells.get(name, "")) > longest:
                self.errors[name] = f"Use {longest} letters or fewer."


@dataclass
class LineCells(Row):
    """What is typed of a line."""

    line: LineStanding = field(kw_only=True)

    def read(self) -> LineRow | None:
        """The row as typed values; None where something is wrong."""
        spend = None
        try:
            spend = read_pounds(self.cells["spend"]) if self.cells["spend"] else None
        except DomainError as refused:
            self.errors["spend"] = str(refused)
        starts = _whole(self.cells["starts"])
        if self.cells["starts"] and (starts is None or starts > MOST_STARTS):
            self.errors["starts"] = f"Enter a whole number from 0 to {MOST_STARTS:,}."
        self.refuse_too_long()
        if self.errors:
            return None
        return LineRow(
            number=self.line.number,
            spend=spend,
            starts=starts,
            commentary=self.cells["commentary"],
        )


@dataclass
class MilestoneCells(Row):
    """What is typed of a milestone."""

    milestone: Milestone = field(kw_only=True)

    def read(self) -> MilestoneRow | None:
        if self.cells["status"] not in MilestoneStatus.values:
            self.errors["status"] = "Choose a status from the list."
        self.refuse_too_long()
        if self.errors:
            return None
        return MilestoneRow(
            key=self.milestone.key,
            status=MilestoneStatus(self.cells["status"]),
            note=self.cells["note"],
        )


class Sheet:
    """All that is written of a quarter: as it stands, or as it was sent."""

    def __init__(
        self,
        report: QuarterReport,
        standing: Standing,
        posted: Mapping[str, str] | None = None,
    ) -> None:
        self.refusal = ""
        self.commentary_error = ""
        self.commentary_now = ""
        said = {f"l{one.number}": _of_line(one) for one in standing.lines}
        said |= {f"m{one.key}": _of_milestone(one) for one in standing.milestones}
        self.revision = str(report.revision)
        self.commentary = report.commentary
        if posted is not None:
            self.revision = posted.get("revision", "")
            self.commentary = posted.get("commentary", "").replace("\r\n", "\n").strip()
            said = {row: _typed(row, cells, posted) for row, cells in said.items()}
        self.lines = [LineCells(said[f"l{one.number}"], line=one) for one in standing.lines]
        self.milestones = [
            MilestoneCells(said[f"m{one.key}"], milestone=one) for one in standing.milestones
        ]

    def read(self) -> tuple[list[LineRow], list[MilestoneRow]] | None:
        """What was typed, for the service; None where something is wrong."""
        lines, milestones = (
            [one.read() for one in self.lines],
            [one.read() for one in self.milestones],
        )
        if len(self.commentary) > LONGEST_COMMENTARY:
            self.commentary_error = f"Use {LONGEST_COMMENTARY:,} letters or fewer."
        if self.errors:
            return None
        return [one for one in lines if one], [one for one in milestones if one]

    @property
    def seen(self) -> int | None:
        """The revision the person saw; None when the page did not say."""
        return _whole(self.revision)

    @property
    def errors(self) -> list[tuple[str, str]]:
        """Each fault as a sentence, with the id of its field."""
        found = [(self.commentary_error, "commentary")] if self.commentary_error else []
        for one in self.lines:
            for name, sentence in one.errors.items():
                where = f"Line {one.line.number}, {OF_A_LINE[name].lower()}"
                found.append((f"{where}: {sentence}", f"l{one.line.number}-{name}"))
        for row in self.milestones:
            for name, sentence in row.errors.items():
                where = f"{row.milestone.action[:60]}, {OF_A_MILESTONE[name].lower()}"
                found.append((f"{where}: {sentence}", f"m{row.milestone.key}-{name}"))
        return found

    def overtake(self, report: QuarterReport, standing: Standing) -> None:
        """Keep what was typed beside what is there now, and rest on that."""
        self.revision = str(report.revision)
        if report.commentary != self.commentary:
            self.commentary_now = report.commentary or "empty"
        lines = {one.number: _of_line(one) for one in standing.lines}
        milestones = {one.key: _of_milestone(one) for one in standing.milestones}
        for one in self.lines:
            _note_other(one, lines.get(one.line.number, {}))
        for row in self.milestones:
            _note_other(row, milestones.get(row.milestone.key, {}))

    @property
    def differences(self) -> int:
        """How many cells somebody else saved otherwise."""
        rows: Sequence[Row] = [*self.lines, *self.milestones]
        return sum(len(row.now) for row in rows) + bool(self.commentary_now)


class SignForm(SayingForm):
    """The signature: nothing but what was looked at."""

    revision = forms.IntegerField(widget=forms.HiddenInput)


class ReopenForm(SignForm):
    """Why a signed report is given back."""

    reason = forms.CharField(
        label="Reason",
        help_text="The partnership reads it with its report.",
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=500,
    )


def _of_line(one: LineStanding) -> dict[str, str]:
    spend = ""
    if one.spend is not None:
        whole = one.spend == one.spend.to_integral_value()
        spend = f"{one.spend:,.0f}" if whole else f"{one.spend:,.2f}"
    return {
        "spend": spend,
        "starts": "" if one.starts is None else str(one.starts),
        "commentary": one.commentary,
    }


def _of_milestone(one: Milestone) -> dict[str, str]:
    return {"status": one.status, "note": one.note}


def _typed(row: str, cells: Mapping[str, str], posted: Mapping[str, str]) -> dict[str, str]:
    """What was sent of the row; a cell that was not sent stays as it is."""
    return {name: posted.get(f"{row}-{name}", said).strip() for name, said in cells.items()}


def _note_other(row: Row, now: Mapping[str, str]) -> None:
    row.now = {
        name: said or "empty"
        for name, said in now.items()
        if said.replace(",", "") != row.cells[name].replace(",", "").replace("£", "")
    }


def _whole(typed: str) -> int | None:
    plain = typed.replace(",", "").strip()
    return int(plain) if plain.isascii() and plain.isdigit() and len(plain) < 10 else None  # noqa: PLR2004
