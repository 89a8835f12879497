"""The tier of a line: suggested from its intervention, and what is said when it is overruled."""

from commissioning.kernel.errors import DomainError
from commissioning.reference import framework
from commissioning.rules.tiers import (
    InterventionAsDelivered,
    OverrideNeedsReason,
    SettledTier,
    proposed_tier,
    settled_tier,
)


def suggested_tier(intervention: str, setting: str = "") -> int | None:
    """The tier a line has unless somebody says otherwise; None outside the drug tiers.

    Care-planned kinds are taken to be delivered as such (Models of Care 2006, 3.2.2).
    """
    kind = framework().intervention_type(intervention)
    if kind.tier is None:
        return None
    return proposed_tier(_as_delivered(intervention, setting)).tier if setting else kind.tier


def settle_tier(
    intervention: str, tier: int, *, setting: str = "", reason: str = ""
) -> SettledTier:
    """The tier of a line that says one. Raises as `rules.tiers.settled_tier` does."""
    return settled_tier(
        proposed_tier(_as_delivered(intervention, setting)), override=tier, reason=reason
    )


def tier_wants_a_reason(intervention: str, tier: int | None, *, setting: str, note: str) -> str:
    """What is asked of a line whose tier is not the suggested one and whose note is empty."""
    if not intervention or tier is None or suggested_tier(intervention, setting) in {None, tier}:
        return ""
    try:
        settle_tier(intervention, tier, setting=setting, reason=note)
    except OverrideNeedsReason as refused:
        return f"{refused} Write it in the note of the line."
    except DomainError as refused:
        return str(refused)
    return ""


def _as_delivered(intervention: str, setting: str) -> InterventionAsDelivered:
    known = framework()
    kind = known.intervention_type(intervention)
    return InterventionAsDelivered(
        kind=kind,
        setting=known.setting(setting or kind.settings[0]),
        care_planned=kind.needs_care_plan,
        after_comprehensive_assessment=kind.needs_care_plan,
        consented=True,
    )
