"""Sending a return over the API."""

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from pathways.models import Upload
from tests.factories.commissioning import (
    MembershipFactory,
    NationFactory,
    PartnershipFactory,
    RuleSetFactory,
    UserFactory,
)
from tests.factories.pathways import ndtms_text, row
from tests.factories.providers import AgencyFactory

ADDRESS = "/api/returns/"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def rule_set():
    return RuleSetFactory()


@pytest.fixture
def agency():
    return AgencyFactory(code="AG0001", partnership=PartnershipFactory(organisation__code="00EH"))


@pytest.fixture
def mine(client, agency):
    client.force_login(UserFactory(provider_manager_of=agency.provider))
    return client


def send(client, agency, content=None, **more):
    content = ndtms_text([row()]).encode() if content is None else content
    given = {
        "file": SimpleUploadedFile("january.csv", content),
        "month": "2007-01",
        "provider": agency.provider.code,
        **more,
    }
    return client.post(ADDRESS, {name: value for name, value in given.items() if value})


def test_a_file_is_received_with_its_number_and_links(mine, agency):
    answer = send(mine, agency)

    upload = Upload.objects.get()
    assert answer.status_code == 201
    assert answer.json() == {
        "number": upload.number,
        "state": "UPLOADED",
        "month": "2007-01",
        "cut_off": "2007-01-31",
        "links": {
            "self": f"/api/returns/{upload.number}/",
            "page": reverse("reporting:return-detail", args=[agency.provider.code, upload.number]),
            "findings": f"/api/returns/{upload.number}/findings/",
        },
    }
    assert mine.get(answer["Location"]).json()["number"] == upload.number


def test_the_same_file_again_names_the_return_it_is(mine, agency):
    first = send(mine, agency).json()

    again = send(mine, agency)

    assert again.status_code == 409
    assert again.json()["number"] == first["number"]
    assert f"already received as return {first['number']}" in again.json()["detail"]
    assert Upload.objects.count() == 1


def test_the_cut_off_can_be_given(mine, agency):
    send(mine, agency, cut_off="2007-01-20")

    assert Upload.objects.get().cut_off == dt.date(2007, 1, 20)


@pytest.mark.parametrize(
    ("given", "field", "sentence"),
    [
        ({"month": "May"}, "month", "as 2006-05"),
        ({"month": "2006-Q1"}, "month", "as 2006-05"),
        ({"month": "2007-03"}, "month", "has not begun"),
        ({"cut_off": "2007-03-01"}, "cut_off", "still to come"),
        ({"cut_off": "yesterday"}, "cut_off", "YYYY-MM-DD"),
        ({"file": None}, "file", "Send the file"),
        ({"content": b""}, "file", "The file is empty."),
        ({"provider": "nobody"}, "provider", "no such provider"),
    ],
)
def test_a_refusal_names_the_field(mine, agency, given, field, sentence):
    answer = send(mine, agency, **given)

    assert answer.status_code == 400
    assert list(answer.json()) == [field]
    assert sentence in answer.json()[field][0]
    assert not Upload.objects.exists()


def test_a_file_over_the_limit_is_refused_while_it_streams(mine, agency, settings):
    settings.UPLOAD_LIMIT_BYTES = 1024 * 1024

    answer = send(mine, agency, b"x" * (1024 * 1024 + 1))

    assert answer.status_code == 400
    assert "larger than 1 MB" in answer.json()["file"][0]
    assert not Upload.objects.exists()


def test_who_may_read_and_not_send_is_told_so(client, agency):
    reviewer = UserFactory()
    MembershipFactory(user=reviewer, role="REVIEWER", organisation=NationFactory())
    client.force_login(reviewer)

    assert send(client, agency).status_code == 403
    assert not Upload.objects.exists()


def test_another_providers_people_cannot_send_for_it(client, agency):
    client.force_login(UserFactory(provider_manager_of=AgencyFactory().provider))

    assert send(client, agency).status_code == 400
    assert not Upload.objects.exists()
