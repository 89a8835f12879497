"""Who asks over the API, and whether they may ask at all."""

from typing import Any, cast

from commissioning.kernel.errors import NotPermitted
from commissioning.models import User
from commissioning.roles import Permission


def asking(view: Any, permission: Permission) -> User:
    """The person who asks. Raises `NotPermitted` (403) without the permission anywhere."""
    person = cast(User, view.request.user)
    if not person.may(permission):
        raise NotPermitted("Your role does not let you read this.")
    return person
