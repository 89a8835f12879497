"""The letters a demonstration would have sent, to be read in the browser."""

import email
import email.policy
import re
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from commissioning.roles import Permission
from commissioning.views.requests import insist

SHOWN = 50
BETWEEN = re.compile(r"^-{79}$", re.MULTILINE)  # what the file backend writes after each letter


@dataclass(frozen=True)
class Letter:
    """One message as it was sent."""

    sent: str
    to: str
    subject: str
    words: str


@require_safe
def mail(request: HttpRequest) -> HttpResponse:
    """Only in a demonstration, and only for an administrator: letters hold links to sign in."""
    if not settings.DEMONSTRATION:
        raise Http404
    insist(request, Permission.PEOPLE_MANAGE)
    return render(
        request,
        "commissioning/mail.html",
        {"letters": letters(Path(settings.EMAIL_FILE_PATH)), "page_heading": "Mail"},
    )


def letters(folder: Path) -> list[Letter]:
    """The newest letters in the folder, fifty at most."""
    files = sorted(folder.glob("*.log"), key=lambda path: path.name, reverse=True)
    found: list[Letter] = []
    for file in files[:SHOWN]:
        sent = BETWEEN.split(file.read_text(encoding="utf-8"))
        found += [_letter(one.lstrip()) for one in reversed(sent) if one.strip()]
    return found[:SHOWN]


def _letter(written: str) -> Letter:
    # The policy makes it an EmailMessage, which the function's type does not say.
    message = email.message_from_string(written, policy=email.policy.default)
    assert isinstance(message, EmailMessage)  # noqa: S101
    body = message.get_body(("plain", "html"))
    return Letter(
        sent=str(message["Date"]),
        to=str(message["To"]),
        subject=str(message["Subject"]),
        words=body.get_content() if body else "",
    )
