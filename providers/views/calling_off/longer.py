"""Asking for a longer stay, and putting a later year's nights on lines: both split money."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from commissioning.components import Fact
from commissioning.forms.base import SayingForm
from commissioning.kernel.clock import business_day
from commissioning.kernel.money import ZERO
from commissioning.kernel.words import day, pounds
from commissioning.views.records import form_page
from commissioning.views.requests import attempt
from providers.forms.call_offs import LongerForm, ReasonForm
from providers.selectors.call_offs.money import years_to_fund, years_unfunded
from providers.services import calling_off as services
from providers.services.calling_off.extending import CAN_GROW, costs_of_more, early_to_ask
from providers.views.calling_off.reaching import ReachedCallOff, call_off_at
from providers.views.calling_off.splitting import done, split_form, split_page

PAGE = ["GET", "HEAD", "POST"]


@require_http_methods(PAGE)
def call_off_longer(request: HttpRequest, number: int) -> HttpResponse:
    """Until when and why; on a spot purchase the split of what it costs more comes next."""
    reached = _bought(request, number)
    early = early_to_ask(reached.call_off)
    form = _form(request, reached, early=early)
    if request.method == "POST" and form.is_valid():
        why = form.cleaned_data["reason"]
        until = form.cleaned_data.get("until", reached.call_off.starts_on)
        left = reached.call_off.left_on
        grows = until > reached.call_off.ends_on and (left is None or until <= left)
        if reached.call_off.is_spot and (early or grows):
            request.session[_key(number)] = [until.isoformat(), why]
            return redirect(reverse("providers:call-off-longer-money", args=[number]))
        if attempt(form, lambda: _extend(reached, until=until, why=why)):
            said = "Those nights are on our block." if early else ""
            messages.success(request, said or f"The stay is planned until {day(until)}.")
            return redirect(reached.href)
    return form_page(
        request,
        form,
        heading=f"Longer stay: {reached.call_off}",
        button="Continue",
        cancel_href=reached.href,
        breadcrumbs=[*reached.crumbs, ("Longer stay", "")],
        lead=_early_lead(reached) if early else _lead(reached),
    )


def _form(request: HttpRequest, reached: ReachedCallOff, *, early: bool) -> SayingForm:
    """Why; and until when, unless it is of nights before those approved."""
    if early:
        return ReasonForm(request.POST or None)
    form = LongerForm(request.POST or None, initial={"until": reached.call_off.left_on})
    if reached.call_off.left_on is not None:
        form.fields["until"].label = "Approve nights until"
    return form


def _early_lead(reached: ReachedCallOff) -> str:
    one = reached.call_off
    assert one.admitted_on is not None  # noqa: S101 - they came
    return (
        f"They came on {day(one.admitted_on)}, and nights from {day(one.starts_on)} were approved."
        " On a spot purchase another person approves the nights before; refused, they are not"
        " paid. Nights after those approved are asked for next."
    )


def _lead(reached: ReachedCallOff) -> str:
    one = reached.call_off
    until = day(one.ends_on)
    another = "On a spot purchase another person approves the"
    if one.left_on is None:
        return f"It is planned until {until}. {another} difference."
    return (
        f"Nights until {until} were approved, and they left on {day(one.left_on)}. {another}"
        " nights between; refused, they are not paid."
    )


def _extend(
    reached: ReachedCallOff,
    *,
    until: dt.date,
    why: str,
    parts: Mapping[int, Decimal] | None = None,
) -> object:
    return services.extend_stay(
        call_off=reached.call_off,
        until=until,
        reason=why,
        parts=parts,
        by=reached.person,
        on=business_day(),
    )


def _key(number: int) -> str:
    return f"longer-stay-{number}"


@require_http_methods(PAGE)
def call_off_longer_money(request: HttpRequest, number: int) -> HttpResponse:
    """What the longer stay costs more, split over lines and streams, checked and sent."""
    reached = _bought(request, number)
    typed = request.session.get(_key(number))
    if not typed:
        return redirect(reverse("providers:call-off-longer", args=[number]))
    until, why = dt.date.fromisoformat(typed[0]), typed[1]
    costs = costs_of_more(reached.call_off, until)
    years = years_to_fund(
        reached.call_off.partnership,
        costs,
        intervention=reached.call_off.intervention_id,
        provider=reached.call_off.provider_id,
    )
    form = split_form(request, years)
    if done(request, form, lambda parts: _extend(reached, until=until, why=why, parts=parts)):
        del request.session[_key(number)]
        messages.success(request, "It waits for another person's approval.")
        return redirect(reached.href)
    return split_page(
        request,
        form,
        years,
        heading=f"Longer stay: {reached.call_off}",
        button="Send for approval",
        lead="The difference is committed once another person approves it.",
        facts=[
            Fact("Until", day(until)),
            Fact("Why", why),
            Fact("Costs more", pounds(sum(costs.values(), ZERO))),
        ],
        cancel_href=reached.href,
        breadcrumbs=[*reached.crumbs, ("Longer stay", "")],
    )


@require_http_methods(PAGE)
def call_off_fund(request: HttpRequest, number: int) -> HttpResponse:
    """A later year's nights on lines of its plan, once that is agreed."""
    reached = call_off_at(request, number)
    if not reached.approves or reached.call_off.state not in CAN_GROW:
        raise PermissionDenied
    years = years_unfunded(reached.call_off) if reached.call_off.is_spot else []
    form = split_form(request, years)

    def fund(parts: Mapping[int, Decimal]) -> Decimal:
        return services.fund_later_year(
            call_off=reached.call_off, parts=parts, by=reached.person, on=business_day()
        )

    if done(request, form, fund):
        messages.success(request, "The money of the later year is committed.")
        return redirect(reached.href)
    return split_page(
        request,
        form,
        years,
        heading=f"Money of a later year: {reached.call_off}",
        button="Commit the money",
        lead="The stay was approved with all its nights. Say which lines pay for those of"
        " the later year.",
        facts=[Fact(year.label, year.cost_words) for year in years],
        cancel_href=reached.href,
        breadcrumbs=[*reached.crumbs, ("Later year", "")],
    )


def _bought(request: HttpRequest, number: int) -> ReachedCallOff:
    """For those who call places off for the partnership, while the stay can be longer."""
    reached = call_off_at(request, number)
    if not reached.buys:
        raise PermissionDenied
    return reached
