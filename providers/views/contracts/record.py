"""The record of a contract: terms, versions, history."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from commissioning.components import DataTable, Fact, Summary
from commissioning.kernel.clock import business_day
from commissioning.kernel.words import MISSING, day, pounds
from commissioning.views.history import happenings
from providers.choices import (
    IN_FORCE_IN,
    ContractKind,
    ContractState,
    Side,
    TenderRoute,
)
from providers.models import Contract
from providers.reference.clauses import CLAUSES
from providers.reference.measures import BY_CODE
from providers.rules.contract_changes import compared
from providers.selectors.contracts.content import PARTS
from providers.selectors.contracts.performance import target_words
from providers.selectors.contracts.records import (
    deadlines_of,
    price_words,
    share_of,
)
from providers.services.contracts.guard import BEFORE_AWARD
from providers.views.contracts.deeds import possible
from providers.views.contracts.reaching import (
    TONES,
    ReachedContract,
    buttons,
    contract_or_404,
    contract_page,
)
from providers.views.contracts.wording import Names, part_words

TOP = 3  # verbs that stand as buttons; the rest stand in a list below


@require_safe
def contract_detail(request: HttpRequest, reference: str) -> HttpResponse:
    """What is agreed, what of it can still be written, and what can be done."""
    reached = contract_or_404(request, reference)
    contract = reached.contract
    deeds = possible(reached)
    if contract.state in IN_FORCE_IN and reached.side:
        deeds.insert(0, ("Propose a variation", reached.href("contract-vary")))
    return render(
        request,
        "providers/contracts/detail.html",
        contract_page(
            reached,
            "providers:contract-detail",
            buttons=buttons(deeds[:TOP]),
            more=deeds[TOP:],
            summary=_summary(reached),
            parts=_parts(reached),
            pending=reached.pending,
        ),
    )


def _summary(reached: ReachedContract) -> Summary:
    contract = reached.contract
    facts = [
        Fact("Provider", str(contract.provider)),
        Fact("Led by", str(contract.lead)),
        Fact("Kind", contract.get_kind_display()),
        Fact("Term", f"{day(contract.starts_on)} to before {day(contract.ends_on)}"),
        *(Fact(one.words, day(one.on)) for one in deadlines_of(contract)),
        Fact("Price", price_words(contract)),
    ]
    if contract.ended_for:
        facts.append(Fact("Ends early because", contract.ended_for))
    if contract.accepted_on:
        facts.append(Fact("Accepted", _by_on(contract.accepted_by, contract.accepted_on)))
    if contract.awarded_on:
        facts.append(Fact("Awarded", _by_on(contract.awarded_by, contract.awarded_on)))
    return Summary(
        title=contract.reference,
        state=contract.get_state_display(),
        tone=TONES[contract.state],
        facts=facts,
    )


def _by_on(who: object, on: dt.date) -> str:
    return f"{who or 'The service'}, {day(on)}"


def _parts(reached: ReachedContract) -> list[dict[str, Any]]:
    """Every part by name: its facts, and where it is written by whoever may."""
    contract = reached.contract
    drafts = contract.state == ContractState.DRAFT and reached.writes_for(
        Side(contract.proposed_by)
    )
    leads = contract.state in BEFORE_AWARD and reached.writes_for(Side.COMMISSIONER)
    parts = [
        ("term", "Term and notice", _term(contract), drafts),
        ("price", "Price and volume", _price(contract), drafts),
        ("options", "Options to extend", _options(contract), drafts),
        ("covers", "What it covers", _covers(contract), drafts),
        ("sub-contractors", "Sub-contractors", _subs(contract), drafts),
        ("clauses", "Standard clauses", _clauses(contract), drafts),
        ("schedule", "Performance schedule", _schedule(contract), drafts),
        ("shares", "Shares", _shares(contract), leads),
        ("tender", "Tender", _tender(contract), leads),
    ]
    if contract.kind == ContractKind.BLOCK:
        parts.insert(4, ("places", "Places", _places(contract), drafts))
    if not reached.is_ours_as_buyer:
        parts = [one for one in parts if one[0] != "tender"]
    return [
        {
            "title": title,
            "facts": facts,
            "href": reached.href("contract-edit", code) if may else "",
        }
        for code, title, facts, may in parts
    ]


def _term(contract: Contract) -> list[Fact]:
    return [
        Fact("Starts on", day(contract.starts_on)),
        Fact("Ends before", day(contract.ends_on)),
        Fact("Notice", f"{contract.notice_weeks} weeks"),
        Fact("Monitoring", contract.monitoring or MISSING),
    ]


def _price(contract: Contract) -> list[Fact]:
    named = [
        ("Price", price_words(contract)),
        ("Places", contract.places),
        ("Starts a year", contract.starts),
        ("Minimum take-up", _per_cent(contract.take_up)),
        ("Void payment", _per_cent(contract.void_rate)),
        (
            "Uplift",
            f"{_per_cent(contract.uplift)} from {day(contract.uplift_on)}"
            if contract.uplift is not None
            else None,
        ),
        ("Ceiling", pounds(contract.ceiling) if contract.ceiling else None),
    ]
    return [Fact(name, str(value)) for name, value in named if value not in (None, "")]


def _per_cent(value: Decimal | None) -> str | None:
    return None if value is None else f"{value.normalize():f} %"


def _options(contract: Contract) -> list[Fact]:
    if not contract.extensions_left:
        return [Fact("Extensions left", "None")]
    return [
        Fact(
            "Extensions left", f"{contract.extensions_left} of {contract.extension_months} months"
        ),
        Fact("To be taken up by", day(contract.extend_by)),
    ]


def _covers(contract: Contract) -> list[Fact]:
    return [
        Fact("Interventions", _listed(contract.interventions.all())),
        Fact("Services", _listed(contract.services.all())),
    ]


def _places(contract: Contract) -> list[Fact]:
    sold = contract.sold_places.select_related("place").order_by("place__label", "nights")
    rows = [
        Fact(str(one.place), f"{day(one.nights.lower)} to before {day(one.nights.upper)}")
        for one in sold
    ]
    return rows or [Fact("Places chosen", _listed(contract.wanted_places.all()))]


def _subs(contract: Contract) -> list[Fact]:
    rows = [Fact(str(one.provider), one.does) for one in contract.sub_contractors.all()]
    return rows or [Fact("Sub-contractors", "None")]


def _clauses(contract: Contract) -> list[Fact]:
    answered = {one.clause: one.is_included for one in contract.clauses.all()}
    if not answered:
        return [Fact("Checklist", "Not filled in")]
    return [
        Fact(one.title, "In the contract" if answered.get(one.code) else "Not in the contract")
        for one in CLAUSES
    ]


def _schedule(contract: Contract) -> list[Fact]:
    rows = [
        Fact(BY_CODE[one.measure].title, f"At least {target_words(one)}")
        for one in contract.schedule.agreed().order_by("pk")
    ]
    return rows or [Fact("Measures", "None")]


def _shares(contract: Contract) -> list[Fact]:
    return [Fact(str(one.partnership), share_of(one)) for one in contract.shares.all()]


def _tender(contract: Contract) -> list[Fact]:
    facts = [Fact("Route", contract.get_tender_route_display() or "Not said yet")]
    if contract.tender_route == TenderRoute.WAIVER:
        facts += [
            Fact("Reason of the waiver", contract.waiver_reason),
            Fact("Approved by", str(contract.waiver_by or "Nobody yet")),
        ]
    return facts


def _listed(rows: Any) -> str:
    return ", ".join(str(one) for one in rows) or MISSING


@require_safe
def contract_versions(request: HttpRequest, reference: str) -> HttpResponse:
    """What was agreed from when, what differs between two, and every variation."""
    reached = contract_or_404(request, reference)
    contract = reached.contract
    versions = list(contract.versions.select_related("taken_by").order_by("number"))
    by_number = {str(one.number): one for one in versions}
    newest = versions[-1] if versions else None
    after = by_number.get(request.GET.get("to", ""), newest)
    before = by_number.get(
        request.GET.get("from", ""), versions[-2] if len(versions) > 1 else newest
    )
    names = Names(contract)
    rows = compared(before.content, after.content, list(PARTS)) if before and after else []
    return render(
        request,
        "providers/contracts/versions.html",
        contract_page(
            reached,
            "providers:contract-versions",
            versions=versions,
            before=before,
            after=after,
            changes=DataTable(
                ["Part", "Before", "After"],
                [
                    [
                        PARTS[one.part],
                        part_words(one.part, one.before, names),
                        part_words(one.part, one.after, names),
                    ]
                    for one in rows
                ],
            )
            if rows
            else None,
            variations=[
                (one, reached.href("contract-variation", one.number))
                for one in contract.variations.order_by("-number")
            ],
        ),
    )


@require_safe
def contract_history(request: HttpRequest, reference: str) -> HttpResponse:
    """Every deed on the contract, for both sides."""
    reached = contract_or_404(request, reference)
    return render(
        request,
        "providers/contracts/history.html",
        contract_page(
            reached,
            "providers:contract-history",
            happenings=happenings(reached.contract),
            today=business_day(),
        ),
    )
