"""Self-assessments of commissioning, a year beside the one before."""

from collections.abc import Mapping
from dataclasses import dataclass

from commissioning.models import CompetenceAnswer, Partnership, SelfAssessment


@dataclass(frozen=True)
class JudgedYear:
    """What a partnership said of its commissioning in a year; nothing where it was not judged."""

    year: int
    assessment: SelfAssessment | None
    answers: Mapping[str, CompetenceAnswer]

    @property
    def revision(self) -> int:
        """What a form is opened on: 0 before the first save."""
        return self.assessment.revision if self.assessment else 0


def judged(partnership: Partnership, *, year: int) -> tuple[JudgedYear, JudgedYear]:
    """The year, and the one before it; two statements."""
    rows = SelfAssessment.objects.filter(partnership=partnership, year__in=[year, year - 1])
    found = {one.year: one for one in rows.select_related("finished_by")}
    answers: dict[int, dict[str, CompetenceAnswer]] = {year: {}, year - 1: {}}
    of_both = CompetenceAnswer.objects.filter(assessment__in=found.values())
    for one in of_both.select_related("assessment", "grid_row"):
        answers[one.assessment.year][one.head] = one
    this, before = (
        JudgedYear(which, found.get(which), answers[which]) for which in (year, year - 1)
    )
    return this, before
