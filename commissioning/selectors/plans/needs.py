"""A needs assessment as one reader is shown it: rings, penetration, capacity, comparators.

Who sees what in an assessment of several partnerships together:

- What the lead typed (estimates, groups, views, gaps, capacity) is the assessment's own text and
  is read by all that it covers.
- Rings that the system knows are taken from evidence, through its two doors: exactly for areas
  whose figures the reader may see, which for a commissioner is their own and for a reviewer those
  of the region; of a neighbour, as the gate lets it out: few people hidden, others rounded.
- A sum over areas is made of what the reader is shown and of nothing else, so that a neighbour
  cannot be had by taking one's own away; where an area is held back there is no sum.
- The region and England are shown as released to everybody.
- What the lines of a plan hold is set beside capacity only on that plan, to its own readers.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from commissioning.choices import BullseyeRing
from commissioning.kernel.periods import Grain, Period
from commissioning.kernel.words import count
from commissioning.models import Organisation, User
from commissioning.reference import comparators
from commissioning.reference.evidence import EvidenceName
from commissioning.rules.bullseye import Bullseye, Estimate, Penetration, penetration
from commissioning.rules.needs import RingFigure
from commissioning.selectors.evidence import Known, KnownFacts, known_facts
from commissioning.selectors.plans.needs_groups import TREATED, ShownGroup, shown_groups
from commissioning.selectors.plans.needs_parts import AssessmentParts, CoveredArea
from commissioning.selectors.plans.needs_reach import Neighbours, Together

NATIONAL_ESTIMATE = "problem-drug-users"
# The rings the system knows, where it has measured them.
KNOWN_RINGS = {
    BullseyeRing.LEFT: EvidenceName.LEFT_TREATMENT,
    BullseyeRing.IN_TREATMENT: EvidenceName.IN_TREATMENT,
}


@dataclass(frozen=True, kw_only=True)
class Ring:
    """One ring of one area: typed, or taken from evidence; without a value `sign` says why."""

    ring: BullseyeRing
    value: int | None = None
    sign: str = ""
    estimate: Estimate | None = None
    source: str = ""
    known: Known | None = None

    @property
    def is_from_system(self) -> bool:
        """Whether the system has measured it: then nobody types it."""
        return self.known is not None and self.known.is_measured


@dataclass(frozen=True)
class AreaRings:
    """The bullseye of one area, or of all together."""

    name: str
    rings: Mapping[BullseyeRing, Ring]
    pk: int | None = None

    @property
    def bullseye(self) -> Bullseye:
        value = {ring: held.value for ring, held in self.rings.items()}
        return Bullseye(
            estimate=value[BullseyeRing.ESTIMATE],
            known=value[BullseyeRing.KNOWN],
            left=value[BullseyeRing.LEFT],
            in_treatment=value[BullseyeRing.IN_TREATMENT],
        )

    @property
    def estimate(self) -> Estimate | None:
        return self.rings[BullseyeRing.ESTIMATE].estimate

    def in_order(self) -> list[Ring]:
        return [self.rings[ring] for ring in BullseyeRing]


@dataclass(frozen=True)
class Reached:
    """How far treatment reaches in an area: now, and at any time in the last full year."""

    name: str
    estimate: Estimate | None
    source: str
    now: Ring
    of_now: Penetration | None
    in_year: Known | None
    of_year: Penetration | None
    why: str = ""  # why treatment is not set against the estimate, or against which


@dataclass(frozen=True)
class ShownNeeds:
    """The figures of an assessment for one reader, on one day."""

    parts: AssessmentParts
    areas: list[AreaRings]
    together: AreaRings | None
    reached: list[Reached]
    groups: list[ShownGroup]

    def area(self, pk: int) -> AreaRings | None:
        return next((one for one in self.areas if one.pk == pk), None)


def shown_needs(
    parts: AssessmentParts,
    *,
    seen_by: User,
    region: Organisation | None,
    nation: Organisation | None,
    on: dt.date,
) -> ShownNeeds:
    """The rings and how far treatment reaches. A finished assessment is as on its last day."""
    day = parts.assessment.finished_on or on
    wider = [one.pk for one in (region, nation) if one]
    facts = known_facts(
        seen_by,
        subjects=[*(area.pk for area in parts.areas), *wider],
        names=[*KNOWN_RINGS.values(), *TREATED.values()],
        on=day,
    )
    until = parts.assessment.period.end
    areas = [_area(area, parts.rings, facts, until) for area in parts.areas]
    reached = [_reached(one, one.pk, facts) for one in areas]
    neighbours = None
    if region or nation:
        neighbours = _neighbours(
            seen_by, areas, reached, region=region, assessed=parts.assessment.year, on=day
        )
    for place, estimate, source in _wider(parts, region, nation):
        named = AreaRings(place.name, _rings_of_wider(place.pk, estimate, source, facts, until))
        whole = _reached(named, place.pk, facts)
        reached.append(_compared(whole, neighbours.within(place)) if neighbours else whole)
    together = _together(areas) if len(areas) > 1 else None
    covered = [area.pk for area in parts.areas]
    groups = shown_groups(parts.groups, facts, areas=covered, until=parts.assessment.period)
    return ShownNeeds(parts, areas, together, reached, groups)


def _area(
    area: CoveredArea, typed: Sequence[RingFigure], facts: KnownFacts, until: dt.date
) -> AreaRings:
    own = {BullseyeRing(one.ring): one for one in typed if one.partnership == area.pk}
    rings = {}
    for ring in BullseyeRing:
        known = _known(area.pk, ring, facts, until)
        if known and (known.is_measured or ring not in own):
            rings[ring] = _from_system(ring, known)
        else:
            rings[ring] = _typed(ring, own.get(ring))
    return AreaRings(area.name, rings, area.pk)


def _rings_of_wider(
    pk: int, estimate: int | None, source: str, facts: KnownFacts, until: dt.date
) -> dict[BullseyeRing, Ring]:
    rings = {ring: Ring(ring=ring) for ring in BullseyeRing}
    if estimate is not None:
        rings[BullseyeRing.ESTIMATE] = Ring(
            ring=BullseyeRing.ESTIMATE,
            value=estimate,
            estimate=Estimate(value=estimate),
            source=source,
        )
    known = _known(pk, BullseyeRing.IN_TREATMENT, facts, until)
    if known:
        rings[BullseyeRing.IN_TREATMENT] = _from_system(BullseyeRing.IN_TREATMENT, known)
    return rings


def _known(subject: int, ring: BullseyeRing, facts: KnownFacts, until: dt.date) -> Known | None:
    """In treatment in the latest month; who left in the financial year of that month."""
    if ring not in KNOWN_RINGS:
        return None
    now = facts.latest(subject, EvidenceName.IN_TREATMENT, Grain.MONTH, before=until)
    if ring is BullseyeRing.IN_TREATMENT or now is None:
        return now
    year = Period.containing(now.period.start, Grain.YEAR)
    return facts.of(subject, EvidenceName.LEFT_TREATMENT, year)


def _from_system(ring: BullseyeRing, known: Known) -> Ring:
    return Ring(ring=ring, value=known.people, sign=known.sign, source=known.source, known=known)


def _typed(ring: BullseyeRing, figure: RingFigure | None) -> Ring:
    if figure is None:
        return Ring(ring=ring)
    return Ring(ring=ring, value=figure.value, estimate=figure.estimate, source=figure.source)


def _together(areas: Sequence[AreaRings]) -> AreaRings:
    """Sums of what is shown of every area. An interval is not summed: errors are not known to
    point the same way."""
    rings = {}
    for ring in BullseyeRing:
        values = [area.rings[ring].value for area in areas]
        total = None if None in values else sum(one for one in values if one is not None)
        estimate = Estimate(value=total) if total and ring is BullseyeRing.ESTIMATE else None
        rings[ring] = Ring(ring=ring, value=total, estimate=estimate)
    return AreaRings("All areas together", rings)


def _reached(one: AreaRings, pk: int | None, facts: KnownFacts) -> Reached:
    estimate, now = one.estimate, one.rings[BullseyeRing.IN_TREATMENT]
    year = None
    if now.known and pk is not None:
        # The last full year: the one before the year of the latest month, unless that is March.
        current = Period.containing(now.known.period.start, Grain.YEAR)
        whole = current if now.known.period.end == current.end else current.previous()
        year = facts.of(pk, EvidenceName.IN_TREATMENT, whole)
    return Reached(
        one.name,
        estimate,
        one.rings[BullseyeRing.ESTIMATE].source,
        now,
        penetration(now.value, estimate),
        year,
        penetration(year.people if year else None, estimate),
    )


def _neighbours(
    reader: User,
    areas: Sequence[AreaRings],
    reached: Sequence[Reached],
    *,
    region: Organisation | None,
    assessed: int,
    on: dt.date,
) -> Neighbours | None:
    """The partnerships beside the areas, in the month and year of the areas' own figures."""
    months = [one.now.known.period for one in reached if one.now.known]
    if not months:
        return None
    years = [one.in_year.period for one in reached if one.in_year]
    own = {one.pk: one.estimate.value for one in areas if one.pk is not None and one.estimate}
    return Neighbours(
        reader,
        region=region,
        own=own,
        assessed=assessed,
        month=max(months),
        year=max(years, default=Period.containing(max(months).start, Grain.YEAR)),
        on=on,
    )


def _compared(whole: Reached, both: Together) -> Reached:
    """A place as a whole while all of its figures are in; else the partnerships that have both."""
    if both.is_whole and whole.estimate:
        return whole
    told = f"{count(both.having)} of {count(both.of)} partnerships have both"
    if both.estimate is None:
        why = f"{told} an estimate and figures, too few to compare"
        return replace(whole, of_now=None, of_year=None, why=why)
    estimate = Estimate(value=both.estimate)
    year = None
    if whole.in_year and both.in_year is not None:
        year = replace(whole.in_year, value=Decimal(both.in_year))
    return Reached(
        f"{whole.name}, {count(both.having)} of {count(both.of)} partnerships",
        estimate,
        "Their needs assessments",
        replace(whole.now, value=both.now, sign=""),
        penetration(both.now, estimate),
        year,
        penetration(both.in_year, estimate),
        f"{told} an estimate and figures, and only they are compared",
    )


def _wider(
    parts: AssessmentParts, region: Organisation | None, nation: Organisation | None
) -> list[tuple[Organisation, int | None, str]]:
    found: list[tuple[Organisation, int | None, str]] = []
    if region:
        held = parts.assessment
        found.append((region, held.region_estimate, held.region_estimate_source))
    if nation:
        published = next(one for one in comparators() if one.code == NATIONAL_ESTIMATE)
        found.append((nation, int(published.value), published.source))
    return found
