"""Calling a held place off: how it is bought, from which money, checked; with what follows it."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from aftercare.selectors.links import links_for
from commissioning.components import Fact
from commissioning.kernel.clock import business_day, technical_now
from commissioning.kernel.words import count, day, pounds
from commissioning.views import lapsing
from commissioning.views.requests import attempt, signed_in
from providers.forms.call_offs import BuyForm
from providers.models import CallOff, Contract, Occupancy
from providers.rules.call_off_costs import cost_by_year, stay_cost
from providers.selectors.call_offs.blocks import free_on_our_blocks
from providers.selectors.call_offs.buying import Ways, intervention_named, ways_to_buy
from providers.selectors.call_offs.money import years_to_fund
from providers.services.calling_off import Purchase, call_off_block, request_call_off
from providers.views.calling_off.reaching import hold_at
from providers.views.calling_off.splitting import done, split_form, split_page

PAGE = ["GET", "HEAD", "POST"]


@require_http_methods(PAGE)
def hold_call_off(request: HttpRequest, number: int) -> HttpResponse:
    """By which contract it is bought, or without one; a block is checked and booked here."""
    hold = hold_at(request, number)
    ways = ways_to_buy(hold, on=business_day())
    form = _buy_form(request.POST or None, ways)
    checking = False
    if request.method == "POST" and form.is_valid() and _explained(hold, form):
        if form.block is None:
            return redirect(f"{_href(hold, 'hold-call-off-money')}?{_asked(form)}")
        checking = not {"confirmed", "change"} & set(request.POST)
        if "confirmed" in request.POST and "change" not in request.POST:
            made = attempt(form, lambda: _book(request, hold, form))
            if made:
                said = "The place is booked on our block. The provider answers next."
                messages.success(request, said)
                return redirect(f"/call-offs/{made.pk}/")
    return render(
        request,
        "aftercare/call_offs/book.html",
        {
            "form": form,
            "checking": checking,
            "facts": [*_facts(hold), *(_block_facts(form) if checking else [])],
            "typed": [
                (name, value)
                for name, value in request.POST.items()
                if name not in {"csrfmiddlewaretoken", "confirmed", "change"}
            ],
            "lead": _lead(hold),
            "button": "Book place",
            "next": "Continue",
            **_frame(hold),
        },
    )


def _explained(hold: Occupancy, form: BuyForm) -> bool:
    """Whether nothing that is paid for already is passed over without a reason."""
    given = form.cleaned_data
    if form.block is not None or given["block_unused_because"].strip():
        return True
    assert hold.partnership_id is not None  # noqa: S101 - a hold is somebody's
    free = free_on_our_blocks(
        hold.partnership_id,
        nights=_nights(hold),
        intervention=given["intervention"],
        now=technical_now(),
    )
    if free:
        said = f"{free[0]} at {free[0].service} is paid for and free. Say why it is not used"
        form.add_error("block_unused_because", said)
    return not free


def _book(request: HttpRequest, hold: Occupancy, form: BuyForm) -> CallOff:
    assert form.block is not None  # noqa: S101 - asked before
    return call_off_block(
        occupancy=hold,
        intervention=intervention_named(form.cleaned_data["intervention"]),
        contract=form.block,
        by=signed_in(request),
        on=business_day(),
    )


def _buy_form(data: Any, ways: Ways) -> BuyForm:
    return BuyForm(
        data,
        interventions=ways.interventions,
        blocks=ways.blocks,
        spot=ways.spot,
        published=ways.published,
    )


def _asked(form: BuyForm) -> str:
    given = form.cleaned_data
    return urlencode(
        {
            "intervention": given["intervention"],
            "by": given["by"],
            "weekly_price": f"{form.price:.2f}",
            "block_unused_because": given["block_unused_because"],
        }
    )


@require_http_methods(PAGE)
def hold_call_off_money(request: HttpRequest, number: int) -> HttpResponse:
    """Which lines and streams pay, checked, and sent to another person for approval."""
    hold = hold_at(request, number)
    ways = ways_to_buy(hold, on=business_day())
    chosen = _buy_form(request.GET, ways)
    if not chosen.is_valid() or chosen.price is None or chosen.block is not None:
        return redirect(_href(hold, "hold-call-off"))
    given, price, (start, until) = chosen.cleaned_data, chosen.price, _nights(hold)
    assert hold.partnership is not None  # noqa: S101 - a hold is somebody's
    years = years_to_fund(
        hold.partnership,
        cost_by_year(start, until, price),
        intervention=given["intervention"],
        provider=hold.place.service.provider_id,
    )
    form = split_form(request, years)

    def ask(parts: Mapping[int, Decimal]) -> CallOff:
        return request_call_off(
            occupancy=hold,
            intervention=intervention_named(given["intervention"]),
            purchase=Purchase(
                weekly_price=price,
                parts=parts,
                contract=chosen.contract,
                block_unused_because=given["block_unused_because"],
            ),
            by=signed_in(request),
            on=business_day(),
        )

    made = done(request, form, ask)
    if made:
        messages.success(request, "It waits for another person's approval. They are told.")
        return redirect(f"/call-offs/{made.pk}/")
    frame = _frame(hold)
    return split_page(
        request,
        form,
        years,
        heading=frame.pop("page_heading"),
        button="Send for approval",
        lead=_lead(hold),
        facts=[*_facts(hold), *_spot_facts(hold, chosen.contract, price, chosen)],
        cancel_href=frame.pop("cancel_href"),
        breadcrumbs=frame.pop("breadcrumbs"),
        template="aftercare/call_offs/money.html",
        **frame,
    )


def _nights(hold: Occupancy) -> Any:
    return hold.nights.lower, hold.planned_until


def _href(hold: Occupancy, name: str) -> str:
    return reverse(f"aftercare:{name}", args=[hold.began_id])


def _lead(hold: Occupancy) -> str:
    if hold.held_until is None:
        return ""
    return f"The place is held {lapsing.until(hold.held_until)}. Until then nobody else has it."


def _facts(hold: Occupancy) -> list[Fact]:
    start, until = _nights(hold)
    return [
        Fact("Place", f"{hold.place} at {hold.place.service}, {hold.place.service.provider}"),
        Fact("Nights", f"{day(start)} to {day(until)}: {count((until - start).days)}"),
        Fact("Case", hold.case),
    ]


def _block_facts(form: BuyForm) -> list[Fact]:
    return [Fact("Bought", f"On our block {form.block}"), Fact("Cost", "Nothing new to pay")]


def _spot_facts(
    hold: Occupancy, contract: Contract | None, price: Decimal, chosen: BuyForm
) -> list[Fact]:
    start, until = _nights(hold)
    why = chosen.cleaned_data["block_unused_because"]
    return [
        Fact("Bought", f"By {contract}" if contract else "Without a contract"),
        Fact("A week", pounds(price)),
        Fact("Cost", pounds(stay_cost((until - start).days, price))),
        *([Fact("Block not used", why)] if why else []),
    ]


def _frame(hold: Occupancy) -> dict[str, Any]:
    assert hold.partnership is not None  # noqa: S101 - a hold is somebody's
    organisation = hold.partnership.organisation
    listed = reverse("providers:partnership-call-offs", args=[organisation.code])
    return {
        "links": links_for(
            on=business_day(), service=hold.place.service, partnership=hold.partnership
        ),
        "page_heading": f"Call off {hold.place} for {hold.case}",
        "cancel_href": listed,
        "breadcrumbs": [
            (organisation.name, f"/partnership/{organisation.code}/"),
            ("Call-offs", listed),
            ("Call off", ""),
        ],
    }
