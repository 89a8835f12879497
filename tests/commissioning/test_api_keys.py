"""API keys: made and revoked by their person, and what they open."""

import datetime as dt
import logging
import re
import time

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.utils import timezone

from commissioning.kernel.errors import NotPermitted
from commissioning.models import ApiKey, AuditEvent
from commissioning.roles import Role
from commissioning.services.api_keys import KeyRefused, make_key, revoke_key
from commissioning.services.people import (
    bring_back_person,
    end_membership,
    end_person,
    give_role,
)
from pathways.models import Upload
from tests.factories.commissioning import (
    NationFactory,
    PartnershipFactory,
    RuleSetFactory,
    UserFactory,
)
from tests.factories.pathways import ndtms_text, row
from tests.factories.providers import AgencyFactory

pytestmark = pytest.mark.django_db
LIST, MAKE, RETURNS = "/account/keys/", "/account/keys/make/", "/api/returns/"
PASSWORD = "violet kettle 41 harbour"
WORDS = {"name": "Case system", "days": "90"}
TODAY = dt.date(2007, 2, 15)


@pytest.fixture
def agency():
    RuleSetFactory()
    return AgencyFactory(code="AG0001", partnership=PartnershipFactory())


@pytest.fixture
def manager(agency):
    return UserFactory(provider_manager_of=agency.provider, password=PASSWORD)


@pytest.fixture
def administrator():
    return UserFactory(administrator_of=NationFactory())


@pytest.fixture
def signed_in(client, manager):
    """The manager's browser, the password given a moment ago."""
    client.force_login(manager)
    client.post("/account/reauthenticate/", {"password": PASSWORD})
    return client


def key_of(person, **words):
    return make_key(**{"name": "Case system", "days": 90, "by": person} | words)


def ask(written, address=RETURNS, method="get", data=None):
    return getattr(Client(), method)(address, data, headers={"Authorization": f"Token {written}"})


def send(written, agency):
    file = SimpleUploadedFile("january.csv", ndtms_text([row()]).encode())
    given = {"file": file, "month": "2007-01", "provider": agency.provider.code}
    return ask(written, method="post", data=given)


def put_back(key, days):
    """As if the key had been made so many days earlier."""
    by = dt.timedelta(days=days)
    ApiKey.objects.filter(pk=key.pk).update(
        made_at=key.made_at - by, expires_at=key.expires_at - by
    )


def body(answer):
    return answer.content.decode()


def shown_key(answer):
    return re.search(r"<code data-key>(tck_[0-9a-f]{64})</code>", body(answer))[1]


class TestPages:
    def test_a_key_is_made_shown_once_and_opens_the_api(self, signed_in, manager):
        made = signed_in.post(MAKE, WORDS)
        written = shown_key(made)

        assert ask(written).status_code == 200
        assert made["Cache-Control"] == "no-store, private"
        listed = body(signed_in.get(LIST))
        assert "Case system" in listed
        assert written not in listed
        assert written not in str(dict(signed_in.session))
        assert b"/account/keys/" in signed_in.get("/account/").content

    def test_the_list_says_who_when_when_last_used_and_until_when(self, signed_in, manager):
        key, written = key_of(manager)
        unused = body(signed_in.get(LIST))
        ask(written)
        used = body(signed_in.get(LIST))

        key.refresh_from_db()
        made, last_used, expires = (
            timezone.localtime(at).isoformat()
            for at in (key.made_at, key.last_used_at, key.expires_at)
        )
        assert re.findall(r'<time datetime="([^"]+)"', unused) == [made, expires]
        assert "Never" in unused
        assert re.findall(r'<time datetime="([^"]+)"', used) == [made, last_used, expires]
        assert f", by {manager}" in used

    def test_the_password_is_asked_first(self, client, manager):
        client.force_login(manager)

        answer = client.post(MAKE, WORDS)

        assert answer.status_code == 302
        assert answer["Location"].startswith("/account/reauthenticate/")
        assert not ApiKey.objects.exists()

    def test_the_password_is_asked_again_after_a_while(self, signed_in, monkeypatch):
        later = time.time() + 600
        monkeypatch.setattr(
            "allauth.account.internal.flows.reauthentication.time.time", lambda: later
        )

        assert signed_in.get(MAKE).status_code == 302

    def test_what_was_typed_is_done_once_the_password_is_given(self, client, manager):
        client.force_login(manager)
        asked = client.post(MAKE, WORDS)

        answer = client.post(asked["Location"], {"password": PASSWORD, "next": MAKE})

        assert ask(shown_key(answer)).status_code == 200

    def test_sending_the_form_again_makes_no_second_key(self, signed_in):
        signed_in.post(MAKE, WORDS)

        again = signed_in.post(MAKE, WORDS)

        assert "You have a key named “Case system”" in body(again)
        assert ApiKey.objects.count() == 1

    @pytest.mark.parametrize(
        ("words", "said"),
        [
            ({"name": " "}, "Enter the name"),
            ({"days": ""}, "Choose the time it lasts"),
            ({"days": "366"}, "Choose one of those listed"),
        ],
    )
    def test_what_is_missing_is_said(self, signed_in, words, said):
        assert said in body(signed_in.post(MAKE, WORDS | words))
        assert not ApiKey.objects.exists()

    def test_a_key_is_revoked_and_refused_from_the_next_request(self, signed_in, manager):
        key, written = key_of(manager)
        address = f"{LIST}{key.pk}/revoke/"

        assert "refused from their next request" in body(signed_in.get(address))
        done = signed_in.post(address, follow=True)

        assert "is revoked" in body(done)
        refused = ask(written)
        assert refused.status_code == 401
        assert refused.json() == {"detail": "This API key was revoked. Make a new one."}
        assert "has ended already" in body(signed_in.post(address))

    def test_another_persons_keys_are_neither_listed_nor_revoked(self, client, manager):
        key, written = key_of(manager, name="Theirs")
        client.force_login(UserFactory(administrator_of=NationFactory()))

        assert "Theirs" not in body(client.get(LIST))
        assert client.get(f"{LIST}{key.pk}/revoke/").status_code == 404
        assert client.post(f"{LIST}{key.pk}/revoke/").status_code == 404
        assert ask(written).status_code == 200

    def test_a_key_opens_no_page(self, manager):
        _, written = key_of(manager)

        for page in (LIST, MAKE, "/account/", "/api/docs/"):
            assert ask(written, page).status_code == 302


class TestAsking:
    def test_a_return_is_sent_with_a_key(self, manager, agency):
        _, written = key_of(manager)

        answer = send(written, agency)

        assert answer.status_code == 201
        assert Upload.objects.get().number == answer.json()["number"]
        assert Upload.objects.get().uploaded_by == manager
        assert answer["Cache-Control"] == "no-store, private"

    def test_no_cross_site_check_stands_in_a_programs_way(self, manager, agency):
        _, written = key_of(manager)
        program = Client(enforce_csrf_checks=True, headers={"Authorization": f"Token {written}"})

        assert program.post(RETURNS, {"provider": agency.provider.code}).status_code == 400

    @pytest.mark.parametrize(
        "written", ["tck_" + "0" * 64, "nonsense", "ÿ", "Case", "two words", ""]
    )
    def test_a_wrong_key_is_a_401_with_a_sentence(self, manager, written):
        key_of(manager)

        answer = ask(written)

        assert answer.status_code == 401
        assert answer["WWW-Authenticate"] == "Token"
        assert answer.json()["detail"].endswith(".")

    def test_a_wrong_key_is_not_helped_by_a_session(self, client, manager):
        client.force_login(manager)

        answer = client.get(RETURNS, headers={"Authorization": "Token nonsense"})

        assert answer.status_code == 401

    def test_an_expired_key_is_refused_with_its_last_day(self, manager):
        key, written = key_of(manager, days=30)
        put_back(key, 30)

        answer = ask(written)

        assert answer.status_code == 401
        assert answer.json()["detail"].startswith("This API key expired on ")

    def test_a_key_in_the_address_opens_nothing(self, manager):
        _, written = key_of(manager)

        assert Client().get(RETURNS, {"token": written}).status_code == 401

    def test_many_wrong_keys_lock_nobody_out(self, client, manager):
        for _ in range(10):
            ask("nonsense")

        client.post("/account/login/", {"login": manager.email, "password": PASSWORD})

        assert client.get("/account/").status_code == 200

    def test_the_last_use_is_written_at_most_once_a_minute(self, manager):
        _, written = key_of(manager)
        ask(written)
        first = ApiKey.objects.get().last_used_at
        ask(written)

        assert ApiKey.objects.get().last_used_at == first
        ApiKey.objects.update(last_used_at=first - dt.timedelta(minutes=2))
        ask(written)
        assert ApiKey.objects.get().last_used_at >= first

    def test_the_description_names_the_scheme(self, manager):
        _, written = key_of(manager)

        described = ask(written, "/api/schema/?format=json").json()

        scheme = described["components"]["securitySchemes"]["tokenAuth"]
        assert (scheme["in"], scheme["name"]) == ("header", "Authorization")
        assert '"Token"' in scheme["description"]
        assert {"tokenAuth": []} in described["paths"][RETURNS]["post"]["security"]


class TestRightsOfTheMoment:
    def test_when_the_role_ends_the_next_request_is_refused(self, manager, agency, administrator):
        _, written = key_of(manager)
        assert ask(written).status_code == 200

        end_membership(membership=manager.memberships.get(), on=TODAY, by=administrator)

        assert ask(written).status_code == 403
        assert send(written, agency).status_code == 400
        assert not Upload.objects.exists()

    def test_a_role_given_later_is_the_keys_too(self, administrator, agency):
        person = UserFactory()
        _, written = key_of(person)
        assert ask(written).status_code == 403

        give_role(
            person=person,
            organisation=agency.provider.organisation,
            role=Role.PROVIDER_MANAGER,
            from_on=TODAY,
            by=administrator,
        )

        assert ask(written).status_code == 200

    def test_a_deactivated_persons_key_is_refused(self, manager):
        _, written = key_of(manager)
        manager.is_active = False
        manager.save()

        answer = ask(written)

        assert answer.status_code == 401
        assert "was ended" in answer.json()["detail"]

    def test_keys_end_with_the_person_and_do_not_come_back(self, manager, administrator):
        _, written = key_of(manager)

        end_person(person=manager, on=TODAY, reason="Left.", by=administrator)
        bring_back_person(person=manager, reason="Came back.", by=administrator)

        assert ask(written).status_code == 401
        assert AuditEvent.objects.get(action="api_key.revoked").person == administrator


class TestKeeping:
    def test_each_deed_is_recorded_and_the_key_nowhere(self, manager, agency, caplog):
        with caplog.at_level(logging.DEBUG):
            key, written = key_of(manager)
            send(written, agency)
            ask(written + "0")
            revoke_key(key=key, by=manager)
            ask(written)

        deeds = AuditEvent.objects.about(manager)
        assert [deed.action for deed in deeds] == ["api_key.revoked", "api_key.made"]
        assert {deed.details["key"] for deed in deeds} == {"Case system"}
        secret = written.removeprefix("tck_")
        assert secret not in caplog.text
        assert not [table for table in _text_columns() if _holds(*table, secret)]

    @pytest.mark.parametrize("days", [0, -1, 366])
    def test_a_key_lasts_a_year_at_most(self, manager, days):
        with pytest.raises(KeyRefused, match="between 1 and 365 days"):
            key_of(manager, days=days)

    def test_a_name_is_free_again_once_its_key_has_ended(self, manager):
        revoke_key(key=key_of(manager)[0], by=manager)
        put_back(key_of(manager)[0], 90)

        assert key_of(manager)[0].name == "Case system"

    def test_nobody_revokes_anothers_key(self, manager, administrator):
        with pytest.raises(NotPermitted):
            revoke_key(key=key_of(manager)[0], by=administrator)

    def test_who_was_ended_makes_no_key(self, manager):
        manager.is_active = False
        manager.save()

        with pytest.raises(NotPermitted):
            key_of(manager)


def _text_columns():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name FROM information_schema.columns"
            " WHERE table_schema = 'public'"
            " AND data_type IN ('text', 'character varying', 'jsonb')"
        )
        return cursor.fetchall()


def _holds(table, column, words):
    with connection.cursor() as cursor:
        cursor.execute(
            f'SELECT EXISTS (SELECT FROM "{table}" WHERE "{column}"::text LIKE %s)',  # noqa: S608  # names from the catalogue
            [f"%{words}%"],
        )
        return cursor.fetchone()[0]
