"""The states of a contract: service and database agree on every one that may follow."""

import itertools

import pytest
from django.db import DatabaseError, transaction

from commissioning.kernel.errors import DomainError
from commissioning.scoping import System
from providers.choices import CONTRACT_TRANSITIONS, ContractState
from providers.models import Contract
from providers.services.contracts import (
    accept_contract,
    award_contract,
    keep_contracts,
    offer_contract,
    resume_contract,
    send_back,
    suspend_contract,
    withdraw_contract,
)
from providers.services.contracts.guard import move
from tests.factories.contracts import Bought
from tests.factories.ledger import DAY
from tests.factories.providers import ContractFactory

pytestmark = pytest.mark.django_db
PAIRS = [(a, b) for a, b in itertools.product(ContractState, ContractState) if a != b]


@pytest.mark.parametrize(("before", "after"), PAIRS)
def test_service_and_database_let_the_same_states_follow(before, after):
    made = ContractFactory(state=before)
    Contract.objects.filter(pk=made.pk).update(
        accepted_at=made.accepted_at or "2006-03-01T12:00Z",
        awarded_at=made.awarded_at or "2006-03-01T12:00Z",
    )

    by_hand, by_service = True, True
    try:
        with transaction.atomic():
            Contract.objects.filter(pk=made.pk).update(state=after)
            transaction.set_rollback(True)
    except DatabaseError:
        by_hand = False
    try:
        with transaction.atomic():
            move(Contract.objects.get(pk=made.pk), after)
    except DomainError:
        by_service = False

    assert by_hand == by_service == (after in CONTRACT_TRANSITIONS[before])


DEEDS = {
    "offer": lambda b, c: offer_contract(contract=c, by=b.writer, on=DAY),
    "accept": lambda b, c: accept_contract(contract=c, by=b.manager, on=DAY),
    "send back": lambda b, c: send_back(contract=c, reason="So.", by=b.manager, on=DAY),
    "withdraw": lambda b, c: withdraw_contract(contract=c, reason="So.", by=b.writer, on=DAY),
    "award": lambda b, c: award_contract(contract=c, by=b.awarder, on=DAY),
    "suspend": lambda b, c: suspend_contract(contract=c, reason="So.", by=b.writer, on=DAY),
    "resume": lambda b, c: resume_contract(contract=c, by=b.writer, on=DAY),
    "night": lambda _, c: keep_contracts(by=System("a test"), on=c.ends_on),
}
# What each deed makes of a contract in each state; whatever is not named is refused or nothing.
COMES = {
    ("DRAFT", "offer"): "OFFERED",
    ("DRAFT", "withdraw"): "WITHDRAWN",
    ("OFFERED", "accept"): "OFFERED",
    ("OFFERED", "send back"): "DRAFT",
    ("OFFERED", "withdraw"): "WITHDRAWN",
    ("OFFERED", "award"): "LIVE",
    ("LIVE", "suspend"): "SUSPENDED",
    ("LIVE", "night"): "ENDED",
    ("SUSPENDED", "resume"): "LIVE",
    ("SUSPENDED", "night"): "ENDED",
}
REACHED = {
    "DRAFT": lambda b: b.drafted(),
    "OFFERED": lambda b: b.offered(),
    "LIVE": lambda b: b.awarded(),
    "SUSPENDED": lambda b: suspend_contract(
        contract=b.awarded(), reason="So.", by=b.writer, on=DAY
    ),
    "WITHDRAWN": lambda b: withdraw_contract(
        contract=b.drafted(), reason="So.", by=b.writer, on=DAY
    ),
}


@pytest.mark.parametrize("state", REACHED)
def test_each_deed_does_in_each_state_what_the_table_says(state):
    bought = Bought()
    contract = REACHED[state](bought)

    for deed, do in DEEDS.items():
        with transaction.atomic():
            try:
                with transaction.atomic():
                    do(bought, contract)
                refused = False
            except DomainError:
                refused = True
            found = Contract.objects.get(pk=contract.pk).state
            transaction.set_rollback(True)
        wanted = COMES.get((state, deed), state)
        assert found == wanted, deed
        assert refused == ((state, deed) not in COMES) or deed == "night", deed
