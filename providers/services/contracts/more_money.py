"""Which lines and streams pay for what a variation takes more."""

from collections.abc import Mapping
from decimal import Decimal

from django.db import transaction

from commissioning.kernel.money import ZERO
from commissioning.kernel.words import pounds
from commissioning.models import Plan, User
from commissioning.roles import Permission
from commissioning.services.access import require
from providers.choices import VariationState
from providers.models import Variation, VariationMoney
from providers.selectors.contracts.more_money import more_to_carry
from providers.services.contracts.guard import ContractRefused, lock_contract, tell_deed
from providers.services.contracts.money import next_version, parts_of


@transaction.atomic
def choose_lines(
    *, variation: Variation, plan: Plan, amounts: Mapping[int, Decimal], by: User
) -> Variation:
    """Put what a proposed variation takes more of a plan on its parts: allocation → pounds.

    Written by whoever writes contracts of the plan's partnership; a partnership that had agreed
    to its part agrees anew. Without amounts it is spread as the contract's money stands. Raises
    `ContractRefused` unless they come to what is more.
    """
    held = lock_contract(variation.contract)
    require(by, Permission.CONTRACT_EDIT, organisation_id=plan.partnership_id)
    one = Variation.objects.select_for_update(no_key=True).get(pk=variation.pk)
    if one.state != VariationState.PROPOSED:
        raise ContractRefused("Lines are chosen while the variation is proposed.")
    more = next((row.more for row in more_to_carry(held, one) if row.plan.pk == plan.pk), ZERO)
    if not more:
        raise ContractRefused(
            f"Nothing more falls to {plan}. What is less is released where it was committed."
        )
    parts = parts_of(plan, amounts)
    put = sum(amounts.values(), ZERO)
    if put and put != more:
        raise ContractRefused(
            f"{pounds(more)} more falls to {plan}, and {pounds(put)} is on its lines. Put"
            f" {pounds(abs(more - put))} {'more' if more > put else 'less'} on them."
        )
    one.money.filter(line__plan=plan).delete()
    VariationMoney.objects.bulk_create(
        VariationMoney(
            variation=one,
            line_id=parts[key].line_id,
            stream_id=parts[key].stream_id,
            amount=amount,
            put_by=by,
        )
        for key, amount in amounts.items()
        if amount
    )
    agreed = held.agreements.filter(version=next_version(held), partnership=plan.partnership_id)
    agreed.delete()
    tell_deed(
        "variation_funded", held, by, variation=one.number, plan=str(plan), amount=pounds(put)
    )
    return one
