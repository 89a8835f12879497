"""A contract is proposed, funded, offered, awarded, varied and monitored, in a real browser."""

import datetime as dt
from decimal import Decimal

import pytest

from commissioning.models import Allocation
from providers.choices import ContractState
from providers.models import Contract
from tests.factories.contracts import Bought
from tests.stories.everybody import assert_fits_every_width

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def bought(settings):
    settings.BUSINESS_DAY = dt.date(2007, 2, 15)
    return Bought()


def test_a_contract_is_proposed_offered_awarded_varied_and_monitored(desk, bought):
    contract = propose(desk, bought)
    award(desk, bought, contract)
    vary(desk, bought, contract)
    monitor(desk, bought, contract)


def propose(desk, bought):
    desk.sit(bought.manager, f"/provider/{bought.provider.code}/contracts/")
    desk.everybody_can_use_it()
    desk.follow("Propose a contract")
    desk.everybody_can_use_it()
    desk.fill(Title="Two beds")
    desk.page.get_by_label("Partnership").select_option(str(bought.lead))
    desk.page.get_by_label("Block", exact=True).check()
    desk.on("Starts on", dt.date(2006, 4, 1))
    desk.on("Ends before", dt.date(2007, 4, 1))
    desk.press("Continue")
    desk.sees("is a draft")
    desk.everybody_can_use_it()
    desk.follow("Change price and volume")
    desk.page.get_by_label("Price (optional)").fill("700")
    desk.page.get_by_label("The price is for").select_option("BED_WEEK")
    desk.page.get_by_label("Places (optional)").fill("2")
    desk.everybody_can_use_it()
    desk.press("Save")
    desk.sees("£700 a bed a week")
    desk.follow("Change what it covers")
    desk.page.get_by_label(str(bought.kind), exact=True).check()
    desk.page.get_by_label(str(bought.service), exact=True).check()
    desk.press("Save")
    desk.follow("Offer contract")
    desk.everybody_can_use_it()
    desk.press("Offer contract")
    desk.sees("The contract is with the other side.")
    return Contract.objects.get()


def award(desk, bought, contract):
    desk.sit(bought.writer, f"/contracts/{contract.reference}/edit/tender/")
    desk.page.get_by_label("Open tender").check()
    desk.press("Save")
    desk.follow("Money")
    desk.everybody_can_use_it()
    desk.follow("Put money on lines")
    desk.sees("£73,000 of the contract falls to this plan")
    desk.everybody_can_use_it()
    desk.press("Save")
    desk.sees("£73,000 of £73,000")

    desk.sit(bought.awarder, f"/contracts/{contract.reference}/")
    desk.follow("Award contract")
    desk.sees("£73,000 of £73,000")
    desk.everybody_can_use_it()
    desk.press("Award contract")
    desk.sees("The contract is awarded: its money is committed.")
    desk.go(f"/partnership/{bought.lead.code}/plan/{bought.plan.slug}/ledger/")
    desk.sees(f"contract:{contract.reference}:v1")
    assert Allocation.objects.get(pk=bought.part.pk).committed == Decimal("73000.00")


def vary(desk, bought, contract):
    desk.sit(bought.manager, f"/contracts/{contract.reference}/variations/propose/")
    desk.page.get_by_label("Places (optional)").fill("1")
    desk.on("From", dt.date(2007, 3, 1))
    desk.fill(Reason="Fewer people come.")
    desk.everybody_can_use_it()
    desk.press("Propose a variation")
    desk.sees("£3,100 released")

    desk.sit(bought.awarder, f"/contracts/{contract.reference}/variations/1/")
    desk.everybody_can_use_it()
    desk.press("Put into force")
    desk.sees("in force. The difference is in the ledger.")
    desk.go(f"/contracts/{contract.reference}/versions/")
    desk.sees("What changed from version 1 to version 2")
    desk.everybody_can_use_it()
    assert Allocation.objects.get(pk=bought.part.pk).committed == Decimal("69900.00")


def monitor(desk, bought, contract):
    desk.sit(bought.manager, f"/contracts/{contract.reference}/performance/2006-Q3/return/")
    desk.fill(How_the_quarter_went="Both beds were full.")
    desk.press("Send return")
    desk.sees("Both beds were full.")

    desk.sit(bought.writer, f"/contracts/{contract.reference}/performance/2006-Q3/comment/")
    desk.fill(Comment="Good. One bed goes in March.")
    desk.press("Add comment")
    desk.sees("One bed goes in March.")
    desk.everybody_can_use_it()
    desk.press("Accept return for October to December 2006")
    desk.sees("The return is accepted.")
    assert Contract.objects.get().state == ContractState.LIVE


def test_no_page_of_a_contract_scrolls_sideways(desk, bought):
    contract = bought.awarded()
    desk.sit(bought.writer, f"/contracts/{contract.reference}/")
    for address in (
        f"/contracts/{contract.reference}/",
        f"/contracts/{contract.reference}/money/",
        f"/contracts/{contract.reference}/performance/",
        f"/contracts/{contract.reference}/versions/",
        f"/contracts/{contract.reference}/history/",
        f"/contracts/{contract.reference}/variations/propose/",
        f"/partnership/{bought.lead.code}/contracts/",
        f"/partnership/{bought.lead.code}/contracts/dates/",
    ):
        assert_fits_every_width(desk.page, f"{desk.server.url}{address}")
    desk.everybody_can_use_it()
