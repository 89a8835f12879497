"""A commissioner posts a payment and asks for a virement; the lead approves it: in a browser."""

from decimal import Decimal

import pytest

from commissioning.models import Virement
from commissioning.scoping import System
from commissioning.services.ledger import commit_funds
from tests.factories.commissioning import PartnershipFactory, UserFactory
from tests.factories.ledger import DAY, allocated, line_of, plan_of
from tests.stories.everybody import assert_everybody_can_use, assert_fits_every_width

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def plan():
    place = PartnershipFactory(organisation__name="Gateshead", organisation__code="H-01")
    plan = plan_of(place)
    part = allocated(line_of(plan), 10_000)
    allocated(line_of(plan, "Needle exchange"), 5_000)
    commit_funds(
        allocation=part, amount=Decimal(4_000), cause="contract 1", by=System("a test"), on=DAY
    )
    return plan


def test_a_payment_is_posted_and_money_is_moved(sits_down, plan, tmp_path):
    ann = UserFactory(name="Ann Ward", commissioner_of=plan.partnership)
    bo = UserFactory(name="Bo Lee", lead_of=plan.partnership)
    desk = sits_down(ann, "/partnership/H-01/plan/FY2006/ledger/")
    assert_everybody_can_use(desk)

    desk.get_by_role("link", name="Post an entry").click()
    assert_everybody_can_use(desk)
    desk.get_by_label("Line and stream").select_option(index=1)
    desk.get_by_label("Amount").fill("£1,250.50")
    desk.get_by_label("Reference").fill("INV 7")
    desk.get_by_role("button", name="Check the entry").click()
    desk.get_by_role("button", name="Post the entry").wait_for()
    assert_everybody_can_use(desk)
    desk.get_by_role("button", name="Post the entry").click()
    desk.get_by_text("The entry is in the ledger.").wait_for()

    actuals = tmp_path / "actuals.csv"
    actuals.write_text(
        "reference,date,line number,stream code,amount,description\n"
        "INV 7,2007-02-15,1,pooled-treatment,1250.50,Invoice\n"
        "B8,2007-01-31,2,pooled-treatment,300,Needles\n"
    )
    desk.get_by_role("link", name="Send the bank's payments").click()
    assert_everybody_can_use(desk)
    desk.get_by_label("File of payments").set_input_files(actuals)
    desk.get_by_role("button", name="Check the file").click()
    desk.get_by_text("1 new, 0 changed, 1 known already. £300 would be posted.").wait_for()
    assert_everybody_can_use(desk)
    desk.get_by_role("button", name="Post the payments").click()
    desk.get_by_text("1 payment is posted, £300 in all.").wait_for()

    desk.get_by_role("link", name="Ask for a virement").click()
    assert_everybody_can_use(desk)
    desk.get_by_label("From line and stream").select_option(index=1)
    desk.get_by_label("To line").select_option(index=2)
    desk.get_by_label("Amount").fill("1000")
    desk.get_by_label("Reason").fill("Fewer places than planned.")
    desk.get_by_role("button", name="Ask for the virement").click()
    desk.get_by_text("It moves when another person approves it.").wait_for()
    assert_everybody_can_use(desk)

    number = Virement.objects.get().pk
    desk = sits_down(bo, "/partnership/H-01/plan/FY2006/virements/")
    desk.get_by_role("link", name=str(number), exact=True).click()
    assert_everybody_can_use(desk)
    desk.get_by_label("Approve: the money moves now").check()
    desk.get_by_role("button", name="Decide").click()
    desk.get_by_text(f"Virement {number} is approved: the money moved.").wait_for()

    desk.get_by_role("link", name="Line by line").click()
    desk.get_by_role("row", name="2. Needle exchange").get_by_text("£6,000").wait_for()
    assert_everybody_can_use(desk)


def test_no_page_scrolls_sideways(sits_down, live_server, plan):
    person = UserFactory(lead_of=plan.partnership)
    desk = sits_down(person, "/partnership/H-01/plan/FY2006/ledger/")

    for page in ("ledger/", "ledger/lines/", "ledger/post/", "ledger/payments/", "virements/ask/"):
        assert_fits_every_width(desk, f"{live_server.url}/partnership/H-01/plan/FY2006/{page}")
