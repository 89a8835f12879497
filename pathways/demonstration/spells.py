"""One spell at one agency, drawn inside the days a journey leaves for it."""

import random
from dataclasses import dataclass

from pathways.demonstration.calibration import Calibration, financial_year
from pathways.demonstration.draws import Draw
from pathways.demonstration.episodes import Episode, Modality
from pathways.demonstration.geography import SyntheticPartnership
from pathways.demonstration.people import FEMALE, Person
from pathways.demonstration.register import Line, SyntheticAgency
from pathways.demonstration.volumes import modal_weights
from pathways.demonstration.waits import Waits

NEVER_STARTED = Draw({"12": 0.34, "6": 0.36, "13": 0.10, "4": 0.08, "8": 0.06, "10": 0.06})  # [B]
NEVER_OFFERED = 0.55  # of those who never started [B]
GIVES_UP, GIVES_UP_AFTER_OFFER = (20, 80.0), (5, 25.0)  # days: least, and mean beyond [B]
ATTENDS_AFTER, ATTENDS_AT_MOST = 3.0, 14  # days from the offered appointment to the start [B]
ONE_MORE_AFTER = 40  # days seen in an agency before it adds an intervention [B]
ENDS_FOR_THE_NEXT = 0.5  # of first interventions when another follows [B]
SEEN_AHEAD = 30  # days beyond the last in which a further intervention may lie [B]
SAME_DAY_REFERRAL, REFERRAL_DAYS = 0.35, 12  # [B]
PLANNED_AHEAD, PLANNED_LATE, LATE_MEAN = 14, 15, 30.0  # care plan against the start, days [B]


@dataclass(slots=True)
class Span:
    """Triage, first start and discharge of a spell."""

    triaged: int
    starts: int
    ends: int


class Spells:
    """Draws episodes: what was given, what was waited for, what was written down."""

    def __init__(self, *, calibration: Calibration, last_day: int, rng: random.Random) -> None:
        self._truth = calibration
        self._last = last_day
        self._rng = rng
        self._waits = Waits(calibration, rng)
        self._referral = Draw(calibration.referral)
        self._modal = {line: Draw(modal_weights(calibration, line)) for line in Line}
        self._prison_modal = Draw({"2": 0.35, "4": 0.45, "12": 0.20})  # [B]

    # --- kinds of spell -----------------------------------------------------------------------
    def community(
        self,
        *,
        person: Person,
        home: SyntheticPartnership,
        agency: SyntheticAgency,
        line: Line,
        span: Span,
        reason: str,
    ) -> Episode:
        """A spell with one intervention of the line or more."""
        episode = self._episode(person, home, agency, span, reason)
        rng = self._rng
        first = self._modality(episode, home, self._modal[line](rng.random()), span.starts)
        episode.modalities.append(first)
        seen = min(span.ends, self._last + SEEN_AHEAD)
        room = int(seen - span.starts - ONE_MORE_AFTER)
        if room > 0 and rng.random() < self._truth.extra_interventions:
            starts = span.starts + ONE_MORE_AFTER // 2 + int(rng.random() * room)
            if rng.random() < ENDS_FOR_THE_NEXT:
                first.ends = starts
            second = self._modality(episode, home, self._modal[line](rng.random()), starts)
            episode.modalities.append(second)
        episode.care_plan = self._care_plan(span)
        return episode

    def stay(
        self,
        *,
        person: Person,
        home: SyntheticPartnership,
        agency: SyntheticAgency,
        modal: str,
        span: Span,
        reason: str,
    ) -> Episode:
        """A stay in a bed."""
        episode = self._episode(person, home, agency, span, reason)
        episode.modalities.append(self._modality(episode, home, modal, span.starts))
        episode.care_plan = self._care_plan(span)
        return episode

    def in_prison(
        self,
        *,
        person: Person,
        home: SyntheticPartnership,
        agency: SyntheticAgency,
        span: Span,
        reason: str,
    ) -> Episode:
        """Treatment by a prison team, to which the prison refers."""
        episode = self._episode(person, home, agency, span, reason)
        episode.referral_source = "13"
        modal = self._prison_modal(self._rng.random())
        episode.modalities.append(self._modality(episode, home, modal, span.starts))
        episode.care_plan = self._care_plan(span)
        return episode

    def waited(
        self,
        *,
        person: Person,
        home: SyntheticPartnership,
        agency: SyntheticAgency,
        line: Line,
        triaged: int,
    ) -> Episode:
        """A wait that ends without a start: never offered, or offered and not taken up."""
        rng = self._rng
        episode = self._episode(person, home, agency, Span(triaged, triaged, triaged), "")
        referred = triaged + int(rng.random() * 4)
        offered = None
        least, mean = GIVES_UP
        if rng.random() >= NEVER_OFFERED:
            least, mean = GIVES_UP_AFTER_OFFER
            offered = referred + self._days(episode, home, triaged)
        ends = max(referred, offered or 0) + least + int(rng.expovariate(1 / mean))
        modal = self._modal[line](rng.random())
        episode.discharged = ends
        episode.reason = NEVER_STARTED(rng.random())
        episode.modalities.append(
            Modality(modal=modal, referred=referred, offered=offered, starts=None, ends=ends)
        )
        return episode

    # --- parts of a spell ---------------------------------------------------------------------
    def _episode(
        self,
        person: Person,
        home: SyntheticPartnership,
        agency: SyntheticAgency,
        span: Span,
        reason: str,
    ) -> Episode:
        rng, truth = self._rng, self._truth
        same_day = rng.random() < SAME_DAY_REFERRAL
        return Episode(
            person=person,
            agency=agency,
            dat_code=home.dat_code,
            triaged=span.triaged,
            discharged=span.ends,
            reason=reason,
            referral_source=self._referral(rng.random()),
            is_pregnant=person.sex == FEMALE and rng.random() < truth.pregnant,
            referred_before=0 if same_day else 1 + int(rng.random() * REFERRAL_DAYS),
        )

    def _modality(
        self, episode: Episode, home: SyntheticPartnership, modal: str, starts: int
    ) -> Modality:
        """An intervention that starts on a day, and what led to it."""
        lag = min(int(self._rng.expovariate(1 / ATTENDS_AFTER)), ATTENDS_AT_MOST)
        offered = starts - lag
        return Modality(
            modal=modal,
            referred=offered - self._days(episode, home, starts),
            offered=offered,
            starts=starts,
            ends=episode.discharged,
        )

    def _days(self, episode: Episode, home: SyntheticPartnership, starts: int) -> int:
        return self._waits.days(
            starts=starts,
            home=home,
            referral_source=episode.referral_source,
            is_pregnant=episode.is_pregnant,
        )

    def _care_plan(self, span: Span) -> int | None:
        """The day of the care plan: mostly by the start, for a few much later, for some never."""
        rng, truth = self._rng, self._truth
        year = min(max(financial_year(span.starts), 2003), 2006)
        if rng.random() >= truth.care_plan[year]:
            return None
        if rng.random() < truth.care_plan_late:
            late = span.starts + PLANNED_LATE + int(rng.expovariate(1 / LATE_MEAN))
            return late if late <= span.ends else None
        return max(span.triaged, span.starts - int(rng.random() * PLANNED_AHEAD))
