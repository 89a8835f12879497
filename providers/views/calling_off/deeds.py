"""What is decided and answered of a call-off, each on a page that shows what it is about."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods

from commissioning.forms.base import SayingForm
from commissioning.kernel.clock import business_day
from commissioning.kernel.words import day, pounds
from commissioning.roles import Permission
from commissioning.views.records import form_page
from commissioning.views.requests import attempt, signed_in
from providers.choices import CallOffState
from providers.forms.call_offs import AdmitForm, DecideForm, LongerForm, NoteForm, ReasonForm
from providers.models import CallOffExtension
from providers.selectors.call_offs.money import parts_of, years_unfunded
from providers.services import calling_off as services
from providers.services.places import release_hold
from providers.views.calling_off.reaching import ReachedCallOff, call_off_at, hold_at
from providers.views.calling_off.wording import money_table, summary_of

PAGE = ["GET", "HEAD", "POST"]
TEMPLATE = "providers/calling_off/deed.html"
State = CallOffState


@dataclass(frozen=True)
class Deed:
    """A verb: its button, in which states and by whom, and what is done with what was typed."""

    words: str
    states: frozenset[CallOffState]
    may: Callable[[ReachedCallOff], bool]
    do: Callable[[ReachedCallOff, dict[str, Any]], object]
    said: str
    form: type[SayingForm] = ReasonForm
    lead: str = ""
    main: bool = False  # the button that is asked for first


def _approve(reached: ReachedCallOff, given: dict[str, Any]) -> object:
    return services.approve_call_off(
        call_off=reached.call_off,
        by=reached.person,
        on=business_day(),
        decision=given.get("reason", ""),
    )


def _refuse(reached: ReachedCallOff, given: dict[str, Any]) -> object:
    return services.refuse_call_off(
        call_off=reached.call_off, decision=given["reason"], by=reached.person, on=business_day()
    )


def _cancel(reached: ReachedCallOff, given: dict[str, Any]) -> object:
    return services.cancel_call_off(
        call_off=reached.call_off, reason=given["reason"], by=reached.person, on=business_day()
    )


def _accept(reached: ReachedCallOff, given: dict[str, Any]) -> object:
    return services.accept_call_off(
        call_off=reached.call_off, by=reached.person, answer=given.get("reason", "")
    )


def _decline(reached: ReachedCallOff, given: dict[str, Any]) -> object:
    return services.decline_call_off(
        call_off=reached.call_off, answer=given["reason"], by=reached.person, on=business_day()
    )


def _admit(reached: ReachedCallOff, given: dict[str, Any]) -> object:
    return services.admit_person(
        call_off=reached.call_off,
        came_on=given["on"],
        today=business_day(),
        by=reached.person,
    )


def _ask_longer(reached: ReachedCallOff, given: dict[str, Any]) -> object:
    return services.ask_for_longer(
        call_off=reached.call_off,
        until=given["until"],
        reason=given["reason"],
        by=reached.person,
        on=business_day(),
    )


DEEDS: dict[str, Deed] = {
    "approve": Deed(
        "Approve",
        frozenset({State.REQUESTED}),
        lambda r: r.approves and r.call_off.requested_by_id != r.person.pk,
        _approve,
        "The place is booked and the money committed. The provider answers next.",
        form=NoteForm,
        lead="Approving books the place and commits the money below, all at once.",
        main=True,
    ),
    "refuse": Deed(
        "Refuse",
        frozenset({State.REQUESTED}),
        lambda r: r.approves and r.call_off.requested_by_id != r.person.pk,
        _refuse,
        "It is refused, and the place is free again.",
        lead="The hold on the place is released. Who asked is told why.",
    ),
    "accept": Deed(
        "Accept",
        frozenset({State.APPROVED}),
        lambda r: r.answers,
        _accept,
        "You expect the person. Admit them on the day they come.",
        form=NoteForm,
        main=True,
    ),
    "decline": Deed(
        "Decline",
        frozenset({State.APPROVED}),
        lambda r: r.answers,
        _decline,
        "It is declined. The place is free and the money released.",
        lead="The place is free again and the partnership's money released. They are told why.",
    ),
    "admit": Deed(
        "Admit",
        frozenset({State.ACCEPTED}),
        lambda r: r.answers,
        _admit,
        "The person is in the place.",
        form=AdmitForm,
        main=True,
    ),
    "want-longer": Deed(
        "Ask for a longer stay",
        frozenset({State.ADMITTED}),
        lambda r: r.answers,
        _ask_longer,
        "The partnership is asked. Nights past those approved are not paid before it agrees.",
        form=LongerForm,
        lead="The partnership is told, and asks for the money if it agrees.",
    ),
    "cancel": Deed(
        "Cancel",
        frozenset({State.REQUESTED, State.APPROVED, State.ACCEPTED}),
        lambda r: r.buys,
        _cancel,
        "It is cancelled. The place is free and nothing is to pay.",
        lead="The place is free again and what was committed is released.",
    ),
}


def deeds_for(reached: ReachedCallOff) -> list[tuple[str, str, bool]]:
    """What may be done now: words, address, and whether it is asked for first."""
    state = State(reached.call_off.state)
    return [
        (deed.words, f"{reached.href}{name}/", deed.main)
        for name, deed in DEEDS.items()
        if state in deed.states and deed.may(reached)
    ]


@require_http_methods(PAGE)
def call_off_deed(request: HttpRequest, number: int, deed: str) -> HttpResponse:
    """The page of one deed; 403 for whoever reads the call-off and may not do it."""
    reached, said = call_off_at(request, number), DEEDS[deed]
    if not said.may(reached):
        raise PermissionDenied
    first = {"on": business_day()}
    form = said.form(request.POST or None, initial=first)
    done: object = None
    if request.method == "POST" and form.is_valid():
        done = attempt(form, lambda: said.do(reached, form.cleaned_data))
    if done:
        messages.success(request, said.said)
        return redirect(reached.href)
    parts = parts_of(reached.call_off) if reached.is_buyers else []
    return form_page(
        request,
        form,
        heading=f"{said.words}: {reached.call_off}",
        button=said.words,
        cancel_href=reached.href,
        breadcrumbs=[*reached.crumbs, (said.words, "")],
        template=TEMPLATE,
        lead=said.lead,
        summary=summary_of(reached),
        money=money_table(parts) if parts else None,
        later=years_unfunded(reached.call_off) if parts and deed == "approve" else [],
    )


@require_http_methods(PAGE)
def extension_decide(request: HttpRequest, number: int, extension: int) -> HttpResponse:
    """Yes or no to a longer stay, by another person than who asked."""
    reached = call_off_at(request, number)
    rows = CallOffExtension.objects.permitted(signed_in(request), Permission.CALL_OFF_VIEW)
    asked = get_object_or_404(
        rows.select_related("call_off", "asked_by"), call_off=reached.call_off, number=extension
    )
    if not reached.approves:
        raise PermissionDenied
    form = DecideForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        approve = given["decision"] == "yes"
        if attempt(
            form,
            lambda: services.decide_extension(
                extension=asked,
                approve=approve,
                decision=given["reason"],
                by=reached.person,
                on=business_day(),
            ),
        ):
            said = "The longer stay is approved and its money committed."
            messages.success(request, said if approve else "The longer stay is refused.")
            return redirect(reached.href)
    return form_page(
        request,
        form,
        heading=f"Longer stay: {reached.call_off}",
        button="Decide",
        cancel_href=reached.href,
        breadcrumbs=[*reached.crumbs, ("Longer stay", "")],
        template=TEMPLATE,
        lead=f"{asked.asked_by} asks for nights"
        f"{f' from {day(asked.since)}' if asked.is_early else ''} until {day(asked.until)},"
        f" {pounds(asked.cost)} more: {asked.reason}",
        summary=summary_of(reached),
        money=money_table(parts_of(reached.call_off, asked)),
    )


@require_http_methods(PAGE)
def hold_release(request: HttpRequest, number: int) -> HttpResponse:
    """Give a held place back."""
    hold = hold_at(request, number)
    assert hold.partnership is not None  # noqa: S101 - a hold is somebody's
    code = hold.partnership.organisation.code
    listed = f"/partnership/{code}/call-offs/"
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data

        def released() -> bool:
            release_hold(
                occupancy=hold, by=signed_in(request), reason=given["reason"], on=business_day()
            )
            return True

        if attempt(form, released):
            messages.success(request, f"{hold.place} is free again.")
            return redirect(listed)
    return form_page(
        request,
        form,
        heading=f"Release {hold.place} at {hold.place.service}",
        button="Release",
        cancel_href=listed,
        breadcrumbs=[
            (str(hold.partnership), f"/partnership/{code}/"),
            ("Call-offs", listed),
            ("Release", ""),
        ],
    )
