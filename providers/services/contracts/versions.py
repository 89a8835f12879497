"""Freezing what was agreed: a contract as it holds from a day."""

import datetime as dt

from commissioning.models import User
from commissioning.scoping import Actor
from providers.models import Contract, ContractVersion
from providers.selectors.contracts.content import content_of
from providers.selectors.contracts.costs import ContractCost


def freeze(
    contract: Contract, cost: ContractCost, *, holds_from: dt.date, reason: str, by: Actor
) -> ContractVersion:
    """The next version, with every part as it stands and what it costs by year."""
    return ContractVersion.objects.create(
        contract=contract,
        number=contract.versions.count() + 1,
        holds_from=holds_from,
        reason=reason[:300],
        content=content_of(contract, cost.by_year),
        taken_by=by if isinstance(by, User) else None,
    )
