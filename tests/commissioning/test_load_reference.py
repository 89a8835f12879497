"""Loading what the service starts from."""

import datetime as dt

import pytest
from django.core.management import call_command

from commissioning.choices import FactKind, OrganisationKind
from commissioning.models import (
    AuditEvent,
    FrameworkItem,
    InterventionType,
    Organisation,
    OrganisationFact,
    Partnership,
    RuleSet,
    Tier,
)
from commissioning.reference import framework
from commissioning.rule_settings import DEFAULTS
from commissioning.scoping import System
from commissioning.services.organisations import rename_organisation, state_fact
from commissioning.services.reference import BEGINNING, load_reference

pytestmark = pytest.mark.django_db
BY = System("a test")


def test_it_loads_the_nation_nine_regions_and_every_partnership_in_its_region():
    load_reference(by=BY)

    assert Organisation.objects.get(kind=OrganisationKind.NATION).code == "england"
    assert Organisation.objects.of_kind(OrganisationKind.REGION).count() == 9
    assert Partnership.objects.count() == 149
    darlington = Organisation.objects.get(kind=OrganisationKind.PARTNERSHIP, code="00EH")
    region = darlington.facts.on(BEGINNING).get(kind=FactKind.IN_REGION).other
    assert region.name == "North East"


def test_it_loads_the_whole_framework_row_by_row():
    load_reference(by=BY)

    read = framework()
    assert Tier.objects.count() == 4
    assert set(FrameworkItem.objects.values_list("code", "text")) == {
        (item.code, item.description) for item in read.items
    }
    assert {
        kind.code: (kind.normal_tier_id, kind.is_structured)
        for kind in InterventionType.objects.all()
    } == {kind.code: (kind.tier, kind.structured) for kind in read.intervention_types}


def test_the_first_rule_set_holds_from_2001_with_the_settings_as_they_come():
    load_reference(by=BY)

    first = RuleSet.objects.in_force_on(dt.date(2001, 4, 1))
    assert first.code == "RS-2001"
    assert first.read() == DEFAULTS


def test_run_again_it_adds_nothing_and_records_nothing():
    load_reference(by=BY)
    deeds = AuditEvent.objects.count()

    again = load_reference(by=BY)

    assert (again.organisations, again.facts, again.rule_sets) == (0, 0, 0)
    assert AuditEvent.objects.count() == deeds


def test_run_again_it_undoes_no_rename_and_no_move():
    load_reference(by=BY)
    durham = Organisation.objects.get(kind=OrganisationKind.PARTNERSHIP, code="20")
    london = Organisation.objects.get(kind=OrganisationKind.REGION, name="London")
    day = dt.date(2006, 4, 1)
    rename_organisation(organisation=durham, name="County Durham", on=day, by=BY)
    state_fact(organisation=durham, kind=FactKind.IN_REGION, other=london, from_on=day, by=BY)

    load_reference(by=BY)

    durham.refresh_from_db()
    assert durham.name == "County Durham"
    assert OrganisationFact.objects.on(day).get(organisation=durham).other == london


def test_a_reworded_item_is_brought_up_to_date():
    load_reference(by=BY)
    FrameworkItem.objects.filter(position=1).update(text="Something older.")

    load_reference(by=BY)

    assert not FrameworkItem.objects.filter(text="Something older.").exists()


def test_the_command_says_what_it_did(capsys):
    call_command("load_reference")

    assert capsys.readouterr().out.startswith("159 organisations, 149 facts and 1 rule sets")
