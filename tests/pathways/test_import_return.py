"""`manage.py import_return`: the whole way of a return in one go."""

import io
import json

import pytest
from django.core.management import CommandError, call_command

from pathways.choices import UploadState
from pathways.models import Episode, Upload
from tests.factories.commissioning import PartnershipFactory, RuleSetFactory
from tests.factories.pathways import clients, ndtms_text, row
from tests.factories.providers import AgencyFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def ground():
    RuleSetFactory()
    PartnershipFactory(organisation__code="00EH")
    AgencyFactory(code="AG0001")


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "may.csv"
    path.write_text(ndtms_text([*clients(3), row(CLIENTID="C9", RFLS="7")]))
    return path


def imported(*words):
    out = io.StringIO()
    call_command("import_return", *map(str, words), stdout=out, stderr=io.StringIO())
    return out.getvalue()


def test_checks_a_file_and_says_what_was_found(file):
    said = imported(file, "--month", "2006-05")

    assert "4 rows of 1 agency" in said
    assert "4 episodes, 1 left out" in said
    assert "V03 RFLS" in said
    assert "waits to be confirmed" in said
    assert Upload.objects.get().state == UploadState.CHECKED
    assert not Episode.objects.exists()


def test_loads_it_when_it_is_confirmed(file):
    said = imported(file, "--month", "2006-05", "--confirm", "Seen and right.")

    assert "It is loaded" in said
    upload = Upload.objects.get()
    assert (upload.state, upload.confirmed_reason) == (UploadState.LOADED, "Seen and right.")
    assert Episode.objects.count() == 3


def test_the_summary_may_be_json(file):
    summary = json.loads(imported(file, "--month", "2006-05", "--json"))

    assert summary["state"] == "CHECKED"
    assert summary["cut_off"] == "2006-05-31"
    assert summary["agencies"][0]["episodes_rejected"] == 1
    assert summary["findings"]["VALIDITY"] == 1


def test_the_cut_off_is_never_after_the_business_day(file):
    summary = json.loads(imported(file, "--month", "2007-02", "--json"))

    assert summary["cut_off"] == "2007-02-15"


def test_a_refused_file_ends_in_its_sentence(tmp_path):
    path = tmp_path / "return.csv"
    path.write_bytes(b"PK\x03\x04")

    with pytest.raises(CommandError, match="a spreadsheet") as refused:
        imported(path, "--month", "2006-05")

    assert refused.value.returncode == 1


def test_the_same_file_again_ends_in_where_it_is(file):
    imported(file, "--month", "2006-05")

    with pytest.raises(CommandError, match="already received as return"):
        imported(file, "--month", "2006-05")


@pytest.mark.parametrize("month", ["2006-13", "2006-Q1", "May"])
def test_a_month_is_written_as_2006_05(file, month):
    with pytest.raises(CommandError, match="2006-05"):
        imported(file, "--month", month)


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(CommandError, match=r"There is no file .*nothing\.csv"):
        imported(tmp_path / "nothing.csv", "--month", "2006-05")
