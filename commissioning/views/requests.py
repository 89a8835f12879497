"""What every view begins with: who asks, and whether they may."""

from collections.abc import Callable
from typing import TypeVar, cast

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from commissioning.choices import OrganisationKind
from commissioning.kernel.errors import DomainError, NotPermitted
from commissioning.models import Organisation, User
from commissioning.roles import Permission
from commissioning.services.access import require

Result = TypeVar("Result")


def signed_in(request: HttpRequest) -> User:
    """The person who asks. The sign-in middleware has turned everyone else away."""
    return cast(User, request.user)


def organisation_at(request: HttpRequest, kind: str, code: str) -> Organisation:
    """The organisation an address names; 404 unless the person may view it."""
    if kind.upper() not in OrganisationKind.values:
        raise Http404
    return get_object_or_404(
        Organisation.objects.permitted(signed_in(request), Permission.ORGANISATION_VIEW),
        kind=kind.upper(),
        code=code,
    )


def insist(
    request: HttpRequest, permission: Permission, organisation: Organisation | None = None
) -> None:
    """403 unless the person holds the permission on the organisation (None: the nation)."""
    try:
        require(
            signed_in(request),
            permission,
            organisation_id=organisation.pk if organisation else None,
        )
    except NotPermitted as refused:
        raise PermissionDenied(str(refused)) from refused


def attempt(form: forms.BaseForm, deed: Callable[[], Result]) -> Result | None:
    """The deed's result; None when it is refused, with the sentence on the form, or on the
    field that it is about.

    What the person may not do at all is a 403.
    """
    try:
        return deed()
    except NotPermitted as refused:
        raise PermissionDenied(str(refused)) from refused
    except DomainError as refused:
        say_refusal(form, refused)
        return None


def say_refusal(form: forms.BaseForm, refused: DomainError) -> None:
    """The sentence at the field it is about, where the form asks it; else at its beginning."""
    field = form.fields.get(refused.field)
    is_asked = field is not None and not field.widget.is_hidden
    form.add_error(refused.field if is_asked else None, str(refused))
