"""What becomes of organisations, and what is true of them when."""

import datetime as dt

import pytest

from commissioning.choices import FactKind, OrganisationKind, SuccessionKind
from commissioning.kernel.errors import NotPermitted
from commissioning.models import AuditEvent, Organisation, Succession
from commissioning.scoping import System
from commissioning.selectors.organisations import what_it_became
from commissioning.services.organisations import (
    FactRefused,
    OrganisationRefused,
    add_organisation,
    close_organisation,
    end_fact,
    merge_organisations,
    rename_organisation,
    split_organisation,
    state_fact,
)
from tests.factories.commissioning import (
    OrganisationFactory,
    PartnershipFactory,
    RegionFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
BY = System("a test")
DAY = dt.date(2006, 10, 1)


def test_a_partnership_that_is_added_is_a_tenant():
    added = add_organisation(
        kind=OrganisationKind.PARTNERSHIP,
        code="99",
        name="New",
        opened_on=DAY,
        authority_type="Unitary authority",
        by=BY,
    )

    assert added.partnership.authority_type == "Unitary authority"


def test_a_lead_changes_no_organisation_not_even_their_own():
    partnership = PartnershipFactory().organisation

    with pytest.raises(NotPermitted):
        rename_organisation(
            organisation=partnership, name="Ours", on=DAY, by=UserFactory(lead_of=partnership)
        )

    assert not Succession.objects.exists()


def test_a_renamed_organisation_keeps_its_code_and_says_what_it_was_called():
    organisation = OrganisationFactory(name="Old")

    renamed = rename_organisation(organisation=organisation, name="New", on=DAY, by=BY)

    assert (renamed.name, renamed.code) == ("New", organisation.code)
    assert [one.words for one in what_it_became(renamed)] == ["Renamed from Old"]


def test_those_that_merge_close_and_the_successor_stays_open():
    first, second, successor = (PartnershipFactory().organisation for _ in range(3))

    merge_organisations(
        predecessors=[first, second, successor], successor=successor, on=DAY, by=BY
    )

    assert set(Organisation.objects.open_on(DAY).of_kind(OrganisationKind.PARTNERSHIP)) == {
        successor
    }
    assert Succession.objects.filter(kind=SuccessionKind.MERGER, successor=successor).count() == 2
    assert AuditEvent.objects.about(first).get().details["to"] == successor.name


def test_one_that_splits_closes_on_the_day():
    whole, *parts = (PartnershipFactory().organisation for _ in range(3))

    split_organisation(predecessor=whole, successors=parts, on=DAY, by=BY)

    whole.refresh_from_db()
    assert whole.closed_on == DAY
    assert {one.other for one in what_it_became(whole)} == set(parts)


def test_what_is_closed_neither_closes_nor_merges_again():
    organisation = close_organisation(organisation=OrganisationFactory(), on=DAY, by=BY)

    with pytest.raises(OrganisationRefused, match="closed on 1 October 2006"):
        close_organisation(organisation=organisation, on=DAY, by=BY)
    with pytest.raises(OrganisationRefused, match="closed on"):
        merge_organisations(
            predecessors=[organisation], successor=OrganisationFactory(), on=DAY, by=BY
        )

    assert not Succession.objects.exists()


def test_only_organisations_of_one_kind_merge():
    with pytest.raises(OrganisationRefused, match="same kind"):
        merge_organisations(
            predecessors=[OrganisationFactory()], successor=RegionFactory(), on=DAY, by=BY
        )


def test_a_partnership_that_moves_leaves_its_region_on_that_day():
    old, new = RegionFactory(), RegionFactory()
    partnership = PartnershipFactory(region=old).organisation

    state_fact(organisation=partnership, kind=FactKind.IN_REGION, other=new, from_on=DAY, by=BY)

    before = DAY - dt.timedelta(days=1)
    assert list(Organisation.objects.in_region(old, on=before)) == [partnership]
    assert list(Organisation.objects.in_region(old, on=DAY)) == []
    assert list(Organisation.objects.in_region(new, on=DAY)) == [partnership]


@pytest.mark.parametrize(
    ("kind", "other", "sentence"),
    [
        (FactKind.IN_REGION, None, "Name the other"),
        (FactKind.IN_REGION, OrganisationFactory, "cannot name"),
        (FactKind.HAS_MEMBER, RegionFactory, "cannot name"),
        (FactKind.DIP_INTENSIVE, RegionFactory, "cannot name"),
    ],
)
def test_a_fact_names_what_it_may_name(kind, other, sentence):
    partnership = PartnershipFactory().organisation

    with pytest.raises(FactRefused, match=sentence):
        state_fact(
            organisation=partnership, kind=kind, other=other and other(), from_on=DAY, by=BY
        )

    assert partnership.facts.count() == 1


def test_a_fact_is_stated_once_at_a_time_and_again_after_it_ended():
    partnership = PartnershipFactory().organisation
    words = {"organisation": partnership, "kind": FactKind.DIP_INTENSIVE, "other": None, "by": BY}
    fact = state_fact(from_on=DAY, **words)

    with pytest.raises(FactRefused, match="already stated"):
        state_fact(from_on=dt.date(2007, 1, 1), **words)
    end_fact(fact=fact, until_on=dt.date(2007, 1, 1), by=BY)

    assert state_fact(from_on=dt.date(2007, 1, 1), **words).pk


def test_a_fact_ends_after_it_begins_and_no_later_than_it_ended():
    partnership = PartnershipFactory().organisation
    fact = state_fact(
        organisation=partnership, kind=FactKind.DIP_INTENSIVE, other=None, from_on=DAY, by=BY
    )

    with pytest.raises(FactRefused, match="give a later day"):
        end_fact(fact=fact, until_on=DAY, by=BY)
    end_fact(fact=fact, until_on=dt.date(2007, 1, 1), by=BY)
    with pytest.raises(FactRefused, match="already ends"):
        end_fact(fact=fact, until_on=dt.date(2007, 2, 1), by=BY)
