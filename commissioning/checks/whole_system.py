"""Checks of the lines as a system: hours, harm reduction, prison, primary care, aftercare."""

from commissioning.checks.declarations import (
    Check,
    Declared,
    Finding,
    breaks,
    keeps,
    not_asked,
)
from commissioning.checks.reading import PlanAsRead
from commissioning.choices import PlanSection
from commissioning.kernel.money import ZERO
from commissioning.kernel.words import pounds
from commissioning.reference import framework
from commissioning.reference.evidence import EvidenceName
from commissioning.reference.planning import (
    AFTERCARE_TYPES,
    DOCTOR_LEVELS,
    HARM_REDUCTION_TYPES,
    PRISON,
)
from commissioning.rules.line_tiers import tier_wants_a_reason
from commissioning.rules.tiers import TIERS

LINES_PAGE = "commissioning:plan-lines"
CHECKS_PAGE = "commissioning:plan-checks"
_OUT_OF_HOURS = (2, 3)


class HarmReductionAtEachTier(Check):
    """Harm reduction is part of what is commissioned at each tier."""

    code, title = "harm-reduction-tiers", "Harm reduction at each tier"
    section = PlanSection.LINES
    source = "Models of Care 2006, 3.2.1"
    mend = LINES_PAGE

    def look(self, plan: PlanAsRead) -> Finding:
        missing = [
            f"Tier {tier}"
            for tier in TIERS
            if not any(
                line.harm_reduction or line.intervention_id in HARM_REDUCTION_TYPES
                for line in plan.of_tier(tier)
            )
        ]
        if missing:
            return breaks("No line of these tiers has harm reduction in it.", missing)
        return keeps("Each tier has a line with harm reduction in it.")


class OutsideOfficeHours(Check):
    """Tier 2 and Tier 3 services are open outside office hours: in the evening or at weekends."""

    code, title = "outside-office-hours", "Outside office hours"
    section = PlanSection.LINES
    source = "Models of Care 2006, 3.2.2 (more flexible opening times)"
    mend = LINES_PAGE

    def look(self, plan: PlanAsRead) -> Finding:
        missing = [
            f"Tier {tier}"
            for tier in _OUT_OF_HOURS
            if not any(line.evenings or line.weekends for line in plan.of_tier(tier))
        ]
        if missing:
            return breaks("No line of these tiers is open outside office hours.", missing)
        return keeps("Tier 2 and Tier 3 have lines open in the evening or at weekends.")


class PrisonProvision(Check):
    """Where there is a prison, its drug treatment spans Tiers 1 to 4."""

    code, title = "prison", "Treatment in prison"
    section = PlanSection.LINES
    source = "Models of Care 2006, 3.4"
    mend = LINES_PAGE

    def look(self, plan: PlanAsRead) -> Finding:
        if not plan.plan.has_prison:
            return not_asked("The plan says that there is no prison in the area.")
        missing = [
            f"Tier {tier}"
            for tier in TIERS
            if not any(line.setting == PRISON for line in plan.of_tier(tier))
        ]
        if missing:
            return breaks("No line in prison for these tiers.", missing)
        return keeps("Each tier has a line in prison.")


class Aftercare(Check):
    """Drug-related aftercare is commissioned through the plan, and paid for."""

    code, title = "aftercare-funded", "Drug-related aftercare"
    section = PlanSection.LINES
    source = "Models of Care 2006, 3.7"
    mend = LINES_PAGE

    def look(self, plan: PlanAsRead) -> Finding:
        lines = [
            line
            for line in plan.all_lines
            if line.aftercare or line.intervention_id in AFTERCARE_TYPES
        ]
        cost = sum((line.cost for line in lines), ZERO)
        if not cost:
            return breaks("No line pays for drug-related aftercare.")
        return keeps(f"{pounds(cost)} is planned for it.")


class TiersWithReason(Check):
    """A line is at the tier its intervention belongs to, or its note says why it is not."""

    code, title = "tiers-of-lines", "Tier of each line"
    section = PlanSection.LINES
    source = "Models of Care 2006, 3.2.2 (Tier 2 and Tier 3 interventions)"
    mend = LINES_PAGE
    of_joint = True

    def look(self, plan: PlanAsRead) -> Finding:
        known = {kind.code for kind in framework().intervention_types}
        amiss = [
            f"{line}: {wanted}"
            for line in plan.lines
            if line.intervention_id in known
            and (
                wanted := tier_wants_a_reason(
                    line.intervention_id or "", line.tier, setting=line.setting, note=line.note
                )
            )
        ]
        without = [
            f"{line}: no tier" for line in plan.lines if line.intervention_id and not line.tier
        ]
        if amiss or without:
            return breaks("These lines are at another tier, or at none.", [*amiss, *without])
        return keeps("Each line is at the tier of its intervention, or says why not.")


class PrimaryCare(Declared):
    """Doctors of every level of competence are there, from general medical care to the
    specialist.
    """

    code, title = "primary-care", "Spectrum of doctors in primary care"
    section = PlanSection.LINES
    source = "Models of Care 2006, 3.5.3"
    mend = CHECKS_PAGE
    asks = DOCTOR_LEVELS
    evidence = EvidenceName.PRIMARY_CARE


class SharedCare(Declared):
    """Shared care between general practice and specialised services is in place, and is reviewed
    regularly.
    """

    code, title = "shared-care", "Shared care"
    section = PlanSection.LINES
    source = "Models of Care 2006, 3.5.4"
    mend = CHECKS_PAGE
    asks = (
        ("in-place", "Shared care is in place"),
        ("reviewed", "It was reviewed in the last twelve months"),
    )
    evidence = EvidenceName.SHARED_CARE


CHECKS: tuple[Check, ...] = (
    HarmReductionAtEachTier(),
    OutsideOfficeHours(),
    PrisonProvision(),
    Aftercare(),
    TiersWithReason(),
    PrimaryCare(),
    SharedCare(),
)
