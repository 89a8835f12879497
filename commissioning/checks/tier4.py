"""Checks of Tier 4: inpatient treatment and residential rehabilitation (Models of Care, 3.6)."""

from commissioning.checks.declarations import Check, Declared, Finding, breaks, keeps
from commissioning.checks.reading import PlanAsRead
from commissioning.checks.whole_system import CHECKS_PAGE, LINES_PAGE
from commissioning.choices import PlanSection, Purchase
from commissioning.reference.evidence import EvidenceName
from commissioning.reference.planning import COMMUNITY_CARE, REHABILITATION_TYPES
from commissioning.rules.tiers import RESIDENTIAL_TIER


class Tier4Pathways(Check):
    """Tier 4 is commissioned as a pathway: each of its lines names the route into it and what
    follows.
    """

    code, title = "tier-4-pathways", "Tier 4 pathways"
    section = PlanSection.LINES
    source = "Models of Care 2006, 3.6"
    mend = LINES_PAGE
    of_joint = True

    def look(self, plan: PlanAsRead) -> Finding:
        lines = plan.of_tier(RESIDENTIAL_TIER)
        if not lines:
            return breaks("No line is at Tier 4.")
        amiss = [str(line) for line in lines if not line.pathway]
        if amiss:
            return breaks("These lines name no pathway.", amiss)
        return keeps("Each Tier 4 line names its pathway.")


class Tier4Together(Check):
    """Tier 4 is planned with others: the partnership shares in a joint or regional plan."""

    code, title = "tier-4-joint", "Tier 4 planned jointly"
    section = PlanSection.LINES
    source = "Models of Care 2006, 3.6 (regional and sub-regional arrangements from 2006)"
    mend = "commissioning:plan-start-joint"
    mend_is_beside = True

    def look(self, plan: PlanAsRead) -> Finding:
        if not plan.joint:
            return breaks("The partnership shares in no joint plan of the year.")
        return keeps("The partnership shares in a joint plan of the year.")


class Tier4FromNeeds(Check):
    """What is bought at Tier 4 rests on an assessment of the need for it."""

    code, title = "tier-4-needs", "Tier 4 from needs"
    section = PlanSection.NEEDS
    source = "Models of Care 2006, 3.6"
    mend = "commissioning:plan-needs"
    of_joint = True

    def look(self, plan: PlanAsRead) -> Finding:
        if not plan.has_needs:
            return breaks("There is no needs assessment of the year.")
        if not plan.has_tier4_needs:
            return breaks("The needs assessment works out no places at Tier 4.")
        return keeps("The needs assessment works out the places at Tier 4.")


class RehabilitationPaidFrom(Check):
    """Residential rehabilitation does not rest on community care money alone."""

    code, title = "rehabilitation-money", "Money for rehabilitation"
    section = PlanSection.MONEY
    source = "Models of Care 2006, 3.6"
    mend = LINES_PAGE
    of_joint = True

    def look(self, plan: PlanAsRead) -> Finding:
        lines = plan.of_types(REHABILITATION_TYPES)
        if not lines:
            return breaks("No line buys residential rehabilitation.")
        streams = {part.stream_id for line in lines for part in line.taken if part.amount}
        if not streams:
            return breaks("No stream pays for residential rehabilitation yet.")
        if streams == {COMMUNITY_CARE}:
            return breaks("Community care alone pays for residential rehabilitation.")
        return keeps("It is paid from more than community care.")


class BlockAndSpot(Check):
    """Places in residential rehabilitation are bought in a mixture of block and spot."""

    code, title = "block-and-spot", "Block and spot"
    section = PlanSection.LINES
    source = "Models of Care 2006, 3.6"
    mend = LINES_PAGE
    of_joint = True

    def look(self, plan: PlanAsRead) -> Finding:
        lines = plan.of_types(REHABILITATION_TYPES)
        if not lines:
            return breaks("No line buys residential rehabilitation.")
        bought = {line.purchase for line in lines}
        missing = [str(one.label) for one in (Purchase.BLOCK, Purchase.SPOT) if one not in bought]
        if missing:
            return breaks("No line of residential rehabilitation is bought so.", missing)
        return keeps("Both are used.")


class PreferredProviders(Declared):
    """Residential treatment is bought from preferred providers who have shown their quality."""

    code, title = "preferred-providers", "Preferred providers"
    section = PlanSection.LINES
    source = "Models of Care 2006, 3.6"
    mend = CHECKS_PAGE
    asks = (
        ("named", "Preferred providers are named"),
        ("quality", "There is evidence of the quality of each"),
    )
    evidence = EvidenceName.PREFERRED_PROVIDERS
    of_joint = True


class StandardContracts(Declared):
    """Tier 4 is bought by standard contracts that ask for NDTMS returns."""

    code, title = "standard-contracts", "Standard contracts"
    section = PlanSection.LINES
    source = "Models of Care 2006, 3.6"
    mend = CHECKS_PAGE
    asks = (
        ("standard", "The contracts are the standard ones"),
        ("ndtms", "Each asks for NDTMS returns"),
    )
    evidence = EvidenceName.STANDARD_CONTRACTS
    of_joint = True


class HousingLink(Declared):
    """Whoever leaves Tier 4 and needs it has housing with support: there is a link to whoever
    provides it.
    """

    code, title = "housing-link", "Housing after Tier 4"
    section = PlanSection.LINES
    source = "Models of Care 2006, 3.6 and 3.7"
    mend = CHECKS_PAGE
    evidence = EvidenceName.HOUSING_LINK
    of_joint = True


CHECKS: tuple[Check, ...] = (
    Tier4FromNeeds(),
    Tier4Pathways(),
    Tier4Together(),
    BlockAndSpot(),
    PreferredProviders(),
    StandardContracts(),
    HousingLink(),
    RehabilitationPaidFrom(),
)
