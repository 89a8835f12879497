"""The synthetic England person by person, in an order that the seed alone decides."""

import random
from collections.abc import Iterator

from pathways.demonstration.calibration import Calibration
from pathways.demonstration.episodes import Episode
from pathways.demonstration.journeys import Courses
from pathways.demonstration.mistakes import Carelessness
from pathways.demonstration.people import Population
from pathways.demonstration.places import Places
from pathways.demonstration.register import Register

WITHDRAWS_LATER = 0.2  # of clients without consent: had consented at first [B]
WITHDRAWS_AFTER = 400  # days, at most [B]


def episodes_of(
    *, clients: int, seed: int, register: Register, calibration: Calibration, last_day: int
) -> Iterator[list[Episode]]:
    """Each person's episodes up to the last day, drawn one person at a time."""
    rng = random.Random(f"people {seed}")  # noqa: S311 (not a secret)
    population = Population(calibration=calibration, chosen=register.partnerships, rng=rng)
    courses = Courses(calibration=calibration, places=Places(register), last_day=last_day, rng=rng)
    carelessness = Carelessness(calibration, rng)
    for number in range(1, clients + 1):
        seen, in_treatment = courses.first_seen()
        person = population.person(number=number, seen=seen)
        episodes = courses.episodes(person, seen=seen, in_treatment=in_treatment)
        for order, episode in enumerate(episodes, start=1):
            episode.number = order
            episode.treated_before = person.treated_before or order > 1
            carelessness.touch(episode)
        _draw_consent(episodes, calibration.no_consent, rng)
        yield episodes


def _draw_consent(episodes: list[Episode], share: float, rng: random.Random) -> None:
    """Consent is given or refused at an agency, for all episodes there, now and then later."""
    asked: dict[str, int | None] = {}
    for episode in episodes:
        code = episode.agency.code
        if code not in asked:
            refuses = rng.random() < share
            later = int(rng.random() * WITHDRAWS_AFTER) if rng.random() < WITHDRAWS_LATER else 0
            asked[code] = episode.triaged + later if refuses else None
        episode.without_consent_from = asked[code]
