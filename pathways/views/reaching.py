"""From an address to the return it names, for whoever asks."""

from collections.abc import Callable
from typing import TypeVar

from django.core.exceptions import PermissionDenied
from django.db import OperationalError
from django.http import Http404, HttpRequest
from django.urls import reverse
from psycopg.errors import LockNotAvailable

from commissioning.kernel.errors import DomainError
from commissioning.roles import Permission
from commissioning.views.requests import signed_in
from pathways.selectors.returns import ReachedReturn, reached_return

Result = TypeVar("Result")
Crumbs = list[tuple[str, str]]


class AtWork(DomainError):
    """Somebody, or the service, holds the return at this moment."""


def reached_or_404(request: HttpRequest, code: str, number: int) -> ReachedReturn:
    """The return that the address names; 404 unless the person may view some of it."""
    found = reached_return(signed_in(request), provider=code, number=number)
    if found is None:
        raise Http404
    return found


def decided_by(request: HttpRequest, code: str, number: int) -> ReachedReturn:
    """The same for whoever may confirm or reject it; 403 for others who may view it."""
    found = reached_or_404(request, code, number)
    if not found.may_send:
        raise PermissionDenied("Your role does not let you do this here.")
    if not found.may_decide:
        raise PermissionDenied(
            "This file holds returns of other providers too: whoever keeps the service loads it."
        )
    return found


def crumbs_to(request: HttpRequest, reached: ReachedReturn) -> Crumbs:
    """From the list the person comes from: the provider's, or that of an area they work for."""
    person = signed_in(request)
    provider = reached.provider
    if person.reach(Permission.ORGANISATION_VIEW).covers(provider.pk):
        listed = reverse("pathways:return-list", args=[provider.code])
        return [(f"Returns of {provider}", listed)]
    partnership = next((one.agency.partnership for one in reached.returns), None)
    if partnership is None:
        return []
    listed = reverse("pathways:partnership-returns", args=[partnership.code])
    return [(f"Returns of {partnership}", listed)]


def unless_at_work(deed: Callable[[], Result]) -> Result:
    """Raises `AtWork` where the deed waits too long for somebody else's."""
    try:
        return deed()
    except OperationalError as held:
        if not isinstance(held.__cause__, LockNotAvailable):
            raise
        raise AtWork(
            "Somebody else, or the service, is working on this return at this moment. Look again"
            " in a minute."
        ) from held
