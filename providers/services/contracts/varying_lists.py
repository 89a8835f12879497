"""What a variation does to lists of a contract: its shares, interventions and schedule."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from commissioning.models import InterventionType
from providers.models import Contract, ContractShare, PerformanceMeasure


def apply_lists(contract: Contract, changes: Mapping[str, Any], *, holds_from: dt.date) -> None:
    """The lists among the changes become those of the contract, from a day on. It is locked."""
    if "interventions" in changes:
        contract.interventions.set(
            InterventionType.objects.filter(code__in=changes["interventions"])
        )
    if "schedule" in changes:
        targets = {code: Decimal(one) for code, one in changes["schedule"].items()}
        _apply_schedule(contract, targets, holds_from)
    if "shares" in changes:
        shares = {int(key): Decimal(one) for key, one in changes["shares"].items()}
        _apply_shares(contract, shares, holds_from)


def _apply_schedule(
    contract: Contract, targets: Mapping[str, Decimal], holds_from: dt.date
) -> None:
    """A line that changes ends on the day and another begins: what was read of it stays."""
    held = {one.measure: one for one in contract.schedule.agreed()}
    for code, line in held.items():
        if targets.get(code) == line.target:
            continue
        if holds_from <= (line.agreed_from or contract.starts_on):
            line.delete()
        else:
            line.agreed_until = holds_from
            line.save(update_fields=["agreed_until"])
    PerformanceMeasure.objects.bulk_create(
        PerformanceMeasure(contract=contract, measure=code, target=target, agreed_from=holds_from)
        for code, target in targets.items()
        if code not in held or held[code].target != target
    )


def _apply_shares(contract: Contract, shares: Mapping[int, Decimal], holds_from: dt.date) -> None:
    """Who joins shares from the day; who leaves keeps its row, and what it paid until then."""
    held = {one.partnership_id: one for one in contract.shares.all()}
    for key, row in held.items():
        if key in shares:
            if row.left_on is not None:
                row.joined_on, row.left_on = holds_from, None
            row.share = shares[key]
        elif row.left_on is None:
            row.left_on = max(holds_from, row.joined_on or holds_from)
    ContractShare.objects.bulk_update(held.values(), ["share", "joined_on", "left_on"])
    ContractShare.objects.bulk_create(
        ContractShare(contract=contract, partnership_id=key, share=share, joined_on=holds_from)
        for key, share in shares.items()
        if key not in held
    )
