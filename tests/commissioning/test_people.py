"""Inviting people, giving and ending roles, ending access."""

import datetime as dt
import re
from decimal import Decimal

import pytest
from django.core import mail

from commissioning.kernel.errors import NotPermitted
from commissioning.models import AuditEvent, Membership, Notice, User
from commissioning.roles import Permission, Role
from commissioning.services.duties import DutiesClash
from commissioning.services.people import (
    MembershipRefused,
    PersonRefused,
    bring_back_person,
    change_membership,
    end_membership,
    end_person,
    give_role,
    invite_again,
    invite_person,
    roles_to_give,
)
from tests.factories.commissioning import (
    MembershipFactory,
    NationFactory,
    PartnershipFactory,
    RegionFactory,
    UserFactory,
)
from tests.factories.providers import ProviderFactory

pytestmark = pytest.mark.django_db
TODAY = dt.date(2007, 2, 15)
SITE = "https://treatment.example/"


@pytest.fixture
def partnership():
    return PartnershipFactory().organisation


@pytest.fixture
def lead(partnership):
    return UserFactory(lead_of=partnership)


@pytest.fixture
def administrator():
    return UserFactory(administrator_of=NationFactory())


def invited(organisation, by, **words):
    given = {
        "email": "new.person@example.org",
        "name": "New Person",
        "organisation": organisation,
        "role": Role.COMMISSIONER,
        "from_on": TODAY,
        "by": by,
        "site": SITE,
    }
    return invite_person(**given | words)


class TestInvitePerson:
    def test_a_lead_invites_into_their_partnership(
        self, partnership, lead, django_capture_on_commit_callbacks
    ):
        with django_capture_on_commit_callbacks(execute=True):
            person = invited(partnership, lead, email="New.Person@Example.org ")

        assert person.email == "new.person@example.org"
        assert not person.has_usable_password()
        assert person.memberships.get().role == Role.COMMISSIONER
        assert [letter.to for letter in mail.outbox] == [["new.person@example.org"]]

    def test_the_letter_s_link_lets_the_person_choose_a_password_and_sign_in(
        self, client, partnership, lead, django_capture_on_commit_callbacks
    ):
        with django_capture_on_commit_callbacks(execute=True):
            invited(partnership, lead)
        link = re.search(r"https://treatment\.example(/\S+)", mail.outbox[0].body)[1]
        page = client.get(link, follow=True)
        words = {"password1": "violet kettle 41 harbour", "password2": "violet kettle 41 harbour"}

        client.post(page.request["PATH_INFO"], words)
        signed_in = client.post(
            "/account/login/",
            {"login": "new.person@example.org", "password": "violet kettle 41 harbour"},
        )

        assert signed_in.status_code == 302
        assert client.get("/account/").status_code == 200
        client.logout()
        assert b"password1" not in client.get(link, follow=True).content

    def test_who_is_known_keeps_their_name_and_is_told_in_their_inbox(self, partnership, lead):
        known = UserFactory(email="new.person@example.org", name="Known Already")

        invited(partnership, lead, name="Another Name")

        known.refresh_from_db()
        assert known.name == "Known Already"
        assert not mail.outbox
        assert "commissioner" in known.notices.get().sentence

    def test_a_lead_invites_nobody_into_another_partnership(self, lead):
        with pytest.raises(NotPermitted):
            invited(PartnershipFactory().organisation, lead)

        assert not User.objects.filter(email="new.person@example.org").exists()

    @pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.REVIEWER])
    def test_a_lead_makes_nobody_an_administrator_or_reviewer(self, partnership, lead, role):
        with pytest.raises(NotPermitted, match="Only an administrator"):
            invited(partnership, lead, role=role)

        assert not User.objects.filter(email="new.person@example.org").exists()

    def test_a_role_must_fit_the_kind_of_organisation(self, administrator):
        with pytest.raises(MembershipRefused, match="cannot be held"):
            invited(ProviderFactory().organisation, administrator, role=Role.LEAD)

    def test_whose_access_was_ended_is_not_let_in_by_a_lead(self, partnership, lead):
        UserFactory(email="new.person@example.org", is_active=False)

        with pytest.raises(PersonRefused, match="bring it back"):
            invited(partnership, lead)

    def test_it_is_recorded_on_the_person_with_who_did_it(self, partnership, lead):
        person = invited(partnership, lead)

        deeds = AuditEvent.objects.about(person)
        assert {deed.action for deed in deeds} == {"person.invited", "membership.given"}
        assert {deed.person for deed in deeds} == {lead}

    def test_a_new_letter_is_sent_only_to_who_has_no_password(self, partnership, lead):
        person = UserFactory(commissioner_of=partnership, password="one of theirs")

        with pytest.raises(PersonRefused, match="has a password"):
            invite_again(person=person, organisation=partnership, by=lead, site=SITE)


class TestGiveRole:
    def test_nobody_changes_their_own_roles(self, partnership, lead):
        with pytest.raises(NotPermitted, match="their own"):
            give_role(
                person=lead,
                organisation=partnership,
                role=Role.FINANCE_APPROVER,
                approval_limit=Decimal(1000),
                from_on=TODAY,
                by=lead,
            )

    def test_an_approver_needs_a_limit_and_nobody_else_has_one(self, partnership, lead):
        person = UserFactory()
        words = {"person": person, "organisation": partnership, "from_on": TODAY, "by": lead}

        with pytest.raises(MembershipRefused, match="up to which amount"):
            give_role(role=Role.FINANCE_APPROVER, **words)
        with pytest.raises(MembershipRefused, match="Only a finance approver"):
            give_role(role=Role.ANALYST, approval_limit=Decimal(5), **words)

    def test_the_same_role_twice_at_once_is_one_sentence(self, partnership, lead):
        person = UserFactory(analyst_of=partnership)

        with pytest.raises(MembershipRefused, match="already holds this role"):
            give_role(
                person=person,
                organisation=partnership,
                role=Role.ANALYST,
                from_on=TODAY,
                by=lead,
            )

    @pytest.mark.parametrize("first", [Role.LEAD, Role.COMMISSIONER, Role.ANALYST])
    def test_who_has_a_role_with_data_is_no_administrator(self, administrator, first):
        person = MembershipFactory(role=first, organisation=PartnershipFactory().organisation).user

        with pytest.raises(DutiesClash, match="sees nobody's figures"):
            give_role(
                person=person,
                organisation=NationFactory(),
                role=Role.ADMINISTRATOR,
                from_on=TODAY,
                by=administrator,
            )

    def test_an_administrator_gets_no_role_with_data(self, administrator, partnership):
        other = UserFactory(administrator_of=NationFactory())

        with pytest.raises(DutiesClash):
            give_role(
                person=other,
                organisation=partnership,
                role=Role.ANALYST,
                from_on=TODAY,
                by=administrator,
            )

    def test_after_the_one_ends_the_other_may_begin(self, administrator, partnership):
        person = UserFactory()
        MembershipFactory(user=person, organisation=partnership, role=Role.ANALYST, until_on=TODAY)

        given = give_role(
            person=person,
            organisation=NationFactory(),
            role=Role.ADMINISTRATOR,
            from_on=TODAY,
            by=administrator,
        )

        assert given.role == Role.ADMINISTRATOR

    def test_who_works_in_a_partnership_does_not_review_its_region(self, administrator):
        region = RegionFactory()
        person = UserFactory(commissioner_of=PartnershipFactory(region=region))
        words = {
            "person": person,
            "role": Role.REVIEWER,
            "from_on": TODAY,
            "by": administrator,
        }

        with pytest.raises(DutiesClash, match="cannot review"):
            give_role(organisation=region, **words)

        assert give_role(organisation=RegionFactory(), **words)

    def test_the_roles_offered_are_those_that_may_be_given(self, partnership, lead, administrator):
        nation = NationFactory()

        assert roles_to_give(lead, partnership) == [
            Role.LEAD,
            Role.COMMISSIONER,
            Role.CARE_MANAGER,
            Role.FINANCE_APPROVER,
            Role.ANALYST,
        ]
        assert roles_to_give(lead, nation) == []
        assert roles_to_give(administrator, nation) == [Role.REVIEWER, Role.ADMINISTRATOR]


class TestEnding:
    def test_an_ended_role_gives_nothing_from_that_day(self, partnership, lead):
        person = UserFactory(commissioner_of=partnership)

        end_membership(membership=person.memberships.get(), on=TODAY, by=lead)

        assert not User.objects.get(pk=person.pk).reach(Permission.FIGURES_VIEW)

    def test_a_role_that_has_not_begun_never_holds(self, partnership, lead):
        membership = MembershipFactory(
            organisation=partnership, from_on=TODAY + dt.timedelta(days=9)
        )

        ended = end_membership(membership=membership, on=TODAY, by=lead)

        assert ended.until_on == ended.from_on
        assert not Membership.objects.in_force(ended.from_on).filter(pk=ended.pk).exists()

    def test_a_lead_cannot_end_their_own_role(self, lead):
        with pytest.raises(NotPermitted):
            end_membership(membership=lead.memberships.get(), on=TODAY, by=lead)

    def test_changing_until_when_keeps_the_rest(self, partnership, lead):
        membership = MembershipFactory(organisation=partnership)

        changed = change_membership(
            membership=membership, until_on=dt.date(2007, 4, 1), approval_limit=None, by=lead
        )

        assert changed.until_on == dt.date(2007, 4, 1)
        assert changed.from_on == membership.from_on

    def test_ending_a_person_ends_every_role_and_their_next_request(
        self, client, partnership, administrator
    ):
        person = UserFactory(commissioner_of=partnership, analyst_of=PartnershipFactory())
        client.force_login(person)
        assert client.get("/account/").status_code == 200

        end_person(person=person, on=TODAY, reason="Left the PCT.", by=administrator)

        assert client.get("/account/").status_code == 302
        assert not Membership.objects.in_force(TODAY).filter(user=person).exists()

    def test_only_an_administrator_ends_a_person_and_never_themselves(
        self, partnership, lead, administrator
    ):
        person = UserFactory(commissioner_of=partnership)

        with pytest.raises(NotPermitted):
            end_person(person=person, on=TODAY, reason="So.", by=lead)
        with pytest.raises(NotPermitted, match="their own"):
            end_person(person=administrator, on=TODAY, reason="So.", by=administrator)

        person.refresh_from_db()
        assert person.is_active

    def test_who_is_brought_back_has_no_role_until_one_is_given(self, partnership, administrator):
        person = UserFactory(commissioner_of=partnership)
        end_person(person=person, on=TODAY, reason="Left.", by=administrator)

        back = bring_back_person(person=person, reason="Came back.", by=administrator)

        assert back.is_active
        assert not back.may(Permission.FIGURES_VIEW)

    def test_a_notice_of_a_role_is_put_once_into_the_inbox(self, partnership, lead):
        person = UserFactory()
        give_role(
            person=person, organisation=partnership, role=Role.ANALYST, from_on=TODAY, by=lead
        )

        assert Notice.objects.for_person(person).get().sentence.startswith("You are an analyst of")
