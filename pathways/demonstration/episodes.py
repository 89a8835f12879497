"""What an agency knows of a person: episodes and their interventions.

Days are ordinals (`date.toordinal`). Things that have not happened by the last day of the
synthetic England are drawn all the same, and left out where a return is written.
"""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pathways.demonstration.people import Person
from pathways.demonstration.register import SyntheticAgency

if TYPE_CHECKING:
    from pathways.demonstration.mistakes import Mistake

TOLD_AHEAD = 5  # an appointment is known at most so many days before it [B]


@dataclass(slots=True)
class Modality:
    """One intervention; `offered` and `starts` are none where it never came to that."""

    modal: str
    referred: int
    offered: int | None
    starts: int | None
    ends: int

    def is_known(self, day: int) -> bool:
        return self.referred <= day

    def is_offer_known(self, day: int) -> bool:
        """Whether the first appointment, which may lie ahead, had been made by that day."""
        return self.offered is not None and max(self.referred, self.offered - TOLD_AHEAD) <= day


@dataclass(slots=True)
class Episode:
    """One spell at one agency."""

    person: Person
    agency: SyntheticAgency
    dat_code: str
    triaged: int
    discharged: int
    reason: str
    referral_source: str
    is_pregnant: bool
    care_plan: int | None = None
    modalities: list[Modality] = field(default_factory=list)
    number: int = 1
    referred_before: int = 0  # days from the referral to whatever came first
    treated_before: bool = False
    without_consent_from: int | None = None
    mistake: "Mistake | None" = None
    mistake_until: int = 0  # the last day on which the agency had not noticed it

    @property
    def referred(self) -> int:
        """The day of referral: before the triage and the first referral to an intervention."""
        first = min((one.referred for one in self.modalities), default=self.triaged)
        return min(self.triaged, first) - self.referred_before
