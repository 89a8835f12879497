"""The plan as one document: what stands in it, and who may read it."""

import datetime as dt
from decimal import Decimal

import pytest

from commissioning.models import GridRow, Priority, Target
from tests.factories.commissioning import PartnershipFactory, UserFactory
from tests.factories.ledger import allocated, line_of, plan_of
from tests.query_counts import assert_counted

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def business_day(settings):
    settings.BUSINESS_DAY = dt.date(2007, 2, 15)


@pytest.fixture
def plan():
    made = plan_of(partnership=PartnershipFactory(), summary="Shorter waits and longer stays.")
    Priority.objects.create(plan=made, number=1, text="Evening opening")
    Target.objects.create(
        plan=made, indicator="retained", source="NATIONAL", target=Decimal("0.85"),
        baseline=Decimal("0.7"), trajectory=[Decimal("0.75")] * 4,
    )  # fmt: skip
    GridRow.objects.create(
        plan=made, grid="ACCESS", number=1, objective="Access", action="Open two evenings",
        by_when=dt.date(2007, 3, 1), by_whom="Manager",
    )  # fmt: skip
    for name in ("Prescribing", "Needle exchange"):
        allocated(line_of(made, name, cost=1200, plain_sum=1200, tier=3), 1200)
    return made


@pytest.fixture
def lead(plan):
    return UserFactory(lead_of=plan.partnership)


def address(plan, page):
    return f"/partnership/{plan.partnership.code}/plan/{plan.slug}/{page}"


def test_the_page_holds_every_part_and_its_pictures(client, lead, plan):
    client.force_login(lead)
    answer = assert_counted(client, "plan document", address(plan, "document/"))
    page = answer.content.decode()

    for words in (
        "Shorter waits and longer stays.", "Evening opening", "Open two evenings", "Prescribing",
        "Needle exchange", "As at 15 February 2007", "Agreed",
    ):  # fmt: skip
        assert words in page
    assert page.count("data:image/svg+xml;base64,") == 2  # a trajectory, and money by tier


def test_the_file_is_a_pdf_of_the_same(client, lead, plan):
    client.force_login(lead)
    answer = client.get(address(plan, "document.pdf"))

    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-")
    assert b"pdfuaid" in answer.content


def test_an_empty_plan_is_a_document_too(client):
    plan = plan_of(partnership=PartnershipFactory())
    client.force_login(UserFactory(lead_of=plan.partnership))

    assert client.get(address(plan, "document/")).status_code == 200
    assert client.get(address(plan, "document.pdf")).status_code == 200


@pytest.mark.parametrize("page", ["document/", "document.pdf"])
def test_is_not_there_for_another_partnership(client, plan, page):
    client.force_login(UserFactory(lead_of=PartnershipFactory()))

    assert client.get(address(plan, page)).status_code == 404
