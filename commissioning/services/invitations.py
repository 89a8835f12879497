"""The letter that invites somebody: who asks, to what, and a link to choose a password."""

from urllib.parse import urljoin

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse

from commissioning.models import Organisation, User
from commissioning.scoping import Actor


def password_link(person: User, site: str) -> str:
    """Where the person chooses a password: the link of a reset, good once and for three days."""
    path = reverse(
        "account_reset_password_from_key",
        kwargs={
            "uidb36": user_pk_to_url_str(person),
            "key": default_token_generator.make_token(person),
        },
    )
    return urljoin(site, path)


def send_invitation(*, person: User, organisation: Organisation, by: Actor, site: str) -> None:
    """Send the letter once the deed is kept. A mail server that fails is written to the log."""
    words = render_to_string(
        "commissioning/email/invitation.txt",
        {
            "person": person,
            "organisation": organisation,
            "by": by,
            "site": site,
            "link": password_link(person, site),
        },
    )

    def send() -> None:
        send_mail("You are invited to Treatment commissioning", words, None, [person.email])

    transaction.on_commit(send, robust=True)
