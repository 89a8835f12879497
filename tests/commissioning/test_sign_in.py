"""Coming in and going out: sign-in, lock-out, reset, and sessions that end."""

import datetime as dt
import re

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from commissioning.choices import OrganisationKind
from commissioning.services.people import end_membership
from tests.factories.commissioning import NationFactory, PartnershipFactory, UserFactory

pytestmark = pytest.mark.django_db
PASSWORD = "violet kettle 41 harbour"
TODAY = dt.date(2007, 2, 15)


@pytest.fixture
def person():
    return UserFactory(email="someone@example.org", password=PASSWORD)


def sign_in(client, password=PASSWORD, email="someone@example.org"):
    return client.post(reverse("account_login"), {"login": email, "password": password})


def test_the_right_password_signs_in_and_sign_out_ends_it(client, person):
    assert sign_in(client, email="Someone@Example.org").status_code == 302
    assert client.get("/account/").status_code == 200

    client.post(reverse("account_logout"))

    assert client.get("/account/").status_code == 302


def test_five_failures_lock_the_address_even_for_the_right_password(client, person):
    for _ in range(5):
        sign_in(client, "wrong")

    answer = sign_in(client)

    assert answer.status_code == 429
    assert b"locked" in answer.content
    assert client.get("/account/").status_code == 302


def test_one_locked_address_locks_nobody_else(client, person):
    UserFactory(email="other@example.org", password=PASSWORD)
    for _ in range(6):
        sign_in(client, "wrong")

    assert sign_in(client, email="other@example.org").status_code == 302


def test_lock_out_does_not_end_a_session_that_runs(client, client_of_another, person):
    sign_in(client)
    for _ in range(6):
        sign_in(client_of_another, "wrong")

    assert client.get("/account/").status_code == 200


@pytest.fixture
def client_of_another():
    return Client()


def test_a_wrong_address_and_a_wrong_password_read_alike(client, person):
    known = sign_in(client, "wrong")
    unknown = sign_in(client, "wrong", email="nobody@example.org")

    assert known.status_code == unknown.status_code == 200
    errors = [list(answer.context["form"].errors.values()) for answer in (known, unknown)]
    assert errors[0] == errors[1]


def test_a_reset_letter_lets_one_choose_a_new_password(client, person):
    client.post(reverse("account_reset_password"), {"email": "someone@example.org"})
    link = re.search(r"http://testserver(/\S+)", mail.outbox[0].body)[1]
    page = client.get(link, follow=True)
    new = "amber ladder 17 meadow"

    client.post(page.request["PATH_INFO"], {"password1": new, "password2": new})

    assert sign_in(client).status_code == 200
    assert sign_in(client, new).status_code == 302


def test_a_stranger_gets_no_letter_and_learns_nothing(client):
    answer = client.post(reverse("account_reset_password"), {"email": "nobody@example.org"})

    assert answer.status_code == 302
    assert mail.outbox == []


def test_nobody_signs_themselves_up(client):
    words = {"email": "me@example.org", "password1": PASSWORD, "password2": PASSWORD}

    answer = client.post(reverse("account_signup"), words)

    assert b"invitation" in answer.content.lower()
    assert sign_in(client, email="me@example.org").status_code == 200


def test_a_role_that_ends_is_gone_at_the_next_request_of_a_running_session(client, person):
    partnership = PartnershipFactory().organisation
    worker = UserFactory(commissioner_of=partnership)
    address = reverse(
        "commissioning:organisation-detail",
        kwargs={"kind": OrganisationKind.PARTNERSHIP.lower(), "code": partnership.code},
    )
    client.force_login(worker)
    assert client.get(address).status_code == 200

    end_membership(
        membership=worker.memberships.get(),
        on=TODAY,
        by=UserFactory(administrator_of=NationFactory()),
    )

    assert client.get(address).status_code == 404


def test_changing_the_password_ends_the_other_sessions(client, client_of_another, person):
    sign_in(client)
    sign_in(client_of_another)
    new = "amber ladder 17 meadow"

    client.post(
        reverse("account_change_password"),
        {"oldpassword": PASSWORD, "password1": new, "password2": new},
    )

    assert client_of_another.get("/account/").status_code == 302


def test_acting_for_another_organisation_changes_the_menu_and_no_right(client):
    first, second = (PartnershipFactory().organisation for _ in range(2))
    person = UserFactory(commissioner_of=first, analyst_of=second)
    membership = person.memberships.get(organisation=second)
    client.force_login(person)

    client.post(reverse("commissioning:acting-organisation"), {"membership": membership.pk})

    page = client.get("/account/")
    assert page.context["shell"].acting_for == second.name
    for one in (first, second):
        kwargs = {"kind": "partnership", "code": one.code}
        address = reverse("commissioning:organisation-detail", kwargs=kwargs)
        assert client.get(address).status_code == 200
