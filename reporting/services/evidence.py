"""Writing down what plans must know of results: the one way figures go down to commissioning.

A figure is written twice in a row of `Evidence`: exactly, for whoever belongs to the area, and as
the gate lets it out to others. Only what differs from the latest day that is held is written, as
of the business day; earlier days stay as they were. What the results no longer give is written as
not measured from that day on.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import astuple, dataclass
from decimal import Decimal
from fractions import Fraction

from django.db import transaction

from commissioning.choices import OrganisationKind
from commissioning.kernel.periods import Grain, Period
from commissioning.kernel.words import day as written_day
from commissioning.models import Organisation
from commissioning.reference.evidence import EvidenceName
from commissioning.rule_settings import RuleSettings
from commissioning.scoping import System
from reporting.choices import AreaKind
from reporting.engine.scope import run
from reporting.indicators.care import CarePlans
from reporting.indicators.declared import Indicator
from reporting.indicators.planned_exits import Planned2006, Planned2009, PlannedExits
from reporting.indicators.retention import BY_RULE, headline_retention
from reporting.indicators.treatment import NumbersInTreatment
from reporting.indicators.within_target import FirstVoluntary
from reporting.selectors.areas import ENGLAND, Area, areas
from reporting.selectors.figures import Figures, Grid
from reporting.selectors.found import Measured
from reporting.services.group_evidence import treated_by_group
from reporting.services.lost_evidence import KnownPeriods, known_periods, take_away

# Held while evidence is written, to the end of the transaction: one at a time.
EVIDENCE_LOCK = 7_204_602
WRITER = System("write_evidence")
RECENT_YEARS = 2  # the year under way and the last full one
ZERO, STEP = Decimal(0), Decimal("0.0001")
SHARES: tuple[type[Indicator], ...] = (
    FirstVoluntary,
    Planned2006,
    Planned2009,
    CarePlans,
    *BY_RULE.values(),
)

WRITE = """
INSERT INTO commissioning_evidence
       (subject_id, name, period, value, numerator, denominator,
        shown_value, shown_numerator, shown_denominator, source, as_at)
SELECT given.*, %(on)s
  FROM unnest(%(subject)s::bigint[], %(name)s::text[], %(period)s::text[], %(value)s::numeric[],
              %(numerator)s::bigint[], %(denominator)s::bigint[], %(shown_value)s::numeric[],
              %(shown_numerator)s::bigint[], %(shown_denominator)s::bigint[], %(source)s::text[])
       AS given (subject_id, name, period, value, numerator, denominator,
                 shown_value, shown_numerator, shown_denominator, source)
  LEFT JOIN LATERAL (
       SELECT one.* FROM commissioning_evidence one
        WHERE one.subject_id = given.subject_id AND one.name = given.name
          AND one.period = given.period AND one.as_at <= %(on)s
        ORDER BY one.as_at DESC LIMIT 1) held ON true
 WHERE (held.value, held.numerator, held.denominator, held.shown_value,
        held.shown_numerator, held.shown_denominator, held.source)
       IS DISTINCT FROM
       (given.value, given.numerator, given.denominator, given.shown_value,
        given.shown_numerator, given.shown_denominator, given.source)
    ON CONFLICT (subject_id, name, period, as_at) DO UPDATE
   SET value = excluded.value, numerator = excluded.numerator,
       denominator = excluded.denominator, shown_value = excluded.shown_value,
       shown_numerator = excluded.shown_numerator,
       shown_denominator = excluded.shown_denominator, source = excluded.source
"""


@dataclass(frozen=True)
class Fact:
    """A row of evidence; its fields are the parameters of the statement, in its order."""

    subject: int
    name: str
    period: str
    value: Decimal
    numerator: int | None
    denominator: int | None
    shown_value: Decimal | None
    shown_numerator: int | None
    shown_denominator: int | None
    source: str


@dataclass(frozen=True)
class Span:
    """A financial year as far as it is known, and the last month of it that is complete."""

    year: Period
    month: Period | None


@transaction.atomic
def write_evidence(*, on: dt.date, every_year: bool = False) -> int:
    """Write what is measured now, of every partnership, region and England; says how many rows.

    Of the latest quarter, the year under way and the last full one; with `every_year`, of all.
    In treatment also in the last complete month of each year, and of those treated in the year
    the people who were not in treatment in that month: they have left.
    """
    run("SELECT pg_advisory_xact_lock(%(key)s)", {"key": EVIDENCE_LOCK})
    writing = _Writing(on=on, every_year=every_year)
    facts = list(writing.facts())
    return _written(facts, on=on) + take_away(
        writing.known,
        asked=writing.asked,
        given={(one.subject, one.name, one.period) for one in facts},
        subjects=writing.areas.values(),
        on=on,
    )


def _written(facts: Sequence[Fact], *, on: dt.date) -> int:
    if not facts:
        return 0
    columns = zip(*(astuple(one) for one in facts), strict=True)
    names = Fact.__dataclass_fields__
    given = {name: list(column) for name, column in zip(names, columns, strict=True)}
    return run(WRITE, {"on": on, **given})


class _Writing:
    """The figures of one run, through both doors, and the rows they make."""

    def __init__(self, *, on: dt.date, every_year: bool) -> None:
        self.exact, self.released = Figures.exact(WRITER), Figures.released()
        self.known = known_periods(self.exact)
        spans, quarter = _spans(self.known)
        self.spans = spans if every_year else spans[-RECENT_YEARS:]
        self.months = [span.month for span in self.spans if span.month]
        self.whole = [span.year for span in self.spans] + ([quarter] if quarter else [])
        self.areas = _subjects(on)

    @property
    def asked(self) -> list[Period]:
        """The periods that this run asks the results about."""
        return list(dict.fromkeys([*self.whole, *self.months]))

    def facts(self) -> Iterator[Fact]:
        in_treatment = self._grids([NumbersInTreatment], self.asked)
        for period in self.asked:
            yield from self._counts(in_treatment, period)
        for span in self.spans:
            yield from self._left(in_treatment[0], span)
        yield from self._groups()
        shares = self._grids(SHARES, self.whole)
        for period in self.whole:
            for name, indicator in _headlines(self._measured(period).rules, period):
                yield from self._shares(shares, name, indicator, period)

    def _grids(
        self, indicators: Sequence[type[Indicator]], periods: Sequence[Period]
    ) -> tuple[Grid, Grid]:
        of = list(self.areas)
        return (
            self.exact.grid(indicators, of, periods),
            self.released.grid(indicators, of, periods),
        )

    def _counts(self, grids: tuple[Grid, Grid], period: Period) -> Iterator[Fact]:
        for area, subject in self.areas.items():
            exact, shown = (grid[NumbersInTreatment.code, area, period] for grid in grids)
            if isinstance(exact.value.value, int):
                source = self._source("People in structured treatment", period)
                yield _count(
                    (subject, EvidenceName.IN_TREATMENT, period.code),
                    exact.value.value,
                    _whole(shown.value.value),
                    source,
                )

    def _left(self, exact: Grid, span: Span) -> Iterator[Fact]:
        """Treated in the year and not in its last month. Whoever was in the month was in the
        year, so the difference is a number of people."""
        if span.month is None or not self._same_rules(span.year, span.month):
            return
        for area, subject in self.areas.items():
            year = exact[NumbersInTreatment.code, area, span.year].value.value
            month = exact[NumbersInTreatment.code, area, span.month].value.value
            if not isinstance(year, int) or not isinstance(month, int) or month > year:
                continue
            shown = self.released.gate(area, span.year).count(year - month)
            yield _count(
                (subject, EvidenceName.LEFT_TREATMENT, span.year.code),
                year - month,
                _whole(shown.value),
                self._source(f"In treatment in the year, not in {span.month.label}", span.year),
            )

    def _groups(self) -> Iterator[Fact]:
        """People of groups in treatment in each year."""
        years = [span.year for span in self.spans]
        for one in treated_by_group(self.exact, of=list(self.areas), periods=years):
            shown = self.released.gate(one.area, one.period).count(one.people)
            yield _count(
                (self.areas[one.area], one.name, one.period.code),
                one.people,
                _whole(shown.value),
                self._source(f"In treatment in the year: {one.label}", one.period),
            )

    def _shares(
        self, grids: tuple[Grid, Grid], name: str, indicator: type[Indicator], period: Period
    ) -> Iterator[Fact]:
        source = self._source(indicator.title, period)
        for area, subject in self.areas.items():
            exact, shown = (grid[indicator.code, area, period] for grid in grids)
            top, bottom = _whole(exact.numerator.value), _whole(exact.denominator.value)
            if top is None or not bottom:
                continue
            out: tuple[int | None, int | None]
            out = (_whole(shown.numerator.value), _whole(shown.denominator.value))
            if shown.rate is None:
                out = (None, None)
            exactly, released = _value(name, top, bottom), _value(name, *out)
            yield Fact(
                subject, name, period.code, exactly or ZERO, top, bottom, released, *out, source
            )

    def _source(self, words: str, period: Period) -> str:
        """What it is, by which rules, and how far the returns then reached."""
        measured = self._measured(period)
        reach = written_day(min(measured.cut_off, period.last_day))
        return f"{words}, {period.label}; rules {measured.rule_set}; returns to {reach}"

    def _measured(self, period: Period) -> Measured:
        found = self.exact.measured(period)
        assert found is not None  # noqa: S101 - only measured periods are asked for
        return found

    def _same_rules(self, *periods: Period) -> bool:
        return len({self._measured(one).rule_set for one in periods}) == 1


def _count(of: tuple[int, str, str], exact: int, shown: int | None, source: str) -> Fact:
    """A number of people: of a subject, a name and a period."""
    released = None if shown is None else Decimal(shown)
    return Fact(*of, Decimal(exact), None, None, released, None, None, source)


def _spans(known: KnownPeriods) -> tuple[list[Span], Period | None]:
    """The years with the last complete month of each, and the last complete quarter."""
    months = known.of(Grain.MONTH)
    spans = [
        Span(year, max((one for one in months if one.start in year), default=None))
        for year in known.of(Grain.YEAR)
    ]
    return spans, max(known.of(Grain.QUARTER), default=None)


def _subjects(on: dt.date) -> dict[Area, int]:
    """England, the regions and the partnerships of the day, each with its organisation."""
    found = {
        area: area.organisation_id
        for kind in (AreaKind.REGION, AreaKind.PARTNERSHIP)
        for area in areas(kind, on=on)
        if area.organisation_id is not None
    }
    nation = Organisation.objects.of_kind(OrganisationKind.NATION).first()
    return {ENGLAND: nation.pk, **found} if nation else found


def _headlines(
    rules: RuleSettings, period: Period
) -> Iterable[tuple[EvidenceName, type[Indicator]]]:
    """The shares plans begin from, each by the rule that is headline in the period."""
    yield EvidenceName.FIRST_WAITS, FirstVoluntary
    if retention := headline_retention(rules, period):
        yield EvidenceName.RETAINED, retention
    planned: tuple[type[PlannedExits], ...] = (Planned2006, Planned2009)
    headline = next((one for one in planned if not one.is_as_if(rules, period)), None)
    if headline:
        yield EvidenceName.PLANNED_EXITS, headline
    yield EvidenceName.CARE_PLANS, CarePlans


def _whole(value: int | Decimal | None) -> int | None:
    return None if value is None else int(value)


def _value(name: str, top: int | None, bottom: int | None) -> Decimal | None:
    """A share between 0 and 1 to four places; of planned exits, which are agreed as a number,
    how many they are."""
    if top is None or not bottom:
        return None
    if name == EvidenceName.PLANNED_EXITS:
        return Decimal(top)
    share = Fraction(top, bottom)
    return (Decimal(share.numerator) / share.denominator).quantize(STEP)
