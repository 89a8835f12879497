"""Which tier an intervention belongs to, and what follows from it. Pure judgement.

Source: Models of Care 2006, 3.2.2. A tier describes an intervention as it is delivered, never
who delivers it; the rule proposes and a person may overrule it with a reason that is kept.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from commissioning.kernel.errors import DomainError
from commissioning.reference.framework import InterventionType, Setting

TIERS = (1, 2, 3, 4)
STRUCTURED_TIERS = (3, 4)
RESIDENTIAL_TIER = 4
SATURDAY = 5


class Structure(StrEnum):
    """How structured the care plan and the intervention are, where that has to decide."""

    UNKNOWN = "unknown"
    LOW = "low"
    HIGH = "high"


class OverrideNeedsReason(DomainError):
    """A tier was overruled and nobody said why."""


class TierIsFixed(DomainError):
    """The framework leaves no choice of tier for this intervention."""


class UnknownTier(DomainError):
    """There are four tiers."""


@dataclass(frozen=True, kw_only=True)
class InterventionAsDelivered:
    """What is known of an intervention where it is given: all that the tier may rest on."""

    kind: InterventionType
    setting: Setting
    care_planned: bool
    after_comprehensive_assessment: bool
    consented: bool
    structure: Structure = Structure.UNKNOWN

    @property
    def meets_the_threshold(self) -> bool:
        """Care-planned, after comprehensive assessment, with the client's consent."""
        return self.care_planned and self.after_comprehensive_assessment and self.consented

    @property
    def structured_tier(self) -> int:
        """The tier it has if it is structured treatment: 4 where the client moves in, else 3."""
        residential = self.setting.residential or self.kind.tier == RESIDENTIAL_TIER
        return RESIDENTIAL_TIER if residential else 3

    @property
    def open_access_tier(self) -> int:
        """The tier it has if it is not: 1 by a generic service, else 2."""
        return 1 if self.setting.generic and self.kind.tier == 1 else 2


@dataclass(frozen=True)
class TierProposal:
    """The tier the rule arrives at and why.

    `equivocal`: the source leaves it to judgement. `fixed`: it leaves nothing to judgement.
    """

    tier: int
    reason: str
    equivocal: bool = False
    fixed: bool = False


@dataclass(frozen=True)
class SettledTier:
    """The tier that holds, the one proposed, and the reason for what holds."""

    tier: int
    proposed: int
    reason: str

    @property
    def overruled(self) -> bool:
        return self.tier != self.proposed


def proposed_tier(intervention: InterventionAsDelivered) -> TierProposal:
    """The tier of an intervention as delivered (Models of Care 2006, 3.2.2).

    Substitute prescribing is Tier 3 everywhere, drug-related aftercare Tier 2. Otherwise
    care-planned work after a comprehensive assessment and with consent is Tier 3, or 4 where
    the client moves in, and anything else Tier 1 or 2; where only some of that holds, the
    degree of structure decides. Harm reduction has no tier of its own: it takes the tier of the
    work it is part of.
    """
    kind = intervention.kind
    if kind.substitute_prescribing:
        return TierProposal(
            3, "Every substitute-prescribing intervention is Tier 3, wherever given.", fixed=True
        )
    if kind.aftercare:
        return TierProposal(
            2, "Drug-related aftercare is Tier 2: it follows care-planned treatment."
        )
    if kind.tier in STRUCTURED_TIERS and not kind.needs_care_plan:
        return TierProposal(
            kind.tier, "It is on this tier's own list and comes before the care plan."
        )
    if intervention.meets_the_threshold:
        return TierProposal(
            intervention.structured_tier,
            "It is care-planned after a comprehensive assessment, with consent.",
            equivocal=intervention.structure is Structure.LOW,
        )
    return _short_of_the_threshold(intervention)


def _short_of_the_threshold(intervention: InterventionAsDelivered) -> TierProposal:
    """Work that lacks a care plan, the assessment or consent; equivocal when it has some of it."""
    if not intervention.consented and intervention.care_planned:
        return TierProposal(
            intervention.open_access_tier,
            "Structured treatment needs the client's consent, and there is none.",
            equivocal=True,
        )
    if intervention.care_planned and intervention.structure is Structure.HIGH:
        return TierProposal(
            intervention.structured_tier,
            "There is a care plan and no comprehensive assessment; its high structure decides.",
            equivocal=True,
        )
    if intervention.care_planned:
        return TierProposal(
            2,
            "There is a care plan and no comprehensive assessment, and little structure is known:"
            " care plans may also be used at Tier 2.",
            equivocal=True,
        )
    tier = intervention.open_access_tier
    where = "by a generic service" if tier == 1 else "with open access"
    return TierProposal(
        tier,
        f"It is given {where}, without a care plan.",
        equivocal=intervention.kind.tier in STRUCTURED_TIERS,
    )


def settled_tier(
    proposal: TierProposal, *, override: int | None = None, reason: str = ""
) -> SettledTier:
    """The tier that holds once a person has agreed with the proposal or overruled it.

    Raises `OverrideNeedsReason` when it is overruled without a reason, `TierIsFixed` when the
    framework leaves no choice, `UnknownTier` outside 1 to 4.
    """
    if override is not None and override not in TIERS:
        raise UnknownTier(f"There is no Tier {override}: choose 1, 2, 3 or 4.")
    if override is None or override == proposal.tier:
        return SettledTier(proposal.tier, proposal.tier, reason.strip() or proposal.reason)
    if proposal.fixed:
        raise TierIsFixed(f"This stays Tier {proposal.tier}. {proposal.reason}")
    if not reason.strip():
        raise OverrideNeedsReason(
            f"Say why this is Tier {override} and not Tier {proposal.tier}: the reason is kept."
        )
    return SettledTier(override, proposal.tier, reason.strip())


@dataclass(frozen=True, order=True)
class OpeningHours:
    """One opening on one weekday (0 is Monday), from `opens` to `closes` on the same day."""

    weekday: int
    opens: dt.time
    closes: dt.time


@dataclass(frozen=True)
class HoursCover:
    """Which hours outside the office's are covered."""

    evenings: bool
    weekends: bool

    @property
    def office_hours_only(self) -> bool:
        """The gap Models of Care 2006 (3.2.2) wants closed."""
        return not (self.evenings or self.weekends)

    @property
    def sentence(self) -> str:
        if self.evenings and self.weekends:
            return "Open in the evening and at weekends"
        if self.evenings:
            return "Open in the evening, not at weekends"
        if self.weekends:
            return "Open at weekends, not in the evening"
        return "Office hours only"


def hours_cover(hours: Iterable[OpeningHours], *, evening_from: dt.time) -> HoursCover:
    """Whether a service opens in the evening (beyond `evening_from` on a weekday) and at weekends.

    No hours at all cover nothing, which reads as office hours only; ask for the hours first.
    """
    openings = list(hours)
    return HoursCover(
        evenings=any(o.weekday < SATURDAY and o.closes > evening_from for o in openings),
        weekends=any(o.weekday >= SATURDAY for o in openings),
    )
