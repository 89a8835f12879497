"""Every figure counted the slow and obvious way, in plain Python, straight from the definitions.

It knows the rules of 2006 by their numbers and nothing of the engine: three weeks, six weeks, two
weeks for priority groups, twelve weeks, twenty days.
"""

import datetime as dt
from collections import Counter, defaultdict

from commissioning.choices import FactKind
from commissioning.kernel.periods import Grain, Period, periods_between
from commissioning.models import OrganisationFact
from pathways.models import Episode, Journey, Modality, Return

STRUCTURED = {1, 2, 3, 4, 5, 6, 12}
CRIMINAL_JUSTICE = {"5", "6", "8", "13"}
BUCKETS = {"MISSING": "dat-missing", "UNKNOWN": "dat-unknown", "OUTSIDE": "dat-outside"}
DRUGS = {
    "1011": "heroin", "1000": "opiates", "1105": "opiates", "3201": "crack", "3200": "cocaine",
    "3100": "amphetamines", "2200": "benzos", "5000": "cannabis",
}  # fmt: skip
ETHNIC = {
    **dict.fromkeys("ABC", "white"), **dict.fromkeys("DEFG", "mixed"),
    **dict.fromkeys("HJKL", "asian"), **dict.fromkeys("MNP", "black"),
    **dict.fromkeys("RS", "other"),
}  # fmt: skip
SOURCES = {"4": "self", "3": "gp", "1": "drug-service", "2": "drug-service"}
LAST_DAY = dt.date(2007, 1, 31)


def band(age):
    bands = (
        (18, "young"),
        (25, "18-24"),
        (30, "25-29"),
        (35, "30-34"),
        (45, "35-44"),
        (55, "45-54"),
    )
    return next((name for under, name in bands if age < under), "55+")


class ByHand:
    """All cells of all families, as {family: {cell: {count: number}}}, without noughts."""

    def __init__(self):
        self.cells = defaultdict(lambda: defaultdict(Counter))
        self.days = defaultdict(Counter)
        self.until = {}
        for return_ in Return.objects.loaded():
            before = self.until.get(return_.agency_id, return_.cut_off)
            self.until[return_.agency_id] = max(before, return_.cut_off)
        self.region_facts = list(
            OrganisationFact.objects.filter(kind=FactKind.IN_REGION).select_related(
                "organisation", "other"
            )
        )
        self.episodes = list(
            Episode.objects.current().select_related(
                "agency__provider__organisation", "partnership__organisation"
            )
        )
        self.modalities = defaultdict(list)
        for one in Modality.objects.current().select_related("episode"):
            self.modalities[one.episode_id].append(one)
        self.journeys = list(
            Journey.objects.select_related("first_episode", "last_episode", "first_modality")
        )
        by_id = {episode.pk: episode for episode in self.episodes}
        self.first_of_journey = {journey.first_modality_id for journey in self.journeys}
        self.count_episodes()
        for journey in self.journeys:
            self.count_journey(journey, by_id[journey.first_episode_id])
        self.count_people()

    # Areas, periods and breakdowns.

    def areas(self, episode, period):
        """The areas an episode belongs to in a period, as kind and code."""
        home = episode.partnership
        yield "england", "england"
        yield "provider", episode.agency.provider.organisation.code
        yield "partnership", home.code if home else BUCKETS[episode.residence]
        for fact in self.region_facts:
            on_time = fact.from_on <= period.last_day and (
                fact.until_on is None or period.last_day < fact.until_on
            )
            if home and fact.organisation_id == home.pk and on_time:
                yield "region", fact.other.code

    def splits(self, episode, kind, area, grain):
        """The breakdowns an episode counts in: total, and in longer periods each of the rest."""
        yield "", ""
        if grain is Grain.MONTH:
            return
        if kind:
            yield "type", str(kind)
        if area == "provider":
            return
        yield "sex", {"1": "male", "2": "female"}.get(episode.sex, "unknown")
        yield "age", band(episode.age_at_triage)
        yield "ethnic", ETHNIC.get(episode.ethnic, "unknown")
        yield "drug", DRUGS.get(episode.main_drug, "other")
        source = episode.referral_source
        cj = source in CRIMINAL_JUSTICE
        yield "referral", "criminal-justice" if cj else SOURCES.get(source, "other")
        for group in self.priority_groups(episode):
            yield "priority", group

    def priority_groups(self, episode):
        if episode.pregnant == "Y":
            yield "pregnant"
        if episode.referral_source in CRIMINAL_JUSTICE:
            yield "criminal-justice"
        if episode.main_drug in {"3100", "3200", "3201"}:
            yield "stimulant"

    def add(self, family, episode, day, kind, *, grains=tuple(Grain), **counts):
        for cell in self.cells_of(episode, day, kind, grains):
            for name, number in counts.items():
                if "longest" in name:
                    held = self.cells[family][cell][name]
                    self.cells[family][cell][name] = max(held, number)
                else:
                    self.cells[family][cell][name] += int(number)

    def cells_of(self, episode, day, kind, grains=tuple(Grain)):
        for grain in grains:
            period = Period.containing(day, grain)
            for area, code in self.areas(episode, period):
                for split in self.splits(episode, kind, area, grain):
                    yield (area, code, grain.value, period.start, *split)

    def reason_left_out(self, episode):
        if episode.agency.is_prison:
            return "left_out_prison"
        if episode.age_at_triage < 18:
            return "left_out_young"
        return "left_out_alcohol" if episode.main_drug == "7000" else None

    # What is counted.

    def count_episodes(self):
        for episode in self.episodes:
            left_out = self.reason_left_out(episode)
            asked_for = [one for one in self.modalities[episode.pk] if one.kind in STRUCTURED]
            started = sorted(
                (one for one in asked_for if one.started_on),
                key=lambda one: (one.started_on, one.kind),
            )
            for one in started:
                self.count_wait(episode, one, left_out)
            for one in asked_for:
                self.count_waiting(episode, one, left_out)
            if started:
                self.count_course(episode, started, left_out)

    def count_wait(self, episode, one, left_out):  # noqa: C901  # one definition, one page
        if left_out:
            return self.add("waits", episode, one.started_on, one.kind, **{left_out: 1})
        turn = "first" if one.pk in self.first_of_journey else "subsequent"
        groups = {"everyone": 21}
        if episode.referral_source not in CRIMINAL_JUSTICE:
            groups["voluntary"] = 21
        for group in self.priority_groups(episode):
            groups[group.replace("-", "_")] = 14
        dated = one.referred_on and one.first_offered_on
        days = (one.first_offered_on - one.referred_on).days if dated else None
        self.add("waits", episode, one.started_on, one.kind)
        for group, target in groups.items():
            if days is None:
                counts = {"missing": 1}
            elif days < 0:
                counts = {"negative": 1}
            else:
                counts = {"waits": 1, "within": days <= target}
                if group in {"everyone", "voluntary"}:
                    counts |= {"long": days >= 42, "days": days, "longest": days}
            named = {f"{turn}_{group}_{what}": number for what, number in counts.items()}
            self.add("waits", episode, one.started_on, one.kind, **named)
        if days is not None and days >= 0:
            for cell in self.cells_of(episode, one.started_on, one.kind):
                if cell[4] in {"", "type"}:
                    for who in groups.keys() & {"everyone", "voluntary"}:
                        self.days[(*cell, turn, who)][days] += 1
        return None

    def count_waiting(self, episode, one, left_out):
        until = self.until[episode.agency_id]
        if one.referred_on is None or one.referred_on > until:
            return
        over = min(
            filter(None, (one.started_on, one.ended_on, episode.discharged_on)), default=None
        )
        for month in periods_between(one.referred_on, until, Grain.MONTH):
            day = min(month.last_day, until)
            if over and over <= day:
                return
            closes = [
                grain
                for grain in Grain
                if min(Period.containing(day, grain).last_day, until) == day
            ]
            if left_out:
                self.add("waiting", episode, day, one.kind, grains=closes, **{left_out: 1})
                continue
            offered = one.first_offered_on and (one.first_offered_on <= day or day == until)
            days, first = (day - one.referred_on).days, self.is_first_on(episode, one, day)
            self.add(
                "waiting", episode, day, one.kind, grains=closes,
                offered_not_started=bool(offered), open_waits=not offered,
                open_first=not offered and first, open_long=not offered and days >= 42,
                open_first_long=not offered and first and days >= 42,
            )  # fmt: skip

    def is_first_on(self, episode, one, day):
        for other in self.episodes:
            if other.person == episode.person and not self.reason_left_out(other):
                for held in self.modalities[other.pk]:
                    ended = held.ended_on or other.discharged_on or dt.date.max
                    if (
                        held.kind in STRUCTURED
                        and held.started_on
                        and held.started_on <= day
                        and (one.referred_on - ended).days <= 20
                    ):
                        return False
        return True

    def count_course(self, episode, started, left_out):
        kind, first = started[0].kind, started[0].started_on
        ended, reason = episode.discharged_on, episode.discharge_reason
        if left_out:
            self.add("episodes", episode, first, kind, **{left_out: 1})
            self.add("journeys", episode, episode.triaged_on, kind, **{left_out: 1})
            for family in ("episodes", "exits") if ended else ():
                self.add(family, episode, ended, kind, **{left_out: 1})
            return
        planned_on, source = episode.care_planned_on, episode.referral_source
        self.add(
            "episodes", episode, first, kind, begun=1,
            care_planned=bool(planned_on and (planned_on - first).days <= 14),
            begun_self=source == "4", begun_gp=source == "3",
            begun_drug_service=source in {"1", "2"},
            begun_criminal_justice=source in CRIMINAL_JUSTICE,
        )  # fmt: skip
        if ended:
            tier4 = any(one.kind in {1, 6} for one in started)
            self.add(
                "episodes", episode, ended, kind, discharged=1,
                discharged_retained=(ended - episode.triaged_on).days >= 84,
                tier4_discharged=tier4 and reason not in {"", "13"},
                tier4_planned=tier4 and reason in {"1", "2", "5"},
                tier4_reason_missing=tier4 and reason == "",
                tier4_reason_left_out=tier4 and reason == "13",
            )  # fmt: skip

    def count_journey(self, journey, episode):
        kind = journey.first_modality.kind
        until = self.until[journey.last_episode.agency_id]
        began, ended, reason = journey.started_on, journey.ended_on, journey.discharge_reason
        known = (until - began).days >= 84
        lasted = ended is None or (ended - began).days >= 84
        planned = reason in {"1", "2", "5"}
        self.add(
            "journeys", episode, began, kind, journeys=1, known=known, not_yet_known=not known,
            retained=known and lasted, effective=known and (lasted or planned),
        )  # fmt: skip
        if ended:
            counted = reason not in {"", "13"}
            self.add(
                "exits", episode, ended, kind, exits=1, counted=counted,
                provisional=counted and (until - ended).days < 20,
                reason_missing=reason == "", reason_left_out=reason == "13",
                planned_2006=planned, planned_2009=reason in {"1", "2"},
                transfers_2009=reason in {"5", "7", "8"},
            )  # fmt: skip

    def count_people(self):  # noqa: C901, PLR0912  # one definition, one page
        """Each person once in an area and period; the latest episode decides the breakdowns."""
        latest, received, left_out = {}, defaultdict(set), defaultdict(set)
        for episode in self.episodes:
            started = [
                one
                for one in self.modalities[episode.pk]
                if one.kind in STRUCTURED and one.started_on
            ]
            if not started:
                continue
            first = min(one.started_on for one in started)
            until = self.until[episode.agency_id]
            for grain in Grain:
                for period in periods_between(
                    first, max(first, episode.discharged_on or until), grain
                ):
                    for area in self.areas(episode, period):
                        place = (*area, grain, period.start)
                        if reason := self.reason_left_out(episode):
                            left_out[place, reason].add(episode.person)
                            continue
                        turn = (first, episode.triaged_on, episode.pk)
                        held = latest.setdefault((place, episode.person), (turn, episode))
                        latest[place, episode.person] = max(held, (turn, episode))
            for one in [] if self.reason_left_out(episode) else started:
                last = max(one.started_on, one.ended_on or episode.discharged_on or until)
                for grain in (Grain.QUARTER, Grain.YEAR):
                    for period in periods_between(one.started_on, last, grain):
                        for area in self.areas(episode, period):
                            received[(*area, grain, period.start), one.kind].add(episode.person)
        treatment = self.cells["treatment"]
        for (place, _person), (_turn, episode) in latest.items():
            area, code, grain, start = place
            for split in self.splits(episode, None, area, grain):
                treatment[area, code, grain.value, start, *split]["people"] += 1
        for ((area, code, grain, start), kind), people in received.items():
            treatment[area, code, grain.value, start, "type", str(kind)]["people"] = len(people)
        for ((area, code, grain, start), reason), people in left_out.items():
            treatment[area, code, grain.value, start, "", ""][reason] = len(people)
