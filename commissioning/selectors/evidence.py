"""Reading evidence through its two doors, as figures are read.

Whoever may see the exact figures of a subject is given `value`; everybody else what may be shown
of it. Nothing else gives a page of plans a number of another area.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from commissioning.kernel.periods import Grain, Period
from commissioning.kernel.words import MISSING, SUPPRESSED
from commissioning.models import Evidence
from commissioning.roles import Permission
from commissioning.scoping import Actor


@dataclass(frozen=True, kw_only=True)
class Known:
    """A fact as one reader is shown it; without a value it is held back, or was not measured on
    the day and the source says why.
    """

    name: str
    period: Period
    value: Decimal | None
    numerator: int | None
    denominator: int | None
    as_at: dt.date
    source: str
    is_exact: bool
    is_measured: bool = True

    @property
    def people(self) -> int | None:
        return None if self.value is None else int(self.value)

    @property
    def sign(self) -> str:
        """What stands for the number where it is held back or not measured."""
        if not self.is_measured:
            return MISSING
        return SUPPRESSED if self.value is None else ""


class KnownFacts:
    """Facts of several subjects, by subject, name and period."""

    def __init__(self, facts: Mapping[tuple[int, str, Period], Known]) -> None:
        self._facts = facts

    def of(self, subject: int, name: str, period: Period) -> Known | None:
        """The fact of a period; None where it was never written down."""
        return self._facts.get((subject, name, period))

    def latest(self, subject: int, name: str, grain: Grain, *, before: dt.date) -> Known | None:
        """The fact of the latest period of the grain that begins before the day. A period in
        which nobody is measured any more is passed over while there is another.
        """
        of_all = [
            (whose, fact)
            for (whose, called, period), fact in self._facts.items()
            if (called, period.grain) == (name, grain) and period.start < before
        ]
        measured = {fact.period for _, fact in of_all if fact.is_measured}
        found = [fact for whose, fact in of_all if whose == subject]
        return max(found, key=lambda fact: (fact.period in measured, fact.period), default=None)


def known_facts(
    reader: Actor,
    *,
    subjects: Iterable[int],
    names: Iterable[str],
    on: dt.date,
    periods: Iterable[Period] = (),
) -> KnownFacts:
    """What was known on the day, as the reader may be shown it; of the periods alone where some
    are given. One query."""
    reach = reader.reach(Permission.FIGURES_VIEW)
    rows = Evidence.objects.known_on(on).filter(subject__in=set(subjects), name__in=set(names))
    wanted = [one.code for one in periods]
    found = {}
    for row in rows.filter(period__in=wanted) if wanted else rows.exclude(period=""):
        period = Period.parse(row.period)
        exact = reach.covers(row.subject_id)
        found[row.subject_id, row.name, period] = Known(
            name=row.name,
            period=period,
            value=row.value if exact else row.shown_value,
            numerator=row.numerator if exact else row.shown_numerator,
            denominator=row.denominator if exact else row.shown_denominator,
            as_at=row.as_at,
            source=row.source,
            is_exact=exact,
            is_measured=row.value is not None,
        )
    return KnownFacts(found)
