"""How people come in: by invitation only, with the words of this service."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib import messages
from django.http import HttpRequest

# What is said after a deed of allauth's pages; about anything else it is silent.
SAID = {
    "account/messages/password_changed.txt": "Your password is changed.",
    "account/messages/password_set.txt": "Your password is set.",
    "account/messages/logged_out.txt": "You are signed out.",
}


class InvitationOnly(DefaultAccountAdapter):
    """Nobody makes an account for themselves: a person who may invites them."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        *_: Any,
        **__: Any,
    ) -> None:
        if message_template in SAID:
            messages.add_message(request, messages.SUCCESS, SAID[message_template])


def address_tried(request: HttpRequest, credentials: dict[str, Any] | None) -> str | None:
    """The e-mail address that a sign-in was tried with: what failures are counted by."""
    given = (credentials or {}).get("email") or request.POST.get("login")
    return given.strip().lower() if given else None
