"""The page on which money is split over lines and streams, and checked before it is sent."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any, TypeVar

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from commissioning.components import Fact
from commissioning.kernel.words import pounds
from commissioning.views.lists import Crumbs
from commissioning.views.requests import attempt
from providers.forms.call_offs import MoneyForm
from providers.selectors.call_offs.money import YearToFund

Result = TypeVar("Result")


def split_form(request: HttpRequest, years: Sequence[YearToFund]) -> MoneyForm:
    """What was typed, or what is suggested."""
    return MoneyForm(request.POST or None, years=years)


def is_checking(request: HttpRequest) -> bool:
    return "confirmed" not in request.POST and "change" not in request.POST


def done(
    request: HttpRequest, form: MoneyForm, deed: Callable[[Mapping[int, Decimal]], Result]
) -> Result | None:
    """The deed's result, if the split was confirmed and is not refused."""
    if request.method != "POST" or not form.is_valid() or "change" in request.POST:
        return None
    if is_checking(request):
        return None
    return attempt(form, lambda: deed(form.parts()))


def split_page(
    request: HttpRequest,
    form: MoneyForm,
    years: Sequence[YearToFund],
    *,
    heading: str,
    button: str,
    lead: str,
    facts: Sequence[Fact],
    cancel_href: str,
    breadcrumbs: Crumbs,
    template: str = "providers/calling_off/money.html",
    **more: Any,
) -> HttpResponse:
    """The split to be typed or, once it comes to the cost, to be checked."""
    sums = _sums(form)
    checking = request.method == "POST" and is_checking(request) and form.is_valid() and not sums
    if sums and request.method == "POST" and "change" not in request.POST:
        for sentence in sums:
            form.add_error(None, sentence)
    return render(
        request,
        template,
        {
            "form": form,
            "checking": checking,
            "tables": list(form.tables()),
            "parts": [(words, pounds(amount)) for words, amount in form.named()]
            if checking
            else [],
            "later": [one for one in years if not one.is_open],
            "facts": facts,
            "lead": lead,
            "button": button,
            "cancel_href": cancel_href,
            "page_heading": heading,
            "breadcrumbs": breadcrumbs,
            **more,
        },
    )


def _sums(form: MoneyForm) -> list[str]:
    """What does not come to what a year costs, in sentences."""
    if not form.is_bound or not form.is_valid():
        return []
    parts, found = form.parts(), []
    for year in form.years:
        put = sum((parts.get(one.pk, Decimal(0)) for one in year.allocations), Decimal(0))
        if put != year.cost:
            more = "more" if put < year.cost else "less"
            found.append(
                f"The nights in {year.label} cost {pounds(year.cost)}, and {pounds(put)} is put on"
                f" lines. Put {pounds(abs(year.cost - put))} {more} on them."
            )
    return found
