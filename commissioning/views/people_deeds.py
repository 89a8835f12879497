"""What is done about people: inviting, giving and ending roles, ending access."""

from collections.abc import Callable
from typing import TypeVar

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from commissioning.forms.people import InvitationForm, MembershipForm, ReasonForm, RoleForm
from commissioning.kernel.clock import business_day
from commissioning.kernel.errors import DomainError, NotPermitted
from commissioning.models import Membership, User
from commissioning.roles import Role
from commissioning.services import people
from commissioning.views.people import Office
from commissioning.views.requests import attempt, signed_in

PAGE = ["GET", "HEAD", "POST"]
FORM = "commissioning/form.html"
AnyForm = TypeVar("AnyForm", bound=RoleForm)


def _site(request: HttpRequest) -> str:
    return request.build_absolute_uri("/")


def _on_a_role(form: type[AnyForm], request: HttpRequest, office: Office) -> AnyForm:
    """The form of a role that the office may give; in an office of one place, that place."""
    return form(
        request.POST or None,
        organisations=office.organisations,
        roles=office.roles,
        on=business_day(),
        initial={"organisation": office.organisation.pk} if office.organisation else {},
    )


@require_http_methods(PAGE)
def person_invite(request: HttpRequest, kind: str = "", code: str = "") -> HttpResponse:
    office = Office.of(request, kind, code)
    form = _on_a_role(InvitationForm, request, office)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        person = attempt(
            form,
            lambda: people.invite_person(**given, by=signed_in(request), site=_site(request)),
        )
        if person:
            said = (
                "A role was added; they keep their password."
                if person.has_usable_password()
                else f"A letter to {person.email} says how to choose a password."
            )
            messages.success(request, f"{person} is invited. {said}")
            return redirect(office.address("person-detail", person.code))
    return render(
        request,
        FORM,
        {
            "form": form,
            "button": "Send the invitation",
            "cancel_href": office.address("person-list"),
            "page_heading": "Invite a person",
            "breadcrumbs": [*office.crumbs, ("Invite a person", "")],
        },
    )


@require_POST
def person_invite_again(
    request: HttpRequest, person: str, kind: str = "", code: str = ""
) -> HttpResponse:
    office = Office.of(request, kind, code)
    invited = office.person(person)
    held = office.memberships(invited)
    if not held:
        messages.error(request, f"Give {invited} a role first.")
        return redirect(office.address("person-detail", person))
    _say(
        request,
        lambda: people.invite_again(
            person=invited,
            organisation=held[0].organisation,
            by=signed_in(request),
            site=_site(request),
        ),
        f"A new letter is on its way to {invited.email}.",
    )
    return redirect(office.address("person-detail", person))


@require_http_methods(PAGE)
def role_give(request: HttpRequest, person: str, kind: str = "", code: str = "") -> HttpResponse:
    office = Office.of(request, kind, code)
    whom = office.person(person)
    form = _on_a_role(RoleForm, request, office)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        membership = attempt(
            form, lambda: people.give_role(person=whom, **given, by=signed_in(request))
        )
        if membership:
            messages.success(request, f"{membership}. They find a notice in their inbox.")
            return redirect(office.address("person-detail", person))
    return render(
        request,
        FORM,
        {
            "form": form,
            "button": "Give the role",
            "cancel_href": office.address("person-detail", person),
            "page_heading": f"Give {whom} a role",
            "breadcrumbs": [*_crumbs(office, whom), ("Give a role", "")],
        },
    )


@require_http_methods(PAGE)
def role_change(
    request: HttpRequest, person: str, number: int, kind: str = "", code: str = ""
) -> HttpResponse:
    """Change until when a role is held, or with the button `end` end it today."""
    office = Office.of(request, kind, code)
    whom = office.person(person)
    membership = _membership(office, whom, number)
    if request.method == "POST" and "end" in request.POST:
        _say(
            request,
            lambda: people.end_membership(
                membership=membership, on=business_day(), by=signed_in(request)
            ),
            f"The role is ended: {whom} no longer reaches what it gave.",
        )
        return redirect(office.address("person-detail", person))
    form = MembershipForm(
        request.POST or None,
        has_limit=membership.role == Role.FINANCE_APPROVER,
        initial={
            "until_on": membership.until_on,
            "approval_limit": membership.approval_limit,
        },
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        changed = attempt(
            form,
            lambda: people.change_membership(
                membership=membership,
                until_on=given["until_on"],
                approval_limit=given.get("approval_limit"),
                by=signed_in(request),
            ),
        )
        if changed:
            messages.success(request, f"The role of {whom} is changed.")
            return redirect(office.address("person-detail", person))
    return render(
        request,
        "commissioning/role_change.html",
        {
            "form": form,
            "membership": membership,
            "cancel_href": office.address("person-detail", person),
            "page_heading": f"{membership.get_role_display()}, {membership.organisation}",
            "breadcrumbs": [*_crumbs(office, whom), (membership.get_role_display(), "")],
        },
    )


@require_http_methods(PAGE)
def person_end(request: HttpRequest, person: str) -> HttpResponse:
    """End somebody's access everywhere."""
    return _with_reason(
        request,
        person,
        heading="End the access of {}",
        button="End access",
        deed=lambda whom, reason: people.end_person(
            person=whom, on=business_day(), reason=reason, by=signed_in(request)
        ),
        done="The access of {} is ended. They are signed out at their next request.",
    )


@require_http_methods(PAGE)
def person_bring_back(request: HttpRequest, person: str) -> HttpResponse:
    """Let an ended person sign in again."""
    return _with_reason(
        request,
        person,
        heading="Bring back the access of {}",
        button="Bring back access",
        deed=lambda whom, reason: people.bring_back_person(
            person=whom, reason=reason, by=signed_in(request)
        ),
        done="{} can sign in again. Give them their roles.",
    )


def _with_reason(
    request: HttpRequest,
    person: str,
    *,
    heading: str,
    button: str,
    deed: Callable[[User, str], User],
    done: str,
) -> HttpResponse:
    office = Office.of(request)
    whom = office.person(person)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        changed = attempt(form, lambda: deed(whom, form.cleaned_data["reason"]))
        if changed:
            messages.success(request, done.format(whom))
            return redirect(office.address("person-detail", person))
    return render(
        request,
        FORM,
        {
            "form": form,
            "button": button,
            "cancel_href": office.address("person-detail", person),
            "page_heading": heading.format(whom),
            "breadcrumbs": [*_crumbs(office, whom), (button, "")],
        },
    )


def _crumbs(office: Office, whom: User) -> list[tuple[str, str]]:
    return [*office.crumbs, (str(whom), office.address("person-detail", whom.code))]


def _membership(office: Office, whom: User, number: int) -> Membership:
    for one in office.memberships(whom):
        if one.pk == number:
            return one
    raise Http404


def _say(request: HttpRequest, deed: Callable[[], object], done: str) -> None:
    """Do what a button asks and say what became of it."""
    try:
        deed()
    except NotPermitted as refused:
        raise PermissionDenied(str(refused)) from refused
    except DomainError as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, done)
