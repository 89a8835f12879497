"""How a contract performs: its schedule, monitoring returns, comments of both sides, remedies."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal

from django.db import transaction

from commissioning.kernel.clock import technical_now
from commissioning.kernel.periods import Grain, Period
from commissioning.models import User
from commissioning.roles import Permission
from commissioning.scoping import Actor
from commissioning.services.access import require
from commissioning.services.refusals import refused_by
from providers.choices import IN_FORCE_IN, ContractState, Side
from providers.models import (
    Contract,
    MonitoringReturn,
    PerformanceComment,
    PerformanceMeasure,
)
from providers.reference.measures import BY_CODE
from providers.services.contracts.guard import (
    ContractRefused,
    lock_contract,
    other_side,
    require_side,
    require_state,
    save,
    side_of,
    tell_deed,
    wrote,
)
from providers.services.contracts.telling import tell_side


@transaction.atomic
def set_schedule(*, contract: Contract, targets: Mapping[str, Decimal], by: Actor) -> Contract:
    """What is measured each quarter, and what is agreed of it; shares between 0 and 1.

    Written in a draft, as all its terms. Raises `ContractRefused`.
    """
    held = lock_contract(contract)
    require_side(by, held, Side(held.proposed_by))
    require_state(held, {ContractState.DRAFT}, "Only a draft is written.")
    refuse_targets(targets)
    held.schedule.exclude(measure__in=targets).delete()
    for code, target in targets.items():
        PerformanceMeasure.objects.update_or_create(
            contract=held, measure=code, defaults={"target": target}
        )
    wrote(held, by)
    save(held)
    tell_deed("edited", held, by, schedule=[BY_CODE[code].title for code in targets])
    return held


def refuse_targets(targets: Mapping[str, Decimal]) -> None:
    """Raise `ContractRefused` for a measure there is none of, or a target it cannot have."""
    for code, target in targets.items():
        measure = BY_CODE.get(code)
        if measure is None:
            raise ContractRefused(f"There is no measure “{code}”.")
        if measure.unit == "share" and not 0 <= target <= 1:
            raise ContractRefused(f"{measure.title}: enter a target between 0 % and 100 %.")
        if target < 0:
            raise ContractRefused(f"{measure.title}: enter a target of 0 or more.")


@transaction.atomic
def send_monitoring_return(
    *,
    contract: Contract,
    quarter: Period,
    narrative: str,
    by: User,
    on: dt.date,
    starts: int | None = None,
) -> MonitoringReturn:
    """What the provider says of a quarter that is over; once."""
    held = lock_contract(contract)
    require(by, Permission.CONTRACT_ANSWER, organisation_id=held.provider_id)
    _refuse_quarter(held, quarter, on)
    if not narrative.strip():
        raise ContractRefused("Say how the quarter went.")
    with refused_by(
        "monitoring_return_is_sent_once_a_quarter",
        f"The return for {quarter.label} was sent already.",
        error=ContractRefused,
    ):
        made = MonitoringReturn.objects.create(
            contract=held,
            quarter=quarter.code,
            narrative=narrative.strip(),
            starts=starts,
            sent_by=by,
        )
    tell_deed("monitored", held, by, quarter=quarter.label, starts=starts)
    said = f"{held.provider} sent its monitoring return for {quarter.label} of {held}"
    tell_side(held, Side.COMMISSIONER, said, f"return:{quarter.code}", by=by, on=on)
    return made


@transaction.atomic
def accept_monitoring_return(*, returned: MonitoringReturn, by: User) -> MonitoringReturn:
    """The commissioner has read it and is content."""
    held = lock_contract(returned.contract)
    require(by, Permission.CONTRACT_EDIT, organisation_id=held.lead_id)
    one = MonitoringReturn.objects.select_for_update(no_key=True).get(pk=returned.pk)
    if one.accepted_at is not None:
        return one
    one.accepted_at, one.accepted_by = technical_now(), by
    one.save(update_fields=["accepted_at", "accepted_by"])
    tell_deed("return_accepted", held, by, quarter=Period.parse(one.quarter).label)
    return one


@transaction.atomic
def say_of_quarter(
    *,
    contract: Contract,
    quarter: Period,
    text: str,
    by: User,
    on: dt.date,
    remedy: str = "",
    due_on: dt.date | None = None,
) -> PerformanceComment:
    """A comment of a side on a quarter, and what is to be put right by when."""
    held = lock_contract(contract)
    side = side_of(by, held)
    require_state(held, {*IN_FORCE_IN, ContractState.ENDED}, "Only what was awarded performs.")
    if quarter.start >= held.ends_on or quarter.end <= held.starts_on:
        raise ContractRefused(f"{quarter.label} lies outside the contract.")
    if not text.strip():
        raise ContractRefused("Enter the comment.")
    if remedy.strip() and due_on is None:
        raise ContractRefused("Enter the day by which it is put right.")
    if due_on is not None and due_on < on:
        raise ContractRefused("Enter a day from today on by which it is put right.")
    if due_on is not None and not remedy.strip():
        raise ContractRefused("Say what is to be put right by that day.")
    made = PerformanceComment.objects.create(
        contract=held,
        quarter=quarter.code,
        side=side,
        text=text.strip(),
        remedy=remedy.strip()[:300],
        due_on=due_on,
        made_by=by,
    )
    tell_deed("commented", held, by, quarter=quarter.label, remedy=made.remedy)
    said = f"{by} commented on {quarter.label} of {held}"
    tell_side(held, other_side(side), said, f"comment:{made.pk}", by=by, on=on)
    return made


@transaction.atomic
def finish_remedy(*, comment: PerformanceComment, by: User, on: dt.date) -> PerformanceComment:
    """What was to be put right is: said by the commissioner's side."""
    held = lock_contract(comment.contract)
    require(by, Permission.CONTRACT_EDIT, organisation_id=held.lead_id)
    one = PerformanceComment.objects.select_for_update(no_key=True).get(pk=comment.pk)
    if not one.remedy:
        raise ContractRefused("Nothing was to be put right.")
    if one.done_on is None:
        one.done_on = on
        one.save(update_fields=["done_on"])
        tell_deed("remedied", held, by, remedy=one.remedy)
    return one


def _refuse_quarter(contract: Contract, quarter: Period, on: dt.date) -> None:
    require_state(contract, {*IN_FORCE_IN, ContractState.ENDED}, "Only what was awarded performs.")
    if quarter.grain is not Grain.QUARTER:
        raise ContractRefused("A return is of a quarter.")
    if quarter.start >= contract.ends_on or quarter.end <= contract.starts_on:
        raise ContractRefused(f"{quarter.label} lies outside the contract.")
    if on < quarter.end:
        raise ContractRefused(f"{quarter.label} is not over yet.")
