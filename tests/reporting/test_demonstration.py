"""Founding the demonstration: the home partnership's members, and a provider's former name."""

import pytest

from commissioning.choices import FactKind, OrganisationKind
from commissioning.models import Organisation, OrganisationFact, Succession
from commissioning.services.reference import load_reference
from pathways.demonstration.england import england
from pathways.demonstration.geography import chosen_partnerships
from reporting.demonstration.loading import BY, HOME, found

pytestmark = pytest.mark.django_db


@pytest.fixture
def register():
    load_reference(by=BY)
    return england(chosen_partnerships([HOME]))


def test_the_home_partnership_has_its_members(register):
    found(register)

    stated = OrganisationFact.objects.filter(kind=FactKind.HAS_MEMBER)
    assert {fact.organisation.code for fact in stated} == {HOME}
    assert {fact.other.kind for fact in stated} == {
        OrganisationKind.PCT,
        OrganisationKind.SHA,
        OrganisationKind.LOCAL_AUTHORITY,
        OrganisationKind.POLICE,
        OrganisationKind.PROBATION,
    }


def test_a_provider_was_called_otherwise_before(register):
    found(register)

    (renamed,) = Succession.objects.all()
    assert renamed.former_name == "Wendlemoor Priority Care NHS Trust"
    assert renamed.successor.name == "Wendlemoor NHS Trust"


def test_is_founded_once_however_often_it_is_begun(register):
    found(register)
    before = [
        set(model.objects.values_list("pk", flat=True))
        for model in (Organisation, OrganisationFact, Succession)
    ]

    found(register)

    assert before == [
        set(model.objects.values_list("pk", flat=True))
        for model in (Organisation, OrganisationFact, Succession)
    ]
