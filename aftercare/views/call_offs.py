"""A call-off with what follows it: the links to housing and support stand beside its record, and
where a place is booked, and where a stay ends.
"""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from aftercare.models import AftercareLink
from aftercare.selectors.links import links_for
from commissioning.kernel.clock import business_day
from commissioning.kernel.words import pounds
from commissioning.views.history import happenings
from commissioning.views.records import form_page
from commissioning.views.requests import attempt
from providers.choices import CallOffState, ExtensionState
from providers.forms.call_offs import EndForm
from providers.models import CallOff
from providers.selectors.call_offs.money import (
    net_committed,
    parts_of,
    promises_of,
    years_unfunded,
)
from providers.services import calling_off as services
from providers.services.calling_off.extending import CAN_GROW, may_grow
from providers.views.calling_off.deeds import deeds_for
from providers.views.calling_off.reaching import ReachedCallOff, call_off_at
from providers.views.calling_off.wording import (
    answer_words,
    asked_for,
    beyond_words,
    committed_table,
    decision_words,
    extension_words,
    money_table,
    steps_of,
    summary_of,
)


def links_of(call_off: CallOff) -> list[AftercareLink]:
    """What follows for somebody who leaves the service and lives in the partnership."""
    return links_for(
        on=business_day(), service=call_off.place.service, partnership=call_off.partnership
    )


@require_safe
def call_off_record(request: HttpRequest, number: int) -> HttpResponse:
    """The record, for both sides; whose money it is sees where it comes from."""
    reached = call_off_at(request, number)
    one = reached.call_off
    return render(
        request,
        "aftercare/call_offs/detail.html",
        {
            "summary": summary_of(reached),
            "steps": steps_of(one),
            "call_off": one,
            "beyond": beyond_words(reached),
            "decision": decision_words(one),
            "answer": answer_words(one),
            "deeds": deeds_for(reached),
            "more": _more(reached),
            "money": _money(reached),
            "extensions": [
                (
                    extension_words(asked),
                    asked.reason,
                    f"{reached.href}longer/{asked.number}/"
                    if reached.approves and asked.state == ExtensionState.ASKED
                    else "",
                )
                for asked in one.extensions.order_by("number")
            ],
            "links": links_of(one),
            "happenings": happenings(one),
            "page_heading": f"{one}: {one.case}",
            "breadcrumbs": reached.list_crumbs,
        },
    )


def _more(reached: ReachedCallOff) -> list[tuple[str, str]]:
    """What else can be done, beside the deeds of its state."""
    one, found = reached.call_off, []
    if may_grow(one) and reached.buys and not asked_for(one):
        found.append(("Ask for a longer stay", f"{reached.href}longer/"))
    if one.state == CallOffState.ADMITTED and reached.answers:
        found.append(("End the stay", f"{reached.href}end/"))
    return found


def _money(reached: ReachedCallOff) -> dict[str, Any] | None:
    """The lines that pay, what is committed, and years to come: for those who buy."""
    one = reached.call_off
    if not (one.is_spot and reached.is_buyers):
        return None
    asked = one.state == CallOffState.REQUESTED
    owed = years_unfunded(one) if asked or one.state in CAN_GROW else []
    promises = promises_of(one)
    puts = reached.approves and not asked and any(year.is_open for year in owed)
    return {
        "table": committed_table(promises) if promises else money_table(parts_of(one)),
        "committed": pounds(net_committed(promises)) if promises else "",
        "later": owed,
        "fund_href": f"{reached.href}fund/" if puts else "",
    }


@require_http_methods(["GET", "HEAD", "POST"])
def call_off_end(request: HttpRequest, number: int) -> HttpResponse:
    """The person left; where they can go from here stands beside the question."""
    reached = call_off_at(request, number)
    if not reached.answers:
        raise PermissionDenied
    today = business_day()
    form = EndForm(request.POST or None, initial={"on": today})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        if attempt(
            form,
            lambda: services.end_stay(
                call_off=reached.call_off,
                left_on=given["on"],
                move_on=given["move_on"],
                as_planned=given["planned"] == "yes",
                reason=given["reason"],
                today=today,
                by=reached.person,
            ),
        ):
            messages.success(request, "The stay ended. Nights that were not used are not paid.")
            return redirect(reached.href)
    return form_page(
        request,
        form,
        heading=f"End the stay: {reached.call_off}",
        button="End the stay",
        cancel_href=reached.href,
        breadcrumbs=[*reached.crumbs, ("End", "")],
        template="aftercare/call_offs/end.html",
        summary=summary_of(reached),
        links=links_of(reached.call_off),
    )
