"""What the checks found in a return, read over the API with a key."""

import csv
import io

import pytest
from django.test import Client

from commissioning.services.api_keys import make_key
from pathways.models import Finding
from tests.factories.commissioning import PartnershipFactory, RuleSetFactory, UserFactory
from tests.factories.pathways import clients
from tests.factories.providers import AgencyFactory
from tests.pathways.sent import checked

pytestmark = pytest.mark.django_db


@pytest.fixture
def agency():
    RuleSetFactory()
    return AgencyFactory(code="AG0001", partnership=PartnershipFactory(organisation__code="00EH"))


@pytest.fixture
def other():
    return AgencyFactory(code="AG0002", partnership=PartnershipFactory(organisation__code="00EJ"))


def program_of(person):
    """What asks with a key of the person."""
    written = make_key(name="Findings", days=30, by=person)[1]
    return Client(headers={"Authorization": f"Token {written}"})


def manager_of(agency):
    return UserFactory(provider_manager_of=agency.provider)


def wrong(agency, many=3):
    """Clients who were discharged, nobody says why; the first was born on no day."""
    rows = clients(many, AGNCY=agency.code, DISD="20060601", MODEND="20060601")
    rows[0]["DOB"] = "19761341"
    return rows


def address(upload):
    return f"/api/returns/{upload.number}/findings/"


def asked(program, upload, **words):
    answer = program.get(address(upload), words)
    assert answer.status_code == 200, answer.content
    return answer.json()


def test_each_finding_is_a_row_with_its_rule_in_words(agency):
    upload = checked(wrong(agency), provider=agency.provider)

    found = asked(program_of(manager_of(agency)), upload)

    assert found["count"] == Finding.objects.filter(upload=upload).count() > 3
    one = next(each for each in found["results"] if each["field"] == "DISRSN")
    assert one == {
        "row": one["row"],
        "rule": "Q01",
        "grade": "QUALITY",
        "field": "DISRSN",
        "value": "",
        "agency": "AG0001",
        "client": one["client"],
        "episode": "E1",
        "sentence": "The client is discharged (DISD) and no reason is given (DISRSN).",
    }
    rows = [each["row"] for each in found["results"] if each["row"]]
    assert rows == sorted(rows)
    assert one["client"] == f"C{one['row'] - 1}"


def test_the_value_of_an_identity_field_is_never_given(agency):
    upload = checked(wrong(agency), provider=agency.provider)

    found = asked(program_of(manager_of(agency)), upload, field="DOB")["results"]

    assert found
    assert {each["value"] for each in found} == {""}


def test_they_are_filtered_and_paged(agency):
    upload = checked(wrong(agency, many=5), provider=agency.provider)
    program = program_of(manager_of(agency))

    page = asked(program, upload, rule="Q01", agency="AG0001", page_size=2)

    assert page["count"] > 2
    assert len(page["results"]) == 2
    assert {each["rule"] for each in page["results"]} == {"Q01"}
    assert asked(program, upload, agency="AG0009")["count"] == 0
    assert program.get(address(upload), {"rule": "no such rule"}).status_code == 400
    assert "no_filter" in program.get(address(upload), {"no_filter": "1"}).json()


def test_they_are_sorted_as_on_their_page(agency):
    upload = checked(wrong(agency, many=5), provider=agency.provider)
    program = program_of(manager_of(agency))

    rules = [one["rule"] for one in asked(program, upload, sort="-rule")["results"]]

    assert rules == sorted(rules, reverse=True)
    assert len(set(rules)) > 1
    refused = program.get(address(upload), {"sort": "sentence"})
    assert (refused.status_code, list(refused.json())) == (400, ["sort"])


def test_they_come_as_csv(agency):
    upload = checked(wrong(agency), provider=agency.provider)

    answer = program_of(manager_of(agency)).get(address(upload), {"format": "csv"})

    lines = list(csv.DictReader(io.StringIO(answer.content.decode())))
    assert answer["Content-Type"].startswith("text/csv")
    assert len(lines) == Finding.objects.filter(upload=upload).count()
    assert lines[0].keys() >= {"row", "rule", "value", "sentence"}


def test_in_a_file_of_many_providers_each_reads_what_was_found_about_its_own(agency, other):
    upload = checked([*wrong(agency), *wrong(other)])

    ours = asked(program_of(manager_of(agency)), upload)["results"]
    theirs = asked(program_of(manager_of(other)), upload)["results"]

    assert {each["agency"] for each in ours} == {"AG0001"}
    assert {each["agency"] for each in theirs} == {"AG0002"}
    assert len(ours) + len(theirs) == (
        Finding.objects.filter(upload=upload, agency__isnull=False).count()
    )


def test_what_was_found_in_a_file_of_another_is_not_there(agency, other):
    upload = checked(wrong(other), provider=other.provider)

    assert program_of(manager_of(agency)).get(address(upload)).status_code == 404
