"""Two at once: one bed is sold once, one contract is awarded once."""

import pytest

from commissioning.models import Allocation, User
from providers.choices import ContractState
from providers.models import Contract, ContractPlace
from providers.services.contracts import award_contract
from tests.commissioning.plans.racing import at_once
from tests.factories.contracts import Bought
from tests.factories.ledger import DAY

pytestmark = pytest.mark.django_db(transaction=True)


def awarding(bought, contracts):
    def award(number):
        by = User.objects.get(pk=bought.awarder.pk)
        award_contract(contract=contracts[number % len(contracts)], by=by, on=DAY)

    return award


def test_two_awards_at_once_never_sell_a_bed_twice():
    bought = Bought(money=200_000)
    contracts = [bought.offered(), bought.offered(title="Again")]

    said = at_once(2, 2, awarding(bought, contracts))

    assert said["done"] == 1
    assert any("is sold to" in words or "bought one of these" in words for words in said)
    assert ContractPlace.objects.count() == 2
    assert Allocation.objects.get(pk=bought.part.pk).committed == 73_000


def test_one_contract_awarded_by_many_at_once_is_awarded_once():
    bought = Bought(money=200_000)
    contract = bought.offered()

    said = at_once(4, 4, awarding(bought, [contract]))

    assert said == {"done": 1, "Only what is offered is awarded. It is live.": 3}
    assert Contract.objects.get().state == ContractState.LIVE
    assert Allocation.objects.get(pk=bought.part.pk).committed == 73_000
