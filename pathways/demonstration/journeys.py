"""Drawing what happens to a person: journeys first, then cut into episodes at agencies.

Retention, waits and exits are defined on journeys, so a journey's start, length and end are drawn
first; its episodes are fitted inside so that they join into it again and into no other.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass

from pathways.demonstration.calibration import (
    STOCK,
    YEARS,
    Calibration,
    financial_year,
    year_start,
)
from pathways.demonstration.draws import Draw
from pathways.demonstration.episodes import Episode
from pathways.demonstration.geography import SyntheticPartnership
from pathways.demonstration.people import Person
from pathways.demonstration.places import Places
from pathways.demonstration.register import Line, SyntheticAgency
from pathways.demonstration.spells import Span, Spells
from pathways.demonstration.volumes import line_shares

RETAINED_DAYS = 84
FIRST_DAY = year_start(YEARS[0])
LONGEST_BEFORE = 2200  # days in treatment before the first year, at most [B]
# Triage to the first structured start, at most: of those who leave early, and of those who stay.
SOON, LATER, LATER_MEAN = 20, 60, 9.0  # [B]
APART = 30  # days between two journeys at least: more than the 20 that would join them
MOVES_AFTER = 60  # days seen in treatment before a person moves to another agency [B]
SETTLED, BEFORE_END, HANDOVER = 20, 25, 10  # days around a move [B]
MOVED_ON = Draw({"5": 0.68, "6": 0.10, "7": 0.10, "8": 0.06, "2": 0.06})  # [B]
SIDE_BY_SIDE = Draw({"2": 0.4, "6": 0.45, "5": 0.15})  # [B]
TIER_4_UNPLANNED = Draw({"6": 0.66, "3": 0.24, "12": 0.06, "10": 0.04})  # [B]
TIER_4_PLANNED = Draw({"1": 0.35, "2": 0.45, "5": 0.2})  # [B]
STAY_DAYS = {"1": (7, 21), "6": (20, 160)}  # shortest, and how much longer at most [B]
PRISON_DAYS = (14, 150)  # [B]
ASIDE_MEAN = 120.0  # days at a second agency, beyond the first weeks [B]


@dataclass(slots=True, frozen=True)
class Journey:
    """One journey before it is cut: who, from where, and its days."""

    person: Person
    home: SyntheticPartnership
    agency: SyntheticAgency  # the first
    line: Line
    span: Span


class Courses:
    """Draws each person's journeys up to the last day."""

    def __init__(
        self, *, calibration: Calibration, places: Places, last_day: int, rng: random.Random
    ) -> None:
        self._truth = calibration
        self._places = places
        self._last = last_day
        self._rng = rng
        self._spells = Spells(calibration=calibration, last_day=last_day, rng=rng)
        self._cohort = Draw(self._cohorts())
        self._line = Draw(line_shares(calibration))
        self._planned_reason = Draw(calibration.planned_reasons)
        self._unplanned_reason = Draw(calibration.unplanned_reasons)
        self._bed = Draw({modal: calibration.modalities[modal] for modal in STAY_DAYS})
        share = calibration.tier_4_share()
        self._bed_odds = share / (1 - share)

    # --- when people appear -------------------------------------------------------------------
    def _cohorts(self) -> dict[int, float]:
        """People by when they first appear; the last year only as far as it has come."""
        weights = dict(self._truth.first_seen)
        for year in YEARS:
            begins, ends = year_start(year), year_start(year + 1)
            gone = min(max(self._last + 1 - begins, 0), ends - begins)
            weights[year] *= gone / (ends - begins)
        return weights

    def first_seen(self) -> tuple[int, bool]:
        """The day of a person's first triage, and whether they were in treatment on day one."""
        cohort = self._cohort(self._rng.random())
        if cohort == STOCK:
            elapsed = 1 + int(self._rng.expovariate(1 / self._truth.beyond_84))
            return FIRST_DAY - min(elapsed, LONGEST_BEFORE), True
        begins, ends = year_start(cohort), min(year_start(cohort + 1), self._last + 1)
        return begins + int(self._rng.random() * (ends - begins)), False

    # --- a person -----------------------------------------------------------------------------
    def episodes(self, person: Person, *, seen: int, in_treatment: bool) -> list[Episode]:
        """Everything that happens to a person, journey after journey."""
        rng, truth = self._rng, self._truth
        episodes = list(
            self._journey(person, person.home, seen, in_treatment=True)
            if in_treatment
            else self._presentation(person, person.home, seen)
        )
        home = person.home
        while rng.random() < truth.returning:
            ended = max(episode.discharged for episode in episodes)
            again = ended + APART + int(rng.expovariate(1 / truth.return_gap))
            if again > self._last:
                break
            if rng.random() < truth.moving_home:
                home = self._places.neighbour(home, rng.random())
            episodes += self._presentation(person, home, again)
        return [one for one in episodes if one.triaged <= self._last]

    def _presentation(
        self, person: Person, home: SyntheticPartnership, triaged: int
    ) -> Iterator[Episode]:
        """A person comes: for a few it stays a wait, some are in prison, the rest start."""
        rng, truth = self._rng, self._truth
        luck = rng.random()
        if luck < truth.never_started:
            line = self._line(rng.random())
            yield self._spells.waited(
                person=person,
                home=home,
                agency=self._places.community(home, line, rng.random()),
                line=line,
                triaged=triaged,
            )
        elif luck < truth.never_started + truth.in_prison:
            shortest, longer = PRISON_DAYS
            starts = triaged + int(rng.random() * HANDOVER)
            ends = starts + shortest + int(rng.random() * longer)
            yield self._spells.in_prison(
                person=person,
                home=home,
                agency=self._places.prison(home, rng.random()),
                span=Span(triaged, starts, ends),
                reason=MOVED_ON(rng.random()),
            )
        else:
            yield from self._journey(person, home, triaged, in_treatment=False)

    # --- a journey ----------------------------------------------------------------------------
    def _journey(
        self, person: Person, home: SyntheticPartnership, triaged: int, *, in_treatment: bool
    ) -> Iterator[Episode]:
        """A journey's episodes: agencies one after another, and others beside them."""
        rng = self._rng
        line = self._line(rng.random())
        agency = self._places.community(home, line, rng.random())
        span = self._in_treatment(triaged) if in_treatment else self._newly(triaged, agency)
        journey = Journey(person, home, agency, line, span)
        community = self._one_after_another(journey)
        if rng.random() < self._truth.concurrent and span.starts <= self._last:
            community.append(self._side_by_side(journey))
        yield from community
        # A stay in a bed for so many of the interventions that beds have their share of all.
        for episode in community:
            for modality in episode.modalities:
                started = modality.starts is not None and modality.starts <= self._last
                if started and rng.random() < self._bed_odds:
                    yield self._stay(journey)

    def _newly(self, triaged: int, agency: SyntheticAgency) -> Span:
        """A new journey: retained for 84 days or not as the year and the first agency have it."""
        rng, truth = self._rng, self._truth
        lost = (1 - truth.retained[financial_year(triaged)]) * agency.drop_out_factor
        if rng.random() >= lost:
            starts = triaged + min(int(rng.expovariate(1 / LATER_MEAN)), LATER)
            ends = triaged + RETAINED_DAYS + int(rng.expovariate(1 / truth.beyond_84))
            return Span(triaged, starts, ends)
        starts = triaged + int(rng.random() * SOON)
        room = triaged + RETAINED_DAYS - 1 - (starts + 1)
        return Span(triaged, starts, starts + 2 + int(rng.random() * room))

    def _in_treatment(self, triaged: int) -> Span:
        """A journey open on the first day."""
        rng = self._rng
        starts = triaged + int(rng.random() * min(SOON, FIRST_DAY - triaged))
        ends = FIRST_DAY + 2 + int(rng.expovariate(1 / self._truth.beyond_84))
        return Span(triaged, starts, ends)

    def _one_after_another(self, journey: Journey) -> list[Episode]:
        """The journey cut at the days on which the person moves to another agency."""
        rng, span = self._rng, journey.span
        agency, line = journey.agency, journey.line
        triaged, starts = span.triaged, span.starts
        episodes = []
        for cut in self._moves(span):
            part = Span(triaged, starts, cut)
            episodes.append(self._community(journey, agency, line, part, MOVED_ON(rng.random())))
            line = self._line(rng.random())
            agency = self._places.community(self._area(journey.home), line, rng.random())
            triaged = cut + int((2 * rng.random() - 1) * HANDOVER)
            starts = triaged + int(rng.random() * HANDOVER)
        last = Span(triaged, starts, span.ends)
        reason = self._reason(journey.home, span.ends)
        episodes.append(self._community(journey, agency, line, last, reason))
        return episodes

    def _moves(self, span: Span) -> list[int]:
        """Days of moving on, with room between them; at most two are seen."""
        rng = self._rng
        first = max(span.starts, FIRST_DAY) + SETTLED
        last = min(span.ends, self._last) - BEFORE_END
        if last - first < MOVES_AFTER or rng.random() >= self._truth.moving_agency:
            return []
        cut = first + int(rng.random() * (last - first))
        again = cut + MOVES_AFTER
        if again < last and rng.random() < self._truth.moving_agency:
            return [cut, again + int(rng.random() * (last - again))]
        return [cut]

    def _side_by_side(self, journey: Journey) -> Episode:
        """A second agency while the first goes on; it ends before the journey does."""
        rng = self._rng
        line = self._line(rng.random())
        agency = self._places.community(self._area(journey.home), line, rng.random())
        span = self._within(journey.span, SETTLED + int(rng.expovariate(1 / ASIDE_MEAN)))
        return self._community(journey, agency, line, span, SIDE_BY_SIDE(rng.random()))

    def _stay(self, journey: Journey) -> Episode:
        """A stay in a bed during the journey; care in the community goes on around it."""
        rng = self._rng
        modal = self._bed(rng.random())
        shortest, longer = STAY_DAYS[modal]
        completed = rng.random() < self._truth.tier_4_completed
        reason = (TIER_4_PLANNED if completed else TIER_4_UNPLANNED)(rng.random())
        return self._spells.stay(
            person=journey.person,
            home=journey.home,
            agency=self._places.bed(journey.home, modal, rng.random(), rng.random()),
            modal=modal,
            span=self._within(journey.span, shortest + int(rng.random() * longer)),
            reason=reason,
        )

    def _within(self, span: Span, days: int) -> Span:
        """Days strictly inside a journey, so that they change neither its start nor its end."""
        rng = self._rng
        first, last = max(span.starts, FIRST_DAY), min(span.ends - 1, self._last)
        starts = first + int(rng.random() * max(last - first, 0))
        triaged = max(span.triaged, starts - int(rng.random() * SOON))
        return Span(triaged, starts, max(min(starts + days, span.ends - 1), starts))

    def _community(
        self, journey: Journey, agency: SyntheticAgency, line: Line, span: Span, reason: str
    ) -> Episode:
        return self._spells.community(
            person=journey.person,
            home=journey.home,
            agency=agency,
            line=line,
            span=span,
            reason=reason,
        )

    def _area(self, home: SyntheticPartnership) -> SyntheticPartnership:
        """Mostly one's own partnership, now and then a neighbouring one."""
        if self._rng.random() >= self._truth.elsewhere:
            return home
        return self._places.neighbour(home, self._rng.random())

    def _reason(self, home: SyntheticPartnership, ends: int) -> str:
        """Why a journey ends, by the year in which it does."""
        rng, truth = self._rng, self._truth
        if rng.random() < truth.inappropriate_referral:
            return "13"
        planned = truth.planned[min(financial_year(ends), YEARS[-1])] * home.planned_factor
        draw = self._planned_reason if rng.random() < planned else self._unplanned_reason
        return draw(rng.random())
