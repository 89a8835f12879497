"""What services deliver: an intervention in a setting, at the tier it has there."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction

from commissioning.kernel.errors import DomainError
from commissioning.kernel.words import day
from commissioning.models import InterventionType
from commissioning.reference import framework
from commissioning.rules.tiers import (
    InterventionAsDelivered,
    SettledTier,
    Structure,
    TierProposal,
    proposed_tier,
    settled_tier,
)
from commissioning.scoping import Actor
from commissioning.services.audit import record
from commissioning.services.refusals import refused_by
from providers.models import DeliveredIntervention, Service
from providers.services.register.keeping import RegisterRefused, require_later
from providers.services.register.services import lock_service


@dataclass(frozen=True, kw_only=True)
class DeliveryFacts:
    """What is said of an intervention as delivered: all that its tier may rest on, and a price.

    `tier` overrules the rule's, for `tier_reason`. `weekly_price` is in pounds.
    """

    intervention: str
    setting: str
    is_care_planned: bool
    after_assessment: bool
    with_consent: bool
    structure: Structure = Structure.UNKNOWN
    tier: int | None = None
    tier_reason: str = ""
    weekly_price: Decimal | None = None
    usual_weeks: int | None = None


def tier_proposed(facts: DeliveryFacts) -> TierProposal:
    """The tier the rule arrives at. Raises `RegisterRefused` for an unknown setting."""
    read = framework()
    try:
        kind, setting = read.intervention_type(facts.intervention), read.setting(facts.setting)
    except KeyError as unknown:
        raise RegisterRefused(f"The framework knows no {unknown}.") from unknown
    return proposed_tier(
        InterventionAsDelivered(
            kind=kind,
            setting=setting,
            care_planned=facts.is_care_planned,
            after_comprehensive_assessment=facts.after_assessment,
            consented=facts.with_consent,
            structure=facts.structure,
        )
    )


@transaction.atomic
def deliver(
    *, service: Service, facts: DeliveryFacts, from_on: dt.date, by: Actor
) -> DeliveredIntervention:
    """The service delivers an intervention from a day on.

    Raises `OverrideNeedsReason` and `TierIsFixed` (commissioning.rules.tiers).
    """
    held = lock_service(service, by=by)
    if held.closed_on is not None:
        raise RegisterRefused(f"{held} closed on {day(held.closed_on)}.")
    kind = InterventionType.objects.filter(code=facts.intervention).first()
    if kind is None:
        raise RegisterRefused("Choose the intervention from the framework.", field="intervention")
    settled = _settled(facts)
    made = DeliveredIntervention(
        service=held, intervention=kind, setting=facts.setting, opened_on=from_on
    )
    _take_over(made, facts, settled)
    with refused_by(
        "service_delivers_an_intervention_once_in_a_setting",
        f"{held} already delivers this in that setting: change what is there.",
        error=RegisterRefused,
        field="intervention",
    ):
        made.save()
    _record("intervention.delivered", made, facts, by)
    return made


@transaction.atomic
def change_delivery(
    *, delivered: DeliveredIntervention, facts: DeliveryFacts, by: Actor
) -> DeliveredIntervention:
    """Change how it is delivered. The intervention and its setting stay: those are another's."""
    held = _locked(delivered, by)
    if (facts.intervention, facts.setting) != (held.intervention_id, held.setting):
        raise RegisterRefused("Another intervention or setting is added; this one is ended.")
    _take_over(held, facts, _settled(facts))
    held.save()
    _record("intervention.changed", held, facts, by)
    return held


@transaction.atomic
def end_delivery(
    *, delivered: DeliveredIntervention, on: dt.date, by: Actor
) -> DeliveredIntervention:
    """The service no longer delivers it from a day on."""
    held = _locked(delivered, by)
    if on <= held.opened_on:
        require_later(on, than=held.opened_on, what=str(held.intervention))
    held.closed_on = on
    held.save(update_fields=["closed_on"])
    record(
        "intervention.ended",
        held.service,
        by=by,
        organisation=held.service.provider.organisation,
        intervention=str(held.intervention),
        on=on.isoformat(),
    )
    return held


def _locked(delivered: DeliveredIntervention, by: Actor) -> DeliveredIntervention:
    service = lock_service(delivered.service, by=by)
    held = DeliveredIntervention.objects.select_related("intervention").get(pk=delivered.pk)
    held.service = service
    if held.closed_on is not None:
        raise RegisterRefused(f"{held.intervention} ended on {day(held.closed_on)}.")
    return held


def _settled(facts: DeliveryFacts) -> SettledTier:
    if facts.weekly_price is not None and facts.weekly_price <= 0:
        raise DomainError(
            "A price is more than nothing; leave it empty where there is none.",
            field="weekly_price",
        )
    return settled_tier(tier_proposed(facts), override=facts.tier, reason=facts.tier_reason)


def _take_over(row: DeliveredIntervention, facts: DeliveryFacts, settled: SettledTier) -> None:
    row.is_care_planned = facts.is_care_planned
    row.tier, row.proposed_tier = settled.tier, settled.proposed
    row.tier_reason = settled.reason
    row.weekly_price, row.usual_weeks = facts.weekly_price, facts.usual_weeks


def _record(action: str, row: DeliveredIntervention, facts: DeliveryFacts, by: Actor) -> None:
    """On the service's trail, with what the tier rests on."""
    record(
        action,
        row.service,
        by=by,
        organisation=row.service.provider.organisation,
        intervention=str(row.intervention),
        setting=framework().setting(row.setting).name,
        tier=row.tier,
        proposed_tier=row.proposed_tier,
        why_this_tier=row.tier_reason,
        care_planned="yes" if facts.is_care_planned else "no",
        after_comprehensive_assessment="yes" if facts.after_assessment else "no",
        with_consent="yes" if facts.with_consent else "no",
        structure=facts.structure.value,
        weekly_price=str(row.weekly_price or ""),
    )
