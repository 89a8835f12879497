"""A small England drawn at random from a seed: everything that figures tell apart is in it."""

import datetime as dt
import random
import uuid

from pathways.models import Episode, Modality
from pathways.services.journeys import rebuild_all_journeys
from providers.models import Agency
from tests.factories.commissioning import PartnershipFactory, RegionFactory, RuleSetFactory
from tests.factories.providers import AgencyFactory, ProviderFactory
from tests.factories.reporting import loaded_return

FIRST_DAY = dt.date(2005, 2, 1)
CUT_OFFS = (dt.date(2007, 1, 31), dt.date(2006, 12, 31), dt.date(2006, 11, 30))
DRUGS = ("1011", "1011", "1011", "1000", "3201", "3200", "3100", "5000", "7000", "8200", "2200")
SOURCES = ("4", "4", "4", "3", "1", "5", "6", "13", "15")
REASONS = ("1", "2", "5", "6", "6", "7", "13", "")
KINDS = (1, 2, 2, 2, 3, 4, 5, 6, 12, 9)


class SmallEngland:
    """Partnerships in two regions, one in none; agencies that know until different days."""

    def __init__(self, seed: int, *, people: int = 90) -> None:
        self.random = random.Random(seed)
        self.rule_set = RuleSetFactory()
        north, south = RegionFactory(), RegionFactory()
        self.partnerships = [
            PartnershipFactory(region=region) for region in (north, north, south, None)
        ]
        providers = [ProviderFactory() for _ in range(3)]
        self.agencies = [
            AgencyFactory(
                provider=providers[n % 3],
                partnership=self.partnerships[n % 4],
                is_prison=n == 5,
            )
            for n in range(6)
        ]
        self.returns = {
            agency: loaded_return(agency, cut_off=CUT_OFFS[n % 3])
            for n, agency in enumerate(self.agencies)
        }
        for number in range(1, people + 1):
            self.add_person(uuid.UUID(int=number))
        rebuild_all_journeys(rule_set=self.rule_set)

    def add_person(self, person: uuid.UUID) -> None:
        home = self.random.choice(self.partnerships)
        day = FIRST_DAY + dt.timedelta(days=self.random.randrange(600))
        for number in range(self.random.choice((1, 1, 2, 2, 3))):
            if self.random.random() < 0.15:
                home = self.random.choice(self.partnerships)
            agency = self.random.choice(self.agencies)
            day = self.add_episode(person, f"E{number}", home, agency, day)

    def add_episode(self, person, ref, home, agency, day) -> dt.date:
        """One episode of the person; gives a day from which the next may be referred."""
        pick, chance = self.random.choice, self.random.random
        until = self.returns[agency].cut_off
        triaged = day + dt.timedelta(days=self.random.randrange(12))
        if triaged > until:
            return day
        stay = dt.timedelta(days=self.random.choice((5, 30, 60, 83, 84, 85, 150, 300)))
        ended = triaged + stay if triaged + stay <= until and chance() < 0.8 else None
        known = "KNOWN" if chance() > 0.1 else pick(("MISSING", "UNKNOWN", "OUTSIDE"))
        episode = Episode.objects.create(
            reported_in=self.returns[agency],
            agency=agency,
            client_ref=f"C{person.int}",
            episode_ref=ref,
            is_current=True,
            person=person,
            partnership=home if known == "KNOWN" else None,
            residence=known,
            sex=pick("1129"),
            age_at_triage=pick((16, 18, 24, 25, 31, 40, 61)),
            ethnic=pick(("A", "A", "D", "H", "M", "R", "Z", "")),
            referral_source=pick(SOURCES),
            pregnant=pick(("Y", "N", "N", "")),
            referred_on=day,
            triaged_on=triaged,
            discharged_on=ended,
            discharge_reason=pick(REASONS) if ended else "",
            care_planned_on=pick((None, triaged, triaged + dt.timedelta(days=20))),
            main_drug=pick(DRUGS),
        )
        for number in range(pick((0, 1, 1, 1, 2, 3))):
            self.add_modality(episode, f"M{number}", until)
        return (ended or triaged) + dt.timedelta(days=pick((-30, 5, 20, 21, 22, 60)))

    def add_modality(self, episode: Episode, ref: str, until: dt.date) -> None:
        days = self.random.choice
        asked = episode.triaged_on + dt.timedelta(days=days((-5, 0, 0, 3, 40)))
        offered = asked + dt.timedelta(days=days((-4, 0, 13, 14, 15, 20, 21, 22, 41, 42, 70)))
        started = max(asked, offered, episode.triaged_on) + dt.timedelta(days=days((0, 0, 6)))
        last = episode.discharged_on or until
        has_started = started <= last and self.random.random() < 0.8
        ended = started + dt.timedelta(days=days((10, 100)))
        Modality.objects.create(
            episode=episode,
            ref=ref,
            kind=days(KINDS),
            referred_on=asked if self.random.random() < 0.95 or not has_started else None,
            first_offered_on=offered if self.random.random() < 0.85 else None,
            started_on=started if has_started else None,
            ended_on=ended if has_started and ended <= last else None,
        )


def agency_codes() -> dict[int, str]:
    return dict(Agency.objects.values_list("pk", "provider__organisation__code"))
