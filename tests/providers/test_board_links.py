"""Reminders of boards, and the link by which somebody says once that nothing changed."""

import datetime as dt
import re
from smtplib import SMTPServerDisconnected

import pytest
from django.core import mail
from django.core.cache import cache
from django.core.mail.backends.base import BaseEmailBackend

from commissioning.kernel.clock import business_day, technical_now
from commissioning.models import Membership, Notice
from commissioning.scoping import System
from providers.choices import PlaceKind
from providers.models import Board, ConfirmLink
from providers.services.places import open_places
from providers.services.places.reminding import digest_of, make_link, remind_of_boards
from providers.tasks import release_expired_holds, run_on_stays
from providers.tasks import remind_of_boards as remind_task
from providers.views.places import confirm as confirming
from tests.factories.commissioning import UserFactory
from tests.factories.places import BoardFactory, ConfirmLinkFactory
from tests.factories.providers import ServiceFactory

pytestmark = pytest.mark.django_db
SITE = "https://places.example"


@pytest.fixture(autouse=True)
def _nobody_tried_before():
    cache.clear()


@pytest.fixture
def service():
    service = ServiceFactory(name="Valley House")
    open_places(
        service=service,
        labels=["Bed 1", "Bed 2"],
        kind=PlaceKind.BED,
        on=dt.date(2006, 4, 1),
        today=business_day(),
        by=System("a test"),
    )
    return service


@pytest.fixture
def keeper(service):
    return UserFactory(name="Ann Ward", keyworker_of=service.provider.organisation)


def stated(service, hours):
    return BoardFactory(service=service, stated_at=technical_now() - dt.timedelta(hours=hours))


def remind(callbacks):
    with callbacks(execute=True):
        return remind_of_boards(on=business_day(), site=SITE)


def later(**passed):
    """As if the last letter had been tried so much earlier."""
    for link in ConfirmLink.objects.all():
        link.tried_at -= dt.timedelta(**passed)
        link.save()


class Refusing(BaseEmailBackend):
    """A mail server that takes nothing."""

    def send_messages(self, messages):
        raise SMTPServerDisconnected("Connection unexpectedly closed")


class TestReminders:
    def test_who_keeps_a_board_is_reminded_once_before_it_is_unknown(
        self, service, keeper, django_capture_on_commit_callbacks
    ):
        stated(service, 31)

        assert remind(django_capture_on_commit_callbacks) == 1
        assert remind(django_capture_on_commit_callbacks) == 0
        (letter,) = mail.outbox
        assert letter.to == [keeper.email]
        assert "Valley House" in letter.subject
        assert "last stated 31 hours ago" in letter.body
        assert re.search(r"free +2\n", letter.body)

    def test_nobody_is_reminded_of_a_fresh_board(
        self, service, keeper, django_capture_on_commit_callbacks
    ):
        stated(service, 29)

        assert remind(django_capture_on_commit_callbacks) == 0

    def test_a_board_that_was_stated_since_is_reminded_of_again(
        self, service, keeper, django_capture_on_commit_callbacks
    ):
        board = stated(service, 31)
        remind(django_capture_on_commit_callbacks)
        ConfirmLink.objects.update(made_at=technical_now() - dt.timedelta(hours=40))
        board.refresh_from_db()

        assert remind(django_capture_on_commit_callbacks) == 1

    def test_a_letter_that_did_not_go_is_told_of_and_tried_again_later(
        self, service, keeper, settings, django_capture_on_commit_callbacks
    ):
        stated(service, 31)
        working = settings.EMAIL_BACKEND
        settings.EMAIL_BACKEND = f"{__name__}.Refusing"

        assert remind(django_capture_on_commit_callbacks) == 1
        assert ConfirmLink.objects.get().sent_at is None
        told = Notice.objects.get(person=keeper)
        assert f"could not be sent to {keeper.email}" in told.sentence

        settings.EMAIL_BACKEND = working
        assert remind(django_capture_on_commit_callbacks) == 0  # not at once
        later(minutes=16)
        assert remind(django_capture_on_commit_callbacks) == 1
        later(minutes=16)
        assert remind(django_capture_on_commit_callbacks) == 0  # it went

        (letter,) = mail.outbox
        link = ConfirmLink.objects.get()
        secret = re.search(r"/places/confirm/([^/]+)/", letter.body)[1]
        assert (link.tries, link.digest) == (2, digest_of(secret))
        assert link.sent_at is not None

    @pytest.mark.parametrize(
        ("tries", "waits"), [(1, 15), (2, 30), (3, 60), (7, 16 * 60), (8, 24 * 60), (99, 24 * 60)]
    )
    def test_each_failure_waits_twice_as_long_as_the_last_but_a_day_at_most(
        self, service, keeper, tries, waits, django_capture_on_commit_callbacks
    ):
        stated(service, 31)
        link = ConfirmLinkFactory(service=service, person=keeper, tries=tries)
        for minutes, written in ((waits - 1, 0), (waits, 1)):
            link.tried_at = technical_now() - dt.timedelta(minutes=minutes)
            link.save()

            assert remind(django_capture_on_commit_callbacks) == written

    def test_a_worker_that_died_before_it_sent_leaves_the_letter_to_the_next(
        self, service, keeper, django_capture_on_commit_callbacks
    ):
        stated(service, 31)
        with django_capture_on_commit_callbacks():  # committed, and nothing after it ran
            remind_of_boards(on=business_day(), site=SITE)
        later(minutes=16)

        assert remind(django_capture_on_commit_callbacks) == 1
        assert len(mail.outbox) == 1

    def test_the_secret_stands_in_the_letter_alone(
        self, service, keeper, django_capture_on_commit_callbacks
    ):
        stated(service, 31)
        remind(django_capture_on_commit_callbacks)

        secret = re.search(r"/places/confirm/([^/]+)/", mail.outbox[0].body)[1]
        link = ConfirmLink.objects.get()

        assert link.digest == digest_of(secret) != secret
        assert "Bed 1" not in mail.outbox[0].body

    def test_what_beat_sends_can_be_sent_twice(self, service, keeper):
        for task in (remind_task, run_on_stays, release_expired_holds):
            task()
            task()

        assert ConfirmLink.objects.count() == 1


class TestTheLink:
    @pytest.fixture
    def secret(self, service, keeper):
        stated(service, 50)
        return make_link(service=service, person=keeper, days=2)

    def address(self, secret):
        return f"/places/confirm/{secret}/"

    def test_opening_it_changes_nothing(self, client, service, secret):
        before = Board.objects.get().stated_at

        answer = client.get(self.address(secret))

        assert answer.status_code == 200
        assert "Valley House: did anything change?" in answer.text
        assert "Bed 1" not in answer.text
        assert Board.objects.get().stated_at == before
        assert "no-store" in answer["Cache-Control"]
        assert answer["Referrer-Policy"] == "same-origin"  # no other site learns the secret

    def test_the_button_states_the_board_and_signs_nobody_in(
        self, client, service, keeper, secret
    ):
        answer = client.post(self.address(secret))

        assert "Valley House: confirmed" in answer.text
        board = Board.objects.get()
        assert board.stated_by == keeper
        assert technical_now() - board.stated_at < dt.timedelta(minutes=1)
        assert client.get("/account/").status_code == 302

    @pytest.mark.parametrize("method", ["get", "post"])
    def test_a_second_time_it_says_that_it_was_used(self, client, secret, method):
        client.post(self.address(secret))
        first = Board.objects.get().stated_at

        answer = getattr(client, method)(self.address(secret))

        assert answer.status_code == 410
        assert "This link was used just now, and what it said counts." in answer.text
        assert Board.objects.get().stated_at == first

    @pytest.mark.parametrize("method", ["get", "post"])
    def test_out_of_date_it_says_so(self, client, secret, method):
        ConfirmLink.objects.update(expires_at=technical_now() - dt.timedelta(seconds=1))
        before = Board.objects.get().stated_at

        answer = getattr(client, method)(self.address(secret))

        assert answer.status_code == 410
        assert "This link is out of date." in answer.text
        assert Board.objects.get().stated_at == before

    def test_made_up_it_says_that_it_is_not_known(self, client, service):
        answer = client.post(self.address("no-letter"))

        assert answer.status_code == 410
        assert "This link is not known." in answer.text

    def test_of_somebody_who_left_it_confirms_nothing(self, client, keeper, secret):
        Membership.objects.filter(user=keeper).delete()

        answer = client.post(self.address(secret))

        assert answer.status_code == 410
        assert "no longer keeps these places" in answer.text

    def test_who_tries_many_is_turned_away(self, client, secret, monkeypatch):
        monkeypatch.setattr(confirming, "TRIES", 3)
        for _ in range(3):
            client.get(self.address("no-letter"))

        answer = client.get(self.address(secret))

        assert answer.status_code == 429
        assert "Too many links were tried" in answer.text
