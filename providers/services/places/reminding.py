"""Reminding those who keep a board, shortly before nobody relies on it any more.

The letter carries a link by which its reader can say, once and without signing in, that nothing
changed, and do nothing else. Only the hash of the link's secret is kept.
"""

import datetime as dt
import hashlib
import secrets
from urllib.parse import urljoin

from django.core.mail import send_mail
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.template.loader import render_to_string
from django.urls import reverse

from commissioning.kernel.clock import technical_now
from commissioning.kernel.errors import DomainError
from commissioning.models import User
from commissioning.roles import Permission
from commissioning.selectors.plans.sides import people_holding
from commissioning.selectors.rule_sets import settings_in_force
from providers.models import ConfirmLink, Place, Service
from providers.selectors.boards import Counts, ago, counts_of_services
from providers.services.places.boards import state_no_change

SECRET_BYTES = 32
HOUR = dt.timedelta(hours=1)


class LinkRefused(DomainError):
    """The link confirms nothing: unknown, used, out of date, or no longer that person's."""


def digest_of(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


@transaction.atomic
def make_link(*, service: Service, person: User, days: int) -> str:
    """The secret of a new link. It stands in the letter and nowhere else."""
    secret = secrets.token_urlsafe(SECRET_BYTES)
    ConfirmLink.objects.create(
        service=service,
        person=person,
        digest=digest_of(secret),
        expires_at=technical_now() + dt.timedelta(days=days),
    )
    return secret


def remind_of_boards(*, on: dt.date, site: str) -> int:
    """Write to the keepers of every board that is unknown before long; once for each statement.

    Returns how many letters were written. Safe to run again.
    """
    rules = settings_in_force(on=on)
    now = technical_now()
    limit = now - (rules.board_unknown_hours - rules.board_reminder_hours) * HOUR
    reminded = ConfirmLink.objects.filter(service=OuterRef("pk")).filter(
        Q(made_at__gt=OuterRef("board__stated_at")) | Q(service__board__isnull=True)
    )
    due = (
        Service.objects.open_on(on)
        .filter(Exists(Place.objects.filter(service=OuterRef("pk")).open_on(on)))
        .filter(Q(board__isnull=True) | Q(board__stated_at__lte=limit))
        .filter(~Exists(reminded))
        .select_related("board", "provider__organisation")
        .order_by("pk")
    )
    services = list(due)
    keepers = people_holding(Permission.PLACES_KEEP, {one.provider_id for one in services}, on=on)
    counts = counts_of_services([one.pk for one in services], night=on)
    letters = 0
    for service in services:
        for person in keepers.get(service.provider_id, []):
            _remind(service, person, counts[service.pk], days=rules.confirm_link_days, site=site)
            letters += 1
    return letters


@transaction.atomic
def _remind(service: Service, person: User, counts: Counts, *, days: int, site: str) -> None:
    secret = make_link(service=service, person=person, days=days)
    stated = service.board.stated_at if hasattr(service, "board") else None
    now = technical_now()
    words = render_to_string(
        "providers/email/board_reminder.txt",
        {
            "person": person,
            "service": service,
            "counts": counts,
            "said": ago(now - stated) if stated else "",
            "days": days,
            "link": urljoin(site, reverse("providers:board-confirm", args=[secret])),
            "board": urljoin(
                site, reverse("providers:board", args=[service.provider.organisation.code])
            ),
        },
    )
    subject = f"{service}: how do the places stand?"

    def send() -> None:
        send_mail(subject, words, None, [person.email])

    transaction.on_commit(send, robust=True)


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
