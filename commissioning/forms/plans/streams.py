"""The streams of a year as they are typed: amount, standing, who holds it, note."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from commissioning.choices import FundingStanding
from commissioning.kernel.errors import DomainError
from commissioning.kernel.money import read_pounds
from commissioning.models import Funding, FundingStream, Organisation
from commissioning.services.plans.funding import FundingRow

CELLS = ("amount", "standing", "holder", "note")
LONGEST = {"holder": 120, "note": 300}


@dataclass
class StreamRow:
    """A stream's row: its cells, what they were, what is wrong and what somebody else wrote."""

    stream: FundingStream
    cells: dict[str, str]
    was: dict[str, str]
    errors: dict[str, str] = field(default_factory=dict)
    now: dict[str, str] = field(default_factory=dict)

    @property
    def held(self) -> str:
        """What the cells were, for the hidden field beside them."""
        return json.dumps(self.was, ensure_ascii=False)

    @property
    def changed(self) -> bool:
        return any(self.cells[name] != self.was.get(name, "") for name in CELLS)

    def read(self, members: Mapping[str, Organisation]) -> FundingRow | None:
        """The row as typed values; None where nothing was changed or something is wrong."""
        if not self.changed:
            return None
        amount = None
        try:
            amount = read_pounds(self.cells["amount"]) if self.cells["amount"] else None
        except DomainError as refused:
            self.errors["amount"] = str(refused)
        if self.cells["standing"] not in FundingStanding.values:
            self.errors["standing"] = "Choose confirmed or expected."
        for name, longest in LONGEST.items():
            if len(self.cells[name]) > longest:
                self.errors[name] = f"Use {longest} letters or fewer."
        if amount is None and not self.errors and (self.cells["holder"] or self.cells["note"]):
            self.errors["amount"] = f"Enter how much there is of {self.stream}."
        if self.errors:
            return None
        return FundingRow(
            stream=self.stream.pk,
            amount=amount,
            standing=FundingStanding(self.cells["standing"]),
            holder=members.get(self.cells["holder"].casefold()),
            held_by=self.cells["holder"],
            note=self.cells["note"],
        )

    def merge(self, now: Mapping[str, str]) -> list[tuple[str, str, str]]:
        """Take in what the row says now: cell, its value now, and what was typed there."""
        found = []
        for name in CELLS:
            was, says, typed = self.was.get(name, ""), now[name], self.cells[name]
            if says == was:
                continue
            mine = typed if typed not in {was, says} else ""
            found.append((name, says, mine))
            if mine:
                self.now[name] = says
            else:
                self.cells[name] = says
        self.was = dict(now)
        return found


def stream_rows(
    streams: Sequence[FundingStream], funding: Mapping[str, Funding]
) -> list[StreamRow]:
    """The streams as the plan has them."""
    return [
        StreamRow(stream, cells_of(funding.get(stream.pk)), cells_of(funding.get(stream.pk)))
        for stream in streams
    ]


def typed_streams(
    streams: Sequence[FundingStream], posted: Mapping[str, object]
) -> list[StreamRow]:
    """The streams as they were sent, right or wrong."""
    return [
        StreamRow(
            stream,
            {name: str(posted.get(f"{stream.pk}.{name}", "")).strip() for name in CELLS},
            _was(str(posted.get(f"{stream.pk}.was", ""))),
        )
        for stream in streams
    ]


def cells_of(funding: Funding | None) -> dict[str, str]:
    """What the cells of a stream say."""
    if funding is None:
        return {"amount": "", "standing": FundingStanding.EXPECTED, "holder": "", "note": ""}
    whole = funding.amount == funding.amount.to_integral_value()
    return {
        "amount": f"{funding.amount:,.0f}" if whole else f"{funding.amount:,.2f}",
        "standing": funding.standing,
        "holder": str(funding.holder or funding.held_by),
        "note": funding.note,
    }


def _was(text: str) -> dict[str, str]:
    try:
        held = json.loads(text or "{}")
    except ValueError:
        return {}
    return {str(name): str(cell) for name, cell in held.items()} if isinstance(held, dict) else {}
