"""The posting table of the money ledger: what each kind of entry adds to, and what it may not do.

The service, the triggers of the database and `docs/ledger.md` are made from this one table.
Pounds throughout. Headroom = planned − committed − paid.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from operator import attrgetter
from typing import Literal, Protocol

from commissioning.kernel.money import ZERO

Sum = Literal["planned", "committed", "paid"]
Sign = Literal["any", "plus", "minus"]
_DEED = re.compile(r"^(bank:\d+|refund|commitment|release|accrual):", re.ASCII)
SUMS: tuple[Sum, ...] = ("planned", "committed", "paid")


@dataclass(frozen=True, kw_only=True)
class Posting:
    """One kind of entry.

    `is_a_fact`: it says what happened outside (money left the bank), so it is written even where
    the line cannot bear it; every other kind is a promise, and may not take headroom below
    nothing.
    """

    adds_to: Sum
    sign: Sign
    is_a_fact: bool
    meaning: str

    def allows(self, amount: Decimal) -> bool:
        """Whether an entry of the kind may have the amount's sign; nothing is never written."""
        if self.sign == "any":
            return amount != 0
        return amount > 0 if self.sign == "plus" else amount < 0


@dataclass(frozen=True)
class Sums:
    """What was agreed, promised and paid: of a line's part of a stream, or of many together."""

    planned: Decimal = ZERO
    committed: Decimal = ZERO
    paid: Decimal = ZERO

    def __add__(self, other: "Sums") -> "Sums":
        return Sums(
            self.planned + other.planned,
            self.committed + other.committed,
            self.paid + other.paid,
        )

    @property
    def headroom(self) -> Decimal:
        """What can still be promised; less than nothing when more was paid than planned."""
        return self.planned - self.committed - self.paid

    def after(self, kind: str, amount: Decimal) -> "Sums":
        """The sums once an entry of the kind is written."""
        adds_to = POSTINGS[kind].adds_to
        return replace(self, **{adds_to: getattr(self, adds_to) + amount})


class HasSums(Protocol):
    """Whatever has been planned, committed and paid for."""

    @property
    def planned(self) -> Decimal: ...
    @property
    def committed(self) -> Decimal: ...
    @property
    def paid(self) -> Decimal: ...


_SUMS_OF = attrgetter(*SUMS)


def totalled(many: Iterable[HasSums]) -> Sums:
    """The sums of many together, added up column by column."""
    columns = zip(*map(_SUMS_OF, many), strict=True)
    return Sums(*(sum(column, ZERO) for column in columns))


POSTINGS: Mapping[str, Posting] = {
    "ALLOCATION": Posting(
        adds_to="planned",
        sign="any",
        is_a_fact=False,
        meaning="What a plan or an amendment agreed, less what was agreed before.",
    ),
    "VIREMENT": Posting(
        adds_to="planned",
        sign="any",
        is_a_fact=False,
        meaning="Moved between two lines of one stream: minus on the one, plus on the other.",
    ),
    "COMMITMENT": Posting(
        adds_to="committed",
        sign="plus",
        is_a_fact=False,
        meaning="Promised to somebody, or put back: an accrual is reversed, an end was not so.",
    ),
    "RELEASE": Posting(
        adds_to="committed",
        sign="minus",
        is_a_fact=False,
        meaning="So much of a commitment is paid, accrued or no longer owed.",
    ),
    "PAYMENT": Posting(
        adds_to="paid",
        sign="any",
        is_a_fact=True,
        meaning="Left the bank, or, with a minus, came back.",
    ),
    "ACCRUAL": Posting(
        adds_to="paid",
        sign="any",
        is_a_fact=True,
        meaning="Used and not invoiced yet; reversed with a minus when the invoice is paid.",
    ),
}


def takes_headroom(kind: str, amount: Decimal) -> bool:
    """Whether the entry makes the headroom smaller."""
    before = Sums()
    return before.after(kind, amount).headroom < before.headroom


def kinds_of(sum_: Sum) -> tuple[str, ...]:
    """The kinds of entry that add to a sum."""
    return tuple(kind for kind, posting in POSTINGS.items() if posting.adds_to == sum_)


def reference_of(cause: str) -> str:
    """The reference that a person or the bank gave, without the kind of deed before it."""
    return _DEED.sub("", cause)


def as_table() -> str:
    """The posting table as Markdown, for the documents."""
    signs: Mapping[Sign, str] = {"any": "+ or −", "plus": "+", "minus": "−"}
    rows = [
        f"| {kind.capitalize()} | {one.adds_to} | {signs[one.sign]} |"
        f" {'yes' if one.is_a_fact else 'no'} | {one.meaning} |"
        for kind, one in POSTINGS.items()
    ]
    head = "| entry | adds to | sign | may exceed the line | what it says |"
    return "\n".join([head, "| --- | --- | --- | --- | --- |", *rows])
