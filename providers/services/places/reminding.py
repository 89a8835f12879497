"""Reminding those who keep a board, shortly before nobody relies on it any more.

The letter carries a link by which its reader can say, once and without signing in, that nothing
changed, and do nothing else. Only the hash of the link's secret is kept.
"""

import datetime as dt
import hashlib
import logging
import secrets
from collections.abc import Iterable
from urllib.parse import urljoin

from django.core.mail import send_mail
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q
from django.template.loader import render_to_string
from django.urls import reverse

from commissioning.kernel.clock import technical_now
from commissioning.kernel.errors import DomainError
from commissioning.models import User
from commissioning.roles import Permission
from commissioning.selectors.plans.sides import people_holding
from commissioning.selectors.rule_sets import settings_in_force
from commissioning.services.notices import tell
from providers.models import ConfirmLink, Place, Service
from providers.selectors.boards import Counts, ago, counts_of_services
from providers.services.places.boards import state_no_change

SECRET_BYTES = 32
HOUR = dt.timedelta(hours=1)
# After a failure: the first time so long, then twice as long each time, but once a day.
TRY_AGAIN_AFTER, TRY_AGAIN_AT_LEAST_EVERY = HOUR / 4, 24 * HOUR
DOUBLED_AT_MOST = 10

log = logging.getLogger(__name__)


class LinkRefused(DomainError):
    """The link confirms nothing: unknown, used, out of date, or no longer that person's."""


def digest_of(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


@transaction.atomic
def make_link(
    *, service: Service, person: User, days: int, link: ConfirmLink | None = None
) -> str:
    """The secret of a new link, or the new secret of one whose letter did not go. It stands in
    the letter and nowhere else.
    """
    secret = secrets.token_urlsafe(SECRET_BYTES)
    now = technical_now()
    link = link or ConfirmLink(service=service, person=person)
    link.digest = digest_of(secret)
    link.expires_at = now + dt.timedelta(days=days)
    link.tries, link.tried_at = link.tries + 1, now
    link.save()
    return secret


def remind_of_boards(*, on: dt.date, site: str) -> int:
    """Write to the keepers of every board that is unknown before long; once for each statement.

    A letter that the mail server did not take is tried again, after longer and longer. Returns
    how many letters were written. Safe to run again.
    """
    rules = settings_in_force(on=on)
    now = technical_now()
    limit = now - (rules.board_unknown_hours - rules.board_reminder_hours) * HOUR
    due = (
        Service.objects.open_on(on)
        .filter(Exists(Place.objects.filter(service=OuterRef("pk")).open_on(on)))
        .filter(Q(board__isnull=True) | Q(board__stated_at__lte=limit))
        .select_related("board", "provider__organisation")
        .order_by("pk")
    )
    services = list(due)
    keepers = people_holding(Permission.PLACES_KEEP, {one.provider_id for one in services}, on=on)
    links = _links_since(services)
    letters = [
        (service, person)
        for service in services
        for person in keepers.get(service.provider_id, [])
        if _is_to_go(links.get((service.pk, person.pk)), now)
    ]
    counts = counts_of_services({service.pk for service, _ in letters}, night=on)
    return sum(
        _remind(service, person, counts[service.pk], days=rules.confirm_link_days, site=site)
        for service, person in letters
    )


def _links_since(services: Iterable[Service]) -> dict[tuple[int, int], ConfirmLink]:
    """By service and person the link that was made since the board was last stated."""
    rows = ConfirmLink.objects.filter(service__in=services).filter(
        Q(made_at__gt=F("service__board__stated_at")) | Q(service__board__isnull=True)
    )
    return {(one.service_id, one.person_id): one for one in rows.order_by("pk")}


def _is_to_go(link: ConfirmLink | None, now: dt.datetime) -> bool:
    """Whether no letter went yet, and a failure was long enough ago to try again."""
    if link is None or link.tried_at is None:
        return True
    doubled = 2 ** min(link.tries - 1, DOUBLED_AT_MOST)
    wait = min(TRY_AGAIN_AFTER * doubled, TRY_AGAIN_AT_LEAST_EVERY)
    return link.sent_at is None and link.used_at is None and link.tried_at + wait <= now


@transaction.atomic
def _remind(service: Service, person: User, counts: Counts, *, days: int, site: str) -> bool:
    """Write one letter; False where another run, or a statement, came first."""
    Service.objects.select_for_update(no_key=True).get(pk=service.pk)
    held = _links_since([service]).get((service.pk, person.pk))
    if not _is_to_go(held, technical_now()):
        return False
    secret = make_link(service=service, person=person, days=days, link=held)
    stated = service.board.stated_at if hasattr(service, "board") else None
    now = technical_now()
    board = reverse("providers:board", args=[service.provider.organisation.code])
    words = render_to_string(
        "providers/email/board_reminder.txt",
        {
            "person": person,
            "service": service,
            "counts": counts,
            "said": ago(now - stated) if stated else "",
            "days": days,
            "link": urljoin(site, reverse("providers:board-confirm", args=[secret])),
            "board": urljoin(site, board),
        },
    )
    link = ConfirmLink.objects.get(digest=digest_of(secret))
    transaction.on_commit(lambda: _send(link, words, board), robust=True)
    return True


def _send(link: ConfirmLink, words: str, board: str) -> None:
    """Hand the letter over and say that it went; that it did not go is told and logged."""
    subject = f"{link.service}: how do the places stand?"
    try:
        send_mail(subject, words, None, [link.person.email])
    except OSError as fault:  # what smtplib raises, too
        log.warning("Reminder %s did not go, try %s: %s", link.pk, link.tries, fault)
        tell(
            people=[link.person],
            sentence=f"A letter about the board of {link.service} could not be sent to"
            f" {link.person.email}. It is tried again.",
            link=board,
            cause=f"board-reminder:{link.pk}",
        )
    else:
        ConfirmLink.objects.filter(pk=link.pk).update(sent_at=technical_now())


def link_of(secret: str) -> ConfirmLink:
    """The link of a secret, if it still confirms something. Raises `LinkRefused` otherwise."""
    rows = ConfirmLink.objects.select_related("person", "service__provider__organisation")
    return _good(rows.filter(digest=digest_of(secret)).first())


def _good(link: ConfirmLink | None) -> ConfirmLink:
    if link is None:
        raise LinkRefused("This link is not known. Open the newest letter, or sign in.")
    if link.used_at is not None:
        raise LinkRefused(
            f"This link was used {ago(technical_now() - link.used_at)}, and what it said counts."
            " To say more, sign in."
        )
    if link.expires_at <= technical_now():
        raise LinkRefused("This link is out of date. Sign in to say how the places stand.")
    if not link.person.reach(Permission.PLACES_KEEP).covers(link.service.provider_id):
        raise LinkRefused("The person this link was sent to no longer keeps these places.")
    return link


@transaction.atomic
def confirm(*, secret: str) -> Service:
    """Say by a link that nothing changed. It does so once."""
    rows = ConfirmLink.objects.select_related("person", "service__provider__organisation")
    held = rows.select_for_update(of=("self",)).filter(digest=digest_of(secret)).first()
    link = _good(held)
    link.used_at = technical_now()
    link.save(update_fields=["used_at"])
    state_no_change(service=link.service, by=link.person, through="link")
    return link.service
